"""F4 from outside: work of the portal's own processes ends half-way, and a migration does."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

from quality.faults.portal import ROOT, Portal
from tests import postgresql

LONGEST = 3600  # seconds for all rounds of one kind


def kill_imports(portal: Portal, rounds: int, seed: int) -> dict:
    """The process that writes a file's rows ends."""
    return midway(portal, "imports", rounds, seed)


def kill_publications(portal: Portal, rounds: int, seed: int) -> dict:
    """The process that draws and keeps editions ends."""
    return midway(portal, "publications", rounds, seed)


def kill_backups(portal: Portal, rounds: int, seed: int) -> dict:
    """`manage.py backup` ends."""
    return midway(portal, "backups", rounds, seed)


def midway(portal: Portal, kind: str, rounds: int, seed: int) -> dict:
    """Return what `quality/faults/midway.py` says."""
    folder = portal.folder / kind
    folder.mkdir()
    command = [sys.executable, "-m", "quality.faults.midway", kind, str(rounds), str(seed), str(folder)]
    said = subprocess.run(
        command, cwd=ROOT, env=portal.environment, check=False, capture_output=True, text=True, timeout=LONGEST
    )
    if said.returncode:
        raise RuntimeError(said.stderr[-2000:])
    return json.loads(said.stdout)


def kill_migrations(portal: Portal, rounds: int, chance: random.Random) -> dict:
    """`manage.py migrate` ends while it builds a database; started again, it goes on, and nothing is missing after."""
    refused = []
    unguarded = []
    kills = 0
    made = 0
    while kills < rounds:
        made += 1
        environment = portal.environment | {"DATABASE_URL": empty_database(portal, f"migrated{made}")}
        while kills < rounds and killed_migration(environment, chance):
            kills += 1
        done = subprocess.run(migrate(), cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
        refused += [done.stderr[-300:]] if done.returncode else []
        unguarded += [] if done.returncode else portal.ask("unguarded", environment=environment)
    return {"rounds": kills, "databases": made, "failed": refused, "unguarded": unguarded}


def migrate() -> list[str]:
    """The command."""
    return [sys.executable, "manage.py", "migrate"]


def killed_migration(environment: dict[str, str], chance: random.Random) -> bool:
    """Start a migration and kill it soon after it began; whether there was anything left to do."""
    process = subprocess.Popen(
        migrate(), cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    )
    said = b""
    while b"Applying" not in said and (more := process.stdout.read(64)):
        said += more
    if b"Applying" in said:
        time.sleep(chance.uniform(0, 0.6))
    process.kill()
    process.wait()
    process.stdout.close()
    return b"Applying" in said


def empty_database(portal: Portal, name: str) -> str:
    """The address of a new database beside the portal's."""
    if portal.server:
        postgresql.client(portal.server, "createdb", name)
        return postgresql.address(portal.server, name)
    path = Path(portal.folder, f"{name}.sqlite3")
    path.unlink(missing_ok=True)
    return f"sqlite:///{path}"
