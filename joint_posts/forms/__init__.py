"""Forms of joint posts and savings."""

from joint_posts.forms.calculations import BreakDownForm, PutIntoLedgerForm
from joint_posts.forms.posts import (
    AgreeForm,
    AppointForm,
    BecomeVacantForm,
    ChangeEmployerForm,
    CostShareForm,
    EndPostForm,
    JointPostForm,
    MakePermanentForm,
    RetitleForm,
)
from joint_posts.forms.savings import SavingArrangementForm, SavingForm, SavingLineForm, SavingPostForm, VerifyForm
from joint_posts.forms.targets import SavingsTargetForm

__all__ = [
    "AgreeForm",
    "AppointForm",
    "BecomeVacantForm",
    "BreakDownForm",
    "ChangeEmployerForm",
    "CostShareForm",
    "EndPostForm",
    "JointPostForm",
    "MakePermanentForm",
    "PutIntoLedgerForm",
    "RetitleForm",
    "SavingArrangementForm",
    "SavingForm",
    "SavingLineForm",
    "SavingPostForm",
    "SavingsTargetForm",
    "VerifyForm",
]
