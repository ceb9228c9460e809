"""The legal agreements a partnership rests on, clause by clause."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from partnership.accounts.roles import Permission
from partnership.dates import Precision, RecordedDateField, add_months, in_words, precision_field
from partnership.records.record import Record
from partnership.records.refusals import Refusal


class Agreement(Record):
    """An agreement between the parties, such as one under section 113 of the Local Government Act 1972.

    Section 113(1) lets a council put its officers at another's disposal, on terms in the agreement, once the officers
    have been consulted.
    """

    name_field = "title"
    edit_permission = Permission.KEEP_AGREEMENTS

    class Kind(models.TextChoices):
        S113 = "s113", "Section 113 agreement (officers at another council's disposal)"
        S101 = "s101", "Section 101 agreement (one council discharges another's functions)"
        SLA = "sla", "Service level agreement"
        OTHER = "other", "Other"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="agreements")
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.S113)
    covers = models.TextField(help_text="Which posts or services the agreement reaches.")
    made_on = RecordedDateField(
        null=True, blank=True, precision_field="made_precision", help_text="When it was signed."
    )
    made_precision = precision_field("the signing date")
    commenced_on = RecordedDateField(
        null=True, blank=True, precision_field="commenced_precision", help_text="When it took effect."
    )
    commenced_precision = precision_field("the commencement")
    expires_on = models.DateField(null=True, blank=True, help_text="Leave empty when it runs until notice is given.")
    notice_months = models.PositiveSmallIntegerField(
        "notice in months", null=True, blank=True, help_text="How many months' notice either party must give."
    )
    review_due_on = models.DateField(null=True, blank=True, help_text="When the agreement is next to be reviewed.")
    ended_on = models.DateField(
        null=True, blank=True, editable=False, help_text="The last day on which it was in force."
    )
    end_reason = models.TextField("why it ended", blank=True, editable=False)

    class Meta(Record.Meta):
        ordering = ["title", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="") | Q(ended_on__isnull=False) & ~Q(end_reason=""),
                name="agreement_ended_with_reason",
                violation_error_message="An ended agreement needs both the date and the reason.",
            ),
        ]

    def clean(self) -> None:
        errors = {}
        starts = [on for on in (self.commenced_on, self.made_on) if on]
        for name, label in (("expires_on", "an expiry"), ("ended_on", "an end")):
            on = getattr(self, name)
            if on and starts and on < starts[0]:
                start = in_words(starts[0], Precision.DAY)
                errors[name] = f"Enter {label} that is not before the agreement's start on {start}."
        if bool(self.ended_on) != bool(self.end_reason):
            errors["end_reason" if self.ended_on else "ended_on"] = "Enter both the end and the reason, or neither."
        if errors:
            raise ValidationError(errors)

    def is_in_force(self, on: date) -> bool:
        """Return whether the agreement binds on a day. One whose start is not stated is taken as begun."""
        begun = self.commenced_on is None or self.commenced_on <= on
        over = [end for end in (self.expires_on, self.ended_on) if end and end < on]
        return begun and not over

    def last_day_by_notice(self, given_on: date) -> date | None:
        """The last day in force when notice is given on a day; ``None`` while the period of notice is not recorded.

        Months run to the corresponding date: notice of 30 September for four months runs out on 30 January, and where
        a month has no such day, on its last (Dodds v Walker [1981] 1 WLR 1027).
        """
        return None if self.notice_months is None else add_months(given_on, self.notice_months)

    def is_review_overdue(self, on: date) -> bool:
        """Return whether it should have been reviewed before a day, as far as it is still in force."""
        return self.review_due_on is not None and self.review_due_on < on and self.is_in_force(on)

    def why_not_end(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not end it."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.ended_on:
            refusal = Refusal("This agreement has ended already.", field="ended_on")
        return refusal


class AgreementTerm(Record):
    """One clause of an agreement, in a sentence members can read."""

    scope = "agreement__partnership"
    edit_permission = Permission.KEEP_AGREEMENTS

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="terms")
    clause = models.CharField(max_length=20, blank=True, help_text="The clause's number, where it is known.")
    heading = models.CharField(max_length=120, help_text="What the clause is about, for example “Termination”.")
    summary = models.TextField(help_text="What it says, in a sentence or two of your own words.")

    class Meta(Record.Meta):
        verbose_name = "term"
        ordering = ["agreement", "clause", "pk"]

    def __str__(self) -> str:
        return f"{self.clause} {self.heading}".strip()


class TerminationNotice(Record):
    """A party's notice that it ends the agreement. Several parties may each give theirs; the first to run out ends it.

    Notice that was taken back is withdrawn with the reason.
    """

    scope = "agreement__partnership"
    edit_permission = Permission.KEEP_AGREEMENTS

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="notices")
    given_by = models.ForeignKey(
        "partnership.Council", models.PROTECT, related_name="notices_given", help_text="The council that gives notice."
    )
    given_on = models.DateField("given on", help_text="The day on which the other parties received it.")
    note = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = "notice to end it"
        verbose_name_plural = "notices to end it"
        ordering = ["agreement", "given_on", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "given_by"],
                condition=Q(withdrawn_on__isnull=True),
                name="notice_once_for_each_party",
                violation_error_message="This council has given notice already. Withdraw that notice if it is void.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_by.short_name}, {in_words(self.given_on)}"

    def clean(self) -> None:
        begun = self.agreement.commenced_on or self.agreement.made_on
        if self.given_on and begun and self.given_on < begun:
            raise ValidationError({"given_on": f"Enter a day that is not before the agreement, {in_words(begun)}."})

    @property
    def last_day(self) -> date | None:
        """The last day that it leaves the agreement in force; ``None`` while the period of notice is not recorded."""
        return self.agreement.last_day_by_notice(self.given_on)
