"""Cells of a file said by the database itself: what `export_value` makes of a field and `cell` of that, as text.

A file of many rows is written many times as fast when no record is made of each row. The database says what stands in
a field of its own table, or the name of the row it links to; where only Python knows, there is nothing here, and the
register's file is made of records. A test holds both to the same cells.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Case, Expression, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from partnership.generic.display import NOT_STATED
from partnership.generic.exports import FORMULA_STARTS, GUARD, cell, csv_lines
from partnership.records.record import Record

ROWS_AT_ONCE, BYTES_AT_ONCE, BYTES_IN_MEMORY = 1_000, 64 * 1024, 8 * 1024 * 1024


class Guarded(Func):
    """A text that no spreadsheet takes for a formula (`exports.cell`). Most begin with a letter, which is soon seen."""

    output_field = TextField()
    _guard = GUARD.replace("'", "''")
    _bare = f"ltrim(%(expressions)s, '{_guard}')"
    _starts = "".join(start for start in FORMULA_STARTS if start not in ("-", "\0")) + "-"
    template = (
        f"CASE WHEN %(expressions)s COLLATE \"C\" BETWEEN 'A' AND 'zz' THEN %(expressions)s"
        f" WHEN {_bare} ~ '^[{_starts}]' THEN '{_guard}' || %(expressions)s ELSE %(expressions)s END"
    )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """SQLite, other than PostgreSQL, could keep a NUL."""
        begins = f"{self._bare} GLOB '[{self._starts}]*' OR instr(%(expressions)s, char(0))"
        template = self.template.replace(f"{self._bare} ~ '^[{self._starts}]'", begins).replace('"C"', "BINARY")
        return self.as_sql(compiler, connection, template=template, **context)


class Source(Func):
    """Who leaves a field open, if anybody is named."""

    output_field = TextField()
    template = f"NULLIF('{NOT_STATED}: ' || (%(expressions)s ->> '%(name)s'), '{NOT_STATED}: ')"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """As a rule nothing is left open, which is quicker seen than looked up."""
        said = self.template.replace("(%(expressions)s ->> '%(name)s')", "json_extract(%(expressions)s, '$.%(name)s')")
        return self.as_sql(
            compiler, connection, template=f"CASE WHEN %(expressions)s <> '{{}}' THEN {said} END", **context
        )


class Number(Func):
    """A decimal number with all its places, which SQLite does not keep."""

    output_field = TextField()
    template = "CAST(%(expressions)s AS text)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="printf('%%%%.%(places)sf', %(expressions)s)", **context)


def said_by_database(model: type[Record], name: str) -> Expression | None:
    """What stands in a file for a field; nothing where only Python can say it."""
    field = model._meta.get_field(name)
    said = _said(field)
    if said is None:
        return None
    is_empty = Q(**{f"{name}__isnull": True}) if field.null else Q()
    if isinstance(field, models.CharField | models.TextField):
        is_empty |= Q(**{name: ""})
    if not is_empty:
        return said
    return Case(When(is_empty, then=Source(F("not_stated"), name=name)), default=said, output_field=TextField())


def _said(field: models.Field) -> Expression | None:
    if field.choices:
        words = [
            When(**{field.name: value}, then=Value(cell(str(words)))) for value, words in field.flatchoices if value
        ]
        return Case(*words, default=Guarded(F(field.name)), output_field=TextField())
    match field:
        case models.ForeignKey():
            name_field = getattr(field.related_model, "name_field", "")
            return Guarded(F(f"{field.name}__{name_field}")) if name_field else None
        case models.CharField() | models.TextField():
            return Guarded(F(field.name))
        case models.DecimalField():
            return Number(F(field.name), places=field.decimal_places)
        case models.DateTimeField() | models.BooleanField():
            return None
        case models.DateField() | models.IntegerField():
            return Cast(F(field.name), TextField())
    return None


def csv_of(rows: QuerySet, headings: list[str], columns: list[Expression]) -> Iterator[str | bytes]:
    """The columns of the rows as a CSV file: the same query, so the same rows and no more."""
    (top,) = csv_lines(headings, [])
    try:
        query, values = rows.values_list(*columns).query.sql_with_params()
    except EmptyResultSet:
        yield top
        return
    with connection.cursor() as cursor:
        yield from (_copied if connection.vendor == "postgresql" else _written)(cursor, query, values, top)


def _copied(cursor: Any, query: str, values: tuple[Any, ...], top: str) -> Iterator[str | bytes]:
    """By COPY, the quickest way out of PostgreSQL. It ends a line in its own way, so the first one ends like that."""
    asked = cursor.mogrify(query, values).decode()
    with SpooledTemporaryFile(BYTES_IN_MEMORY) as file:
        cursor.copy_expert(f"COPY ({asked}) TO STDOUT WITH (FORMAT csv)", file)
        file.seek(0)
        yield top.removesuffix("\r\n") + "\n"
        yield from iter(partial(file.read, BYTES_AT_ONCE), b"")


def _written(cursor: Any, query: str, values: tuple[Any, ...], top: str) -> Iterator[str]:
    cursor.execute(query, values)
    yield top
    while lines := cursor.fetchmany(ROWS_AT_ONCE):
        file = io.StringIO(newline="")
        csv.writer(file).writerows(lines)
        yield file.getvalue()
