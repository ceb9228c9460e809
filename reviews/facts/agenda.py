"""The dates that follow from meetings, decisions and actions: what is due before one, after one, and until when.

What was or will be dealt with in private is for the readers of working papers alone, as on the registers themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from partnership.governance.timetable import timetable
from partnership.models import Action, Body, Decision, Meeting, Referral
from partnership.models.decisions import decided_in_private
from reviews.facts.dates import DateFact, of_record
from reviews.facts.partnership import Facts
from reviews.facts.reading import Reader, all_rows


@dataclass(frozen=True)
class _Agenda:
    """The meetings and decisions of a partnership's bodies as known at a moment, by id."""

    bodies: dict[int, Body]
    meetings: dict[int, Meeting]
    decisions: dict[int, Decision]
    closed: frozenset[int]  # those of the decisions that are private by now, whatever was known of them then

    def is_private(self, decision_id: int | None) -> bool:
        """Return whether a decision was taken in private, or is no longer there to say that it was not."""
        if decision_id is None:
            return False
        decision = self.decisions.get(decision_id)
        if decision is None or decision.no_public_access_reason or decision_id in self.closed:
            return True
        if decision.meeting_id is None:
            return not self.bodies[decision.body_id].meets_in_public
        meeting = self.meetings.get(decision.meeting_id)
        return meeting is None or meeting.access == Meeting.Access.PRIVATE


def agenda_dates(read: Reader, facts: Facts, *, has_working_papers: bool) -> tuple[DateFact, ...]:
    """Meetings with what is due before them, ends of call-in, and what somebody still has to answer or to do."""
    bodies = {row.id: row for row in read.own(Body)}
    as_at = facts.as_at
    meetings = _of_bodies(read, Meeting, bodies)
    decisions = _of_bodies(read, Decision, bodies)
    closed = frozenset() if has_working_papers else _closed(decided_in_private(), decisions.values())
    agenda = _Agenda(bodies, meetings, decisions, closed)
    names = {body.id: body.name for body in facts.bodies}
    referrals = read.under(Referral, decisions.values(), "decision")

    def may_see(decision_id: int | None) -> bool:
        return has_working_papers or not agenda.is_private(decision_id)

    found: list[DateFact] = []
    behind_doors = frozenset() if has_working_papers else _closed(Q(access="private"), meetings.values())
    for meeting in meetings.values():
        if has_working_papers or not (meeting.access == Meeting.Access.PRIVATE or meeting.id in behind_doors):
            found += _of_meeting(meeting, names[meeting.body_id], as_at)
    for decision in decisions.values():
        if decision.decided_on <= as_at and may_see(decision.id):
            found += _of_decision(decision, referrals[decision.id], as_at)
    found += _of_actions((row for row in read.own(Action) if may_see(row.decision_id)), as_at)
    return tuple(found)


def _closed(private: Q, then: Iterable[Any]) -> frozenset[int]:
    """Return the rows of an earlier time that are private by now. Today's rows decide who may see them."""
    rows = list(then)
    own = type(rows[0]).objects.filter(private, pk__in=[row.id for row in rows]) if rows else Decision.objects.none()
    return frozenset(own.values_list("pk", flat=True))


def _of_bodies(read: Reader, model: type, bodies: dict[int, Body]) -> dict[int, Any]:
    """The rows of the bodies by id, each leading to its body as it was known."""
    rows = all_rows(read.under(model, bodies.values(), "body"))
    for row in rows:
        row.body = bodies[row.body_id]
    return {row.id: row for row in rows}


def _of_meeting(meeting: Meeting, whose: str, as_at: date) -> Iterator[DateFact]:
    if meeting.cancelled_on and meeting.cancelled_on <= as_at:
        return
    yield of_record(meeting, "held", of="meeting", on=meeting.held_on, what="Meeting", whose=whose)
    for place, due in enumerate(timetable(meeting, councils=())):
        if due.by:
            what = f"Last day: {due.what[:1].lower()}{due.what[1:]}"
            yield of_record(meeting, f"due-{place}", of="meeting", on=due.by, what=what, whose=whose)


def _of_decision(decision: Decision, referrals: Iterable[Referral], as_at: date) -> Iterator[DateFact]:
    is_published = decision.published_on is not None and decision.published_on <= as_at
    is_called_in = decision.called_in_on is not None and decision.called_in_on <= as_at
    if is_published and not is_called_in and decision.last_day_to_call_in:
        on = decision.last_day_to_call_in
        yield of_record(decision, "call-in", of="decision", on=on, what="Last day to call the decision in")
    for row in referrals:
        is_open = row.answered_on is None or row.answered_on > as_at
        if row.due_on and row.referred_on <= as_at and is_open:
            what = "Answer to a referral due"
            yield of_record(decision, f"referral-{row.id}", of="decision", on=row.due_on, what=what, is_duty=True)


def _of_actions(actions: Iterable[Action], as_at: date) -> Iterator[DateFact]:
    for row in actions:
        is_open = row.done_on is None or row.done_on > as_at
        if row.due_on and is_open:
            yield of_record(row, "due", of="action", on=row.due_on, what="Action due", is_duty=True)
