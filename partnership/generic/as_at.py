"""A register and its records as they were: ``?as_at=2019-03-16`` on a list or a record's page.

What is shown was true on that day as known at its end – titles and names included, of the records it refers to as
well – or, with ``&known=now``, as far as is known today. Who may see it is asked today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import ForeignKey

from partnership.accounts.permissions import today
from partnership.generic.display import Column
from partnership.models import User
from partnership.records.as_at import AsAt, moment_asked_for, rows_as_of, step_on
from partnership.records.record import Record, known

if TYPE_CHECKING:
    from partnership.generic.register import Register


def moment_of(asked: Mapping[str, str]) -> AsAt:
    """The moment that a page's address asks for."""
    return moment_asked_for(asked, today())


def rows_then(register: Register, user: User, moment: AsAt, **within: Any) -> list[Record]:
    """The rows of a register (``within`` a parent, for a part) as they stood, with what they refer to as it stood."""
    found = register.as_true_on(seen_then(register.model, user, moment, **within), moment)
    refer_then(found, register.model, moment)
    if register.restricted:
        rows = register.with_related(register.model.objects.filter(pk__in=[record.pk for record in found]))
        now = {row.pk: row for row in rows}
        for record in found:
            record.current_row = now[record.pk]
    return found


def seen_then(model: type[Record], user: User, moment: AsAt, **within: Any) -> list[Any]:
    """The rows of a model that the person may see, as they stood, in the order of today's."""
    visible = model.objects.visible_to(user).filter(**within)
    places = {key: place for place, key in enumerate(visible.values_list("pk", flat=True))}
    then = rows_as_of(model, moment.known_at, id__in=list(places))
    return visible.exclude_restricted_versions(sorted(then, key=lambda row: places[row.pk]))


def refer_then(records: Iterable[Record], model: type[Record], moment: AsAt) -> None:
    """Let the records' links lead to what they referred to as it stood; one query for each kind of link."""
    for field in model._meta.fields:
        if not isinstance(field, ForeignKey):
            continue
        ids = {getattr(record, field.attname) for record in records} - {None}
        then = _as_they_stood(field.related_model, ids, moment)
        for record in records:
            if getattr(record, field.attname) in then:
                setattr(record, field.name, then[getattr(record, field.attname)])


def _as_they_stood(model: type, ids: set[int], moment: AsAt) -> dict[int, Any]:
    """Records with these ids as they stood. What the history lacks then is today's."""
    links = [f.name for f in model._meta.fields if isinstance(f, ForeignKey)]
    found = {row.pk: row for row in model._base_manager.filter(pk__in=ids).select_related(*links)}
    if issubclass(model, Record) and moment.known_at is not None:
        found |= {row.pk: row for row in known(model, moment.known_at, id__in=ids)}
    return found


def plain_columns(register: Register, user: User) -> list[Column]:
    """The columns that are fields of the record; others are worked out of today's rows."""
    return [column for column in register.columns_for(user) if column.name]


def table_row(register: Register, columns: list[Column], record: Record, user: User, moment: AsAt) -> dict[str, Any]:
    """A row of a table, its link leading to the record at the same moment."""
    row = register.row(columns, record, user)
    return row | {"url": moment.address(row["url"])}


def parts_then(register: Register, record: Record, user: User, moment: AsAt) -> list[dict[str, Any]]:
    """The tables of a record's parts as they stood."""
    tables = []
    for part in register.part_registers:
        if not part.policy.may_read(user):
            continue
        columns = plain_columns(part, user)
        rows = rows_then(part, user, moment, **{part.parent: record.pk})
        for row in rows:
            setattr(row, part.parent, record)
        tables.append(
            {
                "id": part.path,
                "label": part.label_plural,
                "columns": [{"label": column.label, "numeric": column.numeric} for column in columns],
                "rows": [table_row(part, columns, row, user, moment) for row in rows],
                "empty_text": "Nothing was recorded here by then.",
            }
        )
    return tables


def stepped(records: list[Any], moment: AsAt, steps: type[Record], link: str, fields: tuple[str, ...]) -> list[Any]:
    """The records with the fields that steps keep over time as they were on the day; those not yet begun left out."""
    found: dict[int, list[Any]] = {record.pk: [] for record in records}
    for step in rows_as_of(steps, moment.known_at, **{f"{link}_id__in": list(found)}):
        found[getattr(step, f"{link}_id")].append(step)
    begun = []
    for record in records:
        step = step_on(found[record.pk], moment.as_at)
        if step is None:
            continue
        for name in fields:
            setattr(record, name, getattr(step, name))
        begun.append(record)
    return begun
