"""The verbs of the core."""

from partnership.workflow.accounts import move_account, reset_sign_in
from partnership.workflow.actions import complete_action, reopen_action
from partnership.workflow.assurance import record_agreement_review
from partnership.workflow.core import (
    ADMINISTRATOR,
    add_council,
    add_party,
    add_person,
    adopt_commitments,
    change,
    confirm_party,
    confirm_role,
    end_agreement,
    end_role,
    enter,
    found_partnership,
    give_role,
    hand_over,
    leave_open,
    withdraw,
)
from partnership.workflow.decisions import (
    call_in,
    lapse_resolution,
    make_subject,
    publish_decision,
    record_decision,
    refer_decision,
    refuse_resolution,
    resolve_call_in,
)
from partnership.workflow.meetings import call_off
from partnership.workflow.returns import approve_return, begin_return, send_back_return, submit_return, write_return

__all__ = [
    "ADMINISTRATOR",
    "add_council",
    "add_party",
    "add_person",
    "adopt_commitments",
    "approve_return",
    "begin_return",
    "call_in",
    "call_off",
    "change",
    "complete_action",
    "confirm_party",
    "confirm_role",
    "end_agreement",
    "end_role",
    "enter",
    "found_partnership",
    "give_role",
    "hand_over",
    "lapse_resolution",
    "leave_open",
    "make_subject",
    "move_account",
    "publish_decision",
    "record_agreement_review",
    "record_decision",
    "refer_decision",
    "refuse_resolution",
    "reopen_action",
    "reset_sign_in",
    "resolve_call_in",
    "send_back_return",
    "submit_return",
    "withdraw",
    "write_return",
]
