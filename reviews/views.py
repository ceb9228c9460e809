"""Pages of reviews that are not a register's: the paper itself, on the screen and as PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import DetailView

from partnership.generic.pages import RegisterPage
from reviews.registers import REVIEWS


class ReviewPage(RegisterPage, DetailView):
    """What the pages of one review share."""

    register = REVIEWS


class ReviewPaper(ReviewPage):
    """The paper on the screen."""

    template_name = "reviews/paper.html"

    def get_template_names(self) -> list[str]:
        return [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review = self.object
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": REVIEWS.trail(),
            "page_title": review.title,
            "pages": REVIEWS.pages_of(review, "paper"),
        }


class ReviewPdf(ReviewPage):
    """The paper as PDF."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise NotImplementedError
