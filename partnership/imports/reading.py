"""A file as rows of cells under their headings, whoever's spreadsheet program wrote it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from partnership.imports import workbooks
from partnership.imports.decoding import decoded
from partnership.imports.gate import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Refused, kind_of
from partnership.imports.lines import ERRORS, Line, Unreadable, address, error_value, is_empty, letter
from partnership.money import NotRead, read_money
from partnership.text import folded, one_line
from partnership.wording import listed

DELIMITERS = ",;\t|"
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TOTAL = re.compile(r"(?:(?:grand|sub|overall|net|running)[ -]?)?(?:totals?|sum):?")
STARTS_OR_ENDS_WITH_TOTAL = re.compile(r"(?:grand |sub-?|overall )?(?:total|sum)s?\b.*|.*\b(?:total|sum)s?:?")
MOST_NAMED = 10  # rows that one sentence names

# How many of a sheet's headings the register knows.
Fit = Callable[[list[str]], int]


@dataclass
class Row:
    """A row of the file, numbered as the spreadsheet program numbers it; cells by the place of their heading."""

    number: int
    cells: list[Any]
    is_hidden: bool = False


@dataclass
class Sheet:
    """The headings of a file, the rows under them, and what the person should be told of how it was read."""

    headings: list[str]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)


def read(name: str, content: bytes, *, encoding: str = "", fit: Fit | None = None) -> Sheet:
    """Return the rows of a CSV file, or of the sheet of a workbook whose headings fit best; the first of equals.

    Raises ``Refused``, and ``Uncertain`` where nobody can tell how the words of a CSV file are to be read.
    """
    if kind_of(name, content) == "csv":
        return _sheet(_csv_lines(decoded(content, encoding)), [])
    # A parser meets whatever somebody put into the file; each way it gives up is the same news to the person.
    try:
        return _from_workbook(content, fit or (lambda headings: 0))
    except (Refused, MemoryError):
        raise
    except Exception as error:
        raise Refused(workbooks.DAMAGED) from error


# --- Any file ---------------------------------------------------------------------------------------------------------


def _sheet(lines: Iterable[Line], notes: list[str], hidden_columns: Iterable[int] = ()) -> Sheet:
    headings: list[str] | None = None
    rows: list[Row] = []
    totals: list[Row] = []
    for line in lines:
        if all(is_empty(cell) for cell in line.cells):
            continue
        if headings is None:
            headings = _headings(line.cells)
            continue
        row = Row(line.number, _under(headings, line), line.is_hidden)
        (totals if _is_total(headings, row) else rows).append(row)
        if len(rows) > MOST_ROWS:
            raise Refused(f"The file has more than {MOST_ROWS:,} rows. Split it into several.")
    if headings is None:
        raise Refused("The file has no headings. Its first row names the columns.")
    if not rows:
        raise Refused("The file has headings and no rows under them.")
    return Sheet(headings, rows, [*notes, *_left_out(totals), *_hidden(headings, rows, hidden_columns)])


def _names(cells: list[Any]) -> list[str]:
    names = [one_line(_text(cell)) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _headings(cells: list[Any]) -> list[str]:
    names = _names(cells)
    if len(names) > MOST_COLUMNS:
        raise Refused(f"The file has more than {MOST_COLUMNS} columns. Delete those that are not needed.")
    seen: set[str] = set()
    for name in filter(None, names):
        if folded(name) in seen:
            raise Refused(f"Two columns are called “{name[:60]}”. Delete or rename one of them.")
        seen.add(folded(name))
    return names


def _text(cell: Any) -> str:
    return "" if cell is None or isinstance(cell, Unreadable) else NOT_TEXT.sub("�", str(cell).lstrip("\ufeff"))


def _under(headings: list[str], line: Line) -> list[Any]:
    """Return the row's cells, one for each heading and one more when something stands where no heading is."""
    found = [_checked(cell, address(place, line.number)) for place, cell in enumerate(line.cells[: len(headings)])]
    found += [None] * (len(headings) - len(found))
    for place, cell in enumerate(line.cells):
        headed = place < len(headings) and headings[place]
        if not headed and not is_empty(cell):
            where = f"column {letter(place)}, which has no heading"
            found.append(Unreadable(f"There is something in {where}.", _text(cell)[:80]))
            break
    return found


def _checked(cell: Any, where: str) -> Any:
    if not isinstance(cell, str):
        return cell
    if len(cell) > LONGEST_CELL:
        return Unreadable(f"The text is longer than {LONGEST_CELL:,} characters.", cell[:80])
    if ERRORS.fullmatch(cell.strip()):
        return error_value(cell.strip(), where)
    strange = NOT_TEXT.search(cell)
    if strange:
        return Unreadable("There is a character that no text has. Type the cell again.", NOT_TEXT.sub("�", cell[:80]))
    return cell


def _is_total(headings: list[str], row: Row) -> bool:
    """Return whether a row adds up the rows above it: its first words are "Total", or it holds sums alone beside them.

    A row with an ID is a record of the register, whatever it is called.
    """
    known = [place for place, heading in enumerate(headings) if folded(heading) == "id"]
    if any(not is_empty(row.cells[place]) for place in known):
        return False
    filled = [cell for cell in row.cells if not is_empty(cell)]
    if not filled or not isinstance(filled[0], str):
        return False
    words = folded(filled[0])
    if TOTAL.fullmatch(words):
        return True
    return bool(STARTS_OR_ENDS_WITH_TOTAL.fullmatch(words)) and all(_is_sum(cell) for cell in filled[1:])


def _is_sum(cell: Any) -> bool:
    if isinstance(cell, int | Decimal | Unreadable):
        return True
    try:
        read_money(str(cell))
    except NotRead:
        return False
    return True


def _left_out(totals: list[Row]) -> list[str]:
    if not totals:
        return []
    named = [f"row {row.number} (“{_first_words(row)}”)" for row in totals[:MOST_NAMED]]
    if len(totals) == 1:
        return [f"Left out, because it is a total: {named[0]}."]
    return [f"Left out, because they are totals: {_and_more(named, len(totals))}."]


def _first_words(row: Row) -> str:
    return next(one_line(_text(cell))[:40] for cell in row.cells if not is_empty(cell))


def _hidden(headings: list[str], rows: list[Row], columns: Iterable[int]) -> list[str]:
    notes = []
    hidden = [str(row.number) for row in rows if row.is_hidden]
    if hidden:
        named = _and_more(hidden[:MOST_NAMED], len(hidden))
        words = f"Row {named} is hidden" if len(hidden) == 1 else f"Rows {named} are hidden"
        notes.append(f"{words} in the sheet, by a filter or by hand, and would be imported too.")
    names = [f"“{headings[place]}”" for place in sorted(columns) if place < len(headings) and headings[place]]
    if names:
        words = f"Column {names[0]} is hidden" if len(names) == 1 else f"Columns {listed(names)} are hidden"
        notes.append(f"{words} in the sheet, and would be imported too.")
    return notes


def _and_more(named: list[str], number: int) -> str:
    return listed(named) if number == len(named) else f"{', '.join(named)} and {number - len(named)} more"


# --- CSV --------------------------------------------------------------------------------------------------------------


def _csv_lines(text: str) -> Iterator[Line]:
    first = text.partition("\n")[0]
    named = re.fullmatch(r"\s*sep=(.)\s*", first)  # Excel's own note of the separator
    separator = named[1] if named else _separator(first)
    # A long cell is a sentence about that cell, not about the file.
    csv.field_size_limit(max(csv.field_size_limit(), 2 * len(text) + 1))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    width = 0
    number = 0
    try:
        for number, cells in enumerate(lines, start=1):
            if named and number == 1:
                continue
            width = width or len(cells)
            yield Line(number, _whole(cells, width))
    except csv.Error as error:
        raise Refused(
            f"The file cannot be read in row {number + 1}: a quotation mark is missing or stands where it should not."
        ) from error


def _whole(cells: list[str], width: int) -> list[Any]:
    """A row that breaks off is not one whose last cells are empty."""
    if any(cells) and len(cells) < width:
        broken = Unreadable(f"The row breaks off after {len(cells)} of {width} cells.")
        return [*cells, *[broken] * (width - len(cells))]
    return list(cells)


def _separator(first: str) -> str:
    """The one that stands most often in the first line, outside quotation marks."""
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=lambda mark: (bare.count(mark), -DELIMITERS.index(mark)))


# --- Excel ------------------------------------------------------------------------------------------------------------


def _from_workbook(content: bytes, fit: Fit) -> Sheet:
    """Return the sheet whose first row that holds something names most of the register's columns."""
    best: tuple[workbooks.Worksheet, Line] | None = None
    fits: dict[str, int] = {}
    for worksheet in workbooks.worksheets(content):
        first = next(worksheet.lines, None)
        if first is None:
            continue
        fits[worksheet.title] = fit(_names(first.cells))
        if best is None or fits[worksheet.title] > fits[best[0].title]:
            best = (worksheet, first)
    if best is None:
        raise Refused("The workbook has no sheet with rows.")
    worksheet, first = best
    others = [title for title in fits if title != worksheet.title]
    notes = [f"Only the sheet “{worksheet.title}” is read, not {listed([f'“{title}”' for title in others])}."]
    alike = [f"“{title}”" for title in others if fits[title] and fits[title] == fits[worksheet.title]]
    if alike:
        notes.append(f"{listed(alike)} would fit as well. To import them too, hand in each as a file of its own.")
    return _sheet(chain([first], worksheet.lines), notes if others else [], worksheet.hidden_columns)
