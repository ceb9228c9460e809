"""Forms of cover reports."""

from __future__ import annotations

from typing import Any

from django import forms

from partnership.generic.editing import Verb
from partnership.generic.forms import ReasonForm, RecordForm
from partnership.records import Record
from reviews.covers import covering
from reviews.models import CoverReport, CoverStyle, Implication


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

    def record(self) -> Record:
        if self.instance.pk:
            return super().record()
        facts = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return covering.add_cover(self.instance.review, **facts, by=self.user, reason=self.why)


class ImplicationForm(RecordForm):
    """What a report means in one respect."""

    may_be_open = ()  # our own text, which no source leaves open

    class Meta:
        model = Implication
        fields = ("kind", "text")
        widgets = {"text": forms.Textarea({"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["kind"]

    def record(self) -> Record:
        return covering.write_implication(self.instance, text=self.cleaned_data["text"], by=self.user, reason=self.why)


class ClearForm(ReasonForm):
    """Records who cleared an implication."""

    cleared_by = forms.CharField(
        max_length=160, label="Cleared by", help_text="The post of the officer, for example Director of Finance."
    )
    cleared_on = forms.DateField(label="On")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "How was it cleared?"
        self.fields["reason"].help_text = "For example by e-mail, with the reference. It stays in the history."

    def perform(self) -> Record:
        """Record the clearance."""
        return covering.clear_implication(self.target, **self.facts())


CLEAR = Verb(
    "clear",
    "Record its clearance",
    ClearForm,
    intro="The officer answers for this text as it stands. When the text changes, it has to be cleared again.",
    kind="primary",
    refusal=Implication.why_not_clear,
)


class CoverStyleForm(RecordForm):
    """How a council sets out its cover reports."""

    may_be_open = ()  # our own text, which no source leaves open

    class Meta:
        model = CoverStyle
        fields = ("council", "asks", "paragraphs", "sections")
        widgets = {"sections": forms.Textarea({"rows": 14})}
