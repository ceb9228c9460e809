"""A list as a file: the same rows, filters and columns as on the screen."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse

from partnership.generic.display import Column

# A spreadsheet takes a text that begins like this for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # the last four are full-width
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads the pound sign wrongly


class _Line:
    """A file that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def cell(value: Any) -> Any:
    """A value as it stands in a spreadsheet: numbers stay numbers, text never becomes a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | Decimal):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_lines(columns: list[Column], records: Iterable[Any]) -> Iterator[str]:
    """The lines of the file, header first."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow([cell(column.label) for column in columns])
    for record in records:
        yield writer.writerow([cell(column.raw(record)) for column in columns])


def csv_response(name: str, columns: list[Column], records: Iterable[Any]) -> StreamingHttpResponse:
    """The file as a download."""
    response = StreamingHttpResponse(csv_lines(columns, records), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
