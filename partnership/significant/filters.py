"""Filters of appointments to outside bodies."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet

from partnership.accounts.permissions import today
from partnership.generic.filters import RegisterFilter
from partnership.models import OutsideBodyAppointment


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
        return rows.held_on(today()) if value == "now" else rows.filter(until_on__lt=today())
