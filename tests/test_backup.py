"""The drill: back up, lose everything, restore, and find every row, history, chain and edition as it was."""

import io
import json
import os
import zipfile
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from partnership import backups, chain
from partnership.append_only import guarded, lifted
from partnership.models import Body
from partnership.records import recording
from tests import postgresql
from tests.factories import make_body, make_partnership, make_user

AT = datetime(2026, 11, 22, 23, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    """PostgreSQL's own programs, where `apt-get install postgresql-client` would put them."""
    programs = postgresql.site_packages() / postgresql.PROGRAMS
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def kept():
    """Some records with a history."""
    by, partnership = make_user(), make_partnership()
    for number in range(5):
        body = make_body(partnership=partnership, name=f"Body {number}")
        with recording(by=by, reason="Renamed"):
            body.name = f"Renamed {number}"
            body.put_on_record()
    return partnership


def everything():
    """Every row of every table, as the database tells it."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        found = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def lose_everything():
    """What the drill is for."""
    tables = [table for table in connection.introspection.table_names() if table != "django_migrations"]
    with lifted(), connection.constraint_checks_disabled(), connection.cursor() as cursor:
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
    assert list(chain.broken_places()) == []
    assert set(guarded().values()) == {2}
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
    assert list(chain.broken_places()) == []


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
        manifest, database = json.loads(archive.read("manifest.json")), archive.read("database")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest | changes))
        archive.writestr("database", database)


def flipped(path):
    with zipfile.ZipFile(path) as archive:
        manifest, database = archive.read("manifest.json"), bytearray(archive.read("database"))
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
