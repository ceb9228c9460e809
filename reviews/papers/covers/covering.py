"""The verbs of cover reports: one for each council's body from one draft, implications written and cleared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from partnership.accounts.permissions import require
from partnership.accounts.roles import Permission
from partnership.dates import in_words
from partnership.models import Body, User
from partnership.records.record import recording
from partnership.records.workflow import set_not_stated
from reviews.models import CoverReport, Implication, Review, Section
from reviews.models.outlines import COVER, COVER_DRAFT
from reviews.papers.covers.document import KEY
from reviews.papers.ordering import GAP


def add_cover(review: Review, *, body: Body, by: User, reason: str, **facts: Any) -> CoverReport:
    """Add the cover report that lays a review before a council's body.

    The first one begins the draft that all of them share; a later one begins with the implications of the first, none
    of them cleared. Raises ``PermissionDenied``, and ``ValidationError`` on the field.
    """
    cover = CoverReport(review=review, body=body, **facts)
    require(by, Permission.WRITE_REVIEWS, cover)
    first = review.covers.active().first()
    with recording(by=by, reason=reason):
        cover.full_clean_and_save()
        _begin_draft(review)
        texts = dict(first.implications.active().values_list("kind", "text")) if first else {}
        for kind in Implication.Kind:
            Implication(cover=cover, kind=kind, text=texts.get(kind, "")).full_clean_and_save()
    return cover


def _begin_draft(review: Review) -> None:
    """The sections that all covers share, once."""
    present = set(review.sections.active().values_list("key", flat=True))
    last = review.sections.order_by("position").last()
    position = last.position if last else 0
    for key, narrative in COVER_DRAFT.items():
        if f"{KEY}{key}" not in present:
            position += GAP
            Section(
                review=review,
                key=f"{KEY}{key}",
                position=position,
                level=Section.Level.COVER,
                heading=COVER[key],
                narrative=narrative,
            ).full_clean_and_save()


def write_implication(
    implication: Implication, *, text: str, by: User, reason: str, not_stated: Mapping[str, str] | None = None
) -> Implication:
    """Write an implication. Other text than was cleared has to be cleared again.

    ``not_stated`` names what a public record leaves open: the text, or that it was cleared. Raises
    ``PermissionDenied``, and ``ValidationError`` on ``text`` when it is a bare "none".
    """
    require(by, Permission.WRITE_REVIEWS, implication)
    stored = Implication.objects.filter(pk=implication.pk).first()
    if stored is None or text.strip() != stored.text:
        implication.end_clearance()
        implication.not_stated = {}
    set_not_stated(implication, not_stated, by=by)
    implication.text = text.strip()
    with recording(by=by, reason=reason):
        return implication.full_clean_and_save()


def clear_implication(implication: Implication, *, post: str, on: date, by: User, reason: str) -> Implication:
    """Clear an implication with one's own account; ``post`` is what the officer says that their post is.

    Raises ``PermissionDenied``, and ``ValidationError`` when nothing is written or it is cleared already.
    """
    implication.why_not_clear(by=by, on=on).check()
    implication.cleared_by = post
    implication.cleared_on = on
    implication.clearance_recorded_by = by
    implication.clearance_recorded_on = on
    with recording(by=by, reason=reason):
        return implication.full_clean_and_save()


def record_clearance(
    implication: Implication, *, cleared_by: str, cleared_on: date, evidence: str, on: date, by: User, reason: str
) -> Implication:
    """Record that somebody else, named by the post, cleared an implication on a day, and what shows it.

    Raises ``PermissionDenied``, and ``ValidationError`` when nothing is written, it is cleared already, the evidence is
    not named, or the day is still to come.
    """
    implication.why_not_record_clearance(by=by, on=on).check()
    if not evidence.strip():
        raise ValidationError({"evidence": "Say what shows that it was cleared."})
    if cleared_on > on:
        raise ValidationError({"cleared_on": f"This is later than today, {in_words(on)}."})
    implication.cleared_by = cleared_by
    implication.cleared_on = cleared_on
    implication.clearance_recorded_by = by
    implication.clearance_recorded_on = on
    implication.clearance_evidence = evidence.strip()
    with recording(by=by, reason=reason):
        return implication.full_clean_and_save()
