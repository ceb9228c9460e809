"""`python -m tests.mutants`: every seeded fault; what came of each goes to var/mutants/ as JSON."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.mutants.run import complaints, run
from tests.mutants.seeded import seeded


def tell(text: str) -> None:
    """Say it at once: a run takes many minutes."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Run, write, say what was not noticed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", default="", help="the faults in whose words or file this stands")
    only = asked.parse_args().only
    faults = [fault for fault in seeded() if only in f"{fault.says} {fault.file}"]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        found = run(Path(folder), faults, say=tell)
    target = Path("var", "mutants", "only.json" if only else "all.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    caught = sum(result["outcome"] == "caught" for result in found["results"].values())
    wrong = complaints(found)
    tell("\n".join([*wrong, f"{target}: {caught} of {len(faults)} faults were caught"]))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
