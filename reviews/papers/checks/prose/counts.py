"""Counts that were typed, in figures and in words, held against what the registers count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from partnership.wording import counted
from reviews.facts.review_figures import PLURALS
from reviews.papers.checks.prose.elsewhere import is_of_others
from reviews.papers.checks.prose.numbers import Count, counts
from reviews.papers.checks.prose.registers import Counted, Held, State
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said

JOINT = re.compile(
    r"\b(?:joint(?:ly)?|shared?|sharing|in common|partnership|"
    r"(?:across|serv\w+|for|between) (?:both|all (?:the )?(?:two|three|four|five|six)|"
    r"the (?:two|three|four|five|six)|each of the) (?:councils|authorities|partners))\b",
    re.IGNORECASE,
)
# What says that only some are meant, or how many there were at another time.
SOME = re.compile(
    r"^\s*(?:(?:that|which|who|whose|where|in which)\b|(?:were|was|had|came|became|left|joined|went)\b"
    r"|(?:was|were) (?:\w+ )?(?:filled|advertised|held|added|created|discussed|reviewed|asked)|[^,.;]{0,30}\b(?:ago|"
    r"in 20\d\d))",
    re.IGNORECASE,
)
THEN = re.compile(
    r"\b(?:in|by|since|until|from|before) (?:\w+ )?20\d\d\b|\bat first\b|\boriginally\b|\binitially\b|\blast year\b"
    r"|\b(?:had|were|was|used to)\b|\bearlier\b|\bmore\b(?! than)|\bfurther\b|\banother\b|\badditional\b|\bnew\b",
    re.IGNORECASE,
)
AHEAD = re.compile(
    r"\b(?:would|could|should|might|(?-i:may)|if|whether|will|shall|plan(?:s|ned)?|propos\w*|"
    r"recommend(?!ations?\b)\w*|aim\w*|until|hope\w*|"
    r"ought|must|can|cannot|each|every|per)\b",
    re.IGNORECASE,
)
# These change so rarely, or matter so little, that nobody is told to draw them while they are right.
UNTYPED = ("councils", "comparators")
HEADING_NUMBER = re.compile(r"^\s*#*\s*\d+(?:\.\d+)*[.)]?\s+[A-Z]")
RATED = re.compile(
    r"\b(?:met|not met|unmet|fulfilled|satisfied|achieved|under ?way|at risk|too (?:soon|early)|rated|delivered|missed|"
    r"completed?|progress)\b",
    re.IGNORECASE,
)


def typed_counts(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "Five joint posts" where the registers hold six; and six, typed, where they hold six today."""
    text = said.claimed
    found = counts(text)
    if not found or is_of_others(said, basis):
        return
    told: Counted | None = None
    councils = basis.registers.councils_in(text)
    for place, one in enumerate(found):
        if IN_EVERY.search(text[: one.start]):
            continue
        if HEADING_NUMBER.match(text) and one.start <= len(text) - len(text.lstrip()) + 1:
            continue
        following = found[place + 1] if place + 1 < len(found) else None
        named = [noun for noun in basis.registers.counted if noun.after_number.match(text[one.end :])]
        doubts = (_of_noun(one, following, noun, text, councils) for noun in named)
        doubt = next((doubt for doubt in doubts if doubt is not None), None)
        if not named:
            counted_before = _number_of(one, basis.registers.counted, text)
            if counted_before is not None:
                doubt = _compare(one, one.text, counted_before.number, counted_before.held, counted_before)
            elif told is not None:
                doubt = _of_those(one, told, text)
        told = named[0] if named else told
        if doubt is not None:
            yield doubt


# "One in three", which is a share.
IN_EVERY = re.compile(r"\b(?:one|two|three|four) in (?:every )?$", re.IGNORECASE)
AMOUNTS_TO = re.compile(r"\b(?:is|are|at|to|reached|totals?|totalled|equals)(?: now)? $", re.IGNORECASE)


def _number_of(one: Count, nouns: tuple[Counted, ...], text: str) -> Counted | None:
    """The records of which a number is told behind them: "the number of joint posts now stands at seven"."""
    before = text[: one.start]
    found = NUMBER_OF.search(before)
    if found is None or not AMOUNTS_TO.search(before) or AHEAD.search(text) or THEN.search(text):
        return None
    for noun in nouns:
        match = noun.after_number.match(f" {found['noun']}")
        is_in_state = any(state.pattern.search(found["noun"]) for state in noun.states)
        if match and not is_in_state and (noun.name != "posts" or JOINT.search(text)):
            return noun
    return None


NUMBER_OF = re.compile(r"\bnumber of (?P<noun>[^,;.]+)$", re.IGNORECASE)
# A number that leaves its noun out: "two are interim", "three of them permanent".
OF_THOSE = re.compile(r"(?: of (?:them|these|those|which|whom))? (?:(?:is|are|being|as|remains?) )?(?:\w+ )?$")


def _of_those(one: Count, noun: Counted, text: str) -> Doubt | None:
    """Return what is wrong with a number of those that the sentence has counted before."""
    after = re.split(r"[,;.]", text[one.end :])[0]
    for state in noun.states:
        found = state.pattern.search(after)
        if found is None or not OF_THOSE.match(after[: found.start()]):
            continue
        if noun.name == "posts" and not JOINT.search(text):
            return None
        right = f"{counted(state.number, noun.one, noun.many)} {found[0].lower()}"
        words = f"{one.text}{after[: found.end()]}"
        return _compare(one, words, state.number, Held(right, state.name, noun.held.url), noun)
    return None


@dataclass(frozen=True)
class Claim:
    """A number with the noun it counts, and the words around them."""

    one: Count
    noun: Counted
    before: str
    between: str
    after: str

    @property
    def words(self) -> str:
        """The number with its noun."""
        return f"{self.one.text}{self.between}".strip()

    @property
    def is_part(self) -> bool:
        """Return whether it counts some of a whole: "two of the posts"."""
        return bool(re.match(r" (?:of|out of)\b", self.between) or re.search(r"\bof the$", self.one.text))

    @property
    def whole(self) -> str:
        """The part of the sentence that it stands in."""
        text = self.before + self.one.text + self.between + self.after
        return next((part for part in re.split(r"[;:]\s", text) if self.one.text in part), text)

    @property
    def is_about_another(self) -> bool:
        """Return whether the noun is not the register's: posts that are not shared, models of something else."""
        whole = self.whole
        if self.noun.name == "posts" and (not JOINT.search(whole) or re.search(r"\bnot shared\b", whole)):
            return True
        if self.noun.name == "working-models" and not re.search(r"\b(?:joint working|working model)", whole):
            return True
        if self.one.value == 0 and not self.is_part and not self.is_of_none and not self.is_of_state:
            return True
        return bool(re.search(r"\b(?:of|in|at) (?:the |an)?other(?: councils?)?\b|neighbouring", self.after[:40]))

    @property
    def is_of_none(self) -> bool:
        """Return whether "no joint posts" says that there are none, rather than what none of them is or does."""
        return _is_of_all(self.before, self.after)

    @property
    def is_of_state(self) -> bool:
        """Return whether it says that so many are in a state: "no joint post is interim"."""
        return any(
            re.match(rf" (?:is|are) (?:\w+ )??{state.pattern.pattern}", self.after, re.IGNORECASE)
            for state in self.noun.states
        )

    @property
    def is_of_all(self) -> bool:
        """Return whether it states the number of all on the day of the paper."""
        whole = self.whole
        is_of_paper = self.noun.name in OF_PAPER
        if self.is_part or (
            SOME.match(self.after) and not (is_of_paper and (WEIGHED.search(whole) or ALL_OF_THEM.search(self.before)))
        ):
            return False
        if self.one.text.lower() == "both":
            return True
        if AHEAD.search(FINDING.sub("", whole)) and not (is_of_paper and ALL_OF_THEM.search(self.before)):
            return False
        if self.one.value == 0 and not self.is_of_none:
            return False
        if self.one.value == 1 and not ONLY_ONE.search(self.before):
            return False
        if THEN.search(whole) and not NOW.search(whole) and not (is_of_paper and WEIGHED.search(whole)):
            return False
        return not (MORE.search(self.between) or re.search(r"\b(?:another|further|an?) $", self.before))


# What the paper itself sets out: "the nine principles" are all of them, whatever is wished of them.
OF_PAPER = ("principles", "objectives", "recommendations", "options", "working-models", *PLURALS.values())
# What a reader will see in the paper is there already.
FINDING = re.compile(r"\b(?:will|can|may) (?:find|see|read|note)\b")
WEIGHED = re.compile(
    r"\b(?:considered|weighed|examined|compared|assessed|looked at|set out|made|put forward|appraised|"
    r"identified|found|listed|named|signed up to|agreed|adopted|approved)\b",
    re.I,
)
ALL_OF_THEM = re.compile(r"\b(?:the|our|its|these) $", re.IGNORECASE)
ONLY_ONE = re.compile(r"\b(?:only|just|there is|a single|but) $")
NOW = re.compile(r"\b(?:now|today|as at|there are|so far|share|has|have|all|the)\b")
MORE = re.compile(r"\b(?:another|further|additional|extra|more|new)\b")


def _of_noun(one: Count, following: Count | None, noun: Counted, text: str, councils: list) -> Doubt | None:
    """Return the fault of a number of these; ``following`` is the next number, perhaps that of all of them."""
    match = noun.after_number.match(text[one.end :])
    if noun.name in ("principles", "objectives") and RATED.search(text):
        return None
    if one.text.lower() == "both" and len(councils) == 2:
        return None  # the two that the sentence names
    reached = one.end + match.end()
    claim = Claim(one, noun, text[: one.start], match[0], text[reached:])
    if claim.is_about_another:
        return None
    has_total = claim.is_part and following is not None and following.start < reached
    if has_total and not following.agrees_with(noun.number):
        return _wrong(claim.words, noun.held)
    named = [state for state in noun.states if state.pattern.search(f"{match[0]} {claim.whole}")]
    between = [state for state in named if state.pattern.search(match[0])]
    if len(between) > 1:
        return None
    apart = following is not None and all(_is_behind(state, following, text) for state in named)
    if named and (between or not apart):
        return _of_state(claim, between[0] if between else _nearest(named, claim.after), bool(between))
    return _compare(claim.one, claim.words, noun.number, noun.held, noun) if claim.is_of_all else None


def _is_behind(state: State, following: Count, text: str) -> bool:
    """Return whether a state is told of the next number alone: "five joint posts, three of them permanent"."""
    found = state.pattern.search(text)
    return found is not None and found.start() >= following.end


def _nearest(states: list[State], after: str) -> State:
    """Return the state named first after a number; the first of the list where none is named."""

    def distance(state: State) -> int:
        match = state.pattern.search(after)
        return match.start() if match else len(after) + 1

    return min(states, key=distance)


def _of_state(claim: Claim, state: State, is_between: bool) -> Doubt | None:
    """Return the fault of a number of those in a state: "two interim posts", "three of the posts are permanent"."""
    stated = re.match(r"^\W*(?:(?:are|is|were|was|have been|has been|remain) )?[^,.;]{0,25}?(?=\b)", claim.after)
    found = state.pattern.search(claim.between) or state.pattern.search(claim.after[:60])
    if not is_between:
        near = claim.after[: found.end()] if found else ""
        if stated is None or found is None or re.search(r"[,.;]", near) or len(near) > 60:
            return None
    words = claim.words if is_between else f"{claim.words}{claim.after[: found.end()]}"
    noun = claim.noun
    right = f"{counted(state.number, noun.one, noun.many)} {found[0].lower()}"
    held = Held(right, state.name, noun.held.url)
    return _compare(claim.one, words, state.number, held, noun)


def _is_of_all(before: str, after: str) -> bool:
    """Return whether "no joint posts" says that there are none, rather than what none of them is or does."""
    begins = re.search(
        r"\b(?:there (?:is|are)|has|have|holds?|shares?|with|currently|still)(?: (?:now|today|as yet|yet))? $",
        before,
        re.I,
    )
    return bool(
        begins
        or re.match(
            r"\s*(?:(?:are|is) (?:shared|recorded|held)|exists?|remains?|yet|today|now|so far|[.;!]|$)", after, re.I
        )
    )


def _compare(one: Count, words: str, true: int, held: Held, noun: Counted) -> Doubt | None:
    if not one.agrees_with(true):
        return _wrong(words, held)
    if one.about or one.value == 0 or noun.name in UNTYPED or "both" in one.text.lower():
        return None
    why = "A count was typed by hand. It is right today, and will not follow the register"
    return Doubt("typed-count", words.strip(), f"{why}: {held.words}. {held.advice}", record=held.url)


def _wrong(words: str, held: Held) -> Doubt:
    return Doubt("typed-count", words.strip(), f"The registers say {held.words}. {held.advice}", record=held.url)


CHECKS = (typed_counts,)
