"""Each engine that was asked for is the engine the tests really ran on."""

from pathlib import Path

import pytest
from django.db import connection

from tests.engine import summary

pytestmark = pytest.mark.django_db


VERSION = {"sqlite": ("SELECT sqlite_version()", 3), "postgresql": ("SHOW server_version", 14)}


def test_engine_asked_for_is_the_engine_connected(request):
    asked = request.config.getoption("engine")
    question, oldest = VERSION[asked]
    with connection.cursor() as cursor:
        cursor.execute(question)
        version = cursor.fetchone()[0]
    assert connection.vendor == asked
    assert int(version.split(".")[0]) >= oldest


def test_sqlite_is_a_file_with_a_write_ahead_log():
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        path = Path(cursor.fetchone()[2])
        cursor.execute("PRAGMA journal_mode")
        journal = cursor.fetchone()[0]
    assert (path.is_file(), journal) == (True, "wal")


class Ran:
    def __init__(self, engine):
        self.user_properties = [("engine", engine)]


def test_summary_counts_what_ran_on_each_engine():
    stats = {"passed": [Ran("sqlite"), Ran("sqlite")], "error": [Ran("sqlite")], "skipped": [Ran("sqlite")]}
    assert summary(stats) == {"passed": 2, "failed": 1, "left_out": 1, "ran_on": {"sqlite": 2}, "measured": {}}
