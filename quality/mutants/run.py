"""Try seeded faults, each in a copy of the checkout, where its tests must fail. The checkout itself is only read."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

from quality.mutants.seeded import ROOT, Fault, errors

NOT_COPIED = shutil.ignore_patterns("var", "out", ".venv", "node_modules", ".git", "__pycache__")
LINKED = (".venv", "node_modules", "var/static", "var/set-up")
LONGEST = 600  # seconds for the tests of one fault, even on a busy machine
# pytest's exit codes. With any other it ran no test.
PASSED = 0
FAILED = 1
OUTCOMES = {PASSED: "survived", FAILED: "caught"}


def run(
    folder: Path,
    faults: list[Fault],
    *,
    root: Path = ROOT,
    options: Sequence[str] = (),
    report: Callable[[str], object] = str,
) -> dict:
    """Return the outcome of each fault, by its words.

    The tests must first pass without any fault. ``options`` go to pytest; ``report`` is called with a line on each
    result.
    """
    wrong = []
    for fault in faults:
        wrong += errors(fault, root)
    if wrong:
        return {"wrong": wrong, "results": {}}
    first = copy_checkout(root, folder / "0")
    tests = names_of_tests(faults)
    report(f"{len(faults)} faults; their {len(tests)} tests must first pass without any")
    code, last_line = run_tests(first, tests, *options, longest=LONGEST + 30 * len(tests))
    if code != PASSED:
        return {"wrong": [f"Without any fault the tests did not pass: {last_line}"], "results": {}}
    free = Queue()
    for number in range(os.cpu_count() or 1):
        free.put(copy_checkout(first, folder / str(number + 1)))
    results = {}
    with ThreadPoolExecutor(free.qsize()) as pool:
        outcomes = pool.map(lambda fault: try_fault(fault, free, prepared_database(first), options), faults)
        for fault, result in zip(faults, outcomes, strict=True):
            results[fault.says] = result
            report(f"{len(results)} of {len(faults)}: {fault.says}: {result['outcome']} ({result['seconds']} s)")
    return {"wrong": [], "results": results}


def names_of_tests(faults: Iterable[Fault]) -> list[str]:
    """Return the names of the tests of some faults."""
    names = set()
    for fault in faults:
        names.update(fault.tests)
    return sorted(names)


def try_fault(fault: Fault, free: Queue, database: Path, options: Sequence[str]) -> dict:
    """Run the tests of one fault in a copy that is free, which begins with the prepared empty database."""
    copy = free.get()
    began = time.monotonic()
    replace_folder(prepared_database(copy), database)  # the fault before may have changed a migration
    with fault_in(copy, fault):
        code, last_line = run_tests(copy, fault.tests, "-x", *options, longest=LONGEST)
    free.put(copy)
    return {
        "outcome": OUTCOMES.get(code, "proved nothing"),
        "file": fault.file,
        "tests": list(fault.tests),
        "last_line": last_line,
        "seconds": round(time.monotonic() - began, 1),
    }


def complaints(found: dict) -> list[str]:
    """Return a sentence for each fault that no test noticed."""
    sentences = list(found["wrong"])
    for says, result in found["results"].items():
        if result["outcome"] == "survived":
            sentences.append(f"“{says}” in {result['file']} survived: each of its tests passed. Write one that fails.")
        elif result["outcome"] != "caught":
            sentences.append(f"“{says}” in {result['file']} {result['outcome']}: {result['last_line']}")
    return sentences


def copy_checkout(root: Path, to: Path) -> Path:
    """Copy the checkout, with links to what set-up made and a folder of its own for what tests make."""
    shutil.copytree(root, to, ignore=NOT_COPIED)
    (to / "var").mkdir()
    for name in LINKED:
        if (root / name).exists():
            (to / name).symlink_to((root / name).resolve())
    replace_folder(prepared_database(to), prepared_database(root))
    return to


def prepared_database(checkout: Path) -> Path:
    """Return the folder where the tests keep the empty database (tests/prepared.py)."""
    return checkout / "var" / "test" / "made"


def replace_folder(folder: Path, source: Path) -> None:
    """Make a folder a copy of another one; remove it where there is no other."""
    shutil.rmtree(folder, ignore_errors=True)
    if source.is_dir():
        shutil.copytree(source, folder)


@contextmanager
def fault_in(copy: Path, fault: Fault) -> Iterator[None]:
    """Put the fault into the copy; afterwards restore the file and its date."""
    path = copy / fault.file
    text = path.read_text()
    before = path.stat()
    path.write_text(text.replace(fault.source, fault.instead))
    try:
        yield
    finally:
        path.write_text(text)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def run_tests(copy: Path, tests: Iterable[str], *options: str, longest: int) -> tuple[int, str]:
    """Return pytest's exit code for these tests, and the line that says why."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", *options, *tests]
    # Compiled code with the fault in it must not outlive the fault.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, timeout=longest, check=False, capture_output=True, text=True
        )
    except subprocess.TimeoutExpired:
        return -1, f"the tests did not end within {longest} seconds"
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return done.returncode, [*failed, *lines[-1:], "nothing was printed"][0]
