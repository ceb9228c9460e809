"""Blocks about judgements: the ratings beside those of last time, and the options that were rejected."""

from __future__ import annotations

from collections.abc import Callable

from partnership.wording import capitalised
from reviews.facts.previous_recommendations import EarlierRecommendation
from reviews.facts.ratings import rating_words, trend
from reviews.facts.reviewed import RatingFact
from reviews.papers.blocks.general import Block, Cell, Row, Source, Table, bullets, cell, head, rows, words
from reviews.papers.narrative import ListBlock, Paragraph, Run


def ratings(kind: str) -> Callable[[Source], Table]:
    """Table: the principles, or the objectives, with how far each is met."""

    def build(source: Source) -> Table:
        found = source.review.ratings_of(kind)
        made = tuple(
            Row(
                (
                    cell(f"{row.commitment.number}. {row.commitment.short_title}", is_header=True),
                    Cell((words(row.words),), rating=row.rating.replace(" ", "-")),
                    Cell((*assessed(source, row), *rests_on(row))),
                )
            )
            for row in found
        )
        caption = f"{kind.capitalize()}s: how far each is met"
        return Table(f"{kind}s", caption, head(kind.capitalize(), "Rating", "Assessment"), made)

    return build


def assessed(source: Source, row: RatingFact) -> tuple[Block, ...]:
    """Return the review's assessment of it."""
    commitment = row.commitment
    return source.prose(row.commentary, f"{commitment.kind} {commitment.number}") or (words("Not rated yet."),)


def rests_on(row: RatingFact) -> list[Block]:
    """The records that the rating rests on, where any are linked."""
    return [words(f"Evidence: {'; '.join(row.evidence)}.")] if row.evidence else []


def trends(source: Source) -> Table:
    """Table: each principle and objective as rated last time and now, and which way it went."""
    made = (
        (
            f"{row.commitment.kind.capitalize()} {row.commitment.number}: {row.commitment.short_title}",
            last_time(row),
            rating_words(row.rating),
            capitalised(trend(row.rating, row.before)) or "Not known",
        )
        for row in source.review.ratings
    )
    columns = head("Principle or objective", "Last time", "Now", "Trend")
    return Table("trends", "Principles and objectives: ratings and trend", columns, rows(*made))


def last_time(row: RatingFact) -> str:
    """Return the rating in the review before; a draft shows its authors a rating that is not published, marked."""
    if not row.before:
        return "Not rated"
    return f"{rating_words(row.before)} (draft, not published)" if row.is_before_draft else rating_words(row.before)


def alternatives(source: Source) -> list[Block]:
    """List: the options that were rejected, each with the reason."""
    items = tuple(
        (
            Paragraph((Run(option.title, is_strong=True),)),
            *source.prose(f"{option.description}\n\n{option.reasons or 'No reason is given.'}", f"option {number}"),
        )
        for number, option in enumerate(source.review.options, start=1)
        if not option.is_preferred
    )
    return [ListBlock(items)] if items else [words("No other option is recorded.")]


NO_DECISION = "No decision is recorded."
NO_ACTION = "No action is recorded."


def earlier_recommendations(source: Source) -> Table:
    """Table: every recommendation of earlier reviews, who decided on it, what was done and what came of it."""
    columns = head("Recommendation", "Decided by", "What was done", "What came of it")
    made = tuple(_row(row) for row in source.review.earlier)
    caption = "Earlier recommendations and what came of them"
    return Table("earlier-recommendations", caption, columns, made, nothing="No earlier review recommended anything.")


def _row(row: EarlierRecommendation) -> Row:
    decided = bullets(answer.words for answer in row.answers) if row.answers else (words(NO_DECISION),)
    done = bullets(action.words for action in row.follow_ups) if row.follow_ups else (words(NO_ACTION),)
    result = f"{row.standing}. {row.outcome}" if row.outcome else f"{row.standing[:1].upper()}{row.standing[1:]}."
    draft = "" if row.is_published else " (draft, not published)"
    return Row(
        (
            cell(f"{row.review}{draft}, {row.review_as_at:%B %Y}, {row.number}: {row.text}", is_header=True),
            Cell(decided),
            Cell(done),
            cell(result),
        )
    )
