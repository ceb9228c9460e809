"""Note what a person saw on the page of an act, so that the act is refused when it has changed since.

The page's form carries the version of the record and, for an act that takes other rows along, a digest of their
versions. `what_changed` says for the record what it was on the page and what it is now.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from partnership import text
from partnership.dates import in_words
from partnership.generic import history
from partnership.models import User
from partnership.records.record import Record

if TYPE_CHECKING:
    from partnership.generic.register import Register


def rows_along(record: Record, path: str) -> QuerySet:
    """Return the rows that belong to the record; a path like "cost_shares__council_shares" leads on to theirs."""
    rows: QuerySet = type(record)._base_manager.filter(pk=record.pk)
    for step in path.split("__"):
        link = rows.model._meta.get_field(step)
        rows = link.related_model._base_manager.filter(**{f"{link.field.name}__in": rows})
    return rows


def digest_of(record: Record, paths: Iterable[str]) -> str:
    """Return a digest of the numbers and versions of the rows that an act takes along."""
    parts = []
    for path in paths:
        versions = rows_along(record, path).order_by("pk").values_list("pk", "version")
        parts.append(f"{path}:{list(versions)}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def mark(record: Record, paths: tuple[str, ...], at: datetime) -> str:
    """Return what the form carries of the rows that the act takes along: when they were shown, and their digest."""
    return f"{at.isoformat()} {digest_of(record, paths)}" if paths else ""


def is_as_shown(record: Record, paths: tuple[str, ...], seen: str) -> bool:
    """Return whether the rows that the act takes along are still those of the page."""
    return not paths or seen.rpartition(" ")[2] == digest_of(record, paths)


def what_changed(register: Register, record: Record, user: User, *, version: int | None, seen: str) -> dict[str, Any]:
    """Return who changed the record last, and each field as it was on the page and as it is now.

    Only what the person may see today is told, as on the page of its history.
    """
    versions = type(record).objects.filter(pk=record.pk).history_rows().order_by("history_id")
    last = versions.last()
    rows = []
    before = versions.filter(version=version).last() if version is not None else None
    if last is not None and before is not None and before.version != last.version:
        names = history.names_of([before, last], user)
        hidden = register.policy.hidden_fields(user, record)
        rows += [
            {"label": change["label"], "seen": change["old"], "now": change["new"]}
            for change in history.changes(last, before, hidden, names)
        ]
    shown_at = parse_datetime(seen.partition(" ")[0]) if seen else None
    if shown_at is not None and timezone.is_aware(shown_at):
        rows += _changes_along(register, record, user, shown_at)
    when = timezone.localtime(last.recorded_at) if last is not None else None
    return {
        "who": last.person if last is not None else "Somebody",
        "when": f"{in_words(when.date())}, {when:%H:%M}" if when else "",
        "reason": text.in_words(last.history_change_reason or "") if last is not None else "",
        "is_record": last is not None and version != last.version,
        "rows": rows,
    }


def _changes_along(register: Register, record: Record, user: User, since: datetime) -> Iterator[dict[str, str]]:
    """Yield the changes of the record's parts since a moment, as far as the person may see them."""
    for part in register.part_registers:
        if not part.policy.may_read(user):
            continue
        hidden = frozenset(part.policy.hidden_fields(user, record)) | {part.parent}
        pairs = history.versions_since(part.visible_children(record, user), since)
        names = history.names_of(list(filter(None, itertools.chain.from_iterable(pairs))), user)
        for row, before in pairs:
            for change in history.changes(row, before, hidden, names):
                label = f"{part.label} “{part.title_of(row.instance)}”: {change['label']}"
                yield {"label": label, "seen": change["old"] or "Not there", "now": change["new"]}
