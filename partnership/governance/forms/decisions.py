"""Forms of decisions, what they are subject to, call-in and referral."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from partnership.generic.forms import OnDayForm
from partnership.governance import workflow
from partnership.governance.forms.agreements import NUMBER
from partnership.governance.forms.meetings import OfBodyForm
from partnership.models import Body, Condition, Decision, Referral, Resolution
from partnership.records.record import Record


class DecisionForm(OfBodyForm):
    """A decision in the order clerks record it; a new one with its resolutions."""

    fieldsets = (
        ("What was decided", "", ("body", "meeting", "decided_on", "title", "resolved")),
        ("On what report", "", ("report_title", "submitted_by", "reference", "priorities")),
        (
            "What the record of an executive’s decision must hold",
            "The 2012 Regulations, regulation 12; other bodies may leave it empty. Write “None” rather than nothing.",
            ("reasons", "alternatives", "conflicts", "dispensations"),
        ),
        ("Key decision and call-in", "", ("key_or_not", "key_reason", "is_subject_to_call_in")),
        ("Public access", "", ("no_public_access_reason",)),
    )
    resolved = forms.CharField(
        label="Resolutions",
        widget=forms.Textarea({"rows": 6}),
        help_text="One on each line, in order. They are numbered in the council’s own style.",
    )

    speaks_for: ClassVar[dict[str, str]] = {"resolutions": "resolved"}

    class Meta:
        model = Decision
        fields = (
            "body",
            "meeting",
            "decided_on",
            "title",
            "report_title",
            "submitted_by",
            "reference",
            "priorities",
            "reasons",
            "alternatives",
            "conflicts",
            "dispensations",
            "key_or_not",
            "key_reason",
            "is_subject_to_call_in",
            "no_public_access_reason",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["resolved"]
            self.fields["meeting"].queryset = self.fields["meeting"].queryset.filter(body=self.instance.body_id)
        elif meeting := self.fields["meeting"].queryset.filter(pk=self.initial.get("meeting")).first():
            self.initial |= {"body": meeting.body_id, "decided_on": meeting.held_on}

    def save(self) -> Record:
        if self.instance.pk:
            return super().save()
        lines = [NUMBER.sub("", line.strip()) for line in self.cleaned_data["resolved"].splitlines()]
        return workflow.record_decision(self.instance, resolutions=lines, by=self.user, reason=self.why)


class ResolutionForm(OfBodyForm):
    """A further resolution, or the wording of one."""

    class Meta:
        model = Resolution
        fields = ("number", "text")


class ConditionForm(OfBodyForm):
    """Form for the body whose agreement is needed, and its answer."""

    class Meta:
        model = Condition
        fields = ("body", "answered_by")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own = self.instance.own_body()
        if "body" in self.fields:
            others = Body.objects.visible_to(self.user).active().filter(partnership=own.partnership_id)
            self.fields["body"].queryset = others.exclude(pk=own.pk)
        others = self.fields["answered_by"].queryset.filter(decision__body__partnership=own.partnership_id)
        self.fields["answered_by"].queryset = others.exclude(decision__body=own)


class ReferralForm(OfBodyForm):
    """A referral, and later its answer."""

    class Meta:
        model = Referral
        fields = ("to_body", "asked_for", "referred_on", "due_on", "answered_on", "answer")

    def save(self) -> Record:
        if self.instance.pk:
            return super().save()
        return workflow.refer_decision(self.instance, by=self.user, reason=self.why)


class PublishDecisionForm(OnDayForm):
    """Publishes a decision."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "Published on"

    def save(self) -> Record:
        return workflow.publish_decision(self.target, **self.facts())


class CallInForm(OnDayForm):
    """Calls a decision in."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "Called in on"
        self.fields["reason"].label = "Why was it called in, and by whom?"

    def save(self) -> Record:
        return workflow.call_in(self.target, **self.facts())


class ResolveCallInForm(OnDayForm):
    """Says how a call-in ended."""

    outcome = forms.ChoiceField(choices=Decision.CallInOutcome.choices, widget=forms.RadioSelect)
    fieldsets = (("", "", ("outcome", "on")),)

    def save(self) -> Record:
        return workflow.resolve_call_in(self.target, **self.facts())


class RefuseForm(OnDayForm):
    """Refuses what was put to the body."""

    def save(self) -> Record:
        return workflow.refuse_resolution(self.target, **self.facts())


class LapseForm(OnDayForm):
    """Lets a resolution lapse."""

    def save(self) -> Record:
        return workflow.lapse_resolution(self.target, **self.facts())
