"""The verbs of meetings."""

from __future__ import annotations

from datetime import date

from partnership.models import Meeting, User
from partnership.records import recording


def call_off(meeting: Meeting, *, on: date, by: User, reason: str) -> Meeting:
    """Call a meeting off; its page stays, with the reason.

    Raises ``PermissionDenied``, and ``ValidationError`` when it was called off before or, on ``on``, after its day.
    """
    meeting.why_not_call_off(by=by, on=on).check()
    with recording(by=by, reason=reason):
        meeting.cancelled_on, meeting.cancel_reason = on, reason.strip()
        return meeting.put_on_record()
