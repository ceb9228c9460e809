"""Block about what came of earlier recommendations."""

from __future__ import annotations

from reviews.blocks import Cell, Row, Source, Table, bullets, cell, head, words
from reviews.facts.earlier import EarlierRecommendation

NOBODY, NOTHING = "No decision is recorded.", "No action is recorded."


def earlier_recommendations(source: Source) -> Table:
    """Table: every recommendation of earlier reviews, who decided on it, what was done and what came of it."""
    columns = head("Recommendation", "Decided by", "What was done", "What came of it")
    made = tuple(_row(row) for row in source.review.earlier)
    caption = "Earlier recommendations and what came of them"
    return Table("earlier-recommendations", caption, columns, made, nothing="No earlier review recommended anything.")


def _row(row: EarlierRecommendation) -> Row:
    decided = bullets(answer.words for answer in row.answers) if row.answers else (words(NOBODY),)
    done = bullets(action.words for action in row.follow_ups) if row.follow_ups else (words(NOTHING),)
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
