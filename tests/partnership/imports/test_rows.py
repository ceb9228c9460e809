"""Test what an import refuses, row by row, in sentences; and that a refusal writes nothing at all."""

import itertools
from decimal import Decimal

import pytest
from django.urls import reverse

from joint_posts.models import Saving, SavingLine
from partnership.models import Job
from partnership.records.record import recording
from tests.filled_registers import everything
from tests.spreadsheets import as_csv, confirm, hand_in, imported, rows_of_csv

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

LINE = {"Saving": "Saving of Alder", "Council": "Birch District", "Financial year": "2022/23", "Estimated": "1000"}


@pytest.fixture
def officer(client, filled):
    client.force_login(filled.people["officer"])
    return filled.people["officer"]


def lines(*rows):
    """A file of lines: each row is what differs from a good one."""
    full_rows = [LINE | row for row in rows]
    headings = list(dict.fromkeys(itertools.chain.from_iterable(full_rows)))
    cells = []
    for row in full_rows:
        cells.append([row.get(name, "") for name in headings])
    return as_csv([headings, *cells])


def problems(job):
    assert job.state == Job.State.READY, job.result
    return [(found["row"], found["column"], found["value"], found["sentence"]) for found in job.result["problems"]]


WRONG = [
    ({"Estimated": "lots"}, "Estimated", "“lots” is not an amount of money. Enter pounds like 1,234 or 1,234.50."),
    ({"Estimated": "1e308"}, "Estimated", "“1e308” is not an amount of money. Enter pounds like 1,234 or 1,234.50."),
    ({"Estimated": "NaN"}, "Estimated", "“NaN” is not an amount of money. Enter pounds like 1,234 or 1,234.50."),
    ({"Estimated": "=1+1"}, "Estimated", "“=1+1” is not an amount of money. Enter pounds like 1,234 or 1,234.50."),
    (
        {"Delivered up to": "31/02/2026"},
        "Delivered up to",
        "“31/02/2026” is not a date: February 2026 has 28 days.",
    ),
    ({"Delivered": "5"}, "Delivered up to", "Enter the last day that the delivered figure covers."),
    ({"Financial year": "2019/21"}, "Financial year", "“2019/21” is not a financial year. Write it like 2019/20."),
    ({"Council": "Mars"}, "Council", "No council is called “Mars”. Choose from: Alder County; Birch District."),
    (
        {"Council": "Cedar District"},
        "Council",
        "No council is called “Cedar District”. Choose from: Alder County; Birch District.",
    ),
    ({"Saving": "Nothing"}, "Saving", "No saving is called “Nothing”. Choose from: Saving of Alder."),
    (
        {"Saving": "Saving of Cedar"},
        "Saving",
        "No saving is called “Saving of Cedar”. Choose from: Saving of Alder.",
    ),
    ({"Saving": ""}, "Saving", "Write which saving the row belongs to."),
    ({"Already in the budget": "perhaps"}, "Already in the budget", "“perhaps” is neither Yes nor No."),
    ({"ID": "999999"}, "ID", "There is no line with the ID 999999. Leave the ID of a new row empty."),
    ({"ID": "x"}, "ID", "There is no line with the ID x. Leave the ID of a new row empty."),
    (
        {"Verified by": "Officer of the tests"},
        "Verified by",
        "A new row begins without this. Leave the cell empty; the record's own page sets it later.",
    ),
    ({"Budget reference": "a\x00b"}, "Budget reference", "There is a character that no text has. Type the cell again."),
    ({"Budget reference": "x" * 1_000_000}, "Budget reference", "The text is longer than 32,767 characters."),
]


@pytest.mark.parametrize(("wrong", "column", "sentence"), WRONG)
def test_wrong_cell_is_named_with_its_row_and_column(wrong, column, sentence, client, officer):
    before = everything()
    job = imported(client, "saving", "lines.csv", lines({}, wrong, {"Financial year": "2023/24"}))
    found = problems(job)
    assert [(row, name, said) for row, name, _, said in found] == [(3, column, sentence)]
    assert job.result["counts"] == {"new": 2, "changed": 0, "unchanged": 0, "wrong": 1}
    assert everything() == before


def test_two_rows_about_the_same_line_are_refused(client, officer):
    before = everything()
    job = hand_in(client, "saving", "lines.csv", lines({}, {"Council": "BDC"}))
    once = "This saving already has a line for the council and year; change that one."
    assert [(row, column, said) for row, column, _, said in problems(job)] == [
        (3, "Financial year", f"{once} Row 2 of this file is about the same one. Keep one of the two.")
    ]
    assert everything() == before


def test_new_row_for_an_existing_line_is_refused_by_the_database_and_named(client, officer, filled):
    line = filled.ours["savingline"]
    same = {"Council": line.council.name, "Financial year": line.financial_year}
    before = everything()
    job = hand_in(client, "saving", "lines.csv", lines({}, same))
    assert [(row, column, said) for row, column, _, said in problems(job)] == [
        (3, "Financial year", "This saving already has a line for the council and year; change that one.")
    ]
    assert everything() == before


def changed_file(client, **cells):
    rows = rows_of_csv(client.get(reverse("savingline_export")))
    for heading, cell in cells.items():
        rows[1][rows[0].index(heading)] = cell
    return as_csv(rows)


def edit(filled, officer, **facts):
    line = SavingLine.objects.get(pk=filled.ours["savingline"].pk)
    for name, fact in facts.items():
        setattr(line, name, fact)
    with recording(by=officer, reason="Meanwhile"):
        line.full_clean_and_save()
    return line


def test_stale_row_is_refused(client, officer, filled):
    content = changed_file(client, Forecast="77")
    edit(filled, officer, budget_reference="B1")
    before = everything()
    job = imported(client, "saving", "lines.csv", content)
    assert [(row, column) for row, column, _, _ in problems(job)] == [(2, "Version")]
    assert everything() == before


def test_row_changed_between_preview_and_confirmation_is_refused(client, officer, filled):
    job = hand_in(client, "saving", "lines.csv", changed_file(client, Forecast="77"))
    assert job.result["counts"]["changed"] == 1
    edit(filled, officer, budget_reference="B1")
    before = everything()
    job = confirm(client, job)
    assert [(row, column) for row, column, _, _ in problems(job)] == [(2, "Version")]
    assert everything() == before


def test_changed_row_without_its_version_is_refused(client, officer):
    job = hand_in(client, "saving", "lines.csv", changed_file(client, Forecast="77", Version=""))
    assert [(row, column) for row, column, _, _ in problems(job)] == [(2, "Version")]


def test_cell_that_only_a_verb_changes_is_refused(client, officer, filled):
    rows = rows_of_csv(client.get(reverse("jointpost_export")))
    rows[1][rows[0].index("Status")] = "In post"
    before = everything()
    job = imported(client, "jointpost", "posts.csv", as_csv(rows))
    assert [(row, column, value) for row, column, value, _ in problems(job)] == [(2, "Status", "In post")]
    assert everything() == before


def test_imported_figure_clears_the_verification(client, officer, filled):
    verifier = filled.people["finance_verifier"]
    edit(
        filled,
        officer,
        delivered=Decimal(5),
        delivered_to_on="2019-09-30",
        verified_by=verifier,
        verified_on="2019-10-01",
    )
    imported(client, "saving", "lines.csv", changed_file(client, Delivered="77"))
    line = SavingLine.objects.get(pk=filled.ours["savingline"].pk)
    assert (line.delivered, line.verified_by, line.figures_changed_by) == (77, None, officer)


def test_role_lost_between_preview_and_confirmation_stops_the_import(client, officer, filled):
    job = hand_in(client, "saving", "lines.csv", lines({}))
    Job.objects.filter(pk=job.pk).update(state=Job.State.CONFIRMED)
    membership = officer.memberships.get()
    membership.until_on = membership.from_on
    with recording(by=filled.people["administrator"], reason="Left"):
        membership.full_clean_and_save()
    before = everything()
    from partnership.imports.job import run

    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.REFUSED, {"refusal": "Your roles do not let you import here."})
    assert everything() == before


def test_confirming_twice_imports_once(client, officer):
    job = hand_in(client, "saving", "lines.csv", lines({}))
    count = SavingLine.objects.count()
    for _ in range(2):
        job = confirm(client, job)
    assert (job.state, SavingLine.objects.count()) == (Job.State.DONE, count + 1)
    assert job.file is None


def test_parents_of_one_name_are_told_apart_by_their_ids(client, officer, filled):
    first = filled.ours["saving"]
    with recording(by=officer, reason="Set up"):
        facts = {"category": "services", "benefit_type": "cashable", "basis": "Pay", "identified_on": "2019-03-16"}
        twin = Saving(partnership=filled.ours["partnership"], title=first.title, **facts).full_clean_and_save()
    before = everything()
    job = hand_in(client, "saving", "lines.csv", lines({}))
    assert problems(job) == [
        (
            2,
            "Saving",
            "Saving of Alder",
            f"More than one saving is called “Saving of Alder”: ID {first.pk} and ID {twin.pk}."
            " Write the ID in place of the name; the saving’s own file has it.",
        )
    ]
    assert everything() == before
    imported(client, "saving", "lines.csv", lines({"Saving": f"id {twin.pk}"}))
    assert [line.saving for line in SavingLine.objects.filter(financial_year="2022/23")] == [twin]


def test_parent_is_found_by_a_name_with_and_for_an_ampersand(client, officer, filled):
    facts = {"category": "services", "benefit_type": "cashable", "basis": "Pay", "identified_on": "2019-03-16"}
    with recording(by=officer, reason="Set up"):
        saving = Saving(partnership=filled.ours["partnership"], title="Fleet & depots", **facts).full_clean_and_save()
    imported(client, "saving", "lines.csv", lines({"Saving": "Fleet and depots"}))
    assert [line.saving for line in SavingLine.objects.filter(financial_year="2022/23")] == [saving]
    with recording(by=officer, reason="Set up"):
        twin = Saving(partnership=filled.ours["partnership"], title="Fleet and depots", **facts).full_clean_and_save()
    (problem,) = problems(hand_in(client, "saving", "lines.csv", lines({"Saving": "FLEET & DEPOTS"})))
    assert problem[3].startswith(f"More than one saving is called “FLEET & DEPOTS”: ID {saving.pk} and ID {twin.pk}.")


def test_id_of_another_partnerships_parent_is_no_name(client, officer, filled):
    wanted = f"ID {filled.theirs['saving'].pk}"
    job = hand_in(client, "saving", "lines.csv", lines({"Saving": wanted}))
    assert problems(job) == [(2, "Saving", wanted, f"No saving is called “{wanted}”. Choose from: Saving of Alder.")]


def test_job_of_somebody_else_is_not_there(client, officer, filled):
    job = hand_in(client, "saving", "lines.csv", lines({}))
    address = reverse("saving_job", args=[job.pk])
    assert client.get(address).status_code == 200
    for name, status in (("neighbour", 404), ("clerk", 403)):
        client.force_login(filled.people[name])
        assert (client.get(address).status_code, client.post(address).status_code) == (status, status)
    job.refresh_from_db()
    assert job.state == Job.State.READY


def test_columns_not_understood_are_said(client, officer):
    job = hand_in(client, "saving", "lines.csv", lines({"Colour": "red"}))
    assert job.result["notes"] == ["Not read, because the register has no such column: Colour."]
