"""A file as rows of cells, whoever's spreadsheet program wrote it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from partnership.generic.imports.gate import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Refused, kind_of

DELIMITERS = ",;\t|"
MOST_LINES = 50_000  # with blank ones; a workbook may pad its sheet with a million
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
DAMAGED = "The workbook cannot be read. Open it in your spreadsheet program and save it anew."


@dataclass(frozen=True)
class Unreadable:
    """Stands in a cell that holds nothing usable; ``sentence`` says why."""

    sentence: str
    text: str = ""


@dataclass
class Row:
    """A row of the file, numbered as the spreadsheet program numbers it; cells by the place of their heading."""

    number: int
    cells: list[Any]


@dataclass
class Sheet:
    """The headings of a file, the rows under them, and what the person should be told of how it was read."""

    headings: list[str]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)


def read(name: str, content: bytes) -> Sheet:
    """The rows of a CSV file or of a workbook's first sheet. Raises ``Refused``."""
    notes: list[str] = []
    lines = _csv_lines(content) if kind_of(name, content) == "csv" else _workbook_lines(content, notes)
    return _sheet(lines, notes)


def letter(place: int) -> str:
    """The name that a spreadsheet program gives a column: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


# --- Any file ---------------------------------------------------------------------------------------------------------


def _sheet(lines: Iterable[list[Any]], notes: list[str]) -> Sheet:
    headings: list[str] | None = None
    rows: list[Row] = []
    for number, cells in enumerate(lines, start=1):
        if number > MOST_LINES:
            raise Refused(f"The file goes on after row {MOST_LINES:,}. Delete the blank rows, or split it.")
        if not any(cell not in (None, "") for cell in cells):
            continue
        if headings is None:
            headings = _headings(cells)
            continue
        rows.append(Row(number, _under(headings, cells)))
        if len(rows) > MOST_ROWS:
            raise Refused(f"The file has more than {MOST_ROWS:,} rows. Split it into several.")
    if headings is None:
        raise Refused("The file has no headings. Its first row names the columns.")
    if not rows:
        raise Refused("The file has headings and no rows under them.")
    return Sheet(headings, rows, notes)


def _headings(cells: list[Any]) -> list[str]:
    names = [" ".join(_text(cell).split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise Refused(f"The file has more than {MOST_COLUMNS} columns. Delete those that are not needed.")
    seen: set[str] = set()
    for name in filter(None, names):
        if name.casefold() in seen:
            raise Refused(f"Two columns are called “{name[:60]}”. Delete or rename one of them.")
        seen.add(name.casefold())
    return names


def _text(cell: Any) -> str:
    return "" if cell is None or isinstance(cell, Unreadable) else NOT_TEXT.sub("�", str(cell).lstrip("\ufeff"))


def _under(headings: list[str], cells: list[Any]) -> list[Any]:
    """The row's cells, one for each heading and one more when something stands where no heading is."""
    found = [_checked(cell) for cell in cells[: len(headings)]]
    found += [None] * (len(headings) - len(found))
    for place, cell in enumerate(cells):
        headed = place < len(headings) and headings[place]
        if not headed and cell not in (None, ""):
            where = f"column {letter(place)}, which has no heading"
            found.append(Unreadable(f"There is something in {where}.", _text(cell)[:80]))
            break
    return found


def _checked(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    if len(cell) > LONGEST_CELL:
        return Unreadable(f"The text is longer than {LONGEST_CELL:,} characters.", cell[:80])
    strange = NOT_TEXT.search(cell)
    if strange:
        return Unreadable("There is a character that no text has. Type the cell again.", NOT_TEXT.sub("�", cell[:80]))
    return cell


# --- CSV --------------------------------------------------------------------------------------------------------------


def _csv_lines(content: bytes) -> Iterator[list[Any]]:
    text = _decoded(content)
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
                yield []
                continue
            width = width or len(cells)
            yield _whole(cells, width)
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


def _decoded(content: bytes) -> str:
    for start, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(start):
            return _decode(content, (encoding,))
    if content[1:2] == b"\0" and content[3:4] == b"\0":
        return _decode(content, ("utf-16-le",))
    if content[:1] == b"\0" and content[2:3] == b"\0":
        return _decode(content, ("utf-16-be",))
    return _decode(content, ("utf-8", "cp1252"))  # what Excel in Britain writes when nobody asks for UTF-8


def _decode(content: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
    raise Refused(f"Row {line} holds characters that cannot be read. Save the file as “CSV UTF-8”.")


def _separator(first: str) -> str:
    """The one that stands most often in the first line, outside quotation marks."""
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=lambda mark: (bare.count(mark), -DELIMITERS.index(mark)))


# --- Excel ------------------------------------------------------------------------------------------------------------


def _workbook_lines(content: bytes, notes: list[str]) -> Iterator[list[Any]]:
    # A parser meets whatever somebody put into the file; each way it gives up is the same news to the person.
    try:
        yield from _lines_of_first_sheet(content, notes)
    except (Refused, MemoryError, GeneratorExit):
        raise
    except Exception as error:
        raise Refused(DAMAGED) from error


def _lines_of_first_sheet(content: bytes, notes: list[str]) -> Iterator[list[Any]]:
    import openpyxl  # noqa: PLC0415 -- slow to import, and only files need it

    values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheets = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise Refused("The workbook has no sheet with rows.")
    if len(sheets) > 1:
        notes.append(f"Only the first sheet, “{sheets[0].title}”, is read.")
    sheets[0].reset_dimensions()  # what the sheet says of its own size need not be true
    if not _holds_formulas(content):
        yield from ([_cell(cell) for cell in line] for line in sheets[0].iter_rows())
        return
    formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)[sheets[0].title]
    formulas.reset_dimensions()
    for line, written in zip(sheets[0].iter_rows(), formulas.iter_rows(), strict=True):
        yield [_result(cell, formula) for cell, formula in zip(line, written, strict=True)]


def _holds_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as workbook:
        sheets = [name for name in workbook.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(re.search(rb"<(?:\w+:)?f[\s>/]", workbook.read(name)) for name in sheets)


def _cell(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    number = Decimal(format(value, ".15g"))  # as many figures as a spreadsheet keeps
    return number * 100 if "%" in (cell.number_format or "") else number


def _result(cell: Any, formula: Any) -> Any:
    """What a formula came to; a file written by a program that computes nothing holds none."""
    if cell.value is None and formula.value is not None:
        return Unreadable("A formula without its result. Type the figure itself.", str(formula.value)[:80])
    return _cell(cell)
