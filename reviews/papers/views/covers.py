"""A cover report as its council will read it: on the screen and as PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from reviews.facts.figures import UnknownFigure
from reviews.models import CoverReport
from reviews.papers.covers.document import build_cover
from reviews.papers.output import html, pdf
from reviews.papers.registers import REVIEWS
from reviews.papers.views.papers import PaperPage

COVERS = next(part for part in REVIEWS.part_registers if part.model is CoverReport)


class CoverPaper(PaperPage):
    """The report on the screen."""

    register = COVERS

    def get_template_names(self) -> list[str]:
        return ["reviews/papers/cover.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cover = self.object
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": COVERS.breadcrumbs(cover),
            "document": build_cover(cover, None),
            "page_title": str(cover),
            "pages": COVERS.tabs(cover, "report"),
        }


class CoverPdf(PaperPage):
    """The report as an accessible PDF."""

    register = COVERS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        cover = self.get_object()
        document = build_cover(cover, None)
        try:
            document.refuse_unknown()
            content = pdf.render_apart(html.render(document))
        except (UnknownFigure, pdf.CannotDraw) as problem:
            messages.error(request, f"The PDF cannot be made yet. {problem}")
            return redirect(reverse("cover_report", args=[cover.pk]))
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{document.slug}.pdf"'
        return response
