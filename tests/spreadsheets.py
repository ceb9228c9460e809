"""Spreadsheets for the tests of imports: read, written and handed in as a person would."""

import csv
import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnership.generic.imports.running import run
from partnership.models import Job


def rows_of_csv(response):
    """The rows of a downloaded CSV file, headings first."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def rows_of_workbook(response):
    """The rows of a downloaded workbook, headings first."""
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


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
