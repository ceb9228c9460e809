"""The registers of reviews and their parts, declared."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst

from partnership.accounts.roles import Permission
from partnership.dates import in_words
from partnership.generic.display import Column
from partnership.generic.register import Register
from partnership.models import User
from partnership.records.record import RecordQuerySet
from reviews.models import Assessment, Evidence, Option, Recommendation, Review, Section, SwotItem, evidence
from reviews.papers import filters, forms
from reviews.papers.covers.registers import CoverReportRegister
from reviews.papers.names_read import ReadAsPrinted
from reviews.papers.outcomes.registers import (
    CAME_OF_IT,
    AnswerRegister,
    FollowUpRegister,
    OutcomeRegister,
)
from reviews.publishing.class_forms import CLASS_VERBS
from reviews.publishing.takedown_forms import TAKEDOWN_VERBS


class SectionRegister(ReadAsPrinted, Register):
    """The sections of a review."""

    model = Section
    path = "sections"
    parent = "review"
    form_class = forms.SectionForm
    columns = ("heading", "level", "publication_class", "is_from_last_time")
    record_actions = (forms.MOVE, *CLASS_VERBS)
    help = "Numbers of sections, paragraphs and tables are the system's: they follow when one is added or moved."

    def headline_facts(self, record: Section, user: User) -> list[str]:
        """Say what is proposed, to those who decide about it."""
        may_decide = user.has_perm(Permission.PUBLISH, record)
        return [sentence] if may_decide and (sentence := record.what_is_proposed()) else []


class EvidenceRegister(Register):
    """The records that a rating rests on."""

    model = Evidence
    path = "evidence"
    parent = "assessment"
    form_class = forms.EvidenceForm
    columns = (
        Column("Record", text=str, raw=str),
        Column("Kind", text=lambda row: capfirst(row.kind_words), raw=lambda row: row.kind_words),
        "shows",
    )
    help = "Papers name it below the assessment."
    empty_text = "No record is linked yet. Link what shows that the rating is right."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return super().with_related(rows).select_related(*evidence.KINDS, "decision__body__council")


class AssessmentRegister(ReadAsPrinted, Register):
    """The ratings of a review."""

    model = Assessment
    path = "ratings"
    parent = "review"
    form_class = forms.AssessmentForm
    columns = ("commitment", "rating", "commentary")
    parts = (EvidenceRegister,)
    empty_text = "Nothing is rated yet. Rate every principle and objective; the summary counts the ratings."

    def title_of(self, record: Assessment) -> str:
        return str(record.commitment)


class RecommendationRegister(ReadAsPrinted, Register):
    """The recommendations of a review."""

    model = Recommendation
    path = "recommendations"
    parent = "review"
    form_class = forms.RecommendationForm
    columns = ("text", "verb", "addressee", "position", CAME_OF_IT)
    parts = (AnswerRegister, FollowUpRegister, OutcomeRegister)
    help = "Open one to name the resolutions and actions it led to, and to note what came of it."
    empty_text = "No recommendation yet."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return super().with_related(rows).prefetch_related("outcomes")


class OptionRegister(ReadAsPrinted, Register):
    """The options a review weighs."""

    model = Option
    path = "options"
    parent = "review"
    form_class = forms.OptionForm
    columns = ("title", "is_preferred", "reasons", "position")
    empty_text = "No option yet."


class SwotItemRegister(ReadAsPrinted, Register):
    """Strengths, weaknesses, opportunities and threats."""

    model = SwotItem
    path = "swot"
    parent = "review"
    form_class = forms.SwotItemForm
    columns = ("text", "kind", "position")
    empty_text = "Nothing yet."


class ReviewRegister(Register):
    """Reviews. A review's own address shows the paper; its parts are written under "Write"."""

    model = Review
    path = "reviews"
    key = "slug"
    detail_suffix = "write/"
    form_class = forms.ReviewForm
    filterset_class = filters.ReviewFilter
    columns = ("title", "kind", "body", "as_at", "version_label")
    record_actions = TAKEDOWN_VERBS
    parts = (
        SectionRegister,
        AssessmentRegister,
        RecommendationRegister,
        OptionRegister,
        SwotItemRegister,
        CoverReportRegister,
    )
    help = "Papers drawn from the registers as at a day. Their figures, lists and ratings are never typed."
    empty_text = "No review yet. Start one from an outline; its tables fill themselves from the registers."

    def row(self, columns: list[Any], record: Review, user: User) -> dict[str, Any]:
        return super().row(columns, record, user) | {"url": paper_url(record)}

    def tabs(self, record: Review, current: str) -> list[dict[str, Any]]:
        paper = {"label": "Paper", "url": paper_url(record), "current": current == "paper"}
        proof = {"label": "Proof", "url": reverse("review_proof", args=[record.slug]), "current": current == "proof"}
        parts, history = super().tabs(record, current)
        editions = {"label": "Editions", "url": reverse("review_editions", args=[record.slug])}
        editions["current"] = current == "editions"
        return [paper, parts | {"label": "Write"}, proof, editions, history]

    def breadcrumbs(self, record: Review | None = None) -> list[tuple[str, str]]:
        steps = super().breadcrumbs()
        return [*steps, (record.title, paper_url(record))] if record is not None else steps

    def shown_on_home(self, user: User) -> list[dict[str, str]]:
        """The latest reviews, for the home page."""
        return [
            {
                "title": review.title,
                "url": paper_url(review),
                "as_at": in_words(review.as_at),
                "status": review.version_label,
                "pdf_url": reverse("review_pdf", args=[review.slug]),
            }
            for review in self.rows(user)[:5]
        ]


def paper_url(review: Review) -> str:
    """Return where the paper itself is read."""
    return reverse("review_paper", args=[review.slug])


REVIEWS = ReviewRegister()
