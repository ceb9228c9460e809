"""The register of exit plans, declared."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from partnership.generic.register import Register
from partnership.records.record import Record, RecordQuerySet
from reviews.exit_plans import forms
from reviews.models import (
    ExitArrangement,
    ExitEstimate,
    ExitPayment,
    ExitPlan,
    ExitPost,
)
from reviews.papers import filters


class ExitPostRegister(Register):
    """Register of the joint posts in a plan."""

    model = ExitPost
    path = "posts"
    parent = "plan"
    form_class = forms.ExitPostForm
    columns = ("post", "disposition", "employed_by", "phase", "last_day_on", "what_follows")
    help = "The paper lists every joint post; one that is not here stands there as not decided."
    empty_text = "Nothing is decided yet. Say of each post what becomes of it and who employs its holder."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("post", "employed_by", "plan")


class ExitArrangementRegister(Register):
    """Register of the services in a plan."""

    model = ExitArrangement
    path = "services"
    parent = "plan"
    form_class = forms.ExitArrangementForm
    columns = ("arrangement", "disposition", "employed_by", "phase", "last_day_on", "what_follows")
    help = "The paper lists every service arrangement; one that is not here stands there as not decided."
    empty_text = "Nothing is decided yet. Say of each service what becomes of it."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("arrangement", "employed_by", "plan")


class ExitEstimateRegister(Register):
    """Register of the costs and savings of leaving beside those that are worked out."""

    model = ExitEstimate
    path = "costs"
    parent = "plan"
    form_class = forms.ExitEstimateForm
    columns = ("title", "council", "financial_year", "kind", "amount")
    help = "Contributions to posts and savings lost are worked out from the registers; enter only what is not there."
    empty_text = "Nothing is entered yet. What leaving costs is not known until each council has a line; 0 for none."


class ExitPaymentRegister(Register):
    """Payments in lieu of notice as agreed."""

    model = ExitPayment
    path = "payments"
    parent = "plan"
    form_class = forms.ExitPaymentForm
    columns = ("paid_by", "paid_to", "paid_on", "amount")
    help = "Only where the councils agreed a sum: it then stands in the place of the one that is worked out."
    empty_text = "No sum is agreed; the payment is worked out from the shares of the posts."


class ExitPlanRegister(Register):
    """Plans for ending an agreement."""

    model = ExitPlan
    path = "exit-plans"
    form_class = forms.ExitPlanForm
    filterset_class = filters.ExitPlanFilter
    columns = ("title", "agreement", "assumed_notice_by", "assumed_notice_on", "last_day_on")
    parts = (ExitPostRegister, ExitArrangementRegister, ExitEstimateRegister, ExitPaymentRegister)
    help = "What becomes of each post and service when an agreement ends, and what it costs each council."
    empty_text = "No plan yet. Add one to see what ending the agreement would mean on any day."

    def tabs(self, record: Record, current: str) -> list[dict[str, Any]]:
        paper = {"label": "Paper", "url": reverse("exit_paper", args=[record.pk]), "current": current == "paper"}
        details, history = super().tabs(record, current)
        return [details, paper, history]


EXIT_PLANS = ExitPlanRegister()
