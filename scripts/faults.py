"""Break a portal at full size and on both engines; results as JSON in var/faults/."""

import os
import subprocess

from set_up import pango, set_up
from steps import PYTHON, ROOT, Trouble, command, say

ENGINES = ("sqlite", "postgresql")
# Tests whose sizes grow with THOROUGH=1: files broken by chance, forgeries of the record, nasty answers and addresses,
# what people may do in any order.
THOROUGH = (
    "tests/partnership/imports/test_reader.py",
    "tests/partnership/audit/test_log.py",
    "tests/portal/test_nasty.py",
)
THOROUGH += ("tests/joint_posts/savings/test_machine.py", "quality/faults")


def main() -> None:
    """Break a portal on each engine; trouble names the runs in which a figure was not reached."""
    set_up(for_tests=True)
    pango()
    short = []
    for engine in ENGINES:
        say(f"\nFaults on {engine}")
        tests = [PYTHON, "-m", "pytest", "-q", "-n", str(os.cpu_count() or 1), "--engine", engine]
        tests += ["--report", f"var/faults/{engine}-tests.json", *THOROUGH]
        for name, run in (
            ("faults", [PYTHON, "-m", "quality.faults", "--engine", engine]),
            ("files and forgeries", tests),
        ):
            if subprocess.run(run, cwd=ROOT, env=os.environ | {"THOROUGH": "1"}, check=False).returncode:
                short.append(f"{name} on {engine}")
    if short:
        raise Trouble(f"A figure was not reached: {', '.join(short)}.")


if __name__ == "__main__":
    command(main)
