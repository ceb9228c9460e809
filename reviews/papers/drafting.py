"""Text as people paste it from a Word file or a PDF, made into paragraphs and lists that the system can number.

This is offered, never done on saving: the author sees the text before it is saved, and what was taken from it. Typed
numbers of paragraphs go where they begin with the number of the section itself; every word stays. The rows of a table,
which come with tabs between their cells, become points of a list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from partnership.accounts.permissions import require
from partnership.accounts.roles import Permission
from partnership.models import User
from reviews.facts.figures import Figure
from reviews.facts.reviewed import ReviewFacts, SectionFact, section_facts
from reviews.models import PublicationClass, Section, SectionDraft
from reviews.papers.checks.proof import Proof
from reviews.papers.checks.prose import Basis
from reviews.papers.covers.document import KEY, compose_cover
from reviews.papers.document import BLOCKS, DocumentSection, compose, numbered
from reviews.papers.document import references as named_in

TYPED = re.compile(r"^\s*(?:[-*+•]\s+)?(\d{1,2}(?:\.\d{1,2})+)\.?\s+(?=\S)")  # "4.2.3 It should…", "- 1.1 This…"
BULLET = re.compile(r"^(\s*)[•·▪]\s*(?=\S)")
LETTER = re.compile(r"^(\s*)(?:[-*+•]\s+)?\(?([a-z]|\d{1,2})\)\s+(?=\S)")
# A number, letter or bullet with the tab that Word puts behind it; any other tab stands between the cells of a table.
LED = re.compile(r"^(\s*(?:[-*+•]\s+)?(?:\(?(?:[a-z]|\d{1,2})\)|\d{1,2}(?:\.\d{1,2})*\.?|[-*+•·▪]))\t+", re.IGNORECASE)
CAPTION = re.compile(r"^\s*(?:Table|Chart|Figure) \d+[:.]\s")  # it belongs to the rows below it
MARKS = re.compile(r"</?(?:ul|ol|li|p|br|table|tr|td|th)\b[^>]*>", re.IGNORECASE)
POINTS = re.compile(r"\s*[•▪]\s*")
RULE = re.compile(r"[-–_=\s]*")
OWN_NUMBER = re.compile(r"^(\d{1,2})([.)])(?=\s)")
TORN = re.compile(r"(?<=[a-z,])\n\n(?=[a-z])")  # a sentence that ran over the end of a page


@dataclass
class Tidied:
    """A text made ready to be saved, and the typed numbers that were taken from it."""

    text: str = ""
    taken: list[str] = field(default_factory=list)


def tidy(text: str, number: str) -> Tidied:
    """Return the text with a blank line between paragraphs, lists as lists, and without this section's own numbers.

    ``number`` is the section's, such as "4.2"; with none, no typed number is taken.
    """
    tidied = Tidied()
    lines = [LED.sub(r"\1 ", line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    made: list[str] = []
    was_row = False
    for line in lines:
        is_row = "\t" in line or bool(CAPTION.match(line))
        made += _blank_after(made) if is_row != was_row else []
        was_row = is_row
        paragraph = None if is_row else _paragraph(line, number, tidied.taken)
        if is_row:
            made += _row(line)
        elif paragraph is not None:
            made += [*_blank_after(made), paragraph]
        else:
            made.append(LETTER.sub(r"\g<1>1. ", BULLET.sub(r"\1- ", line)).rstrip())
    whole = re.sub(r"\n{3,}", "\n\n", "\n".join(made)).strip("\n")
    tidied.text = TORN.sub(" ", whole)
    return tidied


def _row(line: str) -> list[str]:
    """A row of a pasted table as points of a list: its cells in one, and points within a cell each by itself."""
    made: list[str] = []
    cells: list[str] = []
    for cell in MARKS.sub(" ", line).split("\t"):
        text, *points = (" ".join(part.split()) for part in POINTS.split(cell))
        if text and not RULE.fullmatch(text):
            cells.append(OWN_NUMBER.sub(r"\1\\\2", text))
        if points:
            made += [*_joined(cells), *(f"- {point}".rstrip() for point in points)]
            cells = []
    return [*made, *_joined(cells)]


def _joined(cells: list[str]) -> list[str]:
    return [f"- {' – '.join(cells)}"] if cells else []


def _paragraph(line: str, number: str, taken: list[str]) -> str | None:
    """Return the words of a line that begins with a number of this section; ``None`` for any other line."""
    found = TYPED.match(line)
    if not found or not number or not found[1].startswith(f"{number}."):
        return None
    taken.append(found[1])
    return line[found.end() :].rstrip()


def _blank_after(made: list[str]) -> list[str]:
    return [""] if made and made[-1].strip() else []


GROUPS = {
    "agreements": "Agreements",
    "body": "Bodies",
    "cases": "Business cases",
    "comparators": "Examples elsewhere",
    "council": "Councils",
    "councils": "Councils",
    "objectives": "Principles and objectives",
    "opportunities": "Analysis, options, recommendations",
    "options": "Analysis, options, recommendations",
    "partnership": "The partnership",
    "pipeline": "Proposals",
    "posts": "Joint posts",
    "principles": "Principles and objectives",
    "recommendations": "Analysis, options, recommendations",
    "review": "This paper",
    "savings": "Savings",
    "services": "Services",
    "significant": "Significant partnerships",
    "strengths": "Analysis, options, recommendations",
    "this-council": "The council whose cover it is",
    "threats": "Analysis, options, recommendations",
    "weaknesses": "Analysis, options, recommendations",
    "working-models": "Models of joint working",
}


@dataclass(frozen=True)
class Named:
    """Something that a narrative may name: what is inserted, and what it prints now."""

    name: str
    prints: str

    @property
    def token(self) -> str:
        return f"{{{self.name}}}"


def as_typed(review: ReviewFacts, number: int, heading: str, narrative: str) -> ReviewFacts:
    """The review with a section as somebody has typed it so far."""

    def typed(rows: tuple[SectionFact, ...]) -> tuple[SectionFact, ...]:
        return tuple(replace(row, heading=heading, narrative=narrative) if row.id == number else row for row in rows)

    return replace(review, sections=typed(review.sections), cover_sections=typed(review.cover_sections))


def looks(proof: Proof, number: int) -> list[tuple[str, DocumentSection]]:
    """A section as it will print; one of the draft of the covers once for each cover, with whose it is."""
    review = proof.review
    key = next((row.key for row in review.cover_sections if row.id == number), "")
    if not key:
        found = drawn(review, number)
        return [("", found)] if found else []
    anchor = f"section-{key.removeprefix(KEY)}"
    sections = []
    for cover in proof.covers:
        document = compose_cover(review, cover)
        sections += [(cover.body.name, section) for section in document.sections if section.anchor == anchor]
    return sections


def drawn(review: ReviewFacts, number: int) -> DocumentSection | None:
    """One section as the paper prints it, numbers and all. Who writes it may read it, whatever its class."""
    shown = replace(
        review,
        sections=tuple(
            replace(row, publication_class=PublicationClass.PUBLIC if row.id == number else row.publication_class)
            for row in review.sections
        ),
    )
    anchor = next(f"section-{row.key}" for row in review.sections if row.id == number)
    return next((section for section in compose(shown).sections if section.anchor == anchor), None)


def figure_groups(basis: Basis) -> Iterator[tuple[str, list[Named]]]:
    """The figures that the text may name, under headings, with what each prints now."""

    def group(figure: Figure) -> str:
        return GROUPS.get(figure.name.partition(".")[0], "Other")

    usual = (figure for figure in basis.figures.values() if figure.text)
    for title, figures in groupby(sorted(usual, key=lambda figure: (group(figure), figure.name)), key=group):
        yield title, [Named(figure.name, with_scope(figure)) for figure in figures]


def with_scope(figure: Figure) -> str:
    """Return what a figure prints where the sentence does not make its scope plain."""
    return f"{figure.text} ({figure.scope})" if figure.scope and figure.amount is not None else figure.text


def blocks() -> list[Named]:
    """The tables, charts and lists that a line of its own may place."""
    return [Named(name, name.replace(":", " of ").replace("-", " ").capitalize()) for name in BLOCKS]


def references(basis: Basis, readable: Collection[int]) -> list[Named]:
    """Return the references open to a sentence, with their words: none of text that the writer may not read."""
    every = [*numbered(basis.review.sections)]
    hidden = set(named_in(every)) - set(named_in([row for row in every if row[0].id in readable]))
    return [Named(f"ref:{name}", words) for name, (words, _) in basis.references.items() if name not in hidden]


def number_of(section: Section) -> str:
    """Return the number that the paper gives the section, such as "4.2"; empty for appendices and cover drafts."""
    shown = numbered(section_facts(section.review.sections.active().exclude(level=Section.Level.COVER)))
    label = next((label for row, label in shown if row.id == section.pk), "")
    return "" if " " in label else label


def keep_draft(section: Section, *, heading: str, narrative: str, version: int, by: User, at: datetime) -> bool:
    """Keep what a person has typed so far, beside the section and out of its history. Return whether it was kept.

    A text that began before the person's own last save is on its way late, and is dropped.
    """
    require(by, Permission.WRITE_REVIEWS, section)
    if section.history.filter(history_user_id=by.pk, version__gt=version).exists():
        return False
    typed = {"heading": heading, "narrative": narrative, "base_version": version, "kept_at": at}
    SectionDraft.objects.update_or_create(section=section, person=by, defaults=typed)
    return True


def drop_draft(section: Section, *, by: User) -> None:
    """Forget what a person has typed and not saved."""
    section.drafts.filter(person=by).delete()
