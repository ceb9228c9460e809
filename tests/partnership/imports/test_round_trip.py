"""Test every register's own file, imported unchanged, with one cell changed, with one row more."""

import pytest
from django import forms
from django.urls import reverse

from business_cases.models import CaseCost
from joint_posts.models import SavingsTarget
from partnership.generic.files import RegisterFile
from partnership.generic.registry import registers
from partnership.models import Job
from tests.filled_registers import SALARY, everything
from tests.partnership.generic.test_register import WHO
from tests.spreadsheets import as_csv, as_workbook, imported, rows_of_csv, rows_of_workbook

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

KINDS = {}
for register in registers().values():
    KINDS |= {kind.name: (register.name, kind) for kind in register.kinds if kind.name in WHO}
# Nothing in a row of these is free text; the tests below change a cell of every other register.
WITHOUT_WORDS = {
    "agendaitem",
    "answer",
    "auditaction",
    "caseapproval",
    "condition",
    "exitpayment",
    "followup",
    "membership",
    "party",
    "savingarrangement",
    "savingpost",
}


def keeper(filled, kind):
    """Somebody who reads and keeps the register."""
    return filled.people[min(WHO[kind][1] & WHO[kind][0])]


def downloaded(client, kind, ending):
    """The rows of the register's own file."""
    if ending == "csv":
        return rows_of_csv(client.get(reverse(f"{kind}_export")))
    return rows_of_workbook(client.get(reverse(f"{kind}_export_xlsx")))


def as_file(rows, ending):
    return as_csv(rows) if ending == "csv" else as_workbook(rows)


def written():
    """Return the number of history rows, and the sum of all versions."""
    number = 0
    versions = 0
    for rows, histories in everything().values():
        number += histories
        versions += sum(version for _, version in rows)
    return number, versions


def counts(job):
    assert "refusal" not in job.result, job.result
    assert job.result["problems"] == []
    return job.result["counts"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_unchanged_file_changes_nothing(kind, ending, client, filled):
    client.force_login(keeper(filled, kind))
    rows = downloaded(client, kind, ending)
    before = everything()
    job = imported(client, KINDS[kind][0], f"{kind}.{ending}", as_file(rows, ending))
    assert job.result["kind"] == kind
    assert counts(job) == {"new": 0, "changed": 0, "unchanged": len(rows) - 1, "wrong": 0}
    assert len(rows) > 1
    assert everything() == before


@pytest.mark.parametrize("kind", sorted(set(KINDS) - WITHOUT_WORDS))
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_one_changed_cell_makes_one_version_and_one_history_row(kind, ending, client, filled):
    person = keeper(filled, kind)
    client.force_login(person)
    rows = downloaded(client, kind, ending)
    file = RegisterFile(KINDS[kind][1], person)
    record = file.rows.get(pk=rows[1][rows[0].index("ID")])
    questions = file.form(record).fields
    words = [
        name
        for name in file.questions
        if name in questions and type(questions[name]) is forms.CharField and name != "financial_year"
    ]
    name = next((name for name in words if getattr(record, name)), words[-1])
    heading = next(column.label for column in file.columns if column.name == name)
    cell = f"{rows[1][rows[0].index(heading)] or ''}"[:-1] + "Z"
    rows[1][rows[0].index(heading)] = cell
    history, versions = written()
    job = imported(client, KINDS[kind][0], f"{kind}.{ending}", as_file(rows, ending))
    assert counts(job) == {"new": 0, "changed": 1, "unchanged": len(rows) - 2, "wrong": 0}
    [changes] = [row["changes"] for row in job.result["rows"] if row["kind"] == "changed"]
    assert [change.partition(":")[0] for change in changes] == [heading]
    assert job.state == Job.State.DONE
    assert written() == (history + 1, versions + 1)
    latest = record.history.latest("history_id")
    assert (getattr(latest, name), latest.history_change_reason) == (cell, f"Imported from {kind}.{ending}")
    assert (latest.person, latest.version) == (person.name, record.version + 1)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_one_more_row_makes_one_record(ending, client, filled):
    client.force_login(filled.people["officer"])
    rows = downloaded(client, "savingline", ending)
    new = {"Saving": "Saving of Alder", "Council": "BDC", "Financial year": "2021/22", "Estimated": "£1,234.50"}
    rows.append([new.get(heading) for heading in rows[0]])
    history, versions = written()
    job = imported(client, "saving", f"lines.{ending}", as_file(rows, ending))
    assert counts(job) == {"new": 1, "changed": 0, "unchanged": len(rows) - 2, "wrong": 0}
    assert written() == (history + 1, versions + 1)
    line = filled.ours["saving"].lines.latest("pk")
    assert (line.council.short_name, line.financial_year, line.estimated) == ("BDC", "2021/22", 1234.5)
    assert line.figures_changed_by == filled.people["officer"]
    assert line.history.get().history_change_reason == f"Imported from lines.{ending}"


def test_row_of_a_register_whose_rows_a_verb_enters(client, filled):
    client.force_login(filled.people["officer"])
    rows = [["Title", "Since", "Home council"], ["Head of Estates", "1 April 2019", "ACC"]]
    job = imported(client, "jointpost", "posts.csv", as_csv(rows))
    assert counts(job) == {"new": 1, "changed": 0, "unchanged": 0, "wrong": 0}
    post = filled.ours["partnership"].joint_posts.get(title="Head of Estates")
    assert (post.status, post.steps.count(), post.home_council.short_name) == ("proposed", 1, "ACC")
    assert post.history.get().history_change_reason == "Imported from posts.csv"


@pytest.mark.parametrize(
    ("door", "row"),
    [
        (
            "businesscase",
            {"Business case": "Case of Alder", "Council": "BDC", "Financial year": "2021/22", "Cost": "10",
             "Paid from": "Budget"},
        ),
        (
            "savingstarget",
            {"Council": "BDC", "Financial year": "2021/22", "Target": "10", "Set on": "1 April 2021",
             "Source": "Budget"},
        ),
    ],
)  # fmt: skip
def test_row_written_through_a_verb_says_which_file_it_is_from(door, row, client, filled):
    model = SavingsTarget if door == "savingstarget" else CaseCost
    client.force_login(filled.people["officer"])
    job = imported(client, door, "new.csv", as_csv([list(row), list(row.values())]))
    assert counts(job)["new"] == 1
    assert model.objects.latest("pk").history.get().history_change_reason == "Imported from new.csv"


def test_what_a_person_may_not_see_is_not_in_the_file_and_stays_as_it_is(client, filled):
    share = filled.ours["costshare"]
    client.force_login(filled.people["neighbour"])  # of the council that does not employ the officer
    rows = downloaded(client, "costshare", "csv")
    ours = next(row for row in rows if f"{share.pk}" == row[rows[0].index("ID")])
    assert ours[rows[0].index("Salary")] == "Restricted"
    ours[rows[0].index("Note")] = "Agreed by both"
    job = imported(client, "jointpost", "shares.csv", as_csv([rows[0], ours]))
    assert counts(job)["changed"] == 1
    share.refresh_from_db()
    assert (share.note, share.salary) == ("Agreed by both", SALARY)
    ours[rows[0].index("Salary")] = "1"
    ours[rows[0].index("Version")] = str(share.version)
    ours[rows[0].index("Note")] = "Agreed by both"
    job = imported(client, "jointpost", "shares.csv", as_csv([rows[0], ours]))
    assert [(found["row"], found["column"]) for found in job.result["problems"]] == [(2, "Salary")]
    share.refresh_from_db()
    assert share.salary == SALARY
