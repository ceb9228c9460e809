"""The proof page of a review: what stands in the way of publishing it, and where each of its figures comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from partnership.dates import in_words
from partnership.generic.links import Links
from partnership.records.record import Record
from reviews.models import Review
from reviews.papers.checks.findings import Finding, as_read
from reviews.papers.checks.left_open import left_open
from reviews.papers.checks.proof import FigureUse, Proof, changes, proof_of
from reviews.papers.registers import REVIEWS
from reviews.papers.views.papers import ReviewPage

KINDS = ("savingline", "jointpost", "businesscase", "servicearrangement", "commitment", "comparator", "workingmodel")
KINDS += ("significantpartnership",)
ROWS_NAMED = 12  # of one figure; a figure made of more leads to the register


class ReviewProof(ReviewPage):
    """Everything found in a review, and its figures with the records behind them."""

    template_name = "reviews/papers/proof.html"

    def get_template_names(self) -> list[str]:
        return [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review = self.object
        user = self.request.user
        readable = review.sections.read_by(user)
        proof = proof_of(review, None, readable)
        open_facts = left_open(review.partnership, user, proof.printed)
        findings = [*as_read(proof.findings, readable), *open_facts]
        addresses = [finding.link for finding in findings] + [finding.record for finding in findings]
        links = Links(user, addresses)
        listed_findings = [shown(finding, links) for finding in findings]
        blocking = [row for row in listed_findings if row["blocks"]]
        advisory = [row for row in listed_findings if not row["blocks"]]
        uses = proof.figures
        rows = rows_behind(uses, user)
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": REVIEWS.breadcrumbs(review),
            "caption": review.title,
            "changes": changes_since(review, proof),
            "figures": [figure_row(use, rows) for use in uses],
            "groups": [
                ("These keep the paper from being published", "blocking", blocking),
                ("Worth a look", "advisory", advisory),
            ],
            "may_edit": REVIEWS.policy.may_edit(user, review),
            "page_title": "Proof",
            "pages": REVIEWS.tabs(review, "proof"),
        }


def changes_since(review: Review, proof: Proof) -> dict[str, Any] | None:
    """Return what prints otherwise than in the edition published last; ``None`` before the first."""
    last = review.editions.order_by("-published_at").first()
    if last is None:
        return None
    on = timezone.localtime(last.published_at).date()
    found = changes(proof_of(review, last.published_at, proof.readable), proof)
    return {"edition": last.number, "found": found, "on": in_words(on)}


def shown(finding: Finding, links: Links) -> dict[str, Any]:
    """Return a finding as the page shows it: it links only to pages that answer the reader."""
    return {
        "blocks": finding.is_blocking,
        "kind": finding.kind,
        "link": links.followable(finding.link),
        "place": finding.place,
        "record": links.followable(finding.record),
        "sentence": finding.sentence,
        "who_can": links.who_can(finding.link),
        "words": finding.words,
    }


def rows_behind(uses: Iterable[FigureUse], user: Any) -> dict[tuple[str, int], Record]:
    """The records that figures are made of, as far as the person may see them; one query for each kind."""
    wanted: dict[str, set[int]] = {}
    for use in uses:
        if use.figure.of in KINDS:
            wanted.setdefault(use.figure.of, set()).update(use.figure.rows)
    found = {}
    for kind, numbers in wanted.items():
        model = next(model for model in apps.get_models() if model._meta.model_name == kind)
        related = [field.name for field in model._meta.fields if field.is_relation]
        for row in model.objects.visible_to(user).filter(pk__in=numbers).select_related(*related):
            found[kind, row.pk] = row
    return found


def figure_row(use: FigureUse, rows: dict[tuple[str, int], Record]) -> dict[str, Any]:
    """A figure with its places and the records behind it."""
    figure = use.figure
    behind = [rows[figure.of, number] for number in figure.rows if (figure.of, number) in rows]
    return {
        "name": figure.name,
        "places": use.places,
        "rows": [
            {"title": str(row), "url": reverse(f"{figure.of}_detail", args=[row.pk])} for row in behind[:ROWS_NAMED]
        ],
        "more": max(len(behind) - ROWS_NAMED, 0),
        "scope": figure.scope,
        "text": figure.text,
    }
