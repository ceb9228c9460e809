"""Forms of exit plans and what they hold."""

from __future__ import annotations

from typing import Any

from partnership.generic.forms import RecordForm
from reviews.models import ExitArrangement, ExitEstimate, ExitPayment, ExitPlan, ExitPost


class ExitPlanForm(RecordForm):
    """A plan for ending an agreement."""

    fieldsets = (
        ("The plan", "", ("partnership", "title", "agreement")),
        (
            "Notice",
            "Notice that a council has given is recorded on the agreement and stands before what is assumed here.",
            ("assumed_notice_by", "assumed_notice_on", "last_day_on", "others_go_on"),
        ),
        ("Afterwards", "", ("relationship",)),
    )

    class Meta:
        model = ExitPlan
        fields = (
            "partnership",
            "title",
            "agreement",
            "assumed_notice_by",
            "assumed_notice_on",
            "last_day_on",
            "others_go_on",
            "relationship",
        )


class PlannedEndForm(RecordForm):
    """Form for the end of something shared; a new row offers what the plan's partnership shares."""

    shared = ""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields[self.shared]
        field.queryset = field.queryset.filter(partnership=self.instance.plan.partnership_id)


class ExitPostForm(PlannedEndForm):
    """Form for the end of a joint post."""

    shared = "post"

    class Meta:
        model = ExitPost
        fields = ("post", "disposition", "employed_by", "phase", "last_day_on", "what_follows")


class ExitArrangementForm(PlannedEndForm):
    """Form for the end of a service."""

    shared = "arrangement"

    class Meta:
        model = ExitArrangement
        fields = ("arrangement", "disposition", "employed_by", "phase", "last_day_on", "what_follows")


class ExitEstimateForm(RecordForm):
    """A cost or saving of leaving."""

    class Meta:
        model = ExitEstimate
        fields = ("council", "financial_year", "kind", "title", "amount", "is_about")


class ExitPaymentForm(RecordForm):
    """An agreed payment in lieu."""

    class Meta:
        model = ExitPayment
        fields = ("paid_by", "paid_to", "paid_on", "amount")
