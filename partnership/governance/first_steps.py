"""The first steps of a new portal, as data: which register each fills, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from partnership.accounts.permissions import today
from partnership.accounts.roles import ROLES, Permission, is_over_content
from partnership.generic.registry import registers
from partnership.models import User
from partnership.records.record import RecordQuerySet


def _every(rows: Any) -> RecordQuerySet:
    return rows


def _over_content(rows: Any) -> RecordQuerySet:
    """Return the roles over content that hold today: a role that waits for confirmation allows nothing."""
    return rows.holding(today()).filter(role__in=[role for role in ROLES if is_over_content(role)])


@dataclass(frozen=True)
class Step:
    """One step of setting up: the register it fills, how many rows make it done, and what to do."""

    register: str
    enough: int
    title: str
    words: str
    other: tuple[str, str] = ("", "")  # another way to do it: address name and label
    counted: Callable[[Any], RecordQuerySet] = _every  # the rows that count towards it


STEPS = (
    Step("council", 2, "Enter the councils", "Every council that shares officers or services, with its own words."),
    Step("partnership", 1, "Found the partnership", "Choose its councils; each gets its own column in every table."),
    Step(
        "membership",
        1,
        "Give people their roles",
        "Officers enter, finance verifiers verify, clerks publish. A second person, whose account you did not make,"
        " confirms each such role.",
        ("new_person", "Add a person"),
        _over_content,
    ),
    Step("agreement", 1, "Record the agreement", "The section 113 agreement that the joint posts rest on."),
    Step("body", 1, "Name the bodies", "The working group and each council's executive; reviews are theirs."),
    Step(
        "commitment",
        2,
        "Enter the principles and objectives",
        "As adopted, in their order. Reviews rate each one.",
        ("paste_commitments", "Paste a numbered list"),
    ),
    Step(
        "jointpost",
        1,
        "Enter the joint posts",
        "As they stand now, those that are filled already among them. What each costs, a pay officer adds on its page.",
        ("jointpost_import", "Import from a spreadsheet"),
    ),
    Step(
        "saving",
        1,
        "Enter the savings",
        "Each with its figures by council and year.",
        ("saving_import", "Import from a spreadsheet"),
    ),
)


def may_open(user: User) -> bool:
    """Return whether the menu offers the steps: to whoever takes any of them."""
    every = registers()
    return any(every[step.register].policy.may_edit(user) for step in STEPS)


def how_many_wait(user: User) -> int:
    """No number stands in the menu: what is still to do, the page says."""
    return 0


def are_to_begin(user: User) -> bool:
    """Return whether signing in leads here: an administrator lacks a partnership, or an officer a joint post."""
    authority = user.authority
    if authority.may(Permission.KEEP_COUNCILS) and not authority.partnerships():
        return True
    posts = registers()["jointpost"]
    return posts.policy.may_edit(user) and not posts.rows(user).exists()
