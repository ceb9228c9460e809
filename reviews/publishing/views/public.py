"""Pages for everybody: published papers, what a partnership shares, and whether a document is genuine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import FormView, TemplateView, View

from partnership.accounts.roles import Permission
from partnership.dates import in_words
from partnership.generic.renderer import PortalForm
from partnership.wording import listed
from reviews.models import Audience, Edition, EditionFile, Takedown
from reviews.publishing import editions
from reviews.publishing.pack import folder_of

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=300"
PRIVATE = "private, no-cache"
PAPERS_ON_A_PAGE = 25
LARGEST_FILE = 20 * 1024 * 1024  # bytes, to check against what was published
MENU = (
    ("Published papers", "published"),
    ("Open data", "open_data"),
    ("Is a document genuine?", "verify"),
    ("Accessibility", "accessibility"),
)


@method_decorator(login_not_required, name="dispatch")
class PublicPage(TemplateView):
    """A page for everybody, with the menu of the public side."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = self.request.resolver_match.url_name
        menu = [{"label": label, "url": reverse(name), "current": name == here} for label, name in MENU]
        return super().get_context_data(**kwargs) | {"public_menu": menu, "licence": settings.DATA_LICENCE}


def moment(at: datetime) -> str:
    """The day of a moment, as people here say it."""
    return in_words(timezone.localtime(at).date())


def may_read(user: Any, edition: Edition) -> bool:
    """Return whether the user may read the edition. Anyone reads the public one; readers of registers, the members'."""
    return edition.is_public or user.has_perm(Permission.READ_REGISTERS, edition.review)


def edition_url(edition: Edition) -> str:
    """Return where an edition is read; the latest one for the public has the paper's own address."""
    if not edition.is_public:
        return reverse("members_edition", args=[edition.slug, edition.number])
    if hasattr(edition, "replaced_by"):
        return reverse("published_number", args=[edition.slug, edition.number])
    return reverse("published_paper", args=[edition.slug])


def mark_of(edition: Edition) -> str:
    """Say that an edition was taken down or its paper withdrawn; nothing for one in force."""
    takedown = edition.takedown
    if takedown:
        return f"Taken down on {in_words(takedown.settled_on)}"
    if edition.review.is_withdrawn:
        return f"Withdrawn on {in_words(edition.review.withdrawn_on)}"
    return ""


def file_url(edition: Edition, name: str) -> str:
    """Return where one of its files is, for good."""
    place = "published_file" if edition.is_public else "members_file"
    return reverse(place, args=[edition.slug, edition.number, name])


def find_edition(request: HttpRequest, slug: str, audience: str, number: int | None = None) -> Edition:
    """An edition that the reader may read, the latest unless a number is given. Raises ``Http404``."""
    rows = Edition.objects.for_listing().filter(slug=slug, audience=audience)
    found = rows.filter(number=number) if number else rows.latest_of_each()
    edition = get_object_or_404(found)
    if not may_read(request.user, edition):
        raise Http404
    return edition


class PublishedList(PublicPage):
    """The published papers, latest first."""

    template_name = "reviews/publishing/public/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Edition.objects.readable_by(self.request.user).latest_of_each().for_listing()
        page = Paginator(rows, PAPERS_ON_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "page_obj": page,
            "page_title": "Published papers",
            "papers": [paper_row(row) for row in page],
            "partnerships": partnerships_of(page),
        }


def partnerships_of(page: Iterable[Edition]) -> list[tuple[str, str]]:
    """Return the name and slug of each partnership in a list that has a page: it has a public paper in force."""
    named = {(row.partnership_name, row.partnership_slug) for row in page if row.is_public}
    in_force = Edition.objects.for_the_public().in_force().filter(partnership_slug__in=[slug for _, slug in named])
    with_page = set(in_force.values_list("partnership_slug", flat=True))
    return sorted((name, slug) for name, slug in named if slug in with_page)


def paper_row(edition: Edition) -> dict[str, Any]:
    """A paper in the list."""
    return {
        "edition": edition,
        "url": edition_url(edition),
        "on": moment(edition.published_at),
        "mark": mark_of(edition),
        "files": [] if edition.takedown else [file_row(edition, file) for file in main_files(edition)],
    }


def main_files(edition: Edition) -> list[EditionFile]:
    """Return the files of the paper itself, without its covers and appendices."""
    return [file for file in edition.files.all() if not folder_of(file.name)]


def file_row(edition: Edition, file: EditionFile) -> dict[str, Any]:
    """A file as a link with its kind and size."""
    size = file.size
    words = f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"
    return {"label": file.label, "url": file_url(edition, file.name), "size": words, "sha256": file.sha256}


class PublishedPaper(PublicPage):
    """An edition as a page, word for word as it was published."""

    template_name = "reviews/publishing/public/paper.html"
    audience = Audience.PUBLIC

    def get(self, request: HttpRequest, slug: str, number: int | None = None, **kwargs: Any) -> HttpResponse:
        edition = find_edition(request, slug, self.audience, number)
        if edition.takedown:
            return taken_down(request, edition)
        return self.render_to_response(self.get_context_data(edition=edition, **kwargs))

    def get_context_data(self, edition: Edition, **kwargs: Any) -> dict[str, Any]:
        others = Edition.objects.for_listing().filter(review=edition.review_id, audience=edition.audience)
        earlier = others.exclude(pk=edition.pk)
        return super().get_context_data(**kwargs) | {
            "body": body_of(edition),
            "earlier": [{"edition": one, "url": edition_url(one), "on": moment(one.published_at)} for one in earlier],
            "edition": edition,
            "files": [file_row(edition, file) for file in edition.files.all()],
            "mark": mark_of(edition),
            "later": edition_url(edition.replaced_by) if hasattr(edition, "replaced_by") else "",
            "on": moment(edition.published_at),
            "page_title": edition.title,
        }


def taken_down(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Answer 410 with the page that stands in the place of an edition that was taken down."""
    later = edition_url(edition.replaced_by) if hasattr(edition, "replaced_by") else ""
    facts = {"edition": edition, "later": later, "takedown": edition.takedown, "mark": mark_of(edition)}
    response = TakenDown.as_view(extra_context=facts)(request)
    response["Cache-Control"] = "no-cache"
    return response


class TakenDown(PublicPage):
    """The public page in the place of an edition that was taken down."""

    template_name = "reviews/publishing/public/taken_down.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"page_title": context["edition"].title}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(context, status=410, **kwargs)


def body_of(edition: Edition) -> SafeString:
    """The paper inside the published web page; its text was escaped when it was drawn."""
    page = bytes(EditionFile.objects.get(edition=edition, media_type=editions.HTML).content).decode()
    inside = page.partition('<main class="paper-page">')[2].rpartition("</main>")[0]
    # Our own page, drawn once from escaped data and never changed since.
    return mark_safe(inside)  # noqa: S308  # nosec B308 B703


@method_decorator(login_not_required, name="dispatch")
class PublishedFile(View):
    """A file of an edition, byte for byte as it was published."""

    audience = Audience.PUBLIC
    ending = ""

    def get(self, request: HttpRequest, slug: str, number: int | None = None, name: str = "") -> HttpResponse:
        if self.ending == "json":
            edition = find_edition(request, slug, self.audience, number)
            if edition.takedown:
                return taken_down(request, edition)
            content = edition.facts.encode()
            return stored(
                request, content, media_type="application/json", name=f"{slug}.json", sha256=edition.facts_sha256
            )
        # One query, as far as everybody may read the file: it is what people ask for most.
        which = {"edition__number": number} if number else {"edition__replaced_by": None}
        which |= {"name": name} if name else {"name__endswith": f".{self.ending}"}
        rows = EditionFile.objects.filter(edition__slug=slug, edition__audience=self.audience, **which)
        rows = rows.annotate(is_taken_down=Exists(Takedown.objects.confirmed().filter(edition=OuterRef("edition"))))
        file = rows.order_by("pk").first()
        is_public = self.audience == Audience.PUBLIC
        if file is None or not (is_public or may_read(request.user, file.edition)):
            raise Http404
        if file.is_taken_down:
            return taken_down(request, file.edition)
        cache = PRIVATE
        if is_public:
            cache = FOR_GOOD if number else FOR_NOW
        facts = {"media_type": file.media_type, "name": file.name, "sha256": file.sha256}
        return stored(request, bytes(file.content), cache=cache, **facts)


def stored(
    request: HttpRequest, content: bytes, *, media_type: str, name: str, sha256: str, cache: str = FOR_NOW
) -> HttpResponse:
    """Bytes that do not change, with their checksum as their mark."""
    mark = f'"{sha256}"'
    if mark in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type=media_type)
        # A web page with its look inside would be shown without it under the portal's own policy, so it is saved.
        shown = "inline" if media_type == editions.PDF else "attachment"
        response["Content-Disposition"] = f'{shown}; filename="{name}"'
    response["ETag"] = mark
    response["Cache-Control"] = cache
    return response


class PublishedPartnership(PublicPage):
    """The posts, services and savings that a partnership has published, and its next steps."""

    template_name = "reviews/publishing/public/partnership.html"

    def get_context_data(self, slug: str, **kwargs: Any) -> dict[str, Any]:
        rows = Edition.objects.for_the_public().in_force().filter(partnership_slug=slug).order_by("-as_at", "-pk")
        latest = rows.first()
        if latest is None:
            raise Http404
        kept = editions.read(latest.facts)
        return super().get_context_data(**kwargs) | {
            "as_at": in_words(latest.as_at),
            "councils": listed(kept["document"].councils),
            "facts": {"services": None} | kept["facts"],
            "page_title": latest.partnership_name,
            "paper": {"title": latest.title, "url": edition_url(latest), "on": moment(latest.published_at)},
            # An edition frozen before its ratings were kept names them in this table alone.
            "rated": next((table for table in kept["document"].tables if table.key == "trends"), None),
            "savings": next((table for table in kept["document"].tables if table.key == "savings"), None),
            # An edition frozen before services were kept by themselves names them in this table alone.
            "shared": next((table for table in kept["document"].tables if table.key == "deliverables"), None),
        }


class VerifyForm(PortalForm, forms.Form):
    """Takes a checksum or a file."""

    checksum = forms.CharField(
        label="Checksum",
        required=False,
        max_length=200,
        help_text="64 letters and figures, as printed in the document control of the paper or in the list of files.",
    )
    file = forms.FileField(
        label="Or the file itself", required=False, help_text="Up to 20 MB. It is compared and not kept."
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 20 MB; no published paper is.")
        return file

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not self.errors and not answers.get("checksum") and not answers.get("file"):
            self.add_error("checksum", "Paste a checksum, or choose a file.")
        return answers

    @property
    def wanted(self) -> str:
        """The checksum to look for."""
        file = self.cleaned_data.get("file")
        if file:
            return hashlib.sha256(file.read()).hexdigest()
        return "".join(self.cleaned_data["checksum"].split()).lower()


class Verify(PublicPage, FormView):
    """Says which published edition a checksum or a file belongs to."""

    template_name = "reviews/publishing/public/verify.html"
    form_class = VerifyForm

    def form_valid(self, form: VerifyForm) -> HttpResponse:
        wanted = form.wanted
        found = genuine(wanted, self.request.user)
        return self.render_to_response(self.get_context_data(form=form, found=found, is_answered=True, wanted=wanted))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "page_title": "Is this document genuine?",
            "submit_label": "Check it",
        }


def genuine(sha256: str, user: Any) -> list[dict[str, Any]]:
    """Return what of the published editions has this checksum, as far as the person may read them."""
    rows = Edition.objects.filter(Q(facts_sha256=sha256) | Q(files__sha256=sha256)).distinct()
    return [
        {
            "edition": one,
            "url": edition_url(one),
            "on": moment(one.published_at),
            "what": one.files.filter(sha256=sha256).values_list("label", flat=True).first() or "The facts it prints",
            "is_replaced": hasattr(one, "replaced_by"),
            "mark": mark_of(one),
        }
        for one in rows.select_related("replaced_by", "review")
        if may_read(user, one)
    ]


class Accessibility(PublicPage):
    """The accessibility statement."""

    template_name = "reviews/publishing/public/accessibility.html"
    extra_context = {"page_title": "Accessibility"}
