"""Test what meetings take: a review or a business case, by when its papers are due, and what was decided on it."""

from datetime import date

import pytest
from django.urls import reverse

from partnership.governance import workflow as governance_workflow
from partnership.models import Body, Decision, Meeting
from partnership.records import workflow as records_workflow
from partnership.records.record import recording
from reviews.models import AgendaItem
from reviews.papers.outcomes.workflow import take_to_meeting
from tests.factories import make_case
from tests.html_forms import untouched
from tests.two_partnerships import denied, refused

pytestmark = pytest.mark.django_db
CLERK = "clerk.alder"
HELD = date(2019, 4, 23)


def why(world, who=CLERK):
    return {"by": world.people[who], "reason": "Agenda settled"}


def cabinet(world, council=None, **facts):
    own = {"kind": "executive", "name": "Cabinet", "council": council or world.alder}
    with recording(**why(world)):
        return Body(partnership=world.ours.partnership, **own | facts).full_clean_and_save()


def meeting(world, body, held_on=HELD, access="public"):
    with recording(**why(world)):
        return Meeting(body=body, held_on=held_on, access=access).full_clean_and_save()


def taken(world, held, who=CLERK, **what):
    return take_to_meeting(AgendaItem(meeting=held, **what or {"review": world.ours.review}), **why(world, who))


def listing(page, path="agenda-items"):
    """The cells of another register's rows on a record's page."""
    table = next(table for table in page.context["listings"] if table["id"] == path)
    rows = []
    for row in table["rows"]:
        rows.append([cell["text"] for cell in row["cells"]])
    return rows


def test_meeting_takes_a_review_and_says_by_when_its_papers_are_due(client, world):
    held = meeting(world, cabinet(world))
    taken(world, held)
    client.force_login(world.people["pwg_member.alder"])
    row = ["Review", "Not recorded", "Draft 1.0", "11 April 2019", "Not recorded"]
    assert listing(client.get(reverse("meeting_detail", args=[held.pk]))) == [row]
    page = client.get(reverse("review_detail", args=[world.ours.review.slug]))
    assert listing(page) == [["ACC Cabinet, 23 April 2019", "11 April 2019", "Not recorded"]]


def test_meeting_takes_a_business_case_that_says_so_too(client, world):
    case = make_case(partnership=world.ours.partnership, title="Legal services")
    held = meeting(world, cabinet(world))
    taken(world, held, business_case=case)
    client.force_login(world.people["councillor.alder"])
    assert listing(client.get(reverse("businesscase_detail", args=[case.pk]))) == [
        ["ACC Cabinet, 23 April 2019", "11 April 2019", "Not recorded"]
    ]
    assert listing(client.get(reverse("meeting_detail", args=[held.pk]))) == [
        ["Legal services", "Not recorded", "In development", "11 April 2019", "Not recorded"]
    ]


def test_no_law_sets_a_day_for_the_papers_of_a_private_meeting(client, world):
    held = meeting(world, world.ours.body, access="private")
    taken(world, held)
    client.force_login(world.people["pwg_member.alder"])
    assert listing(client.get(reverse("meeting_detail", args=[held.pk])))[0][3] == "No day is set"


def test_draft_and_private_items_are_for_readers_of_working_papers(world):
    public = meeting(world, cabinet(world))
    private = meeting(world, world.ours.body, access="private")
    case = make_case(partnership=world.ours.partnership)
    draft = taken(world, public)
    open_to_all = taken(world, public, business_case=case)
    hidden = taken(world, private, business_case=case)
    seen = {
        role: set(AgendaItem.objects.visible_to(world.people[f"{role}.alder"])) for role in ("officer", "councillor")
    }
    assert seen == {"officer": {draft, open_to_all, hidden}, "councillor": {open_to_all}}
    assert not AgendaItem.objects.visible_to(world.people["stranger"]).exists()


def test_taking_refused(world):
    held = meeting(world, cabinet(world))
    case = make_case(partnership=world.ours.partnership)
    sentence = "Choose either a review or a business case."
    with refused("__all__", sentence):
        taken(world, held, review=world.ours.review, business_case=case)
    with refused("__all__", sentence):
        taken(world, held, number=1)
    with refused("review", "Choose a review of the same partnership."):
        taken(world, held, review=world.theirs.review)
    taken(world, held)
    with refused("__all__", "The meeting takes this review already."):
        taken(world, held)
    off = meeting(world, held.body, date(2019, 5, 21))
    governance_workflow.call_off(off, on=HELD, **why(world))
    with refused("meeting", "This meeting was called off. Choose another."):
        taken(world, off)


def test_what_it_decided_is_a_decision_of_that_meeting(world):
    held = meeting(world, cabinet(world))
    other = meeting(world, world.ours.body)
    item = taken(world, held)
    with recording(**why(world)):
        theirs = Decision(body=world.ours.body, meeting=other, decided_on=HELD, title="Elsewhere").full_clean_and_save()
        own = Decision(body=held.body, meeting=held, decided_on=HELD, title="Review").full_clean_and_save()
    with refused("decision", "Choose a decision of the meeting that took it."):
        records_workflow.change(item, decision=theirs, **why(world))
    assert records_workflow.change(item, decision=own, **why(world)).decision == own


def test_clerk_sets_the_agenda_of_own_council_and_joint_bodies_alone(client, world):
    theirs = meeting(world, cabinet(world, world.birch))
    own = meeting(world, cabinet(world))
    joint = meeting(world, world.ours.body)
    with denied(f"Your roles do not let you {AgendaItem.edit_permission.value}."):
        taken(world, theirs)
    client.force_login(world.people[CLERK])
    offered = client.get(reverse("agendaitem_create")).context["form"].fields["meeting"].queryset
    assert set(offered) == {own, joint}


def test_clerk_takes_review_to_a_meeting_and_records_its_decision(client, world):
    held = meeting(world, cabinet(world))
    review = world.ours.review
    client.force_login(world.people[CLERK])
    page = client.get(reverse("review_detail", args=[review.slug]))
    (table,) = [table for table in page.context["listings"] if table["id"] == "agenda-items"]
    assert table["create_label"] == "Take it to a meeting"
    sent = untouched(client.get(table["create_url"]).content.decode())
    assert sent["review"] == [str(review.pk)]
    client.post(table["create_url"], sent | {"meeting": held.pk, "number": "7"})
    item = AgendaItem.objects.get()
    assert (item.review, item.meeting, item.number) == (review, held, 7)
    page = client.get(reverse("meeting_detail", args=[held.pk]))
    (table,) = [table for table in page.context["listings"] if table["id"] == "decisions"]
    sent = untouched(client.get(table["create_url"]).content.decode())
    assert [sent[name] for name in ("meeting", "body", "decided_on")] == [
        [str(held.pk)],
        [str(held.body_id)],
        ["23 April 2019"],
    ]


def test_address_that_names_no_meeting_opens_the_empty_form(client, world):
    client.force_login(world.people[CLERK])
    for asked in ("x", "9" * 40, "-1", ""):
        form = client.get(reverse("decision_create"), {"meeting": asked}).context["form"]
        assert (form.initial["body"], form.initial["decided_on"]) == (None, None)
