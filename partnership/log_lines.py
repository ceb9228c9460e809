"""Write an event as a line of the log: time, level, part of the portal, message, and request."""

from __future__ import annotations

import copy
import logging
import re
from datetime import UTC, datetime

LINE_BREAKS = re.compile("[\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
EXPECTED = frozenset({400, 403, 404, 405, 413, 429})  # answers that are no fault of the portal: no traceback


class Line(logging.Formatter):
    """One line for each event, its time in UTC. A person is their account's number, never a name.

    What somebody typed may stand in a message, so line breaks are written out: nobody can make up an event. A
    traceback is written out on the same line; an answer that was refused has none.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s%(who)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 -- logging's name
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        """Return the event on one line."""
        record = copy.copy(record)
        if getattr(record, "status_code", None) in EXPECTED:
            record.exc_info = record.exc_text = record.stack_info = None
        return without_line_breaks(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging's name
        record.who = who(record)
        return super().formatMessage(record)


def without_line_breaks(text: str) -> str:
    """Return the text with whatever ends a line written out: LF as \\n, the others by their number."""
    text = text.replace("\r", "\\r").replace("\n", "\\n")
    return LINE_BREAKS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def who(record: logging.LogRecord) -> str:
    """The account whose request it was, as far as it is known without asking the database."""
    user = getattr(getattr(record, "request", None), "_cached_user", None)
    return f" account={user.pk}" if user is not None and user.pk else ""
