"""Forms of internal audit, reviews of agreements and notices to end them."""

from __future__ import annotations

from typing import Any

from partnership.generic.forms import OwnCouncilForm, RecordForm
from partnership.governance import workflow
from partnership.models import AgreementReview, AuditAction, AuditCoverage, TerminationNotice
from partnership.records.record import Record


class AuditCoverageForm(OwnCouncilForm):
    """An internal audit, planned or reported."""

    fieldsets = (
        ("What is audited", "", ("partnership", "council", "financial_year", "title", "covers", "auditor")),
        ("What was found", "Leave all of it empty until the final report.", ("reported_on", "opinion", "findings")),
    )

    class Meta:
        model = AuditCoverage
        fields = (
            "partnership",
            "council",
            "financial_year",
            "title",
            "covers",
            "auditor",
            "reported_on",
            "opinion",
            "findings",
        )


class AuditActionForm(RecordForm):
    """An action that follows from an audit."""

    class Meta:
        model = AuditAction
        fields = ("action",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["action"]
        field.queryset = field.queryset.filter(partnership=self.instance.audit.partnership_id)


class AgreementReviewForm(RecordForm):
    """A review of an agreement. A new one is asked against the day that the agreement names."""

    class Meta:
        model = AgreementReview
        fields = ("due_on", "held_on", "outcome", "findings", "next_due_on")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["due_on"] = self.instance.agreement.review_due_on

    def save(self) -> Record:
        if self.instance.pk:
            return super().save()
        return workflow.record_agreement_review(self.instance, by=self.user, reason=self.why)


class TerminationNoticeForm(RecordForm):
    """A party's notice."""

    class Meta:
        model = TerminationNotice
        fields = ("given_by", "given_on", "note")
