"""Spreadsheets for the tests of imports: read, written and handed in as a person would."""

import csv
import io
import re
import zipfile

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnership.imports.job import run
from partnership.models import Job


def rows_of_csv(response):
    """The rows of a downloaded CSV file, headings first."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def rows_of_workbook(response):
    """The rows of a downloaded workbook, headings first."""
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    rows = []
    for row in sheet.iter_rows():
        rows.append([cell.value for cell in row])
    return rows


def as_csv(rows, encoding="utf-8-sig", delimiter=",", end="\r\n"):
    """Rows as a CSV file."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
    return file.getvalue().encode(encoding)


def as_workbook(rows):
    """Rows as a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_parts(content, change):
    """A workbook whose parts were changed on the way: ``change`` takes a part's name and content."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as good, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in good.infolist():
            archive.writestr(entry.filename, change(entry.filename, good.read(entry)))
    return file.getvalue()


def with_results(content, results):
    """A workbook as Excel saves it: each formula, by its cell, beside what it came to ("" is a text)."""

    def change(name, part):
        if not name.startswith("xl/worksheets/"):
            return part
        text = part.decode()
        for cell, (formula, result) in results.items():
            kind = ' t="str"' if isinstance(result, str) and not result.startswith("#") else ""
            kind = ' t="e"' if isinstance(result, str) and result.startswith("#") else kind
            written = f'<c r="{cell}"{kind}><f>{formula}</f><v>{result}</v></c>'
            text, number = re.subn(rf'<c r="{cell}"(?:[^>]*/>|.*?</c>)', written, text, count=1)
            assert number == 1, cell
        return text.encode()

    return with_parts(content, change)


def as_strict(content):
    """The same workbook in the strict kind of Open XML, as Excel's "Strict Open XML Spreadsheet" saves it."""

    def change(name, part):
        kinds = rb"http://schemas\.openxmlformats\.org/(spreadsheetml|officeDocument|drawingml)/2006/(\w+)"
        return re.sub(kinds, rb"http://purl.oclc.org/ooxml/\1/\2", part) if name.endswith((".xml", ".rels")) else part

    return with_parts(content, change)


def hand_in(client, door, name, content):
    """The job of a file handed in at a register's door, looked at."""
    response = client.post(reverse(f"{door}_import"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.context["form"].errors
    job = Job.objects.latest("pk")
    run(job.pk)
    job.refresh_from_db()
    return job


def confirm(client, job):
    """The job after its rows were confirmed."""
    client.post(reverse(f"{job.register}_job", args=[job.pk]))
    run(job.pk)
    job.refresh_from_db()
    return job


def imported(client, door, name, content):
    """The job of a file handed in and confirmed, whatever came of it."""
    job = hand_in(client, door, name, content)
    return confirm(client, job) if job.state == Job.State.READY else job
