"""The verbs of the core."""

from partnership.workflow.core import (
    ADMINISTRATOR,
    add_council,
    add_person,
    adopt_commitments,
    change,
    end_agreement,
    end_role,
    enter,
    found_partnership,
    give_role,
    leave_open,
    withdraw,
)
from partnership.workflow.meetings import call_off

__all__ = [
    "ADMINISTRATOR",
    "add_council",
    "add_person",
    "adopt_commitments",
    "call_off",
    "change",
    "end_agreement",
    "end_role",
    "enter",
    "found_partnership",
    "give_role",
    "leave_open",
    "withdraw",
]
