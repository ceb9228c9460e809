"""An exit paper on the last day and afterwards, and one fact about the payment in lieu for sentence and table."""

from datetime import date
from decimal import Decimal

import pytest

from joint_posts.posts.workflow import end_post
from partnership.records.record import recording
from reviews.exit_plans.paper import exit_document
from reviews.models import ExitArrangement, ExitEstimate, ExitPost
from tests.exits import give_notice, lieu, make_plan, make_shared, read, sheet, texts
from tests.factories import keep, make_membership

pytestmark = pytest.mark.django_db
LAST_DAY = date(2019, 9, 30)


@pytest.fixture
def made():
    return make_shared()


@pytest.fixture
def plan(made):
    """Birch gives notice to 31 March 2020, and the councils agree on 30 September 2019."""
    give_notice(made, made.birch)
    plan = make_plan(made, last_day_on=LAST_DAY)
    keep(ExitPost(plan=plan, post=made.post, disposition="returns", employed_by=made.alder, phase=1))
    keep(ExitArrangement(plan=plan, arrangement=made.planning, disposition="own", phase=2))
    return plan


def table(facts, key):
    document = exit_document(facts, "exit", sees_costs=True)
    return next(texts(one) for one in document.tables if one.key == key)


def sentences(facts, key):
    document = exit_document(facts, "exit", sees_costs=True)
    section = next(one for one in document.sections if one.anchor == f"section-{key}")
    return [block.text for block in section.blocks if block.kind == "paragraph"]


def end(made):
    """Record that the post and the service ended on the last day of the plan."""
    officer = make_membership(council=made.alder, role="officer").user
    end_post(made.post, ended_on=LAST_DAY, by=officer, reason="The agreement ended.")
    with recording(by=officer, reason="The agreement ended."):
        made.planning.ended_on = LAST_DAY
        made.planning.end_reason = "The agreement ended."
        made.planning.full_clean_and_save()


@pytest.mark.parametrize("as_at", [LAST_DAY, date(2019, 10, 1), date(2021, 4, 1)])
def test_exit_paper_names_the_posts_of_the_plan_on_and_after_its_last_day(made, plan, as_at):
    end(made)
    row = ["Chief Executive", "ACC", "Returns to the home council alone", "ACC", "1", "30 September 2019"]
    assert table(read(plan, as_at), "posts") == [row]
    assert ["Emergency planning", "ACC to BDC", "Each council runs its own", "–", "2", "30 September 2019"] in table(
        read(plan, as_at), "services"
    )


@pytest.mark.parametrize("as_at", [LAST_DAY, date(2019, 10, 1), date(2021, 4, 1)])
def test_exit_paper_sums_are_the_same_after_the_end_is_recorded(made, plan, as_at):
    """£24,394.96 for 1 October 2019 to 31 March 2020, as worked by hand in test_exit.py."""
    before = sheet(read(plan, as_at), "BDC")
    end(made)
    assert lieu(read(plan, as_at)) == [("BDC", "ACC", Decimal("24394.96"))]
    assert sheet(read(plan, as_at), "BDC") == before


def test_exit_paper_keeps_the_councils_that_left_on_the_last_day(made, plan):
    party = made.partnership.parties.get(council=made.birch)
    with recording(by=make_membership(council=made.birch).user, reason="It left."):
        party.left_on = LAST_DAY
        party.full_clean_and_save()
    facts = read(plan, date(2019, 10, 1))
    assert [council.short_name for council in facts.councils] == ["ACC", "BDC"]


def test_exit_paper_leaves_out_an_ended_post_that_the_plan_does_not_name(made):
    give_notice(made, made.birch)
    plan = make_plan(made, last_day_on=LAST_DAY)
    assert len(read(plan, date(2021, 4, 1)).posts) == 1
    end(made)
    assert read(plan, date(2021, 4, 1)).posts == ()


def test_exit_paper_with_a_cost_in_lieu_does_not_say_nothing_is_owed(made):
    give_notice(made, made.birch)
    plan = make_plan(made)
    facts = {"council": made.birch, "financial_year": "2019/20", "amount": Decimal(42_000)}
    keep(ExitEstimate(plan=plan, title="Payment in lieu of notice", **facts))
    assert sentences(read(plan), "in-lieu") == [
        "The plan names among the costs of BDC in 2019/20: Payment in lieu of notice, £42,000.00."
    ]
    assert sheet(read(plan), "BDC")["Costs of leaving"][0] == "£42,000"


def test_exit_paper_with_notice_served_in_full_says_that_nothing_is_owed(made):
    give_notice(made, made.birch)
    assert sentences(read(make_plan(made)), "in-lieu") == [
        "Notice is served in full, and nothing is owed in its place."
    ]
    assert "Payment in lieu of notice" not in sheet(read(make_plan(made, title="B")), "BDC")
