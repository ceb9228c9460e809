"""A cover report as data: the shared draft in one council's words, order and numbering.

Beside every figure of the review the draft may name what belongs to the council whose cover it is:

=============================  ===========================================================
``{this-council.executive}``   Cabinet, Executive, …
``{this-council.body}``        the body the report goes to, as its council calls it
``{this-council.meeting}``     the day it meets
``{this-council.area}``        Division, Ward, …; ``{this-council.areas}`` those affected
``{this-council.name}``        the council; ``{this-council.short-name}`` its initials
``{ref:annex}``                Annex A, which is the review; ``{ref:section:…}`` a section of it
=============================  ===========================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from partnership.dates import NOT_STATED, in_words
from partnership.wording import capitalised
from reviews.facts import ReviewFacts, review_facts
from reviews.facts.covers import CoverFact, ImplicationFact, cover_facts
from reviews.facts.figures import Figure
from reviews.facts.review_figures import review_figures
from reviews.models import Audience, PublicationClass, Section
from reviews.models.covers import CoverReport, CoverStyle
from reviews.models.outlines import COVER_DRAWN
from reviews.papers.blocks.general import Block, Source, words
from reviews.papers.document import (
    CLASSES_FOR,
    Document,
    DocumentSection,
    all_references,
    contents,
    number_blocks,
    numbered,
    sections_for,
)
from reviews.papers.narrative import NUMBERED_AS, ListBlock, Narrator, Paragraph, Run

ANNEX = "Annex A"
KEY = "cover-"  # before the key of each section of the draft
TO_BE_WRITTEN = "To be written."
HELD_BACK = "Held back: this text is not for every reader of the report."


def build_cover(cover: CoverReport, known_at: datetime | None) -> Document:
    """One cover report as known at a moment (all that is known when ``None``)."""
    review = review_facts(cover.review, known_at)
    return compose_cover(review, next(fact for fact in cover_facts(review) if fact.id == cover.pk))


def compose_cover(review: ReviewFacts, cover: CoverFact) -> Document:
    """One cover report: the draft in the words of its council, with the review behind it as Annex A."""
    narrator = Narrator(cover_figures(review, cover), review.facts.all_councils, cover_references(review))
    report = Report(review, cover, Source(review, narrator, asked=cover.body))
    sections = tuple(number_blocks(numbered_through(report.sections(), cover)))
    return Document(
        title=cover.title,
        kind="Cover report",
        slug=f"{review.slug}-{cover.body.key}-cover-report",
        body=cover.body.plain_name,
        councils=(cover.council.name,),
        partnership=review.facts.partnership.name,
        notice=review.facts.partnership.notice,
        month=in_words(cover.meeting_on),
        as_at=in_words(review.as_at),
        version=review.version_label,
        control=header(cover),
        sections=sections,
        unknown=tuple(dict.fromkeys(narrator.unknown)),
        is_cover=True,
    )


def header(cover: CoverFact) -> tuple[tuple[str, str], ...]:
    """Return what stands at the head of the report."""
    return (
        (f"{cover.area_name}s affected", cover.areas),
        ("Body and date", f"{cover.body.plain_name}, {in_words(cover.meeting_on)}"),
        ("Report of", cover.report_of),
    )


def cover_figures(review: ReviewFacts, cover: CoverFact) -> dict[str, Figure]:
    """Return every figure of the review, and the words of the council whose cover it is."""
    own = {
        "name": cover.council.name,
        "short-name": cover.council.short_name,
        "executive": cover.council.executive_name,
        "body": cover.body.plain_name,
        "meeting": in_words(cover.meeting_on),
        "area": cover.area_name,
        "areas": cover.areas,
    }
    return review_figures(review) | {
        f"this-council.{key}": Figure(f"this-council.{key}", text) for key, text in own.items()
    }


def cover_references(review: ReviewFacts) -> dict[str, tuple[str, str]]:
    """Return what a cover may refer to: the annex, and its sections, tables and recommendations as its own."""
    shown = [*numbered(sections_for(review.sections, "members"))]
    at = "section-appendices"
    inside = {name: (f"{ANNEX}, {said}", at) for name, (said, _) in all_references(review, shown).items()}
    return inside | {"annex": (ANNEX, at)}


@dataclass(frozen=True)
class Report:
    """The facts and words that the sections of one cover are made from."""

    review: ReviewFacts
    cover: CoverFact
    source: Source

    def sections(self) -> Iterator[DocumentSection]:
        """The sections in the council's order."""
        for key, heading in self.cover.layout:
            if key == "implications":
                yield DocumentSection(f"section-{key}", "", heading, Section.Level.SECTION, ())
                yield from (self.implication(row) for row in self.cover.implications)
            else:
                made = tuple(self.drawn(key) if key in COVER_DRAWN else self.written(key))
                yield DocumentSection(f"section-{key}", "", heading, Section.Level.SECTION, made)

    def written(self, key: str) -> list[Block]:
        """A section of the shared draft."""
        section = next((row for row in self.review.cover_sections if row.key == f"{KEY}{key}"), None)
        if section is None or not section.narrative.strip():
            return [words(TO_BE_WRITTEN)]
        if section.publication_class not in CLASSES_FOR[Audience.MEMBERS]:
            return [words(HELD_BACK)]
        blocks = [block for block, _ in contents(section, self.source)]
        if key != "recommendations":
            return blocks
        asks = words(f"{self.cover.body.plain_name} {self.cover.asks}:")
        style = NUMBERED_AS[self.cover.numbering]
        lists = [replace(block, style=style) if isinstance(block, ListBlock) else block for block in blocks]
        return [asks, *lists] if isinstance(lists[0], ListBlock) else lists

    def drawn(self, key: str) -> list[Block]:
        """A section that the system writes."""
        if key == "sign-off":
            report_of = plain(self.cover.report_of)
            if not self.cover.signed_by:
                return [report_of]
            name = Run(self.cover.signed_by.upper(), is_strong=True)
            return [Paragraph((name,), kind="plain"), report_of]
        if key == "contact":
            return [plain(self.cover.contact or capitalised(in_words(None)))]
        return [plain(f"{ANNEX}: {self.review.title}, {review_body(self.review)}"), *self.annexed()]

    def annexed(self) -> list[Block]:
        """The annex's own appendices by labels that no other appendix can have."""
        shown = numbered(sections_for(self.review.sections, "members"))
        items = tuple(
            (words(f"{ANNEX}, {label}: {title_of(section)}"),)
            for section, label in shown
            if section.level == Section.Level.APPENDIX
        )
        return [ListBlock(items)] if items else []

    def implication(self, row: ImplicationFact) -> DocumentSection:
        """One implication with who cleared it."""
        unwritten = capitalised(f"{NOT_STATED}.") if "text" in row.not_stated else TO_BE_WRITTEN
        text = self.source.prose(row.text, row.heading) if row.text.strip() else (words(unwritten),)
        mark = Paragraph((Run(clearance(row), is_emphasis=True),), kind="plain")
        return DocumentSection(f"section-{row.kind}", "", row.heading, Section.Level.SUB_SECTION, (*text, mark))


def clearance(row: ImplicationFact) -> str:
    """Return who cleared an implication and when: with their own account, or on what evidence."""
    if not row.cleared_on:
        return "By whom it was cleared is not stated." if "cleared_on" in row.not_stated else "Not cleared yet."
    day = in_words(row.cleared_on)
    if not row.recorded_by:
        return f"Cleared by {row.cleared_by}, {day}. Evidence not named."
    if not row.evidence:
        return f"Cleared by {row.recorded_by} ({row.cleared_by}) with their own account, {day}."
    recorded = f"recorded by {row.recorded_by}, {in_words(row.recorded_on)}"
    return f"Cleared by {row.cleared_by}, {day}. Evidence: {row.evidence}; {recorded}."


def plain(text: str) -> Paragraph:
    """A line that is never numbered."""
    return Paragraph((Run(text),), kind="plain")


def review_body(review: ReviewFacts) -> str:
    """ "report of the Partnership Working Group"."""
    return review.body.whose_report


def title_of(section: object) -> str:
    """Return what an appendix is called outside: of an exempt one only its public title."""
    is_exempt = section.publication_class == PublicationClass.EXEMPT
    return f"{section.public_title} (not for publication)" if is_exempt else section.heading


def numbered_through(sections: Iterator[DocumentSection], cover: CoverFact) -> Iterator[DocumentSection]:
    """The paragraphs numbered as the council numbers them: through the report, or by section."""
    main = last = 0
    for section in sections:
        if section.level == Section.Level.SECTION:
            main += 1
            last = last if cover.paragraphs == CoverStyle.Paragraphs.THROUGH else 0
        made = []
        for block in section.blocks:
            if isinstance(block, Paragraph) and block.kind == "paragraph":
                last += 1
                number = str(last) if cover.paragraphs == CoverStyle.Paragraphs.THROUGH else f"{main}.{last}"
                made.append(replace(block, number=number))
            else:
                made.append(replace(block, kind="paragraph") if isinstance(block, Paragraph) else block)
        yield replace(section, blocks=tuple(made))


def to_be_written(text: str) -> bool:
    """Return whether a narrative says nothing yet, or no more than that it does not apply."""
    return not text.strip() or bool(re.fullmatch(r"\W*n\s*/?\s*a\W*", text.strip(), re.IGNORECASE))
