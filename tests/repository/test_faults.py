"""The short form of `make faults`: the same faults at a size that the suite can bear, on the engine of this run."""

import pytest
from django.db import connection

from quality.faults.run import SHORT, complaints, run

SEED = 20190316
PATIENCE = 10  # the suite has every core of its machine at work


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """One portal of its own, broken in every way."""
    return run(tmp_path_factory.mktemp("faults"), connection.vendor, SHORT, SEED)["results"]


def test_nothing_that_was_told_saved_is_lost_and_nobody_sees_the_inside(outcome):
    assert set(outcome) == set(SHORT)
    assert complaints(outcome, PATIENCE) == []


def test_faults_really_happened(outcome):
    assert outcome["kill_workers"]["told_saved"] > 0
    assert outcome["double_submits"]["statuses"] == {302: 20}
    assert outcome["stale_edits"]["statuses"] == {409: 3}
    assert outcome["kill_backups"]["rounds"] == 1
    if connection.vendor == "postgresql":
        assert outcome["database_away"]["during"].get(503, 0) > 0
