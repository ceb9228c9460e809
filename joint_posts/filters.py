"""Filters of joint posts and savings."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet

from joint_posts.models import JointPost, Saving, SavingsTarget
from partnership.financial_years import FinancialYear
from partnership.generic.filters import RegisterFilter


def year_choices() -> list[tuple[str, str]]:
    """The financial years of three decades, as a drop-down offers them."""
    return [(str(year), str(year)) for year in map(FinancialYear, range(2035, 2004, -1))]


class JointPostFilter(RegisterFilter):
    """Filters joint posts."""

    search = ("title", "steps__title", "purpose", "areas_led")

    class Meta(RegisterFilter.Meta):
        model = JointPost
        fields: ClassVar[list[str]] = ["partnership", "status", "appointment", "home_council", "tier"]


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
