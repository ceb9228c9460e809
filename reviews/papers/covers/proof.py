"""Find what prevents cover reports: another council's words, gaps in the draft, and missing clearances."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from django.urls import reverse

from partnership.wording import listed
from reviews.facts.covers import CoverFact, ImplicationFact
from reviews.facts.reviewed import ReviewFacts
from reviews.facts.terms import TermFact
from reviews.models.covers import Implication, is_bare
from reviews.models.outlines import COVER_DRAFT
from reviews.papers.checks.findings import Finding
from reviews.papers.checks.passages import RECOMMENDING, Passage, checked, of_section
from reviews.papers.checks.prose import Basis, words
from reviews.papers.covers.document import KEY, cover_figures, cover_references, to_be_written

NOT_NEEDED = ("background",)
SAYS_NONE = re.compile(r"\bno (?:\w+ ){0,3}implications?\b|\bnone\b", re.IGNORECASE)
AGREEMENT = re.compile(r"\bsection 1(?:13|01)\b|\bagreement\b", re.IGNORECASE)
ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(.*)$", re.MULTILINE)
LESS_NEEDED = "Say which papers it rests on, or that there are none."
NEEDED = {
    "consultation": "Say who was consulted and what they said, or why nobody was; “N/A” is no reason.",
    "alternatives": "Say what else was considered and why it was rejected.",
}


def cover_findings(
    review: ReviewFacts, covers: tuple[CoverFact, ...], terms: tuple[TermFact, ...] = ()
) -> Iterator[Finding]:
    """Everything found in a review's covers; nothing where it has none."""
    if not covers:
        return
    own_words = [replace(passage, checks=(words.other_executives,)) for passage in draft(review)]
    basis = Basis(review, cover_figures(review, covers[0]), cover_references(review), covers=covers, terms=terms)
    yield from checked(draft(review), basis)
    for cover in covers:
        yield from checked(own_words, replace(basis, council=cover.council))
        yield from checked(implications(cover), replace(basis, council=cover.council))
        yield from _header(review, cover)
        for row in cover.implications:
            yield from _clearance(review, cover, row)
    yield from _draft_gaps(review)
    yield from _stages(review, covers)
    yield from _councils_without(review, covers)


def draft(review: ReviewFacts) -> list[Passage]:
    """The text that all covers share."""
    found = []
    for section in review.cover_sections:
        for passage in of_section(section, f"Cover reports, {section.heading.lower()}"):
            found.append(replace(passage, checks=RECOMMENDING))
    return found


def implications(cover: CoverFact) -> Iterator[Passage]:
    """Return what one cover says of its implications."""
    for row in cover.implications:
        link = reverse("implication_edit", args=[row.id])
        yield Passage(f"{cover.name}, {row.heading.lower()}", row.text, link, checks=RECOMMENDING)


def _header(review: ReviewFacts, cover: CoverFact) -> Iterator[Finding]:
    edit = reverse("coverreport_edit", args=[cover.id])
    if cover.meeting_on is None:
        yield Finding("cover-meeting", cover.name, "Say on which day the body meets.", False, edit)
    if not cover.contact:
        yield Finding("cover-contact", cover.name, "Say whom readers may ask.", False, edit)


def _clearance(review: ReviewFacts, cover: CoverFact, row: ImplicationFact) -> Iterator[Finding]:
    place = f"{cover.name}, {row.heading.lower()}"
    edit = reverse("implication_edit", args=[row.id])
    if not row.text.strip() and "text" in row.not_stated:
        yield Finding("not-stated", place, "The source says nothing of this; the report says so.", False, edit)
    elif not row.text.strip() or is_bare(row.text):
        sentence = "Write what the report means here; where it means nothing, say why."
        yield Finding("implication", place, sentence, True, edit, row.text)
    elif row.cleared_on is None and "cleared_on" in row.not_stated:
        sentence = "The source does not say who cleared it; the report says so."
        yield Finding("not-stated", place, sentence, False, edit)
    elif row.cleared_on is None:
        none = SAYS_NONE.search(row.text)
        said = "“None” needs clearing like everything else. " if none else ""
        clear = reverse("implication_clear", args=[row.id])
        sentence = f"{said}No officer has cleared this yet."
        yield Finding("clearance", place, sentence, True, clear, none[0] if none else "")
    elif not row.recorded_by:
        record = reverse("implication_record-clearance", args=[row.id])
        sentence = f"It is recorded as cleared by {row.cleared_by}, but the evidence is not named. Name it."
        yield Finding("clearance-evidence", place, sentence, False, record)
    if SAYS_NONE.search(row.text) and (touched := _touched(review, row.kind)):
        yield Finding("none-doubtful", place, f"It says there are none, but {touched}.", False, edit)


def _touched(review: ReviewFacts, kind: str) -> str:
    """Return what the review holds that such an implication should speak of."""
    if kind == Implication.Kind.LEGAL and any(AGREEMENT.search(row.text) for row in review.recommendations):
        return "a recommendation is about the agreement"
    if kind == Implication.Kind.FINANCE and review.facts.savings.savings:
        return "the review reports savings"
    if kind == Implication.Kind.STAFFING and any(post.is_in_post for post in review.facts.posts):
        return "the review is about posts that people hold"
    return ""


def _draft_gaps(review: ReviewFacts) -> Iterator[Finding]:
    sections = {section.key.removeprefix(KEY): section for section in review.cover_sections}
    for key in COVER_DRAFT:
        section = sections.get(key)
        if section is None:
            continue
        place = f"Cover reports, {section.heading.lower()}"
        edit = reverse("section_edit", args=[section.id])
        if to_be_written(section.narrative):
            is_needed = key not in NOT_NEEDED
            advice = NEEDED.get(key, "It is still to be written.") if is_needed else LESS_NEEDED
            yield Finding("cover-section", place, advice, is_needed, edit, section.narrative.strip(), section.id)
        elif key == "recommendations":
            yield from _asked_outside_the_annex(section.narrative, place, edit, section.id)


def _asked_outside_the_annex(narrative: str, place: str, edit: str, number: int) -> Iterator[Finding]:
    for item in ITEM.findall(narrative):
        if "{ref:" not in item and "recommendations" not in item:
            sentence = "This asks for something of its own. Refer to the recommendation of the annex that carries it."
            yield Finding("not-in-annex", place, sentence, False, edit, item[:90], number)


def _stages(review: ReviewFacts, covers: tuple[CoverFact, ...]) -> Iterator[Finding]:
    """Bodies that are asked nothing though the review goes to them, or asked something though it does not."""
    draft_of_it = next((row for row in review.cover_sections if row.key == f"{KEY}recommendations"), None)
    says_which = draft_of_it is not None and "{ref:recommendation:" in draft_of_it.narrative
    asked = {row.addressee.id for row in review.recommendations}
    for cover in covers:
        if asked and not says_which and cover.body.id not in asked:
            names = listed(sorted({row.addressee.name for row in review.recommendations}))
            sentence = (
                f"The recommendations are addressed to the {names}, and none to the {cover.body.name}. Address to it "
                "what it is to decide, or refer in the draft to each recommendation that it is asked to agree."
            )
            add = reverse("recommendation_create", args=[review.slug])
            yield Finding("stage", cover.name, sentence, False, add)
    reached = {cover.body.id for cover in covers} | {review.body.id}
    for number, row in enumerate(review.recommendations, start=1):
        if row.addressee.id not in reached:
            sentence = f"It is addressed to the {row.addressee.name}, which gets no report. Add its cover report."
            add = reverse("coverreport_create", args=[review.slug])
            yield Finding("stage", f"Recommendation {number}", sentence, False, add)


def _councils_without(review: ReviewFacts, covers: tuple[CoverFact, ...]) -> Iterator[Finding]:
    present = {cover.council.id for cover in covers}
    add = reverse("coverreport_create", args=[review.slug])
    for council in review.facts.councils:
        if council.id not in present:
            yield Finding("cover-missing", council.short_name, f"{council.name} has no cover report yet.", False, add)
