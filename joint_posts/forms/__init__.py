"""Forms of joint posts and savings."""

from joint_posts.forms.posts import (
    AgreeForm,
    AppointForm,
    BecomeVacantForm,
    CostShareForm,
    EndForm,
    JointPostForm,
    MakePermanentForm,
    RetitleForm,
)
from joint_posts.forms.savings import SavingArrangementForm, SavingForm, SavingLineForm, SavingPostForm

__all__ = [
    "AgreeForm",
    "AppointForm",
    "BecomeVacantForm",
    "CostShareForm",
    "EndForm",
    "JointPostForm",
    "MakePermanentForm",
    "RetitleForm",
    "SavingArrangementForm",
    "SavingForm",
    "SavingLineForm",
    "SavingPostForm",
]
