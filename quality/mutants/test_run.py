"""A fault that would prove nothing is named, caught and survived are told apart, and the checkout is only read."""

import pytest

from quality.mutants.run import complaints, run
from quality.mutants.seeded import Fault, errors

PROOF = "def test_sum():\n    from ledger import total\n\n    assert total(2, 3) == 5\n"


def make_fault(**change):
    """A fault in the small checkout."""
    right = {"says": "It adds", "file": "ledger.py", "source": "a + b", "instead": "a * b"}
    return Fault(**right | {"tests": ("test_ledger.py::test_sum",)} | change)


@pytest.fixture
def checkout(tmp_path):
    """A small checkout, without Django: a sum, and its test."""
    root = tmp_path / "own"
    (root / "var").mkdir(parents=True)
    (root / "ledger.py").write_text("def total(a, b):\n    return a + b\n")
    (root / "test_ledger.py").write_text(PROOF)
    (root / "pytest.ini").write_text("[pytest]\naddopts = -p no:django\n")
    return root


def contents(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"source": "a - b"}, "“It adds”: its piece of source is in ledger.py 0 times; it must be there once."),
        ({"source": "a"}, "“It adds”: its piece of source is in ledger.py 3 times; it must be there once."),
        ({"file": "no.py"}, "“It adds”: its piece of source is in no.py 0 times; it must be there once."),
        ({"instead": "a + b"}, "“It adds”: it changes nothing."),
        ({"instead": "a +"}, "“It adds”: with it ledger.py is no longer Python, so any test would fail."),
        ({"tests": ("test_ledger.py::test_no",)}, "“It adds”: there is no test test_ledger.py::test_no."),
        ({"tests": ("test_no.py::test_sum",)}, "“It adds”: there is no test test_no.py::test_sum."),
        ({"tests": ()}, "“It adds”: it names no test that must fail."),
    ],
)
def test_fault_that_would_prove_nothing_is_named(checkout, change, sentence):
    assert list(errors(make_fault(**change), checkout)) == [sentence]


def test_caught_and_survived_are_told_apart(checkout, tmp_path):
    faults = [make_fault(says="Multiplied", instead="a * b"), make_fault(says="Turned round", instead="b + a")]
    before = contents(checkout)
    found = run(tmp_path, faults, root=checkout)
    assert {says: result["outcome"] for says, result in found["results"].items()} == {
        "Multiplied": "caught",
        "Turned round": "survived",
    }
    assert complaints(found) == [
        "“Turned round” in ledger.py survived: each of its tests passed. Write one that fails."
    ]
    assert contents(checkout) == before


def test_tests_that_fail_without_a_fault_prove_nothing(checkout, tmp_path):
    (checkout / "test_ledger.py").write_text(PROOF.replace("5", "6"))
    found = run(tmp_path, [make_fault()], root=checkout)
    assert complaints(found) == [
        "Without any fault the tests did not pass: FAILED test_ledger.py::test_sum - assert 5 == 6"
    ]
