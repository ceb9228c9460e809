"""What is asked of a file before it is opened: a small spreadsheet can unpack to something that fills a machine."""

from __future__ import annotations

import io
import zipfile

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
LARGEST_UNPACKED = 20 * MEGABYTE
HIGHEST_RATIO = 100  # unpacked to packed
MOST_ENTRIES = 200
MOST_ROWS = 5_000  # without the headings
MOST_COLUMNS = 60
LONGEST_CELL = 32_767  # characters; what a spreadsheet's own cell can hold

ZIP_START = b"PK\x03\x04"
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


def _check_workbook(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as workbook:
            entries = workbook.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refused("This Excel workbook is damaged. Open it in your spreadsheet program, save it anew.") from error
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise Refused("This Excel workbook has too many parts. Copy the rows into a new workbook.")
    if unpacked > LARGEST_UNPACKED or unpacked > HIGHEST_RATIO * len(content):
        raise Refused("This Excel workbook unpacks to far more than it should. Copy the rows into a new workbook.")
    names = {entry.filename.lower() for entry in entries}
    if any("vbaproject" in name for name in names):
        raise Refused("This Excel workbook holds macros. Save it as .xlsx without them.")
    if "xl/workbook.xml" not in names:
        raise Refused("This is not an Excel workbook. Save the rows as .xlsx or CSV.")
