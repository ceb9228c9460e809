"""Financial years of English councils, 1 April to 31 March, written "2019/20"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from partnership.dates import read_financial_year

APRIL = 4


@dataclass(frozen=True, order=True)
class FinancialYear:
    """The year that begins on 1 April of ``start``."""

    start: int

    @classmethod
    def containing(cls, on: date) -> Self:
        """The financial year that a day falls in."""
        return cls(on.year if on.month >= APRIL else on.year - 1)

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the year that somebody wrote, like "2019/20" or "FY19-20". Raises ``ValueError`` with a sentence."""
        return cls(read_financial_year(text))

    @property
    def first_day(self) -> date:
        return date(self.start, APRIL, 1)

    @property
    def last_day(self) -> date:
        return date(self.start + 1, APRIL - 1, 31)

    @property
    def days(self) -> int:
        """365, or 366 where the year holds a 29 February, as 2019/20 does."""
        return (self.last_day - self.first_day).days + 1

    @property
    def key(self) -> str:
        """The year as it stands in addresses and figure names: "2019-20"."""
        return str(self).replace("/", "-")

    def next(self) -> Self:
        return type(self)(self.start + 1)

    def previous(self) -> Self:
        return type(self)(self.start - 1)

    def __str__(self) -> str:
        return f"{self.start}/{(self.start + 1) % 100:02d}"


def validate_financial_year(text: str) -> None:
    """Check that a text is a financial year as the portal keeps it. Raises ``ValidationError``."""
    try:
        written = str(FinancialYear.read(text))
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if written != text:
        raise ValidationError(f"Write the financial year as {written}.")


class FinancialYearFormField(forms.CharField):
    """A financial year as people write it. Its value is the year as the portal keeps it, "2019/20"."""

    def __init__(self, **kwargs: object):
        kwargs.pop("max_length", None)  # a browser would cut "2007/08-2011/12" to its first year
        super().__init__(**{"widget": forms.TextInput({"class": "govuk-input--width-10"}), **kwargs})

    def to_python(self, value: object) -> str:
        text = super().to_python(value)
        return self.read(text) if text else ""

    def read(self, text: str) -> str:
        """Return the year in the portal's writing. Raises ``ValidationError``."""
        try:
            return str(FinancialYear.read(text))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class FinancialYearField(models.CharField):
    """A financial year kept as it is written, "2019/20"; empty where the source states none."""

    def __init__(self, *args: object, **kwargs: object):
        kwargs.setdefault("max_length", 7)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, validate_financial_year]

    def formfield(self, **kwargs: object) -> forms.Field:
        return super().formfield(**{"form_class": FinancialYearFormField, **kwargs})


@dataclass(frozen=True, order=True)
class MunicipalYear:
    """The year that begins with the annual council meeting of ``start``.

    That meeting is held in March, April or May (Local Government Act 1972, schedule 12), so two years may meet on any
    day of these months: only the dates of the places say which of them it is.
    """

    start: int

    @classmethod
    def read(cls, text: str) -> Self:
        """The year written "2019/20". Raises ``ValueError`` with a sentence."""
        try:
            return cls(FinancialYear.read(text).start)
        except ValueError as error:
            raise ValueError(str(error).replace("financial", "municipal")) from error

    @property
    def first_possible_day(self) -> date:
        return date(self.start, 3, 1)

    @property
    def last_possible_day(self) -> date:
        return date(self.start + 1, 5, 31)

    def may_include(self, on: date) -> bool:
        """Return whether a day can lie in it."""
        return self.first_possible_day <= on <= self.last_possible_day

    def next(self) -> Self:
        return type(self)(self.start + 1)

    def __str__(self) -> str:
        return f"{self.start}/{(self.start + 1) % 100:02d}"


def validate_municipal_year(text: str) -> None:
    """A form's check that a text is a municipal year."""
    try:
        written = str(MunicipalYear.read(text))
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if written != text:
        raise ValidationError(f"Write the municipal year as {written}.")


class MunicipalYearFormField(FinancialYearFormField):
    """A municipal year as people write it."""

    def read(self, text: str) -> str:
        try:
            return str(MunicipalYear.read(text))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class MunicipalYearField(models.CharField):
    """A municipal year kept as it is written, "2019/20"."""

    def __init__(self, *args: object, **kwargs: object):
        kwargs.setdefault("max_length", 7)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, validate_municipal_year]

    def formfield(self, **kwargs: object) -> forms.Field:
        return super().formfield(**{"form_class": MunicipalYearFormField, **kwargs})
