"""The pages that are not a register's: home, signing in and out, and the page for an expired form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a person sees whose form was open so long, or in so many tabs, that it can no longer be trusted."""
    return render(request, "form_expired.html", {"page_title": "This form has expired"}, status=403)
