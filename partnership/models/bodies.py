"""The bodies of councillors that oversee and decide."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from partnership.accounts import permissions
from partnership.accounts.roles import Permission
from partnership.records.record import Record, RecordQuerySet


class Body(Record):
    """A working group, committee or executive that reviews are prepared for and decisions are taken by."""

    edit_permission = Permission.KEEP_AGREEMENTS
    owner_fields = ("council",)

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

    @property
    def is_executive(self) -> bool:
        """Return whether the 2012 Regulations on meetings of executives bind it."""
        return self.kind == self.Kind.EXECUTIVE

    @property
    def reports_itself(self) -> bool:
        """Return whether a paper of the body is its own report; the other kinds of body receive reports."""
        return self.kind == self.Kind.WORKING_GROUP

    @property
    def is_joint(self) -> bool:
        """Return whether it is a body of all the councils."""
        return self.council_id is None


class BodyRecord(Record):
    """A record of a body: kept by the body's own council, that of a joint body by every council's clerks."""

    scope = "body__partnership"
    edit_permission = Permission.KEEP_MEETINGS

    class Meta(Record.Meta):
        abstract = True

    def own_body(self) -> Body:
        """The body it belongs to, at the end of its scope but one."""
        where: Any = self
        for step in self.scope.split("__")[:-1]:
            where = getattr(where, step)
        return where

    def place(self) -> tuple[str, int] | None:
        body = self.own_body()
        return ("partnership", body.partnership_id) if body.is_joint else ("council", body.council_id)

    def partnership_id_of(self) -> int | None:
        return self.own_body().partnership_id


def only_insiders(rows: RecordQuerySet, user: Any, private: Q) -> RecordQuerySet:
    """The rows without the private ones of partnerships whose working papers the person may not read."""
    authority = getattr(user, "authority", permissions.NO_AUTHORITY)
    insiders = authority.partnerships(Permission.READ_WORKING_PAPERS)
    return rows.filter(~private | Q(**{f"{rows.model.scope}__in": insiders}))
