"""Migrate, then see to what no migration can be trusted with: what is append-only stays so, whatever was built anew."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connection, transaction

from partnership.append_only import guard
from partnership.chain import append_only_tables
from partnership.data_versions import DataVersion


class Command(migrate.Command):
    """`manage.py migrate`, which afterwards makes every history, the audit chain and the editions append-only."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate as Django does; then set the triggers, and seal a history that is older than the chain."""
        super().handle(*args, **options)
        tables = set(connection.introspection.table_names())
        guard(table for table in append_only_tables() if table in tables)
        if tables.issuperset(append_only_tables()):
            with transaction.atomic():
                DataVersion.begin_chains()
