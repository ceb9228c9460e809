"""The seeded faults of `make mutants`: each still applies, each names its tests, and one that survives is told."""

import pytest

from tests.mutants import run
from tests.mutants.seeded import Fault, seeded, wrong_with

FEWEST = 60
PROVED = "def test_sum():\n    from ledger import total\n\n    assert total(2, 3) == 5\n"


def test_every_fault_applies_once_and_names_tests_that_exist():
    faults = seeded()
    assert [sentence for fault in faults for sentence in wrong_with(fault)] == []
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
