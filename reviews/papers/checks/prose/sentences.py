"""A sentence as it was typed and as it will be read, and what it is held against."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from partnership.text import EXTERNAL, external
from reviews.facts.councils import CouncilFact
from reviews.facts.covers import CoverFact
from reviews.facts.figures import Figure
from reviews.facts.meetings_held import MeetingsHeld
from reviews.facts.reviewed import ReviewFacts
from reviews.facts.terms import TermFact
from reviews.papers.checks.prose.registers import Registers
from reviews.papers.narrative import SENTENCE_END, TOKEN

GAP = "…"  # stands where a token stood, so that the words around it do not run together
# Words quoted are somebody's own, when there are so many that they are no mere name or sum.
QUOTATION = re.compile(r"“[^“”]*”|\"[^\"]*\"|‘[^‘’]*(?:’(?=\w)[^‘’]*)*’")
WORDS_OF_A_QUOTATION = 4
# What says that somebody else is spoken of, or names a source.
SOURCE = re.compile(
    r"\([^)]*\b(?:19|20)\d\d\b[^)]*\)|\((?:the )?[A-Z][^)]*\)|\baccording to\b|\bsource:"
    r"|\bas (?:their|its|the|a|an) [^,.]{3,60} (?:heard|reported|show(?:s|ed|n)|said|says|found|stated|put it)\b"
    r"|\b(?:report(?:s|ed)|announc(?:es|ed)|claim(?:s|ed)|told|say|said)\b",
    re.IGNORECASE,
)
OTHERS = re.compile(
    r"\b(?:other (?:councils|authorities|partnerships|counties|districts)|another (?:council|county|district|"
    r"borough|authority)|"
    r"elsewhere|nationally|in England|across England|in Wales|neighbouring|the country|"
    r"(?:staff |residents[’'] |public |customer )?survey|census|respondents|those who answered|replies|"
    r"questionnaire|poll)\b",
    re.IGNORECASE,
)
# What is not claimed: a question, a condition, a wish or a plan.
OPEN = re.compile(
    r"\b(?:whether|if|unless|until|once|when|how far|to what extent|the extent|would|could|should|might|(?-i:may)|"
    r"must|"
    r"can|will|"
    r"shall|hopes?|aims?|expect\w*|intend\w*|plan(?:s|ned)?|propos(?:e|es|ed|al|als)|seeks?|to be|ought|target\w*|"
    r"towards?|"
    r"ask(?:s|ed)? (?:about|how)|question|test|discuss\w*|next|future)\b|\?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Doubt:
    """Something doubtful: the words it is about, and a sentence that says what is wrong and what to do."""

    kind: str
    words: str
    sentence: str
    is_blocking: bool = False
    record: str = ""  # the address of the record that holds the right value


@dataclass(frozen=True)
class Basis:
    """The basis of comparison. ``council`` is whose own paper it is; empty for a paper of all the councils."""

    review: ReviewFacts
    figures: Mapping[str, Figure]
    references: Container[str]
    council: CouncilFact | None = None
    covers: tuple[CoverFact, ...] = ()
    terms: tuple[TermFact, ...] = ()
    meetings: tuple[MeetingsHeld, ...] = ()

    @cached_property
    def registers(self) -> Registers:
        """The registers as a sentence is compared with them."""
        return Registers(self.review, self.figures, self.covers, self.terms)

    def knows(self, name: str) -> bool:
        """Return whether a token's name is answered."""
        if name.startswith(EXTERNAL):
            return external(name) is not None
        return name in self.figures or name.removeprefix("ref:") in self.references


@dataclass(frozen=True)
class Said:
    """One sentence: as written, without its tokens, with their figures, and the names of its tokens.

    ``paragraph`` is the whole paragraph that it stands in.
    """

    written: str
    typed: str
    read: str
    names: tuple[str, ...]
    paragraph: str

    def speaks_of(self, *prefixes: str) -> bool:
        """Return whether one of its tokens begins so."""
        return any(name.startswith(prefixes) for name in self.names)

    @cached_property
    def claimed(self) -> str:
        """Return what the sentence says itself: as typed, without what it quotes and without the marks of emphasis."""
        return without_quotations(self.typed)

    @cached_property
    def claimed_as_read(self) -> str:
        """The same with the figures of its tokens."""
        return without_quotations(self.read)

    @cached_property
    def may_be_of_others(self) -> bool:
        """Return whether it names a source, or others than the partnership."""
        return bool(SOURCE.search(self.claimed) or OTHERS.search(self.claimed))

    @cached_property
    def is_open(self) -> bool:
        """Return whether it asks, wishes or sets a condition, so that nothing is claimed."""
        return bool(OPEN.search(self.claimed))

    @property
    def clauses(self) -> list[str]:
        """The parts of the sentence between its commas, as read."""
        return re.split(r"[,;:–]\s", self.read)


def sentences(paragraph: str, basis: Basis) -> Iterator[Said]:
    """The sentences of a paragraph."""
    place = 0
    for end in [*(found.end() for found in SENTENCE_END.finditer(paragraph)), len(paragraph)]:
        written = paragraph[place:end].strip()
        place = end
        if written:
            yield _said(written, paragraph, basis)


def _said(written: str, paragraph: str, basis: Basis) -> Said:
    def text(found: re.Match) -> str:
        figure = basis.figures.get(found[1])
        return figure.text if figure else GAP

    return Said(written, TOKEN.sub(GAP, written), TOKEN.sub(text, written), tuple(TOKEN.findall(written)), paragraph)


def without_quotations(text: str) -> str:
    """A text in which quotations, and the marks of bold and emphasis, have made room for spaces."""

    def gap(found: re.Match) -> str:
        is_quotation = len(found[0].split()) >= WORDS_OF_A_QUOTATION
        return f"{GAP}{' ' * (len(found[0]) - 1)}" if is_quotation else found[0]

    return QUOTATION.sub(gap, text).replace("*", " ")
