"""Roles and their permissions: one table that a councillor could read.

A person holds a role by a membership of a council, from a day and perhaps until one (`Membership`). A role's
permissions reach the records of the partnerships that council is party to. `docs/roles.md` is written from this file.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class Permission(StrEnum):
    """A permission, in words that finish the sentence "may …"."""

    READ_REGISTERS = "read the registers of the partnership"
    READ_WORKING_PAPERS = "read drafts and the working group's private papers"
    KEEP_POSTS = "enter and change joint posts, services and business cases"
    KEEP_SAVINGS = "enter and change savings"
    VERIFY_SAVINGS = "verify delivered savings of the own council, never their own entries"
    SEE_COSTS = "see the total cost of a joint post and how it is shared"
    SEE_PAY = "see salaries and on-costs of posts their council employs"
    KEEP_PAY = "enter salaries, on-costs and cost shares"
    KEEP_AGREEMENTS = "enter and change agreements, principles, objectives and bodies"
    KEEP_PARTNERSHIPS = "enter and change what is recorded of significant partnerships, and their annual returns"
    KEEP_ASSURANCE = "record internal audits of the own council and reviews of agreements"
    KEEP_MEETINGS = "set up meetings, fill places on bodies and record decisions of the own council or a joint body"
    KEEP_ACTIONS = "enter actions, note their progress and mark them as done"
    WRITE_REVIEWS = "draft reviews"
    PUBLISH = "publish reviews"
    KEEP_COUNCILS = "enter and change councils and partnerships"
    READ_PEOPLE = "see who holds which role"
    KEEP_PEOPLE = "give and end people's roles"
    CONFIRM_ROLES = "confirm a role that somebody else gave"
    RECORD_FROM_PUBLIC_RECORD = "record facts from the public record that the sources leave open"


@dataclass(frozen=True)
class Role:
    """A role: its name, what it is for in one sentence, and what it allows."""

    name: str
    sentence: str
    permissions: frozenset[Permission]


P = Permission
_READ = frozenset({P.READ_REGISTERS})
_READ_PRIVATE = _READ | {P.READ_WORKING_PAPERS}

ROLES: dict[str, Role] = {
    "officer": Role(
        "Officer",
        "Keeps the registers with the other councils' officers: posts, services, cases, savings, draft reviews. May"
        " change another council's saving line; that clears its verification, which its own council alone gives again.",
        _READ_PRIVATE
        | {P.KEEP_POSTS, P.KEEP_SAVINGS, P.KEEP_AGREEMENTS, P.KEEP_ASSURANCE, P.KEEP_PARTNERSHIPS}
        | {P.KEEP_ACTIONS, P.WRITE_REVIEWS, P.RECORD_FROM_PUBLIC_RECORD},
    ),
    "pay_officer": Role(
        "Pay officer",
        "Enters what the council's own joint posts cost and how the cost is shared.",
        _READ_PRIVATE | {P.SEE_COSTS, P.SEE_PAY, P.KEEP_PAY},
    ),
    "finance_verifier": Role(
        "Finance verifier",
        "Verifies the council's own delivered savings for its chief finance officer.",
        _READ_PRIVATE | {P.SEE_COSTS, P.VERIFY_SAVINGS},
    ),
    "pwg_member": Role(
        "Partnership Working Group member",
        "A councillor on the working group, which meets in private and oversees the partnership.",
        _READ_PRIVATE,
    ),
    "councillor": Role(
        "Other councillor",
        "A councillor not on the working group, who follows how the partnership performs.",
        _READ,
    ),
    "clerk": Role(
        "Clerk",
        "Turns reviews into papers for the council's committees, publishes them, and records what is decided.",
        _READ_PRIVATE | {P.WRITE_REVIEWS, P.PUBLISH, P.KEEP_MEETINGS, P.KEEP_ACTIONS},
    ),
    "monitoring_officer": Role(
        "Monitoring officer",
        "Keeps the agreement and the governance of the partnership under review.",
        _READ_PRIVATE
        | {P.KEEP_AGREEMENTS, P.KEEP_ASSURANCE, P.KEEP_PARTNERSHIPS, P.KEEP_MEETINGS, P.KEEP_ACTIONS}
        | {P.SEE_PAY, P.SEE_COSTS, P.READ_PEOPLE, P.CONFIRM_ROLES},
    ),
    "auditor": Role(
        "Auditor",
        "Reads everything of the partnership for internal or external audit, and changes nothing.",
        _READ_PRIVATE | {P.SEE_COSTS, P.SEE_PAY, P.READ_PEOPLE},
    ),
    "administrator": Role(
        "Administrator",
        "Sets up councils, partnerships and accounts; reads no register by virtue of that.",
        frozenset({P.KEEP_COUNCILS, P.READ_PEOPLE, P.KEEP_PEOPLE, P.CONFIRM_ROLES, P.RECORD_FROM_PUBLIC_RECORD}),
    ),
}

RoleName = TextChoices("RoleName", [(key.upper(), (key, role.name)) for key, role in ROLES.items()])


def roles_with(permission: Permission) -> list[str]:
    """Return the roles that allow it."""
    return [key for key, role in ROLES.items() if permission in role.permissions]


def is_over_content(role: str) -> bool:
    """Return whether a role allows more than to administer."""
    return not permissions_of(role) <= ROLES["administrator"].permissions


def permissions_of(role: str) -> frozenset[Permission]:
    """Return the permissions of a role; none for a role that no longer exists."""
    found = ROLES.get(role)
    return found.permissions if found else frozenset()
