"""Checks of what was typed by hand though it should be drawn: names of figures, dates, numbers of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from partnership.dates import in_words
from partnership.text import EXTERNAL
from partnership.wording import NUMBERS
from reviews.papers.checks.prose.elsewhere import is_of_others
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said

MONTHS = {date(2000, month, 1).strftime("%B"): month for month in range(1, 13)}
MONTH = rf"(?:{'|'.join(MONTHS)})"
DATED = re.compile(rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)? )?({MONTH}) (\d{{4}})\b")
NUMERIC_DATE = re.compile(r"(?<![\d/])(\d{1,2})([/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])|\b(\d{4})-(\d\d)-(\d\d)\b")
TURNED_DATE = re.compile(rf"\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?!\s?\d)")
LOOKS_AHEAD = re.compile(
    r"\b(?:will|shall|would|(?-i:may)|might|could|should|by|expect\w*|due|planned|plans? to|intend\w*|propos\w*|"
    r"until|to be|"
    r"next|on course|set to|forecast|schedul\w*|ahead|estimated?|target\w*|going to|from then|deadline|elections?|"
    r"meets|sits|starts?|begins?|opens?|closes?|ends?|expires?|runs?|comes?|takes? place|returns?|"
    r"(?:is|are) (?:on|at|due)|(?:ask|request|invit|agre|resolv)\w* (?:\w+ ){0,2}(?:to|that|for))\b"
    r"|^\W*(?:\w+ )?that \w",
    re.IGNORECASE,
)
# "Papers go out on 5 April", "budgets are set in March": what happens as a rule is not told as past.
PRESENT = re.compile(r"\b(?:is|are) (?:\w+ )?(?:\w+ed|set|sent|made|held|taken|given|put)\b", re.IGNORECASE)
PAST = re.compile(
    r"\b(?:was|were|has|have|had|did|since|began|begun|took|taken|went|came|met|held|made|saw|gave|left|became|grew|"
    r"rose|fell|\w+ed)\b",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"\b(?:table|chart|section|appendix|recommendation|paragraph)s? \d{1,2}(?:\.\d+)*\b(?![A-Z(])",
    re.IGNORECASE,
)
# A number of another paper, or of an Act, is as its author gave it.
OF_ANOTHER = re.compile(
    r"^(?: and \d+)? (?:of|to|in) (?:part|schedule|the [^.;]*\b(?:act|constitution|regulations|code|order|agreement|"
    r"report|"
    r"strategy|plan|minutes|guidance|rules|scheme|policy|paper|letter|directive|book|accounts|statement|"
    r"challenge|inspection|audit|inquiry|study|survey|"
    r"programme|register|handbook|document|bill|standards?)\b|"
    r"(?!this )[^.;,]*[’']s \w|(?:its|their|his|her|that|another) )"
    r"|^[^.;]*\b(?:Act|Regulations|Order|Schedule) (?:\d|of)",
    re.IGNORECASE,
)
BY_ANOTHER = re.compile(
    r"\b(?:its|their|his|her)(?: \w+)? $|\b(?:Act|Schedule|Part|Code|Regulations|constitution|guidance|report|"
    r"strategy|policy)(?: \w+)?,? $"
    r"|[’']s (?:\w+ )?(?:report|constitution|code|strategy|plan|paper|guidance|letter)\b[^.;]*$",
)
# A sentence about an Act numbers its parts.
OF_AN_ACT = re.compile(r"\bSchedule \d+|\bAct (?:19|20)\d\d|\b(?:19|20)\d\d (?:Act|Regulations|Order)\b")
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


def dates(said: Said, basis: Basis) -> Iterator[Doubt]:
    """Something told as past that comes after the day the paper speaks of."""
    told = PRESENT.sub("", said.typed)
    if LOOKS_AHEAD.search(told) or not PAST.search(told) or is_of_others(said, basis):
        return
    as_at = basis.review.as_at
    for found in DATED.finditer(said.typed):
        day = _day(found[1] or "1", str(MONTHS[found[2]]), found[3])
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
        parts = (found[1], found[3], found[4]) if found[1] else (found[7], found[6], found[5])
        when = _day(*parts)
        if when:
            yield Doubt("date-format", found[0], f"Write the date out: {in_words(when)}.")
    for found in TURNED_DATE.finditer(said.typed):
        yield Doubt("date-format", found[0], "Write the day, the month and the year, in this order.")


def _day(day: str, month: str, year: str) -> date | None:
    """Return the day of a date in figures, whose year has four or two."""
    century = 2000 if len(year) == 2 else 0
    try:
        return date(century + int(year), int(month), int(day))
    except ValueError:
        return None


def typed_references(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A number of a table or section, which moves when another is put before it."""
    text = said.claimed
    for found in REFERENCE.finditer(text):
        if OF_AN_ACT.search(text) and found[0].lower().startswith(("section", "paragraph")):
            continue
        if OF_ANOTHER.match(text[found.end() :]) or BY_ANOTHER.search(text[: found.start()]):
            continue
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
    """Return how long the partnership has run, typed and not as the dates have it."""
    stated = basis.review.facts.partnership.operation
    for found in AGE.finditer(said.typed):
        length = (found[1] or found[2]).replace("-", " ").lower()
        if length.split()[0] in (*NUMBERS, "ten", "twelve", "eighteen") and length not in stated:
            yield Doubt(
                "typed-age",
                found[0],
                f"The registers say {stated}, counted to {in_words(basis.review.as_at)}. Insert partnership.operation.",
            )


def empty_items(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A bullet with nothing behind it."""
    if re.search(r"^\s*[-*+•]\s*$", said.written, re.MULTILINE):
        yield Doubt("empty-item", said.written.strip()[:40], "A point of this list is empty. Write it or take it out.")


CHECKS = (
    unknown_names,
    dates,
    date_formats,
    typed_references,
    typed_tables,
    age_of_partnership,
    empty_items,
)
