"""Municipal years, from one annual council meeting to the next, written "2019/20". They are not financial years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from partnership.financial_years import FinancialYear, FinancialYearFormField


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
        """Whether a day can lie in it."""
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
