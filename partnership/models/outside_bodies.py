"""Councillors who represent a council on bodies that are none of its own, and their reports back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from partnership.accounts.roles import Permission
from partnership.dates import RecordedDateField, in_words, precision_field
from partnership.records.record import Record, RecordQuerySet


class AppointmentQuerySet(RecordQuerySet):
    """Appointments, by day."""

    def held_on(self, on: date) -> AppointmentQuerySet:
        """The appointments that hold on a day. One whose start is not stated is taken as begun."""
        return self.active().filter(
            Q(from_on__isnull=True) | Q(from_on__lte=on), Q(until_on__isnull=True) | Q(until_on__gte=on)
        )


class OutsideBodyAppointment(Record):
    """A councillor who represents the council on an outside body: a trust, a board, a partnership of others.

    A trustee or director owes the body duties of their own; what support, training and advice they have for it, and
    what they report back, is kept with the appointment.
    """

    scope = "council"
    personal = ("member",)
    owner_fields = ("council",)
    edit_permission = Permission.KEEP_MEETINGS

    class Capacity(models.TextChoices):
        REPRESENTATIVE = "representative", "Representative"
        TRUSTEE = "trustee", "Trustee"
        DIRECTOR = "director", "Director"
        OBSERVER = "observer", "Observer"
        DEPUTY = "deputy", "Deputy"

    council = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        related_name="outside_appointments",
        help_text="The council that is represented.",
    )
    outside_body = models.CharField(max_length=160, help_text="The body’s own name.")
    purpose = models.TextField("what it does", blank=True, help_text="What the body is for, in a sentence.")
    member = models.CharField(
        "represented by", max_length=120, blank=True, help_text="The councillor. Leave empty while nobody is appointed."
    )
    capacity = models.CharField(
        max_length=14,
        choices=Capacity.choices,
        default=Capacity.REPRESENTATIVE,
        help_text="A trustee or director answers to the body itself; a representative speaks for the council.",
    )
    from_on = RecordedDateField(
        "from", null=True, blank=True, precision_field="from_precision", help_text="The first day of the appointment."
    )
    from_precision = precision_field("the first day")
    until_on = models.DateField("until", null=True, blank=True, help_text="The last day. Leave empty while it goes on.")
    support_officer = models.CharField(
        max_length=160, blank=True, help_text="The post that supports the member, not a name."
    )
    policy_adviser = models.CharField(
        max_length=160, blank=True, help_text="The post that advises the member on the council’s policy."
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "appointment to an outside body"
        verbose_name_plural = "appointments to outside bodies"
        ordering = ["outside_body", "council__name", "member", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["council", "outside_body", "member"],
                condition=Q(until_on__isnull=True, withdrawn_on__isnull=True),
                name="outside_appointment_once",
                violation_error_message="This appointment is recorded already. Enter its last day before a new one.",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(from_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="outside_appointment_ends_after_start",
                violation_error_message="Enter a last day that is not before the first day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outside_body}: {self.member or 'nobody appointed'}"

    def retention_starts_on(self) -> date | None:
        return self.until_on or super().retention_starts_on()

    def is_held(self, on: date) -> bool:
        """Return whether the appointment holds on a day. One whose start is not stated is taken as begun."""
        begun = self.from_on is None or self.from_on <= on
        return begun and (self.until_on is None or self.until_on >= on)


class AppointmentRecord(Record):
    """A record below an appointment, kept by the same council."""

    scope = "appointment__council"
    edit_permission = Permission.KEEP_MEETINGS

    class Meta(Record.Meta):
        abstract = True


class TrainingSession(AppointmentRecord):
    """Training or a briefing that a member had for an appointment."""

    name_field = "title"

    appointment = models.ForeignKey(OutsideBodyAppointment, models.PROTECT, related_name="training")
    title = models.CharField("what it was about", max_length=160)
    held_on = models.DateField("on")

    class Meta(AppointmentRecord.Meta):
        ordering = ["appointment", "-held_on", "title", "pk"]


class FeedbackQuerySet(RecordQuerySet):
    """Feedback notes, with questions about many of them."""

    def waiting(self) -> FeedbackQuerySet:
        """The notes that ask the council something it has not answered."""
        return self.active().filter(answered_on__isnull=True).exclude(asked="")


class FeedbackNote(AppointmentRecord):
    """A member's report from an outside body, with their request to the council and its answer."""

    view_permission = Permission.READ_WORKING_PAPERS

    appointment = models.ForeignKey(OutsideBodyAppointment, models.PROTECT, related_name="feedback")
    reported_on = models.DateField("reported on")
    reported = models.TextField("what was reported", help_text="What the body did or means to do, in a few sentences.")
    asked = models.TextField(
        "what the council is asked",
        blank=True,
        help_text="The issue to answer. Leave empty when it is for information.",
    )
    answered_on = models.DateField("answered on", null=True, blank=True)
    answer = models.TextField(blank=True, help_text="What the council answered or did.")

    objects = FeedbackQuerySet.as_manager()

    class Meta(AppointmentRecord.Meta):
        ordering = ["appointment", "-reported_on", "pk"]
        constraints = [
            *AppointmentRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="") | Q(answered_on__isnull=False) & ~Q(answer=""),
                name="feedback_answered_with_answer",
                violation_error_message="Enter both the answer and its day, or neither.",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | ~Q(asked=""),
                name="feedback_answer_has_question",
                violation_error_message="Say what the council was asked before you answer it.",
            ),
        ]

    def __str__(self) -> str:
        return f"Report of {in_words(self.reported_on)}"

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        if bool(self.answered_on) != bool(self.answer):
            errors["answer" if self.answered_on else "answered_on"] = "Enter both the answer and its day, or neither."
        if self.answered_on and self.reported_on and self.answered_on < self.reported_on:
            errors["answered_on"] = "Enter a day that is not before the report."
        if errors:
            raise ValidationError(errors)

    @property
    def status_text(self) -> str:
        """Return whether it waits for an answer, in words."""
        if not self.asked:
            return "For information"
        return "Answered" if self.answered_on else "Waits for an answer"
