"""Filters of savings and savings targets."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet

from joint_posts.models import Saving, SavingsTarget
from partnership.financial_years import FinancialYear
from partnership.generic.filters import RegisterFilter


def year_choices() -> list[tuple[str, str]]:
    """The financial years of three decades, as a drop-down offers them."""
    return [(str(year), str(year)) for year in map(FinancialYear, range(2035, 2004, -1))]


class SavingFilter(RegisterFilter):
    """Filters savings."""

    search = ("title", "basis", "caveats")

    year = django_filters.ChoiceFilter(
        label="Financial year", empty_label="Latest with figures", method="keep_all", choices=year_choices
    )

    class Meta(RegisterFilter.Meta):
        model = Saving
        fields: ClassVar[list[str]] = ["partnership", "category", "benefit_type"]

    def keep_all(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The year chooses which figures the columns show, not which savings are listed."""
        return rows


class SavingsTargetFilter(RegisterFilter):
    """Filters savings targets."""

    search = ("source",)

    class Meta(RegisterFilter.Meta):
        model = SavingsTarget
        fields: ClassVar[list[str]] = ["partnership", "council", "financial_year"]
