"""List the meetings that take a review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from partnership.models import Body, Meeting
from reviews.facts.reading import Reader
from reviews.models import AgendaItem


@dataclass(frozen=True)
class TakenBy:
    """A meeting that takes the review: of which kind of body, when, and whether the public may attend."""

    id: int
    body_kind: str
    held_on: date
    is_public: bool
    council_id: int | None = None  # whose own body it is; none for a body of several councils

    @property
    def is_public_joint_committee(self) -> bool:
        """Return whether a joint committee considers the review in public."""
        return self.is_public and self.body_kind == Body.Kind.JOINT_COMMITTEE


def taken_by(read: Reader, items: Iterable[AgendaItem]) -> tuple[TakenBy, ...]:
    """The meetings that the items stand for, without those that were called off, the earliest first."""
    items = list(items)
    meetings = read.numbered(Meeting, (row.meeting_id for row in items))
    bodies = read.numbered(Body, (row.body_id for row in meetings.values()))
    found = [(row.id, meetings[row.meeting_id]) for row in items if row.meeting_id in meetings]
    taking = [
        TakenBy(
            number,
            bodies[row.body_id].kind,
            row.held_on,
            row.access != Meeting.Access.PRIVATE,
            bodies[row.body_id].council_id,
        )
        for number, row in found
        if row.cancelled_on is None
    ]
    return tuple(sorted(taking, key=lambda row: (row.held_on, row.id)))
