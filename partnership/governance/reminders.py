"""The weekly e-mail of a person: the open actions they are reminded of, the overdue ones first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from partnership.dates import in_words
from partnership.models import Action

SOON = timedelta(days=14)


def monday_of(on: date) -> date:
    """The Monday of a day's week."""
    return on - timedelta(days=on.weekday())


def subject(actions: Iterable[Action], on: date) -> str:
    """The e-mail's subject, with how many are overdue."""
    overdue = sum(action.is_overdue(on) for action in actions)
    return f"Your actions this week: {overdue} overdue" if overdue else "Your actions this week"


def digest(actions: Iterable[Action], on: date, address: Callable[[Action], str]) -> str:
    """Return the text of the e-mail. ``address`` returns the URL of an action's page."""
    groups: dict[str, list[str]] = {"Overdue": [], "Due within two weeks": [], "Later, or without a day": []}
    for action in actions:
        groups[_group(action, on)].append(_line(action, address))
    parts = ["\n".join([heading, *lines]) for heading, lines in groups.items() if lines]
    return "\n\n".join([*parts, f"As at {in_words(on)}. You get this once a week while actions are open."])


def _group(action: Action, on: date) -> str:
    if action.is_overdue(on):
        return "Overdue"
    return "Due within two weeks" if action.due_on and action.due_on <= on + SOON else "Later, or without a day"


def _line(action: Action, address: Callable[[Action], str]) -> str:
    due = in_words(action.due_on, unknown="no day set")
    return f"* {action.title} ({action.owner}; due: {due})\n  {address(action)}"
