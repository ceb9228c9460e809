"""Enter, change, hand over and withdraw records of any register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from partnership.accounts.permissions import require
from partnership.accounts.roles import Permission
from partnership.records.record import Record, recording
from partnership.records.tenancy import active_dependents


def set_not_stated(record: Record, not_stated: Mapping[str, str] | None, *, by: AbstractBaseUser) -> None:
    """Note on an unsaved change which facts the source leaves open, and which source that is.

    "Not stated" is an answer that only who records from the public record may give. Raises ``PermissionDenied``, and
    ``ValidationError`` on the field when the source has no name.
    """
    if not not_stated:
        return
    require(by, Permission.RECORD_FROM_PUBLIC_RECORD, record)
    nameless = {
        record._meta.get_field(name).name: "Name the source that leaves this open."
        for name, source in not_stated.items()
        if not source.strip()
    }
    if nameless:
        raise ValidationError(nameless)
    record.not_stated = {**record.not_stated, **not_stated}


def enter(record: Record, *, by: AbstractBaseUser, reason: str, not_stated: Mapping[str, str] | None = None) -> Any:
    """Put a new record on a register that has no verb of its own for it, such as a body or a comparator.

    Raises ``PermissionDenied`` and ``ValidationError``.
    """
    require(by, record.edit_permission, record)
    set_not_stated(record, not_stated, by=by)
    with recording(by=by, reason=reason):
        return record.full_clean_and_save()


def change(
    record: Record, *, by: AbstractBaseUser, reason: str, not_stated: Mapping[str, str] | None = None, **facts: Any
) -> Any:
    """Change facts that stand on a form. What only a verb may change (not editable) is refused with ``ValueError``.

    Raises ``PermissionDenied`` – also when the record would move to where the person has no say – and
    ``ValidationError``.
    """
    record.why_not_change(by=by).check()
    if set(facts) & set(record.owner_fields):
        raise ValueError("Whose the record is changes only when it is handed over.")
    for name, fact in facts.items():
        if not record._meta.get_field(name).editable:
            raise ValueError(f"“{name}” changes only through its own verb.")
        setattr(record, name, fact)
    require(by, record.edit_permission, record)
    set_not_stated(record, not_stated, by=by)
    with recording(by=by, reason=reason):
        return record.full_clean_and_save()


def hand_over(record: Record, *, by: AbstractBaseUser, reason: str, **owners: Any) -> Any:
    """Make a record that of another council, or of all the councils of its partnership.

    Raises ``PermissionDenied`` unless the person may write it for each council that loses it, and afterwards.
    """
    stored = type(record).objects.get(pk=record.pk)
    for name, owner in owners.items():
        setattr(record, name, owner)
    stored.why_not_hand_over(by=by, to=record).check()
    with recording(by=by, reason=reason):
        return record.full_clean_and_save()


def withdraw(record: Record, *, on: date, by: AbstractBaseUser, reason: str) -> Any:
    """Take a record that should not stand off every list and total, keeping it in the history with the reason.

    What is part of it goes with it. Raises ``PermissionDenied``, and ``ValidationError`` when it was withdrawn before
    or something else that stands is linked to it.
    """
    record.why_not_withdraw(by=by, on=on).check()
    _check_not_needed(record, by)
    with recording(by=by, reason=reason):
        record.withdrawn_on = on
        record.withdrawn_reason = reason.strip()
        return record.full_clean_and_save()


MOST_NAMED = 3


def _check_not_needed(record: Record, by: AbstractBaseUser) -> None:
    """Nothing that stands is left linked to what does not; the sentence names only what the person may see."""
    number = 0
    named = []
    for rows in active_dependents(record):
        number += rows.count()
        kind = rows.model._meta.verbose_name
        named += [f"{kind} “{row}”" for row in rows.visible_to(by)[: MOST_NAMED - len(named)]]
    if not number:
        return
    others = [f"{number - len(named)} more"] if number > len(named) else []
    *first, last = [*named, *others]
    needing_it = f"{', '.join(first)} and {last}" if first else last
    raise ValidationError(f"Still linked to it: {needing_it}. Change or withdraw what is linked first.")
