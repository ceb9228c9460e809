"""Annual returns of a partnership to the councils to which it is significant."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from partnership.accounts.roles import Permission
from partnership.financial_years import FinancialYearField
from partnership.models.people import User
from partnership.models.wider import PartnershipRecord, SignificantPartnership
from partnership.records.record import Record
from partnership.records.refusals import Refusal, not_by_you

# The parts of a return, each of which is filled in before it is submitted.
PARTS = ("achievements", "governance_progress", "next_actions")


class AnnualReturn(PartnershipRecord):
    """The achievements of a partnership in a year, its governance, and its plans for the next.

    Somebody fills it in and submits it; the lead officer, who is somebody else, approves it. Who reads no working
    papers reads it in the reports that draw on it.
    """

    view_permission = Permission.READ_WORKING_PAPERS

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        APPROVED = "approved", "Approved"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="returns")
    financial_year = FinancialYearField(help_text="The year it reports, like 2019/20.")
    achievements = models.TextField(blank=True, help_text="What was achieved in the year, one on each line.")
    governance_progress = models.TextField(
        "progress of governance", blank=True, help_text="How governance and accountability were strengthened."
    )
    next_actions = models.TextField(
        "actions for next year", blank=True, help_text="What is to be done in the next year, one on each line."
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="submitted_returns"
    )
    submitted_on = models.DateField("submitted on", null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="approved_returns"
    )
    approved_on = models.DateField("approved on", null=True, blank=True, editable=False)

    class Meta(PartnershipRecord.Meta):
        ordering = ["partnership", "-financial_year", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "financial_year"],
                condition=Q(withdrawn_on__isnull=True),
                name="annual_return_once",
                violation_error_message="The partnership has a return for this year already; change that one.",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", submitted_on__isnull=True, submitted_by__isnull=True)
                | ~Q(status="draft") & Q(submitted_on__isnull=False, submitted_by__isnull=False),
                name="annual_return_submitted_by_somebody",
                violation_error_message="A return is submitted on a day by a person.",
            ),
            models.CheckConstraint(
                condition=Q(status="approved", approved_on__isnull=False, approved_by__isnull=False)
                | ~Q(status="approved") & Q(approved_on__isnull=True, approved_by__isnull=True),
                name="annual_return_approved_by_somebody",
                violation_error_message="A return is approved on a day by a person.",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | ~Q(submitted_by=models.F("approved_by")),
                name="annual_return_approved_by_another",
                violation_error_message="A return is approved by somebody other than who submitted it.",
            ),
        ]

    def __str__(self) -> str:
        return f"Return {self.financial_year} of {self.partnership}"

    def missing_parts(self) -> dict[str, str]:
        """The parts that are empty and that no source leaves open, each with a sentence."""
        missing = [name for name in PARTS if not getattr(self, name).strip() and name not in self.not_stated]
        return {name: f"Fill in the {self._meta.get_field(name).verbose_name}." for name in missing}

    def parts_as_in(self, last: AnnualReturn | None) -> list[str]:
        """The names of the parts that say word for word what last year's return says."""
        if last is None:
            return []
        return [name for name in PARTS if getattr(self, name).strip() and getattr(self, name) == getattr(last, name)]

    def why_not_change(self, *, by: User, on: date | None = None) -> Refusal:
        """Return why the person may not edit it: what is submitted or approved is sent back first."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.status != self.Status.DRAFT:
            refusal = Refusal("Send the return back first; what is submitted or approved is not changed.")
        return refusal

    def why_not_submit(self, *, by: User, on: date | None = None) -> Refusal:
        """Return why the person may not submit it to the lead officer."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.status != self.Status.DRAFT:
            refusal = Refusal("This return was submitted before.")
        return refusal

    def why_not_approve(self, *, by: User, on: date | None = None) -> Refusal:
        """Return why the person may not approve it, which a lead officer does who did not submit it."""
        refusal = self.why_not_write(by=by)
        if refusal:
            return refusal
        entries = SignificantPartnership.objects.filter(partnership=self.partnership_id)
        if not entries.led_by(by).exists():
            return not_by_you("Only a lead officer of the partnership approves its returns.")
        if self.status != self.Status.SUBMITTED:
            return Refusal("Only a submitted return is approved.")
        if self.submitted_by_id == by.pk:
            return not_by_you("You submitted this return, so somebody else approves it.")
        if not entries.approved_for_by(by).exists():
            return not_by_you(
                "You named yourself as lead officer, so you do not approve returns. Ask a colleague to name you."
            )
        return Refusal()

    def why_not_send_back(self, *, by: User, on: date | None = None) -> Refusal:
        """Return why the person may not make it a draft again."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.status == self.Status.DRAFT:
            refusal = Refusal("This return is a draft.")
        return refusal
