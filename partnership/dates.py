"""Dates, months and financial years as people type them. Forms, the grid, pasted rows and files all read them here.

The day comes before the month. A year of two figures is read as 2000 to 2049, or as 1969 to 1999; from 50 to 68 it
could be either, so it is refused. What names no day of the calendar is refused with a sentence that says why.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from partnership.text import DASHES, quoted, without_invisible

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST_OF_THIS_CENTURY = 49
FIRST_OF_THE_LAST = 69
EXAMPLE = "Enter a date like 23 April 2019 or 23/04/2019."
TWO_FIGURES = (
    "Write the year with four figures. Of two, 00 to 49 are read as 2000 to 2049, and 69 to 99 as 1969 to 1999."
)

_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th)?"
_MONTH = r"([a-z]{3,9})\.?"
_YEAR = r"'?(\d{4}|\d{2})"
_GAP = r"[\s/.,-]+"
_TIME = r"(?:[t\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|\s*[ap]m)?)?"
_PATTERNS = (
    # (which parts stand in which order, the pattern)
    ("ymd", re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")),
    ("dmy", re.compile(rf"(\d{{1,2}})\s*[-/. ]\s*(\d{{1,2}})\s*[-/. ]\s*{_YEAR}{_TIME}")),
    ("dmy", re.compile(rf"{_ORDINAL}(?:\s+of)?(?:{_GAP})?{_MONTH}(?:{_GAP})?{_YEAR}{_TIME}")),
    ("mdy", re.compile(rf"{_MONTH}\s*{_ORDINAL}(?:\s*,\s*|\s+)(\d{{4}}){_TIME}")),
    ("ymd", re.compile(rf"(\d{{4}}){_GAP}{_MONTH}{_GAP}{_ORDINAL}{_TIME}")),
    ("my", re.compile(rf"{_MONTH}(?:{_GAP})?{_YEAR}")),
    ("my", re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{4})")),
    ("ym", re.compile(r"(\d{4})\s*[-/.]\s*(\d{1,2})")),
    ("ym", re.compile(rf"(\d{{4}}){_GAP}{_MONTH}")),
    ("dm", re.compile(rf"{_ORDINAL}(?:\s+of)?(?:{_GAP})?{_MONTH}")),
)


@dataclass(frozen=True)
class TypedDate:
    """A date as read: a day, or the first day of a month without a day."""

    on: date
    is_month: bool = False


def read_date(text: str) -> TypedDate:
    """Return the day or the month that somebody typed. Raises ``ValueError`` with a sentence.

    Days: "1 October 2026", "1st Oct 26", "01/10/2026", "1.10.26", "01-10-2026", "2026-10-01", "Thursday 1 Oct 2026".
    Months: "April 2007", "Apr-19", "04/2019", "2019-04".
    """
    shown = _plain(text)
    weekday, shown = _split_weekday(shown)
    for order, pattern in _PATTERNS:
        found = pattern.fullmatch(shown)
        if found:
            read = _read_parts(dict(zip(order, found.groups(), strict=True)), text)
            _check_weekday(weekday, read, text)
            return read
    raise ValueError(f"{quoted(text)} is not a date. {EXAMPLE}")


def year_of_two_figures(number: int) -> int:
    """Return the year that two figures stand for. Raises ``ValueError`` with a sentence."""
    if number <= LAST_OF_THIS_CENTURY:
        return 2000 + number
    if number >= FIRST_OF_THE_LAST:
        return 1900 + number
    raise ValueError(TWO_FIGURES)


def _plain(text: str) -> str:
    shown = without_invisible(text)
    for dash in DASHES:
        shown = shown.replace(dash, "-")
    shown = shown.replace("\u2044", "/").replace("\u2215", "/").replace("\uff0f", "/").replace("\u2019", "'")
    digits = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in shown)
    return " ".join(digits.split()).casefold()


def _split_weekday(shown: str) -> tuple[int | None, str]:
    found = re.match(r"([a-z]{3,9})\.?,?\s+(?=\d)", shown)
    if found and _named(found[1], WEEKDAYS) is not None:
        return _named(found[1], WEEKDAYS), shown[found.end() :]
    return None, shown


def _named(word: str, names: tuple[str, ...]) -> int | None:
    """Return the place of a month or weekday called so, in full or shortened to at least three letters."""
    word = "sep" if word == "sept" else word
    places = [place for place, name in enumerate(names) if name.casefold() == word or name[:3].casefold() == word]
    shortened = [place for place, name in enumerate(names) if len(word) > 2 and name.casefold().startswith(word)]
    return next(iter([*places, *shortened]), None)


def _read_parts(parts: dict[str, str], text: str) -> TypedDate:
    month = _month(parts["m"], parts, text)
    if "y" not in parts:
        raise ValueError(f"{quoted(text)} names no year. {EXAMPLE}")
    year = _year(parts["y"], text)
    if "d" not in parts:
        return TypedDate(date(year, month, 1), is_month=True)
    day = int(parts["d"])
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise ValueError(f"{quoted(text)} is not a date: {MONTHS[month - 1]} {year} has {days} days.")
    return TypedDate(date(year, month, day))


def _month(word: str, parts: dict[str, str], text: str) -> int:
    if not word.isdecimal():
        place = _named(word, MONTHS)
        if place is None:
            raise ValueError(f"{quoted(text)} is not a date. {EXAMPLE}")
        return place + 1
    if 1 <= int(word) <= len(MONTHS):
        return int(word)
    advice = "Write the day first, like 13/04/2019." if "d" in parts else EXAMPLE
    raise ValueError(f"{quoted(text)} is not a date: there is no month {int(word)}. {advice}")


def _year(figures: str, text: str) -> int:
    if len(figures) == 4:
        if int(figures) == 0:
            raise ValueError(f"{quoted(text)} is not a date. {EXAMPLE}")
        return int(figures)
    try:
        return year_of_two_figures(int(figures))
    except ValueError as error:
        raise ValueError(f"{quoted(text)} could be of two centuries. {error}") from error


def _check_weekday(weekday: int | None, read: TypedDate, text: str) -> None:
    if weekday is None or read.is_month or read.on.weekday() == weekday:
        return
    day = f"{read.on.day} {MONTHS[read.on.month - 1]} {read.on.year}"
    raise ValueError(f"{quoted(text)} is not a date: {day} is a {WEEKDAYS[read.on.weekday()]}.")


_FINANCIAL_YEAR = re.compile(
    r"(?:f\.?y\.?|f/y|financial year|year)?\s*:?\s*"
    r"(?P<start>(?:19|20)\d\d|\d\d)\s*(?:[/-]|\bto\b)\s*(?P<end>(?:19|20)\d\d|\d\d)"
)
_SEVERAL_YEARS = re.compile(r".*\d\d\s*[/-]\s*\d{2,4}\s*(?:-|,|;|to|and|&|\+).*\d\d\s*[/-]\s*\d{2,4}.*")


def read_financial_year(text: str) -> int:
    """Return the calendar year in which the financial year that somebody typed begins.

    Reads "2019/20", "2019-20", "2019/2020", "FY2019/20" and "19/20". Raises ``ValueError`` with a sentence.
    """
    shown = _plain(text)
    found = _FINANCIAL_YEAR.fullmatch(shown)
    if not found:
        raise ValueError(_why_no_financial_year(shown, text))
    start = int(found["start"])
    if len(found["start"]) == 2:
        if len(found["end"]) == 4:
            raise ValueError(_why_no_financial_year(shown, text))
        try:
            start = year_of_two_figures(start)
        except ValueError as error:
            raise ValueError(f"{quoted(text)} could be of two centuries. Write the year like 2019/20.") from error
    end = int(found["end"])
    follows = start + 1 if len(found["end"]) == 4 else (start + 1) % 100
    if end != follows:
        raise ValueError(f"{quoted(text)} is not a financial year. Write it like 2019/20.")
    return start


def _why_no_financial_year(shown: str, text: str) -> str:
    if _SEVERAL_YEARS.fullmatch(shown):
        return f"{quoted(text)} is more than one financial year. Enter one year, like 2019/20."
    single = re.fullmatch(r"(?:f\.?y\.?\s*)?((?:19|20)\d\d)", shown)
    if single:
        year = int(single[1])
        before = f"{year - 1}/{year % 100:02d}"
        after = f"{year}/{(year + 1) % 100:02d}"
        return f"{quoted(text)} is not a financial year. Write {before} or {after}."
    return f"{quoted(text)} is not a financial year. Write it like 2019/20."


NOT_STATED = "not stated"
# What days people may enter: no partnership is older, and what counts days or months on from one must not run out of
# calendar. A lease of 999 years fits.
EARLIEST = date(1900, 1, 1)
LATEST = date(2999, 12, 31)


def validate_day(on: date) -> None:
    """A form's check that a day can be meant. Raises ``ValidationError``."""
    if not EARLIEST <= on <= LATEST:
        raise ValidationError(f"Enter a date from {EARLIEST.year} to {LATEST.year}.")


class Precision(models.TextChoices):
    """The precision of a date."""

    DAY = "day", "exact day"
    MONTH = "month", "month only"
    BY = "by", "by this day; exact date not stated"


class RecordedDateField(models.DateField):
    """A date whose precision stands in a second field, named by ``precision_field``."""

    def __init__(self, *args: object, precision_field: str = "", **kwargs: object):
        self.precision_field = precision_field
        super().__init__(*args, **kwargs)


class DateText(forms.DateInput):
    """A date in one text box, shown as the portal writes dates: "1 October 2018", not "01 October 2018"."""

    def format_value(self, value: object) -> str | None:
        return f"{value.day} {value:%B %Y}" if isinstance(value, date) else super().format_value(value)


class DayFormField(forms.DateField):
    """A date as people type it. A month alone is its first day; whether that will do, the form says."""

    def to_python(self, value: object) -> date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        read = self.read(value)
        return read.on if read else None

    def read(self, value: object) -> TypedDate | None:
        """Return what was typed, or ``None`` for nothing. Raises ``ValidationError``."""
        if not isinstance(value, str) or not value.strip():
            return None
        try:
            return read_date(value)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error


def month_sentence(typed: str, *, has_precision: bool) -> str:
    """Return what to do about a month that was typed where a day is wanted."""
    if has_precision:
        return f"{quoted(typed)} names no day. Enter the day, or choose “{Precision.MONTH.label}”."
    return f"{quoted(typed)} names no day. Enter the day as well, like 23 April 2019."


def precision_field(of: str) -> models.CharField:
    """The companion of a ``RecordedDateField``: how well the date is known."""
    return models.CharField(
        f"how exact is {of}",
        max_length=5,
        choices=Precision.choices,
        default=Precision.DAY,
        help_text="Choose month or “by” when the source gives no exact day.",
    )


def in_words(on: date | None, precision: str = Precision.DAY, *, unknown: str = NOT_STATED) -> str:
    """A date as the portal prints it: "23 April 2019", "October 2018", "not stated (by 16 March 2019)"."""
    if on is None:
        return unknown
    if precision == Precision.MONTH:
        return f"{on:%B %Y}"
    exact = f"{on.day} {on:%B %Y}"
    return f"{NOT_STATED} (by {exact})" if precision == Precision.BY else exact


def last_day_of(on: date, precision: str) -> date:
    """The last day that a date may mean: of one known to the month, the last of the month."""
    return add_months(on.replace(day=1), 1) - timedelta(days=1) if precision == Precision.MONTH else on


def calendar_months(start: date, end: date) -> int:
    """Return the number of months between the calendar months of two days."""
    return (end.year - start.year) * 12 + end.month - start.month


def months_between(start: date, end: date) -> tuple[int, int]:
    """Whole months and days left over from one day to another, as people count an age."""
    months = calendar_months(start, end)
    if end.day < start.day:
        months -= 1
    anchor = add_months(start, months)
    return months, (end - anchor).days


def add_months(on: date, months: int) -> date:
    """The same day so many months later, or the last day of that month when it is shorter."""
    index = on.year * 12 + on.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
