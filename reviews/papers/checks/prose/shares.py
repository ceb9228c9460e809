"""Parts of a whole, comparisons and trends: "two thirds of the posts", "more interim than permanent", "doubled"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from partnership.dates import in_words
from partnership.financial_years import FinancialYear
from partnership.wording import counted
from reviews.facts.councils import CouncilFact
from reviews.papers.checks.prose.elsewhere import is_of_others
from reviews.papers.checks.prose.money import KINDS
from reviews.papers.checks.prose.numbers import Share, counts, shares
from reviews.papers.checks.prose.ratings import WORDS
from reviews.papers.checks.prose.registers import Counted, Registers
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said
from reviews.papers.checks.prose.years import years_in

POSTS = r"(?:joint|shared) (?:\w+ ){0,2}(?:posts?|roles?|appointments?|officers?|positions?)"
SAVINGS = r"(?:savings?|estimate[ds]?|benefits?|efficienc(?:y|ies)|total)"
UNCERTAIN = re.compile(r"\b(?:if|whether|would|could|might)\b", re.IGNORECASE)
NOT_NOW = re.compile(r"\b(?:if|whether|would|could|might|should|will|(?-i:may))\b", re.IGNORECASE)
OF_WHOLE = re.compile(r"^ (?:of )?(?:the |all |all the |our |its |this |that |these )?(?P<noun>[^,;.]*)", re.IGNORECASE)


def typed_shares(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A percentage or a fraction of the posts, of the cases, or of the savings."""
    text = said.claimed_as_read
    found_here = shares(text)
    if not found_here or is_of_others(said, basis) or UNCERTAIN.search(text):
        return
    for share in found_here:
        found = _whole_of(share, text, basis.registers)
        if found is None:
            continue
        true, words, url = found
        if true is not None and share.agrees_with(true):
            continue
        yield Doubt(
            "typed-share",
            share.text.strip(),
            f"The registers say {words}. Write that, or insert the figures by their names.",
            record=url,
        )


SPLIT = re.compile(
    r"\b(?P<one>\d{1,2}) ?[:/–-] ?(?P<other>\d{1,2}) (?:split|share|division|basis)\b"
    r"|\b(?:split|shared|divided) (?P<first>\d{1,2}) ?[:/–-] ?(?P<second>\d{1,2})\b",
    re.IGNORECASE,
)


def splits(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "A 60:40 split of the saving between county and district"."""
    text = said.claimed_as_read
    found = SPLIT.search(text)
    if not found or is_of_others(said, basis) or NOT_NOW.search(text):
        return
    parts = [int(part) for part in (found["one"] or found["first"], found["other"] or found["second"])]
    if sum(parts) != 100 or not re.search(rf"\b{SAVINGS}\b", text, re.IGNORECASE):
        return
    registers = basis.registers
    named = list(dict.fromkeys(council.id for _, _, council in registers.spans_of_councils(text)))
    councils = named if len(named) == len(parts) else [council.id for council in registers.facts.councils]
    if len(councils) != len(parts):
        return
    share = Share(found[0], found.start(), found.end(), Fraction(parts[0], 100), Fraction(1, 200))
    true = _part_of_saving(text, registers.council(councils[0]), registers)
    if true is not None and not share.agrees_with(true[0]):
        yield Doubt(
            "typed-share",
            found[0],
            f"The registers say {true[1]}. Write that, or insert the figures by their names.",
            record=true[2],
        )


def _whole_of(share: Share, text: str, registers: Registers) -> tuple[Fraction | None, str, str] | None:
    """The true share, with the register's words for it; nothing where the share is of something else."""
    after = text[share.end :]
    found = OF_WHOLE.match(after)
    whole = found["noun"] if found else ""
    before = text[: share.start]
    money = re.match(rf"(?:[\w/’-]+ ){{0,5}}{SAVINGS}\b", whole, re.IGNORECASE)
    money = money or (
        re.search(rf"\b{SAVINGS}\b", before, re.I)
        and re.search(
            r"(?:is|are|gets?|has|receives?|takes?|comes? to|makes?|with|and) (?:about |around |over |nearly )?$",
            before,
        )
    )
    money = money or (re.match(r" (?:of it|of that|share|each)\b", after) and re.search(rf"\b{SAVINGS}\b", text, re.I))
    if money and not re.match(r"\s*(?:of )?(?:the )?(?:[\w-]+ )?(?:posts|roles|principles|objectives|cases)\b", after):
        return _share_of_saving(text, share, registers)
    for noun in registers.counted:
        if noun.states and (at := noun.pattern.search(whole)) and len(whole[: at.start()].split()) <= 3:
            if noun.name == "posts" and not re.search(r"\b(?:joint|shared)\b", text, re.IGNORECASE):
                continue
            return _share_of_rows(noun, whole)
    return None


def _share_of_rows(noun: Counted, whole: str) -> tuple[Fraction | None, str, str] | None:
    total = noun.number
    for state in noun.states:
        found = state.pattern.search(whole)
        if found and total:
            words = f"{state.number} of {total} {noun.many} {found[0].lower()}"
            return Fraction(state.number, total), words, noun.held.url
    return None


def _share_of_saving(text: str, share: Share, registers: Registers) -> tuple[Fraction | None, str, str] | None:
    """A council's part of the year's saving."""
    council = _nearest(text, share, registers)
    return _part_of_saving(text, council, registers) if council else None


def _part_of_saving(text: str, council: CouncilFact, registers: Registers) -> tuple[Fraction, str, str] | None:
    """The share of a council in the saving that a sentence speaks of, with the register's words for it."""
    year = next(iter(years_in(text)), registers.year)
    kind = next(
        (kind for kind, words in KINDS if words.search(text) and kind in ("forecast", "delivered", "verified")),
        "estimated",
    )
    own = registers.total(year, kind, council)
    whole = registers.total(year, kind)
    if own is None or whole is None or not own.figure.amount or not whole.figure.amount:
        return None
    true = Fraction(own.figure.amount) / Fraction(whole.figure.amount)
    percent = (Decimal(true.numerator) / Decimal(true.denominator) * 100).quantize(Decimal("0.1"))
    words = f"{own.figure.text} of {whole.figure.text} for {council.short_name} in {year}, which is {percent} per cent"
    return true, words, own.held.url


def _nearest(text: str, share: Share, registers: Registers) -> CouncilFact | None:
    spans = registers.spans_of_councils(text)
    if not spans:
        return None
    after = [one for one in spans if one[0] >= share.end]
    before = [one for one in spans if one[1] <= share.start]
    return (after[0] if after else before[-1])[2]


# --- Trends and comparisons -------------------------------------------------------------------------------------------

RISE = r"(?:ris\w+|rose|grow\w*|grew|increas\w*|gone up|went up|climb\w*|expand\w*|higher|more|larger|bigger|better)"
FALL = (
    r"(?:fall\w*|fell|shr[aiu]nk\w*|decreas\w*|declin\w*|gone down|went down|dropp?\w*|reduc\w*|lower|fewer|less|"
    r"smaller|worse)"
)
TIMES = {"doubl": 2, "twice": 2, "trebl": 3, "tripl": 3, "quadrupl": 4, "halv": Fraction(1, 2)}
TIMES |= {f"{word}fold": number for number, word in enumerate(("two", "three", "four", "five", "six", "seven"), 2)}
TIMES |= {f"{word} times": number for number, word in enumerate(("two", "three", "four", "five", "six", "seven"), 2)}
MULTIPLIED = re.compile(
    r"\b(?:doubl(?:e|ed|ing)|twice|trebl(?:e|ed)|tripl(?:e|ed)|quadrupl(?:e|ed)|halved|halving|"
    r"(?:two|three|four|five|six|seven)fold|(?:two|three|four|five|six|seven) times(?= as many| the number| more))\b",
    re.I,
)
MOVED = re.compile(
    rf"\b(?P<up>{RISE})\b|\b(?P<down>{FALL})\b|\b(?P<same>unchanged|stayed the same|remained the same|the same as|"
    rf"as many as|no change)\b",
    re.I,
)
# Put as "more … than" before it is looked at.
OUTNUMBER = re.compile(r"(?P<first>[^,;.]*?) (?:now )?outnumber(?:s|ed)?\b", re.IGNORECASE)
COMPARISON = re.compile(
    r"\b(?P<which>more|fewer|less|as many|as few|twice as many) (?:of )?(?P<middle>[^,;.]*?)(?:\bthan\b|"
    r"\bas\b)(?P<second>[^,;.]*)",
    re.I,
)
SINCE = re.compile(
    r"\b(?:since|from|compared (?:with|to)|than (?:in|at|on)|between|in|"
    r"by)\b(?: the end of)? (?:(?P<day>\d{1,2}) )?(?P<month>January|February|March|April|"
    r"May|June|July|August|September|October|November|December) (?P<year>20\d\d)\b"
)
BEGINNING = re.compile(
    r"\b(?:since|than(?: at| when| in| on)?|from|compared (?:with|to)|as (?:when|at|in))(?: \w+){0,4}? "
    r"(?:start|beginning|launch|"
    r"outset|inception|began|begun|started|launched|set up|formed)\b|\bsince (?:the partnership|then|inception)\b",
    re.I,
)
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True)
class Compared:
    """A number of records, with the words for it."""

    number: int
    words: str


def comparisons(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "More of the joint posts are interim than permanent", "the county saves more than the district"."""
    text = OUTNUMBER.sub(r"more \g<first> than", said.claimed_as_read)
    if not (COMPARISON.search(text) or MORE_MONEY.search(text) or TIMES_AS_MUCH.search(text)):
        return
    if is_of_others(said, basis) or NOT_NOW.search(text):
        return
    for found in COMPARISON.finditer(text):
        if re.search(r"^\s*(?:\w+|\d+)\s*$", found["middle"]) and not found["second"].strip():
            continue
        doubt = _of_states(found, text, basis.registers) or _of_nouns(found, text, basis.registers)
        if doubt:
            yield doubt
            return
    doubt = _of_councils(text, basis.registers)
    if doubt:
        yield doubt


def _holds(which: str, first: int, second: int) -> bool:
    which = which.lower()
    if which == "more":
        return first > second
    if which in ("fewer", "less"):
        return first < second
    if which.startswith("twice"):
        return first == 2 * second
    return first == second


def _of_states(found: re.Match, text: str, registers: Registers) -> Doubt | None:
    subject = text[: found.end()]
    for noun in registers.counted:
        if not noun.states or not noun.pattern.search(subject):
            continue
        if noun.name == "posts" and not re.search(r"\b(?:joint|shared)\b", text, re.IGNORECASE):
            continue
        first = _state(noun, found["middle"])
        second = _state(noun, found["second"])
        is_compared = first and second and first.words != second.words
        if is_compared and not _holds(found["which"], first.number, second.number):
            return _compared(found, noun, first, second)
    return _of_ratings(found, text, registers)


def _state(noun: Counted, words: str) -> Compared | None:
    for state in noun.states:
        if found := state.pattern.search(words):
            return Compared(state.number, f"{counted(state.number, noun.one, noun.many)} {found[0].lower()}")
    return None


def _rating_in(text: str) -> str:
    return next((key for key, words in WORDS if words.search(text)), "")


def _of_ratings(found: re.Match, text: str, registers: Registers) -> Doubt | None:
    for kind in ("principle", "objective"):
        if not re.search(rf"\b{re.escape(kind)}s\b", text, re.IGNORECASE):
            continue
        one = _rating_in(found["middle"])
        other = _rating_in(found["second"])
        if one and other and one != other:
            first = registers.rated(kind, one)
            second = registers.rated(kind, other)
            if not _holds(found["which"], first, second):
                held = registers.held_ratings(kind)
                return Doubt(
                    "comparison",
                    found[0].strip(),
                    f"The ratings say: {held.words}. Insert {{{held.name}}} instead.",
                    record=held.url,
                )
    return None


def _of_nouns(found: re.Match, text: str, registers: Registers) -> Doubt | None:
    """ "More weaknesses than strengths"."""
    numbers = []
    for part in (found["middle"], found["second"]):
        noun = next((noun for noun in registers.counted if noun.pattern.search(part)), None)
        if noun is None or (noun.name == "posts" and not re.search(r"\b(?:joint|shared)\b", text, re.I)):
            return None
        numbers.append(noun)
    first, second = numbers
    if first.name == second.name or _holds(found["which"], first.number, second.number):
        return None
    return Doubt(
        "comparison",
        found[0].strip(),
        f"The registers say {first.held.words} and {second.held.words}. {first.held.advice}",
        record=first.held.url,
    )


def _compared(found: re.Match, noun: Counted, first: Compared, second: Compared) -> Doubt:
    return Doubt(
        "comparison",
        found[0].strip(),
        f"The registers say {first.words} and {second.words}. {noun.held.advice}",
        record=noun.held.url,
    )


MORE_MONEY = re.compile(
    r"\b(?:sav(?:es?|ed|ing)|gains?|gets?|receives?|benefits?)\b[^,;.]{0,40}\b(?P<more>more|less|"
    r"(?<!twice )as much)\b[^,;.]{0,20}\b(?:than|as)\b"
    r"|\b(?:saving|share|part|estimate|half)\b[^,;.]{0,40}\b(?P<larger>larger|bigger|greater|higher|smaller|lower|"
    r"less)\b[^,;.]{0,20}\bthan\b"
    r"|\b(?P<most>most|the (?:larger|bigger|greater|smaller|lesser) (?:part|share|half)|the bulk|"
    r"the lion[’']s share|twice)\b",
    re.I,
)


MULTIPLES = {
    "half": Decimal("0.5"),
    "twice": Decimal(2),
    "double": Decimal(2),
    "two times": Decimal(2),
    "three times": Decimal(3),
    "treble": Decimal(3),
    "triple": Decimal(3),
    "four times": Decimal(4),
}
ONE_OF_MULTIPLES = "|".join(MULTIPLES)
TIMES_AS_MUCH = re.compile(
    rf"\b(?P<times>{ONE_OF_MULTIPLES})(?: (?:as much as|that|what|the size|the (?:saving|share|amount|estimate))"
    r"| (?=the\b[^,;.]*[’']s\b))",
    re.IGNORECASE,
)


def _of_councils(text: str, registers: Registers) -> Doubt | None:
    found = TIMES_AS_MUCH.search(text) or MORE_MONEY.search(text)
    if not found or not re.search(r"\bsav(?:es?|ed|ings?)\b", text, re.IGNORECASE):
        return None
    spans = registers.spans_of_councils(text)
    ids = list(dict.fromkeys(one[2].id for one in spans))
    year = next(iter(years_in(text)), registers.year)
    councils = registers.facts.savings.councils_of(year)
    amounts = {council.id: registers.total(year, "estimated", council) for council in councils}
    if any(one is None or one.figure.amount is None for one in amounts.values()):
        return None
    if found.re is MORE_MONEY and found["most"]:
        if (
            len(ids) != 1
            or len(amounts) < 2
            or found["most"].lower() == "twice"
            or not re.search(rf"\b(?:of|part|share|half|bulk)\b[^,;.]*\b{SAVINGS}\b|\b{SAVINGS}\b", text, re.I)
        ):
            return None
        if re.match(r"\s*of the (?:joint|shared|posts|principles|objectives)", text[found.end() :]) or re.fullmatch(
            "most", found["most"], re.I
        ):
            return None
        own = amounts[ids[0]].figure.amount
        smaller = bool(re.search(r"smaller|lesser", found["most"], re.I))
        others = [one.figure.amount for number, one in amounts.items() if number != ids[0]]
        right = all(own < other for other in others) if smaller else all(own > other for other in others)
    else:
        if len(ids) != 2:
            return None
        first, second = (amounts[number].figure.amount for number in ids)
        right = _is_right_of_two(found, first, second)
    if right:
        return None
    told = [amounts[number] for number in (ids if len(ids) > 1 else amounts)]
    names = " and ".join(f"{one.figure.text} for {registers.council(one.council_id).short_name}" for one in told)
    return Doubt(
        "comparison",
        found[0].strip(),
        f"The register has {names} (estimated for {year}). Say which is more.",
        record=told[0].held.url,
    )


def _is_right_of_two(found: re.Match, first: Decimal, second: Decimal) -> bool:
    """Return whether one council's sum compares with another's as the words say."""
    if found.re is TIMES_AS_MUCH:
        exact = MULTIPLES[found["times"].lower()] * second
        return abs(first - exact) <= exact / 20
    word = (found["more"] or found["larger"]).lower()
    if word == "as much":
        return first == second
    return first < second if word in ("less", "smaller", "lower") else first > second


def trends(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "The number of joint posts has doubled", "savings have risen since 2018/19"."""
    text = said.claimed_as_read
    times = MULTIPLIED.search(text)
    moved = MOVED.search(text)
    if not (times or moved) or is_of_others(said, basis) or NOT_NOW.search(text):
        return
    registers = basis.registers
    if re.search(rf"\b{POSTS}\b|\bposts (?:that are )?shared\b", text, re.IGNORECASE) and re.search(
        r"\bnumber of\b|\bas many\b|\b(?:has|have|had|are now|is now|now|there are|today)\b", text, re.IGNORECASE
    ):
        doubt = _of_posts(text, times, moved, registers)
    elif re.search(r"\bsav(?:ing|ings)\b", text, re.IGNORECASE):
        doubt = _of_savings(text, times, moved, registers)
    else:
        doubt = None
    if doubt:
        yield doubt


def _moved_so(times: re.Match | None, moved: re.Match | None, before: Fraction, now: Fraction) -> bool:
    if times:
        factor = next(value for key, value in TIMES.items() if times[0].lower().startswith(key))
        return before > 0 and abs(Fraction(now) / before - factor) <= Fraction(1, 10) * factor
    if moved["up"]:
        return now > before
    if moved["down"]:
        return now < before
    return now == before


def _of_posts(text: str, times: re.Match | None, moved: re.Match | None, registers: Registers) -> Doubt | None:
    since = SINCE.search(text)
    if since:
        day = date(int(since["year"]), MONTHS.index(since["month"]) + 1, int(since["day"] or 28))
    else:
        starts = [one for one in registers.events if one.held.name == "partnership.started" and one.on]
        if not BEGINNING.search(text) or not starts:
            return None
        day = starts[0].on.replace(day=28)
    if day > registers.review.as_at or any(one.end and one.value > 1 for one in counts(text) if "by" in text):
        return None
    before = registers.posts_on(day)
    now = registers.posts_on(registers.review.as_at)
    if _moved_so(times, moved, Fraction(before), Fraction(now)):
        return None
    held = next(noun.held for noun in registers.counted if noun.name == "posts")
    month = in_words(day, "month")
    then = counted(before, "joint post", "joint posts")
    today = counted(now, "joint post", "joint posts")
    words = f"{then} in post in {month} and {today} on {in_words(registers.review.as_at)}"
    return Doubt("trend", (times or moved)[0], f"The registers say {words}. {held.advice}", record=held.url)


def _of_savings(text: str, times: re.Match | None, moved: re.Match | None, registers: Registers) -> Doubt | None:
    if not re.search(
        r"\b(?:has|have|had|is|are|was|were|rose|fell|grew|doubled|halved|rises?|falls?|grows?|up|down|year on year)\b",
        text,
    ):
        return None
    years = years_in(text)
    present = FinancialYear.read(registers.year)
    if not re.search(
        r"\b(?:since|from|compared|than|on|over|last year|year on year|the year before|previous|between|every year|"
        r"each year|year after year|again)\b",
        text,
        re.I,
    ):
        return None
    if not re.search(
        rf"\bsavings?\b[^.;]{{0,60}}\b(?:{RISE}|{FALL}|doubled|halved|trebled|tripled|unchanged|the same)\b|"
        rf"\b(?:{RISE}|{FALL}|doubl\w+|halv\w+) (?:in|of|the)?[^.;]{{0,20}}\bsavings?\b",
        text,
        re.I,
    ):
        return None
    others = [year for year in years if year != registers.year]
    if len(years) >= 2:
        first = sorted(years)[0]
        second = sorted(years)[-1]
    elif others:
        first = min(others[0], registers.year)
        second = max(others[0], registers.year)
    else:
        first = str(FinancialYear(present.start - 1))
        second = registers.year
    councils = registers.councils_in(text)
    council = councils[0] if len(councils) == 1 else None
    before = registers.total(first, "estimated", council)
    now = registers.total(second, "estimated", council)
    if now is None or now.figure.amount is None:
        return None
    if before is not None and before.figure.amount is not None:
        if _moved_so(times, moved, Fraction(before.figure.amount), Fraction(now.figure.amount)):
            return None
        words = f"{before.held.words} and {now.held.words}"
    else:
        words = f"{now.held.words}, and no saving for {first} to compare it with"
    return Doubt("trend", (times or moved)[0], f"The register has {words}. {now.held.advice}", record=now.held.url)


CHECKS = (typed_shares, splits, comparisons, trends)
