"""All faults, one after another, on one engine: their sizes, and the figures each has to reach."""

import random
import time
from collections.abc import Callable
from pathlib import Path

from quality.faults import breaking, disk, halfway, together
from quality.faults.portal import Portal

FULL = {
    "kill_workers": {"rounds": 200},
    "kill_portal": {"rounds": 50},
    "kill_database": {"rounds": 50},
    "database_away": {"seconds": 60, "people": 20},
    "double_submits": {"rounds": 100, "times": 20},
    "stale_edits": {"rounds": 200},
    "mixed_writes": {"people": 32, "writes": 2000},
    "kill_imports": {"rounds": 50},
    "kill_publications": {"rounds": 50},
    "kill_backups": {"rounds": 50},
    "kill_migrations": {"rounds": 50},
    "full_disk": {"rounds": 20, "seconds": 3},
}
SHORT = {
    "kill_workers": {"rounds": 5},
    "kill_portal": {"rounds": 1},
    "kill_database": {"rounds": 1},
    "database_away": {"seconds": 3, "people": 4},
    "double_submits": {"rounds": 2, "times": 10},
    "stale_edits": {"rounds": 3},
    "mixed_writes": {"people": 8, "writes": 40},
    "kill_backups": {"rounds": 1},
}
BY_CHANCE = ("kill_workers", "kill_portal", "kill_database", "mixed_writes", "kill_migrations")
BY_SEED = ("kill_imports", "kill_publications", "kill_backups")
MODULES = (breaking, together, halfway, disk)
# What must be nothing, wherever a fault measures it; and what may be so much at most.
NOTHING = (
    "acknowledged_lost",
    "without_history",
    "integrity_errors",
    "tracebacks",
    "not_once",
    "silently_lost",
    "typed_text_lost",
    "failed",
    "without_retry_after",
    "partly_written",
    "wrongly_told",
    "unguarded",
)
# The machine of the tests does other things meanwhile; the longest time a person may wait, in seconds.
AT_MOST = {"longest_start": 10, "longest_until_back": 15, "back_after": 15, "longest_answer": 5}
ALLOWED = {
    "stale_edits": {409},
    "database_away": {200, 503},
    "full_disk": {200, 302, 503, 507},
}


def run(folder: Path, engine: str, sizes: dict, seed: int, *, only: str | None = None, say: Callable = str) -> dict:
    """Do every fault to one portal; what came of each, with the seed and the sizes that give it again."""
    results = {}
    with Portal(folder, engine) as portal:
        for name, size in sizes.items():
            if only and name != only:
                continue
            began = time.monotonic()
            fault = next(getattr(module, name) for module in MODULES if hasattr(module, name))
            chance = {"chance": random.Random(f"{seed} {name}")} if name in BY_CHANCE else {}
            chance |= {"seed": seed} if name in BY_SEED else {}
            results[name] = fault(portal, **size, **chance) | {"took": round(time.monotonic() - began, 1)}
            say(f"{engine}: {name}: {results[name]}")
    return {"engine": engine, "seed": seed, "sizes": sizes, "results": results}


def complaints(results: dict, patience: int = 1) -> list[str]:
    """Return every figure that was not reached, in words; times may be so many times as long."""
    found = []
    for name, result in results.items():
        found += [f"{name}: {key} is {result[key]}" for key in NOTHING if result.get(key)]
        found += [
            f"{name}: {key} is {result[key]} s"
            for key, most in AT_MOST.items()
            if (result.get(key) or 0) > most * patience
        ]
        for moment in ("statuses", "before", "during", "after"):
            other = set(map(int, result.get(moment, {}))) - ALLOWED.get(name, {200, 302, 503})
            found += [f"{name}: somebody was answered {status}" for status in sorted(other)]
    return found
