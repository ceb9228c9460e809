"""Forty values that nobody ought to type and somebody does, with the meaning of each where a form takes it."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode


class Nasty(NamedTuple):
    """A value, and the day or number that it is to be kept as by a question for one; it may be refused instead."""

    typed: str
    day: date | None = None
    number: Decimal | None = None

    @property
    def text(self) -> str:
        """Return what a question for words keeps of it: a lone half of a character is replaced."""
        return self.typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace").strip()


TEXTS = [
    "\0",
    "a\0b",
    "\u202etxt.exe",  # right to left from here on
    "\u200b\u2066\ufeff",
    "\ud800",
    "👩‍👩‍👧‍👦",
    "Z\u0351\u036b\u0343a\u0489lgo",
    "'; DROP TABLE partnership_user; --",
    "' OR '1'='1",
    '"><script>alert(1)</script>',
    "{{7*7}}{% debug %}",
    "{savings.2019-20.joint.estimated}{nothing.such}",
    "${7*7}%s%n%(name)s{0}",
    "../../../../etc/passwd",
    "C:\\Windows\\system32\\..\\",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "//evil.example/",
    "=cmd|' /C calc'!A0",
    "\r\nSet-Cookie: a=b",
    "\t\x0b\x0c\x1b[31m\x7f",
    "a" * 5_000,
    "A \u00a0 B",
    "None",
    "[]",
    "-1",
    "99999999999999999999",
    "²",
    "٣",
]
NUMBERS = [
    Nasty("-0", number=Decimal(0)),
    Nasty("1e400"),
    Nasty("1e2", number=Decimal(100)),
    Nasty("NaN"),
    Nasty("-Infinity"),
    Nasty("123456789012345678901234567890"),
    Nasty("0.123456789012345678901234567891"),
    Nasty("0x10"),
    Nasty("1_000", number=Decimal(1000)),
]
DAYS = [
    Nasty("0001-01-01", date(1, 1, 1)),
    Nasty("1 January 1000", date(1000, 1, 1)),
    Nasty("9999-12-31", date(9999, 12, 31)),
    Nasty("29/02/2027"),
    Nasty("29/02/2028", date(2028, 2, 29)),
    Nasty("31 April 2026"),
    Nasty("2026-13-01"),
    Nasty("00/00/0000"),
]
VALUES = [*map(Nasty, TEXTS), *NUMBERS, *DAYS]


def urlencoded(fields: dict) -> bytes:
    """Fields as a browser sends them, or as something sends them that halves characters."""
    return urlencode(fields, doseq=True, errors="surrogatepass").encode()
