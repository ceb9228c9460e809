"""`python -m quality.mutants`: try every seeded fault and write the results to var/mutants/seeded.json.

With `--module joint_posts/savings/ledger.py`, instead make small changes to that module.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from quality.mutants.modules import change_module
from quality.mutants.run import complaints, run
from quality.mutants.seeded import ROOT, Fault, read_faults

RESULTS = Path("var", "mutants").resolve()
SQLITE = ("--engine", "sqlite")  # which starts sooner; a fault of the rules is the same on either


def report(text: str) -> None:
    """Print at once, because a run takes minutes."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Run, write the results, and name what no test noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only the faults with this text in their words or file")
    parser.add_argument("--part", default="1/1", help="only a part of the faults: 2/5 is the second fifth")
    parser.add_argument("--module", help="make small changes to this module, instead of the seeded faults")
    parser.add_argument("--tests", nargs="+", default=[], help="the tests of the module, else those of its package")
    options = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        if options.module:
            name = options.module.removesuffix(".py").replace("/", ".")
            found, missed = try_module(Path(folder), options.module, options.tests)
        else:
            name = "seeded"
            found, missed = try_faults(Path(folder), chosen_faults(options.only, options.part))
    target = RESULTS / f"{name}.json"
    target.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    for line in missed:
        report(line)
    report(f"{target}, after {(time.monotonic() - began) / 60:.0f} minutes")
    return bool(missed)


def chosen_faults(only: str, part: str) -> list[Fault]:
    """Return the faults that the options ask for."""
    number, parts = map(int, part.split("/"))
    faults = [fault for fault in read_faults() if only in f"{fault.says} {fault.file}"]
    return faults[number - 1 :: parts]


def try_faults(folder: Path, faults: list[Fault]) -> tuple[dict, list[str]]:
    """Return what came of the faults, and a sentence for each that was not caught."""
    found = run(folder, faults, options=SQLITE, report=report)
    caught = sum(result["outcome"] == "caught" for result in found["results"].values())
    report(f"{caught} of {len(faults)} faults were caught")
    return found, complaints(found)


def try_module(folder: Path, module: str, tests: list[str]) -> tuple[dict, list[str]]:
    """Return what came of small changes to a module, and each that was not noticed."""
    found = change_module(folder, module, tests, root=ROOT)
    report(f"{found['changes'] - len(found['missed'])} of {found['changes']} changes of {module} were noticed")
    missed = list(found["missed"].values())
    if found["wrong"]:
        missed.append(f"mutmut did not end well: {found['wrong']}")
    return found, missed


if __name__ == "__main__":
    sys.exit(main())
