"""A person's dates for their calendar: the page that makes and ends its secret address, and the feed behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import View
from icalendar import Calendar, Event

from partnership.accounts.permissions import today
from partnership.accounts.roles import Permission
from partnership.models import CalendarFeed, Partnership, User
from partnership.records.snapshots import repeatable_read
from reviews.facts.dashboard import steering_facts
from reviews.facts.dates import DateFact

REVOKE = "revoke"


class CalendarPage(View):
    """The page on which a person makes or ends the address of their feed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown(request)

    @method_decorator(transaction.atomic)
    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("do") == REVOKE:
            CalendarFeed.revoke(request.user, on=today())
            messages.success(request, "The address no longer works. Remove it from your calendar.")
            return redirect("calendar")
        secret = CalendarFeed.make(request.user, on=today())
        address = request.build_absolute_uri(reverse("dates_calendar", args=[secret]))
        return self.shown(request, address)

    def shown(self, request: HttpRequest, address: str = "") -> HttpResponse:
        """The page; the address is on it only right after it was made."""
        context = {
            "address": address,
            "breadcrumbs": [("Home", reverse("home"))],
            "feed": CalendarFeed.open_on(today()).filter(user=request.user).first(),
            "page_title": "Dates in your calendar",
        }
        return render(request, "reviews/dashboards/calendar.html", context)


@method_decorator(login_not_required, name="dispatch")
class CalendarFeedPage(View):
    """The feed. Its secret stands in for signing in; what it shows is what its person may see today."""

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        feed = CalendarFeed.of_secret(secret, on=today())
        if feed is None:
            raise Http404
        response = HttpResponse(calendar_of(feed.user, request), content_type="text/calendar; charset=utf-8")
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response


def calendar_of(user: User, request: HttpRequest) -> bytes:
    """Return every date of the partnerships whose registers the person reads, as an iCalendar file."""
    calendar = Calendar()
    calendar.add("prodid", "-//Partnership portal//Dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Partnership dates")
    for partnership in Partnership.objects.active().filter(
        pk__in=user.authority.partnerships(Permission.READ_REGISTERS)
    ):
        for event in _events(user, partnership, request):
            calendar.add_component(event)
    return calendar.to_ical()


def _events(user: User, partnership: Partnership, request: HttpRequest) -> Iterator[Event]:
    papers = partnership.pk in user.authority.partnerships(Permission.READ_WORKING_PAPERS)
    with repeatable_read():
        found = steering_facts(partnership, today(), None, has_working_papers=papers)
    for row in found.dates:
        yield _event(row, partnership, request)


def _event(row: DateFact, partnership: Partnership, request: HttpRequest) -> Event:
    event = Event()
    stable: dict[str, Any] = {"uid": f"{row.id}@{partnership.slug}", "summary": f"{row.what}: {row.whose}"}
    for name, value in stable.items():
        event.add(name, value)
    event.add("dtstart", row.on)
    event.add("dtend", row.last_day + timedelta(days=1))
    event.add("dtstamp", datetime.combine(row.on, time(), UTC))  # the same file again for the same dates
    event.add("description", f"{partnership.name}. {row.when}.")
    event.add("transp", "TRANSPARENT")
    event.add("url", request.build_absolute_uri(reverse(f"{row.of}_detail", args=[row.key])))
    return event
