"""The pages of the core that are not a register's."""

from partnership.views.finding import Find
from partnership.views.home import Home
from partnership.views.signing_in import NewPassword, SignIn, form_expired

__all__ = ["Find", "Home", "NewPassword", "SignIn", "form_expired"]
