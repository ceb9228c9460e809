"""Savings of the councils, line by line, and the targets that they are compared with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from joint_posts.models.posts import JointPost
from partnership.accounts.roles import Permission
from partnership.dates import in_words
from partnership.financial_years import FinancialYear, FinancialYearField
from partnership.money import MoneyField, PercentField, never_negative
from partnership.records.record import Record, RecordQuerySet
from partnership.records.refusals import Refusal, not_by_you

if TYPE_CHECKING:
    from partnership.models import User


class SavingsTarget(Record):
    """A council's target for savings by joint working in one financial year. Never part of a savings total."""

    needs_sharing = True
    edit_permission = Permission.KEEP_SAVINGS

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="savings_targets")
    council = models.ForeignKey("partnership.Council", models.PROTECT, related_name="savings_targets")
    financial_year = FinancialYearField(help_text="Like 2019/20.")
    amount = MoneyField(
        "target", about_field="is_about", help_text="In pounds, cashable savings of this council in this year."
    )
    is_about = models.BooleanField("the target is rounded", default=False, help_text="Printed with “about”.")
    set_on = models.DateField(help_text="The day on which it was agreed; earlier dates do not know it.")
    source = models.CharField(max_length=200, help_text="Where it was agreed, for example the budget report.")

    class Meta(Record.Meta):
        verbose_name = "savings target"
        ordering = ["-financial_year", "council__name", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "council", "financial_year"],
                condition=Q(withdrawn_on__isnull=True),
                name="savings_target_once",
                violation_error_message="This council already has a target for the year; change that one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.council.short_name} {self.financial_year}"


class Saving(Record):
    """Something that saves money, whose worth stands in its lines: one for each council and financial year."""

    needs_sharing = True
    name_field = "title"
    edit_permission = Permission.KEEP_SAVINGS

    class Category(models.TextChoices):
        SHARED_MANAGEMENT = "shared management", "Shared senior management"
        OTHER_POSTS = "other posts", "Other joint posts"
        SERVICES = "services", "Shared or provided services"
        PROCUREMENT = "procurement", "Procurement and commissioning"
        SCALE = "scale", "Economies of scale"
        PROCESS = "process", "Process efficiency"
        PROPERTY = "property", "Property and estates"
        INCOME = "income", "Income generation"

    class BenefitType(models.TextChoices):
        CASHABLE = "cashable", "Cashable"
        NON_CASHABLE = "non-cashable", "Non-cashable"
        COST_AVOIDANCE = "cost avoidance", "Cost avoidance"
        INCOME = "income", "Income"

    class Recurrence(models.TextChoices):
        RECURRING = "recurring", "Recurring"
        ONE_OFF = "one-off", "One-off"
        NOT_STATED = "not stated", "Not stated"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="savings")
    title = models.CharField(max_length=160, help_text="What saves the money.")
    category = models.CharField(max_length=20, choices=Category.choices)
    benefit_type = models.CharField(
        max_length=14,
        choices=BenefitType.choices,
        help_text="Only cashable savings reduce a budget; the other kinds are never added to them.",
    )
    recurrence = models.CharField(max_length=10, choices=Recurrence.choices, default=Recurrence.NOT_STATED)
    basis = models.TextField(help_text="How the figures were worked out, in words.")
    caveats = models.TextField(blank=True, help_text="What could still change the figures. One caveat on each line.")
    identified_on = models.DateField(help_text="The day from which reports may count it.")
    business_case = models.ForeignKey(
        "business_cases.BusinessCase", models.PROTECT, null=True, blank=True, related_name="savings"
    )
    attributed_percent = PercentField(
        "attributed to the partnership",
        default=Decimal(100),
        help_text="Less than 100 when another programme counts part of it.",
    )
    shared_with_programme = models.CharField(
        "other programme", max_length=120, blank=True, help_text="The programme that counts the rest."
    )

    class Meta(Record.Meta):
        ordering = ["title", "pk"]
        # The list: in its order, with what its filters ask for.
        indexes = (
            models.Index(
                fields=["partnership", "title", "id", "category", "benefit_type"],
                condition=Q(withdrawn_on__isnull=True),
                name="saving_list",
            ),
        )
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(attributed_percent__gt=0) & Q(attributed_percent__lte=100),
                name="saving_attributed_between_0_and_100",
                violation_error_message="The partnership's part is more than 0 and at most 100 percent.",
            ),
            models.CheckConstraint(
                condition=Q(attributed_percent=100, shared_with_programme="")
                | Q(attributed_percent__lt=100) & ~Q(shared_with_programme=""),
                name="saving_shared_attribution_names_programme",
                violation_error_message="Name the other programme when the partnership counts less than 100 percent.",
            ),
        ]

    @property
    def caveat_list(self) -> list[str]:
        return [line.strip() for line in self.caveats.splitlines() if line.strip()]

    def why_not_break_down(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not replace its lines by a saving for each post."""
        return self.why_not_write(by=by)


class SavingPost(Record):
    """A joint post that a saving comes from."""

    scope = "saving__partnership"
    edit_permission = Permission.KEEP_SAVINGS

    saving = models.ForeignKey(Saving, models.PROTECT, related_name="posts")
    post = models.ForeignKey(JointPost, models.PROTECT, verbose_name="joint post", related_name="savings")

    class Meta(Record.Meta):
        verbose_name = "joint post behind it"
        verbose_name_plural = "joint posts behind it"
        ordering = ["saving", "post__title", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["saving", "post"],
                condition=Q(withdrawn_on__isnull=True),
                name="saving_post_once",
                violation_error_message="This post is already linked to the saving.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.post)


class SavingArrangement(Record):
    """A service arrangement that a saving comes from."""

    scope = "saving__partnership"
    edit_permission = Permission.KEEP_SAVINGS

    saving = models.ForeignKey(Saving, models.PROTECT, related_name="arrangements")
    arrangement = models.ForeignKey(
        "business_cases.ServiceArrangement",
        models.PROTECT,
        verbose_name="service arrangement",
        related_name="savings",
    )

    class Meta(Record.Meta):
        verbose_name = "service behind it"
        verbose_name_plural = "services behind it"
        ordering = ["saving", "arrangement__service", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["saving", "arrangement"],
                condition=Q(withdrawn_on__isnull=True),
                name="saving_arrangement_once",
                violation_error_message="This service is already linked to the saving.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.arrangement)


class SavingLineQuerySet(RecordQuerySet):
    """Lines, by how far they are verified."""

    def waiting(self) -> SavingLineQuerySet:
        """Delivered figures that nobody has verified, of savings that stand."""
        return self.active().filter(
            saving__withdrawn_on__isnull=True, delivered__isnull=False, verified_by__isnull=True
        )

    def entered_by(self, user: User) -> SavingLineQuerySet:
        """Return the lines whose figures the person entered or changed since they were last verified.

        Whoever changed what a delivered figure covers or means has changed it too.
        """
        versions = self.model.history.model.objects.filter(id=OuterRef("pk")).order_by()
        verified = versions.filter(verified_by__isnull=False).values("id").annotate(last=Max("history_id"))
        own = versions.filter(
            figures_changed_by=user.pk,
            delivered__isnull=False,
            history_id__gt=Coalesce(OuterRef("last_verified"), 0),
        )
        return self.annotate(last_verified=Subquery(verified.values("last"))).filter(
            Q(figures_changed_by=user.pk) | Exists(own)
        )


class SavingLine(Record):
    """The saving of one council in one financial year: the whole difference from its baseline in that year, in pounds.

    `estimated` is the plan and stays; `forecast` is what is now expected; `delivered` is what was achieved by a day. A
    line is verified by a finance verifier of its council who did not enter the figures.
    """

    scope = "saving__partnership"
    edit_permission = Permission.KEEP_SAVINGS
    owner_fields = ("council",)

    saving = models.ForeignKey(Saving, models.PROTECT, related_name="lines")
    council = models.ForeignKey("partnership.Council", models.PROTECT, related_name="saving_lines")
    financial_year = FinancialYearField(
        blank=True, help_text="Like 2019/20. Leave empty when no year is stated; the line is then in no year's total."
    )
    estimated = MoneyField(
        null=True, blank=True, about_field="figures_are_about", help_text="The plan, in pounds. It stays as it was."
    )
    forecast = MoneyField(
        null=True,
        blank=True,
        about_field="figures_are_about",
        help_text="What is now expected for the year, in pounds.",
    )
    delivered = MoneyField(
        null=True, blank=True, about_field="figures_are_about", help_text="What was achieved so far, in pounds."
    )
    delivered_to_on = models.DateField(
        "delivered up to", null=True, blank=True, help_text="The last day that the delivered figure covers."
    )
    cost_to_achieve = MoneyField(
        null=True,
        blank=True,
        help_text="What it cost the council to get the saving, in pounds; leave empty if unknown.",
    )
    figures_are_about = models.BooleanField("figures are rounded", default=False, help_text="Printed with “about”.")
    is_in_budget = models.BooleanField(
        "already in the budget", null=True, blank=True, help_text="Whether the council's budget has been reduced by it."
    )
    budget_reference = models.CharField(max_length=60, blank=True)
    calculated_from = models.ForeignKey(
        JointPost, models.PROTECT, null=True, blank=True, editable=False, related_name="calculated_lines"
    )
    calculation = models.TextField("how it was worked out", blank=True, editable=False)
    calculation_key = models.CharField("fingerprint of the calculation", max_length=64, blank=True, editable=False)
    figures_changed_by = models.ForeignKey(
        "partnership.User", models.PROTECT, editable=False, related_name="saving_lines_changed"
    )
    verified_by = models.ForeignKey(
        "partnership.User", models.PROTECT, null=True, blank=True, editable=False, related_name="saving_lines_verified"
    )
    verified_on = models.DateField(null=True, blank=True, editable=False)
    verification_note = models.TextField(blank=True, editable=False)

    objects = SavingLineQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "line"
        ordering = ["saving", "financial_year", "council__name", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["saving", "council", "financial_year"],
                condition=Q(withdrawn_on__isnull=True),
                name="saving_line_once",
                violation_error_message="This saving already has a line for the council and year; change that one.",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("figures_changed_by")),
                name="line_verified_by_somebody_else",
                violation_error_message="Whoever entered or last changed the figures cannot verify them.",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True, verified_on__isnull=True)
                | Q(verified_by__isnull=False, verified_on__isnull=False, delivered__isnull=False),
                name="line_verified_with_who_and_when",
                violation_error_message="A verified line has a delivered figure, a verifier and a date.",
            ),
            models.CheckConstraint(
                condition=Q(delivered__isnull=True) | Q(delivered_to_on__isnull=False),
                name="line_delivered_to_a_day",
                violation_error_message="Say up to which day the delivered figure goes.",
            ),
            never_negative("cost_to_achieve", "line_cost_to_achieve_not_negative", "a cost of £0 or more"),
        ]

    def __str__(self) -> str:
        return f"{self.council.short_name} {self.financial_year or 'no year given'}"

    @property
    def waits_for_verification(self) -> bool:
        """Return whether its delivered figure is still to be verified."""
        return self.delivered is not None and self.verified_by_id is None

    def why_not_verify(self, *, by: User, on: date | None = None) -> Refusal:
        """Return why the person may not verify its delivered figure.

        A finance verifier of its council does, who neither entered it nor changed what it covers or means.
        """
        refusal = self.why_not_write(by=by, permission=Permission.VERIFY_SAVINGS)
        if refusal:
            return refusal
        if self.council_id not in by.authority.councils(Permission.VERIFY_SAVINGS):
            return not_by_you(f"Only a finance verifier of {self.council} verifies its savings.")
        if self.delivered is None:
            return Refusal("There is no delivered figure to verify yet.", field="delivered")
        if self.verified_by_id is not None:
            return Refusal(f"{self.verified_by} verified this figure on {in_words(self.verified_on)}.")
        if self.figures_changed_by_id == by.pk or SavingLine.objects.entered_by(by).filter(pk=self.pk).exists():
            return not_by_you("You entered or last changed these figures, so somebody else must verify them.")
        return Refusal()

    def wrong_with_delivery(self, on: date | None) -> str:
        """Say what is wrong with the day up to which it delivered; "" when nothing is.

        The day lies within the line's financial year and, where ``on`` is given, not after it.
        """
        day = self.delivered_to_on
        if day is None:
            return ""
        if self.financial_year:
            year = FinancialYear.read(self.financial_year)
            if not year.first_day <= day <= year.last_day:
                first = in_words(year.first_day)
                last = in_words(year.last_day)
                return f"Enter a day of {year}, from {first} to {last}."
        if on is not None and day > on:
            return f"Enter a day that is not after today, {in_words(on)}."
        return ""

    def clean(self) -> None:
        if self.delivered is not None and not self.delivered_to_on:
            raise ValidationError({"delivered_to_on": "Enter the last day that the delivered figure covers."})
