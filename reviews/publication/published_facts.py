"""The figures that an edition publishes beside its text: an allow-list, and of it only what the edition itself prints.

No figure is given, and none can be worked out by subtraction, behind which fewer than three posts stand; salaries are
given in bands of £5,000 and never otherwise (Local Government Transparency Code 2015).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from joint_posts.models import CostShare, JointPost
from partnership.financial_years import FinancialYear
from partnership.moments import step_on
from reviews.document import Document
from reviews.facts import ReviewFacts
from reviews.facts.reading import Reader

FEWEST_POSTS = 3
BAND = 5000  # pounds
WITHHELD = "withheld: fewer than three posts stand behind it, or behind what it could be subtracted from"


@dataclass(frozen=True)
class SavingCell:
    """One council's estimate of one saving in the year reported, in pounds, and the posts behind it."""

    saving: str
    council: str
    financial_year: str
    benefit_type: str
    estimated: Decimal | None
    about: bool
    posts: frozenset[int]
    is_withheld: bool = False


def published_facts(review: ReviewFacts, document: Document) -> dict[str, Any]:
    """What goes with an edition as open data, by kind. A kind whose table the edition does not print is empty."""
    printed = {table.key for table in document.tables}
    printed |= {"savings" for chart in document.charts if chart.key == "savings"}
    return {
        "posts": posts(review) if printed & {"deliverables", "posts"} else [],
        "savings": savings(review) if "savings" in printed else [],
        "ratings": [
            {
                "kind": row.commitment.kind,
                "number": row.commitment.number,
                "title": row.commitment.short_title,
                "rating": row.words,
            }
            for row in review.ratings
            if f"{row.commitment.kind}s" in printed
        ],
        "business_cases": [
            {"title": case.title, "stage": case.stage_words}
            for case in review.facts.cases
            if case.is_open and printed & {"deliverables", "cases"}
        ],
    }


def posts(review: ReviewFacts) -> list[dict[str, Any]]:
    """The joint posts in post, with the band of the salary where one is recorded."""
    filled = [post for post in review.facts.posts if post.is_in_post]
    rows = [JointPost(pk=post.id) for post in filled]
    shares = Reader(review.facts.partnership.id, review.facts.known_at).under(CostShare, rows, "post")
    return [
        {
            "title": post.title,
            "appointment": post.appointment_words,
            "in_post_since": post.started,
            "home_council": post.home_council,
            "salary_band": salary_band(step_on(shares[post.id], review.as_at)),
        }
        for post in filled
    ]


def salary_band(share: CostShare | None) -> str:
    """The £5,000 band that a salary falls in."""
    if share is None or share.salary is None:
        return "not recorded"
    low = int(share.salary // BAND * BAND)
    return f"£{low:,} to £{low + BAND - 1:,}"


def savings(review: ReviewFacts) -> list[dict[str, Any]]:
    """The estimates of the year reported, by saving and council, without those that tell of a single post."""
    year = review.financial_year or str(FinancialYear.containing(review.as_at))
    cells = [
        SavingCell(
            saving.title,
            line.council.name,
            year,
            saving.benefit_words,
            line.estimated,
            line.about,
            frozenset(saving.post_ids),
        )
        for saving in review.facts.savings.savings
        for line in saving.lines_of(year)
    ]
    return [as_row(one) for one in withhold(cells)]


def as_row(one: SavingCell) -> dict[str, Any]:
    """A cell as open data has it."""
    return {
        "saving": one.saving,
        "council": one.council,
        "financial_year": one.financial_year,
        "benefit_type": one.benefit_type,
        "estimated": None if one.is_withheld or one.estimated is None else round(one.estimated, 2),
        "about": one.about and not one.is_withheld,
        "note": WITHHELD if one.is_withheld else "" if one.estimated is not None else "not recorded",
    }


def withhold(cells: Iterable[SavingCell]) -> list[SavingCell]:
    """Withhold what fewer than three posts stand behind, and as much beside it as keeps it from being subtracted.

    A council's total is printed, so that what a council's withheld cells add up to can be worked out: at least three
    posts must stand behind those together.
    """
    found = [replace(one, is_withheld=is_about_few(one.posts)) for one in cells]
    by_council = defaultdict(list)
    for place, one in enumerate(found):
        by_council[one.council].append(place)
    for places in by_council.values():
        hidden = [place for place in places if found[place].is_withheld]
        shown = sorted(set(places) - set(hidden), key=lambda place: found[place].estimated or 0)
        while hidden and shown and is_about_few(frozenset().union(*(found[place].posts for place in hidden))):
            found[shown[0]] = replace(found[shown[0]], is_withheld=True)
            hidden.append(shown.pop(0))
    return found


def is_about_few(posts: frozenset[int]) -> bool:
    """Whether one or two posts stand behind a sum, so that it tells of somebody's pay."""
    return 0 < len(posts) < FEWEST_POSTS
