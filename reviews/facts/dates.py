"""The dates that somebody must not miss: reviews, expiries, ends, and cases expected at the working group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from partnership.dates import Precision, add_months, in_words
from reviews.facts.partnership import Facts
from reviews.facts.ratings import ReviewStanding

MONTHS_AHEAD = 6


@dataclass(frozen=True)
class DateFact:
    """A day by which something is due. ``of`` and ``record_id`` name the record that it stands on."""

    id: str
    on: date
    precision: str
    what: str
    whose: str
    of: str
    record_id: int
    is_duty: bool = True  # somebody must have acted by then; an end or expiry merely comes

    @property
    def when(self) -> str:
        return in_words(self.on, self.precision)

    @property
    def last_day(self) -> date:
        """The last day that the date may mean."""
        month_end = add_months(self.on.replace(day=1), 1) - timedelta(days=1)
        return month_end if self.precision == Precision.MONTH else self.on


def date_facts(facts: Facts, reviews: Iterable[ReviewStanding]) -> tuple[DateFact, ...]:
    """Every such date of a partnership, past and to come, the earliest first."""
    found = [*_of_agreements(facts), *_of_posts(facts), *_of_cases(facts), *_of_reviews(reviews)]
    return tuple(sorted(found, key=lambda row: (row.on, row.id)))


def overdue(dates: Iterable[DateFact], as_at: date) -> tuple[DateFact, ...]:
    """The duties whose day has passed."""
    return tuple(row for row in dates if row.is_duty and row.last_day < as_at)


def coming(dates: Iterable[DateFact], as_at: date, *, months: int = MONTHS_AHEAD) -> tuple[DateFact, ...]:
    """What falls due from the day on, so many months ahead."""
    return tuple(row for row in dates if as_at <= row.last_day and row.on <= add_months(as_at, months))


def _date(row: Any, kind: str, *, of: str, on: date, what: str, **more: Any) -> DateFact:
    precision = more.pop("precision", Precision.DAY)
    return DateFact(f"{of}-{row.id}-{kind}", on, precision, what, row.title, of, row.id, **more)


def _of_agreements(facts: Facts) -> Iterator[DateFact]:
    for row in facts.agreements:
        if row.review_due_on:
            yield _date(row, "review", of="agreement", on=row.review_due_on, what="Review of the agreement")
        if row.expires_on:
            yield _date(
                row, "expiry", of="agreement", on=row.expires_on, what="Last day of the agreement", is_duty=False
            )
        if row.expires_on and row.notice_months:
            last = add_months(row.expires_on, -row.notice_months)
            yield _date(
                row, "notice", of="agreement", on=last, what="Last day for notice before it expires", is_duty=False
            )


def _of_posts(facts: Facts) -> Iterator[DateFact]:
    for row in facts.posts:
        if row.ends_from:
            last_day = row.ends_from - timedelta(days=1)
            yield _date(row, "end", of="jointpost", on=last_day, what="Last day of the joint post", is_duty=False)


def _of_cases(facts: Facts) -> Iterator[DateFact]:
    for row in facts.cases:
        if row.expected_on and row.is_open:
            what = "Business case expected at the working group"
            yield _date(
                row, "expected", of="businesscase", on=row.expected_on, what=what, precision=row.expected_precision
            )


def _of_reviews(reviews: Iterable[ReviewStanding]) -> Iterator[DateFact]:
    for row in reviews:
        if row.review_due_on:
            yield _date(row, "review", of="review", on=row.review_due_on, what="Review to be looked at again")
