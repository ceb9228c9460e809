"""Decide who may see and do what, in one place: role × membership on the day × the record's scope.

The clock is read here; rules are given a date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from partnership.accounts.roles import Permission, permissions_of
from partnership.records.refusals import ALLOWED, Refusal, not_by_you


@dataclass(frozen=True)
class Authority:
    """The permissions of a person on a day: their roles by council, and the partnerships of each council."""

    roles: tuple[tuple[int, str], ...] = ()
    parties: tuple[tuple[int, int], ...] = ()

    def may(self, permission: Permission) -> bool:
        """Return whether any of the person's roles allows it anywhere."""
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


NO_AUTHORITY = Authority()


def authority_of(user: Any, memberships: Iterable[Any], on: date) -> Authority:
    """The authority of somebody who holds these roles on the day; none when deactivated."""
    roles = tuple((held.council_id, held.role) for held in memberships) if user.is_active else ()
    if not roles:
        return NO_AUTHORITY
    own = parties_on(on).filter(council__in={council for council, _ in roles})
    return Authority(roles, tuple(own.order_by().values_list("partnership_id", "council_id")))


def parties_on(on: date) -> Any:
    """Return the councils' places in partnerships that give their people access on a day."""
    return apps.get_model("partnership", "Party").objects.party_on(on)


def visible(rows: QuerySet, user: Any) -> QuerySet:
    """The rows a person may see (`RecordQuerySet.visible_to`)."""
    authority: Authority = getattr(user, "authority", NO_AUTHORITY)
    model = rows.model
    if model._meta.label == "partnership.Council":
        return rows if authority.may(Permission.KEEP_COUNCILS) else _own_and_partner_councils(rows, authority)
    if model._meta.label == "partnership.Partnership":
        return rows.filter(pk__in=authority.partnerships())
    reach = authority.councils if model.belongs_to_council() else authority.partnerships
    return rows.filter(**{f"{model.scope}__in": reach(model.view_permission) | reach(model.edit_permission)})


def _own_and_partner_councils(rows: QuerySet, authority: Authority) -> QuerySet:
    parties = apps.get_model("partnership", "Party").objects.active()
    partners = parties.filter(partnership__in=authority.partnerships()).values("council")
    return rows.filter(Q(pk__in=partners) | Q(pk__in=authority.councils()))


def may_read(user: Any, model: type[Model]) -> bool:
    """Return whether the person may open a register at all: readers may, and so may who keeps it."""
    return allows(user, model.view_permission) or allows(user, model.edit_permission)


def allows(user: Any, perm: str, record: Model | None = None) -> bool:
    """Return whether the person may do it – for a record, in the council or partnership that the record belongs to."""
    authority: Authority = getattr(user, "authority", NO_AUTHORITY)
    try:
        permission = Permission(perm)
    except ValueError:
        return False
    place = record.place() if record is not None else None
    if place is None:
        return authority.may(permission)
    kind, number = place
    return number in (authority.councils(permission) if kind == "council" else authority.partnerships(permission))


def where(user: Any, permission: Permission, model: type[Model]) -> Q:
    """Return the condition on records for which the person has the permission, as `allows` answers it for each."""
    authority: Authority = getattr(user, "authority", NO_AUTHORITY)
    reach = authority.councils if model.belongs_to_council() else authority.partnerships
    return Q(**{f"{model.scope or 'pk'}__in": reach(permission)})


def why_not(user: Any, permission: Permission, record: Model | None = None) -> Refusal:
    """Return why the person's roles do not allow it for the record; empty when they do."""
    if allows(user, permission, record):
        return ALLOWED
    return not_by_you(f"Your roles do not let you {permission.value}.")


def require(user: Any, permission: Permission, record: Model | None = None) -> None:
    """Raise ``PermissionDenied`` with a sentence unless the person may do it. What workflow verbs begin with."""
    why_not(user, permission, record).check()


def today() -> date:
    """The day in Europe/London, for views and commands to hand to rules."""
    return timezone.localdate()
