"""`python -m quality.faults --engine sqlite`: every fault at its full size; its outcome goes to var/faults/ as JSON."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from quality.faults.run import FULL, SHORT, complaints, run


def tell(text: str) -> None:
    """Say it at once: a run takes minutes."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Run, write, say what fell short."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--engine", choices=("sqlite", "postgresql"), required=True)
    asked.add_argument("--seed", type=int, default=20190316)
    asked.add_argument("--short", action="store_true", help="the sizes of `make test`")
    asked.add_argument("--only", help="one fault, by the name of its function")
    asked.add_argument("--rounds", type=int, help="so many rounds instead, where a fault has rounds")
    chosen = asked.parse_args()
    sizes = SHORT if chosen.short else FULL
    if chosen.rounds:
        sizes = {name: {**size} for name, size in sizes.items()}
        for size in sizes.values():
            if "rounds" in size:
                size["rounds"] = chosen.rounds
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        found = run(Path(folder), chosen.engine, sizes, chosen.seed, only=chosen.only, say=tell)
    target = Path("var", "faults", f"{chosen.engine}.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
    wrong = complaints(found["results"])
    tell(f"{target}: {'; '.join(wrong) or 'every figure reached'}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
