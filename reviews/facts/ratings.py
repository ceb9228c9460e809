"""Facts of each principle and objective on a day: its latest rating, the one before, and the change.

The working group and its officers read the ratings of drafts; other members those of published papers, and no others.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from partnership.records.as_at import KNOWN_NOW
from reviews.facts.councils import CommitmentFact
from reviews.facts.previous_recommendations import RATING_BY_WORDS
from reviews.facts.reading import Reader
from reviews.facts.reviewed import NOT_RATED
from reviews.models import Assessment, Edition, Review

Rating = Assessment.Rating
# From worst to best. "Too soon to say" is no place on this scale: nothing was judged.
SCALE = (Rating.NOT_MET, Rating.AT_RISK, Rating.UNDERWAY, Rating.MET)
IN_DANGER = (Rating.NOT_MET, Rating.AT_RISK)


@dataclass(frozen=True)
class StandingRating:
    """A principle or objective with the latest rating by the day; ``review`` and ``before`` are empty without one.

    ``review`` is the title of the review or the paper; a paper's commentary stands in the paper alone.
    """

    id: int  # of the commitment, so that one not yet rated can be listed too
    commitment: CommitmentFact
    rating: str
    before: str
    commentary: str
    review: str
    rated_on: date | None

    @property
    def words(self) -> str:
        return rating_words(self.rating)

    @property
    def before_words(self) -> str:
        return rating_words(self.before) if self.before else ""

    @property
    def is_in_danger(self) -> bool:
        return self.rating in IN_DANGER

    @property
    def trend(self) -> str:
        return trend(self.rating, self.before)


def trend(rating: str, before: str) -> str:
    """Compare a rating with the previous review's, in a word or two."""
    if rating == NOT_RATED:
        return ""
    if not before:
        return "first rating"
    if rating == before:
        return "unchanged"
    if rating not in SCALE:
        return "no longer judged"
    if before not in SCALE:
        return "judged for the first time"
    return "better" if SCALE.index(rating) > SCALE.index(before) else "worse"


def rating_words(rating: str) -> str:
    """A rating as people read it."""
    return "Not rated" if rating == NOT_RATED else str(Rating(rating).label)


@dataclass(frozen=True)
class ReviewStanding:
    """A review of the day or before it."""

    id: int
    title: str
    slug: str
    as_at: date
    review_due_on: date | None


def reviews_by(read: Reader, as_at: date) -> tuple[ReviewStanding, ...]:
    """The reviews of the day or before it, from the first."""
    rows = sorted((row for row in read.own(Review) if row.as_at <= as_at), key=lambda row: (row.as_at, row.id))
    return tuple(ReviewStanding(row.id, row.title, row.slug, row.as_at, row.review_due_on) for row in rows)


def standing_ratings(
    read: Reader, reviews: tuple[ReviewStanding, ...], commitments: tuple[CommitmentFact, ...]
) -> tuple[StandingRating, ...]:
    """Return the principles and objectives in force, in order, with their ratings from the reviews."""
    by_review = read.under(Assessment, reviews, "review")
    given: dict[int, list[tuple[ReviewStanding, Assessment]]] = {commitment.id: [] for commitment in commitments}
    for review in reviews:
        for row in by_review[review.id]:
            if row.commitment_id in given:
                given[row.commitment_id].append((review, row))
    return tuple(_standing(commitment, given[commitment.id]) for commitment in commitments)


def _standing(commitment: CommitmentFact, given: list[tuple[Any, Any]]) -> StandingRating:
    """Return the ratings with the review or paper that gave each, oldest first."""
    if not given:
        return StandingRating(commitment.id, commitment, NOT_RATED, "", "", "", None)
    review, last = given[-1]
    before = given[-2][1].rating if len(given) > 1 else ""
    return StandingRating(commitment.id, commitment, last.rating, before, last.commentary, review.title, review.as_at)


@dataclass(frozen=True)
class PublishedRating:
    """A rating as a published paper has it, without the commentary."""

    kind: str
    number: int
    title: str
    rating: str
    commentary: str = ""


def editions_by(read: Reader, as_at: date) -> tuple[Edition, ...]:
    """The public editions of the day or before it that were published by the moment, the last of each paper."""
    found = Edition.objects.for_the_public().filter(review__partnership=read.partnership_id, as_at__lte=as_at)
    found = found.filter(review__withdrawn_on__isnull=True)
    if read.known_at is not KNOWN_NOW:
        found = found.filter(published_at__lte=read.known_at)
    latest = {edition.review_id: edition for edition in found.order_by("number")}
    chosen = [edition.pk for edition in latest.values()]
    down = set(Edition.objects.taken_down().filter(pk__in=chosen).values_list("pk", flat=True))
    standing = [edition for edition in latest.values() if edition.pk not in down]
    return tuple(sorted(standing, key=lambda edition: (edition.as_at, edition.review_id)))


def published_ratings(
    editions: tuple[Edition, ...], commitments: tuple[CommitmentFact, ...]
) -> tuple[StandingRating, ...]:
    """Return the principles and objectives in force with their published ratings; none while nothing is published."""
    given: dict[tuple[str, int, str], list[tuple[Edition, PublishedRating]]] = defaultdict(list)
    for edition in editions:
        for row in ratings_in(edition):
            given[row.kind, row.number, row.title].append((edition, row))
    if not given:
        return ()
    return tuple(_standing(row, given[row.kind, row.number, row.short_title]) for row in commitments)


def ratings_in(edition: Edition) -> Iterator[PublishedRating]:
    """The ratings that an edition publishes; a principle it prints as not rated has none."""
    for row in json.loads(edition.facts)["facts"]["ratings"]:
        if row["rating"] in RATING_BY_WORDS:
            yield PublishedRating(row["kind"], row["number"], row["title"], RATING_BY_WORDS[row["rating"]])
