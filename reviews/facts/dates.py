"""The dates that somebody must not miss: reviews, expiries, ends, cases expected, and whatever else falls due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from partnership.dates import Precision, add_months, in_words, last_day_of
from reviews.facts.partnership import Facts
from reviews.facts.ratings import ReviewStanding

SOON = 6  # months


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
    is_duty: bool = False  # somebody must have acted by then; a meeting or an end merely comes
    slug: str = ""  # what the address of the record names it by, where that is not its number

    @property
    def key(self) -> int | str:
        """Return the record's identifier in its URL."""
        return self.slug or self.record_id

    @property
    def when(self) -> str:
        return in_words(self.on, self.precision)

    @property
    def last_day(self) -> date:
        """The last day that the date may mean."""
        return last_day_of(self.on, self.precision)


def date_facts(
    facts: Facts, reviews: Iterable[ReviewStanding], others: Iterable[DateFact] = ()
) -> tuple[DateFact, ...]:
    """Return all key dates of a partnership, past and future, earliest first."""
    found = [*_of_agreements(facts), *_of_posts(facts), *_of_cases(facts), *_of_reviews(reviews), *others]
    return tuple(sorted(found, key=lambda row: (row.on, row.id)))


def overdue(dates: Iterable[DateFact], as_at: date) -> tuple[DateFact, ...]:
    """The duties whose day has passed."""
    return tuple(row for row in dates if row.is_duty and row.last_day < as_at)


def coming(dates: Iterable[DateFact], as_at: date) -> tuple[DateFact, ...]:
    """Return what falls due within six months of the day."""
    return tuple(row for row in dates if as_at <= row.last_day and row.on <= add_months(as_at, SOON))


def of_record(row: Any, kind: str, *, of: str, on: date, what: str, **more: Any) -> DateFact:
    """A date that stands on a record; ``kind`` tells it from the record's other dates."""
    precision = more.pop("precision", Precision.DAY)
    whose = more.pop("whose", None) or row.title
    return DateFact(f"{of}-{row.id}-{kind}", on, precision, what, whose, of, row.id, **more)


def _of_agreements(facts: Facts) -> Iterator[DateFact]:
    for row in facts.agreements:
        if row.review_due_on:
            what = "Review of the agreement"
            yield of_record(row, "review", of="agreement", on=row.review_due_on, what=what, is_duty=True)
        if row.expires_on:
            yield of_record(row, "expiry", of="agreement", on=row.expires_on, what="Last day of the agreement")
        if row.expires_on and row.notice_months:
            last = add_months(row.expires_on, -row.notice_months)
            yield of_record(row, "notice", of="agreement", on=last, what="Last day for notice before it expires")
        for notice in row.notices:
            if notice.last_day:
                what = f"Last day of the agreement, by notice from {notice.given_by}"
                yield of_record(row, f"notice-{notice.id}", of="agreement", on=notice.last_day, what=what, is_duty=True)


def _of_posts(facts: Facts) -> Iterator[DateFact]:
    for row in facts.posts:
        if row.last_day:
            yield of_record(row, "end", of="jointpost", on=row.last_day, what="Last day of the joint post")


def _of_cases(facts: Facts) -> Iterator[DateFact]:
    for row in facts.cases:
        if row.expected_on and row.is_open:
            what = "Business case expected at the working group"
            due = {"on": row.expected_on, "precision": row.expected_precision, "is_duty": True}
            yield of_record(row, "expected", of="businesscase", what=what, **due)


def _of_reviews(reviews: Iterable[ReviewStanding]) -> Iterator[DateFact]:
    for row in reviews:
        if row.review_due_on:
            what = "Review to be looked at again"
            due = {"on": row.review_due_on, "is_duty": True, "slug": row.slug}
            yield of_record(row, "review", of="review", what=what, **due)
