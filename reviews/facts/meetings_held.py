"""Count the meetings of a partnership's bodies, which a paper may mention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from partnership.models import Meeting
from reviews.facts.councils import BodyFact
from reviews.facts.reading import Reader
from reviews.facts.reviewed import ReviewFacts


@dataclass(frozen=True)
class MeetingsHeld:
    """The days on which a body met, up to the day of a paper."""

    body: BodyFact
    days: tuple[date, ...]


def meetings_held(review: ReviewFacts) -> tuple[MeetingsHeld, ...]:
    """The meetings of each body that has met, without those that were called off."""
    read = Reader(review.facts.partnership.id, review.facts.known_at)
    found = read.under(Meeting, review.facts.bodies, "body")
    held = []
    for body in review.facts.bodies:
        days = [row.held_on for row in found[body.id] if row.cancelled_on is None and row.held_on <= review.as_at]
        if days:
            held.append(MeetingsHeld(body, tuple(sorted(days))))
    return tuple(held)
