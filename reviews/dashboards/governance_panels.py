"""Panels of a board on governance: principles and objectives, agreements, and dates that are due."""

from __future__ import annotations

from typing import Any

from partnership.dates import in_words
from partnership.wording import capitalised, listed
from reviews.dashboards.board import DashboardBuilder, Grid, columns, words_cell
from reviews.facts.councils import AgreementFact
from reviews.facts.dates import DateFact
from reviews.facts.ratings import StandingRating

DATES_SHOWN = 12


def ratings_grid(draw: DashboardBuilder, kind: str) -> Grid:
    """The principles, or the objectives: latest rating, the one before, and which way it went."""
    rows = tuple(_rating_row(draw, row) for row in draw.steering.ratings_of(kind))
    head = columns(kind.capitalize(), "Rating", "Before", "Trend", "Rated as at")
    papers = dict.fromkeys(row.review for row in draw.steering.ratings_of(kind) if row.review)
    notes = () if draw.steering.has_working_papers or not papers else (f"As published in {listed(papers)}.",)
    return Grid(f"{kind.capitalize()}s", head, rows, f"No {kind} in force is recorded.", notes)


def _rating_row(draw: DashboardBuilder, row: StandingRating) -> dict[str, Any]:
    cells = [
        words_cell("", f"{row.commitment.number}. {row.commitment.short_title}"),
        words_cell("Rating", row.words, tag=True),
        words_cell("Before", row.before_words or "None", muted=not row.before_words),
        words_cell("Trend", (row.trend or "None").capitalize(), muted=not row.trend),
        words_cell("Rated as at", in_words(row.rated_on, unknown="Not rated"), muted=row.rated_on is None),
    ]
    return {"url": draw.record_url("commitment", row.id), "cells": cells, "is_flagged": row.is_in_danger}


def agreements_grid(draw: DashboardBuilder) -> Grid:
    """The agreements in force with what can end or change them."""
    rows = tuple(_agreement_row(draw, row) for row in draw.facts.agreements)
    head = columns("Agreement", "Notice", "Ends", "Review due")
    return Grid("Agreements in force", head, rows, "No agreement in force is recorded.")


def _agreement_row(draw: DashboardBuilder, row: AgreementFact) -> dict[str, Any]:
    url = draw.record_url("agreement", row.id)
    is_known = row.notice_months is not None
    cells = [
        words_cell("", row.title),
        words_cell("Notice", capitalised(row.notice), url=url if is_known else "", muted=not is_known),
        words_cell("Ends", row.ends or "No end recorded", muted=not row.ends),
        words_cell("Review due", capitalised(row.review_due), muted=not row.review_due_on),
    ]
    return {"url": url, "cells": cells}


def overdue_grid(draw: DashboardBuilder) -> Grid:
    """The duties whose day has passed."""
    return _dates(draw, draw.steering.overdue, "Overdue", _none(draw, "No recorded date is overdue."))


def coming_grid(draw: DashboardBuilder) -> Grid:
    """Return the dates of the next six months."""
    nothing = _none(draw, "No recorded date falls within six months.")
    return _dates(draw, draw.steering.coming, "Due within six months", nothing)


def _none(draw: DashboardBuilder, sentence: str) -> str:
    """Return the text of an empty table of dates: where no date is recorded at all, nothing is known of any."""
    return sentence if draw.steering.dates else "No date to keep is recorded."


def _dates(draw: DashboardBuilder, dates: tuple[DateFact, ...], caption: str, nothing: str) -> Grid:
    rows = tuple(
        {
            "url": draw.record_url(row.of, row.key),
            "cells": [words_cell("", row.whose), words_cell("What", row.what), words_cell("When", row.when)],
        }
        for row in dates[:DATES_SHOWN]
    )
    return Grid(caption, columns("Which", "What", "When"), rows, nothing)
