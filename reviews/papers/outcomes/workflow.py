"""The verbs of what comes of a review: taking it, or a business case, to a meeting, and noting the outcome."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from partnership.accounts.permissions import require
from partnership.models import User
from partnership.records.record import recording
from reviews.models import AgendaItem, Outcome


def take_to_meeting(item: AgendaItem, *, by: User, reason: str) -> AgendaItem:
    """Put a review or a business case on the agenda of a meeting.

    Raises ``PermissionDenied``, and ``ValidationError``: on ``meeting`` when that was called off, on ``decision`` for
    another meeting's, or when the meeting takes it already.
    """
    require(by, AgendaItem.edit_permission, item)
    if item.meeting.cancelled_on:
        raise ValidationError({"meeting": "This meeting was called off. Choose another."})
    with recording(by=by, reason=reason):
        return item.full_clean_and_save()


def record_outcome(outcome: Outcome, *, by: User, reason: str) -> Outcome:
    """Record what had come of a recommendation by a day.

    Raises ``PermissionDenied``, and ``ValidationError``: on ``noted_on`` for a day before the review's, on ``text``
    when it is empty.
    """
    require(by, Outcome.edit_permission, outcome)
    with recording(by=by, reason=reason):
        return outcome.full_clean_and_save()
