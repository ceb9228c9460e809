"""Test each engine that was asked for is the engine the tests really ran on."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from tests.engine import pytest_collection_modifyitems, summary

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


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
    def __init__(self, engine, nodeid=""):
        self.user_properties = [("engine", engine)]
        self.nodeid = nodeid


def test_summary_counts_what_ran_on_each_engine():
    stats = {"passed": [Ran("sqlite"), Ran("sqlite")], "error": [Ran("sqlite")], "skipped": [Ran("sqlite")]}
    assert summary(stats) == {"passed": 2, "failed": 1, "left_out": 1, "ran_on": {"sqlite": 2}, "measured": {}}


class Item:
    def __init__(self, nodeid, *marks):
        self.nodeid = nodeid
        self.marks = set(marks)

    def get_closest_marker(self, name):
        return name if name in self.marks else None

    def add_marker(self, name):
        self.marks.add(name)


@pytest.mark.parametrize(("is_asked", "run"), [(False, ["plain", "locking"]), (True, ["locking"])])
def test_both_engines_option_leaves_out_what_has_no_mark(is_asked, run):
    items = [Item("plain"), Item("locking", "both_engines")]
    told = []
    option = SimpleNamespace(both_engines=is_asked)
    hook = SimpleNamespace(pytest_deselected=lambda items: told.extend(item.nodeid for item in items))
    pytest_collection_modifyitems(SimpleNamespace(option=option, hook=hook), items)
    assert [item.nodeid for item in items] == run
    assert told == [name for name in ("plain", "locking") if name not in run]


def test_browser_test_is_slow():
    items = [Item("plain"), Item("in Chromium", "browser")]
    config = SimpleNamespace(option=SimpleNamespace(both_engines=False), hook=None)
    pytest_collection_modifyitems(config, items)
    assert [item.marks for item in items] == [set(), {"browser", "slow"}]
