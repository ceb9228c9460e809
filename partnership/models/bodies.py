"""The bodies of councillors that oversee and decide."""

from __future__ import annotations

from django.db import models

from partnership.records import Record
from partnership.roles import Permission


class Body(Record):
    """A working group, committee or executive that reviews are prepared for and decisions are taken by."""

    kept_with = Permission.KEEP_AGREEMENTS

    class Kind(models.TextChoices):
        WORKING_GROUP = "working group", "Working group"
        JOINT_COMMITTEE = "joint committee", "Joint committee"
        EXECUTIVE = "executive", "Executive"
        FULL_COUNCIL = "full council", "Full council"
        SCRUTINY = "scrutiny", "Scrutiny committee"
        AUDIT = "audit", "Audit committee"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="bodies")
    council = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bodies",
        help_text="Whose body it is. Leave empty for a body of all the councils.",
    )
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=20, blank=True, help_text="Initials used in the text, for example PWG.")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    meets_in_public = models.BooleanField("meets in public", default=True)
    purpose = models.TextField(blank=True, help_text="What it is for and what it may decide.")

    class Meta(Record.Meta):
        verbose_name_plural = "bodies"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.council.short_name} {self.name}" if self.council_id else self.name
