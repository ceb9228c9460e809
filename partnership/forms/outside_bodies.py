"""Forms of appointments to outside bodies."""

from __future__ import annotations

from typing import Any

from partnership.access import today
from partnership.forms.assurance import OwnCouncilForm
from partnership.generic.forms import RecordForm
from partnership.models import FeedbackNote, OutsideBodyAppointment, TrainingSession


class OutsideBodyAppointmentForm(OwnCouncilForm):
    """Who represents the council where."""

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
    """What a member reported back, and later the answer."""

    class Meta:
        model = FeedbackNote
        fields = ("reported_on", "reported", "asked", "answered_on", "answer")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["reported_on"] = today()
