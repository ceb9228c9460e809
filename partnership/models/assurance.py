"""Assurance for members: internal audit of shared arrangements, and reviews of the agreements."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from partnership.accounts.roles import Permission
from partnership.dates import in_words
from partnership.financial_years import FinancialYearField
from partnership.models.actions import Action
from partnership.models.agreements import Agreement
from partnership.records.record import Record


class AuditCoverage(Record):
    """The coverage of shared arrangements by a council's internal audit in a year, and its opinion.

    Relevant bodies undertake an effective internal audit (Accounts and Audit Regulations 2015, regulation 5). It is
    each council's own: only its own people keep the row.
    """

    view_permission = Permission.READ_WORKING_PAPERS
    edit_permission = Permission.KEEP_ASSURANCE
    owner_fields = ("council",)

    class Opinion(models.TextChoices):
        SUBSTANTIAL = "substantial", "Substantial assurance"
        REASONABLE = "reasonable", "Reasonable assurance"
        LIMITED = "limited", "Limited assurance"
        NONE = "none", "No assurance"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="audits")
    council = models.ForeignKey(
        "partnership.Council", models.PROTECT, related_name="audits", help_text="Whose internal audit it is."
    )
    financial_year = FinancialYearField(help_text="The audit plan it stands in, like 2019/20.")
    title = models.CharField("what is audited", max_length=160)
    covers = models.TextField(blank=True, help_text="Which shared posts, services or controls it looks at.")
    auditor = models.CharField(
        "audited by", max_length=160, blank=True, help_text="The team, post or firm that carries it out."
    )
    reported_on = models.DateField(
        "reported on", null=True, blank=True, help_text="The day of the final report. Leave empty until then."
    )
    opinion = models.CharField(max_length=12, choices=Opinion.choices, blank=True)
    findings = models.TextField(blank=True, help_text="The main findings, in a sentence or two.")

    class Meta(Record.Meta):
        verbose_name = "internal audit"
        verbose_name_plural = "internal audit"
        ordering = ["-financial_year", "council__name", "title", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "council", "financial_year", "title"],
                condition=Q(withdrawn_on__isnull=True),
                name="audit_once_a_year",
                violation_error_message="This audit of the council and year is recorded already; change that one.",
            ),
            models.CheckConstraint(
                condition=Q(reported_on__isnull=True, opinion="") | Q(reported_on__isnull=False) & ~Q(opinion=""),
                name="audit_reported_with_opinion",
                violation_error_message="A reported audit has both its day and its opinion.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.financial_year}"

    def clean(self) -> None:
        if bool(self.reported_on) != bool(self.opinion):
            missing = "opinion" if self.reported_on else "reported_on"
            raise ValidationError({missing: "Enter both the day of the report and its opinion, or neither."})

    def place(self) -> tuple[str, int] | None:
        return ("council", self.council_id) if self.council_id else None

    def partnership_id_of(self) -> int | None:
        return self.partnership_id


class AuditAction(Record):
    """An action that follows from an internal audit."""

    scope = "audit__partnership"
    view_permission = Permission.READ_WORKING_PAPERS
    edit_permission = Permission.KEEP_ASSURANCE

    audit = models.ForeignKey(AuditCoverage, models.PROTECT, related_name="actions")
    action = models.ForeignKey(
        Action, models.PROTECT, related_name="audits", help_text="Enter it on the register of actions first."
    )

    class Meta(Record.Meta):
        verbose_name = "action that follows"
        verbose_name_plural = "actions that follow"
        ordering = ["audit", "action__due_on", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["audit", "action"],
                condition=Q(withdrawn_on__isnull=True),
                name="audit_action_once",
                violation_error_message="This action is already linked to the audit.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.action)

    def place(self) -> tuple[str, int] | None:
        return self.audit.place()

    def partnership_id_of(self) -> int | None:
        return self.audit.partnership_id


class AgreementReview(Record):
    """A review of an agreement: when it was due, when it was held, and what came of it."""

    scope = "agreement__partnership"
    edit_permission = Permission.KEEP_ASSURANCE

    class Outcome(models.TextChoices):
        STANDS = "stands", "Fit for purpose as it stands"
        AMEND = "amend", "To be amended"
        REPLACE = "replace", "To be replaced"
        END = "end", "To be ended"
        NOT_STATED = "not stated", "Not stated"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reviews")
    due_on = models.DateField("was due", null=True, blank=True, help_text="Leave empty when no day was set for it.")
    held_on = models.DateField("held on", help_text="The day on which it was concluded.")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    findings = models.TextField(blank=True, help_text="What the review found, in a sentence or two.")
    next_due_on = models.DateField(
        "next review due", null=True, blank=True, help_text="The agreement then shows this day as its next review."
    )

    class Meta(Record.Meta):
        verbose_name = "review of the agreement"
        verbose_name_plural = "reviews of the agreement"
        ordering = ["agreement", "-held_on", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "held_on"],
                condition=Q(withdrawn_on__isnull=True),
                name="agreement_review_once_a_day",
                violation_error_message="A review of that day is recorded already; change that one.",
            ),
        ]

    def __str__(self) -> str:
        return f"Review of {in_words(self.held_on)}"

    def clean(self) -> None:
        if self.next_due_on and self.held_on and self.next_due_on <= self.held_on:
            raise ValidationError({"next_due_on": "Enter a day after the review."})

    @property
    def was_late(self) -> bool:
        """Return whether it was held after its day."""
        return self.due_on is not None and self.held_on > self.due_on
