"""The savings ledger: one line for each council and year, verified by somebody else, nothing counted twice."""

from datetime import date
from decimal import Decimal

import pytest

from joint_posts.models import SavingLine, SavingPost
from joint_posts.savings import workflow
from partnership.models import Party
from tests.factories import change
from tests.filled_registers import everything
from tests.two_partnerships import DAY, denied, make_person, refused

pytestmark = pytest.mark.django_db

WHY = "A good reason"
YEAR = "2019/20"


@pytest.fixture
def officer(world):
    return {"by": world.people["officer.alder"], "reason": WHY}


def record(world, officer, **facts):
    given = {
        "title": "Another",
        "category": "shared management",
        "benefit_type": "cashable",
        "basis": "Salary",
        "identified_on": DAY,
    }
    return workflow.record_saving(world.ours.partnership, **(given | facts), **officer)


def delivered(world, officer, **facts):
    given = {"estimated": Decimal(900), "delivered": Decimal(500), "delivered_to_on": date(2019, 9, 30)}
    return workflow.set_line(world.ours.saving, world.alder, YEAR, **(given | facts), **officer)


def verify(world, line, person="finance_verifier.alder", **facts):
    return workflow.verify_line(line, on=date(2019, 10, 1), by=world.people[person], **facts)


def test_saving_comes_from_posts_and_services(world, officer):
    saving = record(world, officer, posts=[world.ours.posts["in post"], world.ours.posts["vacant"]])
    assert [str(link.post) for link in saving.posts.all()] == ["Post in post", "Post vacant"]


def test_saving_does_not_come_from_another_partnership(world, officer):
    with refused("post", "Choose a joint post of the same partnership."):
        record(world, officer, posts=[world.ours.posts["in post"], world.theirs.posts["in post"]])


def test_one_line_is_entered_then_changed(world, officer):
    first = workflow.set_line(world.ours.saving, world.alder, YEAR, estimated=Decimal(900), **officer)
    other = {"by": world.people["officer.birch"], "reason": WHY}
    line = workflow.set_line(world.ours.saving, world.alder, YEAR, forecast=Decimal(950), **other)
    assert (line.pk, line.estimated, line.forecast) == (first.pk, 900, 950)
    assert line.figures_changed_by == other["by"]
    assert SavingLine.objects.count() == 1


def test_same_figures_again_write_nothing(world, officer):
    delivered(world, officer)
    before = everything()
    other = {"by": world.people["officer.birch"], "reason": WHY}
    delivered(world, other)
    assert everything() == before


def test_line_may_have_no_year_and_may_be_negative(world, officer):
    workflow.set_line(world.ours.saving, world.alder, estimated=Decimal(-5), figures_are_about=True, **officer)
    line = SavingLine.objects.get()
    assert (line.financial_year, line.estimated, line.figures_are_about) == ("", -5, True)


def test_line_belongs_to_a_party(world, officer):
    with refused("council", "Cedar District is not party to the partnership."):
        workflow.set_line(world.ours.saving, world.cedar, YEAR, estimated=Decimal(5), **officer)


@pytest.mark.parametrize("year", ["2018/19", "2021/22"])
def test_set_line_year_before_joining_or_after_leaving_is_refused(world, officer, year):
    party = Party.objects.get(partnership=world.ours.partnership, council=world.birch)
    change(party, joined_on=date(2019, 10, 1), left_on=date(2021, 3, 31))
    sentence = f"Birch District is not party to the partnership in {year}. Enter a year in which it is."
    with refused("financial_year", sentence):
        workflow.set_line(world.ours.saving, world.birch, year, estimated=Decimal(5), **officer)


@pytest.mark.parametrize("year", ["2019/20", "2020/21"])
def test_set_line_year_of_joining_or_leaving_is_accepted(world, officer, year):
    party = Party.objects.get(partnership=world.ours.partnership, council=world.birch)
    change(party, joined_on=date(2020, 3, 31), left_on=date(2020, 4, 1))
    line = workflow.set_line(world.ours.saving, world.birch, year, estimated=Decimal(5), **officer)
    assert (line.council, line.financial_year, line.estimated) == (world.birch, year, Decimal(5))


def test_set_line_council_that_left_later_keeps_its_line(world, officer):
    """A figure of a year that its council is no longer party in is still corrected."""
    line = workflow.set_line(world.ours.saving, world.birch, YEAR, estimated=Decimal(5), **officer)
    change(Party.objects.get(partnership=world.ours.partnership, council=world.birch), left_on=date(2019, 3, 31))
    changed = workflow.set_line(world.ours.saving, world.birch, YEAR, line=line, estimated=Decimal(6), **officer)
    assert changed.estimated == Decimal(6)


def test_another_partnerships_saving_is_not_ours(world, officer):
    with denied("Your roles do not let you enter and change savings."):
        workflow.set_line(world.theirs.saving, world.alder, YEAR, estimated=Decimal(5), **officer)


def test_line_of_another_saving_is_not_changed(world, officer):
    stranger = {"by": world.people["stranger"], "reason": WHY}
    theirs = workflow.set_line(world.theirs.saving, world.cedar, YEAR, estimated=Decimal(7), **stranger)
    with refused("", "This line belongs to another saving."):
        workflow.set_line(world.ours.saving, world.alder, YEAR, line=theirs, estimated=Decimal(5), **officer)


def test_year_is_a_financial_year(world, officer):
    with refused("financial_year", "“2019” is not a financial year. Write 2018/19 or 2019/20."):
        workflow.set_line(world.ours.saving, world.alder, "2019", estimated=Decimal(5), **officer)


def test_delivered_says_up_to_when(world, officer):
    with refused("delivered_to_on", "Enter the last day that the delivered figure covers."):
        delivered(world, officer, delivered_to_on=None)


def test_line_has_no_other_facts(world, officer):
    with pytest.raises(TypeError, match=r"^A line has no verified_by\.$"):
        workflow.set_line(world.ours.saving, world.alder, YEAR, verified_by=officer["by"], **officer)


def test_post_counts_once_for_a_council_and_year(world, officer):
    delivered(world, officer)
    second = record(world, officer, posts=[world.ours.posts["in post"]])
    sentence = "Post in post already counts for Alder County in 2019/20, in the saving “Shared posts”."
    with refused("financial_year", sentence):
        workflow.set_line(second, world.alder, YEAR, estimated=Decimal(5), **officer)


@pytest.mark.parametrize(
    ("benefit_type", "council", "year"),
    [
        ("cost avoidance", "alder", YEAR),
        ("cashable", "birch", YEAR),
        ("cashable", "alder", "2020/21"),
        ("cashable", "alder", ""),
    ],
)
def test_post_may_count_elsewhere(world, officer, benefit_type, council, year):
    delivered(world, officer)
    second = record(world, officer, benefit_type=benefit_type, posts=[world.ours.posts["in post"]])
    line = workflow.set_line(second, getattr(world, council), year, estimated=Decimal(5), **officer)
    assert line.estimated == 5


def test_line_is_verified_for_its_council(world, officer):
    line = verify(world, delivered(world, officer), note="Ledger seen")
    assert (line.verified_by, line.verified_on, line.verification_note) == (
        world.people["finance_verifier.alder"],
        date(2019, 10, 1),
        "Ledger seen",
    )


def test_another_councils_verifier_is_refused(world, officer):
    line = delivered(world, officer)
    with denied("Only a finance verifier of Alder County verifies its savings."):
        verify(world, line, "finance_verifier.birch")


def test_nobody_verifies_figures_of_their_own(world, officer):
    line = delivered(world, officer)
    line.figures_changed_by = world.people["finance_verifier.alder"]
    with denied("You entered or last changed these figures, so somebody else must verify them."):
        verify(world, line)


def test_there_must_be_something_delivered(world, officer):
    line = workflow.set_line(world.ours.saving, world.alder, YEAR, estimated=Decimal(900), **officer)
    with refused("delivered", "There is no delivered figure to verify yet."):
        verify(world, line)


@pytest.mark.parametrize(
    "change",
    [{"delivered": Decimal(501)}, {"delivered_to_on": date(2019, 10, 31)}, {"figures_are_about": True}],
)
def test_changed_figure_is_no_longer_verified(world, officer, change):
    verify(world, delivered(world, officer))
    line = workflow.set_line(world.ours.saving, world.alder, YEAR, **change, **officer)
    assert (line.verified_by, line.verified_on, line.verification_note) == (None, None, "")


@pytest.mark.parametrize("name", ["estimated", "forecast", "cost_to_achieve"])
def test_set_line_other_figure_of_verified_line_keeps_verification(world, officer, name):
    """It keeps it whoever changes the other figure, the verifier themself included."""
    verifier = world.people["finance_verifier.alder"]
    verify(world, delivered(world, officer), note="Ledger seen")
    line = workflow.set_line(world.ours.saving, world.alder, YEAR, **{name: Decimal(7)}, **officer)
    line.refresh_from_db()
    assert (getattr(line, name), line.verified_by, line.verification_note) == (7, verifier, "Ledger seen")
    assert line.figures_changed_by == officer["by"]


@pytest.mark.parametrize("moved", [{"council": "birch"}, {"financial_year": "2020/21"}])
def test_set_line_moved_to_other_council_or_year_ends_verification(world, officer, moved):
    line = verify(world, delivered(world, officer))
    council = getattr(world, moved.get("council", "alder"))
    mover = {"by": make_person("mover", (world.alder, "officer"), (world.birch, "officer")), "reason": WHY}
    line = workflow.set_line(world.ours.saving, council, moved.get("financial_year", YEAR), line=line, **mover)
    assert (line.verified_by, line.verified_on, line.figures_changed_by) == (None, None, mover["by"])


def test_verify_line_verified_by_colleague_is_refused(world, officer):
    """The second verifier of the council does not put their name over the first one's."""
    second = make_person("second", (world.alder, "finance_verifier"))
    line = verify(world, delivered(world, officer), note="Ledger seen")
    with refused("", "finance_verifier.alder of the tests verified this figure on 1 October 2019."):
        workflow.verify_line(line, on=date(2019, 11, 1), note="Seen too", by=second)


@pytest.mark.parametrize(
    "restated",
    [
        {"basis": "Salary and pension"},
        {"benefit_type": "cost avoidance"},
        {"attributed_percent": Decimal(50), "shared_with_programme": "Digital"},
    ],
)
def test_change_saving_restated_names_who_and_they_do_not_verify(world, officer, restated):
    both = make_person("both", (world.alder, "officer"), (world.alder, "finance_verifier"))
    line = verify(world, delivered(world, officer))
    saving = world.ours.saving
    for name, value in restated.items():
        setattr(saving, name, value)
    workflow.change_saving(saving, by=both, reason=WHY)
    line.refresh_from_db()
    assert (line.verified_by, line.figures_changed_by) == (None, both)
    with denied("You entered or last changed these figures, so somebody else must verify them."):
        workflow.verify_line(line, on=DAY, by=both)
    assert verify(world, line).verified_by == world.people["finance_verifier.alder"]


def test_verify_line_entered_before_somebody_changed_its_day_is_denied(world, officer):
    """Whoever entered the figure does not verify it after a colleague touched the line."""
    both = make_person("both", (world.alder, "officer"), (world.alder, "finance_verifier"))
    line = delivered(world, {"by": both, "reason": WHY})
    line = workflow.set_line(world.ours.saving, world.alder, YEAR, delivered_to_on=date(2019, 8, 31), **officer)
    assert line.figures_changed_by == officer["by"]
    with denied("You entered or last changed these figures, so somebody else must verify them."):
        workflow.verify_line(line, on=DAY, by=both)


def test_verify_line_figure_that_others_verified_since_is_accepted(world, officer):
    both = make_person("both", (world.alder, "officer"), (world.alder, "finance_verifier"))
    verify(world, delivered(world, {"by": both, "reason": WHY}))
    line = delivered(world, officer, delivered=Decimal(700))
    assert workflow.verify_line(line, on=DAY, by=both).verified_by == both


def test_budget_reference_leaves_the_verification(world, officer):
    line = verify(world, delivered(world, officer))
    kept = workflow.set_line(world.ours.saving, world.alder, YEAR, is_in_budget=True, **officer)
    assert (kept.verified_by, kept.is_in_budget) == (line.verified_by, True)


def test_saying_otherwise_what_the_figures_mean_clears_their_verification(world, officer):
    line = verify(world, delivered(world, officer))
    saving = world.ours.saving
    saving.basis = "Salary and pension"
    workflow.change_saving(saving, **officer)
    line.refresh_from_db()
    assert (line.verified_by, line.verified_on, line.delivered) == (None, None, 500)


def test_another_title_leaves_the_verification(world, officer):
    line = verify(world, delivered(world, officer))
    saving = world.ours.saving
    saving.title = "Senior posts"
    workflow.change_saving(saving, **officer)
    line.refresh_from_db()
    assert line.verified_by == world.people["finance_verifier.alder"]


def test_saving_does_not_turn_into_one_that_counts_a_post_twice(world, officer):
    delivered(world, officer)
    second = record(world, officer, posts=[world.ours.posts["in post"]], benefit_type="cost avoidance")
    workflow.set_line(second, world.alder, YEAR, estimated=Decimal(5), **officer)
    second.benefit_type = "cashable"
    sentence = "Post in post already counts for Alder County in 2019/20, in the saving “Shared posts”."
    with refused("financial_year", sentence):
        workflow.change_saving(second, **officer)


def test_post_linked_later_counts_once_too(world, officer):
    delivered(world, officer)
    second = record(world, officer)
    workflow.set_line(second, world.alder, YEAR, estimated=Decimal(5), **officer)
    sentence = "Post in post already counts for Alder County in 2019/20, in the saving “Shared posts”."
    with refused("post", sentence):
        workflow.link_post(SavingPost(saving=second, post=world.ours.posts["in post"]), **officer)
