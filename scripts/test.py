"""The suite on SQLite and on PostgreSQL, which share what no database can make different; arguments go on to pytest."""

import json
import os
import subprocess
import sys

from set_up import chromium, pango, set_up
from steps import PYTHON, ROOT, VAR, Trouble, command, say

ENGINES = ("sqlite", "postgresql")
NONE_CHOSEN = 5  # pytest's own code
NOTHING_RAN = {"passed": 0, "failed": 0, "left_out": 0, "ran_on": {}, "tried": [], "left": []}


def main() -> int:
    """Set up, run twice, add up. Returns 0 only when both engines ran and nothing failed."""
    set_up(for_tests=True)
    pango()
    browser = chromium()
    reports = {engine: run_on(engine) for engine in ENGINES}
    for engine, report in reports.items():
        done = f"{report['passed']} passed, {report['failed']} failed, {report['left_out']} left out"
        say(f"{engine}: {done}; {len(report['left'])} that no database can make different ran on the other engine")
    if not browser:
        say("LEFT OUT: every browser test, for there is no Chromium here (apt-get install chromium).")
    wrong = []
    for engine in ENGINES:
        wrong += complaints(engine, reports[engine])
    wrong = wrong or lost(reports)
    totals = []
    for outcome in ("passed", "failed"):
        totals.append(sum(report[outcome] for report in reports.values()))
    say("{} passed, {} failed".format(*totals))
    if wrong:
        raise Trouble("\n".join(wrong))
    return 0


def run_on(engine: str) -> dict:
    """Run the suite on one engine, one process for each core; its own report of what it did."""
    say(f"\nTests on {engine}")
    report = VAR / f"tests-{engine}.json"
    report.unlink(missing_ok=True)
    # Each process begins with its own part of the files, whose data it makes once, and helps the other at the end.
    processes = ["-n", str(os.cpu_count() or 1), "--dist", "worksteal"]
    arguments = ["-q", "--shared", "--engine", engine, "--report", report, *sys.argv[1:]]
    code = finished([PYTHON, "-m", "pytest", *processes, *arguments])
    outcome = json.loads(report.read_text()) if report.exists() else NOTHING_RAN
    return outcome | {"code": code}


def finished(command: list) -> int:
    """The code a command ended with; on Ctrl-C it is given the time to tidy up after itself."""
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise


def complaints(engine: str, report: dict) -> list[str]:
    """What is wrong with a run: it failed, or did not run where it was asked to."""
    if report["code"] == NONE_CHOSEN and report["left"]:
        return []  # all that was asked for, with ARGS, is the other engine's
    found = []
    if report["code"]:
        found.append(f"The run on {engine} ended with code {report['code']}.")
    if set(report["ran_on"]) != {engine}:
        found.append(f"The run on {engine} really ran on: {', '.join(report['ran_on']) or 'nothing'}.")
    return found


def lost(reports: dict[str, dict]) -> list[str]:
    """What each engine left to the other, and the other did not try."""
    tried = set()
    for report in reports.values():
        tried.update(report["tried"])
    left = set()
    for report in reports.values():
        left.update(report["left"])
    return [f"Neither engine ran {name}." for name in sorted(left - tried)]


if __name__ == "__main__":
    command(main)
