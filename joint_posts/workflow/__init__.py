"""The verbs of joint posts, of what they cost, and of what sharing them saves."""

from joint_posts.workflow.calculations import break_down, is_out_of_date, put_into_ledger
from joint_posts.workflow.counting import Counted
from joint_posts.workflow.posts import (
    agree_post,
    appoint,
    become_vacant,
    change_employer,
    end_post,
    enter_post,
    make_permanent,
    refill,
    retitle,
)
from joint_posts.workflow.savings import (
    change_saving,
    link_post,
    ready_line,
    record_saving,
    set_line,
    verify_line,
)
from joint_posts.workflow.shares import set_share
from joint_posts.workflow.targets import set_target

__all__ = [
    "Counted",
    "agree_post",
    "appoint",
    "become_vacant",
    "break_down",
    "change_employer",
    "change_saving",
    "end_post",
    "enter_post",
    "is_out_of_date",
    "link_post",
    "make_permanent",
    "put_into_ledger",
    "ready_line",
    "record_saving",
    "refill",
    "retitle",
    "set_line",
    "set_share",
    "set_target",
    "verify_line",
]
