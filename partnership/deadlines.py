"""Dates that follow from a meeting or a publication: pure sums over England's working days.

"Clear" days leave out both the day of the notice and the day of the meeting. A date that depends on bank holidays not
announced yet is ``None``: not known, rather than wrong.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

CLEAR_WORKING_DAYS_FOR_PAPERS = 5  # Local Government Act 1972, section 100B; 2012 Regulations, regulation 7
CLEAR_DAYS_FOR_KEY_DECISION = 28  # the Executive Arrangements (Meetings and Access) Regulations 2012, regulation 9
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@cache
def bank_holidays() -> frozenset[date]:
    """England's bank holidays as the library carries them, from the first year to the last that are announced."""
    holidays = BankHolidays(use_cached_holidays=True)
    return frozenset(row["date"] for row in holidays.get_holidays(division=BankHolidays.ENGLAND_AND_WALES))


def is_known(on: date) -> bool:
    """Return whether the bank holidays of the day's year are announced."""
    return min(bank_holidays()).year <= on.year <= max(bank_holidays()).year


def is_working_day(on: date) -> bool:
    """Return whether it is a weekday and no bank holiday in England."""
    return on.weekday() < SATURDAY and on not in bank_holidays()


def working_days_after(start: date, days: int) -> date | None:
    """The last of so many working days that follow a day, which itself does not count; ``None`` when not known."""
    return _count(start, days, ONE_DAY)


def working_days_before(end: date, days: int) -> date | None:
    """The first of so many working days that precede a day, which itself does not count; ``None`` when not known."""
    return _count(end, days, -ONE_DAY)


def _count(on: date, days: int, step: timedelta) -> date | None:
    found = 0
    while found < days:
        on += step
        if not is_known(on):
            return None
        found += is_working_day(on)
    return on


def last_day_for_papers(held_on: date) -> date | None:
    """The last working day to publish agenda and reports: five clear working days lie before the meeting."""
    return working_days_before(held_on, CLEAR_WORKING_DAYS_FOR_PAPERS + 1)


def last_day_for_key_decision_notice(held_on: date) -> date:
    """The last day to publish notice of a key decision: 28 clear calendar days lie before the meeting."""
    return held_on - timedelta(days=CLEAR_DAYS_FOR_KEY_DECISION + 1)


def last_day_for_clearance(held_on: date, clearance_days: int) -> date | None:
    """The last day on which officers clear a paper: so many working days before the meeting, by house rule."""
    return working_days_before(held_on, clearance_days)


def last_day_to_call_in(published_on: date, call_in_days: int) -> date | None:
    """The last day on which scrutiny may call a decision in: so many working days after its publication."""
    return working_days_after(published_on, call_in_days)


def implementable_after_call_in(published_on: date, call_in_days: int) -> date | None:
    """The day after the call-in period, be it a working day or not."""
    last_day = last_day_to_call_in(published_on, call_in_days)
    return last_day + ONE_DAY if last_day else None
