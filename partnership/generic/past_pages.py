"""What the pages of a register show for another day than today. The pages themselves are in `pages.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from partnership.generic.as_at import list_then, parts_then, rows_then, table_row
from partnership.generic.exports import cell, csv_response
from partnership.moments import Moment

if TYPE_CHECKING:
    from partnership.generic.register import Register

ROWS_ON_A_PAGE = 50


def list_page(request: HttpRequest, register: Register, moment: Moment) -> HttpResponse:
    """The register as it was."""
    columns, found = list_then(register, request.user, moment)
    page = Paginator(found, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    count = len(found)
    context = {
        "breadcrumbs": register.trail()[:-1],
        "columns": [{"label": column.label, "numeric": column.numeric} for column in columns],
        "count_text": f"{count:,} {(register.label if count == 1 else register.label_plural).lower()}",
        "empty_text": "Nothing was recorded here by then.",
        "exports": [{"label": "Download as CSV", "url": moment.address(register.url("export"))}],
        "moment": moment,
        "page_obj": page,
        "page_title": register.label_plural,
        "register": register,
        "rows": [table_row(register, columns, row, request.user, moment) for row in page],
    }
    return render(request, "generic/list.html", context)


def export(request: HttpRequest, register: Register, moment: Moment) -> HttpResponse:
    """The same rows and columns as a CSV file."""
    columns, found = list_then(register, request.user, moment)

    def line(record: Any) -> list[Any]:
        hidden = register.hidden_fields(request.user, record)
        return ["" if column.name in hidden else cell(column.raw(record)) for column in columns]

    name = f"{register.path.replace('/', '-')}-{moment.as_at.isoformat()}"
    return csv_response(name, [column.label for column in columns], map(line, found))


def detail_page(request: HttpRequest, register: Register, today: Any, moment: Moment) -> HttpResponse:
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
