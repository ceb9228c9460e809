"""Filters of business cases and service arrangements."""

from typing import ClassVar

from business_cases.models import BusinessCase, ServiceArrangement
from partnership.generic.filters import RegisterFilter


class BusinessCaseFilter(RegisterFilter):
    """Filters business cases."""

    search = ("title", "service_area", "sponsor", "lead")

    class Meta(RegisterFilter.Meta):
        model = BusinessCase
        fields: ClassVar[list[str]] = ["partnership", "kind", "stage", "working_model"]


class ServiceArrangementFilter(RegisterFilter):
    """Filters service arrangements."""

    search = ("service", "site")

    class Meta(RegisterFilter.Meta):
        model = ServiceArrangement
        fields: ClassVar[list[str]] = ["partnership", "kind", "provider", "receiver", "formality"]
