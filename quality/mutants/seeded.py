"""The seeded faults as their files give them, and what may be wrong with one before it is tried."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent


@dataclass(frozen=True)
class Fault:
    """One fault: what it would mean, where it is put, and the tests that must fail."""

    says: str
    file: str
    source: str
    instead: str
    tests: tuple[str, ...]


def read_faults() -> list[Fault]:
    """Return every fault, file by file."""
    rows = []
    for path in sorted(FOLDER.glob("*.toml")):
        rows += tomllib.loads(path.read_text())["fault"]
    return [Fault(**row | {"tests": tuple(row["tests"])}) for row in rows]


def errors(fault: Fault, root: Path = ROOT) -> Iterator[str]:
    """Yield each reason why the fault would prove nothing, such as a piece of source that is no longer there."""
    path = root / fault.file
    text = path.read_text() if path.is_file() else ""
    times = text.count(fault.source)
    if times != 1:
        yield f"“{fault.says}”: its piece of source is in {fault.file} {times} times; it must be there once."
    elif fault.source == fault.instead:
        yield f"“{fault.says}”: it changes nothing."
    elif path.suffix == ".py" and not is_python(text.replace(fault.source, fault.instead)):
        yield f"“{fault.says}”: with it {fault.file} is no longer Python, so any test would fail."
    if not fault.tests:
        yield f"“{fault.says}”: it names no test that must fail."
    for test in fault.tests:
        file, _, name = test.partition("::")
        if name.partition("[")[0] not in names_of_tests(root / file):
            yield f"“{fault.says}”: there is no test {test}."


def is_python(text: str) -> bool:
    """Return whether the text can be parsed as Python."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@cache
def names_of_tests(path: Path) -> frozenset[str]:
    """Return the names of the test functions in a file."""
    if not path.is_file():
        return frozenset()
    return frozenset(node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))
