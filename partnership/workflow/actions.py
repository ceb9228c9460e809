"""The verbs of actions."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError

from partnership.models import Action, User
from partnership.records import recording


def complete_action(action: Action, *, on: date, evidence: str, by: User, reason: str) -> Action:
    """Record that an action is done, with what shows it.

    Raises ``PermissionDenied``, and ``ValidationError``; on ``evidence`` when there is none.
    """
    action.why_not_complete(by=by, on=on).check()
    if not evidence.strip():
        raise ValidationError({"evidence": "Say what shows that it is done."})
    with recording(by=by, reason=reason):
        action.done_on, action.evidence = on, evidence.strip()
        return action.put_on_record()


def reopen_action(action: Action, *, by: User, reason: str) -> Action:
    """Open an action again that turned out not to be done; the history keeps the earlier evidence.

    Raises ``PermissionDenied``, and ``ValidationError`` when it is open.
    """
    action.why_not_reopen(by=by).check()
    with recording(by=by, reason=reason):
        action.done_on, action.evidence = None, ""
        return action.put_on_record()
