"""Dates as the record has them: exact, to the month, or only "by" a day.

A source often says "October 2018" or shows a post filled by the day of a report. The portal keeps what is known and how
well it is known, and prints no more than that.
"""

from calendar import monthrange
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from partnership.typed_dates import TypedDate, read_date
from partnership.typed_text import quoted

NOT_STATED = "not stated"
# What days people may enter: no partnership is older, and what counts days or months on from one must not run out of
# calendar. A lease of 999 years fits.
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


def validate_day(on: date) -> None:
    """A form's check that a day can be meant. Raises ``ValidationError``."""
    if not EARLIEST <= on <= LATEST:
        raise ValidationError(f"Enter a date from {EARLIEST.year} to {LATEST.year}.")


class Precision(models.TextChoices):
    """How well a date is known."""

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
    """How many months one day's month lies after another's, whatever the days."""
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
