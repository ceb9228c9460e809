"""The verbs of what comes of a review: taking it, or a business case, to a meeting."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from partnership.access import require
from partnership.models import User
from partnership.records import recording
from reviews.models import AgendaItem


def take_to_meeting(item: AgendaItem, *, by: User, reason: str) -> AgendaItem:
    """Put a review or a business case on the agenda of a meeting.

    Raises ``PermissionDenied``, and ``ValidationError``: on ``meeting`` when that was called off, on ``decision`` for
    another meeting's, or when the meeting takes it already.
    """
    require(by, AgendaItem.kept_with, item)
    if item.meeting.cancelled_on:
        raise ValidationError({"meeting": "This meeting was called off. Choose another."})
    with recording(by=by, reason=reason):
        return item.put_on_record()
