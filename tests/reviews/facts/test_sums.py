"""The sums that the database adds for a screen are those of the lines that a paper lists, however odd the lines."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from business_cases.models import CaseCost
from joint_posts.models import SavingsTarget
from partnership.models import Council, Partnership
from reviews.dashboards.figures import board_figures
from reviews.facts import facts
from reviews.facts.dashboard import steering_facts
from reviews.facts.savings import SavingFacts
from tests.boards import amount, made_of, read, rows_of
from tests.factories import (
    keep,
    make_case,
    make_council,
    make_line,
    make_membership,
    make_partnership,
    make_party,
    make_post,
    make_saving,
    make_user,
    withdraw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
DAY = date(2019, 11, 12)
YEARS = ("2018/19", "2019/20", "2020/21", "")
KINDS = ("cashable", "non-cashable", "cost avoidance", "income")
FIGURES = ("estimated", "forecast", "delivered", "verified", "cost_to_achieve", "expected", "expected_net")


def both(partnership, as_at):
    """The ledger line by line, and in sums."""
    return [facts(partnership, as_at, has_lines=has_lines).savings for has_lines in (True, False)]


def said(ledger):
    """All that can be asked of a ledger's sums, without the lines behind them."""
    found = {"years": ledger.years, "with figures": ledger.years_with_figures}
    for year in (*ledger.years, ""):
        for council in (*ledger.all_councils, None):
            for kind in KINDS:
                for figure in FIGURES:
                    found[year, council, kind, figure] = ledger.total(year, figure, council, benefit_type=kind)
            found[year, council, "net"] = ledger.net(year, council)
        found[year, "posts"] = ledger.posts_behind(year)
    for case in (*{group.business_case_id for group in ledger.groups if group.business_case_id}, 0):
        for council in (*ledger.all_councils, None):
            figure, amount = ledger.linked(case, council)
            found["case", case, council, figure] = amount
    return {name: replace(value, line_ids=()) if hasattr(value, "pounds") else value for name, value in found.items()}


@pytest.mark.parametrize("as_at", [date(2019, 3, 16), DAY])
def test_sums_of_the_example_are_those_of_its_lines(example, as_at):
    lines, sums = both(Partnership.objects.get(slug="oxfordshire-cherwell"), as_at)
    assert said(sums) == said(lines)
    assert (isinstance(lines, SavingFacts), isinstance(sums, SavingFacts)) == (True, False)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sums_of_odd_lines_are_those_of_the_lines(seed):
    """Withdrawn, rounded, unrecorded, negative and shared lines, other kinds of benefit, a stranger's line, no year."""
    partnership = make_odd_ledger(Random(seed))
    lines, sums = both(partnership, DAY)
    assert said(sums) == said(lines)
    assert len({str(value) for value in said(lines).values()}) > 60, "hardly anything was compared"
    texts = []
    for has_lines in (True, False):
        texts.append(
            {
                name: figure.text
                for name, figure in board_figures(
                    steering_facts(partnership, DAY, None, has_working_papers=True, has_lines=has_lines)
                ).items()
            }
        )
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("as_at", "council"), [("", ""), ("2019-11-12", "ald"), ("2020-04-01", "bir"), ("2020-04-01", "ced")]
)
def test_every_figure_of_odd_lines_opens_what_it_is_made_of(client, as_at, council):
    """Targets, forecasts, shares verified and all: each sum to the pound it is rounded to, each count exactly."""
    partnership = make_odd_ledger(Random(5))
    own = Council.objects.get(short_name="ALD")
    given = {"source": "Budget", "set_on": date(2019, 1, 1), "financial_year": "2019/20", "council": own}
    keep(SavingsTarget(partnership=partnership, amount=Decimal(250_000), **given))
    client.force_login(make_membership(council=own, role="pwg_member").user)
    asked = {"as_at": as_at, "council": council, "known": "now" if as_at else ""}
    page = read(client.get("/", {name: value for name, value in asked.items() if value}).content.decode())
    assert page.bare == []
    kinds = {href.split("/")[2].rpartition(".")[2] for href, _ in page.figures}
    assert ("cost" in kinds) == (council in ("", "ald")), "the one case with a cost is Alder's"
    assert kinds >= {"target", "estimated", "forecast", "delivered", "verified", "verified-share", "better-off"}
    wrong = {}
    for href, words in page.figures:
        found = made_of(rows_of(client, href), words)
        # Lines in a file are to the penny, and a share of many of them may leave as many half pennies.
        if abs(found - amount(words)) > (Decimal("0.51") if "£" in words else 0):
            wrong[href] = (words, found)
    assert wrong == {}


def make_odd_ledger(dice):
    """Sixty savings of three councils, one of which has left, with lines as odd as a register allows."""
    councils = [make_council(name=name, short_name=name[:3].upper()) for name in ("Alder", "Birch", "Cedar")]
    partnership = make_partnership(councils=councils, name="Alder, Birch and Cedar")
    people = [make_user(), make_user()]
    left = make_council(name="Dover", short_name="DOV")
    make_party(partnership=partnership, council=left, left_on=date(2019, 5, 1))
    cases = [make_case(partnership=partnership, title="A team"), None, None]
    cost = {"financial_year": "2019/20", "amount": Decimal("1234.56"), "funding_source": "Reserves"}
    keep(CaseCost(case=cases[0], council=councils[0], **cost))
    posts = [make_post(partnership=partnership, title=f"Head of {what}") for what in ("Law", "Tax", "Roads", "Staff")]
    for _ in range(60):
        percent = dice.choice([100, 100, Decimal("33.333")])
        saving = make_saving(
            partnership=partnership,
            benefit_type=dice.choice((*KINDS, "cashable", "cashable")),
            business_case=dice.choice(cases),
            identified_on=dice.choice([date(2018, 10, 1), DAY, date(2020, 1, 1)]),
            attributed_percent=percent,
            shared_with_programme="" if percent == 100 else "Growth deal",
            posts=dice.sample(posts, dice.choice([0, 1, 2])),
        )
        for council in dice.sample([*councils, left], 3):
            make_odd_line(dice, saving, council, people)
        if dice.random() < 0.1:
            withdraw(saving, date(2019, 6, 1))
    return partnership


def make_odd_line(dice, saving, council, people):
    """A line of which anything may be missing."""

    def sum_():
        return dice.choice([None, Decimal(dice.randint(-9_999_999, 99_999_999)) / 100, Decimal(0), Decimal("1.01")])

    def cost():
        amount = sum_()
        return None if amount is None else abs(amount)

    delivered = sum_()
    is_verified = delivered is not None and dice.random() < 0.5
    line = make_line(
        saving=saving,
        council=council,
        financial_year=dice.choice(YEARS),
        estimated=sum_(),
        forecast=sum_(),
        delivered=delivered,
        delivered_to_on=None if delivered is None else dice.choice([date(2019, 9, 30), DAY, date(2019, 12, 31)]),
        cost_to_achieve=cost(),
        figures_are_about=dice.random() < 0.3,
        figures_changed_by=people[0],
        verified_by=people[1] if is_verified else None,
        verified_on=dice.choice([DAY, date(2019, 12, 1)]) if is_verified else None,
    )
    if dice.random() < 0.1:
        withdraw(line, date(2019, 6, 1))


def test_sums_are_asked_of_the_database_in_two_queries_and_no_line_is_read():
    partnership = make_odd_ledger(Random(4))
    with CaptureQueriesContext(connection) as queries:
        facts(partnership, DAY, has_lines=False)
    asked = [query["sql"] for query in queries if "joint_posts_savingline" in query["sql"]]
    assert len(asked) == 2
    assert all("GROUP BY" in sql or "DISTINCT" in sql for sql in asked)
