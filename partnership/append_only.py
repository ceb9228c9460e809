"""Rows that are written once – histories, the audit chain, editions: the database refuses to change or remove them.

`manage.py migrate` sets the triggers after every change of the tables: SQLite loses them when it builds a table anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from partnership.chain import append_only_tables

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'What was recorded stays as it is: % is append-only', TG_TABLE_NAME USING ERRCODE = '23514';
END
$$ LANGUAGE plpgsql
"""
POSTGRESQL = {
    "no_change": "CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "no_emptying": "CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
}
SQLITE = {
    f"no_{event.lower()}": f"CREATE TRIGGER IF NOT EXISTS {{name}} BEFORE {event} ON {{table}} BEGIN"
    " SELECT RAISE(ABORT, 'What was recorded stays as it is: {table} is append-only'); END"
    for event in ("UPDATE", "DELETE")
}
TRIGGERS = {"postgresql": POSTGRESQL, "sqlite": SQLITE}


def guard(tables: Iterable[str]) -> None:
    """Make tables append-only; those that are already stay so."""
    triggers = TRIGGERS[connection.vendor]
    statements = [
        statement.format(name=trigger_name(table, name), table=table)
        for table in tables
        for name, statement in triggers.items()
    ]
    run([*([FUNCTION] if connection.vendor == "postgresql" else []), *statements])


def release(tables: Iterable[str]) -> None:
    """Take the triggers away."""
    on = " ON {table}" if connection.vendor == "postgresql" else ""
    run(
        [
            f"DROP TRIGGER IF EXISTS {trigger_name(table, name)}{on.format(table=table)}"
            for table in tables
            for name in TRIGGERS[connection.vendor]
        ]
    )


def trigger_name(table: str, name: str) -> str:
    """What a table's trigger is called. A table's name is the whole of its own, so that no two share one on SQLite."""
    return f"{table}_{name}"


def run(statements: list[str]) -> None:
    """Run statements that change the schema; PostgreSQL takes them all at once."""
    with connection.cursor() as cursor:
        for statement in [";\n".join(statements)] if connection.vendor == "postgresql" else statements:
            cursor.execute(statement)


def guarded() -> dict[str, int]:
    """How many triggers refuse changes, by table, as the database itself tells."""
    query = {
        "postgresql": "SELECT relname, count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND tgenabled = 'O' GROUP BY relname",
        "sqlite": "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY tbl_name",
    }
    with connection.cursor() as cursor:
        cursor.execute(query[connection.vendor])
        return dict(cursor.fetchall())


@contextmanager
def lifted() -> Iterator[None]:
    """Without the triggers for a while: for blanking what is personal on schedule, and for emptying a test's database.

    On PostgreSQL only the owner of the tables can do it, and the role the portal runs as is not the owner.
    """
    tables = append_only_tables()
    release(tables)
    try:
        yield
    finally:
        guard(tables)
