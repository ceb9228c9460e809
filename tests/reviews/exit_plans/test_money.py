"""Test what ending an agreement costs and saves whom, by hand: to the penny, over a leap year, among three councils."""

from datetime import date
from decimal import Decimal

import pytest

from reviews.exit_plans.money import years_of
from reviews.exit_plans.paper import exit_document
from reviews.models import ExitArrangement, ExitPayment, ExitPost
from tests.exits import TODAY, give_notice, lieu, make_plan, make_shared, read, sheet
from tests.factories import (
    change,
    keep,
    make_council,
    make_council_share,
    make_line,
    make_party,
    make_post,
    make_saving,
    withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return make_shared()


def test_notice_by_the_employer_owes_nothing_in_lieu_and_every_share_stops(made):
    """Alder employs the officer: it owes itself nothing, and Birch no longer pays."""
    give_notice(made, made.alder)
    facts = read(make_plan(made, last_day_on=date(2019, 9, 30)))
    assert lieu(facts) == []
    assert sheet(facts, "BDC")["Contributions to joint posts no longer paid"] == ["−£24,394.96", "−£48,789.91"]


def test_first_of_two_notices_ends_the_agreement_and_a_void_one_does_not(made):
    give_notice(made, made.birch, on=date(2019, 6, 30))
    first = give_notice(made, made.alder)
    plan = make_plan(made)
    assert read(plan).last_day == date(2020, 3, 31)
    withdraw(first, TODAY)
    assert read(plan).last_day == date(2020, 6, 30)


@pytest.mark.parametrize(
    ("given_on", "months", "last_day"),
    [
        (date(2019, 2, 28), 12, date(2020, 2, 28)),  # the corresponding date, not the last of the month
        (date(2020, 2, 29), 12, date(2021, 2, 28)),  # there is no such date in 2021
        (date(2019, 8, 31), 6, date(2020, 2, 29)),
        (date(2022, 2, 28), 6, date(2022, 8, 28)),
    ],
)
def test_notice_runs_to_the_corresponding_date(made, given_on, months, last_day):
    made.agreement.notice_months = months
    assert made.agreement.last_day_by_notice(given_on) == last_day


def test_days_of_a_leap_year_are_counted(made):
    """Notice of 29 February 2020 runs out on 28 February 2021. Last day 31 March 2020: in lieu 334 of the 365 days.

    121,974.775 × 334 ÷ 365 = 111,615.28 (111,615.27685): 60% is 66,969.168, 40% 44,646.112, the penny over is Alder's
    (remainder .008 against .002): £44,646.11. One day later, the last of the leap year is served and owed no more:
    of 2019/20 nothing is left.
    """
    give_notice(made, made.birch, on=date(2020, 2, 29))
    facts = read(make_plan(made, last_day_on=date(2020, 3, 31)))
    assert lieu(facts) == [("BDC", "ACC", Decimal("44646.11"))]
    facts = read(make_plan(made, last_day_on=date(2020, 2, 29), title="Earlier"))
    # 31 days of 2019/20 on top: 121,974.78 × 31 ÷ 366 = 10,331.20 (10,331.197…), 40% is 4,132.48.
    assert lieu(facts) == [("BDC", "ACC", Decimal("44646.11") + Decimal("4132.48"))]


def test_without_a_period_of_notice_nothing_is_made_up():
    made = make_shared(notice_months=None)
    give_notice(made, made.birch)
    plan = make_plan(made)
    facts = read(plan)
    assert (facts.last_day, lieu(facts), years_of(facts)) == (None, None, ())
    document = exit_document(facts, "exit", sees_costs=True)
    said = []
    for section in document.sections:
        said += [block.text for block in section.blocks if hasattr(block, "text")]
    assert "Not known: the period of notice is not recorded." in said
    assert "Not known: no last day is recorded, and no notice from which it could be reckoned." in said


def test_unknown_costs_and_shares_are_not_known_never_nought(made):
    give_notice(made, made.birch)
    make_post(partnership=made.partnership, title="Head of Finance", home_council=made.birch)
    facts = read(make_plan(made, last_day_on=date(2019, 9, 30)))
    assert lieu(facts) is None
    assert sheet(facts, "BDC") == {
        "Costs of leaving": ["not recorded", "not recorded"],
        "Payment in lieu of notice": ["not known", "£0"],
        "Contributions to joint posts no longer received": ["not known", "not known"],
        "Contributions to joint posts no longer paid": ["not known", "not known"],
        "What leaving costs, net": ["not known", "not known"],
        "Savings of the ledger lost": ["£11,000", "£22,000"],
    }
    document = exit_document(facts, "exit", sees_costs=True)
    said = []
    for section in document.sections:
        said += [block.text for block in section.blocks if hasattr(block, "text")]
    assert "The payment is not known. What keeps it from being known:" in said
    missing = [item[0].text for item in document.sections[3].blocks[-1].items]
    assert missing == ["Head of Finance: No cost share is recorded for 1 October 2019 to 31 March 2020."]


def test_what_stays_shared_is_not_reckoned_with(made):
    give_notice(made, made.birch)
    plan = make_plan(made, last_day_on=date(2019, 9, 30))
    keep(ExitPost(plan=plan, post=made.post, disposition="shared"))
    keep(ExitArrangement(plan=plan, arrangement=made.housing, disposition="shared"))
    facts = read(plan)
    assert lieu(facts) == []
    assert sheet(facts, "BDC")["Contributions to joint posts no longer paid"] == ["£0", "£0"]
    assert sheet(facts, "BDC")["Savings of the ledger lost"] == ["not recorded", "not recorded"]


def test_saving_of_which_part_goes_on_is_lost_by_an_amount_not_known(made):
    other = make_post(partnership=made.partnership, title="Head of Finance", home_council=made.alder)
    make_line(
        saving=make_saving(partnership=made.partnership, posts=[made.post, other], recurrence="recurring"),
        council=made.birch, estimated=Decimal(500),
    )  # fmt: skip
    give_notice(made, made.birch)
    plan = make_plan(made)
    keep(ExitPost(plan=plan, post=other, disposition="shared"))
    assert sheet(read(plan), "BDC")["Savings of the ledger lost"] == ["not known", "not known"]


def test_post_with_a_day_of_its_own_ends_then(made):
    """In lieu from 1 July 2019, 275 of 366 days: 91,647.72, of which 40% is 36,659.088 and 60% 54,988.632.

    On-costs of 23.5% are £23,209.78, so that the post costs £121,974.78 a year. The penny over goes to Birch (remainder
    .008 against .002): it pays £36,659.09.
    """
    give_notice(made, made.birch)
    plan = make_plan(made, last_day_on=date(2019, 9, 30))
    keep(ExitPost(plan=plan, post=made.post, disposition="own", last_day_on=date(2019, 6, 30)))
    assert lieu(read(plan)) == [("BDC", "ACC", Decimal("36659.09"))]


def test_agreed_payment_stands_in_the_place_of_the_one_worked_out(made):
    give_notice(made, made.birch)
    plan = make_plan(made, last_day_on=date(2019, 9, 30))
    keep(
        ExitPayment(
            plan=plan, paid_by=made.birch, paid_to=made.alder, paid_on=date(2020, 4, 30), amount=Decimal("20000.01")
        )
    )
    facts = read(plan)
    assert sheet(facts, "BDC")["Payment in lieu of notice"] == ["£0", "£20,000.01"]
    assert sheet(facts, "ACC")["Payment in lieu of notice"] == ["£0", "−£20,000.01"]


@pytest.fixture
def three(made):
    """Cedar too: Alder bears half, Birch 30% and Cedar 20%."""
    cedar = make_council(name="Cedar", short_name="CDC")
    make_party(partnership=made.partnership, council=cedar, position=3)
    for row, share in zip(made.cost.council_shares.order_by("council__name"), (50, 30), strict=True):
        change(row, percent=Decimal(share))
    make_council_share(cost_share=made.cost, council=cedar, percent=Decimal(20))
    make_line(saving=made.saving, council=cedar, estimated=Decimal(10000))
    made.cedar = cedar
    return made


def test_one_of_three_leaves_and_the_others_go_on(three):
    """60,987.39: half is 30,493.695, 30% 18,296.217, 20% 12,197.478; a penny each to the remainders .008 and .007.

    Cedar leaves and owes 12,197.48 (.478 has remainder .008). Birch's share goes on; what Birch and Alder then save
    depends on new shares that nobody has set.
    """
    give_notice(three, three.cedar)
    facts = read(make_plan(three, last_day_on=date(2019, 9, 30), others_go_on=True))
    assert lieu(facts) == [("CDC", "ACC", Decimal("12197.48"))]
    paid = "Contributions to joint posts no longer paid"
    assert [sheet(facts, name)[paid][0] for name in ("ACC", "BDC", "CDC")] == ["£0", "£0", "−£12,197.48"]
    assert sheet(facts, "ACC")["Contributions to joint posts no longer received"][0] == "£12,197.48"
    lost = [sheet(facts, name)["Savings of the ledger lost"] for name in ("ACC", "BDC", "CDC")]
    assert lost == [["not known"] * 2, ["not known"] * 2, ["£5,000", "£10,000"]]


def test_three_end_it_together(three):
    """Every share stops; the one that gives notice pays in lieu, 18,296.22 being the larger remainder's for Birch."""
    give_notice(three, three.birch)
    facts = read(make_plan(three, last_day_on=date(2019, 9, 30)))
    assert lieu(facts) == [("BDC", "ACC", Decimal("18296.22"))]
    paid = [sheet(facts, name)["Contributions to joint posts no longer paid"][0] for name in ("ACC", "BDC", "CDC")]
    assert paid == ["£0", "−£18,296.22", "−£12,197.48"]


def test_exposure_on_any_day_is_reckoned_from_that_day(made):
    """Before notice is given the plan assumes it, on the day that is asked for unless it names another."""
    plan = make_plan(made, assumed_notice_by=made.birch)
    assert read(plan, date(2019, 1, 31)).last_day == date(2020, 1, 31)
    assert read(plan, date(2019, 11, 30)).last_day == date(2020, 11, 30)
    give_notice(made, made.alder)
    assert read(plan, date(2019, 3, 30)).notices[0].given_by.short_name == "BDC"
    given = read(plan, date(2019, 3, 31))
    assert (given.notices[0].given_by.short_name, given.notices[0].is_given) == ("ACC", True)


def test_year_of_an_agreed_payment_is_for_who_sees_costs(made):
    plan = make_plan(made, last_day_on=date(2019, 9, 30))
    keep(ExitPayment(plan=plan, paid_by=made.birch, paid_to=made.alder, paid_on=date(2023, 5, 1), amount=9_876))
    years = {}
    for sees_costs in (True, False):
        (table, _) = exit_document(read(plan), "exit", sees_costs=sees_costs).tables[-2:]
        years[sees_costs] = [column.whole_text for column in table.head[1:]]
    assert years == {True: ["2019/20", "2020/21", "2023/24"], False: ["2019/20", "2020/21"]}
