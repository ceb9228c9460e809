"""`manage.py limit_role ROLE`: what the role that the portal runs as may do in PostgreSQL, and no more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from partnership.audit.log import append_only_tables
from partnership.audit.triggers import deletable_models

# How long the portal's statements may take, wait for another's, and leave a transaction open, before they are ended.
PATIENCE = {
    "statement_timeout": "15s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}


class Command(BaseCommand):
    """Run as the owner of the tables, after each `migrate`."""

    help = (
        "Let a PostgreSQL role read and write the portal's tables, only add to those that are append-only, and delete"
        " only what comes and goes, such as sign-ins."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom it is about."""
        parser.add_argument("role", help="The role that the portal's DATABASE_URL names; not the owner of the tables.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take everything from the role, then give it what it needs. Raises ``CommandError`` for the wrong role."""
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles; a SQLite file is kept safe by who may open it.")
        role = options["role"]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(f"There is no role {role}; make it first: CREATE ROLE {role} LOGIN PASSWORD '…'")
            owner, is_superuser = found
            if is_superuser or owner == role:
                raise CommandError(f"{role} may do everything; name a role that is neither superuser nor owner.")
            for statement in rights(role):
                cursor.execute(statement)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in patience(role):
                    cursor.execute(statement)
        except ProgrammingError:  # on some servers only a superuser may
            self.stdout.write("Run these as a superuser of PostgreSQL too:\n" + ";\n".join(patience(role)) + ";")
        self.stdout.write(
            f"{role} may read and write, and only add to {len(append_only_tables())} append-only tables."
            f" It may remove rows of {len(deletable_models())} tables, none of which holds records."
        )


def rights(role: str) -> list[str]:
    """The statements that limit a role."""
    name = connection.ops.quote_name
    kept = {*append_only_tables()}
    known = MigrationRecorder.Migration._meta.db_table
    deletable = {model._meta.db_table for model in deletable_models()}
    others = [table for table in connection.introspection.table_names() if table not in {*kept, known}]
    whom = f"TO {name(role)}"
    return [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name(role)}",
        f"GRANT USAGE ON SCHEMA public {whom}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public {whom}",
        f"GRANT SELECT ON {name(known)} {whom}",
        f"GRANT SELECT, INSERT ON {', '.join(map(name, sorted(kept)))} {whom}",
        f"GRANT SELECT, INSERT, UPDATE ON {', '.join(map(name, sorted(others)))} {whom}",
        f"GRANT DELETE ON {', '.join(map(name, sorted(deletable)))} {whom}",
    ]


def patience(role: str) -> list[str]:
    """The statements that say how long a role's statements may take."""
    name = connection.ops.quote_name
    limited = f"ALTER ROLE {name(role)} IN DATABASE {name(str(connection.settings_dict['NAME']))}"
    return [f"{limited} SET {setting} = '{longest}'" for setting, longest in PATIENCE.items()]
