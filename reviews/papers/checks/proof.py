"""Find what prevents the publication of a review, and list every figure in it with its places.

`findings` reads, and holds all of the review's text and its covers against its facts. A finding that blocks keeps the
review from being published; the others are pointed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from partnership.records.as_at import rows_read
from partnership.records.record import Record
from reviews.facts import ReviewFacts, review_facts
from reviews.facts.councils import CouncilFact
from reviews.facts.covers import CoverFact, cover_facts
from reviews.facts.figures import Figure
from reviews.facts.meetings_held import MeetingsHeld, meetings_held
from reviews.facts.review_figures import review_figures
from reviews.facts.terms import TermFact, term_facts
from reviews.models import Review
from reviews.papers.checks.findings import Finding
from reviews.papers.checks.gaps import gaps
from reviews.papers.checks.passages import Passage, checked, passages
from reviews.papers.checks.printed import PrintedText, printed_texts
from reviews.papers.checks.prose import Basis
from reviews.papers.covers.document import compose_cover, cover_figures, cover_references
from reviews.papers.covers.proof import cover_findings
from reviews.papers.document import all_references, compose, numbered
from reviews.papers.narrative import TOKEN

NO_FIGURE = Figure("", "")


@dataclass(frozen=True)
class FigureUse:
    """A figure of the paper: what it prints, the places it stands in, and the records it is made of."""

    figure: Figure
    places: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A figure of the paper that prints something else than it did."""

    name: str
    before: str
    now: str


@dataclass(frozen=True)
class Proof:
    """A review held against its facts."""

    review: ReviewFacts
    not_stated: frozenset[str] = frozenset()
    own_council: CouncilFact | None = None
    covers: tuple[CoverFact, ...] = ()
    readable: frozenset[int] | None = None  # the sections that the reader may read; all of them when ``None``
    terms: tuple[TermFact, ...] = ()
    meetings: tuple[MeetingsHeld, ...] = ()
    rows: tuple[Record, ...] = ()  # the records that its facts were read from

    @cached_property
    def basis(self) -> Basis:
        """Return the facts with which the prose is compared."""
        shown = [*numbered(self.review.sections)]
        known = review_figures(self.review)
        references = all_references(self.review, shown)
        return Basis(self.review, known, references, self.own_council, self.covers, self.terms, self.meetings)

    @cached_property
    def printed(self) -> list[PrintedText]:
        """Return every text of a record that the paper or a cover prints, drawn from the documents themselves."""
        documents = [compose(self.review), *(compose_cover(self.review, cover) for cover in self.covers)]
        day = self.review.as_at
        rows = [row for row in self.rows if getattr(row, "from_on", day) is None or getattr(row, "from_on", day) <= day]
        return printed_texts(rows, documents)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All of its own text."""
        return tuple(passages(self.review, self.printed))

    @cached_property
    def findings(self) -> list[Finding]:
        """Return the findings, blocking ones first, then in the order of the paper."""
        found = [*checked(self.passages, self.basis), *gaps(self.review, self.not_stated)]
        found += cover_findings(self.review, self.covers, self.terms)
        return sorted(dict.fromkeys(found), key=lambda finding: not finding.is_blocking)

    def basis_of(self, number: int) -> Basis:
        """Return the names for the text of a section: in the draft of the covers, the words of their councils too."""
        if self.covers and any(row.id == number for row in self.review.cover_sections):
            known = cover_figures(self.review, self.covers[0])
            references = cover_references(self.review)
            return Basis(self.review, known, references, covers=self.covers, terms=self.terms, meetings=self.meetings)
        return self.basis

    def of_section(self, number: int) -> list[Finding]:
        """Return the findings in one section."""
        return [finding for finding in self.findings if finding.section_id == number]

    @property
    def figures(self) -> list[FigureUse]:
        """Return every figure that the text names, as far as the reader may read it, in the order of the paper."""
        places: dict[str, list[str]] = {}
        for passage in self.passages:
            if self.readable is not None and passage.section_id not in (None, *self.readable):
                continue
            for name in TOKEN.findall(passage.text):
                if name in self.basis.figures:
                    places.setdefault(name, []).append(passage.place)
        return [FigureUse(self.basis.figures[name], tuple(dict.fromkeys(found))) for name, found in places.items()]


def changes(before: Proof, now: Proof) -> list[Change]:
    """The figures of the text, and the money of the year, that print something else now than before."""
    named = [use.figure.name for use in (*before.figures, *now.figures)]
    year = now.review.financial_year.replace("/", "-")
    named += [name for name in now.basis.figures if name.startswith(f"savings.{year}.") and name.count(".") == 3]
    then = before.basis.figures
    present = now.basis.figures
    return [
        Change(name, then[name].text if name in then else "", present[name].text if name in present else "")
        for name in dict.fromkeys(named)
        if then.get(name, NO_FIGURE).text != present.get(name, NO_FIGURE).text
    ]


def proof_of(review: Review, known_at: datetime | None, readable: frozenset[int] | None = None) -> Proof:
    """The proof of a review as known at a moment (all that is known when ``None``)."""
    with rows_read() as rows:
        facts = review_facts(review, known_at)
        covers = cover_facts(facts)
    own = next((council for council in facts.facts.councils if council.id == review.body.council_id), None)
    return Proof(
        facts,
        frozenset(review.not_stated),
        own,
        covers,
        readable,
        term_facts(facts),
        meetings_held(facts),
        tuple(rows),
    )


def findings(review: Review, known_at: datetime | None) -> list[Finding]:
    """Everything found, blocking findings first."""
    return proof_of(review, known_at).findings


def blocking(review: Review, known_at: datetime | None) -> list[Finding]:
    """Return what prevents publication; empty when nothing does."""
    return [finding for finding in findings(review, known_at) if finding.is_blocking]
