"""Joint posts, what they cost each council, and what sharing them saves."""

from joint_posts.models.posts import (
    Appointment,
    CostShare,
    CouncilShare,
    EmployerChange,
    JointPost,
    PostStep,
    Status,
)
from joint_posts.models.savings import Saving, SavingArrangement, SavingLine, SavingPost, SavingsTarget

__all__ = [
    "Appointment",
    "CostShare",
    "CouncilShare",
    "EmployerChange",
    "JointPost",
    "PostStep",
    "Saving",
    "SavingArrangement",
    "SavingLine",
    "SavingPost",
    "SavingsTarget",
    "Status",
]
