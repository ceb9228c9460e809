"""A section while it is written: how it will look, what it may name, and what each person has typed so far."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from partnership.access import require
from partnership.models import User
from partnership.roles import Permission
from reviews.covers.document import KEY, compose_cover
from reviews.document import BLOCKS, DocumentSection, compose, numbered
from reviews.document import references as named_in
from reviews.facts.reviewed import ReviewFacts, SectionFact, section_facts
from reviews.figures import Figure
from reviews.models import PublicationClass, Section, SectionDraft
from reviews.proof import Proof
from reviews.prose import Basis

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
    covers = ((cover.body.name, compose_cover(review, cover)) for cover in proof.covers)
    return [(name, section) for name, made in covers for section in made.sections if section.anchor == anchor]


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
    """What a figure prints where the sentence does not make its scope plain."""
    return f"{figure.text} ({figure.scope})" if figure.scope and figure.amount is not None else figure.text


def blocks() -> list[Named]:
    """The tables, charts and lists that a line of its own may place."""
    return [Named(name, name.replace(":", " of ").replace("-", " ").capitalize()) for name in BLOCKS]


def references(basis: Basis, readable: Collection[int]) -> list[Named]:
    """What a sentence may refer to, with the words it prints: nothing named after text that the writer may not read."""
    every = [*numbered(basis.review.sections)]
    hidden = set(named_in(every)) - set(named_in([row for row in every if row[0].id in readable]))
    return [Named(f"ref:{name}", words) for name, (words, _) in basis.references.items() if name not in hidden]


def number_of(section: Section) -> str:
    """Return the number that the paper gives the section, such as "4.2"; empty for appendices and cover drafts."""
    shown = numbered(section_facts(section.review.sections.standing().exclude(level=Section.Level.COVER)))
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
