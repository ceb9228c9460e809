"""Forms of cover reports."""

from __future__ import annotations

from typing import Any

from django import forms

from partnership.accounts.permissions import today
from partnership.generic.forms import ReasonForm, RecordForm
from partnership.generic.record_actions import RecordAction
from partnership.records.record import Record
from reviews.models import CoverReport, CoverStyle, Implication
from reviews.papers.covers import covering


class CoverReportForm(RecordForm):
    """A cover report; a new one gets its implications and, if it is the first, the draft."""

    may_be_open = ()  # our own text, which no source leaves open

    class Meta:
        model = CoverReport
        fields = ("body", "meeting_on", "title", "areas", "report_of", "signed_by", "contact")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        bodies = self.fields["body"].queryset
        self.fields["body"].queryset = bodies.filter(
            council__isnull=False, partnership=self.instance.review.partnership_id
        )
        if not self.instance.pk:
            self.initial["title"] = self.initial.get("title") or self.instance.review.title

    def save(self) -> Record:
        if self.instance.pk:
            return super().save()
        facts = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return covering.add_cover(self.instance.review, **facts, by=self.user, reason=self.why)


class ImplicationForm(RecordForm):
    """Form for the implication of a report in one respect."""

    may_be_open = ()  # our own text, which no source leaves open

    class Meta:
        model = Implication
        fields = ("kind", "text")
        widgets = {"text": forms.Textarea({"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["kind"]

    def save(self) -> Record:
        return covering.write_implication(self.instance, text=self.cleaned_data["text"], by=self.user, reason=self.why)


class ClearForm(ReasonForm):
    """Clears an implication in the name of the account that is signed in."""

    post = forms.CharField(
        max_length=160,
        label="Your post",
        help_text="For example Director of Finance. It is printed beside the name of your account.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "What did you check?"

    def save(self) -> Record:
        """Clear it."""
        return covering.clear_implication(self.target, on=today(), **self.facts())


class RecordClearanceForm(ReasonForm):
    """Records on evidence that somebody else cleared an implication."""

    cleared_by = forms.CharField(
        max_length=160, label="Cleared by", help_text="The post of the officer, for example Director of Finance."
    )
    cleared_on = forms.DateField(label="Cleared on")
    evidence = forms.CharField(
        max_length=300,
        label="What shows it?",
        help_text="For example “e-mail of 2 April 2019, reference FIN/19/7”, or a document and where it is kept.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.target.is_cleared:
            self.fields["cleared_by"].initial = self.target.cleared_by
            self.fields["cleared_on"].initial = self.target.cleared_on

    def save(self) -> Record:
        """Record the clearance."""
        return covering.record_clearance(self.target, on=today(), **self.facts())


CLEAR = RecordAction(
    "clear",
    "Clear it yourself",
    ClearForm,
    intro="You answer for this text as it stands, under the name of your account. When the text changes, it has to be"
    " cleared again.",
    kind="primary",
    shows=("text",),
    refusal=Implication.why_not_clear,
)
RECORD_CLEARANCE = RecordAction(
    "record-clearance",
    "Record a clearance on evidence",
    RecordClearanceForm,
    intro="Somebody else cleared this text as it stands. The paper prints the evidence, and that you recorded it. When"
    " the text changes, it has to be cleared again.",
    shows=("text",),
    refusal=Implication.why_not_record_clearance,
)


class CoverStyleForm(RecordForm):
    """Form for the layout of a council's cover reports."""

    may_be_open = ()  # our own text, which no source leaves open

    class Meta:
        model = CoverStyle
        fields = ("council", "asks", "paragraphs", "sections")
        widgets = {"sections": forms.Textarea({"rows": 14})}
