"""Write docs/roles.md from partnership/accounts/roles.py, so that the page and the code say the same."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partnership.accounts.roles import ROLES, Permission
from partnership.records.record import Record


class Command(BaseCommand):
    """`manage.py write_roles` writes them; with --check it only says whether they are current."""

    help = "Write docs/roles.md from partnership/accounts/roles.py."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; fail when it is out of date.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "roles.md"
        text = roles_document()
        if not options["check"]:
            path.write_text(text)
            self.stdout.write("Wrote docs/roles.md.")
        elif not path.is_file() or path.read_text() != text:
            raise CommandError("docs/roles.md is out of date. Run `make fix`.")


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
