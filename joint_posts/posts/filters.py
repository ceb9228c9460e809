"""Filters of joint posts."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet

from joint_posts.models import JointPost
from partnership.accounts.permissions import today
from partnership.generic.filters import RegisterFilter
from partnership.models import Council


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
        """Keep the posts whose officer the council employs today."""
        return rows.with_employer_on(today()).filter(employer_number=value.pk)
