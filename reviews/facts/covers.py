"""The cover reports of a review: whose they are, how that council sets them out, and what was cleared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from partnership.models import Body, Council
from partnership.moments import rows_known
from reviews.facts.councils import BodyFact, CouncilFact, body_fact, council_fact
from reviews.facts.reading import Reader, by_choice
from reviews.facts.reviewed import ReviewFacts
from reviews.models.covers import CoverReport, CoverStyle, Implication


@dataclass(frozen=True)
class ImplicationFact:
    """What the report means in one respect, and who cleared it; ``not_stated`` is what the source leaves open."""

    id: int
    kind: str
    heading: str
    text: str
    cleared_by: str
    cleared_on: date | None
    not_stated: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CoverFact:
    """One council's cover report with the words and the order of that council."""

    id: int
    council: CouncilFact
    area_name: str
    numbering: str
    body: BodyFact
    meeting_on: date | None
    title: str
    areas: str
    report_of: str
    signed_by: str
    contact: str
    asks: str
    paragraphs: str
    layout: tuple[tuple[str, str], ...]
    implications: tuple[ImplicationFact, ...]

    @property
    def name(self) -> str:
        """ "OCC Cabinet cover report"."""
        return f"{self.body.name} cover report"


def cover_facts(review: ReviewFacts) -> tuple[CoverFact, ...]:
    """The review's covers as known when its facts were, in the order of the councils' columns."""
    known_at = review.facts.known_at
    read = Reader(review.facts.partnership.id, known_at)
    found = rows_known(CoverReport, known_at, review_id=review.id)
    bodies = read.numbered(Body, (row.body_id for row in found))
    councils = read.councils(body.council_id for body in bodies.values())
    styles = {row.council_id: row for row in rows_known(CoverStyle, known_at, council_id__in=sorted(councils))}
    implications = read.under(Implication, found, "cover")
    place = by_choice([council.id for council in review.facts.councils])
    made = [
        _cover(row, bodies[row.body_id], councils[bodies[row.body_id].council_id], styles, implications[row.id])
        for row in found
    ]
    return tuple(sorted(made, key=lambda cover: (place(cover.council.id), cover.id)))


def _cover(
    row: CoverReport, body: Body, council: Council, styles: dict[int, CoverStyle], implications: list[Implication]
) -> CoverFact:
    style = styles.get(council.id) or CoverStyle()
    return CoverFact(
        row.id,
        council_fact(council),
        council.area_name,
        council.numbering,
        body_fact(body, council),
        row.meeting_on,
        row.title,
        row.areas,
        row.report_of,
        row.signed_by,
        row.contact,
        style.asks,
        style.paragraphs,
        style.layout,
        implication_facts(implications),
    )


def implication_facts(rows: list[Implication]) -> tuple[ImplicationFact, ...]:
    """The implications in their usual order."""
    place = by_choice(Implication.Kind.values)
    return tuple(
        ImplicationFact(
            row.id,
            row.kind,
            row.get_kind_display(),
            row.text,
            row.cleared_by,
            row.cleared_on,
            frozenset(row.not_stated),
        )
        for row in sorted(rows, key=lambda row: place(row.kind))
    )
