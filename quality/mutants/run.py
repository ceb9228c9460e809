"""Each seeded fault in a copy of the checkout, one at a time in each: its tests have to fail there.

The checkout itself is only read.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from queue import Queue

from quality.mutants.seeded import ROOT, Fault, wrong_with

NOT_COPIED = shutil.ignore_patterns("var", "out", ".venv", "node_modules", ".git")
LINKED = (".venv", "node_modules", "var/static", "var/set-up")
LONGEST = 1800  # seconds for one fault; a run that takes longer, on however busy a machine, will not end
# pytest's exit codes; any other means that it ran no test
PASSED = 0
FAILED = 1
ENDINGS = {PASSED: "survived", FAILED: "caught"}
SENTENCES = {"survived": "every test named passed with it. Write the test that would have failed."}


def run(folder: Path, faults: list[Fault], *, root: Path = ROOT, say: Callable[[str], object] = str) -> dict:
    """What came of each fault, by what it says. The tests have to pass before there is a fault, or nothing is shown.

    Most are caught in copies of one running process (`forked`), which takes a fraction of the time; whichever is not
    is put into a copy of the checkout.
    """
    wrong = []
    for fault in faults:
        wrong += wrong_with(fault, root)
    if wrong:
        return {"wrong": wrong, "results": {}}
    first = copied(root, folder / "1")
    say(f"{len(faults)} faults, noticed by {len(named(faults))} tests, which first have to pass without any")
    results = {}
    for says, result in caught_in_one_process(first, folder, faults):
        tell(results, says, result, len(faults), say)
    rest = [fault for fault in faults if fault.says not in results]
    code, last = tested(first, named(rest), longest=LONGEST * len(rest)) if rest else (PASSED, "")
    if code != PASSED:
        return {"wrong": [f"Without any fault the tests did not pass: {last}"], "results": {}}
    copies = os.cpu_count() or 1
    free: Queue[Path] = Queue()
    for number in range(copies):
        free.put(copied(first, folder / str(number + 2)))
    with ThreadPoolExecutor(copies) as pool:
        for fault, result in zip(rest, pool.map(lambda one: tried(one, free, made_in(first)), rest), strict=True):
            tell(results, fault.says, result, len(faults), say)
    return {"wrong": [], "results": results}


def named(faults: Iterable[Fault]) -> list[str]:
    """The tests that the faults name."""
    names = set()
    for fault in faults:
        names.update(fault.tests)
    return sorted(names)


def tell(results: dict, says: str, result: dict, among: int, say: Callable[[str], object]) -> None:
    """Keep what came of a fault, and say it."""
    results[says] = result
    say(f"{len(results)} of {among}: {says}: {result['outcome']} ({result['took']} s): {result['said']}")


def caught_in_one_process(copy: Path, folder: Path, faults: list[Fault]) -> Iterator[tuple[str, dict]]:
    """What came of the faults that are in functions alone and were caught."""
    asked = folder / "faults.json"
    into = folder / "caught.json"
    asked.write_text(json.dumps([asdict(fault) for fault in faults]))
    options = ["-p", "quality.mutants.forked", "--seeded", str(asked), "--into", str(into)]
    tested(copy, named(faults), *options, longest=LONGEST * len(faults), PYTHONPATH=str(ROOT))
    found = json.loads(into.read_text()) if into.exists() else {"results": []}
    for fault, result in zip(faults, found["results"], strict=False):
        if result["outcome"] == "caught":
            facts = {name: result[name] for name in ("outcome", "said", "took")}
            yield fault.says, {"file": fault.file, "tests": list(fault.tests)} | facts


def tried(fault: Fault, free: Queue[Path], made: Path) -> dict:
    """What came of one fault in whichever copy is free; ``made`` is the empty database that the copy begins with."""
    copy = free.get()
    began = time.monotonic()
    renew(made_in(copy), made)  # a fault in what makes it made another one
    with put_into(copy, fault):
        code, last = tested(copy, fault.tests, "-x", longest=LONGEST, PYTHONDONTWRITEBYTECODE="1")
    free.put(copy)
    took = round(time.monotonic() - began, 1)
    outcome = ENDINGS.get(code, "proved nothing")
    return {"outcome": outcome, "file": fault.file, "tests": list(fault.tests), "said": last, "took": took}


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
    path = copy / fault.file  # compiled code with the fault in it is not kept: it must not outlive the fault
    text = path.read_text()
    was = path.stat()
    path.write_text(text.replace(fault.source, fault.instead))
    try:
        yield
    finally:
        path.write_text(text)
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def tested(copy: Path, tests: Iterable[str], *options: str, longest: int, **environment: str) -> tuple[int, str]:
    """How pytest ended on these tests, and the line that says why."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", *options, *tests]
    quietly = {"cwd": copy, "env": os.environ | environment, "capture_output": True, "text": True}
    try:
        done = subprocess.run(command, timeout=longest, check=False, **quietly)
    except subprocess.TimeoutExpired:
        return -1, f"the tests did not end within {longest} seconds"
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    failed = next((line for line in said if line.startswith(("FAILED", "ERROR"))), "")
    return done.returncode, failed or (said or ["nothing"])[-1]
