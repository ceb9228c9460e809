"""Actions: tasks with a day and a result, and whom the portal reminded of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from partnership.accounts.roles import Permission
from partnership.models.bodies import only_insiders
from partnership.models.decisions import Decision, decided_in_private
from partnership.models.people import User
from partnership.records.record import Record, RecordQuerySet
from partnership.records.refusals import Refusal


class ActionQuerySet(RecordQuerySet):
    """Actions and their notes."""

    def visible_to(self, user: Any) -> ActionQuerySet:
        """The rows the person may see; what follows from a private decision only who may read working papers."""
        path = f"{self.model.scope.removesuffix('partnership')}decision__"  # "decision__" or "action__decision__"
        return only_insiders(super().visible_to(user), user, decided_in_private(path))

    def open(self) -> ActionQuerySet:
        """Return the actions that are not done."""
        return self.active().filter(done_on__isnull=True)


class Action(Record):
    """Something to be done, owned by a post. It is done when there is evidence."""

    name_field = "title"
    edit_permission = Permission.KEEP_ACTIONS

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="actions")
    title = models.CharField("what is to be done", max_length=200)
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        help_text="The decision it follows from, if it does.",
    )
    owner = models.CharField(max_length=160, help_text="The post that answers for it, not a name.")
    council = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        help_text="Whose action it is. Leave empty for one of all the councils.",
    )
    reminded = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="reminders go to",
        related_name="actions",
        help_text="Whose weekly e-mail names it, as long as it is open.",
    )
    due_on = models.DateField("due", null=True, blank=True, help_text="Leave empty where no day was set.")
    done_on = models.DateField("done on", null=True, blank=True, editable=False)
    evidence = models.TextField(blank=True, editable=False)

    objects = ActionQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["due_on", "title", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, evidence="") | Q(done_on__isnull=False) & ~Q(evidence=""),
                name="action_done_with_evidence",
                violation_error_message="An action is done with a day and evidence.",
            ),
        ]

    def is_overdue(self, on: date) -> bool:
        """Return whether it should have been done before a day and is not."""
        return not self.is_done(on) and self.due_on is not None and self.due_on < on

    def is_done(self, on: date) -> bool:
        """Return whether it was done by a day."""
        return self.done_on is not None and self.done_on <= on

    def status(self, on: date) -> str:
        """Return the status on a day, in words."""
        if self.is_done(on):
            return "Done"
        return "Overdue" if self.is_overdue(on) else "Open"

    def why_not_complete(self, *, by: User, on: date | None = None) -> Refusal:
        """Return why the person may not mark it as done."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.done_on:
            refusal = Refusal("This action is done.")
        return refusal

    def why_not_reopen(self, *, by: User, on: date | None = None) -> Refusal:
        """Return why the person may not open it again."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.done_on is None:
            refusal = Refusal("This action is open.")
        return refusal


class ActionNote(Record):
    """The progress of an action on a day."""

    scope = "action__partnership"
    edit_permission = Permission.KEEP_ACTIONS

    action = models.ForeignKey(Action, models.PROTECT, related_name="notes")
    noted_on = models.DateField("on")
    text = models.TextField("progress", help_text="What was done since the last note, and what is next.")

    objects = ActionQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "progress note"
        ordering = ["action", "-noted_on", "pk"]

    def __str__(self) -> str:
        return self.text if len(self.text) < 60 else f"{self.text[:59]}…"


class Reminder(models.Model):
    """That a person's e-mail of a week was sent: what makes the command safe to run twice."""

    person = models.ForeignKey(User, models.PROTECT, related_name="reminders")
    week_of = models.DateField(help_text="The Monday of the week.")
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "week_of"], name="reminder_once_a_week")]

    def __str__(self) -> str:
        return f"{self.person}, week of {self.week_of}"
