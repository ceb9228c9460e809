"""A paper as data: the facts and the narrative of a review, with every number given by the system.

``build`` reads and ``compose`` is pure. Sections are numbered 1, 2, … and 4.1; their paragraphs 3.1 or 4.2.3; tables,
charts and appendices run through in the order in which they stand. A narrative names what it wants
(``{table:savings}`` on a line of its own) and refers to it without typing a number:

=============================  ===========================================================
``{ref:savings}``              table 4
``{ref:chart:savings}``        chart 1
``{ref:section:options}``      section 5.4, by the section's key; an appendix: appendix 1
``{ref:recommendation:…}``     recommendation 4, by its short name, else the record's number
=============================  ===========================================================

The blocks are the keys of `BLOCKS`; figures in prose are listed in `reviews.facts.figures`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.text import slugify

from partnership.dates import NOT_STATED, in_words
from partnership.wording import capitalised
from reviews.facts import ReviewFacts, review_facts
from reviews.facts.figures import UnknownFigure
from reviews.facts.review_figures import review_figures
from reviews.facts.reviewed import SectionFact
from reviews.models import Audience, PublicationClass, Review, Section
from reviews.models.contents import REFERENCE_IN_BRACKETS
from reviews.papers.blocks import general as blocks
from reviews.papers.blocks import reviews, savings, significant_partnerships
from reviews.papers.blocks.general import Block, ChartBlock, Source, Table
from reviews.papers.narrative import Narrator, Paragraph, Unknown

BLOCKS: dict[str, Callable[[Source], Block | list[Block]]] = {
    "table:working-models": blocks.working_models,
    "table:comparators": blocks.comparators,
    "table:deliverables": blocks.deliverables,
    "table:savings": savings.savings,
    "chart:savings": savings.savings_chart,
    "table:principles": reviews.ratings("principle"),
    "table:objectives": reviews.ratings("objective"),
    "table:trends": reviews.trends,
    "table:earlier-recommendations": reviews.earlier_recommendations,
    "table:swot": blocks.swot,
    "table:posts": blocks.posts,
    "table:cases": blocks.cases,
    "table:pipeline": savings.pipeline,
    "list:recommendations": blocks.recommendations,
    "list:options": blocks.options,
    "list:alternatives": reviews.alternatives,
    "list:principles": blocks.commitments("principle"),
    "list:objectives": blocks.commitments("objective"),
    "list:commitments-not-met": blocks.commitments_not_met,
    "list:caveats": savings.caveats,
    "list:posts": blocks.post_list,
    "list:cases": blocks.case_list,
    "table:significant-partnerships": significant_partnerships.significant,
    "table:partnership-governance": significant_partnerships.governance,
    "table:partnership-risks": significant_partnerships.risks,
    "table:partnership-funding": significant_partnerships.funding,
    "table:completeness": significant_partnerships.completeness,
    "list:achievements": significant_partnerships.reported(lambda found: found.achievements),
    "list:governance-progress": significant_partnerships.reported(lambda found: found.governance_progress),
    "list:next-actions": significant_partnerships.reported(lambda found: found.next_actions),
    "list:common-partnerships": significant_partnerships.common,
    "list:resolutions": significant_partnerships.resolutions,
    "table:referrals": significant_partnerships.referrals,
}
PLACED = re.compile(r"^[ \t]*\{((?:table|chart|list):[a-z0-9-]+)\}[ \t]*$", re.MULTILINE)
EXEMPT = (
    "Not for publication: exempt information under paragraph {paragraph} of Part 1 of Schedule 12A to the "
    "Local Government Act 1972."
)


# An allow-list: what is in no list is in no edition.
CLASSES_FOR = {
    Audience.PUBLIC: {PublicationClass.PUBLIC},
    Audience.MEMBERS: {PublicationClass.PUBLIC, PublicationClass.PARTNERSHIP},
}


@dataclass(frozen=True)
class DocumentSection:
    """A section, sub-section or appendix with its number and what it holds. ``label`` is "4.1" or "Appendix 1"."""

    anchor: str
    label: str
    heading: str
    level: int
    blocks: tuple[Block, ...]
    is_exempt: bool = False

    @property
    def is_appendix(self) -> bool:
        return self.level == Section.Level.APPENDIX

    @property
    def captioned(self) -> list[Table | ChartBlock]:
        return [block for block in self.blocks if isinstance(block, (Table, ChartBlock))]


@dataclass(frozen=True)
class Document:
    """A paper, ready to be drawn as a page, a PDF or a Word file."""

    title: str
    kind: str
    slug: str
    body: str
    councils: tuple[str, ...]
    partnership: str
    notice: str
    month: str
    as_at: str
    version: str
    control: tuple[tuple[str, str], ...]
    sections: tuple[DocumentSection, ...]
    unknown: tuple[Unknown, ...]
    language: str = "en-GB"
    is_cover: bool = False  # a cover report: a header in place of the title page, no contents
    # What it recommends: the record's id, the number and the text as printed, by which later papers speak of it.
    # Editions frozen before this was kept have none.
    recommendations: tuple[tuple[int, int, str], ...] = ()
    reported: str = ""  # who reports to whom: "Report of the Partnership Working Group"

    @property
    def report_line(self) -> str:
        """Return who reports to whom; editions frozen before this was kept say it as they did then."""
        return self.reported or f"Report of the {self.body}"

    @property
    def stamp(self) -> str:
        """Return the version and the day whose facts the paper reports."""
        return f"{self.version}, as at {self.as_at}"

    @property
    def main_sections(self) -> list[DocumentSection]:
        return [section for section in self.sections if not section.is_appendix]

    @property
    def appendices(self) -> list[DocumentSection]:
        return [section for section in self.sections if section.is_appendix]

    @property
    def tables(self) -> list[Table]:
        """Return the numbered tables in order."""
        return [block for block in self._captioned if isinstance(block, Table)]

    @property
    def charts(self) -> list[ChartBlock]:
        """Return the numbered charts in order."""
        return [block for block in self._captioned if isinstance(block, ChartBlock)]

    @property
    def _captioned(self) -> Iterator[Block]:
        return itertools.chain.from_iterable(section.captioned for section in self.sections)

    def refuse_unknown(self) -> None:
        """Raise ``UnknownFigure`` when a narrative names something that does not exist."""
        for unknown in self.unknown:
            raise UnknownFigure(unknown.name, unknown.section)


def build(
    review: Review, known_at: datetime | None, *, as_at: date | None = None, audience: str = Audience.MEMBERS
) -> Document:
    """The paper of a review as known at a moment, with the facts of its own date or of another."""
    return compose(review_facts(review, known_at, as_at=as_at), audience)


def compose(review: ReviewFacts, audience: str = Audience.MEMBERS) -> Document:
    """The paper that an audience may read."""
    if audience == Audience.PUBLIC:
        review = review.for_edition(audience)
    shown = [*numbered(sections_for(review.sections, audience))]
    narrator = Narrator(review_figures(review), review.facts.all_councils, all_references(review, shown))
    source = Source(review, narrator)
    made = [draw(section, label, has_subsections(section, shown), source) for section, label in shown]
    return Document(
        title=review.title,
        kind=review.kind,
        slug=review.slug,
        body=review.body.name,
        councils=tuple(council.name for council in review.facts.councils),
        partnership=review.facts.partnership.name,
        notice=review.facts.partnership.notice,
        month=f"{review.as_at:%B %Y}",
        as_at=in_words(review.as_at),
        version=review.version_label,
        control=control(review),
        sections=tuple(number_blocks(made)),
        unknown=tuple(dict.fromkeys(narrator.unknown)),
        recommendations=recommended(review, shown, narrator),
        reported=reported(review),
    )


def recommended(
    review: ReviewFacts, shown: list[tuple[SectionFact, str]], narrator: Narrator
) -> tuple[tuple[int, int, str], ...]:
    """Return the recommendations that the paper lists, without references in brackets to its own parts."""
    if not any("list:recommendations" in PLACED.findall(section.narrative) for section, _ in shown):
        return ()
    reader = replace(narrator, is_plain=True)
    recommendations = []
    for number, row in enumerate(review.recommendations, start=1):
        text = REFERENCE_IN_BRACKETS.sub("", f"{row.verb} {row.text}")
        recommendations.append((row.id, number, reader.resolve(text, "recommendations")))
    return tuple(recommendations)


def reported(review: ReviewFacts) -> str:
    """Return who reports to whom, as far as it is stated."""
    if review.body.reports or not review.author_title:
        return capitalised(review.body.whose_report)
    return f"Report of the {review.author_title} to the {review.body.name}"


def control(review: ReviewFacts) -> tuple[tuple[str, str], ...]:
    """The document control table."""
    return (
        ("Date", in_words(review.as_at)),
        ("Version", review.version_label),
        ("Report author", review.author_title or capitalised(NOT_STATED)),
        ("Circulation", review.circulation or capitalised(NOT_STATED)),
        ("Review date", capitalised(in_words(review.review_due_on))),
        ("Publication", review.publication_route or capitalised(NOT_STATED)),
    )


def sections_for(sections: Iterable[SectionFact], audience: str) -> Iterator[SectionFact]:
    """The sections that an audience may read; of an exempt one no more than its public title and its paragraph."""
    parent_is_shown = True
    for section in sections:
        is_sub = section.level == Section.Level.SUB_SECTION
        if section.publication_class == PublicationClass.EXEMPT:
            shown = replace(section, heading=section.public_title, narrative="")
        else:
            shown = section if section.publication_class in CLASSES_FOR[Audience(audience)] else None
        if not is_sub:
            parent_is_shown = shown is not None and section.publication_class != PublicationClass.EXEMPT
        if shown and (parent_is_shown or not is_sub):
            yield shown


def numbered(sections: Iterable[SectionFact]) -> Iterator[tuple[SectionFact, str]]:
    """Return each section with its label."""
    main = sub = appendix = 0
    for section in sections:
        if section.level == Section.Level.APPENDIX:
            appendix += 1
            yield section, f"Appendix {appendix}"
        elif section.level == Section.Level.SUB_SECTION:
            sub += 1
            yield section, f"{main}.{sub}"
        else:
            main = main + 1
            sub = 0
            yield section, str(main)


def has_subsections(section: SectionFact, shown: list[tuple[SectionFact, str]]) -> bool:
    """Return whether the next one is a sub-section of it."""
    following = [other for other, _ in shown][[other.id for other, _ in shown].index(section.id) + 1 :][:1]
    is_main = section.level == Section.Level.SECTION
    return is_main and any(other.level == Section.Level.SUB_SECTION for other in following)


def all_references(review: ReviewFacts, shown: list[tuple[SectionFact, str]]) -> dict[str, tuple[str, str]]:
    """Return what ``{ref:…}`` may name: sections, tables and charts, and the recommendations where they are listed."""
    found = references(shown)
    holding = (anchor(section, label) for section, label in shown if "{list:recommendations}" in section.narrative)
    at = next(holding, "")
    for number, row in enumerate(review.recommendations, start=1):
        found[f"recommendation:{row.reference}"] = (f"recommendation {number}", at)
    return found


def references(shown: list[tuple[SectionFact, str]]) -> dict[str, tuple[str, str]]:
    """Return what ``{ref:…}`` may name, with the words it prints and the place it leads to."""
    found: dict[str, tuple[str, str]] = {}
    numbers = {"table": 0, "chart": 0}
    for section, label in shown:
        words = label.lower() if section.level == Section.Level.APPENDIX else f"section {label}"
        found[f"section:{section.key}"] = (words, anchor(section, label))
        for name in PLACED.findall(section.narrative):
            kind, _, key = name.partition(":")
            if kind in numbers and name in BLOCKS:
                numbers[kind] += 1
                reference = key if kind == "table" else name
                found.setdefault(reference, (f"{kind} {numbers[kind]}", f"{kind}-{key}"))
    return found


def anchor(section: SectionFact, label: str) -> str:
    """Return the target of links to a section, never made of the heading of an exempt one, which no edition prints."""
    is_exempt = section.publication_class == PublicationClass.EXEMPT
    return f"exempt-{slugify(label)}" if is_exempt else f"section-{section.key}"


def draw(section: SectionFact, label: str, is_lead: bool, source: Source) -> DocumentSection:
    """A section with its blocks. Paragraphs of a lead, and of an appendix, go without numbers."""
    is_numbered = not is_lead and section.level != Section.Level.APPENDIX
    if section.publication_class == PublicationClass.EXEMPT:
        found: list[Block] = [blocks.words(EXEMPT.format(paragraph=section.exempt_paragraph))]
    else:
        found = number_paragraphs(contents(section, source), label if is_numbered else "")
    is_exempt = section.publication_class == PublicationClass.EXEMPT
    return DocumentSection(anchor(section, label), label, section.heading, section.level, tuple(found), is_exempt)


def contents(section: SectionFact, source: Source) -> Iterator[tuple[Block, bool]]:
    """The blocks of a narrative in order, each with whether the narrative itself holds it."""
    pieces = PLACED.split(section.narrative)
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            yield from ((block, True) for block in source.prose(piece, section.heading))
        elif piece in BLOCKS:
            made = BLOCKS[piece](source)
            yield from ((block, False) for block in (made if isinstance(made, list) else [made]))
        else:
            source.narrator.unknown.append(Unknown(piece, section.heading))
            yield blocks.words(f"[unknown block: {piece}]"), False


def number_paragraphs(found: Iterable[tuple[Block, bool]], label: str) -> list[Block]:
    """Number the narrative's own paragraphs under a section's label; without one they stay as they are."""
    made: list[Block] = []
    last = 0
    for block, is_narrative in found:
        if label and is_narrative and isinstance(block, Paragraph):
            last += 1
            made.append(replace(block, number=f"{label}.{last}"))
        else:
            made.append(block)
    return made


def number_blocks(sections: Iterable[DocumentSection]) -> Iterator[DocumentSection]:
    """Number the tables and charts through the whole paper."""
    numbers = {Table: 0, ChartBlock: 0}
    for section in sections:
        made = []
        for block in section.blocks:
            if type(block) in numbers:
                numbers[type(block)] += 1
                made.append(replace(block, number=numbers[type(block)]))
            else:
                made.append(block)
        yield replace(section, blocks=tuple(made))
