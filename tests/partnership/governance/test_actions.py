"""Actions: open, overdue, done with evidence; and the weekly e-mail that names them."""

import io
from datetime import date

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from partnership.accounts.permissions import today
from partnership.governance import workflow as governance_workflow
from partnership.governance.reminders import digest, monday_of, subject
from partnership.models import Action, ActionNote, Decision, Meeting, Reminder
from partnership.records import workflow as records_workflow
from partnership.records.record import recording
from tests.html_forms import untouched
from tests.two_partnerships import denied, refused

pytestmark = pytest.mark.django_db
ON = date(2019, 5, 15)  # a Wednesday


def why(world, who="officer.alder"):
    return {"by": world.people[who], "reason": "Follows from the review"}


def action(world, title="Write the business case", **facts):
    own = {"partnership": world.ours.partnership, "owner": "Programme manager"}
    return records_workflow.enter(Action(title=title, **own | facts), **why(world))


def reader(world, who="officer.alder", email="officer@example.org"):
    person = world.people[who]
    person.email = email
    person.save()
    return person


def sent(on=ON):
    out = io.StringIO()
    errors = io.StringIO()
    call_command("send_reminders", f"--on={on}", stdout=out, stderr=errors)
    return out.getvalue().strip(), errors.getvalue().strip()


def test_action_is_open_then_overdue_then_done(world):
    late = action(world, due_on=date(2019, 5, 14))
    assert [late.status(date(2019, 5, day)) for day in (14, 15)] == ["Open", "Overdue"]
    governance_workflow.complete_action(late, on=ON, evidence="Sent to the working group", **why(world))
    assert late.status(date(2019, 6, 1)) == "Done"
    assert not action(world, "Without a day").is_overdue(date(2099, 1, 1))


def test_action_is_done_once_with_evidence_and_may_be_opened_again(world):
    found = action(world)
    with refused("evidence", "Say what shows that it is done."):
        governance_workflow.complete_action(found, on=ON, evidence=" ", **why(world))
    with refused("", "This action is open."):
        governance_workflow.reopen_action(found, **why(world))
    governance_workflow.complete_action(found, on=ON, evidence="Paper 7", **why(world))
    with refused("", "This action is done."):
        governance_workflow.complete_action(found, on=ON, evidence="Paper 7", **why(world))
    governance_workflow.reopen_action(found, **why(world))
    assert (found.done_on, found.evidence) == (None, "")
    assert [row.evidence for row in found.history.order_by("history_id")] == ["", "Paper 7", ""]


def test_action_follows_from_a_decision_of_its_own_partnership(world):
    with recording(**why(world)):
        theirs = Decision(body=world.theirs.body, title="Elsewhere", decided_on=ON).full_clean_and_save()
    with refused("decision", "Choose a decision of the same partnership."):
        action(world, decision=theirs)


def test_action_is_kept_by_officers_and_clerks_alone(world):
    with denied(f"Your roles do not let you {Action.edit_permission.value}."):
        records_workflow.enter(
            Action(title="A", partnership=world.ours.partnership, owner="B"), **why(world, "pwg_member.alder")
        )


def test_action_from_a_private_decision_is_for_readers_of_working_papers(client, world):
    with recording(**why(world)):
        private = Decision(
            body=world.ours.body, title="Contract", decided_on=ON, no_public_access_reason="Paragraph 3"
        ).full_clean_and_save()
    hidden = action(world, decision=private)
    shown = action(world, "Open to all")
    note = records_workflow.enter(ActionNote(action=hidden, noted_on=ON, text="Going on"), **why(world))
    seen = {
        role: set(Action.objects.visible_to(world.people[f"{role}.alder"])) for role in ("pwg_member", "councillor")
    }
    assert seen == {"pwg_member": {hidden, shown}, "councillor": {shown}}
    client.force_login(world.people["councillor.alder"])
    assert client.get(reverse("action_detail", args=[hidden.pk])).status_code == 404
    assert client.get(reverse("actionnote_detail", args=[note.pk])).status_code == 404


def test_register_filters_by_how_actions_stand(client, world):
    on = today()
    late = action(world, "Late", due_on=on.replace(year=on.year - 1))
    later = action(world, "Later")
    done = governance_workflow.complete_action(action(world, "Done"), on=on, evidence="Paper", **why(world))
    client.force_login(world.people["councillor.alder"])
    found = {
        status: set(client.get(reverse("action_list"), {"status": status}).context["object_list"])
        for status in ("open", "overdue", "done")
    }
    assert found == {"open": {late, later}, "overdue": {late}, "done": {done}}


def test_digest_names_overdue_actions_first(world):
    rows = [
        action(world, "Later", due_on=date(2019, 5, 30)),
        action(world, "Soon", due_on=date(2019, 5, 29)),
        action(world, "Late", due_on=date(2019, 5, 14)),
        action(world, "Some day"),
    ]
    assert subject(rows, ON) == "Your actions this week: 1 overdue"
    assert subject(rows[:1], ON) == "Your actions this week"
    text = digest(rows, ON, lambda row: f"/{row.title}/")
    assert [line for line in text.splitlines() if line and not line.startswith(("*", " "))] == [
        "Overdue",
        "Due within two weeks",
        "Later, or without a day",
        "As at 15 May 2019. You get this once a week while actions are open.",
    ]
    assert "* Late (Programme manager; due: 14 May 2019)\n  /Late/" in text
    assert "* Some day (Programme manager; due: no day set)\n  /Some day/" in text


def test_week_begins_on_monday():
    assert monday_of(ON) == date(2019, 5, 13)
    assert monday_of(date(2019, 5, 13)) == date(2019, 5, 13)
    assert monday_of(date(2019, 5, 19)) == date(2019, 5, 13)


def test_reminders_go_once_a_week_to_each_person(world, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    mine = action(world, reminded=reader(world))
    action(world, "Of another", reminded=reader(world, "clerk.alder", "clerk@example.org"))
    assert sent() == ("Week of 2019-05-13: 2 sent, 0 sent before, 0 without an e-mail address.", "")
    assert sent(date(2019, 5, 19))[0] == "Week of 2019-05-13: 0 sent, 2 sent before, 0 without an e-mail address."
    assert len(mail.outbox) == 2
    own = next(message for message in mail.outbox if message.to == ["officer@example.org"])
    assert f"https://portal.example.org/actions/{mine.pk}/" in own.body
    assert "Of another" not in own.body
    assert sent(date(2019, 5, 20))[0] == "Week of 2019-05-20: 2 sent, 0 sent before, 0 without an e-mail address."


def test_nobody_is_reminded_of_what_is_done_or_of_nothing(world):
    done = action(world, reminded=reader(world))
    governance_workflow.complete_action(done, on=ON, evidence="Paper", **why(world))
    action(world, "Nobody’s")
    assert sent()[0] == "Week of 2019-05-13: 0 sent, 0 sent before, 0 without an e-mail address."
    assert mail.outbox == []


def test_person_without_an_address_is_named_to_whoever_runs_it(world):
    action(world, reminded=world.people["officer.alder"])
    said, errors = sent()
    assert said == "Week of 2019-05-13: 0 sent, 0 sent before, 1 without an e-mail address."
    assert errors == "officer.alder of the tests has open actions and no e-mail address."
    assert not Reminder.objects.exists()


def test_person_who_may_no_longer_see_an_action_is_not_sent_it(world):
    action(world, reminded=reader(world, "stranger", "stranger@example.org"))
    action(world, "Of the officer", reminded=reader(world))
    sent()
    assert [message.to for message in mail.outbox] == [["officer@example.org"]]


def test_clerk_enters_an_action_for_a_colleague_and_reports_it_done(client, world):
    client.force_login(world.people["clerk.alder"])
    page = client.get(reverse("action_create"))
    offered = set(page.context["form"].fields["reminded"].queryset)
    assert world.people["stranger"] not in offered
    assert world.people["officer.birch"] in offered
    data = {"partnership": world.ours.partnership.pk, "title": "Review the agreement", "owner": "Monitoring officer"}
    data["submission"] = page.context["form"]["submission"].value()
    client.post(reverse("action_create"), data)
    found = Action.objects.get()
    page = client.get(reverse("action_complete", args=[found.pk]))
    answer = untouched(page.content.decode()) | {"on": "1 June 2019", "evidence": "Paper 7", "reason": "Reported"}
    client.post(reverse("action_complete", args=[found.pk]), answer)
    found.refresh_from_db()
    assert (found.done_on, found.evidence) == (date(2019, 6, 1), "Paper 7")


def test_example_holds_what_the_endorsed_recommendations_ask_for(example):
    found = Action.objects.filter(partnership__slug="oxfordshire-cherwell")
    assert {(row.owner, row.status(ON), row.decision.body.name) for row in found} == {
        ("Officers of the councils", "Open", "Cabinet"),
        ("Monitoring Officer", "Open", "Cabinet"),
    }
    assert {row.not_stated["due_on"] for row in found} == {"Report to the Cabinet, 23 April 2019"}


def listing(page, path):
    """The rows of another register on a record's page."""
    return next(table["rows"] for table in page.context["listings"] if table["id"] == path)


def test_meeting_shows_its_decisions_and_a_decision_its_actions(client, world):
    with recording(**why(world)):
        held = Meeting(body=world.ours.body, held_on=ON, access="public").full_clean_and_save()
        own = {"body": world.ours.body, "meeting": held, "decided_on": ON}
        shown = Decision(**own, title="Review").full_clean_and_save()
        Decision(**own, title="Contract", no_public_access_reason="Paragraph 3").full_clean_and_save()
    follows = action(world, decision=shown)
    action(world, "Something else")
    client.force_login(world.people["councillor.alder"])
    page = client.get(reverse("meeting_detail", args=[held.pk]))
    assert [row["url"] for row in listing(page, "decisions")] == [shown.get_absolute_url()]
    page = client.get(reverse("decision_detail", args=[shown.pk]))
    assert [row["url"] for row in listing(page, "actions")] == [follows.get_absolute_url()]
