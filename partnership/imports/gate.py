"""What is asked of a file of rows before it is opened."""

from __future__ import annotations

from partnership.generic.zipped import ZIP_START, Fault, Unsafe, parts_of

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
