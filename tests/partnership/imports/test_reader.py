"""Files as people and programs make them: harmless ones come in as they are meant, broken ones end in a sentence."""

import io
import os
import random
import time
import zipfile
from datetime import date
from decimal import Decimal
from itertools import product

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from joint_posts.models import SavingLine
from partnership.imports.reader import Refused, kind_of, read
from partnership.models import Job
from tests.filled_registers import everything
from tests.spreadsheets import as_csv, as_workbook, confirm, hand_in, imported
from tests.two_partnerships import taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

HEADINGS = ["Saving", "Council", "Financial year", "Estimated", "Forecast", "Delivered", "Delivered up to"]
MEANT = {
    ("Alder County", "2021/22", Decimal("1234.50"), Decimal(-500), Decimal(0), date(2022, 3, 31)),
    ("Birch District", "2021/22", Decimal(20000), None, None, None),
}
MONEY = [("£1,234.50", "(500)", "£20,000"), ("1234.5", "-500", "20000"), ("1,234.50", "−500.00", "£ 20,000.00")]
DAYS = ["31/03/2022", "31 March 2022", "2022-03-31"]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
CSVS = list(product(ENCODINGS, ",;\t", ("\r\n", "\n"), range(3)))


def written(money=MONEY[0], day=DAYS[0]):
    """Two lines, with sums and dates as somebody writes them."""
    first, negative, second = money
    return [
        HEADINGS,
        ["Saving of Alder", "Alder County", "2021/22", first, negative, "0", day],
        ["saving of alder ", "BDC", "2021-22", second, "", "Not recorded", ""],
    ]


def moved(rows, by):
    """The same columns in another order, headed in another case."""
    order = [*range(by, len(rows[0])), *range(by)]
    entries = []
    for row in rows:
        entries.append([row[place].upper() if row is rows[0] and by else row[place] for place in order])
    return entries


def kept(saving):
    lines = saving.lines.filter(financial_year="2021/22").select_related("council")
    return {
        (str(line.council), line.financial_year, line.estimated, line.forecast, line.delivered, line.delivered_to_on)
        for line in lines
    }


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_harmless_csv_comes_in_as_it_is_meant(encoding, client, filled):
    client.force_login(filled.people["officer"])
    for _, delimiter, end, variant in [found for found in CSVS if found[0] == encoding]:
        if encoding == "cp1252" and variant == 2:
            continue  # that code has no minus sign
        rows = moved(written(MONEY[variant], DAYS[variant]), variant)
        with taken_back():
            job = imported(client, "saving", "lines.csv", as_csv(rows, encoding, delimiter, end))
            assert (job.state, job.result.get("problems")) == (Job.State.DONE, []), (delimiter, end, variant)
            assert kept(filled.ours["saving"]) == MEANT


def test_there_are_a_hundred_harmless_variants():
    assert len(CSVS) - len([found for found in CSVS if found[0] == "cp1252" and found[3] == 2]) + 2 >= 100


def test_harmless_workbook_comes_in_as_it_is_meant(client, filled):
    client.force_login(filled.people["officer"])
    rows = written()
    rows[1][3:] = [1234.5, -500, 0, date(2022, 3, 31)]
    rows[2][3:] = [20000, None, None, None]
    for table in (rows, [[], *moved(rows, 2)]):
        with taken_back():
            job = imported(client, "saving", "lines.xlsx", as_workbook(table))
            assert (job.state, job.result.get("problems")) == (Job.State.DONE, [])
            assert kept(filled.ours["saving"]) == MEANT


def test_formula_without_its_result_is_named(client, filled):
    client.force_login(filled.people["officer"])
    rows = written()
    rows[1][3] = "=1000+234.5"
    job = hand_in(client, "saving", "lines.xlsx", as_workbook(rows))
    assert [(found["row"], found["column"], found["value"]) for found in job.result["problems"]] == [
        (2, "Estimated", "=1000+234.5")
    ]


# --- Files that are no good -------------------------------------------------------------------------------------------


def zipped(parts):
    """A file that holds these parts, by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def workbook_with(parts):
    """Return what would pass for a workbook, but for these parts."""
    return zipped({"xl/workbook.xml": "", **parts})


def with_sheet(change):
    """A workbook whose sheet was changed on the way."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_workbook(written()))) as good, zipfile.ZipFile(file, "w") as archive:
        for entry in good.infolist():
            content = good.read(entry)
            archive.writestr(entry.filename, change(content) if "sheet1.xml" in entry.filename else content)
    return file.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
UNLIKE = "The name of the file ends with .{}, but that is not what it holds. Save it anew."
UNPACKS = "This Excel workbook unpacks to far more than it should. Copy the rows into a new workbook."
HARD_TO_PACK = random.Random(1).randbytes(400_000)
BOMBS = {
    "empty": ("lines.csv", b"  \r\n", "The file is empty."),
    "too large": ("lines.csv", b"a," * 5_300_000, "The file is larger than 10 MB. Split it into several."),
    "no spreadsheet": ("lines.pdf", b"%PDF-1.7", "Choose a CSV file or an Excel workbook (.xlsx)."),
    "old Excel": (
        "lines.xlsx",
        b"\xd0\xcf\x11\xe0" + bytes(100),
        "This is an old or locked Excel file. Save it as .xlsx without a password, or as CSV.",
    ),
    "CSV called xlsx": ("lines.xlsx", b"Saving,Council\r\na,b\r\n", UNLIKE.format("xlsx")),
    "workbook called csv": ("lines.csv", as_workbook(written()), UNLIKE.format("csv")),
    "damaged": (
        "lines.xlsx",
        b"PK\x03\x04" + bytes(200),
        "This Excel workbook is damaged. Open it in your spreadsheet program, save it anew.",
    ),
    "any zip": (
        "lines.xlsx",
        zipped({"readme": "hello"}),
        "This is not an Excel workbook. Save the rows as .xlsx or CSV.",
    ),
    "ratio": ("lines.xlsx", workbook_with({"bomb": bytes(19_000_000)}), UNPACKS),
    "unpacked": ("lines.xlsx", workbook_with({"bomb": HARD_TO_PACK + bytes(21_000_000)}), UNPACKS),
    "entries": (
        "lines.xlsx",
        workbook_with({f"part{number}": "x" for number in range(200)}),
        "This Excel workbook has too many parts. Copy the rows into a new workbook.",
    ),
    "macros": (
        "lines.xlsx",
        workbook_with({"xl/vbaProject.bin": "x"}),
        "This Excel workbook holds macros. Save it as .xlsx without them.",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_refused_at_the_gate(name, client, filled):
    client.force_login(filled.people["officer"])
    file_name, content, sentence = BOMBS[name]
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        kind_of(file_name, content)
    assert time.process_time() - began < 1
    assert str(refused.value) == sentence
    response = client.post(reverse("saving_import"), {"file": SimpleUploadedFile(file_name, content)})
    assert response.status_code == 200
    assert [link.message for link in response.context["form"].error_summary] == [sentence]
    assert not Job.objects.exists()


REFUSED = {
    "entities": ("lines.xlsx", with_sheet(lambda sheet: ENTITIES + b"<worksheet>&b;</worksheet>"), "cannot be read"),
    "no sheet": ("lines.xlsx", with_sheet(lambda sheet: b""), "cannot be read"),
    "headings only": ("lines.csv", as_csv(written()[:1]), "no rows under them"),
    "twice": ("lines.csv", as_csv([["Saving", "saving "], ["a", "b"]]), "Two columns are called “saving”"),
    "nothing known": ("lines.csv", as_csv([["Colour", "Size"], ["a", "b"]]), "None of the headings"),
    "rows": ("lines.csv", as_csv([HEADINGS, *[["x"] * 7] * 5001]), "more than 5,000 rows"),
    "columns": ("lines.csv", as_csv([[f"c{n}" for n in range(61)], ["x"] * 61]), "more than 60 columns"),
    "quotes": ("lines.csv", b'Saving,Council\r\n"a,b\r\n', "row 2"),
    "characters": ("lines.csv", b"Saving,Council\r\na,\x81\x8d\xff\r\n", "Row 2 holds characters"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_file_that_cannot_be_used_ends_in_a_sentence(name, client, filled):
    client.force_login(filled.people["officer"])
    file_name, content, words = REFUSED[name]
    before = everything()
    job = hand_in(client, "saving", file_name, content)
    assert job.state == Job.State.REFUSED
    assert words in job.result["refusal"]
    assert everything() == before


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [
        (as_csv([["Saving", "Council"], ["a", "b", "c"]]), 2, "column C, which has no heading"),
        (as_csv([["Saving", "Council"], ["a", "b"], ["a"]]), 3, "breaks off after 1 of 2 cells"),
    ],
)
def test_row_that_does_not_fit_its_headings_is_named(content, row, words, client, filled):
    client.force_login(filled.people["officer"])
    job = hand_in(client, "saving", "lines.csv", content)
    assert any(words in found["sentence"] for found in job.result["problems"] if found["row"] == row)


def mutants(number):
    """Good files broken by chance, always the same ones."""
    chance = random.Random(number)
    good = as_csv(written(), chance.choice(["utf-8", "utf-16", "cp1252"]) if number % 2 else "utf-8")
    if number % 3 == 0:
        return "lines.xlsx", with_sheet(lambda sheet: broken(sheet, chance))
    if number % 3 == 1:
        return "lines.xlsx", broken(as_workbook(written()), chance)
    return "lines.csv", broken(good, chance)


def broken(content, chance):
    content = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content))
        what = chance.randrange(5)
        if what == 0:
            content[at] = chance.randrange(256)
        elif what == 1:
            del content[at : at + chance.randint(1, 40)]
        elif what == 2:
            content[at:at] = chance.choice([b"\0", b'"', b",", b"\xff\xfe", b"=cmd|' /C calc'!A0", b"<", b"9" * 400])
        elif what == 3 and chance.random() < 0.3:
            del content[at:]
        else:
            content[at:at] = content[: chance.randint(1, 60)]
        content = content or bytearray(b"x")
    return bytes(content)


# Forty in a block; `make faults` takes four thousand.
BLOCKS = 100 if "THOROUGH" in os.environ else 10


@pytest.mark.parametrize("block", range(BLOCKS))
def test_file_broken_by_chance_never_comes_in_half(block, client, filled):
    client.force_login(filled.people["officer"])
    before = everything()
    lines = SavingLine.objects.count()
    for number in range(block * 40, block * 40 + 40):
        name, content = mutants(number)
        with taken_back():
            response = client.post(reverse("saving_import"), {"file": SimpleUploadedFile(name, content)})
            if response.status_code == 200:
                assert response.context["form"].error_summary, number
                continue
            job = Job.objects.latest("pk")
            job = confirm(client, look(job))
            check(job, number)
            if job.state == Job.State.DONE:
                assert SavingLine.objects.count() == lines + job.result["counts"]["new"], number
            else:
                assert everything() == before, number
    assert everything() == before


def look(job):
    from partnership.imports.job import run

    run(job.pk)
    job.refresh_from_db()
    return job


def check(job, number):
    """Refused with a sentence of ours, or every wrong row named."""
    assert job.state in (Job.State.DONE, Job.State.READY, Job.State.REFUSED), number
    assert "Something went wrong" not in job.result.get("refusal", ""), number
    if job.state == Job.State.READY:
        for found in job.result["problems"]:
            assert found["row"] > 1, number
            assert found["column"] or "column" in found["sentence"], (number, found)
            assert found["sentence"], number


def test_percent_cell_of_a_workbook_is_a_percent():
    book = openpyxl.Workbook()
    book.active.append(["Share", "Sum"])
    book.active.append([0.5, 0.1 + 0.2])
    book.active["A2"].number_format = "0%"
    file = io.BytesIO()
    book.save(file)
    assert read("a.xlsx", file.getvalue()).rows[0].cells == [Decimal(50), Decimal("0.3")]
