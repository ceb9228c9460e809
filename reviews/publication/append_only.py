"""Rows that are written once: the database itself refuses to change or delete them. Used by migrations and tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'What was published stays as it is: % is append-only', TG_TABLE_NAME USING ERRCODE = '23514';
END
$$ LANGUAGE plpgsql
"""
POSTGRESQL = (
    "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER {table}_no_emptying BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)
SQLITE = tuple(
    f"CREATE TRIGGER {{table}}_no_{event.lower()} BEFORE {event} ON {{table}} BEGIN"
    " SELECT RAISE(ABORT, 'What was published stays as it is: {table} is append-only'); END"
    for event in ("UPDATE", "DELETE")
)
NAMES = {"postgresql": ("no_change", "no_emptying"), "sqlite": ("no_update", "no_delete")}


def guard(cursor: Any, vendor: str, tables: Iterable[str]) -> None:
    """Make tables append-only."""
    if vendor == "postgresql":
        cursor.execute(FUNCTION)
    for table in tables:
        for statement in POSTGRESQL if vendor == "postgresql" else SQLITE:
            cursor.execute(statement.format(table=table))


def release(cursor: Any, vendor: str, tables: Iterable[str]) -> None:
    """Take the triggers away again."""
    for table in tables:
        for name in NAMES[vendor]:
            cursor.execute(f"DROP TRIGGER {table}_{name}{f' ON {table}' if vendor == 'postgresql' else ''}")


@contextmanager
def lifted(tables: Iterable[str]) -> Iterator[None]:
    """Without the triggers for a while: for the emptying of a test's database, and nothing else."""
    with connection.cursor() as cursor:
        release(cursor, connection.vendor, tables)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            guard(cursor, connection.vendor, tables)
