"""The sheets of an Excel workbook, row by row, with what a person sees in them: formats, errors, what is hidden."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from partnership.imports.cells import Percentage
from partnership.imports.lines import Line, Unreadable, address, error_value, is_empty

DAMAGED = "The workbook cannot be read. Open it in your spreadsheet program and save it anew."
NO_RESULT = "A formula without its result. Type the figure itself."
STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")


@dataclass
class Worksheet:
    """A visible sheet: its name, its rows that hold something, and the columns that are hidden, from 0."""

    title: str
    lines: Iterator[Line]
    hidden_columns: set[int]


def worksheets(content: bytes) -> Iterator[Worksheet]:
    """Yield the visible sheets in their order; the rows of each are read as they are asked for."""
    import openpyxl  # noqa: PLC0415 -- slow to import, and only files need it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that the portal does not use
        workbook = openpyxl.load_workbook(io.BytesIO(_transitional(content)), read_only=True, data_only=True)
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            hidden: set[int] = set()
            yield Worksheet(sheet.title, _lines(sheet, hidden), hidden)


def _transitional(content: bytes) -> bytes:
    """Return the workbook in the usual kind of Open XML; one of the strict kind differs by the names of its parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as workbook:
        names = workbook.namelist()
        main = next((name for name in names if name.lower() == "xl/workbook.xml"), "")
        if not main or not STRICT.search(workbook.read(main)):
            return content
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as usual:
            for name in names:
                part = workbook.read(name)
                if name.endswith((".xml", ".rels")):
                    part = STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", part)
                usual.writestr(name, part)
    return written.getvalue()


def _lines(sheet: Any, hidden_columns: set[int]) -> Iterator[Line]:
    """Yield the rows that hold something. A million formatted empty rows below them cost next to nothing."""
    from openpyxl.worksheet._reader import COL_TAG, ROW_TAG, WorkSheetParser  # noqa: PLC0415 -- slow, as above
    from openpyxl.xml.functions import iterparse  # noqa: PLC0415 -- the same

    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for _, element in iterparse(source):
            if element.tag == COL_TAG:
                if _is_set(element.get("hidden")):
                    hidden_columns.update(range(int(element.get("min")) - 1, min(int(element.get("max")), 16_384)))
                element.clear()
            elif element.tag == ROW_TAG:
                number, cells = _row(parser, book, element)
                is_hidden = _is_set(element.get("hidden"))
                element.clear()
                if not all(is_empty(cell) for cell in cells):
                    yield Line(number, cells, is_hidden)


def _is_set(attribute: str | None) -> bool:
    return attribute in ("1", "true")


def _row(parser: Any, book: Any, element: Any) -> tuple[int, list[Any]]:
    number, parsed = parser.parse_row(element)
    elements = list(element)
    cells: list[Any] = []
    for one, found in zip(elements, parsed, strict=True):
        place = found["column"] - 1
        cells.extend([None] * (place - len(cells)))
        cells[place:] = [_value(found, one, book, address(place, number))]
    return number, cells


def _value(found: dict[str, Any], element: Any, book: Any, where: str) -> Any:
    """Return what a cell holds as a person sees it."""
    value, kind = found["value"], found["data_type"]
    if value is None:
        formula = next((child for child in element if child.tag.endswith("}f")), None)
        # A formula that came to "" says so by its kind; a program that computes nothing leaves the kind out.
        if formula is not None and kind != "str":
            return Unreadable(NO_RESULT, f"={formula.text or ''}"[:80])
        return None
    if kind == "e":
        return error_value(str(value), where)
    if isinstance(value, bool):
        return value
    pattern = _format_of(book, found["style_id"])
    if isinstance(value, int | float):
        return _number(Decimal(format(value, ".15g")), pattern)  # as many figures as a spreadsheet keeps
    if isinstance(value, datetime) and _is_month(pattern):
        return f"{value:%B %Y}"
    return value


def _format_of(book: Any, style: int) -> str:
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE  # noqa: PLC0415 -- slow, as above

    number = book._cell_styles[int(style or 0)].numFmtId
    if number < BUILTIN_FORMATS_MAX_SIZE:
        return BUILTIN_FORMATS.get(number, "General")
    return book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE]


def _number(number: Decimal, pattern: str) -> Decimal:
    """Return the number as it is shown: a percent format shows a hundred times as much, a literal sign does not."""
    if "%" in _without_literals(pattern):
        return Percentage(number * 100)
    return Percentage(number) if "%" in pattern else number


def _without_literals(pattern: str) -> str:
    """Return a number format without what it prints as it stands: "…" in quotes, \\x, _x, *x, [Red]."""
    return re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", pattern)


def _is_month(pattern: str) -> bool:
    """Return whether a date format shows month and year and no day, as "mmm-yy" does."""
    shown = _without_literals(pattern).lower()
    return "m" in shown and "y" in shown and not re.search(r"[dhs]", shown)
