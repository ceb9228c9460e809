"""Each seeded fault of `make mutants` still applies to the source and names tests that exist."""

from quality.mutants.seeded import errors, read_faults

FEWEST = 126


def test_every_fault_applies_once_and_names_tests_that_exist():
    faults = read_faults()
    found = []
    for fault in faults:
        found += errors(fault)
    assert found == []
    assert len({fault.says for fault in faults}) == len(faults) >= FEWEST
