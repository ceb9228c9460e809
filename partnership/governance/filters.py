"""Filters of the governance registers."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet

from partnership.accounts.permissions import today
from partnership.generic.filters import RegisterFilter
from partnership.models import (
    Action,
    Agreement,
    AuditCoverage,
    Body,
    Commitment,
    Comparator,
    Council,
    Decision,
    Meeting,
    Membership,
    Partnership,
    SignificantPartnership,
    User,
    WorkingModel,
)


def counties(user: User) -> list[tuple[str, str]]:
    """The counties of which the person sees councils."""
    seen = Council.objects.visible_to(user).active().exclude(county="")
    named = seen.order_by("county").values_list("county", flat=True)
    return [(county, county) for county in dict.fromkeys(named)]


class CouncilFilter(RegisterFilter):
    """Filters councils."""

    search = ("name", "short_name")

    class Meta(RegisterFilter.Meta):
        model = Council
        fields: ClassVar[list[str]] = ["tier"]


class PartnershipFilter(RegisterFilter):
    """Filters partnerships."""

    search = ("name", "purpose")

    significant_to = django_filters.ModelChoiceFilter(
        label="On the register of", queryset=Council.objects.all(), method="find_significant"
    )
    common_to = django_filters.ChoiceFilter(label="Common to every council of", method="find_common")

    class Meta(RegisterFilter.Meta):
        model = Partnership
        fields: ClassVar[list[str]] = ["kind", "orientation"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.form.fields["common_to"].choices = counties(self.request.user)

    def find_significant(self, rows: QuerySet, name: str, value: Council) -> QuerySet:
        """The filter "On the register of": what is significant to the council today."""
        entries = SignificantPartnership.objects.on_register(today()).filter(council=value)
        return rows.filter(pk__in=entries.visible_to(self.request.user).values("partnership"))

    def find_common(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The filter "Common to every council of": those to which every council of the county is party today."""
        return rows.filter(pk__in=Partnership.objects.common_to(Council.objects.of_county(value), today()).values("pk"))


class MembershipFilter(RegisterFilter):
    """Filters people and roles."""

    search = ("user__name", "council__name")

    class Meta(RegisterFilter.Meta):
        model = Membership
        fields: ClassVar[list[str]] = ["council", "role"]


class AgreementFilter(RegisterFilter):
    """Filters agreements."""

    search = ("title", "covers", "terms__heading", "terms__summary")

    class Meta(RegisterFilter.Meta):
        model = Agreement
        fields: ClassVar[list[str]] = ["partnership", "kind"]


class CommitmentFilter(RegisterFilter):
    """Filters principles and objectives."""

    search = ("short_title", "statement")

    class Meta(RegisterFilter.Meta):
        model = Commitment
        fields: ClassVar[list[str]] = ["partnership", "kind"]


class BodyFilter(RegisterFilter):
    """Filters bodies."""

    search = ("name", "short_name", "purpose")

    class Meta(RegisterFilter.Meta):
        model = Body
        fields: ClassVar[list[str]] = ["partnership", "kind", "council"]


class WorkingModelFilter(RegisterFilter):
    """Filters models of joint working."""

    search = ("name", "also_called", "description", "key_features")

    class Meta(RegisterFilter.Meta):
        model = WorkingModel
        fields: ClassVar[list[str]] = ["partnership"]


class ComparatorFilter(RegisterFilter):
    """Filters examples elsewhere."""

    search = ("name", "description", "benefits", "source")

    class Meta(RegisterFilter.Meta):
        model = Comparator
        fields: ClassVar[list[str]] = ["partnership"]


class MeetingFilter(RegisterFilter):
    """Filters meetings."""

    search = ("body__name", "place_or_link", "business")

    class Meta(RegisterFilter.Meta):
        model = Meeting
        fields: ClassVar[list[str]] = ["body", "access"]


class DecisionFilter(RegisterFilter):
    """Filters decisions."""

    search = ("title", "reference", "report_title", "reasons", "resolutions__text")

    class Meta(RegisterFilter.Meta):
        model = Decision
        fields: ClassVar[list[str]] = ["body", "key_or_not"]


class ActionFilter(RegisterFilter):
    """Filters actions."""

    search = ("title", "owner", "evidence", "notes__text")

    status = django_filters.ChoiceFilter(
        label="Status", choices=[("open", "Open"), ("overdue", "Overdue"), ("done", "Done")], method="find_status"
    )

    class Meta(RegisterFilter.Meta):
        model = Action
        fields: ClassVar[list[str]] = ["partnership", "council"]

    def find_status(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The filter "Status": overdue ones are open too."""
        if value == "done":
            return rows.filter(done_on__isnull=False)
        still_open = rows.filter(done_on__isnull=True)
        return still_open.filter(due_on__lt=today()) if value == "overdue" else still_open


class AuditCoverageFilter(RegisterFilter):
    """Filters internal audit."""

    search = ("title", "covers", "auditor", "findings")

    class Meta(RegisterFilter.Meta):
        model = AuditCoverage
        fields: ClassVar[list[str]] = ["partnership", "council", "financial_year", "opinion"]
