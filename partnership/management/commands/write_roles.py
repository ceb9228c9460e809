"""Write docs/roles.md from partnership/accounts/roles.py, so that the page and the code say the same."""

from django.apps import apps

from partnership.accounts.roles import ROLES, Permission
from partnership.management.documents import DocumentCommand
from partnership.records.record import Record


class Command(DocumentCommand):
    """`manage.py write_roles` writes them; with --check it only says whether they are current."""

    help = "Write docs/roles.md from partnership/accounts/roles.py."
    document = "docs/roles.md"

    def text(self) -> str:
        return roles_document()


def roles_document() -> str:
    """The whole of docs/roles.md."""
    return "\n".join([*_introduction(), *_roles(), *_table(), *_registers(), ""])


def _introduction() -> list[str]:
    return [
        "# Who may do what",
        "",
        "Written by `manage.py write_roles` from `partnership/accounts/roles.py`; change it there.",
        "",
        "A person holds a role in a council from a day, and perhaps until one; somebody may hold several. What a",
        "role allows reaches the records of the partnerships that the council is party to, and nobody else's:",
        "other records do not exist for them (“page not found”). No role passes by these rules, not even the",
        "administrator's.",
        "",
    ]


def _roles() -> list[str]:
    return ["## The roles", "", *(f"* **{role.name}.** {role.sentence}" for role in ROLES.values()), ""]


def _table() -> list[str]:
    names = [role.name for role in ROLES.values()]
    lines = ["## What each role may do", "", f"| may … | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for permission in Permission:
        marks = ["yes" if permission in role.permissions else "–" for role in ROLES.values()]
        lines.append(f"| {permission.value} | {' | '.join(marks)} |")
    return [*lines, ""]


def _registers() -> list[str]:
    models = [model for model in apps.get_models() if issubclass(model, Record)]
    rows = sorted(
        (str(model._meta.verbose_name_plural), model.view_permission, model.edit_permission) for model in models
    )
    return [
        "## What reading and changing each kind of record needs",
        "",
        "| records | to read | to change |",
        "|---|---|---|",
        *(f"| {name} | {read.value} | {kept.value} |" for name, read, kept in rows),
    ]
