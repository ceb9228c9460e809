"""Dates that were typed beside an event of the registers, days that do not exist, and weekdays that do not fit."""

from __future__ import annotations

import re
from calendar import day_name, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from partnership.dates import Precision
from reviews.papers.checks.prose.elsewhere import is_of_others
from reviews.papers.checks.prose.numbers import KEPT
from reviews.papers.checks.prose.registers import Event
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said

MONTHS = {f"{date(2000, number, 1):%B}": number for number in range(1, 13)}
NAMES = "|".join(MONTHS)
WEEKDAYS = "|".join(day_name)
SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
TYPED = re.compile(
    rf"\b(?:(?P<weekday>{WEEKDAYS}),? )?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<month>{NAMES}|"
    rf"(?:{SHORT})\b\.?),? "
    rf"(?P<year>(?:19|20)\d\d)\b|(?<![\d/.])(?P<d>\d{{1,2}})[/.](?P<m>\d{{1,2}})[/.](?P<y>(?:19|20)\d\d)(?![\d/])",
)
OPEN = re.compile(r"\b(?:if|whether|would|could|might|unless|instead of|rather than|not)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """A date in a sentence; ``day`` is ``None`` where only a month is given."""

    text: str
    start: int
    day: int | None
    month: int
    year: int
    weekday: str


@lru_cache(maxsize=KEPT)
def typed_dates(text: str) -> tuple[Typed, ...]:
    """The dates of a text, in order, those that cannot be among them."""
    return tuple(_typed_dates(text))


def _typed_dates(text: str) -> Iterator[Typed]:
    for found in TYPED.finditer(text):
        if found["month"]:
            month = next(
                (number for name, number in MONTHS.items() if name.startswith(found["month"].rstrip(".")[:3])), 0
            )
            day = int(found["day"]) if found["day"] else None
            yield Typed(found[0], found.start(), day, month, int(found["year"]), found["weekday"] or "")
        else:
            yield Typed(found[0], found.start(), int(found["d"]), int(found["m"]), int(found["y"]), "")


def impossible_dates(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "31 April 2019", and "Monday 16 April 2019", which was a Tuesday."""
    for one in typed_dates(said.typed):
        last = monthrange(one.year, one.month)[1] if 1 <= one.month <= 12 else 0
        if one.day is not None and not 1 <= one.day <= last:
            month = [*MONTHS][one.month - 1] if last else ""
            known = f"{month} {one.year} has {last} days" if last else f"there is no month {one.month}"
            yield Doubt("no-such-day", one.text, f"There is no such day: {known}. Check the date.")
        elif one.day and one.weekday and day_name[date(one.year, one.month, one.day).weekday()] != one.weekday:
            right = day_name[date(one.year, one.month, one.day).weekday()]
            yield Doubt("no-such-day", one.text, f"That day is a {right}. Check the date.")


def wrong_dates(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A date beside an event of the registers that has another."""
    text = said.claimed
    found = [*typed_dates(text)]
    if not found or is_of_others(said, basis) or OPEN.search(text):
        return
    clauses = _clauses(text)
    for one in found:
        clause = next((part for start, part in clauses if start <= one.start < start + len(part)), text)
        events = basis.registers.events
        event = _event_of(clause, events, one) or (_event_of(text, events, one) if len(found) == 1 else None)
        if event is None or _fits(one, event):
            continue
        if not _is_beside(event, one, text) and _is_otherwise_known(one, clause if len(found) > 1 else text, events):
            continue
        yield Doubt(
            "wrong-date",
            one.text,
            f"The register says: {event.held.words}. {event.held.advice}",
            record=event.held.url,
        )


def _clauses(text: str) -> list[tuple[int, str]]:
    """The parts of a sentence that are about one event each, with where they begin."""
    ends = [found.end() for found in re.finditer(r"[;,]\s|\s(?:and (?:then|to)|then|while|but|before|after)\s", text)]
    starts = [0, *ends]
    return [(start, text[start:end]) for start, end in zip(starts, [*ends, len(text)], strict=True)]


def _event_of(text: str, events: tuple[Event, ...], one: Typed) -> Event | None:
    """The event that a text speaks of, the most particular first; of several meetings, the one beside the date."""
    told = [event for event in events if event.is_in(text)]
    if not told:
        return None
    alike = [event for event in told if event.about[1:] == told[0].about[1:]]
    return min(alike, key=lambda event: _distance(event, text, text.find(one.text)))


def _distance(event: Event, text: str, at: int) -> int:
    """Return how many characters stand between a date and the name of an event."""
    return min(abs(found.end() - at) for found in event.patterns[0].finditer(text))


def _fits(one: Typed, event: Event) -> bool:
    """Return whether a date agrees with the register's, as far as both are exact."""
    if event.on is None:
        return not event.must_be_recorded
    if event.precision == Precision.BY and not event.must_be_recorded:
        return True
    if (one.month, one.year) != (event.on.month, event.on.year):
        return False
    return one.day is None or event.precision != Precision.DAY or one.day == event.on.day


def _is_beside(event: Event, one: Typed, text: str) -> bool:
    """Return whether a date follows the name of its event at once: "the Cabinet on 23 April 2019"."""
    before = text[: one.start]
    return any(
        re.fullmatch(r",? (?:(?:which )?(?:meets|meeting) )?(?:on|of) ", before[found.end() :])
        for found in event.patterns[0].finditer(before)
    )


def _is_otherwise_known(one: Typed, text: str, events: tuple[Event, ...]) -> bool:
    """Return whether the sentence speaks of another event too, which has that date."""
    return any(event.on and _fits(one, event) and event.is_in(text) for event in events)


CHECKS = (impossible_dates, wrong_dates)
