"""`manage.py restore`: put a backup in the database's place, and check it."""

import subprocess
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from partnership import backups
from partnership.audit import log, triggers
from partnership.models import User


class Command(BaseCommand):
    """Restore a backup. Stop the portal first."""

    help = "Put a backup in the place of everything in the database, then check it row by row and chain by chain."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and a word that nobody types by mistake."""
        parser.add_argument("file", type=Path, help="A file that `backup` wrote.")
        parser.add_argument(
            "--replace", action="store_true", help="Replace what is in the database now; it is lost unless backed up."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the file, restore it, check the database. Raises ``CommandError`` with what is wrong."""
        if not options["replace"] and has_accounts():
            raise CommandError(
                "The database here is in use. Stop the portal, make a backup of it as it is, and say --replace."
            )
        try:
            manifest = backups.restore(options["file"])
        except (backups.CannotRestore, OSError, ValueError) as refused:
            raise CommandError(f"{refused} Nothing was changed.") from refused
        except subprocess.CalledProcessError as failed:
            raise CommandError(f"PostgreSQL refused, and nothing was changed: {failed.stderr.strip()}") from failed
        wrong = backups.differences(manifest)
        if not wrong and is_behind():
            self.stdout.write("The backup is of an earlier release; bringing the database up to date.")
            call_command("migrate", verbosity=0)
        if not wrong:
            wrong = [*triggers.trigger_errors(), *log.integrity_errors()]
        if wrong:
            raise CommandError("\n".join(["The database is not what was backed up:", *wrong]))
        self.stdout.write(
            f"Restored what was backed up at {manifest['made_at']}: rows and audit chains are as they were."
        )
        if connection.vendor == "postgresql":
            self.stdout.write("Run `manage.py limit_role` again before the portal starts.")


def has_accounts() -> bool:
    """Return whether somebody works in this database; one without tables has nobody."""
    return User._meta.db_table in connection.introspection.table_names() and User.objects.exists()


def is_behind() -> bool:
    """Return whether migrations of this release are missing in the database."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
