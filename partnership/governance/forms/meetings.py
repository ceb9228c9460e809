"""Forms of places on bodies and of meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from partnership.accounts.permissions import today
from partnership.accounts.roles import Permission
from partnership.generic.forms import ReasonForm, RecordForm
from partnership.governance import workflow as governance_workflow
from partnership.models import Meeting, Seat
from partnership.records import workflow as records_workflow
from partnership.records.record import Record


class OfBodyForm(RecordForm):
    """Form for records of a body. A new one offers the bodies whose records the person keeps; later the body stays."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "body" in self.fields and self.instance.pk:
            del self.fields["body"]
        elif "body" in self.fields:
            self.fields["body"].queryset = self.fields["body"].queryset.filter(own_bodies(self.user))

    def save(self) -> Record:
        verb = records_workflow.change if self.instance.pk else records_workflow.enter
        return verb(self.instance, by=self.user, reason=self.why)


def own_bodies(user: Any) -> Q:
    """The bodies whose meetings and decisions a person keeps: the own council's, and the joint ones."""
    own = Q(council__in=user.authority.councils(Permission.KEEP_MEETINGS))
    joint = Q(council__isnull=True, partnership__in=user.authority.partnerships(Permission.KEEP_MEETINGS))
    return own | joint


class SeatForm(OfBodyForm):
    """A place on a body."""

    class Meta:
        model = Seat
        fields = ("holder", "council", "office", "is_substitute", "municipal_year", "from_on", "until_on")


class MeetingForm(OfBodyForm):
    """A meeting."""

    fieldsets = (
        ("Which meeting", "", ("body", "held_on", "access")),
        ("Where", "", ("place_or_link", "is_online")),
        ("What for", "", ("business",)),
    )

    class Meta:
        model = Meeting
        fields = ("body", "held_on", "access", "place_or_link", "is_online", "business")


class CallOffForm(ReasonForm):
    """Calls a meeting off."""

    on = forms.DateField(label="Called off on", help_text="The day on which it was decided.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()
        self.fields["reason"].label = "Why is it called off?"

    def save(self) -> Record:
        return governance_workflow.call_off(self.target, **self.facts())
