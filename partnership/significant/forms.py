"""Forms of what councils record of a significant partnership, and of its annual returns."""

from __future__ import annotations

from typing import Any

from django import forms

from partnership.accounts.permissions import today
from partnership.accounts.roles import Permission
from partnership.financial_years import FinancialYear
from partnership.generic.forms import OnDayForm, OwnCouncilForm, ReasonForm, RecordForm, WorkflowForm
from partnership.models import (
    AnnualReturn,
    FeedbackNote,
    Funding,
    InformationSharing,
    Membership,
    OutsideBodyAppointment,
    Partner,
    Risk,
    SignificantPartnership,
    TrainingSession,
    User,
)
from partnership.records.record import Record
from partnership.significant import workflow


class PartnerForm(RecordForm):
    """A body that takes part without being one of the councils."""

    class Meta:
        model = Partner
        fields = ("name", "kind", "contribution", "until_on")


class SignificantPartnershipForm(WorkflowForm):
    """An entry on one council's own register."""

    fieldsets = (
        ("Whose register", "", ("council", "criteria", "priorities", "since_on", "until_on")),
        ("Who leads", "", ("lead_member", "lead_officer", "lead_account")),
        ("How it is run, and how it would end", "", ("governance", "exit_strategy")),
    )

    class Meta:
        model = SignificantPartnership
        fields = (
            "council",
            "criteria",
            "priorities",
            "since_on",
            "until_on",
            "lead_member",
            "lead_officer",
            "lead_account",
            "governance",
            "exit_strategy",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own = self.user.authority.councils(Permission.KEEP_PARTNERSHIPS)
        parties = self.instance.partnership.parties.active().filter(council__in=own)
        if "council" in self.fields:
            self.fields["council"].queryset = self.fields["council"].queryset.filter(pk__in=parties.values("council"))
        held = Membership.objects.holding(today()).filter(council__in=own).values("user")
        self.fields["lead_account"].queryset = User.objects.filter(pk__in=held, is_active=True)


class RiskForm(RecordForm):
    """A risk of a partnership."""

    fieldsets = (
        ("The risk", "", ("title", "council", "likelihood", "impact")),
        ("What is done", "", ("controls", "owner", "assessed_on", "ended_on")),
    )

    class Meta:
        model = Risk
        fields = ("title", "council", "likelihood", "impact", "controls", "owner", "assessed_on", "ended_on")


class InformationSharingForm(RecordForm):
    """An arrangement for sharing information."""

    class Meta:
        model = InformationSharing
        fields = ("title", "covers", "personal_data", "legal_basis", "agreed_on", "review_due_on", "ended_on")


class FundingForm(RecordForm):
    """Form for a contribution in a year."""

    class Meta:
        model = Funding
        fields = ("financial_year", "council", "payer", "amount", "is_about", "note")


class AnnualReturnForm(RecordForm):
    """A return; a new one may begin with what last year's says."""

    fieldsets = (
        ("Which year", "", ("financial_year", "copy_last")),
        ("What it reports", "", ("achievements", "governance_progress", "next_actions")),
    )
    copy_last = forms.BooleanField(
        label="Begin with last year’s return",
        required=False,
        help_text="What you leave empty says what last year’s says, for you to bring up to date.",
    )

    class Meta:
        model = AnnualReturn
        fields = ("financial_year", "achievements", "governance_progress", "next_actions")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["copy_last"]
        else:
            self.initial["financial_year"] = str(FinancialYear.containing(today()))

    def save(self) -> Record:
        if self.instance.pk:
            return workflow.write_return(self.instance, by=self.user, reason=self.why)
        copy_last = self.cleaned_data.get("copy_last", False)
        return workflow.begin_return(self.instance, copy_last=copy_last, by=self.user, reason=self.why)


class SubmitReturnForm(OnDayForm):
    """Submits a return to the lead officer."""

    def save(self) -> Record:
        return workflow.submit_return(self.target, **self.facts())


class ApproveReturnForm(OnDayForm):
    """Approves a return."""

    def save(self) -> Record:
        return workflow.approve_return(self.target, **self.facts())


class SendBackReturnForm(ReasonForm):
    """Makes a return a draft again."""

    def save(self) -> Record:
        return workflow.send_back_return(self.target, **self.facts())


class OutsideBodyAppointmentForm(OwnCouncilForm):
    """Form for a council's representative on an outside body."""

    fieldsets = (
        ("The outside body", "", ("outside_body", "purpose")),
        (
            "Who represents which council",
            "",
            ("council", "member", "capacity", ("from_on", "from_precision"), "until_on"),
        ),
        ("Who helps the member", "", ("support_officer", "policy_adviser")),
    )

    class Meta:
        model = OutsideBodyAppointment
        fields = (
            "outside_body",
            "purpose",
            "council",
            "member",
            "capacity",
            "from_on",
            "from_precision",
            "until_on",
            "support_officer",
            "policy_adviser",
        )


class TrainingSessionForm(RecordForm):
    """Training that a member had."""

    class Meta:
        model = TrainingSession
        fields = ("title", "held_on")


class FeedbackNoteForm(RecordForm):
    """Form for a member's report, and later the answer."""

    class Meta:
        model = FeedbackNote
        fields = ("reported_on", "reported", "asked", "answered_on", "answer")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["reported_on"] = today()
