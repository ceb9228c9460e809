"""A file as rows of cells under their headings, whatever spreadsheet program wrote it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from partnership.generic.cells import Percentage
from partnership.generic.zipped import ZIP_START, Fault, Unsafe, parts_of
from partnership.money import NotRead, read_money
from partnership.text import folded, one_line
from partnership.wording import listed

# --- Before the file is opened ----------------------------------------------------------------------------------------

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
LARGEST_UNPACKED = 20 * MEGABYTE
MOST_ENTRIES = 200
MOST_ROWS = 5_000  # without the headings
MOST_COLUMNS = 60
LONGEST_CELL = 32_767  # characters; what a spreadsheet's own cell can hold

OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"


class Refused(Exception):
    """The file as a whole cannot be used; the message is the sentence for the person who handed it in."""


def kind_of(name: str, content: bytes) -> str:
    """ "csv" or "xlsx", once the file may be opened. Raises ``Refused``."""
    if not content.strip():
        raise Refused("The file is empty.")
    if len(content) > LARGEST_FILE:
        raise Refused(f"The file is larger than {LARGEST_FILE // MEGABYTE} MB. Split it into several.")
    if content.startswith(OLD_EXCEL_START):
        raise Refused("This is an old or locked Excel file. Save it as .xlsx without a password, or as CSV.")
    ending = name.rpartition(".")[2].lower()
    if ending == "csv" and not content.startswith(ZIP_START):
        return "csv"
    if ending == "xlsx" and content.startswith(ZIP_START):
        _check_workbook(content)
        return "xlsx"
    if ending in ("csv", "xlsx"):
        raise Refused(f"The name of the file ends with .{ending}, but that is not what it holds. Save it anew.")
    raise Refused("Choose a CSV file or an Excel workbook (.xlsx).")


FAULTS = {
    Fault.DAMAGED: "This Excel workbook is damaged. Open it in your spreadsheet program, save it anew.",
    Fault.TOO_MANY_PARTS: "This Excel workbook has too many parts. Copy the rows into a new workbook.",
    Fault.TOO_LARGE: "This Excel workbook unpacks to far more than it should. Copy the rows into a new workbook.",
    Fault.MACROS: "This Excel workbook holds macros. Save it as .xlsx without them.",
}


def _check_workbook(content: bytes) -> None:
    try:
        names = parts_of(content, most_parts=MOST_ENTRIES, largest_unpacked=LARGEST_UNPACKED)
    except Unsafe as unsafe:
        raise Refused(FAULTS[unsafe.fault]) from unsafe
    if "xl/workbook.xml" not in names:
        raise Refused("This is not an Excel workbook. Save the rows as .xlsx or CSV.")


# --- A row before its cells have a meaning ----------------------------------------------------------------------------

ERRORS = re.compile(
    r"#(?:N/A|REF!|DIV/0!|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|GETTING_DATA|#+)"
    r"|Err:\d{3}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Unreadable:
    """Stands in a cell that holds nothing usable; ``sentence`` says why."""

    sentence: str
    text: str = ""


@dataclass
class Line:
    """A row as the spreadsheet program numbers it, with its cells from column A on."""

    number: int
    cells: list[Any]
    is_hidden: bool = False


def is_empty(cell: Any) -> bool:
    """Return whether a cell shows nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def letter(place: int) -> str:
    """Return the name that a spreadsheet program gives a column: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def address(place: int, number: int) -> str:
    """Return a cell's address: "B7"."""
    return f"{letter(place)}{number}"


def error_value(text: str, where: str) -> Unreadable:
    """Return what stands for a cell whose formula failed."""
    return Unreadable(f"Cell {where} holds the error {text}. Correct the formula, or type the value itself.", text[:80])


# --- The letters of a CSV file ----------------------------------------------------------------------------------------

MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# What spreadsheet programs in Britain write when nobody asks them for UTF-8.
OLDER = {
    "cp1252": "Windows",
    "cp850": "MS-DOS",
    "mac_roman": "Macintosh",
}
CURRENCIES = "£€"
SPACES = "\u00a0"
SIGNS = "°½¼¾²³×±·§©®™…•"
OPENING_QUOTES = "‘“"
CLOSING_QUOTES = "’”"
DASHES = "–—"
MOST_SAMPLES = 5


class Uncertain(Exception):
    """The file can be read in more than one way; ``readings`` are those that make sense."""

    def __init__(self, readings: list[Reading]):
        self.readings = readings
        super().__init__("The file can be read in more than one way.")


@dataclass(frozen=True)
class Reading:
    """One way to read the file: the encoding, what people call it, and some of the words in which it differs."""

    encoding: str
    label: str
    samples: tuple[str, ...]


def decoded(content: bytes, encoding: str = "") -> str:
    """Return the text of the file, in the encoding that the person chose if they did.

    Raises ``Refused``, and ``Uncertain`` where the bytes do not say which of several encodings they are in.
    """
    if encoding:
        if encoding not in OLDER:
            raise Refused("Choose how the words of the file are to be read.")
        return _decode(content, encoding)
    for mark, marked in MARKS:
        if content.startswith(mark):
            return _decode(content, marked)
    if content[1:2] == b"\0" and content[3:4] == b"\0":
        return _decode(content, "utf-16-le")
    if content[:1] == b"\0" and content[2:3] == b"\0":
        return _decode(content, "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _older(content, error)


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(content, error) from error


def _unreadable(content: bytes, error: UnicodeDecodeError) -> Refused:
    line = content.count(b"\n", 0, error.start) + 1
    return Refused(f"Row {line} holds characters that cannot be read. Save the file as “CSV UTF-8”.")


def _older(content: bytes, error: UnicodeDecodeError) -> str:
    """Return the text in the one older encoding that makes words of it."""
    texts = {}
    for encoding in OLDER:
        try:
            texts[encoding] = content.decode(encoding)
        except UnicodeDecodeError:
            continue
    sense = {encoding: _sense(text) for encoding, text in texts.items()}
    likely = [encoding for encoding in texts if sense[encoding] is not None]
    if not likely:
        raise _unreadable(content, error)
    if len({texts[encoding] for encoding in likely}) == 1:
        return texts[likely[0]]
    expected = [encoding for encoding in likely if sense[encoding]]
    if len(expected) == 1:
        return texts[expected[0]]
    raise Uncertain(_readings(content, likely))


def _sense(text: str) -> bool | None:
    """Return how much sense the characters beyond ASCII make in an English file.

    ``True`` if each is what one expects where it stands (£ before a figure, ’ before an s), ``False`` if each is
    possible (é in a word), ``None`` if one is neither.
    """
    is_expected = True
    for found in re.finditer(r"[^\x00-\x7f]", text):
        at = found.start()
        before = text[at - 1 : at] if at else ""
        after = text[at + 1 : at + 2]
        if _is_expected(text, at, before, after):
            continue
        if not _is_possible(found[0], before, after):
            return None
        is_expected = False
    return is_expected


def _is_expected(text: str, at: int, before: str, after: str) -> bool:
    character = text[at]
    if character in CURRENCIES:
        return not before.isalnum() and bool(re.match(r"\s?[\d,.\-(mk]|\W|$", text[at + 1 : at + 3]))
    if character == SPACES:
        return not after.islower() or not before.islower()
    if character == "’":
        is_possessive = re.match(r"(?:s|t|d|m|ll|re|ve)\b", text[at + 1 : at + 4])
        return before.isascii() and before.isalpha() and bool(is_possessive or not after.isalnum() or before in "OD")
    if character in OPENING_QUOTES:
        return not before.isalnum() and after.isalnum()
    if character in CLOSING_QUOTES:
        return not after.isalnum() and not before.isspace()
    if character in DASHES:
        return (before.isspace() and after.isspace()) or (before.isdigit() and after.isdigit())
    if character in SIGNS:
        return (not (before.isalpha() and after.isalpha()) and character not in "…•") or after.isspace()
    return False


def _is_possible(character: str, before: str, after: str) -> bool:
    """Return whether a letter with an accent, or a dash or apostrophe, can stand between these characters."""
    if character in "–—’":
        return before.isalpha() and after.isalpha()
    if character not in "ßæœÆŒ" and not unicodedata.decomposition(character):
        return False
    if not character.isalpha() or not ("\u00c0" <= character <= "\u017f"):
        return False
    neighbours = [each for each in (before, after) if each.isalpha()]
    if before.isdigit() or after.isdigit() or not any(each.isascii() for each in neighbours):
        return False
    if character.isupper():
        return not before.islower() and (not before.isalpha() or before.isupper())
    return not (before.isupper() and after.isupper())


def _readings(content: bytes, encodings: list[str]) -> list[Reading]:
    """Return the ways to read the file, with the words in which they differ."""
    words = re.findall(rb"[^\s,;|\"]*[\x80-\xff][^\s,;|\"]*", content)
    chosen = list(dict.fromkeys(words))[:MOST_SAMPLES]
    readings = []
    for encoding in encodings:
        samples = [word.decode(encoding, "replace")[:60] for word in chosen]
        readings.append(Reading(encoding, OLDER[encoding], tuple(samples)))
    return readings


# --- The sheets of a workbook -----------------------------------------------------------------------------------------

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
    value = found["value"]
    kind = found["data_type"]
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


# --- The rows of a file -----------------------------------------------------------------------------------------------

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
        raise Refused(DAMAGED) from error


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
    best: tuple[Worksheet, Line] | None = None
    fits: dict[str, int] = {}
    for worksheet in worksheets(content):
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
