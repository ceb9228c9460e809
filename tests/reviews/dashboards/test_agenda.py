"""Meetings, notices, ends of call-in, answers and actions: on the board, behind its counts, and in the calendar."""

from datetime import date

import pytest
from django.db.models import QuerySet
from django.test import Client

from partnership.models import Action, CalendarFeed, Decision, Meeting, Referral
from reviews.facts.dashboard import steering_facts
from tests.boards import read, rows_of
from tests.factories import change, keep, make_body, make_council, make_membership, make_partnership

pytestmark = pytest.mark.django_db
# A Tuesday in May, so that the Easter and May holidays lie between it and the days before.
HELD = date(2019, 5, 14)
DAY = date(2019, 4, 1)


@pytest.fixture
def cabinet():
    """The cabinet of one of two councils, with a meeting in public and one in private."""
    councils = [make_council(name=f"{name} Council", short_name=name) for name in ("ALD", "BIR")]
    partnership = make_partnership(councils=councils, name="ALD and BIR")
    body = make_body(partnership=partnership, council=councils[0], name="Cabinet", kind="executive")
    for access, held_on in (("public", HELD), ("private", date(2019, 6, 4))):
        keep(Meeting(body=body, access=access, held_on=held_on))
    return body


def dates(body, on=DAY, known_at=None, *, papers=True):
    """The dates of the agenda: day, what and whose."""
    found = steering_facts(body.partnership, on, known_at, has_working_papers=papers).dates
    return [(row.on.isoformat(), row.what, row.whose) for row in found]


PUBLIC = [
    ("2019-04-15", "Last day: notice of a key decision", "ALD Cabinet"),
    ("2019-05-03", "Last day: agenda and reports published", "ALD Cabinet"),
    ("2019-05-14", "Meeting", "ALD Cabinet"),
]
PRIVATE = [
    ("2019-05-06", "Last day: notice of a key decision", "ALD Cabinet"),
    ("2019-05-06", "Last day: notice of the private part", "ALD Cabinet"),
    ("2019-06-04", "Meeting", "ALD Cabinet"),
]


def test_meeting_comes_with_the_days_its_notices_and_papers_are_due(cabinet):
    assert dates(cabinet) == sorted([*PUBLIC, *PRIVATE])
    assert dates(cabinet, papers=False) == PUBLIC, "a private meeting is for readers of working papers"


def test_meeting_called_off_is_in_no_calendar_from_that_day(cabinet):
    meeting = Meeting.objects.get(access="private")
    change(meeting, cancelled_on=DAY, cancel_reason="No business")
    assert dates(cabinet) == PUBLIC
    assert dates(cabinet, on=date(2019, 3, 31)) == sorted([*PUBLIC, *PRIVATE])


def test_published_decision_has_a_last_call_in_day_until_it_is_called_in(cabinet):
    meeting = Meeting.objects.get(access="public")
    decision = Decision(body=cabinet, meeting=meeting, title="Sharing a team", decided_on=HELD, reasons="Cheaper")
    decision.alternatives, decision.conflicts, decision.dispensations = ("None",) * 3
    decision.published_on = date(2019, 5, 16)
    decision.call_in_days = 5
    keep(decision)
    last = ("2019-05-23", "Last day to call the decision in", "Sharing a team")
    assert last not in dates(cabinet, on=date(2019, 5, 15)), "it was not published then"
    assert last in dates(cabinet, on=date(2019, 5, 16))
    change(decision, called_in_on=date(2019, 5, 20), call_in_reason="Its cost")
    assert last in dates(cabinet, on=date(2019, 5, 19))
    assert last not in dates(cabinet, on=date(2019, 5, 20))


def test_answers_and_actions_are_overdue_until_they_are_given_and_done(cabinet):
    decision = keep(Decision(body=cabinet, title="Sharing a team", decided_on=DAY))
    scrutiny = make_body(partnership=cabinet.partnership, name="Scrutiny", kind="scrutiny")
    asked = {"asked_for": "Look at it", "referred_on": DAY, "due_on": date(2019, 5, 1)}
    referral = keep(Referral(decision=decision, to_body=scrutiny, **asked))
    action = keep(Action(partnership=cabinet.partnership, title="Write", owner="Clerk", due_on=date(2019, 5, 2)))
    assert ("2019-05-02", "Action due", "Write") in dates(cabinet, papers=False), "it follows from nothing private"
    assert overdue(cabinet, date(2019, 5, 1)) == []
    assert overdue(cabinet, date(2019, 6, 1)) == ["Answer to a referral due", "Action due"]
    late = steering_facts(cabinet.partnership, date(2019, 6, 1), None, has_working_papers=True).overdue
    assert [(row.of, row.record_id) for row in late] == [("decision", decision.id), ("action", action.id)]
    change(referral, answered_on=date(2019, 6, 3), answer="Agreed")
    change(action, done_on=date(2019, 6, 4), evidence="Letter")
    assert overdue(cabinet, date(2019, 6, 2)) == ["Answer to a referral due", "Action due"]
    assert overdue(cabinet, date(2019, 6, 3)) == ["Action due"]
    assert overdue(cabinet, date(2019, 6, 4)) == []


def overdue(body, on):
    """Return what is overdue on a day."""
    return [row.what for row in steering_facts(body.partnership, on, None, has_working_papers=True).overdue]


@pytest.mark.parametrize("how", ["reason", "meeting", "body", "withdrawn"])
def test_results_of_a_private_decision_are_for_readers_of_working_papers(cabinet, how):
    decision = Decision(body=cabinet, title="Secret issue", decided_on=DAY)
    if how == "reason":
        decision.no_public_access_reason = "Paragraph 3"
    elif how == "meeting":
        decision.meeting = Meeting.objects.get(access="private")
        decision.decided_on = decision.meeting.held_on
    elif how == "body":
        decision.body = make_body(partnership=cabinet.partnership, name="Group", meets_in_public=False)
    keep(decision)
    keep(Action(partnership=cabinet.partnership, title="Secret task", owner="A", decision=decision, due_on=DAY))
    if how == "withdrawn":
        # Past the verbs: a decision that actions follow from cannot be withdrawn by any page.
        QuerySet(Decision).filter(pk=decision.pk).update(withdrawn_on=DAY, withdrawn_reason="Entered in error")
    on = date(2019, 7, 1)
    assert ("2019-04-01", "Action due", "Secret task") in dates(cabinet, on)
    assert [row for row in dates(cabinet, on, papers=False) if "Secret" in row[2]] == []


def test_overdue_action_waits_for_those_reminded_and_is_on_the_board(cabinet):
    people = [make_membership(council=cabinet.council, role=role).user for role in ("pwg_member", "pwg_member")]
    own = {"partnership": cabinet.partnership, "owner": "Clerk", "due_on": DAY}
    keep(Action(title="Write the paper", reminded=people[0], **own))
    keep(Action(title="Find a room", **own))
    waiting = []
    for person in people:
        client = Client()
        client.force_login(person)
        response = client.get("/")
        waiting.append({row["words"]: (row["count"], row["url"]) for row in response.context["waiting"]})
        listed = []
        for row in response.context["board"].grids["overdue"].rows:
            listed.append([cell["text"] for cell in row["cells"]])
        assert ["Write the paper", "Action due", "1 April 2019"] in listed
        assert read(response.content.decode()).bare == []
    assert [row["dates are overdue in all"][0] for row in waiting] == ["2", "2"]
    assert [row.get("action of yours is overdue", ("",))[0] for row in waiting] == ["1", ""]
    client.force_login(people[0])
    assert [row["Which"] for row in rows_of(client, waiting[0]["action of yours is overdue"][1])] == ["Write the paper"]


def test_calendar_has_the_meeting_and_what_is_due_before_it(client, cabinet):
    feeds = {}
    for role in ("pwg_member", "councillor"):
        secret = CalendarFeed.make(make_membership(council=cabinet.council, role=role).user, on=DAY)
        text = client.get(f"/calendar/{secret}.ics").content.decode().replace("\r\n ", "")
        feeds[role] = [line.partition(":")[2] for line in text.splitlines() if line.startswith("SUMMARY")]
    said = [f"{what}: {whose}" for _, what, whose in PUBLIC]
    assert feeds["councillor"] == said
    assert sorted(feeds["pwg_member"]) == sorted([*said, *(f"{what}: {whose}" for _, what, whose in PRIVATE)])
