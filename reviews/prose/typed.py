"""Checks of what was typed by hand though it should be drawn: sums, counts, dates, numbers of tables and sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from partnership.dates import in_words
from partnership.wording import NUMBERS
from reviews.narrative import EXTERNAL, external
from reviews.prose.sentences import Basis, Doubt, Said

SCALE = r"(?:k|m|bn|thousand|million|billion)\b"
MONEY = re.compile(
    rf"[£€$]\s?\d[\d,.]*(?:\s?{SCALE})?|(?<![\w.,])\d[\d,.]*\s?{SCALE}(?: pounds| euros)?"
    r"|(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d\d)?(?![\w,])|(?<![\w.,])\d[\d,.]* (?:pounds|euros)\b",
    re.IGNORECASE,
)
CURRENCY = re.compile(r"[£€$]|\b(?:pounds|euros|GBP|EUR|USD)\b")
PERIOD = re.compile(
    r"\b(?:20\d\d/\d\d|a year|per year|annual(?:ly)?|each year|since \d{4}|(?:over|in|for) (?:\w+ ){0,3}years?)\b",
    re.IGNORECASE,
)
# What may be counted in thousands without being money.
COUNTED = re.compile(
    r"^\s+(?:[a-z-]+\s+){0,2}(?:people|residents|homes|households|dwellings|staff|employees|officers|voters|electors|"
    r"children|pupils|visitors|users|customers|calls|cases|hectares|acres|miles|hours|copies|swimming|pool|long|wide|high)\b",
    re.IGNORECASE,
)
MONTHS = {date(2000, month, 1).strftime("%B"): month for month in range(1, 13)}
MONTH = rf"(?:{'|'.join(MONTHS)})"
DATED = re.compile(rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)? )?({MONTH}) (\d{{4}})\b")
NUMERIC_DATE = re.compile(r"(?<![\d/])(\d{1,2})([/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])|\b(\d{4})-(\d\d)-(\d\d)\b")
TURNED_DATE = re.compile(rf"\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?!\s?\d)")
LOOKS_AHEAD = re.compile(
    r"\b(?:will|shall|would|may|might|could|should|by|expect\w*|due|planned|plans? to|intend\w*|propos\w*|until|to be|"
    r"next|on course|set to|forecast|schedul\w*|ahead|estimated?|target\w*|going to|from then)\b",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"\b(?:table|chart|section|appendix|recommendation|paragraph)s? \d{1,2}(?:\.\d+)*\b(?! of the [^.]*\bAct\b)",
    re.IGNORECASE,
)
TABLE_ROW = re.compile(r"^\s*\|.*\|", re.MULTILINE)
MARKUP = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
AGE = re.compile(
    r"\b(?:first|after|for) (?:(?:just (?:under|over)|about|only|nearly|the last) )?((?:\w+)[ -]months?)\b"
    r"|\b((?:\w+)[ -]months?) (?:in|of) operation\b",
    re.IGNORECASE,
)


def unknown_names(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A token that nothing answers to."""
    for name in said.names:
        if basis.knows(name):
            continue
        if name.startswith(EXTERNAL):
            advice = (
                "A figure from elsewhere needs three parts: {external: £20 million | where it is from | its period}."
            )
        else:
            advice = "Nothing has this name. Choose the figure from the list beside the text."
        yield Doubt("unknown-figure", f"{{{name}}}", advice, is_blocking=True)


def typed_money(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A sum that nobody can trace: the half of one council was once printed as the whole."""
    for found in MONEY.finditer(said.typed):
        bare = not CURRENCY.search(found[0])
        if bare and COUNTED.match(said.typed[found.end() :]):
            continue
        lacks = [word for word, missing in (("currency", bare), ("period", not PERIOD.search(said.typed))) if missing]
        without = f" It has no {' and no '.join(lacks)}." if lacks else ""
        yield Doubt(
            "typed-money",
            found[0].strip(" .,"),
            f"A sum was typed by hand.{without} Insert the figure by its name; where it is not the partnership’s own, "
            "write {external: the sum | its source | its period}.",
            is_blocking=True,
        )


def external_figures(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A figure from elsewhere that looks like money and names no currency."""
    for name in said.names:
        given = external(name)
        if given and MONEY.search(given.figure) and not CURRENCY.search(given.figure):
            yield Doubt("external-currency", given.figure, "Say in what currency this is.", is_blocking=True)


def dates(said: Said, basis: Basis) -> Iterator[Doubt]:
    """Something told as past that comes after the day the paper speaks of."""
    if LOOKS_AHEAD.search(said.typed):
        return
    as_at = basis.review.as_at
    for found in DATED.finditer(said.typed):
        day = _day(int(found[1] or 1), MONTHS[found[2]], int(found[3]))
        if day and day > as_at:
            yield Doubt(
                "after-as-at",
                found[0],
                f"The paper speaks as at {in_words(as_at)}, and this is told as if it had happened. Check the date, "
                "or say that it is expected.",
            )


def date_formats(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A date not written as papers write dates."""
    for found in NUMERIC_DATE.finditer(said.typed):
        day, month, year = (found[1], found[3], found[4]) if found[1] else (found[7], found[6], found[5])
        when = _day(int(day), int(month), int(year) + (2000 if len(year) == 2 else 0))
        if when:
            yield Doubt("date-format", found[0], f"Write the date out: {in_words(when)}.")
    for found in TURNED_DATE.finditer(said.typed):
        yield Doubt("date-format", found[0], "Write the day, the month and the year, in this order.")


def _day(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def typed_references(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A number of a table or section, which moves when another is put before it."""
    for found in REFERENCE.finditer(said.typed):
        yield Doubt("typed-number", found[0], "This number may move. Choose the reference from the list instead.")


def typed_tables(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A table typed by hand has no number and stands in no list of tables; marks of HTML print as they stand."""
    for pattern, advice in (
        (
            TABLE_ROW,
            "A table is typed by hand. Place one of the tables drawn from the registers; they number themselves.",
        ),
        (MARKUP, "HTML is printed as it stands. Use plain text, lists and **bold**."),
    ):
        if found := pattern.search(said.typed):
            yield Doubt("typed-table", found[0].strip(), advice)


def age_of_partnership(said: Said, basis: Basis) -> Iterator[Doubt]:
    """How long the partnership has run, typed and not as the dates have it."""
    stated = basis.review.facts.partnership.operation
    for found in AGE.finditer(said.typed):
        length = (found[1] or found[2]).replace("-", " ").lower()
        if length.split()[0] in (*NUMBERS, "ten", "twelve", "eighteen") and length not in stated:
            yield Doubt(
                "typed-age",
                found[0],
                f"The registers say {stated}, counted to {in_words(basis.review.as_at)}. Insert partnership.operation.",
            )


def counts(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "Five joint posts" where the registers hold six."""
    for found in re.finditer(rf"\b({'|'.join(NUMBERS)}|\d+) ([a-z]+(?: [a-z]+)?)\b", said.typed, re.IGNORECASE):
        phrase = found[0].lower()
        known = _phrases(basis).get(found[2].lower())
        if known and phrase not in known:
            yield Doubt("typed-count", found[0], f"The registers say {' or '.join(sorted(known))}. Insert the figure.")


def _phrases(basis: Basis) -> dict[str, set[str]]:
    """What the registers count, by the noun: {"joint posts": {"six joint posts"}}."""
    found: dict[str, set[str]] = {}
    for name, figure in basis.figures.items():
        number, _, noun = figure.text.partition(" ")
        if name.endswith(".phrase") and number in NUMBERS and " " in noun:
            found.setdefault(noun, set()).add(figure.text)
    return found


def empty_items(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A bullet with nothing behind it."""
    if re.search(r"^\s*[-*+•]\s*$", said.written, re.MULTILINE):
        yield Doubt("empty-item", said.written.strip()[:40], "A point of this list is empty. Write it or take it out.")


CHECKS = (
    unknown_names,
    typed_money,
    external_figures,
    dates,
    date_formats,
    typed_references,
    typed_tables,
    age_of_partnership,
    counts,
    empty_items,
)
