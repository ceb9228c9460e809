"""Forms of agreements, commitments, bodies, and what others did."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from partnership.generic.forms import EndForm, ReasonForm, RecordForm, choose_the_only_partnership, scope_choices
from partnership.generic.renderer import PortalForm
from partnership.governance import workflow as governance_workflow
from partnership.models import (
    Agreement,
    AgreementTerm,
    Body,
    Commitment,
    Comparator,
    Council,
    Partnership,
    User,
    WorkingModel,
)
from partnership.records import workflow as records_workflow
from partnership.records.record import Record


class PastedCommitmentsForm(PortalForm, forms.Form):
    """Principles or objectives pasted as a numbered list."""

    partnership = forms.ModelChoiceField(Partnership.objects.all())
    kind = forms.ChoiceField(choices=Commitment.Kind.choices, widget=forms.RadioSelect)
    adopted_on = forms.DateField(label="Adopted on", help_text="The date of the paper that adopted them.")
    is_paraphrased = forms.BooleanField(label="These are not word for word the adopted text", required=False)
    statements = forms.CharField(
        label="The list",
        widget=forms.Textarea({"rows": 12}),
        help_text="One on each line, in order: “1. Each council keeps its own constitution”. Numbers are optional.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        scope_choices(self, user)
        choose_the_only_partnership(self, Commitment)

    def clean_statements(self) -> list[tuple[str, str]]:
        """Pairs of a short title and the statement; the number in front of a line is dropped."""
        lines = [NUMBER.sub("", line.strip()) for line in self.cleaned_data["statements"].splitlines()]
        found = [(short_title(line), line) for line in lines if line]
        if not found:
            raise forms.ValidationError("Paste at least one line of text.")
        return found


NUMBER = re.compile(r"^\(?(\d+|[a-z])[.):]\)?\s+", re.IGNORECASE)
TITLE_WORDS = 8


def short_title(statement: str) -> str:
    """The first words of a statement, to be put right by hand where they do not say enough."""
    words = statement.split()
    start = " ".join(words[:TITLE_WORDS]).rstrip(",;:.")
    return start[:99] + ("…" if len(words) > TITLE_WORDS else "")


class AgreementForm(RecordForm):
    """An agreement between the parties."""

    fieldsets = (
        ("The agreement", "", ("partnership", "title", "kind", "covers")),
        (
            "Dates",
            "Leave a date empty where the source states none.",
            (("made_on", "made_precision"), ("commenced_on", "commenced_precision"), "expires_on", "review_due_on"),
        ),
        ("How it ends", "", ("notice_months",)),
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
        )


class EndAgreementForm(EndForm):
    """Ends an agreement."""

    ended_on = forms.DateField(label="Last day", help_text="The last day on which it was in force.")

    def save(self) -> Record:
        return governance_workflow.end_agreement(self.target, **self.facts())


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


class HandOverBodyForm(ReasonForm):
    """Says whose body it is from now on."""

    council = forms.ModelChoiceField(
        Council.objects.all(), required=False, help_text="Leave empty for a body of all the councils."
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["council"].initial = self.target.council_id

    def save(self) -> Record:
        return records_workflow.hand_over(self.target, **self.facts())


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
