"""Filters of joint posts."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet

from joint_posts.models import JointPost
from partnership.generic.filters import RegisterFilter
from partnership.models import Council
from partnership.records.record import Record


class JointPostFilter(RegisterFilter):
    """Filters joint posts."""

    search = ("title", "steps__title", "purpose", "areas_led")

    home_council = django_filters.ModelChoiceFilter(
        label="Home council", method="employed_by", queryset=Council.objects.all()
    )

    class Meta(RegisterFilter.Meta):
        model = JointPost
        fields: ClassVar[list[str]] = ["partnership", "status", "appointment", "home_council", "tier"]

    def employed_by(self, rows: QuerySet, name: str, value: Council) -> QuerySet:
        """The filter "Home council": who employs the officer on the day of the page."""
        return rows.with_employer_on(self.on).filter(employer_number=value.pk)

    def let_through(self, records: list[Record], name: str, value: Any) -> list[Record]:
        """Ask records of a past day for their own employer: it is the one of that day, as known then."""
        if name == "home_council":
            return [record for record in records if record.home_council_id == value.pk]
        return super().let_through(records, name, value)
