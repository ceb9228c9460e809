"""The paragraph for a council's annual governance statement, ready to paste."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from joint_posts.models import PostStep
from partnership.accounts.permissions import today
from partnership.financial_years import FinancialYear
from partnership.models import Agreement, AuditCoverage, Decision, Meeting, Partnership, Party
from reviews.dashboards.governance_statement import may_open, paragraph
from reviews.dashboards.pages import SteeringPage
from reviews.facts.assurance import GovernanceFacts, governance_facts
from reviews.facts.councils import council_facts
from reviews.facts.reading import Reader


def years_of_records(partnership: Partnership, on: date) -> list[FinancialYear]:
    """Return every year from the first of which something is recorded to the present one, the latest first."""
    last = FinancialYear.containing(on)
    own = {"body__partnership": partnership}
    starts = [
        partnership.agreed_on,
        partnership.started_on,
        Party.objects.filter(partnership=partnership).aggregate(first=Min("joined_on"))["first"],
        Agreement.objects.filter(partnership=partnership).aggregate(first=Min("made_on"))["first"],
        Meeting.objects.filter(**own).aggregate(first=Min("held_on"))["first"],
        Decision.objects.filter(**own).aggregate(first=Min("decided_on"))["first"],
        PostStep.objects.filter(post__partnership=partnership).aggregate(first=Min("from_on"))["first"],
    ]
    years = [FinancialYear.containing(day).start for day in starts if day and day <= on]
    audits = AuditCoverage.objects.filter(partnership=partnership).values_list("financial_year", flat=True)
    years += [FinancialYear.read(year).start for year in set(audits)]
    first = min(years, default=last.start)
    return [FinancialYear(start) for start in range(last.start, first - 1, -1)]


class GovernanceStatement(SteeringPage):
    """Choose a council and a year; the paragraph is drawn from the records."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not may_open(request.user) or not self.has_working_papers:
            raise PermissionDenied
        councils = council_facts(Reader(self.partnership.pk, None), today())
        asked = request.GET.get("council", "").strip().lower()[:40] or next(iter(councils)).key
        year, problem = self.year_asked_for()
        try:
            found = governance_facts(self.partnership, asked, year, today())
        except LookupError:
            found = None
            problem = "No such council was party to the partnership in that year."
        return render(
            request, "reviews/dashboards/governance_statement.html", self.context(councils, year, found, problem)
        )

    def year_asked_for(self) -> tuple[FinancialYear, str]:
        """The year in the address, else the last that is over; with a sentence where it makes no sense."""
        last = FinancialYear.containing(today()).previous()
        typed = self.request.GET.get("year", "")
        if not typed:
            return last, ""
        try:
            year = FinancialYear.read(typed)
        except ValueError as error:
            return last, str(error)
        if year.first_day > today():
            return last, f"{year} has not begun. This page shows {last}."
        return year, ""

    def context(
        self, councils: Any, year: FinancialYear, found: GovernanceFacts | None, problem: str
    ) -> dict[str, Any]:
        """Return the context of the template."""
        years = [str(recorded) for recorded in years_of_records(self.partnership, today())]
        return {
            "breadcrumbs": [("Home", reverse("home"))],
            "councils": councils,
            "council": found.council if found else None,
            "page_title": "Governance statement",
            "partnership": self.partnership,
            "partnerships": self.partnerships if len(self.partnerships) > 1 else [],
            "problem": problem,
            "text": paragraph(found) if found else "",
            "year": str(year),
            "years": years if str(year) in years else [*years, str(year)],
        }
