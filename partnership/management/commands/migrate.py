"""Migrate, then see to what no migration can be trusted with: what is append-only stays so, whatever was built anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from partnership.audit.log import append_only_tables
from partnership.audit.triggers import install_triggers
from partnership.records.data_versions import DataVersion


class Command(migrate.Command):
    """`manage.py migrate`, which afterwards makes every history, the audit chain and the editions append-only."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate as Django does; then set the triggers, and seal a history that is older than the chain.

        Raises ``CommandError`` for a database that stopped half-way through what one migration replaces by now.
        """
        if missing := list(never_reached()):
            raise CommandError(f"Bring this database up to date with the release before first: {', '.join(missing)}.")
        super().handle(*args, **options)
        keep_private()
        tables = set(connection.introspection.table_names())
        install_triggers(tables)
        if tables.issuperset(append_only_tables()):
            with transaction.atomic():
                DataVersion.begin_chains()


def keep_private() -> None:
    """Let nobody but their owner read the files of SQLite, nor look into the portal's own folder for them.

    The settings see to files that are made from now on; this sees to those that an earlier release made.
    """
    if connection.vendor != "sqlite":
        return
    database = Path(connection.settings_dict["NAME"])
    for ending in ("", "-wal", "-shm", "-journal"):
        path = database.with_name(database.name + ending)
        if path.is_file():
            path.chmod(0o600)
    if database.is_file() and database.parent.resolve() == settings.VAR_DIR:
        database.parent.chmod(0o700)


def never_reached() -> Iterator[str]:
    """Migrations now drawn together with others that the database has: Django would pass over them in silence."""
    loader = MigrationLoader(connection)
    for migration in loader.disk_migrations.values():
        missing = [key for key in migration.replaces if key not in loader.applied_migrations]
        if 0 < len(missing) < len(migration.replaces):
            yield from (f"{app}.{name}" for app, name in missing)
