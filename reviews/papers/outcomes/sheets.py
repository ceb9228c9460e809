"""Draw the decisions of meetings on a review as sheets for the committee system."""

from __future__ import annotations

from django.utils.text import slugify

from partnership.governance.decision_sheet import as_text, decision_sheet
from partnership.governance.effects import effects_as_read
from partnership.governance.registers.decisions import resolutions_of
from partnership.models import Decision, User
from reviews.models import AgendaItem, Review


def sheets_for(user: User, review: Review) -> list[tuple[str, str]]:
    """The name and the text of the sheet of each decision on the review, as far as the person may see them."""
    items = AgendaItem.objects.visible_to(user).active().filter(review=review, decision__isnull=False)
    decisions = Decision.objects.visible_to(user).active().filter(pk__in=items.values("decision"))
    rows = list(decisions.select_related("body__council", "body__partnership", "meeting").order_by("decided_on", "pk"))
    effects = effects_as_read(user, review.partnership) if rows else {}
    return [(name_of(row), as_text(decision_sheet(row, resolutions_of(row), effects))) for row in rows]


def name_of(decision: Decision) -> str:
    """Return what a clerk would call the file."""
    return f"{decision.decided_on:%Y-%m-%d}-{slugify(str(decision.body))}-decision-{decision.pk}.txt"
