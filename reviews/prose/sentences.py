"""A sentence as it was typed and as it will be read, and what it is held against."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from reviews.facts.councils import CouncilFact
from reviews.facts.reviewed import ReviewFacts
from reviews.figures import Figure
from reviews.narrative import EXTERNAL, SENTENCE_END, TOKEN, external

GAP = "…"  # stands where a token stood, so that the words around it do not run together


@dataclass(frozen=True)
class Doubt:
    """Something doubtful: the words it is about, and a sentence that says what is wrong and what to do."""

    kind: str
    words: str
    sentence: str
    is_blocking: bool = False


@dataclass(frozen=True)
class Basis:
    """What prose is held against. ``council`` is whose own paper it is; empty for a paper of all the councils."""

    review: ReviewFacts
    figures: Mapping[str, Figure]
    references: Container[str]
    council: CouncilFact | None = None

    def knows(self, name: str) -> bool:
        """Whether a token's name is answered."""
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
        """Whether one of its tokens begins so."""
        return any(name.startswith(prefixes) for name in self.names)

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
