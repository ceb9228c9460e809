"""The principles and objectives that the councils agreed to be judged by."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from partnership.accounts.roles import Permission
from partnership.records.record import Record


class Commitment(Record):
    """A principle or an objective of the partnership; reviews rate each one."""

    edit_permission = Permission.KEEP_AGREEMENTS

    class Kind(models.TextChoices):
        PRINCIPLE = "principle", "Principle"
        OBJECTIVE = "objective", "Objective"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="commitments")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(help_text="Its number in the adopted paper.")
    short_title = models.CharField(max_length=100, help_text="A few words for tables and charts.")
    statement = models.TextField(help_text="What the councils committed to.")
    is_paraphrased = models.BooleanField(
        "paraphrased", default=False, help_text="Tick when the statement is not word for word the adopted text."
    )
    adopted_on = models.DateField(help_text="The date of the paper that adopted it.")

    class Meta(Record.Meta):
        verbose_name = "principle or objective"
        verbose_name_plural = "principles and objectives"
        ordering = ["-kind", "number", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "kind", "number"],
                condition=Q(withdrawn_on__isnull=True),
                name="commitment_number_once",
                violation_error_message="There is already one of this kind with this number.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}: {self.short_title}"

    def is_in_force(self, on: date) -> bool:
        """Return whether it had been adopted by a day."""
        return self.adopted_on <= on
