"""How an event stands in the log: when, how bad, from which part of the portal, what, and whose request it was."""

from __future__ import annotations

import logging
from datetime import UTC, datetime


class Line(logging.Formatter):
    """One line for each event, its time in UTC. A person is their account's number, never a name.

    What somebody typed may stand in a message, so line breaks are written out: nobody can make up an event.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s%(who)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 -- logging's name
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging's name
        record.who = who(record)
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


def who(record: logging.LogRecord) -> str:
    """The account whose request it was, as far as it is known without asking the database."""
    user = getattr(getattr(record, "request", None), "_cached_user", None)
    return f" account={user.pk}" if user is not None and user.pk else ""
