"""The pages of the core that are not a register's."""

from partnership.views.completeness import Completeness
from partnership.views.confirmations import Confirmations
from partnership.views.decisions import DecisionSheet
from partnership.views.finding import Find
from partnership.views.home import Home
from partnership.views.kept_forms import KeptForms, stay_signed_in
from partnership.views.own_account import (
    AddApp,
    AddPasskey,
    Confirm,
    ConfirmSecondStep,
    EndElsewhere,
    NewPassword,
    NewRecoveryCodes,
    OwnAccount,
    RecoveryCodes,
    RemoveApp,
    RemovePasskey,
)
from partnership.views.setting_up import FirstSteps, NewPerson, PasteCommitments
from partnership.views.signing_in import SecondStep, SignIn, council_return, council_sign_in, form_expired

__all__ = [
    "AddApp",
    "AddPasskey",
    "Completeness",
    "Confirm",
    "ConfirmSecondStep",
    "Confirmations",
    "DecisionSheet",
    "EndElsewhere",
    "Find",
    "FirstSteps",
    "Home",
    "KeptForms",
    "NewPassword",
    "NewPerson",
    "NewRecoveryCodes",
    "OwnAccount",
    "PasteCommitments",
    "RecoveryCodes",
    "RemoveApp",
    "RemovePasskey",
    "SecondStep",
    "SignIn",
    "council_return",
    "council_sign_in",
    "form_expired",
    "stay_signed_in",
]
