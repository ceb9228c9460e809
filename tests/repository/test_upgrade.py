"""A database of an earlier release, upgraded: its history and its seals stay as they were.

`tests/data/example-at-98b4bb1.sqlite3.xz` is the example as the release of November 2026 loaded it.
"""

import lzma
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

ROOT = Path(__file__).resolve().parents[2]
EARLIER = ROOT / "tests" / "data" / "example-at-98b4bb1.sqlite3.xz"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """The earlier database, as a file."""
    path = tmp_path_factory.mktemp("earlier") / "portal.sqlite3"
    path.write_bytes(lzma.decompress(EARLIER.read_bytes()))
    return path


@pytest.fixture(scope="module")
def upgraded(earlier):
    """A copy of it, migrated."""
    path = earlier.with_name("upgraded.sqlite3")
    path.write_bytes(earlier.read_bytes())
    run(path, "migrate", "--verbosity", "0")
    return path


def run(database, *command):
    """Run a command of the portal on a database, and return what it printed."""
    environment = os.environ | {"DEBUG": "1", "EXAMPLE": "1", "DATABASE_URL": f"sqlite:///{quote(str(database))}"}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sealed_rows(database, tables=None):
    """Return the rows of history and the seals of a database by table, with the columns of the tables given."""
    with closing(sqlite3.connect(database)) as connection:
        if tables is None:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            kept = [name for (name,) in names if "_historical" in name or name == "partnership_auditentry"]
            tables = {name: columns_of(connection, name) for name in kept}
        rows = {}
        for name, columns in tables.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            rows[name] = connection.execute(f'SELECT {listed} FROM "{name}" ORDER BY 1').fetchall()
        return tables, rows


def columns_of(connection, table):
    return [column for _, column, *_ in connection.execute(f'PRAGMA table_info("{table}")')]


def test_upgrade_changes_no_row_of_history_and_no_seal(earlier, upgraded):
    tables, before = sealed_rows(earlier)
    assert sum(map(len, before.values())) > 400
    assert sealed_rows(upgraded, tables)[1] == before


def test_upgraded_database_is_as_it_was_recorded(upgraded):
    assert "Everything is as it was recorded." in run(upgraded, "verify_audit")


def test_upgraded_database_prints_the_review(upgraded, tmp_path):
    paper = tmp_path / "review.html"
    run(upgraded, "render_review", "gateway-review-2019-03", "--format", "html", "--output", str(paper))
    words = paper.read_text()
    assert "£629,000" in words
    assert "8 of 9 principles met; 1 too soon to say" in words
