"""The pages of the core that are not a register's."""

from partnership.views.completeness import Completeness
from partnership.views.decisions import DecisionSheet
from partnership.views.finding import Find
from partnership.views.home import Home
from partnership.views.setting_up import FirstSteps, NewPerson, PasteCommitments
from partnership.views.signing_in import NewPassword, SignIn, form_expired

__all__ = [
    "Completeness",
    "DecisionSheet",
    "Find",
    "FirstSteps",
    "Home",
    "NewPassword",
    "NewPerson",
    "PasteCommitments",
    "SignIn",
    "form_expired",
]
