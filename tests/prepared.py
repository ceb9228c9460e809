"""The empty database that every run begins with: migrated once for each state of the migrations, then copied.

Migrating costs each test process many seconds; copying what was migrated before costs none. What was made is kept under
a checksum of whatever makes it, so a changed migration makes it anew.
"""

import hashlib
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from tests import postgresql

ROOT = Path(__file__).resolve().parent.parent
MADE = ROOT / "var" / "test" / "made"
TEMPLATE = "prepared"
# Whatever says what the tables are; the packages, because some bring tables of their own.
SOURCES = ("*/migrations/*.py", "partnership/audit/log.py", "partnership/audit/triggers.py", "partnership/settings.py")
SOURCES += ("partnership/management/commands/migrate.py",)
SOURCES += ("requirements/base.txt", "tests/prepared.py")


def fingerprint() -> str:
    """A checksum over everything that makes an empty database what it is."""
    digest = hashlib.sha256()
    for path in sorted(itertools.chain.from_iterable(map(ROOT.glob, SOURCES))):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def made(suffix: str) -> Path:
    """Return where what was made is kept; what was made for other migrations goes."""
    MADE.mkdir(parents=True, exist_ok=True)
    path = MADE / f"{fingerprint()}.{suffix}"
    for other in MADE.glob(f"*.{suffix}"):
        if other != path:
            other.unlink(missing_ok=True)
    return path


def migrate(address: str) -> None:
    """Migrate the database at an address, in a process of its own."""
    environment = os.environ | {"DEBUG": "1", "DATABASE_URL": address}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def sqlite() -> Path:
    """A migrated SQLite file, to be copied."""
    path = made("sqlite3")
    if not path.exists():
        unfinished = path.with_suffix(f".{os.getpid()}")
        migrate(f"sqlite:///{quote(str(unfinished))}")
        unfinished.rename(path)
    return path


def copy_sqlite(to: str) -> None:
    """Lay a migrated SQLite file where a process of the tests will look for its own."""
    shutil.copyfile(sqlite(), to)


def postgresql_template(folder: Path) -> None:
    """Give a server a migrated database that the others are made from."""
    path = made("sql")
    address = postgresql.address(folder, TEMPLATE)
    postgresql.client(folder, "createdb", TEMPLATE)
    if path.exists():
        postgresql.client(folder, "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={TEMPLATE}", f"--file={path}")
        return
    migrate(address)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(postgresql.client(folder, "pg_dump", "--no-owner", TEMPLATE))
    unfinished.rename(path)
