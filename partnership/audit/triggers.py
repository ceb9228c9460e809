"""Rows that are never deleted, and rows that are never changed either: the database itself refuses it.

Histories, the audit chain and editions are written once. Records change, and are withdrawn or ended instead of deleted.
`manage.py migrate` sets the triggers after every change of the tables: SQLite loses them when it builds a table anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps
from django.db import connection, models, transaction

from partnership.audit.log import append_only_tables, record_tables

REFUSALS = {
    "refuse_change": "What was recorded stays as it is: % is append-only",
    "refuse_deletion": "Nothing is deleted from %: withdraw or end the record",
}
FUNCTION = """
BEGIN
    RAISE EXCEPTION '{sentence}', TG_TABLE_NAME USING ERRCODE = '23514';
END
"""


class Trigger(NamedTuple):
    """A trigger that a table must have."""

    table: str
    suffix: str
    when: str  # the events and how often, in the engine's own words
    refusal: str  # the function of REFUSALS

    @property
    def name(self) -> str:
        """What it is called. A table's name is the whole of its own, so that no two share one on SQLite."""
        return f"{self.table}_{self.suffix}"

    @property
    def definition(self) -> str:
        """The statement that makes it, as the database gives it back."""
        if connection.vendor == "postgresql":
            each = "ROW" if self.when != "TRUNCATE" else "STATEMENT"
            return (
                f"CREATE TRIGGER {self.name} BEFORE {self.when} ON public.{self.table}"
                f" FOR EACH {each} EXECUTE FUNCTION {self.refusal}()"
            )
        sentence = REFUSALS[self.refusal].replace("%", self.table)
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.when} ON {self.table}"
            f" BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


# What each kind of table refuses: a name for the trigger, and the events.
APPEND_ONLY = {
    "postgresql": {"no_change": "DELETE OR UPDATE", "no_emptying": "TRUNCATE"},
    "sqlite": {"no_update": "UPDATE", "no_delete": "DELETE"},
}
NEVER_DELETED = {
    "postgresql": {"no_deletion": "DELETE", "no_emptying": "TRUNCATE"},
    "sqlite": {"no_delete": "DELETE"},
}
# Models of other packages whose rows come and go. One of ours says so itself, with `rows_are_deleted = True`.
DELETED_BY_OTHERS = {
    "mfa.authenticator",
    "sessions.session",
    "socialaccount.socialaccount",
    "socialaccount.socialtoken",
    "usersessions.usersession",
}


def triggers() -> list[Trigger]:
    """Every trigger that the database must have."""
    wanted = [(append_only_tables(), APPEND_ONLY, "refuse_change"), (record_tables(), NEVER_DELETED, "refuse_deletion")]
    return [
        Trigger(table, suffix, when, refusal)
        for tables, kinds, refusal in wanted
        for table in tables
        for suffix, when in kinds[connection.vendor].items()
    ]


def deletable_models() -> list[type[models.Model]]:
    """The models whose rows the portal itself deletes, such as sign-ins that ended; of every other one it may not."""
    return [
        model
        for model in apps.get_models()
        if getattr(model, "rows_are_deleted", False) or model._meta.label_lower in DELETED_BY_OTHERS
    ]


def guard(tables: Iterable[str] | None = None) -> None:
    """Set the triggers of these tables, or of all; those that are already there stay so."""
    wanted = triggers()
    if tables is not None:
        there = set(tables)
        wanted = [trigger for trigger in wanted if trigger.table in there]
    if connection.vendor == "postgresql":
        functions = [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $${FUNCTION.format(sentence=sentence)}$$"
            " LANGUAGE plpgsql"
            for name, sentence in REFUSALS.items()
        ]
        create = "CREATE OR REPLACE TRIGGER"
    else:
        functions = []
        create = "CREATE TRIGGER IF NOT EXISTS"
    run([*functions, *(trigger.definition.replace("CREATE TRIGGER", create, 1) for trigger in wanted)])


def release() -> None:
    """Take the triggers away."""
    is_postgresql = connection.vendor == "postgresql"
    run([f"DROP TRIGGER IF EXISTS {one.name}{f' ON {one.table}' if is_postgresql else ''}" for one in triggers()])


def run(statements: list[str]) -> None:
    """Run statements that change the schema, all or none; PostgreSQL takes them at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in [";\n".join(statements)] if connection.vendor == "postgresql" else statements:
            cursor.execute(statement)


def guarded() -> dict[str, str]:
    """The definition of every trigger that is on, by its name, as the database itself tells."""
    query = {
        "postgresql": "SELECT tgname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgenabled = 'O'",
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    }
    with connection.cursor() as cursor:
        cursor.execute(query[connection.vendor])
        return dict(cursor.fetchall())


def missing_guards() -> Iterator[str]:
    """Yield a sentence for each trigger that is missing, switched off or altered, and for each altered function."""
    found = guarded()
    for trigger in triggers():
        definition = found.get(trigger.name)
        if definition is None:
            yield f"The trigger {trigger.name}, which protects {trigger.table}, is missing or switched off."
        elif one_line(definition) != one_line(trigger.definition):
            yield f"The trigger {trigger.name}, which protects {trigger.table}, was altered."
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname = ANY(%s)", [list(REFUSALS)])
            sources = dict(cursor.fetchall())
        for name, sentence in REFUSALS.items():
            if one_line(sources.get(name, "")) != one_line(FUNCTION.format(sentence=sentence)):
                yield f"The function {name}, which the triggers call, is missing or was altered."


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()


@contextmanager
def lifted() -> Iterator[None]:
    """Without the triggers for a while: for blanking what is personal on schedule, and for emptying a test's database.

    On PostgreSQL only the owner of the tables can do it, and the role the portal runs as is not the owner.
    """
    release()
    try:
        yield
    finally:
        guard()
