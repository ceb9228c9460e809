"""As at any date: what was true on a day, as known at the end of that day or with what is known today.

Every page that can look back reads the same two words of its address: ``?as_at=2019-03-16`` and ``&known=now``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from partnership.dates import EARLIEST, in_words
from partnership.records.record import Record, known

NOW = "now"
KNOWN_NOW = None  # no moment: everything recorded so far, which is what the registers themselves hold
_READ: ContextVar[list[Record] | None] = ContextVar("rows_read", default=None)


@dataclass(frozen=True)
class AsAt:
    """The day a page speaks of, and what is known on it. ``problem`` says what was wrong with the day asked for."""

    as_at: date
    known_at: datetime | None = KNOWN_NOW
    is_today: bool = True
    typed: str = ""
    problem: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """The words of an address that ask for this moment; none for today."""
        if self.is_today:
            return {}
        asked = {"as_at": self.as_at.isoformat()}
        if not self.known_at:
            asked["known"] = NOW
        return asked

    def address(self, path: str, **more: str) -> str:
        """A page's address at this moment."""
        query = urlencode(self.asked | {name: value for name, value in more.items() if value})
        return f"{path}?{query}" if query else path

    @property
    def words(self) -> str:
        """The moment in a sentence's words."""
        if self.is_today:
            return f"today, {in_words(self.as_at)}"
        known = "as known at the end of that day" if self.known_at else "with what is known today"
        return f"{in_words(self.as_at)}, {known}"

    @property
    def other_words(self) -> str:
        """Return the words of the link to the other clock."""
        return "Show it with what is known today" if self.known_at else "Show it as known at the end of that day"

    @property
    def other_address(self) -> str:
        """The same page at the other clock, as a bare query."""
        return self.other.address("")

    @property
    def other(self) -> AsAt:
        """The same day with the other clock: known then, or known today."""
        known_at = None if self.known_at else end_of(self.as_at)
        return AsAt(self.as_at, known_at, self.is_today)


def end_of(day: date) -> datetime:
    """The last instant of a day in Europe/London."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) - timedelta(microseconds=1)


def moment_asked_for(asked: Mapping[str, str], today: date) -> AsAt:
    """The moment that an address asks for; today, with a sentence, where the day makes no sense."""
    typed = asked.get("as_at", "").strip()
    if not typed:
        return AsAt(today)
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return AsAt(today, typed=typed, problem="Enter a date like 2019-03-16. This page shows today.")
    if day > today:
        return AsAt(today, typed=typed, problem=f"{in_words(day)} has not come yet. This page shows today.")
    if day < EARLIEST:
        return AsAt(today, typed=typed, problem=f"Enter a date from {EARLIEST.year} on. This page shows today.")
    if day == today:
        return AsAt(today)
    return AsAt(day, None if asked.get("known") == NOW else end_of(day), is_today=False)


def rows_as_of(
    model: type[Record], known_at: datetime | None, fields: tuple[str, ...] = (), **within: Any
) -> list[Any]:
    """The rows of a model as known at a moment, by id, withdrawn ones left out; ``within`` narrows first.

    What is known now stands in the register; only an earlier moment is looked up in the history. ``fields`` names the
    only ones wanted where there may be a hundred thousand rows: what is known now then comes as tuples with names.
    """
    if known_at is not KNOWN_NOW:
        rows = known(model, known_at, **within)
    else:
        found = model.objects.active().filter(**within).order_by("id")
        rows = list(found.values_list(*fields, named=True) if fields else found)
    collected = _READ.get()
    if collected is not None and not fields:
        collected.extend(rows)
    return rows


@contextmanager
def rows_read() -> Iterator[list[Record]]:
    """Collect the records that `rows_as_of` reads inside the block, so that a paper's texts can be traced to them."""
    collected: list[Record] = []
    token = _READ.set(collected)
    try:
        yield collected
    finally:
        _READ.reset(token)


def step_on(steps: Iterable[Any], day: date) -> Any | None:
    """Return the step of a record in force on a day; ``None`` before the first."""
    begun = [step for step in steps if step.from_on <= day]
    return max(begun, key=lambda step: (step.from_on, step.id), default=None)
