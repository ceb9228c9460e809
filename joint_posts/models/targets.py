"""What the councils set out to save: the yardstick that the ledger is held against."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from partnership.financial_years import FinancialYearField
from partnership.money import MoneyField
from partnership.records import Record
from partnership.roles import Permission


class SavingsTarget(Record):
    """What one council means to save by joint working in one financial year. Never part of a savings total."""

    needs_sharing = True
    kept_with = Permission.KEEP_SAVINGS

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
