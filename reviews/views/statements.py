"""The paragraph for a council's annual governance statement, ready to paste."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from partnership.access import today
from partnership.financial_years import FinancialYear
from reviews.dashboards.pages import SteeringPage
from reviews.facts.assurance import GovernanceFacts, governance_facts
from reviews.facts.councils import council_facts
from reviews.facts.reading import Reader
from reviews.governance_statement import may_open, paragraph

YEARS_BACK = 5


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
            found, problem = None, "No such council was party to the partnership in that year."
        return render(request, "reviews/governance_statement.html", self.context(councils, year, found, problem))

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
        """What the template shows."""
        last = FinancialYear.containing(today())
        years = [str(FinancialYear(last.start - back)) for back in range(YEARS_BACK + 1)]
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
