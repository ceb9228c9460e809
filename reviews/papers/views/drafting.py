"""Writing a section: its text and how it will print, what may be inserted, what is doubtful; drafts kept meanwhile."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.generic import DetailView

from partnership.generic.editing import RegisterEdit
from partnership.generic.pages import RegisterPage
from partnership.text import why_too_long
from reviews.models import Section, SectionDraft
from reviews.papers import drafting
from reviews.papers.checks.proof import Proof, proof_of
from reviews.papers.drafting import tidy
from reviews.papers.forms import DraftForm
from reviews.papers.registers import REVIEWS

SECTIONS = next(part for part in REVIEWS.part_registers if part.model is Section)


def beside(section: Section, heading: str, narrative: str) -> dict[str, Any]:
    """Return what stands beside the text as typed: its look and what is doubtful in it."""
    proof = proof_of(section.review, None)
    refusal = why_too_long(narrative)
    if refusal:  # it would keep everybody waiting, and cannot be saved as it is
        finding = {"blocks": True, "place": heading, "sentence": refusal, "words": ""}
        return {"found": [finding], "proof": proof, "looks": drafting.looks(proof, section.pk)}
    typed = Proof(
        drafting.as_typed(proof.review, section.pk, heading, narrative),
        proof.not_stated,
        proof.own_council,
        proof.covers,
        terms=proof.terms,
    )
    return {
        "found": [
            {"blocks": row.is_blocking, "place": row.place, "sentence": row.sentence, "words": row.words}
            for row in typed.of_section(section.pk)
        ],
        "proof": typed,
        "looks": drafting.looks(typed, section.pk),
    }


class SectionEdit(RegisterEdit):
    """The drafting page of a section. Without a script, Preview is a button; what is typed is kept either way."""

    register = SECTIONS

    def get_template_names(self) -> list[str]:
        return ["reviews/papers/section_draft.html"]

    def get_initial(self) -> dict[str, Any]:
        draft = self.draft
        if draft is None:
            return super().get_initial()
        return {"heading": draft.heading, "narrative": draft.narrative, "version": draft.base_version}

    @property
    def draft(self) -> SectionDraft | None:
        """Return what this person typed and did not save."""
        draft = self.object.drafts.filter(person=self.request.user).first()
        return draft if draft and draft.differs_from(type(self.object).objects.get(pk=self.object.pk)) else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.POST.get("do", "save")
        if asked == "save":
            return super().post(request, *args, **kwargs)
        self.object = self.get_object()
        if asked == "discard":
            drafting.drop_draft(self.object, by=request.user)
            return redirect(request.path)
        keep(self.object, request)
        typed = {name: request.POST.get(name, "") for name in ("heading", "narrative", "version", "reason")}
        tidied = None
        if asked == "tidy":
            pasted = typed["narrative"]
            tidied = tidy(typed["narrative"], drafting.number_of(self.object))
            typed["narrative"] = tidied.text
        unsaved = {name: value for name, value in self.get_form_kwargs().items() if name not in ("data", "files")}
        form = self.get_form_class()(**unsaved | {"initial": typed})
        context = self.get_context_data(form=form)
        if tidied:
            context |= {"tidied": tidied, "pasted": pasted}
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        section = self.get_object()
        form = context["form"]
        side = beside(section, form["heading"].value() or "", form["narrative"].value() or "")
        basis = side.pop("proof").basis_of(section.pk)
        readable = section.review.sections.read_by(self.request.user)
        return (
            context
            | side
            | {
                "blocks": drafting.blocks(),
                "caption": section.review.title,
                "draft": self.draft if self.request.method == "GET" and not form.is_bound else None,
                "figure_groups": list(drafting.figure_groups(basis)),
                "page_title": f"Write “{section.heading}”",
                "references": drafting.references(basis, readable),
            }
        )


class SectionPreview(RegisterPage, DetailView):
    """The answer to the script while somebody types: keep the draft, and draw the section as it will print."""

    register = SECTIONS
    needs_keeping = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        section = self.get_object()
        kept = keep(section, request)
        side = beside(section, request.POST.get("heading", ""), request.POST.get("narrative", ""))
        return TemplateResponse(request, "reviews/papers/section_preview.html", side | {"kept": kept})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("section_edit", pk=self.get_object().pk)


def keep(section: Section, request: HttpRequest) -> Any:
    """Keep what was typed as a draft, by the same rules as the form; says when, or ``None`` where a rule is broken."""
    form = DraftForm(request.POST, instance=Section.objects.get(pk=section.pk))
    if not form.is_valid():
        return None
    at = timezone.now()
    is_kept = drafting.keep_draft(section, **form.cleaned_data, by=request.user, at=at)
    return timezone.localtime(at) if is_kept else None
