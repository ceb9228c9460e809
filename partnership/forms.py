"""Forms of the governance registers."""

from __future__ import annotations

from typing import Any

from django import forms

from partnership import workflow
from partnership.generic.forms import RecordForm
from partnership.models import (
    Agreement,
    AgreementTerm,
    Body,
    Commitment,
    Comparator,
    Council,
    Membership,
    Partnership,
    Party,
    WorkingModel,
)
from partnership.records import Record


class CouncilForm(RecordForm):
    """A council and the words and rules of its house."""

    fieldsets = (
        ("The council", "", ("name", "short_name", "tier", "ons_code")),
        ("Its own words", "Papers for this council use them.", ("executive_name", "area_name", "numbering")),
        ("Decisions", "", ("key_decision_threshold", "call_in_days")),
    )

    class Meta:
        model = Council
        fields = (
            "name",
            "short_name",
            "tier",
            "ons_code",
            "executive_name",
            "area_name",
            "numbering",
            "key_decision_threshold",
            "call_in_days",
        )


class PartnershipForm(RecordForm):
    """A partnership; a new one names its councils at once, so that they can see it."""

    fieldsets = (
        ("The partnership", "", ("name", "slug", "councils", "purpose", "orientation")),
        (
            "When",
            "Say how exact each date is; a month is enough where the papers say no more.",
            (("agreed_on", "agreed_precision"), ("started_on", "started_precision"), "ended_on", "end_reason"),
        ),
        ("On paper", "", ("notice",)),
    )
    councils = forms.ModelMultipleChoiceField(
        Council.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        help_text="The councils that share officers and services; in tables they stand in this order.",
    )

    class Meta:
        model = Partnership
        fields = (
            "name",
            "slug",
            "purpose",
            "orientation",
            "agreed_on",
            "agreed_precision",
            "started_on",
            "started_precision",
            "ended_on",
            "end_reason",
            "notice",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["councils"]

    def clean_councils(self) -> list[Council]:
        councils = list(self.cleaned_data["councils"])
        if len(councils) < 2:
            raise forms.ValidationError("Choose at least two councils.")
        return councils

    def record(self) -> Record:
        if self.instance.pk:
            return super().record()
        facts = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return workflow.found_partnership(
            **facts, councils=self.cleaned_data["councils"], by=self.user, reason=self.why
        )


class PartyForm(RecordForm):
    """A council that joins a partnership."""

    class Meta:
        model = Party
        fields = ("council", "position", "joined_on", "joined_precision", "left_on")


class MembershipForm(RecordForm):
    """A role given to a person."""

    class Meta:
        model = Membership
        fields = ("user", "council", "role", "from_on", "until_on")


class AgreementForm(RecordForm):
    """An agreement between the parties."""

    fieldsets = (
        ("The agreement", "", ("partnership", "title", "kind", "covers")),
        (
            "Dates",
            "Leave a date empty where the source states none.",
            (("made_on", "made_precision"), ("commenced_on", "commenced_precision"), "expires_on", "review_due_on"),
        ),
        ("How it ends", "", ("notice_months", "ended_on", "end_reason")),
    )

    class Meta:
        model = Agreement
        fields = (
            "partnership",
            "title",
            "kind",
            "covers",
            "made_on",
            "made_precision",
            "commenced_on",
            "commenced_precision",
            "expires_on",
            "review_due_on",
            "notice_months",
            "ended_on",
            "end_reason",
        )


class AgreementTermForm(RecordForm):
    """One clause of an agreement."""

    class Meta:
        model = AgreementTerm
        fields = ("clause", "heading", "summary")


class CommitmentForm(RecordForm):
    """A principle or an objective."""

    class Meta:
        model = Commitment
        fields = ("partnership", "kind", "number", "short_title", "statement", "is_paraphrased", "adopted_on")


class BodyForm(RecordForm):
    """A working group, committee or executive."""

    class Meta:
        model = Body
        fields = ("partnership", "name", "short_name", "kind", "council", "meets_in_public", "purpose")


class WorkingModelForm(RecordForm):
    """A model of joint working."""

    class Meta:
        model = WorkingModel
        fields = ("partnership", "number", "name", "also_called", "description", "key_features", "source")


class ComparatorForm(RecordForm):
    """An example elsewhere."""

    fieldsets = (
        ("What others did", "", ("partnership", "name", "description", "orientation")),
        (
            "What it brought them",
            "An amount needs its currency and the period it covers; without one, describe the benefits.",
            ("amount", "amount_is_about", "currency", "period", "benefits"),
        ),
        ("Where this is from", "", ("source",)),
    )

    class Meta:
        model = Comparator
        fields = (
            "partnership",
            "name",
            "description",
            "orientation",
            "amount",
            "amount_is_about",
            "currency",
            "period",
            "benefits",
            "source",
        )
