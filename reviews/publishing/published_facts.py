"""The figures that an edition publishes beside its text: an allow-list, and of it only what the edition itself prints.

No figure is given, and none can be worked out by subtraction, behind which fewer than three posts stand; salaries are
given in bands of £5,000 and never otherwise (Local Government Transparency Code 2015).
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from business_cases.models import ServiceArrangement
from joint_posts.models import CostShare, JointPost
from joint_posts.models.figures import OPEN_DATA, dataclass_of
from partnership.financial_years import FinancialYear
from partnership.records.as_at import step_on
from reviews.facts import ReviewFacts
from reviews.facts.reading import Reader
from reviews.facts.savings import LineFact, SavingFact
from reviews.models import PublicationClass
from reviews.papers.document import Document
from reviews.papers.narrative import TOKEN

FEWEST_POSTS = 3
BAND = 5000  # pounds
YEAR_OF_SAVINGS = re.compile(r"savings\.(\d{4}-\d{2})\.")
WITHHELD = "withheld: fewer than three posts stand behind it, or behind what it could be subtracted from"


PublishedFigures = dataclass_of("PublishedFigures", OPEN_DATA, "Decimal | None")


@dataclass(frozen=True)
class SavingCell(PublishedFigures):
    """The published figures of one council by one saving in one year, in pounds, and the posts behind it."""

    saving: str
    council: str
    financial_year: str
    benefit_type: str
    about: bool
    posts: frozenset[int]
    is_withheld: bool = False


def published_facts(review: ReviewFacts, document: Document) -> dict[str, Any]:
    """Return the open data of an edition, by kind. A kind whose table the edition does not print is empty."""
    printed = {table.key for table in document.tables}
    printed |= {"savings" for chart in document.charts if chart.key == "savings"}
    return {
        "posts": posts(review) if printed & {"deliverables", "posts"} else [],
        "services": services(review) if "deliverables" in printed else [],
        "savings": savings(review) if "savings" in printed else [],
        "ratings": [
            {
                "kind": row.commitment.kind,
                "number": row.commitment.number,
                "title": row.commitment.short_title,
                "rating": row.words,
            }
            for row in review.ratings
            if printed & {f"{row.commitment.kind}s", "trends"}
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


def services(review: ReviewFacts) -> list[dict[str, str]]:
    """The services that the councils share or provide for each other."""
    return [
        {"service": row.service, "kind": ServiceArrangement.Kind(row.kind).label.lower()}
        for row in review.facts.services
    ]


def salary_band(share: CostShare | None) -> str:
    """The £5,000 band that a salary falls in."""
    if share is None or share.salary is None:
        return "not recorded"
    low = int(share.salary // BAND * BAND)
    return f"£{low:,} to £{low + BAND - 1:,}"


def savings(review: ReviewFacts) -> list[dict[str, Any]]:
    """Return the estimated and delivered savings of each year that the edition names, by saving and council.

    Figures that tell of a single post are withheld.
    """
    years = [*years_of(review), ""]  # the table prints lines without a year, outside its totals
    cells = []
    for year, saving in itertools.product(years, review.facts.savings.savings):
        cells += [saving_cell(saving, line) for line in saving.lines_of(year)]
    return [as_row(one) for one in suppress_small_numbers(cells)]


def saving_cell(saving: SavingFact, line: LineFact) -> SavingCell:
    """Return the figures of one line, with the posts behind its saving."""
    return SavingCell(
        **{figure.name: getattr(line, figure.name) for figure in OPEN_DATA},
        saving=saving.title,
        council=line.council.name,
        financial_year=line.financial_year,
        benefit_type=saving.benefit_words,
        about=line.about,
        posts=frozenset(saving.post_ids),
    )


def years_of(review: ReviewFacts) -> list[str]:
    """Return the year that the paper reports, and those whose savings its public text names."""
    text = " ".join(row.narrative for row in review.sections if row.publication_class == PublicationClass.PUBLIC)
    years = {review.financial_year or str(FinancialYear.containing(review.as_at))}
    for name in TOKEN.findall(text):
        match = YEAR_OF_SAVINGS.match(name)
        if match:
            years.add(match[1].replace("-", "/"))
    return sorted(years)


def as_row(one: SavingCell) -> dict[str, Any]:
    """Return a cell as a row of open data."""
    figures = {figure.name: None for figure in OPEN_DATA}
    note = WITHHELD
    if not one.is_withheld:
        figures = {figure.name: getattr(one, figure.name) for figure in OPEN_DATA}
        note = "" if one.estimated is not None else "not recorded"
    return {
        "saving": one.saving,
        "council": one.council,
        "financial_year": one.financial_year,
        "benefit_type": one.benefit_type,
        **{name: None if amount is None else round(amount, 2) for name, amount in figures.items()},
        "about": one.about and not one.is_withheld,
        "note": note,
    }


def suppress_small_numbers(cells: Iterable[SavingCell]) -> list[SavingCell]:
    """Withhold what fewer than three posts stand behind, and as much beside it as keeps it from being subtracted.

    What a council saves in a year by benefits of a kind is printed as a total, so that what is withheld of it can be
    worked out together: at least three posts must stand behind that, of the estimates and of what was delivered.
    """
    found = [replace(one, is_withheld=is_about_few(one.posts)) for one in cells]
    totals = defaultdict(list)
    for place, one in enumerate(found):
        totals[one.council, one.financial_year, one.benefit_type].append(place)
    for places in totals.values():
        hidden = [place for place in places if found[place].is_withheld]
        shown = sorted(set(places) - set(hidden), key=lambda place: found[place].estimated or 0)
        while shown and is_disclosive([found[place] for place in hidden]):
            found[shown[0]] = replace(found[shown[0]], is_withheld=True)
            hidden.append(shown.pop(0))
    return found


def is_disclosive(hidden: list[SavingCell]) -> bool:
    """Return whether what is withheld of a total, estimated or delivered, tells of one or two posts."""
    for figure in OPEN_DATA:
        posts = frozenset().union(*(one.posts for one in hidden if getattr(one, figure.name) is not None))
        if is_about_few(posts):
            return True
    return False


def is_about_few(posts: frozenset[int]) -> bool:
    """Return whether one or two posts stand behind a sum, so that it tells of somebody's pay."""
    return 0 < len(posts) < FEWEST_POSTS
