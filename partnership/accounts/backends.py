"""The one authentication backend: user name and password; permissions from memberships alone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from partnership.accounts import permissions
from partnership.accounts.roles import Permission


class MembershipBackend(ModelBackend):
    """Django's questions answered by `partnership.accounts.permissions`. No groups, no superuser bypass.

    Accounts of the example come in only where it is tried out.
    """

    def authenticate(self, request: Any, username: str | None = None, password: str | None = None, **more: Any) -> Any:
        user = super().authenticate(request, username=username, password=password, **more)
        return None if user and user.is_example and not settings.TRYING_OUT else user

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return permissions.allows(user_obj, perm, obj)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return {permission for permission in Permission if permissions.allows(user_obj, permission, obj)}

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False
