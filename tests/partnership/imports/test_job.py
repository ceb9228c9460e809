"""The process of a job: started by the worker, seen to its end, killed half-way, and in nobody's way."""

import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from joint_posts.models import Saving, SavingLine
from partnership.imports.job import Looking, run
from partnership.models import Job
from partnership.models.jobs import FILES_KEPT, SILENCE
from partnership.records.record import recording
from tests.conftest import start_worker
from tests.filled_registers import everything, make_filled
from tests.spreadsheets import as_csv

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_engines]

ROOT = Path(__file__).resolve().parents[3]
LONGEST_WAIT = 5  # seconds that another writer may wait


@pytest.fixture
def ours(commands_here, client):
    """Two partnerships in the database of this test."""
    filled = make_filled()
    client.force_login(filled.people["officer"])
    return filled


def lines(savings, years=10):
    """A file of lines for both councils."""
    rows = [["Saving", "Council", "Financial year", "Estimated"]]
    for saving in savings:
        for year in range(2005, 2005 + years):
            rows += [[saving.title, council, f"{year}/{(year + 1) % 100:02d}", "£1,000"] for council in ("ACC", "BDC")]
    return as_csv(rows)


def make_savings(filled, number):
    with recording(by=filled.people["officer"], reason="Set up"):
        facts = {"category": "services", "benefit_type": "cashable", "basis": "Pay", "identified_on": "2019-03-16"}
        own = {"partnership": filled.ours["partnership"]}
        return [Saving(**own, **facts, title=f"Saving {n}").full_clean_and_save() for n in range(number)]


@contextmanager
def worker():
    """A worker at work."""
    process = start_worker()
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(job, *states):
    """The job once it has come so far."""
    for _ in range(600):
        job.refresh_from_db()
        if job.state in states:
            return job
        time.sleep(0.1)
    raise AssertionError(job.state)


def upload(client, content):
    client.post(reverse("saving_import"), {"file": SimpleUploadedFile("lines.csv", content)})
    return Job.objects.latest("pk")


def handed_in(filled, content, **facts):
    """A job as the page makes it, without its process."""
    given = {"by": filled.people["officer"], "register": "saving", "file_name": "lines.csv", "file": content}
    return Job.objects.create(**given | {"created_at": timezone.now(), "heard_at": timezone.now()} | facts)


def test_file_is_read_and_imported_beside_the_server_while_others_write(client, ours, jobs_here):
    content = lines(make_savings(ours, 20))
    job = until(upload(client, content), Job.State.READY, Job.State.REFUSED)
    assert job.result["counts"] == {"new": 400, "changed": 0, "unchanged": 0, "wrong": 0}
    page = client.get(reverse("saving_job", args=[job.pk])).content.decode()
    assert "400 new" in page
    client.post(reverse("saving_job", args=[job.pk]))
    waits = []
    body = ours.ours["body"]
    while Job.objects.get(pk=job.pk).state != Job.State.DONE:
        began = time.monotonic()
        with recording(by=ours.people["officer"], reason="Meanwhile"):
            body.purpose = f"Version {len(waits)}"
            body.save()
        waits.append(time.monotonic() - began)
        assert len(waits) < 5000
    assert max(waits) < LONGEST_WAIT
    assert SavingLine.objects.filter(saving__title="Saving 3").count() == 20
    assert SavingLine.history.filter(history_change_reason="Imported from lines.csv").count() == 400


@pytest.mark.parametrize("seconds", [0.9, 1.5, 2.1])
def test_process_killed_half_way_has_written_nothing_or_everything(seconds, client, ours):
    job = handed_in(ours, lines(make_savings(ours, 20)), state=Job.State.CONFIRMED)
    before = SavingLine.objects.count(), SavingLine.history.count()
    process = subprocess.Popen([sys.executable, ROOT / "manage.py", "run_job", str(job.pk)], cwd=ROOT)
    time.sleep(seconds)
    process.kill()
    process.wait()
    job.refresh_from_db()
    added = 400 if job.state == Job.State.DONE else 0
    assert (SavingLine.objects.count(), SavingLine.history.count()) == (before[0] + added, before[1] + added)
    if not added:
        is_done_by_another_run(client, job, before)


def is_done_by_another_run(client, job, before):
    """Return what becomes of it once a worker notices that the process is gone: it is imported, once."""
    Job.objects.filter(pk=job.pk).update(heard_at=timezone.now() - 2 * SILENCE)
    begun = job.run  # none, when the process was killed before it came so far
    with worker():
        until(job, Job.State.DONE, Job.State.REFUSED)
    assert (job.state, job.run, job.losses) == (Job.State.DONE, begun + 1, begun)
    assert (SavingLine.objects.count(), SavingLine.history.count()) == (before[0] + 400, before[1] + 400)
    assert "Imported." in client.get(reverse("saving_job", args=[job.pk])).content.decode()


def test_process_killed_while_it_writes_leaves_nothing_half_saved(client, ours):
    job = handed_in(ours, lines(make_savings(ours, 20)), state=Job.State.CONFIRMED)
    before = everything()
    counts = (SavingLine.objects.count(), SavingLine.history.count())
    process = subprocess.Popen([sys.executable, ROOT / "manage.py", "run_job", str(job.pk)], cwd=ROOT)
    until(job, Job.State.WRITING)
    process.kill()
    process.wait()
    job.refresh_from_db()
    assert (job.state, everything() == before) == (Job.State.WRITING, True)
    is_done_by_another_run(client, job, counts)


# What the process of a job does, under limits that a small file reaches.
UNDER_LIMITS = """
import django, resource, sys, time
django.setup()
from partnership.imports.job import LARGEST_MEMORY, LONGEST_CPU, limit_this_process, run
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
limits = {
    "memory": {"memory": held + 48 * 1024 * 1024},
    "cpu": {"cpu": int(time.process_time()) + 2},
    "wall": {"wall": 3},
}
limit_this_process(**limits[sys.argv[2]])
run(int(sys.argv[1]))
"""


@pytest.mark.parametrize("limit", ["memory", "cpu", "wall"])
def test_file_that_takes_more_than_its_share_ends_in_a_sentence(limit, client, ours):
    content = lines(make_savings(ours, 250))
    if limit == "memory":
        content += b"\r\n" * 4_400_000
    job = handed_in(ours, content)
    before = everything()
    command = [sys.executable, "-c", UNDER_LIMITS, str(job.pk), limit]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    job.refresh_from_db()
    sentence = "The file takes more time or memory than a file of its size should. Copy the rows into a new one."
    assert (job.state, job.result, job.file) == (Job.State.REFUSED, {"refusal": sentence}, None)
    assert everything() == before
    assert sentence in client.get(reverse("saving_job", args=[job.pk])).content.decode()


def test_file_nobody_confirmed_is_forgotten_with_the_next_one(client, ours, jobs_here):
    content = lines(make_savings(ours, 1))
    old = handed_in(ours, content, created_at=timezone.now() - FILES_KEPT - timedelta(minutes=1))
    kept = handed_in(ours, content)
    until(upload(client, content), Job.State.READY)
    assert [bool(Job.objects.get(pk=job.pk).file) for job in (old, kept)] == [False, True]


def test_looking_at_a_file_keeps_nobody_waiting(client, ours, monkeypatch):
    job = handed_in(ours, lines(make_savings(ours, 2)))
    held = []
    monkeypatch.setattr(Looking, "sign_of_life", lambda work, done: held.append(connection.in_atomic_block))
    run(job.pk)
    assert (len(held), set(held)) == (41, {False})  # once at the start, once a row
