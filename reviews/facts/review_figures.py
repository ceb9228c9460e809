"""The figures that only a review has: its own name and date, its ratings, and the length of its lists."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

from partnership.dates import in_words
from partnership.wording import listed
from reviews.facts.figures import Figure, count, count_with_titles, figures
from reviews.facts.reviewed import NOT_RATED, RatingFact, ReviewFacts
from reviews.models import Assessment, SwotItem

RATINGS = {
    "met": Assessment.Rating.MET.value,
    "underway": Assessment.Rating.UNDERWAY.value,
    "too-soon": Assessment.Rating.TOO_SOON.value,
    "at-risk": Assessment.Rating.AT_RISK.value,
    "not-met": Assessment.Rating.NOT_MET.value,
    "not-rated": NOT_RATED,
}
PLURALS = {
    SwotItem.Kind.STRENGTH: "strengths",
    SwotItem.Kind.WEAKNESS: "weaknesses",
    SwotItem.Kind.OPPORTUNITY: "opportunities",
    SwotItem.Kind.THREAT: "threats",
}


def review_figures(review: ReviewFacts) -> dict[str, Figure]:
    """Return all figures that the narrative of a review may name."""
    parts = (
        _review(review),
        _ratings(review, "principle"),
        _ratings(review, "objective"),
        _lists(review),
        _circle(review),
    )
    return figures(review.facts) | {figure.name: figure for figure in itertools.chain.from_iterable(parts)}


def _review(review: ReviewFacts) -> Iterator[Figure]:
    yield Figure("review.title", review.title)
    yield Figure("review.as-at", in_words(review.as_at))
    yield Figure("review.body", review.body.name)
    yield Figure("review.report", review.body.whose_report)
    yield Figure("review.year", review.financial_year)
    yield Figure("review.version", review.version_label)


def _ratings(review: ReviewFacts, kind: str) -> Iterator[Figure]:
    rows = review.ratings_of(kind)
    commitments = [row.commitment for row in rows]
    yield from count(f"{kind}s", commitments, kind, f"{kind}s", "commitment")
    adopted_on = {row.adopted_on for row in commitments}
    yield Figure(f"{kind}s.adopted", listed(map(in_words, sorted(adopted_on))))
    yield Figure(f"{kind}s.summary", summary(rows, kind), of="commitment", rows=tuple(row.id for row in commitments))
    for key, rating in RATINGS.items():
        rated = [row.commitment for row in rows if row.rating == rating]
        yield from count(f"{kind}s.{key}", rated, kind, f"{kind}s", "commitment")
        titles = listed(f"{kind} {row.number} ({lower_first(row.short_title)})" for row in rated)
        yield Figure(f"{kind}s.{key}.titles", titles, of="commitment", rows=tuple(row.id for row in rated))


def summary(rows: tuple[RatingFact, ...], kind: str) -> str:
    """The ratings in a line: "8 of 9 principles met; 1 too soon to say"."""
    if not rows:
        return f"no {kind} recorded"
    counts = Counter(row.rating for row in rows)
    numbers = {rating: counts[rating] for rating in RATINGS.values()}
    met = numbers.pop("met")
    noun = kind if len(rows) == 1 else f"{kind}s"
    others = [f"{number} {rating}" for rating, number in numbers.items() if number]
    return "; ".join([f"{met} of {len(rows)} {noun} met", *others])


def _circle(review: ReviewFacts) -> Iterator[Figure]:
    """The figures of a paper that speaks of the significant partnerships."""
    circle = review.circle
    if circle is None:
        return
    of = "significantpartnership"
    yield Figure("significant.year", circle.year)
    yield Figure("significant.next-year", circle.next_year)
    yield from count_with_titles(
        "significant", circle.entries, "significant partnership", "significant partnerships", of
    )
    groups = {
        "reported": circle.reported,
        "not-reported": circle.not_reported,
        "incomplete": circle.incomplete,
        "common": circle.common,
    }
    for key, entries in groups.items():
        yield from count_with_titles(f"significant.{key}", entries, "partnership", "partnerships", of)


def lower_first(text: str) -> str:
    """A title inside a sentence; initials such as "ICT" keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _lists(review: ReviewFacts) -> Iterator[Figure]:
    one = "recommendation"
    many = "recommendations"
    yield from count("recommendations", review.recommendations, one, many, "recommendation")
    yield from count("options", review.options, "option", "options", "option")
    for kind, plural in PLURALS.items():
        rows = [item for item in review.swot if item.kind == kind]
        yield from count(plural, rows, kind.label.lower(), plural, "swotitem")
