"""Filters of appointments to outside bodies."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet

from partnership.generic.filters import RegisterFilter
from partnership.models import (
    OutsideBodyAppointment,
)


class OutsideBodyAppointmentFilter(RegisterFilter):
    """Filters appointments to outside bodies."""

    search = ("outside_body", "purpose", "member", "support_officer")

    held = django_filters.ChoiceFilter(
        label="Time", choices=[("now", "Held today"), ("over", "Over")], method="find_held"
    )

    class Meta(RegisterFilter.Meta):
        model = OutsideBodyAppointment
        fields: ClassVar[list[str]] = ["council", "capacity"]

    def find_held(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The filter "Time"."""
        return rows.held_on(self.on) if value == "now" else rows.filter(until_on__lt=self.on)

    def let_through(self, records: list[OutsideBodyAppointment], name: str, value: Any) -> list[OutsideBodyAppointment]:
        """The same on another day."""
        if name != "held":
            return super().let_through(records, name, value)
        if value == "now":
            return [row for row in records if row.is_held(self.on)]
        return [row for row in records if row.until_on is not None and row.until_on < self.on]
