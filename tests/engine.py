"""The engine a run of the tests is on, chosen before Django's settings are read (a conftest.py comes too late).

`--engine postgresql` (the default) starts PostgreSQL, which serves councils, from its wheel for this run alone.
`--engine sqlite` makes a file database, so that locking is the real one. Each run works in a folder of its own under
var/test/ and removes it. Its databases are copies of one that was migrated before (tests/prepared.py). `--report FILE`
writes what ran on which engine, which scripts/test.py reads.

Two marks divide the suite. `both_engines` is on what a database can change: locks, sums, order, history, files in and
out, backups and races. `--both-engines` runs these tests alone. `slow` is on what draws papers, drives Chromium or asks
every page as everybody.
"""

import json
import os
import shutil
from collections import Counter
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import postgresql, prepared

ENGINES = ("postgresql", "sqlite")
RUNS = Path(__file__).resolve().parent.parent / "var" / "test"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def pytest_addoption(parser):
    """Return which database, and where to say what happened."""
    group = parser.getgroup("engine")
    group.addoption("--engine", choices=ENGINES, default="postgresql", help="the database to test on")
    group.addoption("--both-engines", action="store_true", help="run the tests that a database can change, alone")
    group.addoption("--report", type=Path, metavar="FILE", help="write what ran, as JSON")
    group.addoption("--whole", action="store_true", help="ask what is otherwise asked of some: every cell and page")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    """Settle the environment, let pytest-django load the settings, then give SQLite its file."""
    if not is_worker():
        settle_environment(early_config.known_args_namespace.engine)
    outcome = yield
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = f"{database['NAME']}.test"
    else:
        database.setdefault("TEST", {})["TEMPLATE"] = prepared.TEMPLATE
    return outcome


def is_worker() -> bool:
    """Return whether this process is one of pytest-xdist's: it inherits what the first process settled."""
    return "PYTEST_XDIST_WORKER" in os.environ


def settle_environment(engine: str) -> None:
    """The same settings whatever the person's shell holds."""
    remove_dead_runs()
    run = this_run()
    run.mkdir(parents=True)
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "EXAMPLE", "EXAMPLE_PASSWORD"):
        os.environ.pop(name, None)
    os.environ["DEBUG"] = "1"
    os.environ["COSTLY_ANSWERS"] = "1000000"  # whoever follows every link is in a hurry; test_pace.py wants fewer
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs a loop of its own in the same thread
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(RUNS / "hypothesis")
    os.environ["DATABASE_URL"] = f"sqlite:///{quote(str(run / 'portal.sqlite3'))}"
    if engine == "postgresql":
        os.environ["DATABASE_URL"] = start_postgresql(run)
    else:
        prepared.sqlite()


def this_run() -> Path:
    """The folder of this run, named after its process."""
    return RUNS / str(os.getpid())


def start_postgresql(run: Path) -> str:
    """Start a server and note in the folder of the run where it is; its address, as DATABASE_URL has it."""
    folder = postgresql.start()
    (run / "postgresql").write_text(str(folder))
    prepared.postgresql_template(folder)
    return postgresql.address(folder)


def remove_run(run: Path) -> None:
    """Stop the server of a run, if it has one, and remove its folder."""
    note = run / "postgresql"
    if note.exists():
        postgresql.stop(Path(note.read_text()))
    shutil.rmtree(run, ignore_errors=True)


def remove_dead_runs() -> None:
    """A run that was killed could not tidy up."""
    for run in RUNS.glob("[0-9]*"):
        try:
            os.kill(int(run.name), 0)
        except ProcessLookupError:
            with suppress(Exception):
                remove_run(run)
        except PermissionError:
            pass  # somebody else's, and alive


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Mark what drives a browser as slow, and leave out what no database can change where this is asked for."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker("slow")
    if config.option.both_engines:
        kept = [item for item in items if item.get_closest_marker("both_engines")]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def pytest_runtest_setup(item):
    """Write beside each test which engine its own process is set to."""
    from django.db import connection

    item.user_properties.append(("engine", connection.vendor))


def pytest_sessionfinish(session):
    """Say what ran, on what."""
    report = session.config.getoption("report")
    if report and not is_worker():
        stats = session.config.pluginmanager.get_plugin("terminalreporter").stats
        report.write_text(json.dumps(summary(stats)))


def pytest_terminal_summary(terminalreporter):
    """Say how often the matrix and the readers of canaries asked, by method."""
    asked = Counter()
    for report in terminalreporter.stats.get("", []):
        if report.when == "teardown":
            asked.update({name: times for name, times in report.user_properties if name in METHODS})
    if asked:
        terminalreporter.write_line(f"Asked {asked.total():,} times: {dict(asked)}")


def summary(stats: dict) -> dict:
    """Return how many tests had each outcome, and how many really ran on each engine."""
    ran = []
    for outcome in ("passed", "failed", "xfailed"):
        ran += stats.get(outcome, [])
    return {
        "passed": len(stats.get("passed", [])) + len(stats.get("xfailed", [])),
        "failed": len(stats.get("failed", [])) + len(stats.get("error", [])),
        "left_out": len(stats.get("skipped", [])),
        "ran_on": Counter(dict(test.user_properties).get("engine", "unknown") for test in ran),
        "measured": measured(ran),
    }


def measured(ran: list) -> Counter:
    """Return what tests counted of what they did (`record_property`), added up."""
    counts: Counter = Counter()
    for test in ran:
        counts.update({name: count for name, count in test.user_properties if isinstance(count, int)})
    return counts


def pytest_unconfigure():
    """Leave nothing behind."""
    if not is_worker():
        remove_run(this_run())
