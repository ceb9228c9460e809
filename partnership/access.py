"""Who may see and do what, answered in one place: role × membership on the day × the record's scope.

The clock is read here, at the door; rules further in are given a date.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from partnership.roles import Permission, permissions_of

if TYPE_CHECKING:
    from partnership.models import User
    from partnership.records import Record


@dataclass(frozen=True)
class Authority:
    """What a person may do on a day: their roles by council, and the partnerships each council is party to."""

    roles: tuple[tuple[int, str], ...] = ()
    parties: tuple[tuple[int, int], ...] = ()

    def may(self, permission: Permission) -> bool:
        """Whether any of the person's roles allows it anywhere."""
        return any(permission in permissions_of(role) for _, role in self.roles)

    def councils(self, permission: Permission | None = None) -> frozenset[int]:
        """The councils in which the person may do it (in which they hold any role, when none is named)."""
        return frozenset(
            council for council, role in self.roles if permission is None or permission in permissions_of(role)
        )

    def partnerships(self, permission: Permission | None = None) -> frozenset[int]:
        """The partnerships whose records the permission reaches."""
        councils = self.councils(permission)
        return frozenset(partnership for partnership, council in self.parties if council in councils)


NOBODY = Authority()


def authority_on(user: Any, on: date) -> Authority:
    """The person's authority on a day; none for who is not signed in or deactivated. Costs two queries."""
    from partnership.models import Membership, Party

    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    roles = tuple(Membership.objects.held_on(user, on).values_list("council_id", "role"))
    own = Party.objects.party_on(on).filter(council__in={council for council, _ in roles})
    return Authority(roles, tuple(own.values_list("partnership_id", "council_id")))


def visible(rows: QuerySet, user: Any) -> QuerySet:
    """The rows a person may see (`RecordQuerySet.visible_to`)."""
    from partnership.models import Council, Partnership

    authority: Authority = getattr(user, "authority", NOBODY)
    model = rows.model
    if model is Council:
        return rows if authority.may(Permission.KEEP_COUNCILS) else _own_and_partner_councils(rows, authority)
    if model is Partnership:
        return rows.filter(pk__in=authority.partnerships())
    reach = authority.councils if model.belongs_to_council() else authority.partnerships
    return rows.filter(**{f"{model.scope}__in": reach(model.read_with) | reach(model.kept_with)})


def _own_and_partner_councils(rows: QuerySet, authority: Authority) -> QuerySet:
    partners = rows.model.objects.filter(parties__partnership__in=authority.partnerships()).values("pk")
    return rows.filter(Q(pk__in=partners) | Q(pk__in=authority.councils()))


def may_read(user: Any, model: type[Record]) -> bool:
    """Whether the person may open a register at all: readers may, and so may who keeps it."""
    return user.has_perm(model.read_with) or user.has_perm(model.kept_with)


class MembershipBackend(ModelBackend):
    """Sign-in by user name and password; permissions from memberships alone. No groups, no superuser bypass."""

    def has_perm(self, user_obj: User, perm: str, obj: Record | None = None) -> bool:
        """Whether the person may do it – for a record, in a council or partnership that the record belongs to."""
        authority: Authority = getattr(user_obj, "authority", NOBODY)
        try:
            permission = Permission(perm)
        except ValueError:
            return False
        if obj is None:
            return authority.may(permission)
        place = obj.place()
        if place is None:
            return authority.may(permission)
        kind, number = place
        return number in (authority.councils(permission) if kind == "council" else authority.partnerships(permission))

    def get_all_permissions(self, user_obj: User, obj: Record | None = None) -> set[str]:
        return {permission for permission in Permission if self.has_perm(user_obj, permission, obj)}

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return False


def require(user: Any, permission: Permission, record: Record | None = None) -> None:
    """Raise ``PermissionDenied`` with a sentence unless the person may do it. What workflow verbs begin with."""
    if not user.has_perm(permission, record):
        raise PermissionDenied(f"Your roles do not let you {permission.value}.")


def today() -> date:
    """The day in Europe/London, for views and commands to hand to rules."""
    return timezone.localdate()


class PrivatePages:
    """Keep what signed-in people see out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
