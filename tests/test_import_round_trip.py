"""What goes out comes back: every register's own file, imported unchanged, with one cell changed, with one row more."""

import pytest
from django.urls import reverse

from partnership.navigation import registers
from tests.filled_registers import everything
from tests.spreadsheets import as_csv, imported, rows_of_csv
from tests.test_registers import WHO

pytestmark = pytest.mark.django_db

KINDS = {kind.name: (door.name, kind) for door in registers().values() for kind in door.kinds}


def keeper(filled, kind):
    return filled.people[min(WHO[kind][1] & WHO[kind][0])]


def door(kind):
    return KINDS[kind][0]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", KINDS)
def test_unchanged_file_changes_nothing(kind, ending, client, filled):
    client.force_login(keeper(filled, kind))
    if ending == "csv":
        content = as_csv(rows_of_csv(client.get(reverse(f"{kind}_export"))))
    else:
        content = client.get(reverse(f"{kind}_export_xlsx")).content
    before = everything()
    job = imported(client, door(kind), f"{kind}.{ending}", content)
    assert job.result.get("refusal") is None
    assert job.result["problems"] == []
    assert job.result["kind"] == kind
    assert {row["kind"] for row in job.result["rows"]} == {"unchanged"}
    assert len(job.result["rows"]) >= 1
    assert everything() == before
