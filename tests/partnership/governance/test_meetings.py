"""Places on bodies by municipal year, meetings, and what is due before them."""

from datetime import date

import pytest
from django.urls import reverse

from partnership.accounts.permissions import today
from partnership.financial_years import FinancialYear, MunicipalYear
from partnership.governance import workflow as governance_workflow
from partnership.governance.seats import chair_not_alternating, held_on, imbalance, numbers
from partnership.governance.timetable import timetable
from partnership.models import Body, Meeting, Seat
from partnership.records import workflow as records_workflow
from partnership.records.record import recording
from tests.two_partnerships import denied, refused

pytestmark = pytest.mark.django_db
WHY = "Annual meeting"
CLERK = "clerk.alder"


def body_in(world, council=None, kind="executive", meets_in_public=True):
    with recording(by=world.people[CLERK], reason="Set up"):
        return Body(
            partnership=world.ours.partnership, name=f"Body {kind}", kind=kind, council=council,
            meets_in_public=meets_in_public,
        ).full_clean_and_save()  # fmt: skip


def seat(world, council, holder="A", year="2019/20", from_on=date(2019, 5, 21), **facts):
    return records_workflow.enter(
        Seat(body=world.ours.body, council=council, holder=holder, municipal_year=year, from_on=from_on, **facts),
        by=world.people[CLERK],
        reason=WHY,
    )


def meeting(world, body, held_on=date(2019, 4, 23), access="public", by=CLERK):
    return records_workflow.enter(
        Meeting(body=body, held_on=held_on, access=access), by=world.people[by], reason="Calendar"
    )


def due_before(meeting, councils):
    return {row.what: row.words for row in timetable(meeting, councils)}


def test_municipal_year_is_no_financial_year():
    """The 20th of May is in the financial year 2019/20; a council whose annual meeting is on the 21st is not there."""
    eve = date(2019, 5, 20)
    assert FinancialYear.containing(eve) == FinancialYear(2019)
    assert MunicipalYear(2018).may_include(eve)
    assert MunicipalYear(2019).may_include(eve)
    assert not MunicipalYear(2018).may_include(date(2019, 6, 1))
    assert not MunicipalYear(2019).may_include(date(2019, 2, 28))


def test_place_holds_until_the_next_municipal_year_begins(world):
    old = seat(world, world.alder, "A", "2018/19", date(2018, 5, 15))
    new = seat(world, world.birch, "B")
    seats = [old, new]
    assert held_on(seats, date(2019, 5, 20)) == [old]
    assert held_on(seats, date(2019, 5, 21)) == [new]
    assert held_on(seats, date(2020, 5, 31)) == [new]
    assert held_on(seats, date(2020, 6, 1)) == []


def test_place_ends_on_its_last_day(world):
    held = seat(world, world.alder, until_on=date(2019, 9, 30))
    assert held_on([held], date(2019, 9, 30)) == [held]
    assert held_on([held], date(2019, 10, 1)) == []


def test_unequal_numbers_are_said_and_substitutes_not_counted(world):
    councils = [world.alder, world.birch]
    on = date(2019, 6, 1)
    seats = [seat(world, world.alder, "A"), seat(world, world.alder, "B"), seat(world, world.birch, "C")]
    seats.append(seat(world, world.birch, "D", is_substitute=True))
    assert numbers(seats, councils) == {world.alder: 2, world.birch: 1}
    assert imbalance(seats, councils, on) == "The councils do not hold equal numbers of places: ACC 2, BDC 1."
    seats.append(seat(world, world.birch, "E"))
    assert imbalance(seats, councils, on) == ""


def test_council_without_a_place_counts_as_nought(world):
    seats = [seat(world, world.alder)]
    said = imbalance(seats, [world.alder, world.birch], date(2019, 6, 1))
    assert said == "The councils do not hold equal numbers of places: ACC 1, BDC 0."


def test_chair_that_stays_with_a_council_is_said(world):
    first = seat(world, world.alder, "A", "2018/19", date(2018, 5, 15), office="chair")
    second = seat(world, world.alder, "B", office="chair")
    said = "The chair did not alternate: ACC held it in 2018/19 and in 2019/20."
    assert chair_not_alternating([first, second]) == said
    second.council = world.birch
    assert chair_not_alternating([first, second]) == ""


def test_body_shows_unequal_numbers(client, world):
    on = today()
    year = MunicipalYear(on.year if on.month >= 3 else on.year - 1)
    seat(world, world.alder, year=str(year), from_on=on)
    client.force_login(world.people["councillor.alder"])
    page = client.get(reverse("body_detail", args=[world.ours.body.pk]))
    assert page.context["facts"] == ["The councils do not hold equal numbers of places: ACC 1, BDC 0."]


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        (
            {"year": "2019/21"},
            "municipal_year",
            "“2019/21” is not a municipal year. Write it like 2019/20.",
        ),
        (
            {"from_on": date(2019, 2, 28)},
            "from_on",
            "Enter a day of the municipal year 2019/20, between 1 March 2019 and 31 May 2020.",
        ),
        (
            {"until_on": date(2019, 5, 20)},
            "__all__",
            "Enter a last day that is not before the first day.",
        ),
        (
            {"is_substitute": True, "office": "chair"},
            "__all__",
            "A substitute is neither chair nor vice-chair.",
        ),
    ],
)
def test_place_that_makes_no_sense_is_refused(world, facts, field, sentence):
    with refused(field, sentence):
        seat(world, world.alder, **facts)


def test_place_of_a_stranger_is_refused(world):
    with refused("council", "Cedar District is not party to the partnership."):
        seat(world, world.cedar)


def test_body_has_one_chair_in_a_year_until_the_last_day_of_the_first(world):
    first = seat(world, world.alder, office="chair")
    sentence = "Somebody else holds this office in that municipal year. Enter their last day."
    with refused("__all__", sentence):
        seat(world, world.birch, office="chair")
    records_workflow.change(first, until_on=date(2019, 9, 30), by=world.people[CLERK], reason="Left")
    assert seat(world, world.birch, office="chair", from_on=date(2019, 10, 1)).pk


def test_dates_before_an_executives_meeting(world):
    records_workflow.change(world.alder, clearance_days=10, by=world.people["administrator.alder"], reason="House rule")
    held = meeting(world, body_in(world, world.alder))
    assert due_before(held, [world.alder]) == {
        "Notice of a key decision": "Monday 25 March 2019",
        "Papers cleared by officers of ACC": "Friday 5 April 2019",
        "Agenda and reports published": "Thursday 11 April 2019",
    }


def test_house_rule_not_recorded_is_not_known(world):
    due = due_before(meeting(world, body_in(world, world.alder)), [world.alder])
    assert due["Papers cleared by officers of ACC"] == "Not known: the house rule is not recorded"


def test_private_meeting_of_an_executive_is_announced_28_clear_days_before(world):
    due = due_before(meeting(world, body_in(world, world.alder), access="part"), [])
    assert due["Notice of the private part"] == "Monday 25 March 2019"


def test_no_law_sets_dates_for_a_working_group(world):
    group = body_in(world, kind="working group", meets_in_public=False)
    assert due_before(meeting(world, group, access="private"), []) == {}


def test_private_body_does_not_meet_in_public(world):
    group = body_in(world, kind="working group", meets_in_public=False)
    with refused("access", "This body meets in private."):
        meeting(world, group)


def test_meeting_is_planned_then_held_or_called_off(world):
    held = meeting(world, world.ours.body)
    assert [held.status(date(2019, 4, day)) for day in (22, 23)] == ["Planned", "Held"]
    governance_workflow.call_off(held, on=date(2019, 4, 20), by=world.people[CLERK], reason="No business")
    assert [held.status(date(2019, 4, day)) for day in (19, 20, 23)] == ["Planned", "Called off", "Called off"]
    with refused("", "This meeting was called off before."):
        governance_workflow.call_off(held, on=date(2019, 4, 20), by=world.people[CLERK], reason="Again")


def test_meeting_is_not_called_off_when_it_is_over(world):
    held = meeting(world, world.ours.body)
    with refused("on", "A meeting is called off before its day or on it."):
        governance_workflow.call_off(held, on=date(2019, 4, 24), by=world.people[CLERK], reason="Too late")


def test_council_keeps_its_own_bodies_and_every_council_a_joint_one(world):
    theirs = body_in(world, world.birch)
    with denied(f"Your roles do not let you {Meeting.edit_permission.value}."):
        meeting(world, theirs)
    assert meeting(world, world.ours.body).body.is_joint


def test_form_offers_the_bodies_a_clerk_keeps(client, world):
    theirs = body_in(world, world.birch)
    own = body_in(world, world.alder)
    client.force_login(world.people[CLERK])
    offered = client.get(reverse("meeting_create")).context["form"].fields["body"].queryset
    assert set(offered) == {own, world.ours.body}
    data = {"body": theirs.pk, "held_on": "23 April 2019", "access": "public"}
    assert client.post(reverse("meeting_create"), data).status_code == 200
    assert not Meeting.objects.exists()
    client.force_login(world.people["officer.birch"])
    assert client.get(reverse("meeting_create")).status_code == 403


def test_places_on_another_councils_body_are_not_ours_to_fill(client, world):
    theirs = body_in(world, world.birch)
    client.force_login(world.people[CLERK])
    assert client.get(reverse("seat_create", args=[theirs.pk])).status_code == 403
    assert client.get(reverse("seat_create", args=[world.ours.body.pk])).status_code == 200


def test_private_meeting_is_for_readers_of_working_papers(client, world):
    group = body_in(world, kind="working group", meets_in_public=False)
    private = meeting(world, group, access="private")
    public = meeting(world, world.ours.body)
    seen = {
        role: set(Meeting.objects.visible_to(world.people[f"{role}.alder"]))
        for role in ("pwg_member", "councillor", "administrator")
    }
    assert seen == {"pwg_member": {private, public}, "councillor": {public}, "administrator": set()}
    client.force_login(world.people["councillor.alder"])
    assert client.get(reverse("meeting_detail", args=[private.pk])).status_code == 404
    assert client.get(reverse("meeting_detail", args=[public.pk])).status_code == 200


def test_meeting_shows_what_is_due_before_it(client, world):
    held = meeting(world, body_in(world, world.alder))
    client.force_login(world.people["councillor.alder"])
    page = client.get(reverse("meeting_detail", args=[held.pk]))
    rows = []
    for row in page.context["due"]["rows"]:
        rows.append([cell["text"] for cell in row["cells"][:2]])
    assert rows == [
        ["Notice of a key decision", "Monday 25 March 2019"],
        ["Agenda and reports published", "Thursday 11 April 2019"],
        ["Papers cleared by officers of ACC", "Not known: the house rule is not recorded"],
    ]


def test_meeting_belongs_to_the_partnership_of_its_body(world):
    held = meeting(world, body_in(world, world.alder))
    assert held.place() == ("council", world.alder.pk)
    assert held.partnership_id_of() == world.ours.partnership.pk
