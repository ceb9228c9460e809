"""Rows as a file, CSV or Excel: numbers stay numbers, and no text becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

# A spreadsheet takes a text that begins like this for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # the last four are full-width
GUARD = "'"  # set before such a text, and taken away again when the file comes back
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads the pound sign wrongly
NOT_IN_A_WORKBOOK = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_CELL = 32_767  # characters
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ((date, "d mmmm yyyy"), (Decimal, "#,##0.00"), (int, "#,##0"))


class _Line:
    """A file that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def cell(value: Any) -> Any:
    """A value as it stands in a spreadsheet: numbers and dates as such, text never as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | Decimal):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value
    text = str(value)
    return f"{GUARD}{text}" if text.lstrip(GUARD).startswith(FORMULA_STARTS) else text


def csv_lines(headings: list[str], lines: Iterable[list[Any]]) -> Iterator[str]:
    """The lines of a CSV file, headings first; ``lines`` hold what `cell` gives."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow([cell(heading) for heading in headings])
    for line in lines:
        yield writer.writerow(line)


def csv_response(name: str, lines: Iterable[str]) -> StreamingHttpResponse:
    """The lines of a CSV file as a download."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def workbook(title: str, headings: list[str], lines: Iterable[list[Any]]) -> bytes:
    """An Excel workbook of one sheet, headings first; ``lines`` hold what `cell` gives."""
    from openpyxl import Workbook  # noqa: PLC0415 -- slow to import, and only files need it
    from openpyxl.styles import Font  # noqa: PLC0415 -- the same
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- the same

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", str(title))[:31])
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = min(max(len(heading) + 2, 12), 40)
    sheet.append([_typed(sheet, cell(heading), font=Font(bold=True)) for heading in headings])
    for line in lines:
        sheet.append([_typed(sheet, value) for value in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _typed(sheet: Any, value: Any, **style: Any) -> Any:
    """A cell whose kind is said outright: openpyxl would take "=1+1" for a formula."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 -- slow to import, and only files need it

    is_text = isinstance(value, str)
    written = WriteOnlyCell(sheet, NOT_IN_A_WORKBOOK.sub("", value)[:LONGEST_CELL] if is_text else value)
    if is_text:
        written.data_type = "s"
    else:
        written.number_format = next((form for kind, form in FORMATS if isinstance(value, kind)), "General")
    for name, choice in style.items():
        setattr(written, name, choice)
    return written


def workbook_response(name: str, title: str, headings: list[str], lines: Iterable[list[Any]]) -> HttpResponse:
    """The workbook as a download."""
    response = HttpResponse(workbook(title, headings, lines), content_type=WORKBOOK_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
