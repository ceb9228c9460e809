"""How the partnership stands, on a board: principles and objectives, agreements, and what is due."""

from __future__ import annotations

from typing import Any

from partnership.dates import in_words
from partnership.wording import listed
from reviews.dashboards.board import Drawing, Grid, columns, words_cell
from reviews.facts.councils import AgreementFact
from reviews.facts.dates import DateFact
from reviews.facts.ratings import StandingRating

DATES_SHOWN = 12


def ratings_grid(draw: Drawing, kind: str) -> Grid:
    """The principles, or the objectives: latest rating, the one before, and which way it went."""
    rows = tuple(_rating_row(draw, row) for row in draw.steering.ratings_of(kind))
    head = columns(kind.capitalize(), "Rating", "Before", "Trend", "Rated as at")
    papers = dict.fromkeys(row.review for row in draw.steering.ratings_of(kind) if row.review)
    notes = () if draw.steering.has_working_papers or not papers else (f"As published in {listed(papers)}.",)
    return Grid(f"{kind.capitalize()}s", head, rows, f"No {kind} is in force.", notes)


def _rating_row(draw: Drawing, row: StandingRating) -> dict[str, Any]:
    cells = [
        words_cell("", f"{row.commitment.number}. {row.commitment.short_title}"),
        words_cell("Rating", row.words, tag=True),
        words_cell("Before", row.before_words or "None", muted=not row.before_words),
        words_cell("Trend", (row.trend or "None").capitalize(), muted=not row.trend),
        words_cell("Rated as at", in_words(row.rated_on, unknown="Not rated"), muted=row.rated_on is None),
    ]
    return {"url": draw.record_url("commitment", row.id), "cells": cells, "is_flagged": row.is_in_danger}


def agreements_grid(draw: Drawing) -> Grid:
    """The agreements in force with what can end or change them."""
    rows = tuple(_agreement_row(draw, row) for row in draw.facts.agreements)
    head = columns("Agreement", "Notice", "Ends", "Review due")
    return Grid("Agreements in force", head, rows, "No agreement is in force.")


def _agreement_row(draw: Drawing, row: AgreementFact) -> dict[str, Any]:
    url = draw.record_url("agreement", row.id)
    notice = f"{row.notice_months} months" if row.notice_months else "Not stated"
    cells = [
        words_cell("", row.title),
        words_cell("Notice", notice, url=url if row.notice_months else "", muted=not row.notice_months),
        words_cell("Ends", row.ends or "No end recorded", muted=not row.ends),
        words_cell("Review due", in_words(row.review_due_on, unknown="Not stated"), muted=not row.review_due_on),
    ]
    return {"url": url, "cells": cells}


def overdue_grid(draw: Drawing) -> Grid:
    """The duties whose day has passed."""
    return _dates(draw, draw.steering.overdue, "Overdue", "Nothing is overdue.")


def coming_grid(draw: Drawing) -> Grid:
    """What falls due within six months."""
    return _dates(draw, draw.steering.coming, "Due within six months", "Nothing falls due within six months.")


def _dates(draw: Drawing, dates: tuple[DateFact, ...], caption: str, nothing: str) -> Grid:
    rows = tuple(
        {
            "url": draw.record_url(row.of, row.record_id),
            "cells": [words_cell("", row.whose), words_cell("What", row.what), words_cell("When", row.when)],
        }
        for row in dates[:DATES_SHOWN]
    )
    return Grid(caption, columns("Which", "What", "When"), rows, nothing)
