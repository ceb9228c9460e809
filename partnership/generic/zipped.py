"""Check an office file, which is a zip, before it is opened: a small one can unpack to fill a machine."""

from __future__ import annotations

import io
import zipfile
from enum import Enum

ZIP_START = b"PK\x03\x04"
HIGHEST_RATIO = 100  # unpacked to packed


class Fault(Enum):
    """A fault of an office file as a whole."""

    DAMAGED = "damaged"
    TOO_MANY_PARTS = "too many parts"
    TOO_LARGE = "too large"
    MACROS = "macros"


class Unsafe(Exception):
    """The file may not be opened; carries the `Fault`."""

    def __init__(self, fault: Fault):
        self.fault = fault
        super().__init__(fault.value)


def parts_of(content: bytes, *, most_parts: int, largest_unpacked: int) -> set[str]:
    """The names of the parts, in lower case; ``largest_unpacked`` is in bytes. Raises ``Unsafe``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as office_file:
            entries = office_file.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unsafe(Fault.DAMAGED) from error
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > most_parts:
        raise Unsafe(Fault.TOO_MANY_PARTS)
    if unpacked > largest_unpacked or unpacked > HIGHEST_RATIO * len(content):
        raise Unsafe(Fault.TOO_LARGE)
    names = {entry.filename.lower() for entry in entries}
    if any("vbaproject" in name for name in names):
        raise Unsafe(Fault.MACROS)
    return names
