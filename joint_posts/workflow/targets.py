"""Setting what a council means to save."""

from __future__ import annotations

from joint_posts.models import SavingsTarget
from partnership.access import require
from partnership.models import User
from partnership.records import recording
from partnership.roles import Permission


def set_target(target: SavingsTarget, *, by: User, reason: str) -> SavingsTarget:
    """Set or change what a council means to save in a year.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``council`` for a council that is no party.
    """
    require(by, Permission.KEEP_SAVINGS, target)
    with recording(by=by, reason=reason):
        return target.put_on_record()
