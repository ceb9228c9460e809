"""Each seeded fault in turn in a copy of the checkout: its tests have to fail there. The checkout is only read."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mutants.seeded import ROOT, Fault, wrong_with

NOT_COPIED = shutil.ignore_patterns("var", "out", ".venv", "node_modules", ".git", "__pycache__", "*.pyc")
LINKED = (".venv", "node_modules", "var/static", "var/set-up")
LONGEST = 600  # seconds; a run that takes longer will not end
PASSED, FAILED = 0, 1  # how pytest ends; whatever else it says is that it ran no test
ENDINGS = {PASSED: "survived", FAILED: "caught"}
SENTENCES = {"survived": "every test named passed with it. Write the test that would have failed."}


def run(folder: Path, faults: list[Fault], *, root: Path = ROOT, say: Callable[[str], object] = str) -> dict:
    """What came of each fault, by what it says. The tests have to pass before there is a fault, or nothing is shown."""
    wrong = [sentence for fault in faults for sentence in wrong_with(fault, root)]
    if wrong:
        return {"wrong": wrong, "results": {}}
    copy = copied(root, folder / "checkout")
    named = sorted({test for fault in faults for test in fault.tests})
    say(f"{len(faults)} faults, noticed by {len(named)} tests, which first have to pass without any")
    code, last = tested(copy, named)
    if code != PASSED:
        return {"wrong": [f"Without any fault the tests did not pass: {last}"], "results": {}}
    kept, results = folder / "made", {}
    renew(kept, made_in(copy))
    for place, fault in enumerate(faults, start=1):
        began = time.monotonic()
        with put_into(copy, fault):
            code, last = tested(copy, fault.tests, "-x")
        # A fault in what makes the empty database made another one; the next fault starts with the first again.
        renew(made_in(copy), kept)
        outcome = ENDINGS.get(code, "proved nothing")
        took = round(time.monotonic() - began, 1)
        what = {"file": fault.file, "tests": list(fault.tests), "said": last, "took": took}
        results[fault.says] = {"outcome": outcome} | what
        say(f"{place} of {len(faults)}: {outcome}: {fault.says} ({fault.file}, {took} s)")
    return {"wrong": [], "results": results}


def complaints(found: dict) -> list[str]:
    """Every fault that no test noticed, in a sentence."""
    return [
        *found["wrong"],
        *(
            f"“{says}” in {result['file']} {result['outcome']}: {SENTENCES.get(result['outcome'], result['said'])}"
            for says, result in found["results"].items()
            if result["outcome"] != "caught"
        ),
    ]


def copied(root: Path, to: Path) -> Path:
    """A copy of the checkout that shares what set-up made, with a folder of its own for what tests make."""
    shutil.copytree(root, to, ignore=NOT_COPIED)
    (to / "var").mkdir()
    for name in LINKED:
        if (root / name).exists():
            (to / name).symlink_to((root / name).resolve())
    renew(made_in(to), made_in(root))
    return to


def made_in(checkout: Path) -> Path:
    """Where the tests of a checkout keep the empty database (tests/prepared.py)."""
    return checkout / "var" / "test" / "made"


def renew(folder: Path, source: Path) -> None:
    """Make a folder what another one is; nothing where there is none."""
    shutil.rmtree(folder, ignore_errors=True)
    if source.is_dir():
        shutil.copytree(source, folder)


@contextmanager
def put_into(copy: Path, fault: Fault) -> Iterator[None]:
    """The copy with the fault in it for a while; afterwards the file is as it was, its date too."""
    path = copy / fault.file
    text, was = path.read_text(), path.stat()
    path.write_text(text.replace(fault.source, fault.instead))
    try:
        yield
    finally:
        path.write_text(text)
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def tested(copy: Path, tests: tuple[str, ...] | list[str], *options: str) -> tuple[int, str]:
    """How pytest ended on these tests, and the last line it said."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", *options, *tests]
    # Compiled code with a fault in it must not outlive the fault.
    environment = os.environ | ({"PYTHONDONTWRITEBYTECODE": "1"} if options else {})
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return -1, f"the tests did not end within {LONGEST} seconds"
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    failed = next((line for line in said if line.startswith(("FAILED", "ERROR"))), "")
    return done.returncode, failed or (said or ["nothing"])[-1]
