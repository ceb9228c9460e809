"""Facts for a working group: those of a day, the latest ratings, and the dates that matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from partnership.dates import add_months
from partnership.financial_years import FinancialYear
from partnership.models import Partnership
from reviews.facts.agenda import agenda_dates
from reviews.facts.dates import SOON, DateFact, coming, date_facts, overdue
from reviews.facts.partnership import Facts, facts
from reviews.facts.posts import PostFact
from reviews.facts.ratings import (
    ReviewStanding,
    StandingRating,
    editions_by,
    published_ratings,
    reviews_by,
    standing_ratings,
)
from reviews.facts.reading import Reader


@dataclass(frozen=True)
class SteeringFacts:
    """A partnership on a day. Without the working papers there is no review in it, and of ratings what is published."""

    facts: Facts
    has_working_papers: bool
    reviews: tuple[ReviewStanding, ...]
    ratings: tuple[StandingRating, ...]
    dates: tuple[DateFact, ...]

    @property
    def as_at(self) -> date:
        return self.facts.as_at

    @property
    def year(self) -> str:
        """The financial year to lead with: the present or the last closed one, a year with something delivered first.

        Where neither has a figure, it is the last year with something delivered, else the next planned, else the last.
        """
        ledger = self.facts.savings
        present = ledger.present_year
        recent = (present, str(FinancialYear.read(present).previous()))
        years = ledger.years_with_figures
        delivered = [year for year in years if ledger.total(year, "delivered").pounds is not None]
        wanted = [
            *(year for year in recent if year in delivered),
            *(year for year in recent if year in years),
            *(year for year in reversed(delivered) if year < present),
            *(year for year in years if year > present),
            *reversed(years),
        ]
        return wanted[0] if wanted else present

    @property
    def has_ratings(self) -> bool:
        """Return whether there are ratings to show: always to readers of drafts, to others once one is published."""
        return self.has_working_papers or bool(self.ratings)

    @property
    def overdue(self) -> tuple[DateFact, ...]:
        return overdue(self.dates, self.as_at)

    @property
    def coming(self) -> tuple[DateFact, ...]:
        return coming(self.dates, self.as_at)

    @property
    def posts_ending(self) -> tuple[PostFact, ...]:
        """The posts whose end is recorded and comes within six months."""
        until = add_months(self.as_at, SOON)
        return tuple(post for post in self.facts.posts if post.ends_from and self.as_at < post.ends_from <= until)

    def ratings_of(self, kind: str) -> tuple[StandingRating, ...]:
        """The principles, or the objectives, as they stand."""
        return tuple(row for row in self.ratings if row.commitment.kind == kind)


def steering_facts(
    partnership: Partnership,
    as_at: date,
    known_at: datetime | None,
    *,
    has_working_papers: bool,
    has_lines: bool = False,
) -> SteeringFacts:
    """Everything to steer by, in a number of queries that does not grow with the rows; ``has_lines`` as in `facts`.

    Raises ``NotYetKnown`` when the partnership had not been recorded by then.
    """
    found = facts(partnership, as_at, known_at, has_lines=has_lines)
    read = Reader(partnership.pk, known_at)
    reviews = reviews_by(read, as_at) if has_working_papers else ()
    if has_working_papers:
        ratings = standing_ratings(read, reviews, found.commitments)
    else:
        ratings = published_ratings(editions_by(read, as_at), found.commitments)
    agenda = agenda_dates(read, found, has_working_papers=has_working_papers)
    return SteeringFacts(found, has_working_papers, reviews, ratings, date_facts(found, reviews, agenda))
