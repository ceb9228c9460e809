"""The plan for ending an agreement: what becomes of each post and service, and what it costs whom."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from partnership.accounts.roles import Permission
from partnership.financial_years import FinancialYearField
from partnership.money import MoneyField
from partnership.records.record import Record


class ExitPlan(Record):
    """A plan for the end of an agreement, assumed or under way.

    Notice that a party has given stands on the agreement; until then the plan may assume one. The plan is private to
    the partnership: no edition for the public holds anything of it.
    """

    name_field = "title"
    view_permission = Permission.READ_WORKING_PAPERS
    edit_permission = Permission.KEEP_AGREEMENTS

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="exit_plans")
    title = models.CharField(max_length=160)
    agreement = models.ForeignKey(
        "partnership.Agreement",
        models.PROTECT,
        related_name="exit_plans",
        help_text="The agreement that ends. Its period of notice, and notice given, stand there.",
    )
    assumed_notice_by = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="assumed to give notice",
        related_name="exit_plans",
        help_text="While no notice is on record: which council the plan takes to give it.",
    )
    assumed_notice_on = models.DateField(
        "assumed day of notice",
        null=True,
        blank=True,
        help_text="While no notice is on record. Leave empty to reckon from the day on which the plan is read.",
    )
    last_day_on = models.DateField(
        "agreed last day",
        null=True,
        blank=True,
        help_text="Where the councils agree on another day than that on which notice runs out.",
    )
    others_go_on = models.BooleanField(
        "the other councils go on",
        default=False,
        help_text="Tick where three or more share and only those that give notice leave.",
    )
    relationship = models.TextField(
        "relationship afterwards", blank=True, help_text="How the councils mean to deal with each other afterwards."
    )

    class Meta(Record.Meta):
        ordering = ["title", "pk"]


class ExitPlanRecord(Record):
    """A record that belongs to an exit plan."""

    scope = "plan__partnership"
    view_permission = Permission.READ_WORKING_PAPERS
    edit_permission = Permission.KEEP_AGREEMENTS

    class Meta(Record.Meta):
        abstract = True


class PlannedEnd(ExitPlanRecord):
    """The end of something shared."""

    employed_by = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="who employs afterwards",
        related_name="%(class)ss",
        help_text="The council that employs the officer or staff then. Leave empty for each its own, or none.",
    )
    phase = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="In which phase of the exit it is settled: 1 for the first."
    )
    last_day_on = models.DateField(
        "own last day", null=True, blank=True, help_text="Leave empty where it is that of the plan."
    )
    what_follows = models.TextField(
        blank=True, help_text="What replaces it, for example a service level agreement, and what must happen first."
    )

    class Meta(ExitPlanRecord.Meta):
        abstract = True


class ExitPost(PlannedEnd):
    """The end of a joint post, and the employer of its holder."""

    class Disposition(models.TextChoices):
        RETURNS = "returns", "Returns to the home council alone"
        OWN = "own", "Each council fills a post of its own"
        ENDS = "ends", "Ends and is not filled again"
        SHARED = "shared", "Stays shared"
        OPEN = "open", "Not decided yet"

    plan = models.ForeignKey(ExitPlan, models.PROTECT, related_name="posts")
    post = models.ForeignKey(
        "joint_posts.JointPost", models.PROTECT, verbose_name="joint post", related_name="exit_plans"
    )
    disposition = models.CharField("what becomes of it", max_length=10, choices=Disposition.choices)

    class Meta(PlannedEnd.Meta):
        verbose_name = "joint post in the plan"
        verbose_name_plural = "joint posts in the plan"
        ordering = ["plan", F("phase").asc(nulls_last=True), "post__title", "pk"]
        constraints = [
            *PlannedEnd.Meta.constraints,
            models.UniqueConstraint(
                fields=["plan", "post"],
                condition=Q(withdrawn_on__isnull=True),
                name="exit_post_once",
                violation_error_message="The plan already says what becomes of this post; change that row.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.get_disposition_display().lower()}"


class ExitArrangement(PlannedEnd):
    """The end of a shared or provided service."""

    class Disposition(models.TextChoices):
        OWN = "own", "Each council runs its own"
        AGREED = "agreed", "Goes on under an agreement of its own"
        SHARED = "shared", "Goes on as it is"
        ENDS = "ends", "Ends"
        OPEN = "open", "Not decided yet"

    plan = models.ForeignKey(ExitPlan, models.PROTECT, related_name="arrangements")
    arrangement = models.ForeignKey(
        "business_cases.ServiceArrangement",
        models.PROTECT,
        verbose_name="service arrangement",
        related_name="exit_plans",
    )
    disposition = models.CharField("what becomes of it", max_length=10, choices=Disposition.choices)

    class Meta(PlannedEnd.Meta):
        verbose_name = "service in the plan"
        verbose_name_plural = "services in the plan"
        ordering = ["plan", F("phase").asc(nulls_last=True), "arrangement__service", "pk"]
        constraints = [
            *PlannedEnd.Meta.constraints,
            models.UniqueConstraint(
                fields=["plan", "arrangement"],
                condition=Q(withdrawn_on__isnull=True),
                name="exit_arrangement_once",
                violation_error_message="The plan already says what becomes of this service; change that row.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arrangement}: {self.get_disposition_display().lower()}"


class ExitEstimate(ExitPlanRecord):
    """A cost or saving of leaving to a council in a year, beside those worked out from posts and the ledger."""

    class Kind(models.TextChoices):
        COST = "cost", "Cost of leaving"
        SAVING = "saving", "Saving from leaving"

    plan = models.ForeignKey(ExitPlan, models.PROTECT, related_name="estimates")
    council = models.ForeignKey("partnership.Council", models.PROTECT, related_name="exit_estimates")
    financial_year = FinancialYearField(help_text="Like 2019/20.")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.COST)
    title = models.CharField("what for", max_length=160, help_text="For example recruitment, systems or legal advice.")
    amount = MoneyField(
        null=True,
        blank=True,
        about_field="is_about",
        help_text="In pounds. Leave empty while it is not known: sums that need it are then not known either.",
    )
    is_about = models.BooleanField("the amount is rounded", default=False, help_text="Printed with “about”.")

    class Meta(ExitPlanRecord.Meta):
        verbose_name = "cost or saving of leaving"
        verbose_name_plural = "costs and savings of leaving"
        ordering = ["plan", "financial_year", "council__name", "kind", "title", "pk"]
        constraints = [
            *ExitPlanRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["plan", "council", "financial_year", "kind", "title"],
                condition=Q(withdrawn_on__isnull=True),
                name="exit_estimate_once",
                violation_error_message="This is there already for the council and year; change that row.",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="exit_estimate_not_negative",
                violation_error_message="Enter a sum of nought or more, and choose whether it is a cost or a saving.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.council.short_name} {self.financial_year}"


class ExitPayment(ExitPlanRecord):
    """A payment in lieu of notice as the councils agreed it, in the place of the one that is worked out.

    It lets a share of pay be guessed, and is seen and kept as shares are.
    """

    view_permission = Permission.SEE_COSTS
    edit_permission = Permission.KEEP_PAY

    plan = models.ForeignKey(ExitPlan, models.PROTECT, related_name="payments")
    paid_by = models.ForeignKey("partnership.Council", models.PROTECT, related_name="exit_payments_made")
    paid_to = models.ForeignKey("partnership.Council", models.PROTECT, related_name="exit_payments_received")
    paid_on = models.DateField("due on", help_text="The day it is due; its financial year bears it.")
    amount = MoneyField(help_text="In pounds and pence.")

    class Meta(ExitPlanRecord.Meta):
        verbose_name = "agreed payment in lieu"
        verbose_name_plural = "agreed payments in lieu"
        ordering = ["plan", "paid_on", "paid_by__name", "pk"]
        constraints = [
            *ExitPlanRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(paid_by=F("paid_to")),
                name="exit_payment_between_two",
                violation_error_message="The council that pays and the one that is paid must be different.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="exit_payment_not_negative",
                violation_error_message="Enter a sum of nought or more.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paid_by.short_name} to {self.paid_to.short_name}"

    def clean(self) -> None:
        if self.paid_by_id and self.paid_by_id == self.paid_to_id:
            raise ValidationError({"paid_to": "Choose another council than the one that pays."})
