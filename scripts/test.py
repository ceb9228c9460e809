"""The suite on PostgreSQL, and what a database can change on SQLite too; arguments go on to pytest."""

import json
import os
import subprocess
import sys

from set_up import chromium, pango, set_up
from steps import PYTHON, ROOT, VAR, Trouble, command, say

NONE_CHOSEN = 5  # pytest's own code
NOTHING_RAN = {"passed": 0, "failed": 0, "left_out": 0, "ran_on": {}}
RUNS = {"postgresql": [], "sqlite": ["--both-engines"]}


def main() -> int:
    """Set up, run the suite on each engine and add up.

    Returns 0 only when each run was on the engine asked for, nothing failed and something passed.
    """
    set_up(for_tests=True)
    pango()
    browser = chromium()
    reports = {engine: run_on(engine, options) for engine, options in RUNS.items()}
    for engine, report in reports.items():
        say(f"{engine}: {report['passed']} passed, {report['failed']} failed, {report['left_out']} left out")
    if not browser:
        say("LEFT OUT: every browser test, for there is no Chromium here (apt-get install chromium).")
    wrong = []
    for engine, report in reports.items():
        wrong += complaints(engine, report)
    passed = sum(report["passed"] for report in reports.values())
    failed = sum(report["failed"] for report in reports.values())
    if not passed:
        wrong.append("No test passed.")
    say(f"{passed} passed, {failed} failed")
    if wrong:
        raise Trouble("\n".join(wrong))
    return 0


def run_on(engine: str, options: list[str]) -> dict:
    """Run the suite on one engine, with a process for each core, and return its own report."""
    say(f"\nTests on {engine}")
    report = VAR / f"tests-{engine}.json"
    report.unlink(missing_ok=True)
    # A module stays in one process, whose data it makes once.
    processes = ["-n", str(os.cpu_count() or 1), "--dist", "loadfile", "--no-loadscope-reorder"]
    arguments = ["-q", "--engine", engine, "--report", report, *options, *sys.argv[1:]]
    code = finished([PYTHON, "-m", "pytest", *processes, *arguments])
    outcome = json.loads(report.read_text()) if report.exists() else NOTHING_RAN
    return outcome | {"code": code}


def finished(command: list) -> int:
    """Return the code that a command ended with. On Ctrl-C, wait until it has tidied up after itself."""
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise


def complaints(engine: str, report: dict) -> list[str]:
    """Return what is wrong with a run: it failed, or did not run on the engine asked for."""
    if report["code"] == NONE_CHOSEN:
        return []  # the arguments chose tests for the other engine alone
    found = []
    if report["code"]:
        found.append(f"The run on {engine} ended with code {report['code']}.")
    if set(report["ran_on"]) != {engine}:
        found.append(f"The run on {engine} really ran on: {', '.join(report['ran_on']) or 'nothing'}.")
    return found


if __name__ == "__main__":
    command(main)
