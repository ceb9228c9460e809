"""The paper of a review, on the screen and as PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import DetailView

from partnership.accounts.permissions import today
from partnership.generic.as_at import moment_of
from partnership.generic.pages import RegisterPage
from partnership.records.as_at import AsAt
from partnership.records.record import Record
from reviews.facts.figures import UnknownFigure
from reviews.models import Review
from reviews.papers.document import Document, build
from reviews.papers.output import html, pdf, word
from reviews.papers.registers import REVIEWS, paper_url


class Withdrawn(Exception):
    """A paper was asked for of a record that was withdrawn, or that is part of one."""


class PaperPage(RegisterPage, DetailView):
    """A page that draws a paper. Nothing is drawn of a withdrawn record; its own page says so."""

    stays = False  # whether the page is there for a record that was withdrawn

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Withdrawn as found:
            return redirect(self.register.url("detail", *found.args))

    def get_object(self, queryset: QuerySet | None = None) -> Record:
        record = super().get_object(queryset)
        if not self.stays and not record.is_active:
            raise Withdrawn(record)
        return record


class ReviewPage(PaperPage):
    """The common part of the pages of one review."""

    register = REVIEWS


class ReviewPaper(ReviewPage):
    """The paper on the screen, drawn from the registers as they stand now, or with the facts of another date."""

    template_name = "reviews/papers/paper.html"

    def get_template_names(self) -> list[str]:
        return [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review = self.object
        document, moment = drawn_at(review, moment_of(self.request.GET))
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": REVIEWS.breadcrumbs(),
            "document": document,
            "moment": moment,
            "page_title": review.title,
            "pages": REVIEWS.tabs(review, "paper"),
        }


def drawn_at(review: Review, moment: AsAt) -> tuple[Document, AsAt]:
    """The draft with the facts of a moment; as it stands now, with a sentence, when nobody had begun it by then."""
    if not moment.is_today:
        try:
            return build(review, moment.known_at, as_at=moment.as_at), moment
        except LookupError:
            moment = AsAt(today(), typed=moment.as_at.isoformat(), problem="The review was not begun by then.")
    return build(review, timezone.now()), moment


class ReviewWord(ReviewPage):
    """The paper as a Word file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        review = self.get_object()
        document = build(review, timezone.now())
        try:
            document.refuse_unknown()
        except UnknownFigure as problem:
            messages.error(request, f"The Word file cannot be made yet. {problem}")
            return redirect(paper_url(review))
        response = HttpResponse(word.render(document), content_type=word.MEDIA_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{review.slug}.docx"'
        return response


class ReviewPdf(ReviewPage):
    """The paper as an accessible PDF."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        review = self.get_object()
        document = build(review, timezone.now())
        try:
            document.refuse_unknown()
            content = pdf.render_apart(html.render(document))
        except (UnknownFigure, pdf.CannotDraw) as problem:
            messages.error(request, f"The PDF cannot be made yet. {problem}")
            return redirect(paper_url(review))
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{review.slug}.pdf"'
        return response
