"""Numbers as people type them. Forms, the grid, pasted rows and files all read money and percentages here.

A comma is read only between thousands: before exactly three digits, all the way. Whatever another country, or another
habit, would read as a different number is refused with a sentence that says what to type.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator
from django.db import models

from partnership.text import APOSTROPHES, plain_signs, quoted

LONGEST = 40  # characters; no figure of a council is longer

_PLAIN = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_COMMAS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_SPACES = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:\.\d+)?")
_SHORTENED = re.compile(
    r"(?P<number>[\d,. ]*\d)\s*(?P<unit>k|m|mn|mln|bn|b|thousand|thou|million|mill|billion)", re.IGNORECASE
)
_UNITS = {"k": 1_000, "t": 1_000, "m": 1_000_000, "b": 1_000_000_000}

POINT_AND_COMMAS = "Write a comma only between thousands, and a point before pence, like 1,234.50."


class NotRead(ValueError):
    """A text is not a number that can be read with certainty. The message says what to type instead."""


def read_number(text: str) -> Decimal:
    """Return the number that somebody typed: "1,234.50", "1 234", "-500", "(500)". Raises ``NotRead`` with advice."""
    return _with_sign(plain_signs(text), _unsigned)


def read_money(text: str) -> Decimal:
    """Return the amount in pounds that somebody typed: "£1,234.50", "-£500", "(500)". Raises ``NotRead``."""
    return _with_sign(_without_currency(plain_signs(text)), _unsigned)


def read_percentage(text: str) -> Decimal:
    """Return the percentage that somebody typed, with or without the sign: "27.5", "27.5%". Raises ``NotRead``."""
    shown = plain_signs(text).replace("\uff05", "%").replace("\ufe6a", "%")
    shown = re.sub(r"\s*(?:%|per ?cent\.?|percent|pc)$", "", shown, flags=re.IGNORECASE)
    if "," in shown:
        raise NotRead("Write a point before the decimal, like 27.5.")
    return _with_sign(shown, _unsigned)


def has_percent_sign(text: str) -> bool:
    """Return whether the text says itself that it is a percentage."""
    return bool(re.search(r"(?:%|\uff05|\ufe6a|per ?cent\.?|percent|pc)\s*$", text.strip(), re.IGNORECASE))


def _with_sign(shown: str, read) -> Decimal:
    if len(shown) > LONGEST:
        raise NotRead("")
    bracketed = re.fullmatch(r"\((.*)\)", shown)
    if bracketed:
        inside = bracketed[1].strip()
        if inside[:1] in ("-", "+"):
            raise NotRead("Write a negative figure as -500 or as (500), not both.")
        return -read(inside)
    if shown[:1] in ("-", "+"):
        rest = shown[1:].strip()
        return -read(rest) if shown[0] == "-" else read(rest)
    return read(shown)


def _unsigned(shown: str) -> Decimal:
    if _PLAIN.fullmatch(shown):
        return Decimal(shown)
    if _COMMAS.fullmatch(shown):
        return Decimal(shown.replace(",", ""))
    if _SPACES.fullmatch(shown):
        return Decimal(shown.replace(" ", ""))
    raise NotRead(_advice(shown))


def _advice(shown: str) -> str:
    """Return what to type instead of a text that looks like a number; "" where it does not."""
    shortened = _SHORTENED.fullmatch(shown)
    if shortened:
        return _in_full(shortened)
    if any(sign in shown for sign in APOSTROPHES):
        return POINT_AND_COMMAS
    if re.fullmatch(r"[\d,. ]+", shown) and re.search(r"\d", shown):
        return POINT_AND_COMMAS
    if re.fullmatch(r"[\d,. ]+-", shown):
        return "Write the minus sign before the figure, like -500."
    if re.fullmatch(r"[\d,. ]+(?:-|to)[\d,. £]+", shown):
        return "Enter one figure, not a range."
    return ""


def _in_full(shortened: re.Match[str]) -> str:
    try:
        number = _unsigned(shortened["number"])
    except NotRead:
        return "Write the figure in full, like 1,200,000."
    whole = number * _UNITS[shortened["unit"][0].lower()]
    return f"Write the figure in full, like {whole.normalize():,f}."


def _without_currency(shown: str) -> str:
    """Take away one pound sign, which may stand before or after the minus sign or inside the brackets."""
    shown = shown.replace("\uffe1", "£").replace("\u20a4", "£")
    if re.search(r"[$€¥]|\b(?:EUR|USD)\b", shown):
        raise NotRead("Enter the amount in pounds.")
    bare = re.sub(r"^GBP\s*|\s*GBP$", "£", shown, count=1, flags=re.IGNORECASE)
    if bare.endswith("£") and not bare.startswith("£"):
        bare = f"£{bare[:-1]}" if "£" not in bare[:-1] else bare
    return re.sub(r"^(?P<before>[-+(]?)\s*£\s*", r"\g<before>", bare, count=1)


NOT_RECORDED = "not recorded"
NOT_KNOWN = "not known"
ABOUT = "about "
WHOLE_POUND = Decimal("1")
PENNY = Decimal("0.01")
# A form asks whether a sum above this is right: more often than not somebody typed too many digits (docs/limits.md).
ASKED_ABOUT_ABOVE = Decimal(100_000_000)
PLACES_OF_PERCENT = 3


def pounds(amount: Decimal | None, *, about: bool = False, pence: bool = False, unknown: str = NOT_RECORDED) -> str:
    """Pounds as a councillor reads them: "£1,500", "−£5,000", "about £20,000"; ``unknown`` for ``None``."""
    if amount is None:
        return unknown
    rounded = Decimal(amount).quantize(PENNY if pence else WHOLE_POUND, rounding=ROUND_HALF_UP)
    sign = "−" if rounded < 0 else ""
    return f"{ABOUT if about else ''}{sign}£{abs(rounded):,}"


def to_pennies(amount: Decimal | None) -> Decimal | None:
    """A sum as a file has it: a number with two places, without what a share of it left behind them."""
    return None if amount is None else Decimal(amount).quantize(PENNY, rounding=ROUND_HALF_UP)


def read_pounds(text: str) -> Decimal:
    """Return the amount in pounds that somebody typed: "£1,234.50", "-500", "(500)".

    Raises ``ValueError`` with a sentence for the person who typed it.
    """
    try:
        amount = read_money(text)
        if amount.as_tuple().exponent < PENNY.as_tuple().exponent:
            raise NotRead("Write at most two figures after the point, and commas between thousands, like 1,234.50.")
    except NotRead as refused:
        advice = str(refused) or "Enter pounds like 1,234 or 1,234.50."
        raise ValueError(f"{quoted(text)} is not an amount of money. {advice}") from refused
    return amount


def read_percent(text: str) -> Decimal:
    """Return the percentage that somebody typed: "27.5", "27.5%". Raises ``ValueError`` with a sentence."""
    try:
        return read_percentage(text)
    except NotRead as refused:
        advice = str(refused) or "Enter a number like 27.5."
        raise ValueError(f"{quoted(text)} is not a percentage. {advice}") from refused


class MoneyInput(forms.TextInput):
    """A text box, because a number box loses what was mistyped."""

    def __init__(self, attrs: dict | None = None):
        super().__init__({"inputmode": "decimal", "data-prefix": "£", "autocomplete": "off", **(attrs or {})})


class MoneyFormField(forms.Field):
    """A sum as people type it: with or without £, commas, or brackets for a negative."""

    widget = MoneyInput

    def to_python(self, value: object) -> Decimal | None:
        if value in self.empty_values:
            return None
        try:
            amount = value if isinstance(value, Decimal) else read_pounds(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error
        DecimalValidator(14, 2)(amount)
        return amount

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class MoneyField(models.DecimalField):
    """Pounds, 14 digits with two places. ``about_field`` names the yes/no field that says the figure is rounded."""

    def __init__(self, *args: object, about_field: str = "", **kwargs: object):
        self.about_field = about_field
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: object) -> forms.Field:
        return models.Field.formfield(self, **{"form_class": MoneyFormField, **kwargs})


class PercentFormField(forms.DecimalField):
    """A percentage as people type it, with or without the sign."""

    def __init__(self, **kwargs: object):
        box = forms.TextInput({"inputmode": "decimal", "data-suffix": "%", "autocomplete": "off"})
        super().__init__(**{"widget": box, **kwargs})

    def to_python(self, value: object) -> Decimal | None:
        if value in self.empty_values:
            return None
        try:
            return value if isinstance(value, Decimal) else read_percent(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class PercentField(models.DecimalField):
    """A share in percent, 0 to 100, with up to three places."""

    def __init__(self, *args: object, **kwargs: object):
        kwargs.setdefault("max_digits", 6)
        kwargs.setdefault("decimal_places", PLACES_OF_PERCENT)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: object) -> forms.Field:
        return super().formfield(**{"form_class": PercentFormField, **kwargs})


def percent(share: Decimal | None, *, unknown: str = NOT_RECORDED) -> str:
    """A share as people read it: "50%", "33.3%"."""
    return unknown if share is None else f"{share.normalize() + 0:f}%"  # + 0: there is no "-0%"


BAND = Decimal(5000)


def band(amount: Decimal | None, *, unknown: str = NOT_RECORDED) -> str:
    """The £5,000 band a sum falls in, for whoever may not see the sum: "£120,000 to £124,999"."""
    if amount is None:
        return unknown
    lowest = amount // BAND * BAND
    return f"{pounds(lowest)} to {pounds(lowest + BAND - 1)}"


def never_negative(field: str, name: str, what: str) -> models.CheckConstraint:
    """Return the constraint that a sum or percentage, where one is given, is not negative.

    ``what`` is what people are asked for, such as "a salary of £0 or more": a form finds the field by its sentence.
    """
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__isnull": True}) | models.Q(**{f"{field}__gte": 0}),
        name=name,
        violation_error_message=f"Enter {what}.",
    )
