"""Compare prose with the ratings: of one principle or objective, of some of them, and of all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from reviews.facts.review_figures import RATINGS
from reviews.facts.reviewed import RatingFact
from reviews.papers.checks.prose.numbers import counts, number_in_words, shares
from reviews.papers.checks.prose.registers import Registers, telling
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said

MET = (
    r"(?:met|fulfilled|satisfied|achieved|accomplished|attained|honoured|realised|delivered|complete(?:d)?|"
    r"kept|lived up to|reached|complied with|adhered to|upheld|observed|respected|finished)"
)
# From the words to the rating; the first that fits counts, so that "not met" goes before "met".
WORDS = (
    ("too-soon", re.compile(r"\btoo (?:soon|early)\b|\bcannot (?:yet )?be (?:judged|said|assessed)\b", re.IGNORECASE)),
    (
        "not-met",
        re.compile(
            rf"\b(?:not|never|isn[’']t|hasn[’']t|nor)(?: yet| been| yet been| fully| at all)? {MET}\b|\bunmet\b|"
            rf"\bfail(?:s|ed|ing)?\b|\byet to be {MET}\b"
            r"|\bmissed\b|\bbroken\b|\bunfulfilled\b",
            re.IGNORECASE,
        ),
    ),
    ("at-risk", re.compile(r"\bat risk\b|\bin danger\b|\boff track\b", re.IGNORECASE)),
    (
        "underway",
        re.compile(
            r"\bunder ?way\b|\bin progress\b|\bpart(?:ly|ially) met\b|\bon track\b|\bstill (?:to be|being)\b", re.I
        ),
    ),
    ("met", re.compile(rf"\b{MET}\b", re.IGNORECASE)),
)
KIND = r"(?:principles?|objectives?)"
ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
ONE_OF_ORDINALS = "|".join(ORDINALS)
NUMBERED = re.compile(
    rf"\b(?P<kind>principle|objective)s? (?:no\.? |number )?(?P<number>\d{{1,2}}|one|two|three|four|five|six|seven|"
    rf"eight|nine|ten|eleven|twelve)\b|\b(?:the|our|its|their|this|that) (?P<ordinal>{ONE_OF_ORDINALS}) "
    r"(?P<of>principle|objective)\b",
    re.IGNORECASE,
)
BOTH_KINDS = re.compile(r"\bprinciples? (?:and|or|nor) (?:the )?objectives?\b", re.IGNORECASE)
EVERY = re.compile(
    rf"\b(?:every|each|all(?: of)?|all \w+|every (?:one|single one)|each (?:one )?)(?: of)?(?: the| its| our|"
    rf" these)?(?: [\w’'-]+)? "
    rf"{KIND}\b|\b{KIND} (?:and {KIND} )?(?:have|are|were|had) (?:now )?(?:all|each) (?:been )?|\b{KIND}\b[^.;]{{0,30}}"
    r"\bwithout exception\b|\bnot one of the [^.;]{0,30}\b(?:unmet|missed)\b|\b(?:entire|whole|full) set of",
    re.IGNORECASE,
)
NOT_EVERY = re.compile(
    r"\b(?:not|hardly) (?:every|all|each)\b|\b(?:all|every|each)\b[^.;]{0,30} (?:but|except)\b"
    r"|\b(?:cannot|can[’']t|not|nobody|no one|premature|too (?:soon|early)|wrong|untrue|far from)\b[^.;,]{0,30}"
    r"\b(?:claim\w*|say|said|tru(?:e|th)|case|argued?|conclud\w+|shown|pretend\w*|assum\w+)\b[^.;,]{0,15}"
    r"\b(?:every|all|each)\b",
    re.IGNORECASE,
)
ALL_BUT = re.compile(
    r"\b(?:all|every\w*|each)\b[^.;,]{0,30}? (?:but|bar|except(?: for)?|with the exception of) "
    r"(?P<number>one|two|three|four|five|six|seven|eight|nine)\b",
    re.IGNORECASE,
)
NO_ONE = re.compile(
    rf"\b(?:none|not one|not a single one|no|not a single|hardly any|not any|neither)(?: of)?(?: the| its| our|"
    rf" these)?(?: \w+)? {KIND}\b"
    rf"|\bcannot be (?:argued|said|claimed)[^.]{{0,20}}\bany\b[^.;]{{0,25}}\b{KIND}\b",
    re.IGNORECASE,
)
THE_ONES = re.compile(
    rf"\b{MET}\b[^.;]{{0,40}}\bthe (?:\w+ )?{KIND}\b|\b(?:the|its|our|these) (?:\w+ )?{KIND}(?: and {KIND})?\b"
    rf"[^.;,]{{0,30}}\b(?:have(?: now)? been|are(?: now)?|were) (?:fully )?{MET}\b",
    re.IGNORECASE,
)
HEDGED = re.compile(
    rf"\b(?:how far|whether|extent|some|most|several|many|partly|towards?|if|\w+ of (?:the |its )?(?:\w+ )?{KIND}|"
    rf"cannot|"
    r"would|could|should|might|(?-i:may)|must|will|until|unless|once|when|hope\w*|aim\w*|to be|test|expect\w*|"
    r"majority|half|"
    r"nearly all|almost all)\b",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"\b(?:whether|if|how far|extent|would|could|should|might|(?-i:may)|must|will|until|unless|once|when|hope\w*|"
    r"aim(?:s|ed|ing)? (?:to|at|for|is|that)|(?<!judged )(?<!considered )(?<!found )(?<!held )(?<!deemed )(?<!said )"
    r"(?<!yet )to be|test|expect\w*|ask\w*)\b|\?",
    re.IGNORECASE,
)
CANNOT = re.compile(r"\bcannot be (?:argued|said|claimed)\b", re.IGNORECASE)


def summaries(said: Said, basis: Basis) -> Iterator[Doubt]:
    """Return what is said of all, of none, or of so many of them."""
    if said.speaks_of("principles.", "objectives."):
        return
    text = said.claimed
    for kind in ("principle", "objective"):
        if not re.search(rf"\b{re.escape(kind)}s?\b", text, re.IGNORECASE) or not basis.review.ratings_of(kind):
            continue
        doubt = (
            _of_all_but(text, kind, basis.registers)
            or _of_all(text, kind, basis.registers)
            or _of_some(text, kind, basis.registers)
            or _of_label(text, kind, basis.registers)
        )
        if doubt is not None:
            yield doubt


def _says(text: str) -> str:
    """The rating that a text's words say; empty where they say none."""
    return next((rating for rating, words in WORDS if words.search(text)), "")


def _of_all(text: str, kind: str, registers: Registers) -> Doubt | None:
    rated = registers.review.ratings_of(kind)
    says = _says(text)
    if not says or NUMBERED.search(text):
        return None
    number = registers.rated(kind, says) if says != "not-met" else len(rated) - registers.rated(kind, "met")
    met = registers.rated(kind, "met")
    none = NO_ONE.search(text)
    if none and (_names(none[0], kind, text)):
        if ASKS.search(text) and not CANNOT.search(text):
            return None
        in_that = "met" if says in ("met", "not-met") else says
        wrong = registers.rated(kind, in_that) if not CANNOT.search(text) else met
        return _doubt(_words(text, none), kind, registers) if wrong else None
    every = EVERY.search(text)
    if NOT_EVERY.search(text):
        return _doubt(_words(text, NOT_EVERY.search(text)), kind, registers) if number == len(rated) else None
    if every and _names(every[0], kind, text):
        if ASKS.search(text):
            return None
        return _doubt(_words(text, every), kind, registers) if number < len(rated) else None
    the = THE_ONES.search(text)
    if the and f"{kind}s" in the[0].lower() and not HEDGED.search(text) and says == "met" and not _has_number(text):
        return _doubt(the[0], kind, registers) if met < len(rated) else None
    return None


def _of_all_but(text: str, kind: str, registers: Registers) -> Doubt | None:
    """ "All of the principles but two have been met"."""
    found = ALL_BUT.search(text)
    says = _says(text)
    if found is None or not says or ASKS.search(text):
        return None
    left = len(registers.review.ratings_of(kind)) - registers.rated(kind, says)
    tell = _right if number_of(found["number"].lower()) == left else _doubt
    return tell(_words(text, found), kind, registers)


def _names(words: str, kind: str, text: str) -> bool:
    """Return whether words about principles or objectives are about this kind, or about both."""
    return kind in words.lower() or bool(BOTH_KINDS.search(text))


def _has_number(text: str) -> bool:
    return any(one.value > 0 for one in counts(text))


def _words(text: str, found: re.Match) -> str:
    """The words from what was found to the end of its clause."""
    rest = re.split(r"[,;.]", text[found.start() :])[0]
    return rest.strip() or found[0]


OF = r"(?:of|out of)(?: the| its| our| all| all the)?"


def _of_some(text: str, kind: str, registers: Registers) -> Doubt | None:
    """ "Five of the six objectives have been met", "most of the principles", "eight principles are met"."""
    rows = registers.review.ratings_of(kind)
    if NUMBERED.search(text) or ASKS.search(text):
        return None
    found = [*counts(text)]
    for place, one in enumerate(found):
        after = text[one.end :]
        following = found[place + 1] if place + 1 < len(found) else None
        noun = re.match(
            rf" (?:{OF} )?(?:(?P<total>[\w-]+) )?(?:\w+ )?{re.escape(kind)}s?\b(?P<rest>[^;]*)", after, re.IGNORECASE
        )
        if noun is None:
            continue
        total = number_of(noun["total"])
        if total is None and following is not None and following.end <= one.end + noun.start("rest"):
            total = following.value
        rest = noun["rest"]
        nearest = re.split(r",? (?:and|while|but|with) (?=\w+ (?:is|are|of|at|under|not|too))|;", rest)[0]
        says = _says(nearest) or _says(text[: one.start])
        if not says:
            continue
        if total is not None and total != len(rows) and re.match(r" (?:of|out of)\b", after):
            return _doubt(_phrase(one.text, noun), kind, registers)
        true = registers.rated(kind, says) if says != "not-met" else len(rows) - registers.rated(kind, "met")
        if not one.agrees_with(true) and not (says == "not-met" and one.agrees_with(registers.rated(kind, says))):
            return _doubt(_phrase(one.text, noun), kind, registers)
        if one.value and not one.about:
            return _right(_phrase(one.text, noun), kind, registers)
        return None
    for share in shares(text):
        noun = re.match(
            rf" (?:of )?(?:the |its |our |all )?(?:\w+ )?{re.escape(kind)}s\b(?P<rest>[^;,]*)", text[share.end :], re.I
        )
        if noun and (says := _says(noun["rest"])) and rows:
            true = registers.rated(kind, says) if says != "not-met" else len(rows) - registers.rated(kind, "met")
            if not share.agrees_with(Fraction(true, len(rows))):
                return _doubt(f"{share.text}{noun[0]}", kind, registers)
    return None


def _of_label(text: str, kind: str, registers: Registers) -> Doubt | None:
    """ "Objectives met: four of six"."""
    label = re.search(rf"\b{re.escape(kind)}s (?P<state>[^:;,.]{{0,25}})[:–] ?", text, re.IGNORECASE)
    says = _says(label["state"]) if label else ""
    one = next((one for one in counts(text) if label and one.start == label.end()), None)
    if not says or one is None:
        return None
    tell = _right if one.agrees_with(registers.rated(kind, says)) else _doubt
    return tell(f"{label[0]}{one.text}", kind, registers)


def _phrase(number: str, noun: re.Match) -> str:
    return f"{number}{noun[0]}".strip(" .")[:90]


def number_of(word: str | None) -> int | None:
    """The number that a word or figure says."""
    if not word:
        return None
    return int(word) if word.isdigit() else number_in_words(word)


def single_ratings(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "Principle 4 has been met" where it is rated too soon to say."""
    text = said.claimed
    early = TOO_SOON.search(text)
    if said.is_open and ASKS.search(text) and not early:
        return
    for row, words, told in _single(text, basis):
        says = "too-soon" if early else told
        if says and RATINGS[says] != row.rating and not (says == "not-met" and row.rating not in ("met",)):
            commitment = row.commitment
            kind = commitment.kind
            yield Doubt(
                "ratings",
                words,
                f"{kind.capitalize()} {commitment.number}, {commitment.short_title}, is rated “{row.words}”. Say "
                f"so, or "
                f"change the rating; {{{kind}s.summary}} prints how all of them stand.",
                record=basis.registers.rating_address(row),
            )


ACHIEVEMENT_OF = re.compile(
    r"\b(?:achievement|completion|fulfilment|delivery|attainment) of (?:our |the )?$", re.IGNORECASE
)
TOO_SOON = re.compile(r"\btoo (?:soon|early) to (?:say|tell|judge|know|assess)\b", re.IGNORECASE)
ONE_NUMBER = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
UP_TO = re.compile(rf"s? ?(?:to|–|-) ?(?P<last>{ONE_NUMBER})", re.IGNORECASE)
AND_OTHERS = re.compile(rf"(?:, {ONE_NUMBER})*,? and (?:{ONE_NUMBER})", re.IGNORECASE)


def _numbers_of(first: int | None, rest: str) -> set[int | None]:
    """The numbers of "principles 1 to 9" and "principles 1, 2 and 5", given the first and what follows it."""
    if first is not None and (up_to := UP_TO.match(rest)):
        return {*range(first, (number_of(up_to["last"].lower()) or first) + 1)}
    others = AND_OTHERS.match(rest)
    named = re.findall(ONE_NUMBER, others[0], re.IGNORECASE) if others else []
    return {first, *(number_of(word.lower()) for word in named)}


def _single(text: str, basis: Basis) -> Iterator[tuple[RatingFact, str, str]]:
    """Return each principle or objective that a text names alone, with the words and the rating that they say."""
    found = [*NUMBERED.finditer(text)]
    for place, one in enumerate(found):
        kind = (one["kind"] or one["of"]).lower()
        number = number_of(one["number"]) if one["number"] else ORDINALS.index(one["ordinal"].lower()) + 1
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        whole = text[one.end() : end]
        nearest = re.split(r";|,? (?:and|but|while|whereas) (?=\w+ (?:is|has|was|remains))", whole)[0]
        rest = nearest if _says(nearest) else whole
        says = _says(rest) or ("met" if ACHIEVEMENT_OF.search(text[: one.start()]) else "")
        numbers = _numbers_of(number, rest)
        for row in basis.review.ratings_of(kind):
            if row.commitment.number in numbers:
                yield row, f"{one[0]}{rest}".strip(" .")[:90], says
    if found:
        return
    for kind in ("principle", "objective"):
        titled = re.search(
            rf"\b(?:the|its|our) {re.escape(kind)} (?:on|of|about|for|that|to)\b|\bthe [\w -]+ {re.escape(kind)}\b",
            text,
            re.I,
        )
        if not titled:
            continue
        said = {word[:6] for word in telling(text)}
        fitting = []
        for row in basis.review.ratings_of(kind):
            words = {word[:6] for word in telling(row.commitment.short_title)}
            if words and len(words & said) / len(words) >= 0.6:
                fitting.append(row)
        if len(fitting) == 1:
            yield fitting[0], text.strip(" .")[:90], _says(text)


def _doubt(words: str, kind: str, registers: Registers) -> Doubt:
    held = registers.held_ratings(kind)
    return Doubt(
        "ratings", words.strip(), f"The ratings say: {held.words}. Insert {{{held.name}}} instead.", record=held.url
    )


def _right(words: str, kind: str, registers: Registers) -> Doubt:
    held = registers.held_ratings(kind)
    return Doubt(
        "ratings",
        words.strip(),
        f"This was typed by hand. It is right today, and will not follow the ratings: {held.words}. Insert "
        f"{{{held.name}}} instead.",
        record=held.url,
    )


CHECKS = (summaries, single_ratings)
