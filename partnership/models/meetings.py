"""Places on a body in each municipal year, and the body's meetings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from partnership.dates import in_words
from partnership.financial_years import MunicipalYear, MunicipalYearField
from partnership.models.bodies import Body, BodyRecord, only_insiders
from partnership.models.councils import Council
from partnership.records.record import RecordQuerySet
from partnership.records.refusals import Refusal


class Seat(BodyRecord):
    """A place on a body: which council it represents, who holds it, and in which municipal year."""

    is_part = True
    personal = ("holder",)

    class Office(models.TextChoices):
        CHAIR = "chair", "Chair"
        VICE_CHAIR = "vice chair", "Vice-chair"
        MEMBER = "member", "Member"

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats")
    municipal_year = MunicipalYearField(
        help_text="Like 2019/20: from the annual council meeting in one spring to the next."
    )
    council = models.ForeignKey(
        Council, models.PROTECT, related_name="seats", help_text="The council whose member holds the place."
    )
    holder = models.CharField(
        "held by", max_length=120, blank=True, help_text="The councillor. Leave empty while the place is vacant."
    )
    office = models.CharField(max_length=10, choices=Office.choices, default=Office.MEMBER)
    is_substitute = models.BooleanField(
        "substitute", default=False, help_text="Attends when a member cannot; not counted among the places."
    )
    from_on = models.DateField("from", help_text="The first day, often that of the annual council meeting.")
    until_on = models.DateField(
        "until", null=True, blank=True, help_text="The last day. Leave empty to hold it to the next annual meeting."
    )

    class Meta(BodyRecord.Meta):
        verbose_name = "place on the body"
        verbose_name_plural = "places on the body"
        ordering = ["body", "-municipal_year", "is_substitute", "office", "council__name", "holder", "pk"]
        constraints = [
            *BodyRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["body", "municipal_year", "office"],
                condition=~Q(office="member") & Q(until_on__isnull=True, withdrawn_on__isnull=True),
                name="seat_one_chair_in_a_year",
                violation_error_message="Somebody else holds this office in that municipal year. Enter their last day.",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="seat_ends_after_start",
                violation_error_message="Enter a last day that is not before the first day.",
            ),
            models.CheckConstraint(
                condition=Q(is_substitute=False) | Q(office="member"),
                name="seat_substitute_holds_no_office",
                violation_error_message="A substitute is neither chair nor vice-chair.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder or 'Vacant'}, {self.get_office_display().lower()}, {self.municipal_year}"

    def clean(self) -> None:
        errors = {}
        try:
            year = MunicipalYear.read(self.municipal_year)
        except ValueError:
            return  # the field says so itself
        for name in ("from_on", "until_on"):
            on = getattr(self, name)
            if on and not year.may_include(on):
                first = in_words(year.first_possible_day)
                last = in_words(year.last_possible_day)
                errors[name] = f"Enter a day of the municipal year {year}, between {first} and {last}."
        if errors:
            raise ValidationError(errors)

    def retention_starts_on(self) -> date:
        """The last day on which the place can have been held."""
        return self.withdrawn_on or self.until_on or MunicipalYear.read(self.municipal_year).last_possible_day

    def is_held(self, on: date) -> bool:
        """Return whether the place can be held on a day: its dates allow it, and its municipal year."""
        over = self.until_on is not None and self.until_on < on
        return self.from_on <= on and not over and MunicipalYear.read(self.municipal_year).may_include(on)


class MeetingQuerySet(RecordQuerySet):
    """Meetings."""

    def visible_to(self, user: Any) -> MeetingQuerySet:
        """The meetings the person may see; private ones only who may read working papers."""
        return only_insiders(super().visible_to(user), user, Q(access="private"))


class Meeting(BodyRecord):
    """A meeting of a body.

    The dates its papers and notices are due follow from the day (`partnership.governance.timetable`).
    """

    class Access(models.TextChoices):
        PUBLIC = "public", "In public"
        PART = "part", "In public, with a private part"
        PRIVATE = "private", "In private"

    name_select_related = ("body__council",)

    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings")
    held_on = models.DateField("date", help_text="The day of the meeting.")
    place_or_link = models.CharField(
        "where", max_length=300, blank=True, help_text="The room and building, or the link of an online meeting."
    )
    is_online = models.BooleanField("online", default=False, help_text="Tick when people can take part from elsewhere.")
    access = models.CharField(
        "public or private", max_length=8, choices=Access.choices, help_text="Whether the public may attend."
    )
    business = models.TextField(blank=True, help_text="What it is to deal with, item by item.")
    cancelled_on = models.DateField("called off on", null=True, blank=True, editable=False)
    cancel_reason = models.TextField("why it was called off", blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta(BodyRecord.Meta):
        ordering = ["-held_on", "body__name", "pk"]
        constraints = [
            *BodyRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["body", "held_on"],
                condition=Q(withdrawn_on__isnull=True),
                name="meeting_once_a_day",
                violation_error_message="This meeting of the body on that day is recorded already.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True, cancel_reason="")
                | Q(cancelled_on__isnull=False) & ~Q(cancel_reason=""),
                name="meeting_called_off_with_reason",
                violation_error_message="Enter both the day the meeting was called off and the reason, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {in_words(self.held_on)}"

    def clean(self) -> None:
        if self.body_id and not self.body.meets_in_public and self.access != self.Access.PRIVATE:
            raise ValidationError({"access": "This body meets in private."})

    @property
    def is_private(self) -> bool:
        """Return whether any part of it is held in private."""
        return self.access != self.Access.PUBLIC

    def status(self, on: date) -> str:
        """Return the status on a day, in words."""
        if self.cancelled_on and self.cancelled_on <= on:
            return "Called off"
        return "Planned" if on < self.held_on else "Held"

    def why_not_call_off(self, *, by: Any, on: date) -> Refusal:
        """Return why the person may not call it off on a day."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.cancelled_on:
            refusal = Refusal("This meeting was called off before.")
        elif not refusal and on > self.held_on:
            refusal = Refusal("A meeting is called off before its day or on it.", field="on")
        return refusal
