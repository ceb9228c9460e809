"""List the lines that wait for a finance verifier, those that they may not verify, and those verified lately."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from joint_posts.models import SavingLine
from partnership.accounts.roles import Permission
from partnership.dates import in_words
from partnership.models import User
from partnership.records.record import RecordQuerySet

OWN_ENTRY = "You entered or last changed these figures, so somebody else of your council verifies them."
NOTHING_DELIVERED = "No delivery recorded"
WAITS = "Waits for verification"
LATELY = 20  # lines


def may_open(user: User) -> bool:
    """Return whether the person verifies savings anywhere."""
    return user.has_perm(Permission.VERIFY_SAVINGS)


def how_many_wait(user: User, **within: Any) -> int:
    """Count the figures that this user is to verify, ``within`` a partnership where one is given."""
    waiting = lines_of(user).waiting().filter(**within)
    return waiting.count() - waiting.entered_by(user).count()


def lines_of(user: User) -> RecordQuerySet:
    """The lines of the councils whose savings the person verifies."""
    councils = user.authority.councils(Permission.VERIFY_SAVINGS)
    lines = SavingLine.objects.visible_to(user).active().filter(council__in=councils)
    return lines.select_related("saving", "council", "figures_changed_by", "verified_by")


def waiting_for(user: User) -> tuple[list[SavingLine], list[SavingLine]]:
    """The figures that wait: those the person verifies, and those that are their own entries."""
    waiting = lines_of(user).waiting()
    own = set(waiting.entered_by(user).values_list("pk", flat=True))
    lines = waiting.order_by("saving__title", "financial_year", "council__name", "pk")
    return [line for line in lines if line.pk not in own], [line for line in lines if line.pk in own]


def reasons_of(lines: Iterable[SavingLine]) -> dict[int, str]:
    """Return the reason of the last change of each line, by its number."""
    versions = SavingLine.history.filter(id__in=[line.pk for line in lines]).order_by("history_id")
    return dict(versions.values_list("id", "history_change_reason"))


def verified_lately(user: User) -> list[SavingLine]:
    """The lines verified last, the newest first."""
    return list(lines_of(user).filter(verified_on__isnull=False).order_by("-verified_on", "-pk")[:LATELY])


def verified_before(lines: Iterable[SavingLine]) -> dict[int, tuple[str, date]]:
    """For each line whose verification a later change cleared: who had verified it, and when."""
    cleared = [line.pk for line in lines if line.verified_by_id is None]
    rows = SavingLine.history.filter(id__in=cleared, verified_by__isnull=False).select_related("verified_by")
    in_order = rows.order_by("history_date", "history_id")
    return {row.id: (str(row.verified_by), row.verified_on) for row in in_order}


def in_a_sentence(line: SavingLine, before: dict[int, tuple[str, Any]]) -> str:
    """Return the verification status of a line. ``before`` is the result of `verified_before`."""
    if line.verified_by_id is not None:
        note = f": {line.verification_note}" if line.verification_note else ""
        return f"Verified by {line.verified_by} on {in_words(line.verified_on)}{note}"
    state = NOTHING_DELIVERED if line.delivered is None else WAITS
    if line.pk not in before:
        return state
    who, on = before[line.pk]
    return f"{state}. Verified by {who} on {in_words(on)} until the figure, its period or its meaning changed"
