"""Facts against examples worked by hand: what counts on a day, what was known at a moment, and what is unknown."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joint_posts.models import SavingsTarget
from partnership.dates import Precision
from reviews.facts import facts, review_facts
from reviews.facts.councils import length_of_operation, month_of_operation
from tests.factories import (
    change,
    keep,
    make_agreement,
    make_arrangement,
    make_assessment,
    make_body,
    make_case,
    make_case_step,
    make_commitment,
    make_comparator,
    make_cost_share,
    make_council,
    make_line,
    make_partnership,
    make_party,
    make_post,
    make_post_step,
    make_review,
    make_saving,
    make_user,
    make_working_model,
    withdraw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
DAY = date(2019, 3, 16)
YEAR = "2019/20"


@pytest.fixture
def world():
    """Alder and Birch, which share from October 2018."""
    alder = make_council(name="Alder County Council", short_name="ACC")
    birch = make_council(name="Birch District Council", short_name="BDC")
    return SimpleNamespace(alder=alder, birch=birch, partnership=make_partnership(councils=[alder, birch]))


def totals(world, figure="estimated", as_at=DAY, known_at=None):
    """The year's total of a figure for each council and for all, as text."""
    ledger = facts(world.partnership, as_at, known_at).savings
    return [str(ledger.total(YEAR, figure, council)) for council in (*ledger.councils, None)]


def make_lines(world, saving, *estimates, **common):
    """One line for each council, in order."""
    councils = (world.alder, world.birch)
    return [
        make_line(saving=saving, council=c, estimated=e, **common) for c, e in zip(councils, estimates, strict=False)
    ]


def test_a_total_adds_each_councils_lines_and_all_of_them(world):
    for estimates in ((100_000, 50_000), (1_000, 500)):
        make_lines(world, make_saving(partnership=world.partnership), *estimates)
    assert totals(world) == ["£101,000", "£50,500", "£151,500"]


def test_three_councils_each_have_their_total(world):
    cedar = make_council(name="Cedar District Council", short_name="CDX")
    make_party(partnership=world.partnership, council=cedar, position=3)
    saving = make_saving(partnership=world.partnership)
    make_lines(world, saving, 10, 20)
    make_line(saving=saving, council=cedar, estimated=30)
    assert totals(world) == ["£10", "£20", "£30", "£60"]


def test_a_total_names_the_council_it_lacks(world):
    saving = make_saving(partnership=world.partnership)
    make_lines(world, saving, 10, None)
    assert totals(world) == ["£10", "not recorded", "£10, without BDC (not recorded)"]


def test_a_council_without_a_line_is_not_recorded_and_named(world):
    make_lines(world, make_saving(partnership=world.partnership), 10)
    assert totals(world) == ["£10", "not recorded", "£10, without BDC (not recorded)"]


def test_nothing_recorded_is_not_nought(world):
    assert totals(world) == ["not recorded"] * 3


def test_net_is_known_only_when_the_cost_is(world):
    saving = make_saving(partnership=world.partnership)
    make_line(saving=saving, council=world.alder, estimated=100, cost_to_achieve=30)
    make_line(saving=saving, council=world.birch, estimated=100)
    ledger = facts(world.partnership, DAY).savings
    alder, birch = ledger.councils
    assert [str(ledger.net(YEAR, council)) for council in (alder, birch, None)] == ["£70", "not known", "not known"]


def test_a_total_with_a_rounded_figure_is_about(world):
    make_lines(world, make_saving(partnership=world.partnership), 10, 20)
    make_lines(world, make_saving(partnership=world.partnership), 5, figures_are_about=True)
    assert totals(world) == ["about £15", "£20", "about £35"]


def test_only_cashable_savings_of_the_year_count(world):
    make_lines(world, make_saving(partnership=world.partnership), 10, 20)
    for kind in ("non-cashable", "cost avoidance", "income"):
        make_lines(world, make_saving(partnership=world.partnership, benefit_type=kind), 1_000, 1_000)
    make_lines(world, make_saving(partnership=world.partnership), 2_000, 2_000, financial_year="")
    make_lines(world, make_saving(partnership=world.partnership), 4_000, 4_000, financial_year="2018/19")
    assert totals(world) == ["£10", "£20", "£30"]


def test_what_stands_outside_the_total_is_listed(world):
    avoided = make_saving(partnership=world.partnership, benefit_type="cost avoidance")
    make_lines(world, avoided, None, 20_000, financial_year="", figures_are_about=True)
    ledger = facts(world.partnership, DAY).savings
    assert [(row.id, year) for row, year in ledger.outside(YEAR)] == [(avoided.id, "")]


def test_only_the_part_attributed_to_the_partnership_counts(world):
    saving = make_saving(
        partnership=world.partnership, attributed_percent=Decimal("40"), shared_with_programme="Transformation"
    )
    make_lines(world, saving, 100, 50)
    assert totals(world) == ["£40", "£20", "£60"]


def test_a_saving_counts_from_the_day_it_was_identified(world):
    make_lines(world, make_saving(partnership=world.partnership, identified_on=date(2019, 3, 17)), 10, 20)
    assert totals(world) == ["not recorded"] * 3
    assert totals(world, as_at=date(2019, 3, 17)) == ["£10", "£20", "£30"]


def test_a_target_counts_from_the_day_it_was_set(world):
    """And stands in the order of the councils' columns; a council that has left has none."""
    left = make_council(short_name="DOV")
    make_party(partnership=world.partnership, council=left, left_on=date(2019, 1, 1))
    for council, amount, set_on in (
        (world.birch, 20, DAY),
        (world.alder, 10, date(2019, 3, 17)),
        (left, 40, DAY),
    ):
        target = SavingsTarget(council=council, amount=amount, set_on=set_on, financial_year=YEAR, source="Budget")
        target.partnership = world.partnership
        keep(target)
    for as_at, expected in ((date(2019, 3, 15), []), (DAY, ["BDC"]), (date(2019, 3, 17), ["ACC", "BDC"])):
        targets = facts(world.partnership, as_at).savings.targets
        assert [target.council.short_name for target in targets] == expected
    ledger = facts(world.partnership, date(2019, 3, 17)).savings
    alder, birch = ledger.councils
    assert [str(ledger.target(YEAR, council)) for council in (alder, birch, None)] == ["£10", "£20", "£30"]
    assert ledger.years_with_figures == (YEAR,)


def test_withdrawn_savings_and_lines_count_no_more(world):
    kept = make_saving(partnership=world.partnership)
    gone = make_saving(partnership=world.partnership)
    _, birch_line = make_lines(world, kept, 10, 20)
    make_lines(world, gone, 100, 100)
    withdraw(gone, DAY)
    withdraw(birch_line, DAY)
    assert totals(world) == ["£10", "not recorded", "£10, without BDC (not recorded)"]


def test_delivered_and_verified_count_from_their_days(world):
    saving = make_saving(partnership=world.partnership)
    make_line(
        saving=saving,
        council=world.alder,
        delivered=80,
        delivered_to_on=date(2019, 6, 30),
        verified_by=make_user(),
        verified_on=date(2019, 7, 31),
    )
    make_line(saving=saving, council=world.birch, delivered=20, delivered_to_on=date(2019, 6, 30))
    assert totals(world, "delivered") == ["not recorded"] * 3
    assert totals(world, "delivered", date(2019, 6, 30)) == ["£80", "£20", "£100"]
    assert totals(world, "verified", date(2019, 7, 30)) == ["£0", "£0", "£0"]
    assert totals(world, "verified", date(2019, 7, 31)) == ["£80", "£0", "£80"]


def test_an_amount_keeps_the_lines_it_is_made_of(world):
    lines = make_lines(world, make_saving(partnership=world.partnership), 10, 20)
    make_lines(world, make_saving(partnership=world.partnership, benefit_type="income"), 5, 5)
    ledger = facts(world.partnership, DAY).savings
    assert ledger.total(YEAR, "estimated").line_ids == tuple(line.id for line in lines)
    assert ledger.total(YEAR, "estimated", ledger.councils[1]).line_ids == (lines[1].id,)


def test_what_was_known_earlier_is_what_stood_then():
    before = datetime(2019, 4, 30, 22, tzinfo=UTC)
    after = datetime(2019, 5, 1, 12, tzinfo=UTC)
    start = datetime(2019, 1, 1, tzinfo=UTC)
    alder = make_council(start, short_name="ACC")
    birch = make_council(start, short_name="BDC")
    partnership = make_partnership(start, councils=[alder, birch])
    world = SimpleNamespace(alder=alder, birch=birch, partnership=partnership)
    saving = make_saving(start, partnership=partnership)
    line = make_line(start, saving=saving, council=alder, estimated=10)
    make_line(start, saving=saving, council=birch, estimated=20)
    change(line, after, estimated=Decimal(99))
    change(alder, after, short_name="NEW")
    assert totals(world, known_at=before) == ["£10", "£20", "£30"]
    assert totals(world) == ["£99", "£20", "£119"]
    assert facts(partnership, DAY, before).councils[0].short_name == "ACC"
    assert facts(partnership, DAY).councils[0].short_name == "NEW"


def test_a_post_stands_as_its_last_step_by_the_day(world):
    post = make_post(partnership=world.partnership, title="Lead", appointment="interim")
    make_post_step(post=post, from_on=date(2019, 6, 1), title="Director", status="in post", appointment="permanent")
    make_post(partnership=world.partnership, title="Later", from_on=date(2019, 4, 1))
    (early,) = facts(world.partnership, DAY).posts
    assert (early.title, early.appointment, early.earlier_titles) == ("Lead", "interim", ())
    late = facts(world.partnership, date(2019, 6, 1)).posts
    assert [(row.title, row.appointment, row.earlier_titles) for row in late] == [
        ("Director", "permanent", ("Lead",)),
        ("Later", "permanent", ()),
    ]
    assert [row.started for row in late] == ["1 October 2018", "1 April 2019"]


def test_a_later_step_on_the_same_day_wins(world):
    post = make_post(partnership=world.partnership, status="agreed", from_on=DAY)
    make_post_step(post=post, from_on=DAY, title=post.title, status="in post", appointment="interim")
    assert [row.status for row in facts(world.partnership, DAY).posts] == ["in post"]


def test_silence_about_the_home_council_is_of_two_kinds(world):
    make_post(partnership=world.partnership, not_stated={"home_council": "the review of March 2019"})
    make_post(partnership=world.partnership)
    make_post(partnership=world.partnership, home_council=world.birch)
    assert [row.home_council for row in facts(world.partnership, DAY).posts] == ["not stated", "not recorded", "BDC"]


def test_a_start_known_only_by_a_report_says_so(world):
    post = make_post(partnership=world.partnership, status="agreed")
    make_post_step(
        post=post, from_on=DAY, from_precision=Precision.BY, title="Lead", status="in post", appointment="interim"
    )
    assert facts(world.partnership, DAY).posts[0].started == "not stated (by 16 March 2019)"


def test_a_provisional_contribution_is_said(world):
    post = make_post(partnership=world.partnership)
    make_cost_share(post=post)
    make_cost_share(post=post, from_on=date(2019, 4, 1), standing="agreed")
    assert facts(world.partnership, DAY).posts[0].is_provisional
    assert not facts(world.partnership, date(2019, 4, 1)).posts[0].is_provisional


def test_case_stage_is_the_last_one_by_the_day_and_is_pipeline_while_open(world):
    case = make_case(partnership=world.partnership, estimated_saving=630)
    make_case_step(case=case, stage="under consultation", from_on=date(2019, 11, 12))
    make_case_step(case=case, stage="adopted", from_on=date(2020, 1, 1))
    stages = []
    for day in (date(2018, 9, 30), DAY, date(2019, 11, 12), date(2020, 1, 1)):
        found = facts(world.partnership, day)
        stages.append(([row.stage for row in found.cases], len(found.pipeline)))
    assert stages == [([], 0), (["in development"], 1), (["under consultation"], 1), (["adopted"], 0)]
    assert totals(world, as_at=date(2019, 11, 12)) == ["not recorded"] * 3


def test_services_agreements_and_commitments_hold_between_their_days(world):
    make_arrangement(partnership=world.partnership, service="Over", ended_on=date(2019, 3, 15), end_reason="Done")
    make_arrangement(partnership=world.partnership, service="Open")
    make_arrangement(partnership=world.partnership, service="Undated", started_on=None)
    make_arrangement(partnership=world.partnership, service="Future", started_on=date(2019, 3, 17))
    make_agreement(partnership=world.partnership, title="In force")
    make_agreement(partnership=world.partnership, title="Expired", expires_on=date(2019, 3, 15))
    make_commitment(partnership=world.partnership, kind="objective", number=1)
    make_commitment(partnership=world.partnership, number=1)
    make_commitment(partnership=world.partnership, number=2, adopted_on=date(2019, 3, 17))
    found = facts(world.partnership, DAY)
    assert [row.service for row in found.services] == ["Open", "Undated"]
    assert [row.title for row in found.agreements] == ["In force"]
    assert [(row.kind, row.number) for row in found.commitments] == [("principle", 1), ("objective", 1)]


def test_a_party_is_a_column_only_while_it_is_one(world):
    cedar = make_council(short_name="CDX")
    make_party(partnership=world.partnership, council=cedar, position=3, joined_on=date(2019, 4, 1))
    assert [row.short_name for row in facts(world.partnership, DAY).councils] == ["ACC", "BDC"]
    assert [row.short_name for row in facts(world.partnership, date(2019, 4, 1)).councils] == ["ACC", "BDC", "CDX"]


def test_another_partnerships_records_never_count(world):
    other = make_partnership(councils=[world.alder, world.birch])
    stranger = SimpleNamespace(alder=world.alder, birch=world.birch, partnership=other)
    make_lines(stranger, make_saving(partnership=other), 7, 7)
    make_post(partnership=other)
    make_case(partnership=other)
    make_body(partnership=other)
    found = facts(world.partnership, DAY)
    assert totals(world) == ["not recorded"] * 3
    assert (found.posts, found.cases, found.bodies) == ((), (), ())
    sums = facts(world.partnership, DAY, has_lines=False).savings
    assert (str(sums.total(YEAR, "estimated")), sums.post_links) == ("not recorded", ())


def test_the_number_of_queries_does_not_grow(world):
    def add(times):
        for _ in range(times):
            post = make_post(partnership=world.partnership, home_council=world.alder)
            make_lines(world, make_saving(partnership=world.partnership, posts=[post]), 10, 20)
            make_case(partnership=world.partnership)
            make_arrangement(
                partnership=world.partnership, kind="provision", provider=world.alder, receiver=world.birch
            )
            make_comparator(partnership=world.partnership)
            make_working_model(partnership=world.partnership)

    add(1)
    before = queries(world)
    add(5)
    assert queries(world) == before


def queries(world):
    """Return how many queries the facts take."""
    with CaptureQueriesContext(connection) as captured:
        facts(world.partnership, DAY)
    return len(captured)


@pytest.mark.parametrize(
    ("started", "precision", "as_at", "words"),
    [
        (date(2018, 10, 1), "month", date(2019, 3, 16), "about five months"),
        (date(2018, 10, 1), "day", date(2019, 3, 16), "just under six months"),
        (date(2018, 10, 1), "day", date(2019, 3, 4), "just over five months"),
        (date(2018, 10, 1), "day", date(2019, 3, 1), "five months"),
        (date(2018, 10, 1), "month", date(2018, 10, 30), "less than a month"),
        (date(2018, 10, 1), "day", date(2018, 10, 2), "less than a month"),
        (date(2018, 10, 1), "day", date(2018, 11, 1), "one month"),
        (date(2018, 10, 1), "month", date(2019, 11, 12), "about 13 months"),
        (None, "day", date(2019, 3, 16), "a time that is not stated"),
    ],
)
def test_the_length_of_operation_is_no_more_exact_than_its_start(started, precision, as_at, words):
    assert length_of_operation(started, precision, as_at) == words


def test_the_month_of_operation_counts_the_first():
    assert month_of_operation(date(2018, 10, 1), date(2019, 3, 16)) == "sixth"
    assert month_of_operation(date(2018, 10, 1), date(2019, 9, 30)) == "12th"


def test_a_review_rates_every_commitment_or_says_that_it_does_not(world):
    first, _ = (make_commitment(partnership=world.partnership, number=number) for number in (1, 2))
    review = make_review(partnership=world.partnership)
    make_assessment(review=review, commitment=first, rating="too soon to say")
    assert [(row.commitment.number, row.words) for row in review_facts(review).ratings] == [
        (1, "Too soon to say"),
        (2, "not rated"),
    ]


def test_a_review_may_report_another_day(world):
    review = make_review(partnership=world.partnership)
    make_post(partnership=world.partnership, from_on=date(2019, 4, 1))
    assert len(review_facts(review).facts.posts) == 0
    later = review_facts(review, as_at=date(2019, 4, 1))
    assert (len(later.facts.posts), later.as_at) == (1, date(2019, 4, 1))
