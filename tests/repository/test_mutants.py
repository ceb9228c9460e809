"""The seeded faults of `make mutants`: each still applies, each names its tests, and one that survives is told.

So it is with small changes chosen by chance, which are made in copies of a running process.
"""

import ast
import json
import os
import subprocess
import sys

import pytest

from quality.mutants import measured, run
from quality.mutants.changes import changes
from quality.mutants.seeded import ROOT, Fault, names_in, seeded, wrong_with

FEWEST = 60
PROVED = "def test_sum():\n    from ledger import total\n\n    assert total(2, 3) == 5\n"


def test_every_fault_applies_once_and_names_tests_that_exist():
    faults = seeded()
    for fault in faults:
        assert list(wrong_with(fault)) == []
    assert len({fault.says for fault in faults}) == len(faults) >= FEWEST


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"source": "a - b"}, "“It adds”: its piece of source stands 0 times in ledger.py, and must stand there once."),
        ({"source": "a"}, "“It adds”: its piece of source stands 3 times in ledger.py, and must stand there once."),
        ({"file": "no.py"}, "“It adds”: its piece of source stands 0 times in no.py, and must stand there once."),
        ({"instead": "a + b"}, "“It adds”: it changes nothing."),
        ({"instead": "a +"}, "“It adds”: with it ledger.py is no Python, so that any test would fail."),
        ({"tests": ("test_ledger.py::test_no",)}, "“It adds”: there is no test test_ledger.py::test_no."),
        ({"tests": ("test_no.py::test_sum",)}, "“It adds”: there is no test test_no.py::test_sum."),
        ({"tests": ()}, "“It adds”: no test is named that has to notice."),
    ],
)
def test_fault_that_would_prove_nothing_is_told(checkout, change, sentence):
    assert list(wrong_with(adding(**change), checkout)) == [sentence]


def adding(**change):
    """A fault in the small checkout, as it should be or otherwise."""
    right = {"says": "It adds", "file": "ledger.py", "source": "a + b", "instead": "a * b"}
    return Fault(**right | {"tests": ("test_ledger.py::test_sum",)} | change)


@pytest.fixture
def checkout(tmp_path):
    """A small checkout, without Django: a sum, and its test."""
    root = tmp_path / "own"
    (root / "var").mkdir(parents=True)
    (root / "ledger.py").write_text("def total(a, b):\n    return a + b\n")
    (root / "test_ledger.py").write_text(PROVED)
    (root / "pytest.ini").write_text("[pytest]\naddopts = -p no:django\n")
    return root


def everything(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_caught_and_survived_are_told_apart_and_the_checkout_stays_as_it_is(checkout, tmp_path):
    faults = [
        adding(says="Multiplied", instead="a * b"),
        adding(says="Turned round", instead="b + a"),
    ]
    before = everything(checkout)
    found = run.run(tmp_path, faults, root=checkout)
    assert {says: result["outcome"] for says, result in found["results"].items()} == {
        "Multiplied": "caught",
        "Turned round": "survived",
    }
    assert run.complaints(found) == [
        "“Turned round” in ledger.py survived: every test named passed with it. Write the test that would have failed."
    ]
    assert everything(checkout) == before


def test_tests_that_fail_without_a_fault_prove_nothing(checkout, tmp_path):
    (checkout / "test_ledger.py").write_text(PROVED.replace("5", "6"))
    found = run.run(tmp_path, [adding()], root=checkout)
    assert run.complaints(found) == [
        "Without any fault the tests did not pass: FAILED test_ledger.py::test_sum - assert 5 == 6"
    ]


RULES = """
RATES = {"a-rate": 2}
KINDS = {Kind.ONE} or {Kind.TWO}


def due(rows, *, rate=3):
    \"\"\"What is due.\"\"\"
    check(rows, by=rate)
    if rows and not rate:
        raise ValueError("A sentence stays.")
    return sum(row * 2 for row in rows if row < 3)
"""
RULES_CHANGED = [
    (2, "'a-rate' → 'XXa-rateXX'"),
    (2, "2 → 3"),
    (3, "{Kind.ONE} or {Kind.TWO} → {Kind.ONE} and {Kind.TWO}"),
    (3, "{Kind.ONE} → {Kind.ONE, Kind.TWO}"),
    (3, "{Kind.TWO} → {Kind.TWO, Kind.ONE}"),
    (8, "check(rows, by=rate) → pass"),
    (8, "check(rows, by=rate) → check(rows)"),
    (9, "rows and (not rate) → rows or not rate"),
    (9, "not rate → rate"),
    (10, "raise ValueError('A sentence stays.') → pass"),
    (11, "return sum((row * 2 for row in rows if row < 3)) → return None"),
    (11, "for row in rows if row < 3 → for row in rows"),
    (11, "row * 2 → row / 2"),
    (11, "2 → 3"),
    (11, "row < 3 → row <= 3"),
    (11, "3 → 4"),
]


def test_every_kind_of_small_change_is_made():
    assert sorted((one.line, one.says) for one in changes(ast.parse(RULES))) == sorted(RULES_CHANGED)


LEDGER = """
from functools import cached_property

RATE = 2


class Line:
    def __init__(self, amount):
        self.amount = amount

    @cached_property
    def due(self):
        return self.amount * RATE

    def unused(self):
        return self.amount
"""
LEDGER_TESTS = """
from ledger import RATE, Line


def test_due():
    assert Line(3).due == 6


def test_amount():
    assert Line(3).amount == 3
"""


def test_small_changes_are_tried_in_copies_of_the_process(checkout, tmp_path):
    (checkout / "ledger.py").write_text(LEDGER)
    (checkout / "test_ledger.py").write_text(LEDGER_TESTS)
    before = everything(checkout)
    into = tmp_path / "found.json"
    options = ["-p", "quality.mutants.forked", "-p", "no:cacheprovider", "--changed", "ledger.py", "--into", str(into)]
    settled = {
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "partnership.settings",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "test_ledger.py", *options]
    subprocess.run(command, cwd=checkout, env=os.environ | settled, capture_output=True, check=False)
    found = json.loads(into.read_text())
    due = "test_ledger.py::test_due"
    assert [(one["change"], one["outcome"], one["said"]) for one in found["results"]] == [
        ("2 → 3", "caught", due),
        ("return self.amount * RATE → return None", "caught", due),
        ("self.amount * RATE → self.amount / RATE", "caught", due),
        ("return self.amount → return None", "survived", "no test runs it"),
    ]
    assert measured.noticed(found) == 75
    assert everything(checkout) == before
    (checkout / "test_ledger.py").write_text(LEDGER_TESTS.replace("== 6", "== 7"))
    subprocess.run(command, cwd=checkout, env=os.environ | settled, capture_output=True, check=False)
    assert json.loads(into.read_text())["wrong"] == [due]


def test_each_part_has_its_files_and_tests():
    assert [part.name for part in measured.PARTS if not part.paths()] == []
    named = set()
    for part in measured.PARTS:
        named |= {address.partition("::") for address in part.addresses()}
    assert [file for file, _, test in sorted(named) if test.partition("[")[0] not in {"", *names_in(ROOT / file)}] == []
    assert [file for file, *_ in sorted(named) if not (ROOT / file).is_file()] == []
