"""What pages cost as the registers grow, on both engines: ratios within one run, against their goals."""

import subprocess

from set_up import set_up
from steps import PYTHON, ROOT, Trouble, command, say

ENGINES = ("sqlite", "postgresql")


def main() -> None:
    """Run every bench on every engine; trouble names the engines on which a goal was missed."""
    set_up(for_tests=True)
    benches = sorted((ROOT / "tests" / "bench").glob("bench_*.py"))
    missed = []
    for engine in ENGINES:
        say(f"\nBench on {engine}")
        run = [PYTHON, "-m", "pytest", "-q", "--no-header", "--engine", engine, *benches]
        if subprocess.run(run, cwd=ROOT, check=False).returncode:
            missed.append(engine)
    if missed:
        raise Trouble(f"A goal was missed on {' and '.join(missed)}.")


if __name__ == "__main__":
    command(main)
