"""`python -m quality.mutants`: every seeded fault; what came of each goes to var/mutants/ as JSON.

With `--sample 80`, instead 80 small changes of each part of the rules, chosen by chance: what share the tests notice.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from quality.mutants import measured
from quality.mutants.run import complaints, run
from quality.mutants.seeded import seeded

FOUND = Path("var", "mutants").resolve()


def tell(text: str) -> None:
    """Say it at once: a run takes many minutes."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Run, write, say what was not noticed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", default="", help="the faults in whose words or file this stands; or the part")
    asked.add_argument("--sample", type=int, help="so many small changes of each part, instead of the seeded faults")
    asked.add_argument("--seed", type=int, default=0, help="what the choice by chance begins with")
    options = asked.parse_args()
    began = time.monotonic()
    FOUND.mkdir(parents=True, exist_ok=True)
    name, found, wrong = sampled(options) if options.sample else one_by_one(options.only)
    target = FOUND / f"{name}{'-only' if options.only else ''}.json"
    target.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    tell("\n".join([*wrong, f"{target}, after {(time.monotonic() - began) / 60:.0f} minutes"]))
    return bool(wrong)


def one_by_one(only: str) -> tuple[str, dict, list[str]]:
    """Every seeded fault."""
    faults = [fault for fault in seeded() if only in f"{fault.says} {fault.file}"]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        found = run(Path(folder), faults, say=tell)
    caught = sum(result["outcome"] == "caught" for result in found["results"].values())
    tell(f"{caught} of {len(faults)} faults were caught")
    return "seeded", found, complaints(found)


def sampled(options: argparse.Namespace) -> tuple[str, dict, list[str]]:
    """Small changes, chosen by chance."""
    parts = [part for part in measured.PARTS if options.only in part.name]
    found = measured.measure(FOUND, parts, options.sample, options.seed, tell)
    short = [name for name, one in found.items() if one["wrong"] or measured.noticed(one) < measured.LEAST]
    return "sampled", found, [f"{name}: fewer than {measured.LEAST} % were noticed" for name in short]


if __name__ == "__main__":
    sys.exit(main())
