"""The register of actions and their progress."""

from __future__ import annotations

from partnership.accounts.permissions import today
from partnership.generic.display import Column
from partnership.generic.listings import RelatedTable
from partnership.generic.record_actions import RecordAction
from partnership.generic.register import Register
from partnership.governance import filters
from partnership.governance.forms import actions
from partnership.models import Action, ActionNote

STATUS = Column("Status", text=lambda row: row.status(today()), raw=lambda row: row.status(today()), is_tag=True)


class ActionNoteRegister(Register):
    """Register of the progress notes of an action."""

    model = ActionNote
    path = "notes"
    parent = "action"
    form_class = actions.ActionNoteForm
    columns = ("text", "noted_on")
    empty_text = "No progress is noted yet."


class ActionRegister(Register):
    """Actions."""

    model = Action
    path = "actions"
    form_class = actions.ActionForm
    filterset_class = filters.ActionFilter
    columns = (
        "title",
        "owner",
        "council",
        "due_on",
        STATUS,
        "done_on",
    )
    parts = (ActionNoteRegister,)
    related_tables = (
        RelatedTable(
            "decision",
            "What follows from it",
            ("title", "owner", "due_on", STATUS),
            add_label="Add an action",
            empty_text="Nothing is to be done about it yet.",
        ),
    )
    record_actions = (
        RecordAction(
            "complete",
            "Mark as done",
            actions.CompleteActionForm,
            intro="The action is done, and somebody who was not there can see it by the evidence.",
            refusal=Action.why_not_complete,
        ),
        RecordAction(
            "reopen",
            "Open again",
            actions.ReopenActionForm,
            intro="It turned out not to be done. The history keeps what was given as evidence.",
            refusal=Action.why_not_reopen,
        ),
    )
    help = "Who does what by when, and what shows that it is done. Each week an e-mail names the open ones."
    empty_text = "No action is recorded yet. Add what follows from a decision or a review, with its owner."
