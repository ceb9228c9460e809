"""Models of joint working, and the results of others who used them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from partnership.accounts.roles import Permission
from partnership.money import MoneyField
from partnership.records.record import Record


class WorkingModel(Record):
    """One of the ways in which councils share services, from a host authority to fully pooled teams."""

    edit_permission = Permission.KEEP_POSTS

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="working_models")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    also_called = models.CharField(max_length=120, blank=True, help_text="Another name in use for the same model.")
    description = models.TextField(help_text="How services are run under this model.")
    key_features = models.TextField(help_text="One feature on each line.")
    source = models.CharField(max_length=160, blank=True, help_text="Who described the model, and when.")

    class Meta(Record.Meta):
        verbose_name = "model of joint working"
        verbose_name_plural = "models of joint working"
        ordering = ["number", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "number"],
                condition=Q(withdrawn_on__isnull=True),
                name="working_model_number_once",
                violation_error_message="There is already a model with this number.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    @property
    def features(self) -> list[str]:
        return [line.strip() for line in self.key_features.splitlines() if line.strip()]


class Comparator(Record):
    """An example of another council, as a yardstick. Its money is never part of the partnership's own totals."""

    name_field = "name"
    edit_permission = Permission.KEEP_POSTS

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="comparators")
    name = models.CharField(max_length=160, help_text="The councils concerned.")
    description = models.TextField(blank=True, help_text="What they share.")
    orientation = models.CharField(max_length=60, blank=True, help_text="Horizontal, vertical, or a mix in words.")
    amount = MoneyField(
        "savings reported", about_field="amount_is_about", null=True, blank=True, help_text="In pounds."
    )
    amount_is_about = models.BooleanField("the amount is rounded", default=False)
    currency = models.CharField(max_length=3, default="GBP")
    period = models.CharField(max_length=60, blank=True, help_text="What period the amount covers.")
    benefits = models.TextField("other benefits", blank=True)
    source = models.CharField(max_length=160, help_text="Where this is from.")

    class Meta(Record.Meta):
        verbose_name = "example elsewhere"
        verbose_name_plural = "examples elsewhere"
        ordering = ["name", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | ~Q(period="") & ~Q(currency=""),
                name="comparator_amount_has_period_and_currency",
                violation_error_message="An amount needs its currency and the period it covers.",
            ),
        ]

    def clean(self) -> None:
        if self.amount is not None and not self.period:
            raise ValidationError({"period": "Enter the period that the amount covers, for example “over 10 years”."})
