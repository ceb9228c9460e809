"""Take published editions down: one person proposes it, a second one confirms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from partnership.models import User
from partnership.records.record import recording
from reviews.models import Edition, Review, Takedown


def propose_takedown(
    review: Review, *, editions: Iterable[Edition], statement: str, by: User, reason: str
) -> list[Takedown]:
    """Propose to take editions down. ``statement`` is printed where they were.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``edition`` or ``statement``.
    """
    review.why_not_take_down(by=by).check()
    made = []
    with recording(by=by, reason=reason):
        for edition in editions:
            takedown = Takedown(review=review, edition=edition, statement=statement, proposed_by=by)
            made.append(takedown.full_clean_and_save())
    return made


def confirm_takedowns(proposals: Iterable[Takedown], *, on: date, by: User, reason: str) -> list[Takedown]:
    """Take the editions down from every page. Raises ``PermissionDenied`` and ``ValidationError``."""
    return _settle(proposals, Takedown.Outcome.CONFIRMED, on=on, by=by, reason=reason)


def refuse_takedowns(proposals: Iterable[Takedown], *, on: date, by: User, reason: str) -> list[Takedown]:
    """Leave the editions where they are. Raises ``PermissionDenied`` and ``ValidationError``."""
    return _settle(proposals, Takedown.Outcome.REFUSED, on=on, by=by, reason=reason)


def _settle(proposals: Iterable[Takedown], outcome: str, *, on: date, by: User, reason: str) -> list[Takedown]:
    settled = []
    with recording(by=by, reason=reason):
        for proposal in proposals:
            proposal.why_not_settle(by=by, on=on).check()
            proposal.settled_by = by
            proposal.settled_on = on
            proposal.outcome = outcome
            settled.append(proposal.full_clean_and_save())
    return settled
