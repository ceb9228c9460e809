"""The paper of an exit plan: on the screen, as PDF and as a Word file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from partnership.accounts.permissions import today
from partnership.accounts.roles import Permission
from partnership.generic.as_at import moment_of
from partnership.records.as_at import AsAt
from reviews.exit_plans.facts import exit_facts
from reviews.exit_plans.paper import exit_document
from reviews.exit_plans.registers import EXIT_PLANS
from reviews.papers.document import Document
from reviews.papers.output import html, pdf, word
from reviews.papers.views.papers import PaperPage

NOT_BEGUN = "The plan was not begun by then. This page shows today."


class ExitPage(PaperPage):
    """The content of the plan's paper for one reader."""

    register = EXIT_PLANS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        self.moment = moment_of(request.GET)
        return self.answer()

    def answer(self) -> HttpResponse:
        """The page or the file."""
        return self.render_to_response(self.get_context_data(object=self.object))

    def document(self) -> Document:
        """The paper at the moment asked for; as it stands today, with a sentence, before the plan was begun."""
        plan = self.object
        user = self.request.user
        try:
            facts = exit_facts(plan, self.moment.as_at, self.moment.known_at)
        except LookupError:
            self.moment = AsAt(today(), typed=self.moment.as_at.isoformat(), problem=NOT_BEGUN)
            facts = exit_facts(plan, self.moment.as_at)
        return exit_document(facts, f"exit-plan-{plan.pk}", sees_costs=user.has_perm(Permission.SEE_COSTS, plan))


class ExitPaper(ExitPage):
    """The paper on the screen."""

    def get_template_names(self) -> list[str]:
        return ["reviews/exit_plans/exit_paper.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan = self.object
        document = self.document()
        files = (("Download the PDF", "exit_pdf"), ("Download the Word file", "exit_docx"))
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": EXIT_PLANS.breadcrumbs(plan),
            "document": document,
            "files": [
                {"label": label, "url": self.moment.address(reverse(name, args=[plan.pk]))} for label, name in files
            ],
            "moment": self.moment,
            "page_title": f"Exit plan: {plan.title}",
            "pages": EXIT_PLANS.tabs(plan, "paper"),
        }


class ExitPdf(ExitPage):
    """The paper as an accessible PDF."""

    def answer(self) -> HttpResponse:
        document = self.document()
        try:
            content = pdf.render_apart(html.render(document))
        except pdf.CannotDraw as problem:
            messages.error(self.request, f"The PDF cannot be made. {problem}")
            return redirect("exit_paper", self.object.pk)
        return as_file(content, "application/pdf", f"{document.slug}.pdf")


class ExitWord(ExitPage):
    """The paper as a Word file."""

    def answer(self) -> HttpResponse:
        document = self.document()
        return as_file(word.render(document), word.MEDIA_TYPE, f"{document.slug}.docx")


def as_file(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to keep."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
