"""Small changes by mutmut to one module of the source, in a copy of the checkout: do its tests notice each?

mutmut changes functions and methods. It leaves out those with a decorator, such as properties, and what is outside
functions: seeded faults cover those (ADR 34).
"""

import subprocess
import sys
from pathlib import Path

from quality.mutants.run import copy_checkout

APPS = ("partnership", "business_cases", "joint_posts", "reviews")
# What the tests need beside the source. mutmut copies it to a folder of its own.
COPIED = ("docs", "fixtures", "manage.py", "Makefile", "quality", "requirements", "scripts", "static", "templates")
MUTMUT = [sys.executable, "-m", "mutmut"]


def change_module(folder: Path, module: str, tests: list[str], *, root: Path) -> dict:
    """Return how many changes of a module there are, and those that no test noticed, each as a diff.

    ``tests`` are those to run. Where there are none, those of the module's package run.
    """
    copy = copy_checkout(root, folder / "checkout")
    tests = tests or [package_tests(module)]
    settings = copy / "pyproject.toml"
    settings.write_text(f"{settings.read_text()}\n{configuration(module, tests)}")
    done = subprocess.run([*MUTMUT, "run"], cwd=copy, check=False, capture_output=True, text=True)
    outcomes = read_outcomes(copy)
    if done.returncode or not outcomes:
        return {"wrong": (done.stdout + done.stderr)[-2000:], "changes": 0, "missed": {}}
    missed = {name: shown(copy, name) for name, outcome in outcomes.items() if outcome != "killed"}
    return {"wrong": "", "changes": len(outcomes), "missed": missed}


def package_tests(module: str) -> str:
    """Return the folder of the tests of a module's package: tests mirror the source."""
    return str(Path("tests", module).parent)


def configuration(module: str, tests: list[str]) -> str:
    """Return mutmut's section of pyproject.toml. Its lists are the same in TOML and in Python."""
    options = ["-n", "0", "--engine", "sqlite", "-p", "quality.mutants.own_database"]
    lines = [
        "[tool.mutmut]",
        f"source_paths = {list(APPS)}",
        f"only_mutate = {[module]}",
        f"also_copy = {list(COPIED)}",
        f"pytest_add_cli_args = {options}",
        f"pytest_add_cli_args_test_selection = {tests}",
    ]
    return "\n".join(lines) + "\n"


def read_outcomes(copy: Path) -> dict[str, str]:
    """Return the outcome of each change by its name, such as killed, survived or no tests."""
    command = [*MUTMUT, "results", "--all", "true"]
    done = subprocess.run(command, cwd=copy, check=False, capture_output=True, text=True)
    outcomes = {}
    for line in done.stdout.splitlines():
        name, _, outcome = line.strip().rpartition(": ")
        if name:
            outcomes[name] = outcome
    return outcomes


def shown(copy: Path, name: str) -> str:
    """Return a change as a diff."""
    done = subprocess.run([*MUTMUT, "show", name], cwd=copy, check=False, capture_output=True, text=True)
    return done.stdout
