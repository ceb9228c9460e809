"""Everything a review says in officers' own words, paragraph by paragraph, with its place and where it is mended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from reviews.document import PLACED, numbered
from reviews.facts.reviewed import ReviewFacts, SectionFact
from reviews.findings import Finding
from reviews.models.classes import BY_NAME
from reviews.prose import CHECKS, Basis, claims, money, sentences

BLANK_LINE = re.compile(r"\n\s*\n")
LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")
# What recommends is not itself a proposal that a recommendation must carry.
RECOMMENDING = tuple(check for check in CHECKS if check is not claims.proposals)
FROM_ELSEWHERE = (money.typed_money,)


@dataclass(frozen=True)
class Passage:
    """A paragraph of Markdown. ``checks`` are those that make sense for it."""

    place: str
    text: str
    link: str
    section_id: int | None = None
    checks: tuple[Callable, ...] = CHECKS


def passages(review: ReviewFacts) -> Iterator[Passage]:
    """All of a review's own text. Text that only named readers see stands in no paper and is not looked at."""
    for section, label in numbered(review.sections):
        if section.publication_class not in BY_NAME:
            yield from of_section(section, label if " " in label else f"Section {label}")
    yield from _beside_the_narrative(review)
    yield from _yardsticks(review)


def of_section(section: SectionFact, place: str) -> Iterator[Passage]:
    """The paragraphs of a narrative, counted as the paper numbers them; a list belongs to the paragraph before it."""
    lists = "{list:recommendations}" in section.narrative or section.key.endswith("recommendations")
    link = reverse("section_edit", args=[section.id])
    number = 0
    for paragraph in BLANK_LINE.split(PLACED.sub("\n\n", section.narrative)):
        if not paragraph.strip():
            continue
        number += not LIST_ITEM.match(paragraph)
        where = f"{place}, paragraph {number}" if number else place
        yield Passage(where, paragraph, link, section.id, RECOMMENDING if lists else CHECKS)


def _beside_the_narrative(review: ReviewFacts) -> Iterator[Passage]:
    for rating in review.ratings:
        if rating.id and rating.commentary:
            commitment = rating.commitment
            place = f"{commitment.kind.capitalize()} {commitment.number}, assessment"
            yield Passage(place, rating.commentary, reverse("assessment_edit", args=[rating.id]))
    for number, row in enumerate(review.recommendations, start=1):
        link = reverse("recommendation_edit", args=[row.id])
        yield Passage(f"Recommendation {number}", row.text, link, checks=RECOMMENDING)
    for number, option in enumerate(review.options, start=1):
        link = reverse("option_edit", args=[option.id])
        for text in filter(None, (option.description, option.reasons)):
            yield Passage(f"Option {number}", text, link, checks=RECOMMENDING)
    for item in review.swot:
        yield Passage(f"Analysis, {item.kind}", item.text, reverse("swotitem_edit", args=[item.id]))


def _yardsticks(review: ReviewFacts) -> Iterator[Passage]:
    for row in review.facts.comparators:
        link = reverse("comparator_edit", args=[row.id])
        for text in filter(None, (row.description, row.benefits)):
            yield Passage(f"Example elsewhere: {row.name}", text, link, checks=FROM_ELSEWHERE)


def checked(texts: Iterable[Passage], basis: Basis) -> Iterator[Finding]:
    """What the checks of prose find in passages."""
    for passage in texts:
        for said in sentences(passage.text, basis):
            for check in passage.checks:
                for doubt in check(said, basis):
                    yield Finding(
                        doubt.kind,
                        passage.place,
                        doubt.sentence,
                        doubt.is_blocking,
                        passage.link,
                        doubt.words,
                        passage.section_id,
                        doubt.record,
                    )
