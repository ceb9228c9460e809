"""The verbs of meetings."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError

from partnership.access import require
from partnership.models import Meeting, User
from partnership.records import recording


def call_off(meeting: Meeting, *, on: date, by: User, reason: str) -> Meeting:
    """Call a meeting off; its page stays, with the reason.

    Raises ``PermissionDenied``, and ``ValidationError`` when it was called off before or, on ``on``, after its day.
    """
    require(by, Meeting.kept_with, meeting)
    if meeting.cancelled_on:
        raise ValidationError("This meeting was called off before.")
    if on > meeting.held_on:
        raise ValidationError({"on": "A meeting is called off before its day or on it."})
    with recording(by=by, reason=reason):
        meeting.cancelled_on, meeting.cancel_reason = on, reason.strip()
        return meeting.put_on_record()
