"""Numbers as people type them. Forms, the grid, pasted rows and files all read money and percentages here.

A comma is read only between thousands: before exactly three digits, all the way. Whatever another country, or another
habit, would read as a different number is refused with a sentence that says what to type.
"""

from __future__ import annotations

import re
from decimal import Decimal

from partnership.typed_text import APOSTROPHES, plain_signs

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
