"""A record's history in words: "Home council: not stated → Oxfordshire", with who, when and why."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from partnership import text
from partnership.dates import in_words
from partnership.generic.display import (
    RESTRICTED,
    Names,
    display_value,
    has_field,
    is_unknown,
    label_of,
    qualifier_fields,
)
from partnership.models import User
from partnership.records.record import Record, RecordQuerySet

UNSHOWN = {"id", "version", "not_stated", "withdrawn_on", "withdrawn_reason"}


def entries(
    record: Record,
    parts: list[tuple[RecordQuerySet, defaultdict[int, frozenset[str]]]],
    hidden: frozenset[str],
    user: User,
) -> list[dict[str, Any]]:
    """Return the changes to the record and its parts, newest first.

    ``parts`` are (the rows this person may see, fields they may not by row); ``hidden`` are such fields of the record.
    Costs one query for each model, and one for each model that the rows refer to.
    """
    found = [(row, before, "", hidden) for row, before in _versions(type(record).objects.filter(pk=record.pk))]
    for visible, unseen in parts:
        kind = visible.model._meta.verbose_name
        found += [(row, before, kind, unseen[row.id]) for row, before in _versions(visible)]
    found.sort(key=lambda item: (item[0].history_date, item[0].recorded_at, item[0].history_id), reverse=True)
    names = names_of([row for row, *_ in found], user)
    return [entry_of(row, before, kind, unseen, names) for row, before, kind, unseen in found]


def _versions(records: RecordQuerySet) -> list[tuple[Any, Any]]:
    """Return each history row with the one before it of the same record."""
    last: dict[int, Any] = {}
    pairs = []
    for row in records.history_rows().order_by("history_date", "history_id"):
        pairs.append((row, last.get(row.id)))
        last[row.id] = row
    return pairs


def versions_since(records: RecordQuerySet, since: datetime) -> list[tuple[Any, Any]]:
    """Return each record that changed after a moment: its last version, and the one of that moment or ``None``."""
    last: dict[int, Any] = {}
    then: dict[int, Any] = {}
    for row in records.history_rows().order_by("history_id"):
        last[row.id] = row
        if row.recorded_at <= since:
            then[row.id] = row
    return [(row, then.get(number)) for number, row in last.items() if row is not then.get(number)]


def names_of(rows: list[Any], user: User) -> Names:
    """Return today's names of the records to which the history refers, as far as the person may see them.

    One query for each kind.
    """
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for row in rows:
        for field in row.instance_type._meta.fields:
            value = getattr(row, field.attname)
            if isinstance(field, models.ForeignKey) and value is not None:
                wanted[field.related_model].add(value)
    names = {}
    for model, ids in wanted.items():
        related = [f.name for f in model._meta.fields if isinstance(f, models.ForeignKey)]
        related += getattr(model, "name_select_related", ())
        names |= dict.fromkeys(((model, number) for number in ids), RESTRICTED)
        seen = model.objects.visible_to(user) if issubclass(model, Record) else model._base_manager.all()
        for other in seen.filter(pk__in=ids).select_related(*related):
            names[model, other.pk] = str(other)
    return names


def entry_of(row: Any, before: Any, kind: str, unseen: frozenset[str], names: Names) -> dict[str, Any]:
    """Put one change into words: who did what, when and why."""
    when = timezone.localtime(row.history_date)
    if row.withdrawn_on is not None and (before is None or before.withdrawn_on is None):
        verb = "withdrew"
    else:
        verb = "changed" if before else "entered"
    return {
        "who": row.person,
        "when": f"{in_words(when.date())}, {when:%H:%M}",
        "reason": text.in_words(row.history_change_reason or ""),
        "verb": verb,
        "subject": kind,
        "changes": changes(row, before, unseen, names),
    }


def changes(row: Any, before: Any, unseen: frozenset[str], names: Names) -> list[dict[str, str]]:
    """The fields that differ from the version before, in words; for a first version, all that were filled in."""
    new = row.instance
    old = before.instance if before else None
    model = type(new)
    changed = {
        field.name
        for field in model._meta.fields
        if (not is_unknown(new, field.name) if old is None else _differs(new, old, field))
    }
    if old is not None:  # from "not recorded" to "not stated", or back
        marks = set(new.not_stated) ^ set(old.not_stated)
        changed |= {name for name in marks if has_field(model, name) and is_unknown(new, name)}
    for field in model._meta.fields:  # a change of precision or "about" shows on the figure it qualifies
        for attribute in ("precision_field", "about_field"):
            if old is not None and getattr(field, attribute, "") in changed and not is_unknown(new, field.name):
                changed.add(field.name)
    shown = [
        f.name
        for f in model._meta.fields
        if f.name in changed - UNSHOWN - model.internal - qualifier_fields(model) - unseen
    ]
    return [
        {
            "label": label_of(model, name),
            "old": display_value(old, name, names) if old is not None else "",
            "new": display_value(new, name, names),
        }
        for name in shown
    ]


def _differs(new: Record, old: Record, field: models.Field) -> bool:
    return getattr(new, field.attname) != getattr(old, field.attname)
