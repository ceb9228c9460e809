"""Facts of a review beside the registers': its narrative, ratings, recommendations, options and analysis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from partnership.financial_years import FinancialYear
from partnership.models import Body
from partnership.records.as_at import KNOWN_NOW, rows_as_of
from reviews.facts.councils import BodyFact, CommitmentFact, body_fact
from reviews.facts.evidence import evidence_of
from reviews.facts.outcomes import DecisionFact, outcome_facts
from reviews.facts.partnership import Facts, facts
from reviews.facts.previous_recommendations import (
    EarlierRecommendation,
    earlier_recommendations,
    published_ratings_before,
)
from reviews.facts.reading import Reader, by_choice
from reviews.facts.review_meetings import TakenBy, taken_by
from reviews.facts.significant_partnerships import CircleFacts, circle_facts
from reviews.models import AgendaItem, Assessment, Audience, Option, Recommendation, Review, Section, SwotItem
from reviews.models.classes import OPEN
from reviews.models.outlines import OUTLINES

NOT_RATED = "not rated"


@dataclass(frozen=True)
class SectionFact:
    """A section with its narrative as it was written."""

    id: int
    key: str
    level: int
    heading: str
    narrative: str
    publication_class: str
    public_title: str
    exempt_paragraph: int | None
    is_from_last_time: bool = False


@dataclass(frozen=True)
class RatingFact:
    """The rating of a principle or objective in a review; ``id`` is ``None`` where there is none yet."""

    id: int | None
    commitment: CommitmentFact
    rating: str
    commentary: str
    before: str = ""  # the rating in the review before this one, which may be a draft
    is_before_draft: bool = False  # whether that review is not published for members
    published_before: tuple[tuple[str, str], ...] = ()  # each audience, with the rating last published for it
    evidence: tuple[str, ...] = ()  # the names of the records it rests on

    @property
    def words(self) -> str:
        return self.rating if self.rating == NOT_RATED else Assessment.Rating(self.rating).label

    def as_published_for(self, audience: str) -> RatingFact:
        """Return the rating beside the one that was last published for the audience, and no other."""
        return replace(self, before=dict(self.published_before).get(audience, ""), is_before_draft=False)


@dataclass(frozen=True)
class RecommendationFact:
    """One recommendation; its number is its place in the list."""

    id: int
    addressee: BodyFact
    verb: str
    text: str
    key: str = ""

    @property
    def reference(self) -> str:
        """Return the reference used in the text: its short name, or else the record's number."""
        return self.key or str(self.id)


@dataclass(frozen=True)
class SwotFact:
    """A strength, weakness, opportunity or threat."""

    id: int
    kind: str
    text: str


@dataclass(frozen=True)
class OptionFact:
    """A way forward that the review weighs."""

    id: int
    title: str
    description: str
    is_preferred: bool
    reasons: str


@dataclass(frozen=True)
class ReviewFacts:
    """A review, whole, with the facts of its date."""

    id: int
    title: str
    kind: str
    slug: str
    body: BodyFact
    as_at: date
    financial_year: str
    version_label: str
    author_title: str
    circulation: str
    review_due_on: date | None
    publication_route: str
    facts: Facts
    sections: tuple[SectionFact, ...]
    ratings: tuple[RatingFact, ...]
    recommendations: tuple[RecommendationFact, ...]
    swot: tuple[SwotFact, ...]
    options: tuple[OptionFact, ...]
    cover_sections: tuple[SectionFact, ...] = ()
    circle: CircleFacts | None = None  # only of a paper that speaks of the significant partnerships
    outcomes: tuple[DecisionFact, ...] = ()
    earlier: tuple[EarlierRecommendation, ...] = ()
    meetings: tuple[TakenBy, ...] = ()
    annual_report_body: str = ""  # which body considers the annual report; empty where the partnership has not said

    def for_edition(self, audience: str) -> ReviewFacts:
        """Return the review for an edition: of other reviews only what is published for the same audience."""
        return replace(
            self,
            ratings=tuple(rating.as_published_for(audience) for rating in self.ratings),
            earlier=tuple(filter(None, (row.as_published_for(audience) for row in self.earlier))),
        )

    def ratings_of(self, kind: str) -> tuple[RatingFact, ...]:
        """The ratings of the principles or of the objectives."""
        return tuple(rating for rating in self.ratings if rating.commitment.kind == kind)


def review_facts(review: Review, known_at: datetime | None = None, *, as_at: date | None = None) -> ReviewFacts:
    """The review as known at a moment (all that is known when ``None``), with the facts of its own date or another."""
    read = Reader(review.partnership_id, known_at)
    row = rows_as_of(Review, known_at, id=review.id)[0]
    day = as_at or row.as_at
    found = facts(review.partnership, day, known_at)
    bodies = {body.id: body for body in found.bodies}
    before = [other for other in read.own(Review) if other.as_at < row.as_at]
    items = rows_as_of(AgendaItem, known_at, review_id=review.id)
    return ReviewFacts(
        row.id,
        row.title,
        row.get_kind_display(),
        row.slug,
        bodies.get(row.body_id) or _body(read, row.body_id),
        day,
        row.financial_year,
        row.version_label,
        row.author_title,
        row.circulation,
        row.review_due_on,
        row.publication_route,
        found,
        *_contents(row, read, found, before),
        circle_for(row, found),
        outcome_facts(read, row, day, items),
        earlier_recommendations(read, before, day),
        taken_by(read, items),
        review.partnership.annual_report_body,
    )


def _contents(review: Review, read: Reader, found: Facts, before: list[Review]) -> tuple[tuple[Any, ...], ...]:
    """Its sections, ratings, recommendations, analysis, options, and the draft of its covers."""
    kinds = (Section, Assessment, Recommendation, SwotItem, Option)
    parts = {kind: rows_as_of(kind, read.known_at, review_id=review.id) for kind in kinds}
    parts[Section] = held_as_today(parts[Section], read.known_at)
    return (
        section_facts(row for row in parts[Section] if row.level != Section.Level.COVER),
        _rated(parts[Assessment], before, read, found),
        recommendation_facts(parts[Recommendation], {body.id: body for body in found.bodies}),
        swot_facts(parts[SwotItem]),
        option_facts(parts[Option]),
        section_facts(row for row in parts[Section] if row.level == Section.Level.COVER),
    )


def _rated(rows: list[Assessment], before: list[Review], read: Reader, found: Facts) -> tuple[RatingFact, ...]:
    made = rating_facts(rows, found.commitments, earlier_ratings(before, read), evidence_of(rows, read, found))
    if not before:
        return made
    published = published_ratings_before(read, before)
    ratings = []
    for rating in made:
        commitment = rating.commitment
        name = (commitment.kind, commitment.number, commitment.short_title)
        last = tuple((audience, given[name]) for audience, given in published.items() if name in given)
        is_draft = bool(rating.before) and dict(last).get(Audience.MEMBERS) != rating.before
        ratings.append(replace(rating, published_before=last, is_before_draft=is_draft))
    return tuple(ratings)


def circle_for(review: Review, found: Facts) -> CircleFacts | None:
    """The significant partnerships, for a kind of paper that speaks of them."""
    years_back = OUTLINES[review.kind].years_back
    if years_back is None:
        return None
    try:
        year = FinancialYear.read(review.financial_year)
    except ValueError:  # none is stated, or what was typed is no year
        year = FinancialYear.containing(found.as_at)
    return circle_facts(found.councils, found.as_at, found.known_at, str(FinancialYear(year.start - years_back)))


def earlier_ratings(before: list[Review], read: Reader) -> dict[int, str]:
    """Return the last earlier rating of each commitment, by the commitment's id."""
    if not before:
        return {}
    last = max(before, key=lambda row: (row.as_at, row.id))
    return {row.commitment_id: row.rating for row in rows_as_of(Assessment, read.known_at, review_id=last.id)}


def _body(read: Reader, number: int) -> BodyFact:
    """A body that has been withdrawn since still stands on the papers prepared for it."""
    row = Body.objects.get(pk=number)
    return body_fact(row, read.councils([row.council_id]).get(row.council_id) if row.council_id else None)


def held_as_today(rows: list[Section], known_at: datetime | None) -> list[Section]:
    """The sections as they stood; who may read one is asked today, of what is held closely by now."""
    now = Section.objects.in_bulk([row.id for row in rows]) if known_at is not KNOWN_NOW else {}
    for row in rows:
        if row.id in now and now[row.id].publication_class not in OPEN:
            for name in ("publication_class", "public_title", "exempt_paragraph"):
                setattr(row, name, getattr(now[row.id], name))
    return rows


def section_facts(rows: Iterable[Section]) -> tuple[SectionFact, ...]:
    """The sections from the front."""
    return tuple(
        SectionFact(
            row.id,
            row.key,
            row.level,
            row.heading,
            row.narrative,
            row.publication_class,
            row.public_title,
            row.exempt_paragraph,
            row.is_from_last_time,
        )
        for row in sorted(rows, key=lambda row: (row.position, row.id))
    )


def rating_facts(
    rows: list[Assessment],
    commitments: tuple[CommitmentFact, ...],
    before: dict[int, str],
    evidence: dict[int, tuple[str, ...]],
) -> tuple[RatingFact, ...]:
    """One rating for each principle and objective in force, in their order; ``before`` is how each was rated last."""
    by_commitment = {row.commitment_id: row for row in rows}
    facts = []
    for commitment in commitments:
        row = by_commitment.get(commitment.id)
        last_rating = before.get(commitment.id, "")
        if row is None:
            facts.append(RatingFact(None, commitment, NOT_RATED, "", last_rating))
            continue
        rests_on = evidence.get(row.id, ())
        facts.append(RatingFact(row.id, commitment, row.rating, row.commentary, last_rating, evidence=rests_on))
    return tuple(facts)


def recommendation_facts(rows: list[Recommendation], bodies: dict[int, BodyFact]) -> tuple[RecommendationFact, ...]:
    """The recommendations in order."""
    return tuple(
        RecommendationFact(row.id, bodies[row.addressee_id], row.get_verb_display(), row.text, row.key)
        for row in sorted(rows, key=lambda row: (row.position, row.id))
    )


def swot_facts(rows: list[SwotItem]) -> tuple[SwotFact, ...]:
    """The items, strengths first and threats last."""
    place = by_choice(SwotItem.Kind.values)
    rows = sorted(rows, key=lambda row: (place(row.kind), row.position, row.id))
    return tuple(SwotFact(row.id, row.kind, row.text) for row in rows)


def option_facts(rows: list[Option]) -> tuple[OptionFact, ...]:
    """The options in order."""
    rows = sorted(rows, key=lambda row: (row.position, row.id))
    return tuple(OptionFact(row.id, row.title, row.description, row.is_preferred, row.reasons) for row in rows)
