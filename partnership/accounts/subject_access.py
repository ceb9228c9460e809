"""Everything the portal holds about a person, for a request under article 15 of the UK GDPR."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from partnership.audit.log import remembered_models
from partnership.models import Membership, User


def held_about(name: str, account: User | None) -> dict[str, Any]:
    """Return what names the person: the account and its roles, and every row and version with the name in it.

    A name is looked for in the fields that each model declares as personal, whole and without regard to capitals; what
    was published is public already and is found there.
    """
    records = []
    changes_made = []
    for model in remembered_models():
        records += mentions(model, name)
        changes_made += changes_by(model, account)
    return {
        "name": name,
        "account": about_account(account) if account else None,
        "records": records,
        "changes_made": changes_made,
    }


def about_account(account: User) -> dict[str, Any]:
    """The account itself, and the roles it holds or held."""
    roles = Membership.objects.filter(user=account).select_related("council").order_by("from_on", "pk")
    return {
        "user_name": account.username,
        "name": account.name,
        "e_mail": account.email,
        "active": account.is_active,
        "last_signed_in": account.last_login,
        "roles": [
            {
                "role": role.get_role_display(),
                "council": role.council.name,
                "from": role.from_on,
                "until": role.until_on,
            }
            for role in roles
        ],
    }


def mentions(model: Any, name: str) -> list[dict[str, Any]]:
    """Return the versions of a register's rows that name the person in a personal field."""
    if not model.personal:
        return []
    condition = Q()
    for field in model.personal:
        condition |= Q(**{f"{field}__icontains": name})
    versions = []
    for row in model.history.filter(condition).order_by("id", "history_id"):
        fields = {}
        for field in model.personal:
            value = getattr(row, field)
            if name.casefold() in str(value).casefold():
                fields[str(model._meta.get_field(field).verbose_name)] = value
        versions.append(
            {
                "register": str(model._meta.verbose_name),
                "number": row.id,
                "version": row.version,
                "recorded_on": row.history_date,
                "fields": fields,
            }
        )
    return versions


def changes_by(model: Any, account: User | None) -> list[dict[str, Any]]:
    """Return the person's changes to a register: which row, when and why."""
    rows = model.history.filter(history_user_id=account.pk).order_by("history_id") if account else ()
    return [
        {
            "register": str(model._meta.verbose_name),
            "number": row.id,
            "version": row.version,
            "recorded_on": row.history_date,
            "reason": row.history_change_reason,
        }
        for row in rows
    ]
