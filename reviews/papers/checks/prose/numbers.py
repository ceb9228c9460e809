"""Numbers as people type them, in figures and in words: sums of money, shares of a whole, and plain counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from text_to_num import text2num

DIGITS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
SCALES = "hundred|thousand|million|billion"
# "six hundred and ninety-two thousand"; a hyphen joins tens and units, and never a number to another kind of word.
IN_WORDS = (
    rf"\b(?:a (?={SCALES})|(?=(?:{DIGITS})\b))(?:{DIGITS}|{SCALES})"
    rf"(?:(?:[ -]|,? and )(?:{DIGITS}|{SCALES}))*\b(?!-\w)"
)
FRACTIONS = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "fifth": Fraction(1, 5),
    "sixth": Fraction(1, 6),
    "eighth": Fraction(1, 8),
    "tenth": Fraction(1, 10),
}
NUMERATORS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "nine": 9}
FRACTION = (
    rf"(?:(?P<numerator>{'|'.join(NUMERATORS)})[ -])?(?P<part>{'|'.join(FRACTIONS)}|halves)s?\b"
    r"|(?<![\d/])(?P<above>\d{1,2})/(?P<below>\d{1,2})(?![\d/])"
)
PER_CENT = r"(?:%| ?per ?cent\b| percent\b| percentage points?\b)"
SCALE_OF = {
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "million": 1_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
}
SCALE = r"(?:k|mn|m|bn|thousand|million|billion)\b"
POUNDS = "£"
EUROS = "€"
DOLLARS = "$"
CURRENCY_OF = {
    "£": POUNDS,
    "gbp": POUNDS,
    "pound": POUNDS,
    "pounds": POUNDS,
    "pounds sterling": POUNDS,
    "sterling": POUNDS,
    "€": EUROS,
    "eur": EUROS,
    "euro": EUROS,
    "euros": EUROS,
    "$": DOLLARS,
    "us$": DOLLARS,
    "usd": DOLLARS,
    "dollar": DOLLARS,
    "dollars": DOLLARS,
}
BEFORE_SUM = r"(?:US\$|[£€$]|\b(?:GBP|EUR|USD))"
AFTER_SUM = r"(?:\b(?:pounds sterling|pounds?|euros?|dollars?|sterling|GBP|EUR|USD)\b|[£€])"
PLAIN_NUMBER = r"\d+(?:[,.’' \u00a0\u202f]\d{3}(?!\d))*(?:[.,]\d+)?|\.\d+"
SUM_IN_FIGURES = re.compile(
    rf"(?:(?P<before>{BEFORE_SUM})[ \u00a0]?|(?<![\w.,/])(?<!\d[ -]))(?P<number>{PLAIN_NUMBER})"
    rf"(?:[ \u00a0-]?(?P<scale>{SCALE}))?(?:[ \u00a0-]?(?P<after>{AFTER_SUM}))?(?![\w/])",
    re.IGNORECASE,
)
FRACTION_OF_A_MILLION = (
    rf"(?:(?P<whole>{DIGITS}|a) and )?(?:(?P<some>an?|one|two|three)[ -])?"
    r"(?P<kind>half|halves|third|quarter|fifth|tenth)s?(?: of)?(?: an?| one)? (?P<unit>million|thousand|billion)"
)
SUM_IN_WORDS = re.compile(
    rf"\b(?:(?P<fraction>{FRACTION_OF_A_MILLION})|(?P<words>{IN_WORDS}))"
    rf"(?: and (?P<more>a half|a quarter) (?P<of>million|thousand))?(?:[ -](?P<after>{AFTER_SUM}))?",
    re.IGNORECASE,
)
POINT_WORDS = re.compile(
    rf"\b(?P<whole>{DIGITS}|nought) point (?P<digits>(?:(?:{DIGITS}|nought)[ -]?)+?)[ ]?"
    rf"(?P<unit>thousand|million|billion)(?:[ -](?P<after>{AFTER_SUM}))?",
    re.IGNORECASE,
)
VAGUE_SUM = re.compile(
    r"\b(?:tens|hundreds|thousands|millions) of (?:thousands of |millions of )?pounds\b"
    r"|\b(?:hundreds|tens) of (?:thousands|millions)\b(?! of)|\b(?:five|six|seven)-figure (?:sum|saving|amount)s?\b",
    re.IGNORECASE,
)
# How exactly a number is meant, by the words before it; "no fewer than" is looked for before "fewer than".
APPROXIMATIONS = {
    "about": "about|around|circa|c\\.|ca\\.|some|roughly|approximately|approx\\.?|in the (?:order|region) of|"
    "of the order of|or so|close to|near to",
    "at least": "at least|no less than|no fewer than|not less than|a minimum of",
    "under": "under|less than|fewer than|below|nearly|almost|just under|(?<!signed )(?<!sign )up to|"
    "at most|no more than|not quite",
    "over": "over|more than|above|in excess of|upwards of|just over|well over|exceeding|exceeds|beyond",
}
APPROXIMATION = {
    meaning: re.compile(rf"\b(?:{words})\s*(?:an?\s+)?(?:total of\s+)?$", re.IGNORECASE)
    for meaning, words in APPROXIMATIONS.items()
}
KEPT = 512  # texts whose numbers are remembered, as several checks ask for the same
YEAR_LIKE = re.compile(r"(?:19|20)\d\d$")


@dataclass(frozen=True)
class Sum:
    """A sum of money in a sentence, in pounds unless another currency is named. ``is_bare`` says that none is."""

    text: str
    start: int
    end: int
    value: Decimal
    currency: str
    is_bare: bool
    about: str = ""


@dataclass(frozen=True)
class Share:
    """A part of a whole, such as "60 per cent" or "two thirds"; ``tolerance`` is how far off it may be."""

    text: str
    start: int
    end: int
    value: Fraction
    tolerance: Fraction
    about: str = ""

    def agrees_with(self, true: Fraction) -> bool:
        """Return whether somebody may say so of the true share."""
        if self.about == "over":
            return self.value < true <= self.value + Fraction(1, 5)
        if self.about == "under":
            return self.value - Fraction(1, 5) <= true < self.value
        if self.about == "at least":
            return true >= self.value
        return abs(true - self.value) <= self.tolerance * (2 if self.about else 1)


def approximation(before: str) -> str:
    """Return how a number is meant, by the words that stand before it; empty for exactly."""
    return next((meaning for meaning, words in APPROXIMATION.items() if words.search(before)), "")


def number_in_words(text: str) -> int | None:
    """The number that words say; ``None`` when they say none."""
    plain = re.sub(r"^an? ", "one ", text.strip().lower()).replace(",", "")
    try:
        return int(text2num(plain, "en"))
    except ValueError:
        return None


def figures_of(number: str, has_scale: bool) -> Decimal | None:
    """A number in figures. Three figures behind a point are thousands, unless "million" or the like follows."""
    if not has_scale:
        number = re.sub(r"[,.’' \u00a0\u202f](?=\d{3}(?:\D|$))", "", number)
    try:
        return Decimal(re.sub(r"[’' \u00a0\u202f]", "", number).replace(",", "." if has_scale else ""))
    except InvalidOperation:
        return None


@lru_cache(maxsize=KEPT)
def sums(text: str) -> tuple[Sum, ...]:
    """The sums of money in a text, and the bare numbers that may be money, in order."""
    found = [*_sums_with_point(text), *_sums_in_words(text), *_sums_in_figures(text)]
    found.sort(key=lambda one: (one.start, -one.end))
    reached = -1
    apart = []
    for one in found:
        if one.start >= reached:
            reached = one.end
            apart.append(one)
    return tuple(apart)


def _sums_in_figures(text: str) -> Iterator[Sum]:
    for found in SUM_IN_FIGURES.finditer(text):
        scale = (found["scale"] or "").lower()
        number = found["number"]
        mark = found["before"] or found["after"] or ""
        if found["before"] is None and re.match(r"0\d", number):  # a telephone number
            continue
        value = figures_of(number, bool(scale))
        if value is None:
            continue
        start = found.start("before") if found["before"] else found.start("number")
        yield Sum(
            text[start : found.end()].strip(" .,"),
            start,
            found.end(),
            value * SCALE_OF.get(scale, 1),
            CURRENCY_OF.get(mark.lower(), POUNDS),
            not mark,
            approximation(text[:start]),
        )


def _sums_in_words(text: str) -> Iterator[Sum]:
    for found in SUM_IN_WORDS.finditer(text):
        value = _fraction_of(found) if found["fraction"] else number_in_words(found["words"])
        if value is None:
            continue
        value = Decimal(value)
        if found["more"]:
            value += Decimal("0.5" if "half" in found["more"].lower() else "0.25") * SCALE_OF[found["of"].lower()]
        mark = (found["after"] or "").lower()
        about = approximation(text[: found.start()])
        yield Sum(found[0], found.start(), found.end(), value, CURRENCY_OF.get(mark, POUNDS), not mark, about)


def _fraction_of(found: re.Match) -> Decimal:
    part = FRACTIONS["half" if found["kind"].lower() == "halves" else found["kind"].lower()]
    times = NUMERATORS[(found["some"] or "a").lower()]
    whole = number_in_words(found["whole"]) if found["whole"] and found["whole"].lower() != "a" else 0
    exact = (part * times + (whole or 0)) * SCALE_OF[found["unit"].lower()]
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _sums_with_point(text: str) -> Iterator[Sum]:
    for found in POINT_WORDS.finditer(text):
        digits = [
            0 if word.lower() == "nought" else number_in_words(word) for word in re.split(r"[ -]+", found["digits"])
        ]
        whole = 0 if found["whole"].lower() == "nought" else number_in_words(found["whole"])
        value = Decimal(f"{whole}.{''.join(str(digit) for digit in digits if digit is not None)}")
        mark = (found["after"] or "").lower()
        about = approximation(text[: found.start()])
        scale = SCALE_OF[found["unit"].lower()]
        yield Sum(found[0], found.start(), found.end(), value * scale, CURRENCY_OF.get(mark, POUNDS), not mark, about)


SHARE = re.compile(
    rf"(?:(?<![\w.,])(?P<figures>\d+(?:\.\d+)?)|(?P<words>{IN_WORDS})){PER_CENT}|\b{FRACTION}(?!-\w)"
    rf"|\b(?P<some>{'|'.join(NUMERATORS)}) in (?:every )?(?P<many>{DIGITS}|\d{{1,2}})\b(?![/-])"
    r"|\b(?P<most>(?:the )?(?:vast )?majority|most|more than half|nearly all|almost all)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=KEPT)
def shares(text: str) -> tuple[Share, ...]:
    """The parts of a whole that a text names, in order."""
    return tuple(_shares(text))


def _shares(text: str) -> Iterator[Share]:
    for found in SHARE.finditer(text):
        about = approximation(text[: found.start()])
        at = (found[0], found.start(), found.end())
        if found["figures"] or found["words"]:
            number = Decimal(found["figures"]) if found["figures"] else number_in_words(found["words"])
            if number is not None:
                yield Share(*at, Fraction(number) / 100, Fraction(1, 200), about)
        elif found["most"]:
            if "all" in found["most"].lower():
                yield Share(*at, Fraction(1), Fraction(0), "under")
            else:
                yield Share(*at, Fraction(501, 1000), Fraction(0), "at least")
        elif found["some"]:
            many = int(found["many"]) if found["many"].isdigit() else number_in_words(found["many"])
            some = NUMERATORS[found["some"].lower()]
            if many and some < many:
                yield Share(*at, Fraction(some, many), Fraction(3, 100), about)
        elif found["above"]:
            if 0 < int(found["above"]) < int(found["below"]) <= 20:
                yield Share(*at, Fraction(int(found["above"]), int(found["below"])), Fraction(3, 100), about)
        else:
            part = found["part"].lower()
            if found["numerator"] is None and part != "half":  # "the third objective"
                continue
            value = FRACTIONS["half" if part == "halves" else part] * NUMERATORS[(found["numerator"] or "a").lower()]
            yield Share(*at, value, Fraction(3, 100), about)


DOZENS = {
    "half a dozen": 6,
    "a half dozen": 6,
    "half-a-dozen": 6,
    "half dozen": 6,
    "half-dozen": 6,
    "a dozen": 12,
    "two dozen": 24,
    "a score": 20,
}
PAIRS = {"a pair of": 2, "a couple of": 2, "a trio of": 3, "both": 2, "neither": 0}
NONE = ("no", "none of the", "not a single", "not one", "zero", "nil", "not any")
NAMED = "|".join((*DOZENS, *PAIRS))
NOUGHT = "|".join(NONE)
COUNT = re.compile(
    rf"\b(?P<named>{NAMED})\b|\b(?P<none>{NOUGHT})\b"
    rf"|(?<![\w.,£€$/:#-])(?P<figures>\d{{1,3}}(?:,\d{{3}})?)(?![\w%]|[.,/:]\d|-\w)|(?P<words>{IN_WORDS})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Count:
    """A whole number in a sentence."""

    text: str
    start: int
    end: int
    value: int
    about: str = ""

    def agrees_with(self, true: int) -> bool:
        """Return whether somebody may say so of the true number."""
        if self.about == "over":
            return true > self.value
        if self.about == "under":
            return true < self.value
        if self.about == "at least":
            return true >= self.value
        return true == self.value


@lru_cache(maxsize=KEPT)
def counts(text: str) -> tuple[Count, ...]:
    """The whole numbers of a text, in order."""
    return tuple(_counts(text))


def _counts(text: str) -> Iterator[Count]:
    for found in COUNT.finditer(text):
        value: int | None
        if found["named"]:
            value = (DOZENS | PAIRS)[found["named"].lower()]
        elif found["none"]:
            value = 0
        elif found["figures"]:
            value = int(found["figures"].replace(",", ""))
        else:
            value = number_in_words(found["words"])
        if value is not None:
            yield Count(found[0], found.start(), found.end(), value, approximation(text[: found.start()]))


def agrees(one: Sum, true: Decimal) -> bool:
    """Return whether a sum may be said of the true one.

    "About" is within half a unit of the last figure given; "over" reaches a tenth below the true sum, "nearly" a tenth
    above it.
    """
    if one.currency != POUNDS:
        return False
    if one.about == "over":
        return one.value < true <= one.value * Decimal("1.1")
    if one.about == "under":
        return one.value * Decimal("0.9") <= true < one.value
    if one.about == "at least":
        return true >= one.value
    if one.about or one.value != one.value.to_integral_value() or re.search(r"[a-z]", one.text, re.IGNORECASE):
        return abs(true - one.value) <= unit_of(one) / 2
    return true == one.value


def unit_of(one: Sum) -> Decimal:
    """The value of a sum's last significant figure: 100,000 for "£0.6m", 1,000 for "£629k"."""
    if re.search(r"half|third|quarter|fifth|tenth", one.text, re.IGNORECASE):
        return one.value / 10
    digits = str(int(one.value)).rstrip("0")
    return Decimal(10) ** (len(str(int(one.value))) - len(digits))
