"""Counts that were typed, in figures and in words, held against what the registers count."""

from __future__ import annotations

import re
from collections.abc import Iterator

from partnership.wording import counted
from reviews.prose.elsewhere import is_of_others
from reviews.prose.numbers import Count, counts
from reviews.prose.registers import Counted
from reviews.prose.sentences import Basis, Doubt, Said

# Words that may stand between a number and what it counts.
BETWEEN = (
    r"(?:(?:of|out of) (?:the |its |our |their |these |all )?(?:(?:\w+) )?)?"
    r"(?:(?:joint|jointly|shared|senior|chief|officer|officers|management|new|agreed|adopted|such|common|open|current|"
    r"existing|different|separate|other|further|key|main|guiding|founding|partnership|working|strategic|live|more|"
    r"permanent|interim|temporary|vacant|proposed|provisional|filled|distinct|clear|core|full|written|statutory|"
    r"and|most|director-level|top|leadership|assistant|director|head-of-service) ){0,4}"
)
JOINT = re.compile(r"\b(?:joint(?:ly)?|shared?|sharing|in common|partnership|both councils)\b", re.IGNORECASE)
# What says that only some are meant, or how many there were at another time.
SOME = re.compile(
    r"^\s*(?:(?:that|which|who|whose|where|in which)\b|(?:were|was|had|came|became|left|joined|went)\b"
    r"|(?:was|were) (?:\w+ )?(?:filled|advertised|held|added|created|discussed|reviewed|asked)|[^,.;]{0,30}\b(?:ago|in 20\d\d))",
    re.IGNORECASE,
)
THEN = re.compile(
    r"\b(?:in|by|since|until|from|before) (?:\w+ )?20\d\d\b|\bat first\b|\boriginally\b|\binitially\b|\blast year\b"
    r"|\b(?:had|were|was|used to)\b|\bearlier\b|\bmore\b(?! than)|\bfurther\b|\banother\b|\badditional\b|\bnew\b",
    re.IGNORECASE,
)
AHEAD = re.compile(
    r"\b(?:would|could|should|might|may|if|whether|will|shall|plan(?:s|ned)?|propos\w*|recommend\w*|aim\w*|until|hope\w*|"
    r"ought|must|can|cannot|each|every|per)\b",
    re.IGNORECASE,
)
HEADING_NUMBER = re.compile(r"^\s*#*\s*\d+(?:\.\d+)*[.)]?\s+[A-Z]")
RATED = re.compile(
    r"\b(?:met|not met|unmet|fulfilled|satisfied|achieved|under ?way|at risk|too (?:soon|early)|rated|delivered|missed|"
    r"completed?|progress)\b",
    re.IGNORECASE,
)


def typed_counts(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "Five joint posts" where the registers hold six; and six, typed, where they hold six today."""
    text = said.claimed
    if is_of_others(said, basis):
        return
    found = [*counts(text)]
    for place, one in enumerate(found):
        if HEADING_NUMBER.match(text) and one.start <= len(text) - len(text.lstrip()) + 1:
            continue
        following = found[place + 1] if place + 1 < len(found) else None
        for noun in basis.registers.counted:
            doubt = _of_noun(one, following, noun, text, basis)
            if doubt is not None:
                yield doubt
                break


def _of_noun(one: Count, following: Count | None, noun: Counted, text: str, basis: Basis) -> Doubt | None:
    """What is wrong with a number of these; ``following`` is the next number, which may be that of all of them."""
    match = re.match(rf"[ -]{BETWEEN}({noun.nouns})\b(?!-)", text[one.end :], re.IGNORECASE)  # noqa: W605
    if match is None or (noun.name in ("principles", "objectives") and RATED.search(text)):
        return None
    between = match[0]
    after = text[one.end + match.end() :]
    clause = re.split(r"[;:]\s", text[: one.end] + match[0] + after)
    whole = next((part for part in clause if one.text in part), text)
    if noun.name == "posts" and not (JOINT.search(whole) and not re.search(r"\bnot shared\b", whole)):
        return None
    if noun.name == "models" and "joint working" not in text and "working" not in between:
        return None
    if re.search(r"\b(?:of|in|at) (?:the |another )?(?:(?:other|neighbouring) councils?|other)\b", after[:40]):
        return None
    is_part = bool(re.match(r" (?:of|out of)\b", between))
    if is_part and following is not None and following.start < one.end + match.end():
        if not following.agrees_with(noun.number):
            return _wrong(one, f"{one.text}{between}", noun, noun.number, noun.held.words)
    state = _state_of(noun, f"{between} {whole}")
    if state is not None:
        true, pattern = state
        is_stated = re.search(rf"^\W*(?:(?:are|is|were|was|have been|has been|remain) )?[^,.;]{{0,25}}\b(?:{pattern})", after, re.I)
        in_between = re.search(rf"\b(?:{pattern})\b", between, re.IGNORECASE)
        if not (is_stated or in_between):
            return None
        words = f"{one.text}{match[0]}{is_stated[0] if is_stated and not in_between else ''}".strip()
        found = re.search(rf"\b(?:{pattern})", words, re.IGNORECASE)
        return _compare(one, words, noun, true, f"{counted(true, noun.held_one, noun.held_many)} {found[0].lower()}")
    if is_part or SOME.match(after) or AHEAD.search(whole):
        return None
    if one.value == 1 and not re.search(r"\b(?:only|just|there is|a single|but) $", text[: one.start]):
        return None
    if THEN.search(whole) and not re.search(r"\b(?:now|today|as at|there are|so far|share|has|have|all|the)\b", whole):
        return None
    if re.search(r"\b(?:another|further|additional|extra|more|new)\b", between) or re.search(r"\b(?:another|further|a|an) $", text[: one.start]):
        return None
    return _compare(one, f"{one.text}{match[0]}", noun, noun.number, noun.held.words)


def _state_of(noun: Counted, text: str) -> tuple[int, str] | None:
    """How many are in the state that the words name, with the pattern of its words."""
    for pattern, number in noun.states:
        if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE):
            return number, pattern
    return None


def _compare(one: Count, words: str, noun: Counted, true: int, right: str) -> Doubt | None:
    if not one.agrees_with(true):
        return _wrong(one, words, noun, true, right)
    if one.about or one.value == 0 or noun.name in ("councils", "comparators") or "both" in one.text.lower():
        return None
    return Doubt(
        "typed-count",
        words.strip(),
        f"A count was typed by hand. It is right today, and will not follow the register: {right}. {noun.held.advice}",
        record=noun.held.url,
    )


def _wrong(one: Count, words: str, noun: Counted, true: int, right: str) -> Doubt:
    return Doubt(
        "typed-count",
        words.strip(),
        f"The registers say {right}. {noun.held.advice}",
        record=noun.held.url,
    )


CHECKS = (typed_counts,)
