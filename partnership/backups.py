"""Backup and restore: everything the portal keeps is in its database, so a backup is one file that says what it holds.

The file is a zip of the database, as its own engine writes it out, and of a manifest with the checksum of that, the
number of rows in each table and the heads of the audit chains, as of one instant. It gets its name when it is whole,
so half a backup is never taken for one. Whoever can read it can read salaries and exempt papers: keep it encrypted.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg2.extensions import make_dsn

from partnership.audit import log

MANIFEST = "manifest.json"
DATABASE = "database"
FORMAT = 1
UNFINISHED = ".unfinished-"
GIVEN_UP = timedelta(days=1)  # what is unfinished for so long was left by a process that was killed


class CannotRestore(Exception):
    """The file is not a whole backup for this database; the message says why. Nothing was changed."""


def back_up(folder: Path, at: datetime) -> Path:
    """Write a backup into a folder; where it is. Others may go on working meanwhile.

    Raises ``OSError`` or ``CalledProcessError`` when it cannot be written, and then leaves nothing behind.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    clear_away(folder, at - GIVEN_UP)
    final = folder / f"portal-{at:%Y-%m-%d-%H%M%S}.zip"
    with tempfile.TemporaryDirectory(dir=folder, prefix=UNFINISHED) as place:
        copy = Path(place, DATABASE)
        unfinished = Path(place, final.name)
        manifest = WRITES_OUT[connection.vendor](copy)
        manifest |= {"made_at": at.isoformat(), "sha256": sha256_of(copy)}
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(copy, DATABASE)
            archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
        unfinished.chmod(0o600)
        flush(unfinished)
        unfinished.rename(final)
    return final


def clear_away(folder: Path, before: datetime) -> None:
    """Remove what backups left that ended half-way: it holds everything, and nobody would look for it."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if left.stat().st_mtime < before.timestamp():
            shutil.rmtree(left)


def describe() -> dict[str, Any]:
    """Describe the database for the manifest: its engine, its tables' rows, the heads of its chains."""
    heads = {str(scope or "councils"): list(head) for scope, head in log.heads().items()}
    return {"format": FORMAT, "engine": connection.vendor, "rows": rows_by_table(), "chains": heads}


def rows_by_table() -> dict[str, int]:
    """The number of rows of each table."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        counts = {}
        for table in tables:
            # The table's own name, quoted, as the database has just told it.
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  # nosec B608
            counts[table] = cursor.fetchone()[0]
    return counts


def restore(path: Path) -> dict[str, Any]:
    """Put a backup in the database's place; its manifest. Nobody else may be connected.

    Raises ``CannotRestore`` before anything is changed when the file is not whole or is of the other engine.
    """
    with unpacked(path) as (copy, manifest):
        if manifest["engine"] != connection.vendor:
            raise CannotRestore(f"This is a backup of {manifest['engine']}; the database here is {connection.vendor}.")
        READS_IN[connection.vendor](copy)
    return manifest


def differences(manifest: dict[str, Any]) -> list[str]:
    """In what the database differs from what a backup's manifest says of it, a sentence each."""
    now = describe()
    tables = sorted({*manifest["rows"], *now["rows"]})
    return [
        f"{table} has {now['rows'].get(table)} rows; the backup had {manifest['rows'].get(table)}."
        for table in tables
        if now["rows"].get(table) != manifest["rows"].get(table)
    ] + [f"The head of chain {name} differs." for name in now["chains"] if now["chains"] != manifest["chains"]]


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The database's copy in a backup, checked, and its manifest. Raises ``CannotRestore``."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".unpacked-") as place:
        copy = Path(place, DATABASE)
        try:
            with zipfile.ZipFile(path) as archive:
                manifest = json.loads(archive.read(MANIFEST))
                archive.extract(DATABASE, place)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile, EOFError) as error:
            raise CannotRestore(f"{path} is not a whole backup of the portal ({error}).") from error
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise CannotRestore(f"{path} was made by another release of the portal; restore it with that one.")
        if sha256_of(copy) != manifest["sha256"]:
            raise CannotRestore(f"{path} was damaged or changed after it was made: its checksum does not fit.")
        yield copy, manifest


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Make sure that a file is on the disk before it gets its name."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


# --- SQLite -----------------------------------------------------------------------------------------------------------


def write_out_sqlite(copy: Path) -> dict[str, Any]:
    """Copy the file as it stands at one instant, while others write; what it holds."""
    target = sqlite3.connect(copy)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")  # a reader's: `atomic` would take the lock that writers need
        try:
            manifest = describe()
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        finally:
            target.close()
            cursor.execute("ROLLBACK")
    return manifest


def read_in_sqlite(copy: Path) -> None:
    """Copy the backup over the database's file, page by page, as one transaction."""
    source = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
    try:
        if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise CannotRestore("The copy in the backup is damaged inside; take another backup.")
        connection.close()
        connection.ensure_connection()
        source.backup(connection.connection)
    finally:
        source.close()
        connection.close()


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def write_out_postgresql(copy: Path) -> dict[str, Any]:
    """Write the database out with PostgreSQL's own program, as of one instant; what it holds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        instant = cursor.fetchone()[0]
        arguments = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={instant}", f"--file={copy}")
        postgresql("pg_dump", *arguments)
        return describe()


EMPTY_SCHEMA = """
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT pg_class.oid::regclass AS name, relkind FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('e', 'i'))
        ORDER BY relkind = 'v' DESC, relkind = 'm' DESC
    LOOP
        EXECUTE format(
            'DROP %s IF EXISTS %s CASCADE',
            CASE found.relkind
                WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE'
            END,
            found.name
        );
    END LOOP;
    FOR found IN
        SELECT pg_class.oid::regclass AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    LOOP
        EXECUTE format('DROP SEQUENCE IF EXISTS %s CASCADE', found.name);
    END LOOP;
    FOR found IN
        SELECT pg_proc.oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    LOOP
        EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', found.name);
    END LOOP;
END
$$;
"""


def read_in_postgresql(copy: Path) -> None:
    """Replace what is in the database by the backup, in one transaction; run as the owner of the tables.

    Every table of the schema goes first, with those that the backup does not know: a table of a newer release may
    refer to one that is replaced, and PostgreSQL would not drop that one alone.
    """
    connection.close()
    empties = copy.with_name("empty.sql")
    script = copy.with_name("restore.sql")
    empties.write_text(EMPTY_SCHEMA)
    run_program("pg_restore", "--no-owner", "--no-privileges", "--schema=public", f"--file={script}", str(copy))
    arguments = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
    postgresql("psql", *arguments, f"--file={empties}", f"--file={script}")


# The environment variable of each libpq setting that has one (https://www.postgresql.org/docs/current/libpq-envars.html).
ENVIRONMENT_OF = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "require_auth": "PGREQUIREAUTH",
    "channel_binding": "PGCHANNELBINDING",
    "service": "PGSERVICE",
    "options": "PGOPTIONS",
    "application_name": "PGAPPNAME",
    "sslmode": "PGSSLMODE",
    "sslnegotiation": "PGSSLNEGOTIATION",
    "requiressl": "PGREQUIRESSL",
    "sslcompression": "PGSSLCOMPRESSION",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcertmode": "PGSSLCERTMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcrl": "PGSSLCRL",
    "sslcrldir": "PGSSLCRLDIR",
    "sslsni": "PGSSLSNI",
    "requirepeer": "PGREQUIREPEER",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
    "gssencmode": "PGGSSENCMODE",
    "krbsrvname": "PGKRBSRVNAME",
    "gsslib": "PGGSSLIB",
    "gssdelegation": "PGGSSDELEGATION",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "client_encoding": "PGCLIENTENCODING",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "load_balance_hosts": "PGLOADBALANCEHOSTS",
}
# What Django's own connection takes beside libpq's settings.
NOT_LIBPQ = {"cursor_factory", "context", "prepare_threshold"}
SECRET = {"password", "sslpassword"}


def postgresql(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the portal's database, connected as the portal is.

    Every setting of DATABASE_URL is handed on. Other accounts of the machine can read a command line, so no password
    is on it. Raises ``CalledProcessError`` with the program's own words, or ``ValueError``.
    """
    environment, others = connection_settings(connection.get_connection_params())
    database = [f"--dbname={make_dsn(**others)}"] if others else []
    run_program(program, *arguments, *database, environment=environment)


def connection_settings(parameters: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Return a connection's settings as environment variables, and those that libpq has no variable for.

    Raises ``ValueError`` for a secret without a variable: it would be readable on the command line.
    """
    given = {
        name: str(value)
        for name, value in parameters.items()
        if name not in NOT_LIBPQ and value is not None and value != ""
    }
    environment = {ENVIRONMENT_OF[name]: value for name, value in given.items() if name in ENVIRONMENT_OF}
    others = {name: value for name, value in given.items() if name not in ENVIRONMENT_OF}
    if others.keys() & SECRET:
        raise ValueError("PostgreSQL's programs take sslpassword on the command line only. Use a key without one.")
    return environment, others


def run_program(program: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
    """Run a program. Raises ``CalledProcessError`` with what it said."""
    subprocess.run(  # noqa: S603 -- our own command line
        [program, *arguments], env=os.environ | (environment or {}), check=True, capture_output=True, text=True
    )


WRITES_OUT = {"sqlite": write_out_sqlite, "postgresql": write_out_postgresql}
READS_IN = {"sqlite": read_in_sqlite, "postgresql": read_in_postgresql}
