"""What the pages of a register show for another day than today: rows, filters, order and files as they were then.

The pages themselves are in `pages.py`. What stood on a past day is no query of today's tables, so it is filtered and
sorted here, by what the records and their parts said then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models.expressions import OrderBy
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from partnership.generic.as_at import parts_then, rows_then, value_at
from partnership.generic.display import Column
from partnership.generic.exports import cell, csv_lines, csv_response, workbook_response
from partnership.records.as_at import AsAt
from partnership.records.record import Record

if TYPE_CHECKING:
    from partnership.generic.register import Register


def sorted_then(records: Iterable[Any], order: Iterable[str | OrderBy]) -> list[Any]:
    """The records in the order of lookups such as ``-held_on`` or ``body__name``; what is empty comes last."""
    found = list(records)
    for term in reversed(list(order)):
        lookup = f"{'-' * term.descending}{term.expression.name}" if isinstance(term, OrderBy) else term
        path = lookup.lstrip("-")
        said = [(value_at(record, path), record) for record in found]
        empty = [record for value, record in said if value in (None, "")]
        rest = [(value, record) for value, record in said if value not in (None, "")]
        rest.sort(key=_in_order, reverse=lookup.startswith("-"))
        found = [*(record for _, record in rest), *empty]
    return found


def _in_order(said: tuple[Any, Any]) -> Any:
    value, _ = said
    if isinstance(value, Record):  # a part stands with its parent
        return (str(value).casefold(), value.pk)
    return value.casefold() if isinstance(value, str) else value


def file_of(
    request: HttpRequest,
    register: Register,
    moment: AsAt,
    columns: list[Column],
    rows: Iterable[Record],
    *,
    as_workbook: bool,
) -> HttpResponse:
    """The rows and columns of the list as a file."""

    def line(record: Any) -> list[Any]:
        hidden = register.hidden_fields(request.user, record)
        return ["" if column.name in hidden else cell(column.raw(record)) for column in columns]

    name = f"{register.path.replace('/', '-')}-{moment.as_at.isoformat()}"
    headings, lines = [column.label for column in columns], map(line, rows)
    if as_workbook:
        return workbook_response(name, register.label_plural, headings, lines)
    return csv_response(name, csv_lines(headings, lines))


def detail_page(request: HttpRequest, register: Register, today: Any, moment: AsAt) -> HttpResponse:
    """A record as it was, with its parts; 404 when nobody had recorded it by then."""
    found = rows_then(register, request.user, moment, pk=today.pk)
    if not found:
        raise Http404
    record, user = found[0], request.user
    context = {
        "breadcrumbs": register.trail(today)[:-1],
        "caption": register.label,
        "fields": register.detail_fields(record, user),
        "moment": moment,
        "page_title": register.title_of(record),
        "parts": parts_then(register, record, user, moment),
        "register": register,
    }
    return render(request, "generic/detail.html", context)
