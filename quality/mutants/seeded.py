"""The seeded faults, as read from their files, and what may be wrong with one before it is ever run."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@dataclass(frozen=True)
class Fault:
    """One fault: what it would mean, where it is put, and the tests that have to notice."""

    says: str
    file: str
    source: str
    instead: str
    tests: tuple[str, ...]


def seeded() -> list[Fault]:
    """Every fault, file by file."""
    rows = []
    for path in sorted(HERE.glob("*.toml")):
        rows += tomllib.loads(path.read_text())["fault"]
    return [Fault(**row | {"tests": tuple(row["tests"])}) for row in rows]


def wrong_with(fault: Fault, root: Path = ROOT) -> Iterator[str]:
    """Why the fault would prove nothing: its piece of source is not there once, or a test of it does not exist."""
    path = root / fault.file
    text = path.read_text() if path.is_file() else ""
    times = text.count(fault.source)
    if times != 1:
        yield f"“{fault.says}”: its piece of source stands {times} times in {fault.file}, and must stand there once."
    elif fault.source == fault.instead:
        yield f"“{fault.says}”: it changes nothing."
    elif not is_python(text.replace(fault.source, fault.instead)):
        yield f"“{fault.says}”: with it {fault.file} is no Python, so that any test would fail."
    if not fault.tests:
        yield f"“{fault.says}”: no test is named that has to notice."
    for test in fault.tests:
        file, _, name = test.partition("::")
        if name.partition("[")[0] not in names_in(root / file):
            yield f"“{fault.says}”: there is no test {test}."


def is_python(text: str) -> bool:
    """Return whether a text can be read as Python at all."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@cache
def names_in(path: Path) -> frozenset[str]:
    """The names of the tests of a file."""
    if not path.is_file():
        return frozenset()
    return frozenset(node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))
