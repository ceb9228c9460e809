"""Forms of actions."""

from __future__ import annotations

from typing import Any

from django import forms

from partnership.accounts.permissions import parties_on, today
from partnership.accounts.roles import Permission
from partnership.generic.forms import ReasonForm, WorkflowForm
from partnership.governance import workflow
from partnership.models import Action, ActionNote, Membership, User
from partnership.records.record import Record


class ActionForm(WorkflowForm):
    """An action."""

    fieldsets = (
        ("What is to be done", "", ("partnership", "title", "decision", "due_on")),
        ("By whom", "", ("owner", "council", "reminded")),
    )

    class Meta:
        model = Action
        fields = ("partnership", "title", "decision", "due_on", "owner", "council", "reminded")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        partnerships = self.user.authority.partnerships(Permission.KEEP_ACTIONS)
        councils = parties_on(today()).filter(partnership__in=partnerships).values("council")
        held = Membership.objects.holding(today()).filter(council__in=councils).values("user")
        self.fields["reminded"].queryset = User.objects.filter(pk__in=held, is_active=True)


class ActionNoteForm(WorkflowForm):
    """A progress note."""

    class Meta:
        model = ActionNote
        fields = ("noted_on", "text")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["noted_on"] = today()


class CompleteActionForm(ReasonForm):
    """Records that an action is done."""

    on = forms.DateField(label="Done on", help_text="The day on which it was done.")
    evidence = forms.CharField(
        widget=forms.Textarea({"rows": 3}), help_text="What shows it: a paper, a page, a date, a figure."
    )
    fieldsets = (("", "", ("on", "evidence")),)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()

    def save(self) -> Record:
        return workflow.complete_action(self.target, **self.facts())


class ReopenActionForm(ReasonForm):
    """Opens an action again."""

    def save(self) -> Record:
        return workflow.reopen_action(self.target, **self.facts())
