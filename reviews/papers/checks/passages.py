"""Everything a review says in officers' own words, paragraph by paragraph, with its place and where it is mended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from reviews.facts.reviewed import ReviewFacts, SectionFact
from reviews.models.classes import BY_NAME
from reviews.papers.checks.findings import Finding
from reviews.papers.checks.printed import PrintedText
from reviews.papers.checks.prose import CHECKS, FACTS, Basis, Doubt, claims, money, sentences
from reviews.papers.document import PLACED, numbered

BLANK_LINE = re.compile(r"\n\s*\n")
LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")
# What recommends is not itself a proposal that a recommendation must carry.
RECOMMENDING = tuple(check for check in CHECKS if check is not claims.proposals)
FROM_ELSEWHERE = (money.typed_money,)
# A heading holds no proposal and names no table.
HEADING = FACTS
# Read paragraph by paragraph, under the names of their places.
READ_APART = frozenset(
    {
        ("section", "narrative"),
        ("section", "heading"),
        ("section", "public_interest_reason"),
        ("assessment", "commentary"),
        ("recommendation", "text"),
        ("option", "description"),
        ("option", "reasons"),
        ("swotitem", "text"),
        ("implication", "text"),
        ("comparator", "description"),
        ("comparator", "benefits"),
    }
)
# What was adopted, resolved, reported or promised is on record in those words, so that a sum in it keeps no paper back.
AS_OTHERS_SAID = frozenset(
    [
        "commitment",
        "decision",
        "resolution",
        "referral",
        "action",
        "actionnote",
        "outcome",
        "annualreturn",
        "risk",
        "funding",
        "significantpartnership",
        "informationsharing",
        "partner",
        "recommendation",
        "review",
    ]
)
AS_RECORDED = "These words are on record. Compare them with their source and leave them if they agree."
AS_TYPED = "This field prints as it is typed, so that no name in braces works here: say it without the number."


@dataclass(frozen=True)
class Passage:
    """A paragraph of Markdown. ``checks`` are those that make sense for it."""

    place: str
    text: str
    link: str
    section_id: int | None = None
    checks: tuple[Callable, ...] = CHECKS
    draws: bool = True  # whether names in braces print what they stand for
    may_block: bool = True


def passages(review: ReviewFacts, printed: Iterable[PrintedText] = ()) -> Iterator[Passage]:
    """All of a review's own text, and whatever else its papers print that somebody typed.

    Text that only named readers see stands in no paper and is not looked at.
    """
    for section, label in numbered(review.sections):
        if section.publication_class not in BY_NAME:
            place = label if " " in label else f"Section {label}"
            link = reverse("section_edit", args=[section.id])
            yield Passage(f"{place}, heading", section.heading, link, section.id, HEADING, draws=False)
            yield from of_section(section, place)
    texts = tuple(printed)
    yield from _beside_the_narrative(review)
    yield from _yardsticks(review, {text.number for text in texts if text.model == "comparator"})
    yield from _of_registers(review, texts)


def _of_registers(review: ReviewFacts, texts: Iterable[PrintedText]) -> Iterator[Passage]:
    """The texts of the registers that the papers print, each under its record and its field."""
    own = {"section": {section.id for section in (*review.sections, *review.cover_sections)}, "review": {review.id}}
    own["recommendation"] = {row.id for row in review.recommendations}
    own["assessment"] = {row.id for row in review.ratings if row.id}
    for text in texts:
        is_own = text.number in own.get(text.model, ())
        if (text.model, text.attribute) in READ_APART and (is_own or text.model not in own):
            continue
        if text.model == "section" and (not is_own or text.attribute != "public_title"):
            continue
        yield Passage(
            text.place,
            text.text,
            text.url,
            text.number if text.model == "section" else None,
            FACTS,
            draws=False,
            may_block=text.model not in AS_OTHERS_SAID or (text.model == "review" and is_own),
        )


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


def _yardsticks(review: ReviewFacts, printed: set[int]) -> Iterator[Passage]:
    """Return the paper's examples of other councils."""
    for row in review.facts.comparators:
        if row.id not in printed:
            continue
        link = reverse("comparator_edit", args=[row.id])
        for text in filter(None, (row.description, row.benefits)):
            yield Passage(f"Example elsewhere: {row.name}", text, link, checks=FROM_ELSEWHERE)


def checked(texts: Iterable[Passage], basis: Basis) -> Iterator[Finding]:
    """Return what the checks of prose find in passages."""
    for passage in texts:
        for said in sentences(passage.text, basis):
            for check in passage.checks:
                for doubt in check(said, basis):
                    yield Finding(
                        doubt.kind,
                        passage.place,
                        _sentence(doubt, passage),
                        doubt.is_blocking and passage.may_block,
                        passage.link,
                        doubt.words,
                        passage.section_id,
                        doubt.record,
                    )


def _sentence(doubt: Doubt, passage: Passage) -> str:
    """Return what is wrong and what to do in this passage. In words on record no figure can take a sum's place."""
    if passage.draws:
        return doubt.sentence
    if passage.may_block:
        return f"{doubt.sentence} {AS_TYPED}"
    if doubt.kind == "typed-money":
        return f"A sum stands here. {AS_RECORDED}"
    return f"{doubt.sentence} {AS_RECORDED}"
