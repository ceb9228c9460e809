"""Seeded faults in a copy of the source, one at a time: do the tests notice? Results as JSON in var/mutants/."""

import subprocess
import sys

from set_up import pango, set_up
from steps import PYTHON, ROOT, Trouble, call, command


def main() -> None:
    """Run the tests of every fault; trouble when one was not noticed, or proves nothing."""
    set_up(for_tests=True)
    pango()
    call(PYTHON, "-m", "pytest", "-q", "quality/mutants")
    if subprocess.run([PYTHON, "-m", "quality.mutants", *sys.argv[1:]], cwd=ROOT, check=False).returncode:
        raise Trouble("Not every fault was caught; the lines above name what no test noticed.")


if __name__ == "__main__":
    command(main)
