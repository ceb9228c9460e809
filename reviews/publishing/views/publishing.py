"""Publishing a review: its editions, who may read its sections, and the step itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, View

from partnership.accounts.kept_forms import TakesKeptForm
from partnership.accounts.roles import Permission
from partnership.dates import in_words
from partnership.generic.renderer import PortalForm
from partnership.models import Job, User
from reviews.facts import review_facts
from reviews.models import Edition, ExemptPaper, PublicationClass, Review, Section
from reviews.papers.checks import proof
from reviews.papers.outcomes.sheets import sheets_for
from reviews.papers.output.pdf import CannotDraw
from reviews.papers.registers import REVIEWS
from reviews.papers.views.papers import ReviewPage
from reviews.publishing import pack, publishing_job
from reviews.publishing.exempt_files import papers_for, readable_by
from reviews.publishing.publish import digest_of, why_public_edition_is_empty
from reviews.publishing.takedown_forms import TAKEDOWN_VERBS
from reviews.publishing.views.public import edition_url, mark_of, moment

HELD_BACK = "Held back; you are not one of its readers"


class ReviewTabPage(ReviewPage):
    """A page of a review with a template of its own."""

    def get_template_names(self) -> list[str]:
        return [self.template_name]

    def own_context(self, title: str, current: str) -> dict[str, Any]:
        """Return what the frame of the page needs."""
        return {
            "breadcrumbs": REVIEWS.breadcrumbs(self.object),
            "caption": self.object.title,
            "page_title": title,
            "pages": REVIEWS.tabs(self.object, current),
        }


class ReviewEditions(ReviewTabPage):
    """The editions of a review, and what can be done next."""

    template_name = "reviews/publishing/published_editions.html"
    stays = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review = self.object
        user = self.request.user
        editions = review.editions.select_related("replaces", "replaced_by").prefetch_related("takedowns")
        papers = papers_for(user, review)
        return (
            super().get_context_data(**kwargs)
            | self.own_context("Editions", "editions")
            | {
                "actions": self._actions(review, user),
                "editions": [
                    {"edition": one, "url": edition_url(one), "on": moment(one.published_at), "mark": mark_of(one)}
                    for one in editions
                ],
                "jobs": jobs_of(review, user),
                "papers": [{"paper": one, "url": paper_url(one), "on": moment(one.kept_at)} for one in papers],
                "pack_url": reverse("review_pack", args=[review.slug]) if packable(review).exists() else "",
            }
        )

    def _actions(self, review: Review, user: User) -> list[dict[str, str]]:
        if not user.has_perm(Permission.PUBLISH, review):
            return []
        label = "Publish a correction" if review.editions.exists() else "Publish"
        actions = [
            {"label": label, "url": reverse("review_publish", args=[review.slug]), "kind": "primary"},
            {"label": "Who may read what", "url": reverse("review_classes", args=[review.slug]), "kind": "secondary"},
        ]
        takedowns = [verb for verb in TAKEDOWN_VERBS if verb.may(user, review)]
        actions += [
            {"label": verb.label, "url": REVIEWS.url(verb.name, review), "kind": verb.kind} for verb in takedowns
        ]
        return actions


def jobs_of(review: Review, user: User) -> list[dict[str, Any]]:
    """The publications that the person asked for and that are under way."""
    mine = Job.objects.of(user).filter(register=publishing_job.KIND, file_name=review.slug)[:5]
    return [{"job": job, "url": job_url(review, job)} for job in mine if job.is_under_way]


def paper_url(paper: ExemptPaper) -> str:
    """Return where an exempt paper is read."""
    return reverse("exempt_paper", args=[paper.pk])


class ExemptPaperFile(View):
    """An exempt paper, for its named readers; to everybody else there is none."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = readable_by(request.user).select_related("section__review__partnership")
        paper = get_object_or_404(rows, pk=pk)
        if not request.user.has_perm(Permission.READ_REGISTERS, paper.section):
            raise Http404
        response = HttpResponse(bytes(paper.content), content_type=paper.media_type)
        response["Content-Disposition"] = f'attachment; filename="{paper.name}"'
        return response


class ReviewClasses(ReviewTabPage):
    """Every section with its class; of what the clerk may not read, no more than that it is there."""

    template_name = "reviews/publishing/published_classes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review = self.object
        user = self.request.user
        if not user.has_perm(Permission.PUBLISH, review):
            raise PermissionDenied
        readable = review.sections.read_by(user)
        sections = review.sections.active().select_related("council")
        return (
            super().get_context_data(**kwargs)
            | self.own_context("Who may read what", "editions")
            | {
                "columns": [{"label": label} for label in ("Section", "Who may read it", "Decided", "Waits for")],
                "rows": [section_row(section, section.pk in readable) for section in sections],
            }
        )


def section_row(section: Section, may_read: bool) -> dict[str, Any]:
    """A section in the list of classes."""
    name = section.heading if may_read else section.public_title or HELD_BACK
    who = section.get_publication_class_display()
    if section.exempt_paragraph:
        who = f"{who}, paragraph {section.exempt_paragraph}"
    if section.council:
        who = f"{who}: {section.council}"
    if may_read and section.is_read_by_name:
        who = f"{who}. Readers: {', '.join(str(one) for one in section.readers.active().select_related('reader'))}"
    decided = f"{section.class_decided_by}, {in_words(section.class_decided_on)}" if section.class_decided_on else "–"
    proposal = section.open_proposal()
    waits = f"A second person: “{proposal.get_publication_class_display()}”" if proposal else "–"
    texts = (name, who, decided if may_read else "–", waits)
    labels = ("Section", "Who may read it", "Decided", "Waits for")
    return {
        "url": reverse("section_detail", args=[section.pk]) if may_read else "",
        "cells": [{"label": label, "text": text} for label, text in zip(labels, texts, strict=True)],
    }


class PublishForm(PortalForm, forms.Form):
    """Asks for whom the review is published and, if an edition is replaced, why."""

    audience = forms.ChoiceField(
        label="Who it is published for",
        choices=[("all", "The public, and members with what is for the partnership too"), ("members", "Members only")],
        widget=forms.RadioSelect,
        initial="all",
    )
    correction = forms.CharField(
        label="What was wrong, or what is new",
        widget=forms.Textarea({"rows": 3}),
        help_text="Printed in the new edition, beside the number of the edition that it replaces.",
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)  # the digest of what the page would publish
    seen_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["correction"]


class PublishReview(TakesKeptForm, ReviewTabPage, FormView):
    """Publishes a review as it stands now: what goes out, what stays in, and what stands in the way."""

    template_name = "reviews/publishing/published_publish.html"
    form_class = PublishForm

    def prepare(self) -> None:
        self.object = self.get_object()
        if not self.request.user.has_perm(Permission.PUBLISH, self.object):
            raise PermissionDenied

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"is_first": not self.object.editions.exists()}

    def get_initial(self) -> dict[str, Any]:
        now = timezone.now()
        return super().get_initial() | {"seen": digest_of(review_facts(self.object, None)), "seen_at": now.isoformat()}

    def overtaken(self, form: PublishForm) -> HttpResponse:
        """Refuse to publish what changed since the page was opened: what it was, what it is now, and the form anew."""
        review = self.object
        seen_at = form.cleaned_data["seen_at"]
        change = {"rows": publication_changes(review, seen_at, self.request.user) if seen_at else []}
        form.data = form.data.copy()
        for name, value in self.get_initial().items():
            form.data[name] = value
        return self.render_to_response(self.get_context_data(form=form, overtaken=change), status=409)

    def form_valid(self, form: PublishForm) -> HttpResponse:
        review = self.object
        now = timezone.now()
        if form.cleaned_data["seen"] != digest_of(review_facts(review, None)):
            return self.overtaken(form)
        try:
            job = publishing_job.ask(
                review,
                by=self.request.user,
                at=now,
                correction=form.cleaned_data.get("correction", ""),
                members_only=form.cleaned_data["audience"] == "members",
                seen=form.cleaned_data["seen"],
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return redirect(job_url(review, job))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review = self.object
        counted = section_counts(review)
        return (
            super().get_context_data(**kwargs)
            | self.own_context("Publish", "editions")
            | {
                "blocking": proof.blocking(review, None),
                "cancel_url": reverse("review_editions", args=[review.slug]),
                "counted": counted,
                "why_empty": why_public_edition_is_empty(review),
                "proof_url": reverse("review_proof", args=[review.slug]),
                "submit_label": "Publish now",
            }
        )


def publication_changes(review: Review, since: datetime, user: User) -> list[dict[str, str]]:
    """Return the figures and sections of a review that changed since a moment, as far as the person may read them."""
    readable = review.sections.read_by(user)
    before = proof.proof_of(review, since, readable)
    now = proof.proof_of(review, None, readable)
    rows = [{"label": one.name, "seen": one.before, "now": one.now} for one in proof.changes(before, now)]
    earlier = {section.id: section for section in before.review.sections}
    present = {section.id: section for section in now.review.sections}
    for number in dict.fromkeys([*earlier, *present]):
        if earlier.get(number) == present.get(number):
            continue
        named = present.get(number) or earlier[number]
        rows.append(
            {
                "label": f"Section “{named.heading}”" if number in readable else "A section that you may not read",
                "seen": "As you saw it" if number in earlier else "Not there",
                "now": "Changed" if number in present else "Taken out",
            }
        )
    return rows


def section_counts(review: Review) -> list[tuple[str, int]]:
    """Return how many sections each class holds; the public class is always named, the others where they hold any."""
    classes = [section.publication_class for section in review.sections.active()]
    counted = [(choice, classes.count(choice.value)) for choice in PublicationClass]
    return [(choice.label, number) for choice, number in counted if number or choice == PublicationClass.PUBLIC]


class PublishingJob(ReviewTabPage):
    """The progress of a publication, and its result."""

    template_name = "reviews/publishing/published_job.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review = self.object
        now = timezone.now()
        mine = Job.objects.of(self.request.user).filter(register=publishing_job.KIND, file_name=review.slug)
        job = get_object_or_404(mine, pk=self.kwargs["number"])
        return (
            super().get_context_data(**kwargs)
            | self.own_context("Publishing", "editions")
            | {
                "is_unattended": job.is_unattended(now),
                "is_under_way": job.is_under_way,
                "job": job,
                "editions_url": reverse("review_editions", args=[review.slug]),
                "publish_url": reverse("review_publish", args=[review.slug]),
            }
        )


def job_url(review: Review, job: Job) -> str:
    """Return where a publication is followed."""
    return reverse("review_publishing", args=[review.slug, job.pk])


def packable(review: Review) -> QuerySet[Edition]:
    """Return the public edition in force, of which the pack is made; none when it was taken down."""
    return review.editions.for_the_public().in_force()


class ReviewPack(ReviewPage):
    """Everything a committee system takes, in one zip; exempt papers in it only for their named readers."""

    stays = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        review = self.get_object()
        edition = packable(review).first()
        if edition is None:
            raise Http404
        try:
            content = pack.packed(edition, papers_for(request.user, review), sheets_for(request.user, review))
        except CannotDraw as problem:
            return HttpResponse(str(problem), status=503, content_type="text/plain; charset=utf-8")
        response = HttpResponse(content, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="{pack.name_of(edition)}.zip"'
        return response
