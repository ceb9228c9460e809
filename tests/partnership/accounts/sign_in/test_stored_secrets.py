"""Nothing that the database keeps lets its reader in, and its files are for nobody but their owner."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

from partnership.accounts.sign_in.session_store import SessionStore
from partnership.models import SignIn
from tests import prepared
from tests.codes import set_up_app
from tests.sign_in import opens, send, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashing")]
ROOT = Path(__file__).resolve().parents[4]


def every_value():
    """Return every text that the database keeps, with the table and column it is in."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    if isinstance(value, str) and value:
                        yield f"{table}.{name}", value


def test_database_holds_no_session_key(filled):
    officer = with_password(filled.people["officer"])
    client = Client()
    send(client, officer.username)
    set_up_app(client)
    assert opens(client)
    cookie = django_settings.SESSION_COOKIE_NAME
    key = client.cookies[cookie].value
    assert SignIn.objects.filter(account=officer).count() == 1
    assert [place for place, value in every_value() if key in value] == []
    rows = [value for place, value in every_value() if place.startswith("partnership_signin.")]
    for value in rows:
        thief = Client()
        thief.cookies[cookie] = value
        assert not opens(thief), value


def test_session_data_cannot_be_read_without_the_key(settings):
    session = SessionStore()
    session["first password"] = "told once"
    session.create()
    row = SignIn.objects.get()
    assert row.session_key == session.stored_key != session.session_key
    assert "told" not in row.session_data
    assert SessionStore(session.session_key)["first password"] == "told once"
    settings.SECRET_KEY = "another"
    settings.SECRET_KEY_FALLBACKS = []
    assert SessionStore(session.session_key).load() == {}


def test_session_is_found_deleted_and_kept_apart_by_its_key():
    session = SessionStore()
    session.create()
    key = session.session_key
    assert SessionStore().exists(key)
    assert not SessionStore().exists(session.stored_key)
    session.cycle_key()
    assert (SessionStore().exists(key), SessionStore().exists(session.session_key)) == (False, True)
    session.flush()
    assert SignIn.objects.count() == 0


def test_migrate_leaves_files_that_only_their_owner_reads(tmp_path):
    """Those it makes, and those that an earlier release left open to everybody."""
    database = tmp_path / "portal.sqlite3"
    shutil.copyfile(prepared.sqlite(), database)  # migrated, so that `migrate` has little to do
    database.chmod(0o644)
    environment = os.environ | {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{database}"}
    code = (
        "import os; os.umask(0o022);"
        "from django.core.management import execute_from_command_line as run; run(['manage.py', 'migrate', '-v0']);"
        "from partnership.models import User; User.objects.create_user('x', name='X');"
        f"print([oct(entry.stat().st_mode & 0o777) for entry in os.scandir('{tmp_path}')])"
    )
    environment["DJANGO_SETTINGS_MODULE"] = "partnership.settings"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    assert done.stdout.strip() == "['0o600', '0o600', '0o600']"  # the file, its log and its index


def test_settings_of_sqlite_make_new_files_private(tmp_path):
    environment = os.environ | {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}"}
    command = [sys.executable, "manage.py", "migrate", "-v0", "contenttypes"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, umask=0o022)
    assert stat.S_IMODE((tmp_path / "new.sqlite3").stat().st_mode) == 0o600
