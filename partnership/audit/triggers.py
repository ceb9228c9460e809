"""Database triggers: append-only tables refuse UPDATE and DELETE, and records refuse DELETE.

Histories, the audit log and editions are append-only. Records change, and are withdrawn or ended instead of deleted.
`manage.py migrate` installs the triggers each time, because SQLite drops them when a migration rebuilds a table.
ADR 32 says why they are not django-pgtrigger's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps
from django.db import connection, models, transaction

from partnership.audit.log import append_only_tables, record_tables

# The trigger functions, with the message that each raises; % stands for the table.
MESSAGES = {
    "refuse_change": "What was recorded stays as it is: % is append-only",
    "refuse_deletion": "Nothing is deleted from %: withdraw or end the record",
}
FUNCTION_BODY = """
BEGIN
    RAISE EXCEPTION '{message}', TG_TABLE_NAME USING ERRCODE = '23514';
END
"""


class Trigger(NamedTuple):
    """A trigger that a table must have."""

    table: str
    suffix: str
    events: str  # as the database writes them, such as "DELETE OR UPDATE"
    function: str  # a key of MESSAGES

    @property
    def name(self) -> str:
        """Return a name that holds the table's, because SQLite requires unique names."""
        return f"{self.table}_{self.suffix}"

    @property
    def definition(self) -> str:
        """Return the statement that creates the trigger, as the database reports it."""
        if connection.vendor == "postgresql":
            level = "STATEMENT" if self.events == "TRUNCATE" else "ROW"
            return (
                f"CREATE TRIGGER {self.name} BEFORE {self.events} ON public.{self.table}"
                f" FOR EACH {level} EXECUTE FUNCTION {self.function}()"
            )
        message = MESSAGES[self.function].replace("%", self.table)
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.events} ON {self.table}"
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


# The events that each kind of table refuses, by the suffix of the trigger's name.
APPEND_ONLY = {
    "postgresql": {"no_change": "DELETE OR UPDATE", "no_emptying": "TRUNCATE"},
    "sqlite": {"no_update": "UPDATE", "no_delete": "DELETE"},
}
NEVER_DELETED = {
    "postgresql": {"no_deletion": "DELETE", "no_emptying": "TRUNCATE"},
    "sqlite": {"no_delete": "DELETE"},
}
# Models of other packages whose rows the portal deletes. Its own models declare `rows_are_deleted = True`.
DELETED_BY_OTHERS = {
    "mfa.authenticator",
    "sessions.session",
    "socialaccount.socialaccount",
    "socialaccount.socialtoken",
}


def required_triggers() -> list[Trigger]:
    """Return every trigger that the database must have."""
    triggers = []
    for table in append_only_tables():
        for suffix, events in APPEND_ONLY[connection.vendor].items():
            triggers.append(Trigger(table, suffix, events, "refuse_change"))
    for table in record_tables():
        for suffix, events in NEVER_DELETED[connection.vendor].items():
            triggers.append(Trigger(table, suffix, events, "refuse_deletion"))
    return triggers


def deletable_models() -> list[type[models.Model]]:
    """Return the models whose rows the portal may delete, such as sessions that have ended."""
    return [
        model
        for model in apps.get_models()
        if getattr(model, "rows_are_deleted", False) or model._meta.label_lower in DELETED_BY_OTHERS
    ]


def install_triggers(tables: Iterable[str] | None = None) -> None:
    """Install the triggers of these tables, or of all, where they are missing."""
    triggers = required_triggers()
    if tables is not None:
        existing = set(tables)
        triggers = [trigger for trigger in triggers if trigger.table in existing]
    statements = []
    create = "CREATE TRIGGER IF NOT EXISTS"
    if connection.vendor == "postgresql":
        create = "CREATE OR REPLACE TRIGGER"
        for name, message in MESSAGES.items():
            body = FUNCTION_BODY.format(message=message)
            statements.append(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $${body}$$ LANGUAGE plpgsql")
    for trigger in triggers:
        statements.append(trigger.definition.replace("CREATE TRIGGER", create, 1))
    execute(statements)


def remove_triggers() -> None:
    """Drop every trigger."""
    on_table = " ON {table}" if connection.vendor == "postgresql" else ""
    execute(
        [
            f"DROP TRIGGER IF EXISTS {trigger.name}{on_table.format(table=trigger.table)}"
            for trigger in required_triggers()
        ]
    )


def execute(statements: list[str]) -> None:
    """Run statements that change the schema, all or none; on PostgreSQL in one round trip."""
    batches = [";\n".join(statements)] if connection.vendor == "postgresql" else statements
    with transaction.atomic(), connection.cursor() as cursor:
        for batch in batches:
            cursor.execute(batch)


def installed_triggers() -> dict[str, str]:
    """Return the definition of every enabled trigger in the database, by name."""
    query = {
        "postgresql": "SELECT tgname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgenabled = 'O'",
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    }
    with connection.cursor() as cursor:
        cursor.execute(query[connection.vendor])
        return dict(cursor.fetchall())


def trigger_errors() -> Iterator[str]:
    """Yield a sentence for each trigger that is missing, switched off or altered, and for each altered function."""
    installed = installed_triggers()
    for trigger in required_triggers():
        definition = installed.get(trigger.name)
        if definition is None:
            yield f"The trigger {trigger.name}, which protects {trigger.table}, is missing or switched off."
        elif one_line(definition) != one_line(trigger.definition):
            yield f"The trigger {trigger.name}, which protects {trigger.table}, was altered."
    if connection.vendor == "postgresql":
        yield from function_errors()


def function_errors() -> Iterator[str]:
    """Yield a sentence for each trigger function that is missing or altered. SQLite has no functions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname = ANY(%s)", [list(MESSAGES)])
        sources = dict(cursor.fetchall())
    for name, message in MESSAGES.items():
        if one_line(sources.get(name, "")) != one_line(FUNCTION_BODY.format(message=message)):
            yield f"The function {name}, which the triggers call, is missing or was altered."


def one_line(text: str) -> str:
    """Return the text with each run of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()


@contextmanager
def triggers_disabled() -> Iterator[None]:
    """Remove the triggers for a while: for blanking personal data on schedule and for emptying a test database.

    On PostgreSQL only the owner of the tables can do this, and the portal's role does not own them.
    """
    remove_triggers()
    try:
        yield
    finally:
        install_triggers()
