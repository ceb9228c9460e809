"""The register of appointments to outside bodies."""

from __future__ import annotations

from partnership import filters, forms
from partnership.access import today
from partnership.generic.display import Column
from partnership.generic.register import Register
from partnership.models import FeedbackNote, OutsideBodyAppointment, TrainingSession, User

WAITING = "{number} {reports} back {wait} for an answer of the council."


class TrainingSessionRegister(Register):
    """What training members had."""

    model = TrainingSession
    path = "training"
    parent = "appointment"
    form_class = forms.TrainingSessionForm
    columns = ("title", "held_on")
    empty_text = "No training is recorded yet."


class FeedbackNoteRegister(Register):
    """What members reported back."""

    model = FeedbackNote
    path = "feedback"
    parent = "appointment"
    form_class = forms.FeedbackNoteForm
    columns = (
        "reported_on",
        "reported",
        "asked",
        Column("Status", text=lambda row: row.standing, raw=lambda row: row.standing, is_tag=True),
        "answer",
    )
    help = (
        "What the body does, and what the member asks the council. Not seen by councillors outside the working group."
    )
    empty_text = "Nothing was reported back yet."

    @property
    def label_plural(self) -> str:
        return "Reported back"


class OutsideBodyAppointmentRegister(Register):
    """Who represents which council where."""

    model = OutsideBodyAppointment
    path = "outside-bodies"
    form_class = forms.OutsideBodyAppointmentForm
    filterset_class = filters.OutsideBodyAppointmentFilter
    columns = ("outside_body", "member", "council", "capacity", "from_on", "until_on", "support_officer")
    parts = (FeedbackNoteRegister, TrainingSessionRegister)
    help = "Which councillor represents which council on bodies that are not its own, with what support."
    empty_text = "No appointment is recorded yet. Add who represents the council on each outside body."

    def facts_of(self, record: OutsideBodyAppointment, user: User) -> list[str]:
        """What the appointment lacks, and what waits for an answer."""
        if not record.is_held(today()):
            return []
        said = [] if record.member else ["Nobody is appointed."]
        if record.member and not record.support_officer:
            said.append("No support officer is named.")
        waiting = FeedbackNote.objects.visible_to(user).waiting().filter(appointment=record).count()
        if waiting:
            many = waiting > 1
            reports, wait = ("reports", "wait") if many else ("report", "waits")
            said.append(WAITING.format(number=waiting, reports=reports, wait=wait))
        return said
