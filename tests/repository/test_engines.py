"""Each engine that was asked for is the engine the tests really ran on."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from tests import shared
from tests.engine import summary, tried

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
    def __init__(self, engine, nodeid=""):
        self.user_properties = [("engine", engine)]
        self.nodeid = nodeid


def test_summary_counts_what_ran_on_each_engine():
    stats = {"passed": [Ran("sqlite"), Ran("sqlite")], "error": [Ran("sqlite")], "skipped": [Ran("sqlite")]}
    assert summary(stats) == {"passed": 2, "failed": 1, "left_out": 1, "ran_on": {"sqlite": 2}, "measured": {}}


def test_report_names_what_came_to_an_outcome():
    stats = {"passed": [Ran("sqlite", "b")], "skipped": [Ran("sqlite", "a")], "error": [Ran("sqlite", "b")], "": [None]}
    assert tried(stats) == ["a", "b"]


def test_engines_that_share_try_everything_between_them(monkeypatch):
    def share(engine, **how):
        monkeypatch.setitem(shared.sharing, "engine", engine)
        return shared.my_share("abcde", **how)

    assert [share(engine) for engine in shared.ENGINES] == [["a", "c", "e"], ["b", "d"]]
    assert [share(engine, first=1) for engine in shared.ENGINES] == [["b", "d"], ["a", "c", "e"]]
    assert share(None, first=1) == ["a", "b", "c", "d", "e"]


class Item:
    def __init__(self, nodeid, *marks):
        self.nodeid = nodeid
        self.marks = {mark.name: mark for mark in marks}

    def get_closest_marker(self, name):
        return self.marks.get(name)


@pytest.mark.parametrize(
    ("engine", "run"),
    [("sqlite", ["both", "sqlite"]), ("postgresql", ["both", "postgresql"]), (None, ["both", "sqlite", "postgresql"])],
)
def test_what_no_database_changes_runs_on_its_engine_alone_where_both_run(engine, run, monkeypatch):
    items = [Item("both"), *(Item(name, pytest.mark.once(name).mark) for name in shared.ENGINES)]
    told = []
    option = SimpleNamespace(shared=engine is not None)
    hook = SimpleNamespace(pytest_deselected=lambda items: told.extend(item.nodeid for item in items))
    monkeypatch.setitem(shared.sharing, "engine", engine)
    monkeypatch.setattr(shared, "left", set())
    shared.pytest_collection_modifyitems(SimpleNamespace(option=option, hook=hook), items)
    assert [item.nodeid for item in items] == run
    assert set(told) == shared.left == {"both", *shared.ENGINES} - set(run)
