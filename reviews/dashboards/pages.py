"""The pages of a board: the dashboard, the lines behind a figure, and both as files."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.utils.http import quote_etag
from django.utils.text import slugify
from django.views.generic import View

from partnership.accounts.permissions import today
from partnership.accounts.roles import Permission
from partnership.dates import add_months
from partnership.generic.exports import csv_lines, csv_response, workbook_response
from partnership.models import Partnership
from partnership.records.as_at import AsAt, end_of, moment_asked_for
from partnership.records.data_versions import DataVersion
from partnership.records.snapshots import repeatable_read
from reviews.dashboards.cache import SHAPE, DashboardKey, board_for, lines_for, version_now
from reviews.dashboards.changes import NOTHING_RECORDED, figure_changes, record_changes
from reviews.dashboards.drill_downs import DrillDown, drill_down
from reviews.dashboards.figures import board_figures
from reviews.dashboards.todo import personal_figures, waiting_for
from reviews.facts.dashboard import SteeringFacts
from reviews.facts.reading import NotYetKnown
from reviews.papers.output import html, pdf

MONTHS_BACK = 3
NOT_YET = "Nothing was recorded of this partnership by then."


class SteeringPage(View):
    """The common part of the pages: the partnership and the moment, as far as the person may see them."""

    @cached_property
    def partnerships(self) -> list[Partnership]:
        """The partnerships that share officers and whose registers the person reads: the others have no figures."""
        readable = self.request.user.authority.partnerships(Permission.READ_REGISTERS)
        return list(Partnership.objects.active().sharing().filter(pk__in=readable))

    @cached_property
    def partnership(self) -> Partnership:
        """The one asked for, else the first. 404 for one that is not the person's to know."""
        slug = self.request.GET.get("partnership", "")
        found = [row for row in self.partnerships if not slug or row.slug == slug]
        if not found:
            raise Http404 if slug else PermissionDenied
        return found[0]

    @cached_property
    def moment(self) -> AsAt:
        return moment_asked_for(self.request.GET, today())

    @cached_property
    def has_working_papers(self) -> bool:
        """Return whether the person reads drafts, and so the ratings in them."""
        readable = self.request.user.authority.partnerships(Permission.READ_WORKING_PAPERS)
        return self.partnership.pk in readable

    def steering(self) -> SteeringFacts:
        """The facts of the moment asked for, line by line. 404 when nothing was recorded by then."""
        try:
            return lines_for(self.asked_at(self.moment))
        except NotYetKnown as error:
            raise Http404(NOT_YET) from error

    def steering_at(self, moment: AsAt) -> SteeringFacts:
        """The facts of a moment, all of one instant. Raises ``NotYetKnown``."""
        with repeatable_read():
            return self.asked_at(moment).facts()

    def asked_at(self, moment: AsAt, council: str = "") -> DashboardKey:
        """Return the moment that the person asks for, as far as they may see it."""
        return DashboardKey(self.partnership, moment, council, self.has_working_papers)

    def address(self, name: str, moment: AsAt | None = None, **more: str) -> str:
        """Another page of the same partnership, at the same moment or another."""
        several = {"partnership": self.partnership.slug} if len(self.partnerships) > 1 else {}
        return (moment or self.moment).address(reverse(name), **several, **more)


class Dashboard(SteeringPage):
    """The home of signed-in members: the partnership, or one council's view of it, on any date."""

    def get(self, request: HttpRequest) -> HttpResponse:
        # Read before anything else: what is shown is never older than the tag it is shown under.
        tag = self.etag()
        unchanged = get_conditional_response(request, etag=tag)
        if unchanged is not None and unchanged.status_code == 304:
            unchanged._csp_exempt = True  # the page that the browser kept has its own policy, with its own nonce
            return unchanged
        if not self.partnerships:
            return redirect("registers")
        try:
            board = board_for(self.asked, version_now(self.asked))
        except NotYetKnown:
            return self.shown({"problem": NOT_YET})
        response = self.shown(self.board_context(board))
        response["ETag"] = tag
        return response

    @cached_property
    def asked(self) -> DashboardKey:
        council = self.request.GET.get("council", "").strip().lower()[:40]
        return self.asked_at(self.moment, council)

    def etag(self) -> str:
        """Changes with the release, the day, the person, and any record: what they may see follows from records too."""
        user = self.request.user
        parts = (SHAPE, DataVersion.all_versions(), today(), user.pk, user.name, self.request.GET.urlencode())
        return quote_etag(hashlib.sha256(repr(parts).encode()).hexdigest()[:32])

    def board_context(self, board: Any) -> dict[str, Any]:
        asked_in_vain = self.asked.council and board.council is None
        problem = self.moment.problem
        if asked_in_vain:
            problem = "No such council is party to the partnership on that day. This page shows all of them."
        return {
            "board": board,
            "problem": problem,
            "waiting": waiting_for(self.request.user, board, self.moment.as_at) if self.moment.is_today else [],
            "views": self.views(board),
        }

    def views(self, board: Any) -> list[dict[str, Any]]:
        """The sub-navigation: all the councils, then each."""
        everybody = {"label": "All councils", "url": self.address("home"), "current": board.council is None}
        return [everybody] + [
            {
                "label": council.name,
                "url": self.address("home", council=council.key),
                "current": council == board.council,
            }
            for council in board.councils
        ]

    def shown(self, context: dict[str, Any]) -> HttpResponse:
        """The page, with its date control and links."""
        moment = self.moment
        council = self.asked.council
        board = context.get("board")
        frame = {
            "changes_url": self.address("changes", **{"from": moment.as_at.isoformat()} if not moment.is_today else {}),
            "council": council if board and board.council else "",
            "moment": moment,
            "other_url": self.address("home", moment.other, council=council),
            "page_title": board.council.name if board and board.council else self.partnership.name,
            "partnership": self.partnership,
            "partnerships": self.partnerships,
            "pdf_url": self.address("dashboard_pdf", council=council),
            "today_url": self.address("home", AsAt(today()), council=council),
        }
        return render(self.request, "reviews/dashboards/dashboard.html", frame | context)


class DashboardPdf(Dashboard):
    """The board on two pages of A4."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            board = board_for(self.asked, version_now(self.asked))
        except NotYetKnown as error:
            raise Http404(NOT_YET) from error
        title = board.council.name if board.council else board.partnership
        context = {
            "board": board,
            "fonts": html.fonts(),
            "moment": self.moment,
            "origin": request.build_absolute_uri("/"),
            "page_title": title,
            "style": html.style("dashboards/board.css"),
        }
        try:
            content = pdf.render_apart(render_to_string("reviews/dashboards/dashboard_paper.html", context))
        except pdf.CannotDraw as problem:
            messages.error(request, str(problem))
            return redirect(self.address("home", council=self.asked.council))
        response = HttpResponse(content, content_type="application/pdf")
        name = f"{slugify(title)}-{self.moment.as_at.isoformat()}.pdf"
        response["Content-Disposition"] = f'inline; filename="{name}"'
        return response


class FigurePage(SteeringPage):
    """The lines that a figure is made of."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        drill = self.drill(name)
        return render(request, "reviews/dashboards/figure.html", self.context(name, drill))

    def drill(self, name: str) -> DrillDown:
        """The figure of that name with its rows. 404 for a name that does not exist, or not for this person."""
        steering = self.steering()
        found = board_figures(steering) | {row.name: row for row in personal_figures(self.request.user, steering)}
        drill = drill_down(found[name], steering) if name in found else None
        if drill is None:
            raise Http404
        full = found.get(f"{name}.full", drill.figure)
        return replace(drill, said=full.text)

    def context(self, name: str, drill: DrillDown) -> dict[str, Any]:
        query = self.request.GET.urlencode()
        return {
            "breadcrumbs": [("Home", self.address("home"))],
            "columns": [{"label": column.label, "numeric": column.numeric} for column in drill.columns],
            "drill": drill,
            "exports": [
                {"label": label, "url": f"{reverse(page, args=[name])}{'?' if query else ''}{query}"}
                for page, label in (("figure_export", "Download as CSV"), ("figure_export_xlsx", "Download as Excel"))
            ],
            "moment": self.moment,
            "page_title": drill.said,
            "rows": [self.row(drill, row) for row in drill.rows],
        }

    def row(self, drill: DrillDown, row: Any) -> dict[str, Any]:
        kind, key = drill.address_of(row)
        url = self.moment.address(reverse(f"{kind}_detail", args=[key]))
        return {"url": url, "cells": [column.cell(row) for column in drill.columns]}


class FigureExport(FigurePage):
    """The same lines as a file."""

    as_workbook = False

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        drill = self.drill(name)
        headings = [column.label for column in drill.columns]
        lines = map(drill.raw_cells, drill.rows)
        if self.as_workbook:
            return workbook_response(name, drill.title, headings, lines)
        return csv_response(name, csv_lines(headings, lines))


class ChangesPage(SteeringPage):
    """The changes between two days: figures and records, with who and why."""

    def get(self, request: HttpRequest) -> HttpResponse:
        to = self.asked_for("to", today())
        since = self.asked_for("from", add_months(to.as_at, -MONTHS_BACK))
        if since.as_at >= to.as_at:
            since = replace(since, problem="Enter a first day that is before the second.")
        context = {
            "breadcrumbs": [("Home", self.address("home"))],
            "figure_columns": [
                {"label": "Figure"},
                {"label": "Before", "numeric": True},
                {"label": "After", "numeric": True},
            ],
            "page_title": f"What changed in the {self.partnership.name}",
            "partnership": self.partnership,
            "partnerships": self.partnerships,
            "since": since,
            "to": to,
        }
        if not (since.problem or to.problem):
            context |= self.changes(since, to)
        return render(request, "reviews/dashboards/changes.html", context)

    def asked_for(self, name: str, otherwise: date) -> AsAt:
        """One of the two days, as known at its end."""
        typed = self.request.GET.get(name, "").strip()
        return moment_asked_for({"as_at": typed or otherwise.isoformat()}, today())

    def changes(self, since: AsAt, to: AsAt) -> dict[str, Any]:
        end = to.known_at or end_of(to.as_at)
        entries, is_cut = record_changes(self.partnership, self.request.user, since.known_at, end)
        return {"entries": entries, "figures": self.figures(since, to), "is_cut": is_cut}

    def figures(self, since: AsAt, to: AsAt) -> list[dict[str, Any]]:
        """The figures that differ, each a link to its lines on either day."""
        try:
            changes = figure_changes(self.steering_at(since), self.steering_at(to))
        except NotYetKnown:
            return []
        slug = self.partnership.slug

        def cell(label: str, text: str, moment: AsAt, name: str) -> dict[str, Any]:
            url = moment.address(reverse("figure", args=[name]), partnership=slug) if text != NOTHING_RECORDED else ""
            return {"label": label, "text": text, "url": url, "numeric": True}

        return [
            {
                "cells": [
                    {"label": "", "text": row.label},
                    cell("Before", row.before, since, row.name),
                    cell("After", row.after, to, row.name),
                ]
            }
            for row in changes
        ]
