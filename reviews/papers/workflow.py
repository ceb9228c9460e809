"""The verbs of a review: starting one from its outline, writing, rating and recommending."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any

from django.utils.text import slugify

from partnership.accounts.permissions import require
from partnership.accounts.roles import Permission
from partnership.models import Body, Commitment, Partnership, User
from partnership.records.record import recording
from partnership.records.workflow import set_not_stated
from reviews.models import Assessment, Option, Recommendation, Review, Section, SwotItem
from reviews.models.outlines import OUTLINES
from reviews.papers import ordering


def start_review(
    partnership: Partnership,
    *,
    kind: str,
    title: str,
    slug: str,
    body: Body,
    as_at: date,
    by: User,
    reason: str,
    last_time: Review | None = None,
    not_stated: Mapping[str, str] | None = None,
    **facts: Any,
) -> Review:
    """Start a review with the sections of its outline, none of them public yet.

    ``last_time`` is an earlier review whose text is carried over, section by section, and marked so until somebody
    edits it; what only named readers see is not.

    Raises ``PermissionDenied``, and ``ValidationError`` on the field, such as another partnership's body.
    """
    review = Review(partnership=partnership, kind=kind, title=title, slug=slug, body=body, as_at=as_at, **facts)
    require(by, Permission.WRITE_REVIEWS, review)
    set_not_stated(review, not_stated, by=by)
    with recording(by=by, reason=reason):
        review.full_clean_and_save()
        earlier = _text_of(last_time, by)
        for position, entry in enumerate(OUTLINES[kind].sections, start=1):
            carried = earlier.get(entry.key, "")
            Section(
                review=review,
                key=entry.key,
                position=position * ordering.GAP,
                level=entry.level,
                heading=entry.heading,
                narrative=carried or entry.narrative,
                is_from_last_time=bool(carried),
            ).full_clean_and_save()
    return review


def _text_of(review: Review | None, by: User) -> dict[str, str]:
    """The narratives of a review that the person may read and that no exemption covers, by the section's key."""
    if review is None:
        return {}
    rows = review.sections.visible_to(by).active()
    return {row.key: row.narrative for row in rows if not row.is_read_by_name}


def add_section(
    review: Review,
    *,
    level: int,
    heading: str,
    key: str = "",
    narrative: str = "",
    after: Section | None = None,
    by: User,
    reason: str,
) -> Section:
    """Add a section behind another, or at the end. Without a ``key`` it is named after its heading.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``after`` where no such section can stand.
    """
    key = key or _free_key(review, heading)
    section = Section(review=review, key=key, level=level, heading=heading, narrative=narrative)
    require(by, Permission.WRITE_REVIEWS, section)
    with recording(by=by, reason=reason):
        for row in ordering.placed(_in_order(review), [section], after or ordering.END):
            row.full_clean_and_save()
    return section


def move_section(section: Section, *, after: Section | None, by: User, reason: str) -> None:
    """Put a section, with its sub-sections, behind another one, or in front of all; every number follows.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``after`` where it cannot stand.
    """
    section.why_not_move(by=by).check()
    rows = _in_order(section.review)
    moved = ordering.with_subsections(section, rows)
    others = [row for row in rows if row not in moved]
    with recording(by=by, reason=reason):
        for row in ordering.placed(others, moved, after):
            row.full_clean_and_save()


def _in_order(review: Review) -> list[Section]:
    """The sections from the front, the draft of the covers last."""
    return list(review.sections.active().order_by("position", "pk"))


def _free_key(review: Review, heading: str) -> str:
    """Return a key for the section that no other section of the review has."""
    name = slugify(heading)[:36].strip("-") or "section"
    taken = set(review.sections.active().values_list("key", flat=True))
    if name not in taken:
        return name
    return next(f"{name}-{number}" for number in count(2) if f"{name}-{number}" not in taken)


def write_section(
    section: Section, *, narrative: str | None = None, heading: str | None = None, by: User, reason: str
) -> Section:
    """Write a section's narrative (Markdown) or heading; what is not named stays.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``heading``.
    """
    require(by, Permission.WRITE_REVIEWS, section)
    with recording(by=by, reason=reason):
        section.narrative = section.narrative if narrative is None else narrative
        section.heading = section.heading if heading is None else heading
        section.is_from_last_time = False
        section.full_clean_and_save()
    section.drafts.filter(person=by).delete()
    return section


def rate(review: Review, commitment: Commitment, *, rating: str, commentary: str, by: User, reason: str) -> Assessment:
    """Rate a principle or objective, or change the rating that the review gives it.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``commitment`` when it is another partnership's.
    """
    own = review.assessments.active().filter(commitment=commitment)
    assessment = own.first() or Assessment(review=review, commitment=commitment)
    require(by, Permission.WRITE_REVIEWS, assessment)
    with recording(by=by, reason=reason):
        assessment.rating = rating
        assessment.commentary = commentary
        return assessment.full_clean_and_save()


def recommend(
    review: Review, *, addressee: Body, verb: str, text: str, key: str = "", by: User, reason: str
) -> Recommendation:
    """Add a recommendation at the end of the list; ``key`` is the short name by which the text refers to it.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``addressee`` when the body is another partnership's.
    """
    recommendation = Recommendation(review=review, addressee=addressee, verb=verb, text=text, key=key)
    require(by, Permission.WRITE_REVIEWS, recommendation)
    recommendation.position = _next_position(review.recommendations)
    with recording(by=by, reason=reason):
        return recommendation.full_clean_and_save()


def add_option(
    review: Review,
    *,
    title: str,
    description: str,
    is_preferred: bool = False,
    reasons: str = "",
    by: User,
    reason: str,
) -> Option:
    """Add a way forward that the review weighs. Raises ``PermissionDenied`` and ``ValidationError``."""
    option = Option(review=review, title=title, description=description, is_preferred=is_preferred, reasons=reasons)
    require(by, Permission.WRITE_REVIEWS, option)
    option.position = _next_position(review.options)
    with recording(by=by, reason=reason):
        return option.full_clean_and_save()


def add_swot_item(review: Review, *, kind: str, text: str, by: User, reason: str) -> SwotItem:
    """Add a strength, weakness, opportunity or threat.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``text`` when it is blank.
    """
    item = SwotItem(review=review, kind=kind, text=text.strip())
    require(by, Permission.WRITE_REVIEWS, item)
    item.position = _next_position(review.swot_items.filter(kind=kind))
    with recording(by=by, reason=reason):
        return item.full_clean_and_save()


def _next_position(rows: Any) -> int:
    last = rows.order_by("position").last()
    return last.position + 1 if last else 1
