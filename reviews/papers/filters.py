"""Filters of reviews."""

from typing import ClassVar

from partnership.generic.filters import RegisterFilter
from reviews.models import AgendaItem, CoverStyle, ExitPlan, Review


class ReviewFilter(RegisterFilter):
    """Filters reviews."""

    search = (
        "title",
        "sections__heading",
        "sections__narrative",
        "recommendations__text",
        "assessments__commentary",
        "options__title",
        "options__description",
        "swot_items__text",
    )

    class Meta(RegisterFilter.Meta):
        model = Review
        fields: ClassVar[list[str]] = ["partnership", "kind", "body"]


class CoverStyleFilter(RegisterFilter):
    """Filters the councils' ways of setting out cover reports."""

    search = ("council__name", "council__short_name", "asks")

    class Meta(RegisterFilter.Meta):
        model = CoverStyle
        fields: ClassVar[list[str]] = ["council", "paragraphs"]


class AgendaItemFilter(RegisterFilter):
    """Filters what meetings take."""

    search = ("review__title", "business_case__title", "meeting__body__name")

    class Meta(RegisterFilter.Meta):
        model = AgendaItem
        fields: ClassVar[list[str]] = ["meeting__body", "review", "business_case"]


class ExitPlanFilter(RegisterFilter):
    """Filters exit plans."""

    search = ("title", "relationship", "agreement__title")

    class Meta(RegisterFilter.Meta):
        model = ExitPlan
        fields: ClassVar[list[str]] = ["partnership", "agreement"]
