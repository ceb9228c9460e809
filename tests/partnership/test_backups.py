"""The drill: back up, lose everything, restore, and find every row, history, chain and edition as it was."""

import io
import json
import os
import zipfile
from datetime import UTC, datetime

import environ
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler

from partnership import backups
from partnership.audit import log
from partnership.audit.triggers import trigger_errors, triggers_disabled
from partnership.models import Body
from partnership.records.record import recording
from tests import postgresql
from tests.factories import make_body, make_partnership, make_user

AT = datetime(2026, 11, 22, 23, tzinfo=UTC)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_engines]


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    """PostgreSQL's own programs, where `apt-get install postgresql-client` would put them."""
    programs = postgresql.site_packages() / postgresql.PROGRAMS
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def kept():
    """Some records with a history."""
    by = make_user()
    partnership = make_partnership()
    for number in range(5):
        body = make_body(partnership=partnership, name=f"Body {number}")
        with recording(by=by, reason="Renamed"):
            body.name = f"Renamed {number}"
            body.full_clean_and_save()
    return partnership


def everything():
    """Return every row of every table, as the database tells it."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        found = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def lose_everything():
    """Return what the drill is for."""
    tables = [table for table in connection.introspection.table_names() if table != "django_migrations"]
    with triggers_disabled(), connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in tables:
            cascade = f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table}"
            cursor.execute(cascade)


def test_a_restored_database_is_the_one_backed_up(kept, tmp_path):
    before = everything()
    call_command("backup", tmp_path, stdout=io.StringIO())
    (path,) = tmp_path.iterdir()
    lose_everything()
    assert not Body.objects.exists()
    said = io.StringIO()
    call_command("restore", path, stdout=said)
    assert everything() == before
    assert said.getvalue().startswith("Restored what was backed up at ")
    assert list(log.integrity_errors()) == []
    assert list(trigger_errors()) == []
    assert list(tmp_path.iterdir()) == [path]


def test_work_since_the_backup_is_replaced_only_on_demand(kept, tmp_path):
    path = backups.back_up(tmp_path, AT)
    make_body(partnership=kept, name="Entered since")
    with pytest.raises(CommandError, match=r"^The database here is in use\. Stop the portal, make a backup"):
        call_command("restore", path)
    assert Body.objects.filter(name="Entered since").exists()
    call_command("restore", path, "--replace", stdout=io.StringIO())
    assert not Body.objects.filter(name="Entered since").exists()
    # And the portal goes on as ever.
    make_body(partnership=kept, name="Entered after")
    assert list(log.integrity_errors()) == []


def test_what_a_killed_backup_left_goes_with_the_next_days(kept, tmp_path):
    """Another one may be at work this minute: only what is a day old goes."""
    for name, days in (("old", 2), ("new", 0)):
        left = tmp_path / f".unfinished-{name}"
        left.mkdir()
        (left / "database").write_text("salaries")
        os.utime(left, (AT.timestamp() - days * 86_400,) * 2)
    path = backups.back_up(tmp_path, AT)
    assert sorted(tmp_path.iterdir()) == [tmp_path / ".unfinished-new", path]


@pytest.fixture
def whole(kept, tmp_path):
    """A whole backup, to be damaged."""
    return backups.back_up(tmp_path, AT)


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def emptied(path):
    path.write_bytes(b"")


def rewritten(path, **changes):
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        database = archive.read("database")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest | changes))
        archive.writestr("database", database)


def flipped(path):
    with zipfile.ZipFile(path) as archive:
        manifest = archive.read("manifest.json")
        database = bytearray(archive.read("database"))
    database[len(database) // 2] ^= 1
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("database", bytes(database))


def another_engine(path):
    rewritten(path, engine="oracle")


def another_release(path):
    rewritten(path, format=99)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (cut, "is not a whole backup of the portal"),
        (emptied, "is not a whole backup of the portal"),
        (flipped, "was damaged or changed after it was made"),
        (another_engine, "This is a backup of oracle"),
        (another_release, "was made by another release of the portal"),
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_changes(whole, damage, sentence):
    damage(whole)
    before = everything()
    with pytest.raises(CommandError, match=f"{sentence}.*Nothing was changed"):
        call_command("restore", whole, "--replace")
    assert everything() == before


def test_a_row_lost_in_between_is_named(whole):
    rewritten(whole, rows=backups.rows_by_table() | {"partnership_body": 99})
    with pytest.raises(CommandError, match=r"partnership_body has 5 rows; the backup had 99\."):
        call_command("restore", whole, "--replace")


def test_a_backup_that_cannot_be_written_leaves_nothing(kept, tmp_path):
    folder = tmp_path / "file"
    folder.write_text("in the way")
    with pytest.raises(CommandError, match="could not be written"):
        call_command("backup", folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_restore_older_backup_while_a_newer_table_refers_to_an_old_one(kept, tmp_path):
    """As after an upgrade that has to be taken back: the release since the backup made a table, a view and rows."""
    before = everything()
    path = backups.back_up(tmp_path, AT)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE newer (id integer PRIMARY KEY, body_id bigint NOT NULL REFERENCES partnership_body (id))"
        )
        cursor.execute("INSERT INTO newer SELECT 1, min(id) FROM partnership_body")
        cursor.execute("CREATE VIEW newer_names AS SELECT name FROM partnership_body")
    try:
        call_command("restore", path, "--replace", stdout=io.StringIO())
        assert everything() == before
        assert list(trigger_errors()) == []
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP VIEW IF EXISTS newer_names")
            cursor.execute("DROP TABLE IF EXISTS newer")
    make_body(partnership=kept, name="Entered after")
    assert list(log.integrity_errors()) == []


def is_reversible(migration):
    return all(operation.reversible for operation in migration.operations)


def test_restore_backup_of_an_earlier_release_is_brought_up_to_date(kept, tmp_path):
    """The backup was made before the newest migration that can be undone."""
    executor = MigrationExecutor(connection)
    leaves = [executor.loader.get_migration(*name) for name in executor.loader.graph.leaf_nodes()]
    candidates = [leaf for leaf in leaves if leaf.app_label in ("partnership", "reviews", "joint_posts")]
    newest = next(leaf for leaf in candidates if not leaf.initial and is_reversible(leaf))
    name = (newest.app_label, newest.name)
    executor.unapply_migration(executor.loader.project_state([name], at_end=False), newest)
    path = backups.back_up(tmp_path, AT)
    call_command("migrate", verbosity=0)
    said = io.StringIO()
    call_command("restore", path, "--replace", stdout=said)
    assert said.getvalue().startswith("The backup is of an earlier release; bringing the database up to date.")
    assert name in MigrationExecutor(connection).loader.applied_migrations
    assert list(trigger_errors()) == []
    assert list(log.integrity_errors()) == []


@pytest.fixture
def reported(tmp_path, monkeypatch):
    """Programs of PostgreSQL's names that write down their environment and their command line."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("pg_dump", "psql"):
        program = folder / name
        program.write_text(f'#!/bin/sh\nenv > "{folder}/environment"\necho "$@" > "{folder}/arguments"\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    return folder


ADDRESS = (
    "postgres://portal%40owner:p%40ss%2Fw%20%3Ard%25@one.example:5432,two.example:5433/portal"
    "?sslmode=verify-full&sslrootcert=/etc/ca.pem&sslcert=/etc/own.pem&sslkey=/etc/own.key&sslcrl=/etc/crl.pem"
    "&ssl_min_protocol_version=TLSv1.3&channel_binding=require&options=-c%20search_path%3Dportal"
    "&target_session_attrs=read-write&connect_timeout=7&keepalives_idle=30"
)


@pytest.mark.parametrize("program", ["pg_dump", "psql"])
def test_postgresql_program_gets_every_setting_of_the_address(program, reported, monkeypatch):
    monkeypatch.setattr(backups, "connection", DatabaseWrapper(named(ADDRESS)))
    backups.postgresql(program, "--first")
    lines = (reported / "environment").read_text().splitlines()
    found = dict(line.partition("=")[::2] for line in lines if line.startswith("PG"))
    assert found == {
        "PGHOST": "one.example,two.example",
        "PGPORT": "5432,5433",
        "PGUSER": "portal@owner",
        "PGPASSWORD": "p@ss/w :rd%",
        "PGDATABASE": "portal",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/etc/ca.pem",
        "PGSSLCERT": "/etc/own.pem",
        "PGSSLKEY": "/etc/own.key",
        "PGSSLCRL": "/etc/crl.pem",
        "PGSSLMINPROTOCOLVERSION": "TLSv1.3",
        "PGCHANNELBINDING": "require",
        "PGOPTIONS": "-c search_path=portal",
        "PGTARGETSESSIONATTRS": "read-write",
        "PGCONNECT_TIMEOUT": "7",
        "PGCLIENTENCODING": "UTF8",
    }
    # libpq has no variable for this one; what is secret is never on the command line.
    assert (reported / "arguments").read_text() == "--first --dbname=keepalives_idle=30\n"


def test_postgresql_program_secret_without_a_variable_is_refused(reported, monkeypatch):
    monkeypatch.setattr(backups, "connection", DatabaseWrapper(named(f"{ADDRESS}&sslpassword=hidden")))
    with pytest.raises(ValueError, match=r"^PostgreSQL's programs take sslpassword on the command line only\."):
        backups.postgresql("pg_dump")
    assert not (reported / "arguments").exists()


def named(address):
    """A database's settings, as Django completes them."""
    settings = environ.Env.db_url_config(address)
    return ConnectionHandler({"default": settings}).configure_settings({"default": settings})["default"]


def test_libpq_every_setting_is_handed_on_by_variable_or_by_name():
    """A release of libpq with a new setting must not lose it."""
    environment, others = backups.connection_settings({"host": "h", "a_setting_of_the_future": 1, "cursor_factory": 2})
    assert (environment, others) == ({"PGHOST": "h"}, {"a_setting_of_the_future": "1"})
