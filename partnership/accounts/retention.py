"""Blank personal data some years after its use has ended. The rows stay, and the audit chain holds.

Each model declares which fields, for how long and from which day: `personal`, `personal_kept_years`,
`retention_starts_on()`.
Who changed a record is part of the public record and is kept. What was published stays published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from partnership.audit.log import BLANKED, remembered_models
from partnership.audit.triggers import triggers_disabled
from partnership.dates import add_months, in_words
from partnership.models import User
from partnership.models.technical import Redaction
from partnership.records.data_versions import DataVersion
from partnership.records.record import Record, recording


@dataclass(frozen=True)
class Due:
    """A record whose personal fields are to be blanked, and why."""

    record: Record
    fields: tuple[str, ...]
    reason: str


def due(on: date) -> Iterator[Due]:
    """The records whose personal fields have been kept as long as they may be on a day."""
    for model in remembered_models():
        for record in model._base_manager.order_by("pk") if model.personal else ():
            starts_on = record.retention_starts_on()
            said = tuple(name for name in model.personal if getattr(record, name) not in (None, "", BLANKED))
            years = model.personal_kept_years
            if said and starts_on and add_months(starts_on, 12 * years) <= on:
                yield Due(record, said, f"Kept for {years} years after {in_words(starts_on)}, as the schedule says.")


def blank(found: list[Due], *, by: User, on: date) -> None:
    """Blank what is due, in the records and in their history, all of it or nothing; and remember that it was.

    On PostgreSQL only the owner of the tables may: the portal's own role cannot touch a history.
    """
    with transaction.atomic(), triggers_disabled():
        for one in found:
            blank_record(one, by=by, on=on)


def blank_record(one: Due, *, by: User, on: date) -> None:
    """Blank one record: a new version without the words, and the words taken out of those before it."""
    record = one.record
    empty = {name: nothing(record, name) for name in one.fields}
    with recording(by=by, reason=one.reason):
        for name, value in empty.items():
            setattr(record, name, value)
        record.save()  # not `full_clean_and_save`: a rule that is younger than the row must not keep a name in it
    earlier = type(record).history.filter(id=record.pk, version__lt=record.version)
    redaction = Redaction.objects.create(
        register=record._meta.label_lower,
        record_id=record.pk,
        fields=list(one.fields),
        versions=earlier.update(salt="", **{name: nothing(record, name) for name in record.personal}),
        reason=one.reason,
        by=by,
        by_name=by.name,
        on=on,
    )
    DataVersion.bump_and_seal(Redaction.written(pk=redaction.pk))


def nothing(record: Record, name: str) -> Any:
    """Return the content of a field after it was blanked: nothing, or a word where the field needs one."""
    field = record._meta.get_field(name)
    if field.null:
        return None
    return "" if field.blank else BLANKED
