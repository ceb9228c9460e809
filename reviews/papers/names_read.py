"""Print the names in braces in texts of a review's paper or a cover report."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from partnership.records.record import Record
from reviews.facts import review_facts
from reviews.facts.covers import cover_facts
from reviews.facts.review_figures import review_figures
from reviews.models import Audience, CoverReport, Implication, Review, Section
from reviews.papers.covers.document import cover_figures, cover_references
from reviews.papers.document import all_references, numbered, sections_for
from reviews.papers.narrative import Narrator


class NamesInPaper:
    """Reads texts as the paper of a review prints them; with a cover report, or in its draft, as the cover does.

    The facts are read when the first text holds a name, and once.
    """

    def __init__(self, review: Review, cover: CoverReport | None = None, *, is_of_covers: bool = False):
        self.review = review
        self.cover = cover
        self.is_of_covers = is_of_covers or cover is not None

    def __call__(self, text: str) -> str:
        return self.narrator.resolve(text, "")

    @cached_property
    def narrator(self) -> Narrator:
        """Return what replaces the names, as members read the paper today."""
        review = review_facts(self.review)
        if self.is_of_covers:
            references = cover_references(review)
        else:
            references = all_references(review, [*numbered(sections_for(review.sections, Audience.MEMBERS))])
        cover = next((fact for fact in cover_facts(review) if fact.id == self.cover.pk), None) if self.cover else None
        figures = cover_figures(review, cover) if cover else review_figures(review)
        return Narrator(figures, review.facts.councils, references, is_plain=True)


class ReadAsPrinted:
    """A register of texts that a review's paper or a cover report prints."""

    def names_read_by(self, record: Record) -> Callable[[str], str] | None:
        """Return what reads the texts of the record, or of its parts, as its paper prints them.

        Nothing does for a withdrawn record, or for a part of one: no paper is drawn of it.
        """
        if not record.is_active:
            return None
        if isinstance(record, Implication):
            record = record.cover
        if isinstance(record, CoverReport):
            return NamesInPaper(record.review, record)
        if isinstance(record, Review):
            return NamesInPaper(record)
        is_of_covers = isinstance(record, Section) and record.level == Section.Level.COVER
        return NamesInPaper(record.review, is_of_covers=is_of_covers)
