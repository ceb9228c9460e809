"""The page that says of each significant partnership what is not on record, and leads to where it is mended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView

from partnership.accounts.permissions import today
from partnership.models import User
from partnership.significant.completeness import (
    NOT_STATED,
    RECORDED,
    Check,
    Held,
    checks,
    held_for,
    may_open,
    usual_year,
    years_to_ask_about,
)


class Completeness(TemplateView):
    """Every entry on the registers of the person's councils, with what is missing for a year."""

    template_name = "significant/completeness.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_open(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        on = today()
        held = held_for(user, on)
        years = years_to_ask_about(held, on)
        asked = self.request.GET.get("year", "")
        year = asked if asked in years else usual_year(held, on)
        entries = [entry_of(one, year, user) for one in held]
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": [("Home", reverse("home")), ("Partnerships", reverse("partnership_list"))],
            "page_title": "Completeness of the partnerships register",
            "entries": entries,
            "complete": sum(not entry["missing"] for entry in entries),
            "year": year,
            "years": years,
        }


def entry_of(held: Held, year: str, user: User) -> dict[str, Any]:
    """An entry as the page shows it."""
    found = checks(held, year, today())
    return {
        "title": held.entry.partnership.name,
        "url": held.entry.partnership.get_absolute_url(),
        "council": held.entry.council.name,
        "missing": [
            {"what": check.what, "sentence": check.sentence, "url": mended_at(held, check, year, user)}
            for check in found
            if check.is_missing
        ],
        "there": names_of(found, RECORDED),
        "not_stated": names_of(found, NOT_STATED),
    }


def names_of(found: Iterable[Check], state: str) -> str:
    """Return the names of the entries in a state, in a line."""
    return ", ".join(check.what.lower() for check in found if check.state == state)


def mended_at(held: Held, check: Check, year: str, user: User) -> str:
    """Return the page on which a missing fact is entered: the entry's form, the return, or the partnership's page."""
    entry = held.entry
    found = held.return_for(year)
    if not check.mended_at:
        may = user.has_perm(entry.edit_permission, entry)
        return reverse("significantpartnership_edit", args=[entry.pk]) if may else entry.get_absolute_url()
    if check.mended_at == "returns" and found:
        return found.get_absolute_url()
    return f"{entry.partnership.get_absolute_url()}#{check.mended_at}"
