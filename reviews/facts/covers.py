"""The cover reports of a review: whose they are, how that council sets them out, and what was cleared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from partnership.models import Body, Council, User
from partnership.records.as_at import rows_as_of
from reviews.facts.councils import BodyFact, CouncilFact, body_fact, council_fact
from reviews.facts.reading import Reader, by_choice
from reviews.facts.reviewed import ReviewFacts
from reviews.models.covers import CoverReport, CoverStyle, Implication


@dataclass(frozen=True)
class ImplicationFact:
    """The implication of a report in one respect, and who cleared it; ``not_stated`` names what the source leaves open.

    ``recorded_by`` is the account that entered the clearance. Without ``evidence`` it cleared the text itself.
    """

    id: int
    kind: str
    heading: str
    text: str
    cleared_by: str
    cleared_on: date | None
    not_stated: frozenset[str] = frozenset()
    recorded_by: str = ""
    recorded_on: date | None = None
    evidence: str = ""


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
    found = rows_as_of(CoverReport, known_at, review_id=review.id)
    bodies = read.numbered(Body, (row.body_id for row in found))
    councils = read.councils(body.council_id for body in bodies.values())
    styles = {row.council_id: row for row in rows_as_of(CoverStyle, known_at, council_id__in=sorted(councils))}
    implications = read.under(Implication, found, "cover")
    place = by_choice([council.id for council in review.facts.councils])
    names = names_of_recorders(chain.from_iterable(implications.values()))
    made = []
    for row in found:
        body = bodies[row.body_id]
        said = implication_facts(implications[row.id], names)
        made.append(_cover(row, body, councils[body.council_id], styles, said))
    return tuple(sorted(made, key=lambda cover: (place(cover.council.id), cover.id)))


def _cover(
    row: CoverReport,
    body: Body,
    council: Council,
    styles: dict[int, CoverStyle],
    implications: tuple[ImplicationFact, ...],
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
        implications,
    )


def names_of_recorders(rows: Iterable[Implication]) -> dict[int, str]:
    """Return the names of the accounts that entered a clearance."""
    numbers = {row.clearance_recorded_by_id for row in rows} - {None}
    return dict(User.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}


def implication_facts(rows: list[Implication], names: Mapping[int, str]) -> tuple[ImplicationFact, ...]:
    """The implications in their usual order; ``names`` are those of the accounts that entered a clearance."""
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
            names.get(row.clearance_recorded_by_id, ""),
            row.clearance_recorded_on,
            row.clearance_evidence,
        )
        for row in sorted(rows, key=lambda row: place(row.kind))
    )
