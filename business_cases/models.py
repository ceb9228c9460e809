"""Business cases, and the service arrangements they lead to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from partnership.accounts.roles import Permission
from partnership.dates import RecordedDateField, precision_field
from partnership.financial_years import FinancialYearField
from partnership.models.bodies import Body, only_insiders
from partnership.models.decisions import Resolution, decided_in_private
from partnership.money import MoneyField
from partnership.records.record import Record, RecordQuerySet
from partnership.records.refusals import Refusal


class Stage(models.TextChoices):
    """The stage of a business case; `STAGES` lists where it may go next."""

    PROPOSED = "proposed", "Proposed"
    COMMISSIONED = "commissioned", "Commissioned"
    IN_DEVELOPMENT = "in development", "In development"
    WELL_ADVANCED = "well advanced", "Well advanced"
    CONSULTATION = "under consultation", "Under consultation"
    ADOPTED = "adopted", "Adopted by every council"
    IMPLEMENTED = "implemented", "Implemented"
    REJECTED = "rejected", "Rejected"
    PAUSED = "paused", "Paused"


# From each stage, the stages a case may move to. Nothing is adopted without having been worked on.
STAGES: dict[str, tuple[str, ...]] = {
    Stage.PROPOSED: (Stage.COMMISSIONED, Stage.IN_DEVELOPMENT, Stage.REJECTED, Stage.PAUSED),
    Stage.COMMISSIONED: (Stage.IN_DEVELOPMENT, Stage.WELL_ADVANCED, Stage.REJECTED, Stage.PAUSED),
    Stage.IN_DEVELOPMENT: (Stage.WELL_ADVANCED, Stage.CONSULTATION, Stage.ADOPTED, Stage.REJECTED, Stage.PAUSED),
    Stage.WELL_ADVANCED: (Stage.CONSULTATION, Stage.ADOPTED, Stage.REJECTED, Stage.PAUSED),
    Stage.CONSULTATION: (Stage.WELL_ADVANCED, Stage.ADOPTED, Stage.REJECTED, Stage.PAUSED),
    Stage.ADOPTED: (Stage.IMPLEMENTED, Stage.PAUSED),
    Stage.IMPLEMENTED: (),
    Stage.REJECTED: (),
    Stage.PAUSED: (Stage.PROPOSED, Stage.COMMISSIONED, Stage.IN_DEVELOPMENT, Stage.REJECTED),
}


IN_FORCE = (Stage.ADOPTED, Stage.IMPLEMENTED)


class BusinessCase(Record):
    """A case for sharing a service, or for a programme such as a joint project team.

    Its estimated saving is pipeline: it never enters a savings total before it is in the ledger as a saving.
    """

    needs_sharing = True
    name_field = "title"
    edit_permission = Permission.KEEP_POSTS

    class Kind(models.TextChoices):
        SERVICE = "service", "Shared service"
        PROGRAMME = "programme", "Programme or project team"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="business_cases")
    title = models.CharField(max_length=160, help_text="The services or the programme it is for.")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SERVICE)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.PROPOSED, editable=False)
    service_area = models.TextField(blank=True, help_text="What falls under it, for example its teams or functions.")
    working_model = models.ForeignKey(
        "partnership.WorkingModel",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="model of joint working",
        related_name="business_cases",
        help_text="Which of the models it proposes.",
    )
    sponsor = models.CharField(max_length=120, blank=True, help_text="The post that answers for it.")
    lead = models.CharField(max_length=120, blank=True, help_text="The post that writes it.")
    staff_consultation = models.TextField(blank=True, help_text="Who is consulted, from when, and what came of it.")
    expected_on = RecordedDateField(
        "expected at the working group",
        null=True,
        blank=True,
        precision_field="expected_precision",
        help_text="When it is to come to the working group.",
    )
    expected_precision = precision_field("the expected date")
    estimated_saving = MoneyField(
        "estimated annual saving, all councils",
        about_field="estimated_saving_is_about",
        null=True,
        blank=True,
        help_text="In pounds a year, if it goes ahead. Shown as pipeline, never in a savings total.",
    )
    estimated_saving_is_about = models.BooleanField("the estimate is rounded", default=False)

    class Meta(Record.Meta):
        ordering = ["title", "pk"]

    def can_move_to(self, stage: str) -> bool:
        """Return whether the order of stages lets the case go there from where it is."""
        return stage in STAGES[self.stage]

    def why_not_move(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not move the case to another stage."""
        refusal = self.why_not_write(by=by)
        if not refusal and not STAGES[self.stage]:
            refusal = Refusal(f"A case that is {self.get_stage_display().lower()} stays so.", field="stage")
        return refusal


class CaseStep(Record):
    """The day from which a business case stood at a stage."""

    scope = "case__partnership"
    edit_permission = Permission.KEEP_POSTS

    case = models.ForeignKey(BusinessCase, models.PROTECT, verbose_name="business case", related_name="steps")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    from_on = RecordedDateField("from", precision_field="from_precision")
    from_precision = precision_field("the date")
    note = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = "stage"
        ordering = ["case", "from_on", "pk"]

    def __str__(self) -> str:
        return self.get_stage_display()


class CaseOption(Record):
    """An option that a business case weighs, with the reason it was rejected if it was."""

    name_field = "title"
    scope = "case__partnership"
    edit_permission = Permission.KEEP_POSTS

    case = models.ForeignKey(BusinessCase, models.PROTECT, verbose_name="business case", related_name="options")
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    is_preferred = models.BooleanField("preferred option", default=False)
    rejected_because = models.TextField(blank=True, help_text="Leave empty for the preferred option.")

    class Meta(Record.Meta):
        verbose_name = "option"
        ordering = ["case", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(is_preferred=True, withdrawn_on__isnull=True),
                name="case_one_preferred_option",
                violation_error_message="Another option is already the preferred one.",
            ),
            models.CheckConstraint(
                condition=~Q(is_preferred=True) | Q(rejected_because=""),
                name="case_preferred_option_not_rejected",
                violation_error_message="The preferred option cannot also be rejected.",
            ),
        ]


class CaseCommitment(Record):
    """The way in which a business case respects a principle, or the fact that it serves an objective."""

    scope = "case__partnership"
    edit_permission = Permission.KEEP_POSTS

    case = models.ForeignKey(BusinessCase, models.PROTECT, verbose_name="business case", related_name="commitments")
    commitment = models.ForeignKey(
        "partnership.Commitment", models.PROTECT, verbose_name="principle or objective", related_name="cases"
    )
    how = models.TextField(help_text="How the case respects the principle or serves the objective.")

    class Meta(Record.Meta):
        verbose_name = "principle or objective served"
        verbose_name_plural = "principles and objectives served"
        ordering = ["case", "commitment", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["case", "commitment"],
                condition=Q(withdrawn_on__isnull=True),
                name="case_commitment_once",
                violation_error_message="The case already answers this principle or objective.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.commitment}"


class CaseCost(Record):
    """The cost of a business case to one council in one financial year, and its source of money.

    A programme team has costs too; its payback is the savings linked to the case against them.
    """

    scope = "case__partnership"
    edit_permission = Permission.KEEP_POSTS

    case = models.ForeignKey(BusinessCase, models.PROTECT, verbose_name="business case", related_name="costs")
    council = models.ForeignKey("partnership.Council", models.PROTECT, related_name="case_costs")
    financial_year = FinancialYearField(help_text="Like 2019/20.")
    amount = MoneyField("cost", about_field="is_about", help_text="In pounds, what this council pays in the year.")
    is_about = models.BooleanField("the cost is rounded", default=False, help_text="Printed with “about”.")
    funding_source = models.CharField(
        "paid from", max_length=120, help_text="For example a service budget or the transformation reserve."
    )

    class Meta(Record.Meta):
        verbose_name = "cost"
        ordering = ["case", "financial_year", "council__name", "funding_source", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["case", "council", "financial_year", "funding_source"],
                condition=Q(withdrawn_on__isnull=True),
                name="case_cost_once",
                violation_error_message="This cost of the council, year and source is there already; change that one.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="case_cost_not_negative",
                violation_error_message="Enter a cost as a sum of nought or more.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.council.short_name} {self.financial_year}, {self.funding_source}"


class CaseApprovalQuerySet(RecordQuerySet):
    """Approvals."""

    def visible_to(self, user: Any) -> CaseApprovalQuerySet:
        """The approvals the person may see; those given in private only who may read working papers."""
        return only_insiders(super().visible_to(user), user, decided_in_private("resolution__decision__"))


class CaseApproval(Record):
    """The resolution by which a body approves a business case: one for each council, and the joint committee's."""

    scope = "case__partnership"
    edit_permission = Permission.KEEP_POSTS
    BY = (Body.Kind.EXECUTIVE, Body.Kind.FULL_COUNCIL, Body.Kind.JOINT_COMMITTEE)

    case = models.ForeignKey(BusinessCase, models.PROTECT, verbose_name="business case", related_name="approvals")
    resolution = models.ForeignKey(
        Resolution,
        models.PROTECT,
        related_name="case_approvals",
        help_text="Of an executive, a full council or the joint committee, as it stands in the record of the decision.",
    )

    objects = CaseApprovalQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "approval"
        ordering = ["case", "resolution__decision__decided_on", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["case", "resolution"],
                condition=Q(withdrawn_on__isnull=True),
                name="case_approval_once",
                violation_error_message="This resolution is named already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.resolution)

    def clean(self) -> None:
        if self.resolution_id and self.resolution.decision.body.kind not in self.BY:
            sentence = "Choose a resolution of an executive, a full council or the joint committee."
            raise ValidationError({"resolution": sentence})


class ServiceArrangement(Record):
    """A service that one council provides for another, or that councils deliver, buy or house together."""

    needs_sharing = True
    name_field = "service"
    edit_permission = Permission.KEEP_POSTS

    class Kind(models.TextChoices):
        PROVISION = "provision", "Provision of a service"
        COLLABORATION = "collaboration", "Collaboration and service alignment"
        CO_LOCATION = "co-location", "Co-location"
        PROCUREMENT = "procurement", "Joint procurement"

    class Formality(models.TextChoices):
        FORMAL = "formal", "Formal"
        INFORMAL = "informal", "Informal"
        FEASIBILITY = "feasibility", "Feasibility stage"
        EARLY = "early stage", "Early stage"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="arrangements")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    service = models.CharField(max_length=160, help_text="What is provided, aligned, shared or bought.")
    provider = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services_provided",
        help_text="The council that provides it.",
    )
    receiver = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services_received",
        help_text="The council that receives or uses it.",
    )
    formality = models.CharField(max_length=12, choices=Formality.choices, blank=True)
    site = models.CharField(max_length=120, blank=True, help_text="Where, for a co-location.")
    business_case = models.ForeignKey(
        BusinessCase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="arrangements",
        help_text="The case behind it.",
    )
    started_on = RecordedDateField("started", null=True, blank=True, precision_field="started_precision")
    started_precision = precision_field("the start")
    ended_on = models.DateField(
        "ended", null=True, blank=True, editable=False, help_text="The last day on which the service was shared so."
    )
    end_reason = models.TextField("why it ended", blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "service arrangement"
        ordering = ["kind", "service", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="") | Q(ended_on__isnull=False) & ~Q(end_reason=""),
                name="arrangement_ended_with_reason",
                violation_error_message="An ended arrangement needs both the date and the reason.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="provision") | Q(provider__isnull=False, receiver__isnull=False),
                name="provision_has_provider_and_receiver",
                violation_error_message="A provided service needs the council that provides it and the receiving one.",
            ),
            models.CheckConstraint(
                condition=Q(provider__isnull=True) | Q(receiver__isnull=True) | ~Q(provider=models.F("receiver")),
                name="provider_is_not_receiver",
                violation_error_message="The providing and the receiving council must be different.",
            ),
        ]

    def clean(self) -> None:
        errors = {}
        if self.kind == self.Kind.PROVISION and not self.provider_id:
            errors["provider"] = "Choose the council that provides the service."
        if self.kind == self.Kind.PROVISION and not self.receiver_id:
            errors["receiver"] = "Choose the council that receives the service."
        if self._lacks_a_case():
            errors["business_case"] = "A formal shared service needs a business case that every council adopted."
        if self.ended_on and self.started_on and self.ended_on < self.started_on:
            errors["ended_on"] = "Enter an end that is not before the start."
        if bool(self.ended_on) != bool(self.end_reason):
            errors["end_reason" if self.ended_on else "ended_on"] = "Enter both the end and the reason, or neither."
        if errors:
            raise ValidationError(errors)

    def _lacks_a_case(self) -> bool:
        """Return whether it is formal and no adopted case stands behind it, nor a source that leaves open which."""
        if self.formality != self.Formality.FORMAL or "business_case" in self.not_stated:
            return False
        return self.business_case is None or self.business_case.stage not in IN_FORCE

    def is_running(self, on: date) -> bool:
        """Return whether it was running on a day. One whose start is not stated is taken as begun."""
        begun = self.started_on is None or self.started_on <= on
        return begun and (self.ended_on is None or self.ended_on >= on)

    def why_not_end(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not end the arrangement."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.ended_on:
            refusal = Refusal("This arrangement has ended already.", field="ended_on")
        return refusal
