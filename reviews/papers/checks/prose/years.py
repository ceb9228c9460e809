"""Financial years as people write them: "2019/20", "2019-20", "2019 to 2020", "the year ending on 31 March 2020"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from partnership.financial_years import FinancialYear

MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
SPLIT_YEAR = re.compile(r"(?<![\d/-])(?P<first>20\d\d) ?(?:/|-|–|‑| to )(?P<second>20\d\d|\d\d)(?![\d/-])")
YEAR_ENDING = re.compile(
    rf"\byear (?:that )?(?:end(?:s|ed|ing)|to|up to)(?: on| in| at)?(?: the end of)?(?: (?:31|thirty-first))?"
    rf"(?: (?:{MONTH}))? (?P<year>20\d\d)\b",
    re.IGNORECASE,
)
YEAR_BEGINNING = re.compile(
    rf"\byear (?:that )?(?:beg(?:an|ins|inning)|start(?:s|ed|ing)|from)(?: on| in| at)?(?: 1| first)?(?: (?:{MONTH}))?"
    rf" (?P<year>20\d\d)\b",
    re.IGNORECASE,
)
SHORT_YEAR = re.compile(r"\bFY ?(?:20)?(?P<first>\d\d)(?:[/-](?P<second>\d\d))?\b")
# Several years at once, or less than one.
PERIOD = re.compile(
    r"\b(?P<span>(?:over|for|in|across|during|within|through|of) (?:the )?(?:(?:next|last|past|first|coming|full) )?"
    r"(?P<number>two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|\d{1,2}|several|some|many)"
    r"(?: |-)(?:financial )?years?\b(?: to 20\d\d)?|(?P<compound>two|three|four|five|six|ten)-year\b|"
    rf"(?:up to|to|until|till) (?:(?:{MONTH}) )?20[2-9]\d\b(?![/-])|by 20[2-9]\d\b(?![/-])|"
    r"since (?:20\d\d\b(?![/-])|the (?:start|beginning|outset|launch) of)|"
    r"(?:over|across|during|throughout|for) the (?:whole )?(?:life|lifetime|term|course|period|span) of\b|"
    r"(?<!after )(?<!past )(?<!last )(?P<years>two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|\d{1,2})"
    r" (?:financial |full |whole )?years\b(?! (?:ago|old|earlier|later|before|of|since|after))|"
    r"(?:a|per|each|every) (?:month|quarter|week)\b|monthly|(?:this|last|next) decade)",
    re.IGNORECASE,
)


RELATIVE = re.compile(
    r"\b(?:(?P<before>last|previous|preceding|prior)|(?P<after>next|following|coming)) (?:financial )?year\b"
    r"|\byear (?:(?P<then>before)|(?P<later>after))(?! (?:the|that|this|it|last|next) \w)",
    re.IGNORECASE,
)
# A year of the calendar, beside no month.
CALENDAR = re.compile(r"\b(?:in|during|throughout) (?:the (?:calendar )?year )?(?P<year>20\d\d)\b(?! ?[/–-] ?\d)", re.I)


# "October 2018 to March 2019", which is a financial year only from April to March.
MONTHS_RANGE = re.compile(
    rf"\b(?:1 )?(?P<from>{MONTH}) (?P<first>20\d\d) (?:to|and|until|up to|–|-) "
    rf"(?:31 )?(?P<to>{MONTH}) (?P<last>20\d\d)\b"
)


def relative_years(text: str, presents: Iterable[str]) -> list[str]:
    """The financial years that "last year" and "the following year" may mean, counted from each present one."""
    found = RELATIVE.search(text)
    if found is None:
        return []
    step = -1 if found["before"] or found["then"] else 1
    return list(dict.fromkeys(str(FinancialYear(FinancialYear.read(present).start + step)) for present in presents))


def calendar_years(text: str) -> list[str]:
    """The two financial years that a year of the calendar touches, of the first that stands beside no month."""
    found = CALENDAR.search(text)
    if found is None:
        return []
    year = int(found["year"])
    return [str(FinancialYear(year - 1)), str(FinancialYear(year))]


def is_financial_year(months: re.Match) -> bool:
    """Return whether a range of months runs from April to the March that follows."""
    is_whole = (months["from"], months["to"]) == ("April", "March")
    return is_whole and int(months["last"]) == int(months["first"]) + 1


def years_in(text: str) -> list[str]:
    """The financial years that a text names, each once, as the portal writes them."""
    return list(dict.fromkeys(year for _, _, year in spans_of_years(text)))


def spans_of_years(text: str) -> Iterator[tuple[int, int, str]]:
    """Return where each financial year stands in a text."""
    found = []
    for one in SPLIT_YEAR.finditer(text):
        first = int(one["first"])
        second = int(one["second"][-2:])
        if (first + 1) % 100 == second:
            found.append((one.start(), one.end(), str(FinancialYear(first))))
    for one in MONTHS_RANGE.finditer(text):
        if is_financial_year(one):
            found.append((one.start(), one.end(), str(FinancialYear(int(one["first"])))))
    for one in YEAR_ENDING.finditer(text):
        found.append((one.start(), one.end(), str(FinancialYear(int(one["year"]) - 1))))
    for one in YEAR_BEGINNING.finditer(text):
        found.append((one.start(), one.end(), str(FinancialYear(int(one["year"])))))
    for one in SHORT_YEAR.finditer(text):
        first = 2000 + int(one["first"])
        found.append((one.start(), one.end(), str(FinancialYear(first if one["second"] else first - 1))))
    return iter(sorted(found))
