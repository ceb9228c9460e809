"""Workers in processes of their own: killed, frozen or told to end, and each job is done once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone

from joint_posts.models import SavingLine
from partnership.models import Job
from partnership.models.jobs import SILENCE
from tests.conftest import start_worker
from tests.filled_registers import make_filled
from tests.partnership.imports.test_job import handed_in as file_handed_in
from tests.partnership.imports.test_job import lines, make_savings, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_engines]

ROOT = Path(__file__).resolve().parents[2]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="children end with their worker on Linux alone")
ROWS = 400


@pytest.fixture
def handed_in(commands_here):
    """A job whose file writes 400 lines, as often as it is run to its end."""
    filled = make_filled()
    content = lines(make_savings(filled, ROWS // 20))
    return file_handed_in(filled, content, state=Job.State.CONFIRMED)


@pytest.fixture
def workers():
    """Starts workers, and ends those that are left."""
    started = []

    def start():
        started.append(start_worker())
        return started[-1]

    yield start
    for process in started:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


def imported():
    """Return how many of the lines were written, and how many rows of their history."""
    savings = [f"Saving {number}" for number in range(ROWS // 20)]
    lines_of_them = SavingLine.objects.filter(saving__title__in=savings)
    return lines_of_them.count(), SavingLine.history.filter(history_change_reason="Imported from lines.csv").count()


def children_of(process):
    """The numbers of the processes that a process started."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
    ).stdout
    return [int(number) for number in found.split()]


def silence(job):
    """As if so much time had passed that the worker counts as lost."""
    Job.objects.filter(pk=job.pk).update(heard_at=timezone.now() - 2 * SILENCE)


@LINUX
def test_worker_killed_its_job_ends_and_another_worker_does_it_once(handed_in, workers):
    first = workers()
    until(handed_in, Job.State.WRITING)
    (child,) = children_of(first)
    first.kill()
    first.wait()
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or " Z " in Path(f"/proc/{child}/stat").read_text():
            break
        time.sleep(0.05)
    else:
        raise AssertionError("The child outlived its worker.")
    assert imported() == (0, 0)
    silence(handed_in)
    workers()
    until(handed_in, Job.State.DONE, Job.State.REFUSED)
    assert (handed_in.state, handed_in.run, imported()) == (Job.State.DONE, 2, (ROWS, ROWS))


@LINUX
def test_child_killed_its_worker_runs_the_job_again_at_once(handed_in, workers):
    worker = workers()
    until(handed_in, Job.State.WRITING)
    (child,) = children_of(worker)
    os.kill(child, signal.SIGKILL)
    until(handed_in, Job.State.DONE, Job.State.REFUSED)
    assert (handed_in.state, handed_in.run, handed_in.losses) == (Job.State.DONE, 2, 1)
    assert imported() == (ROWS, ROWS)


def freeze(processes, job):
    """Stop the processes between two writes: one that is stopped within one would lock all others out of SQLite."""
    for _ in range(5):
        for number in processes:
            os.kill(number, signal.SIGSTOP)
        try:
            silence(job)
        except OperationalError:
            for number in processes:
                os.kill(number, signal.SIGCONT)
            time.sleep(0.2)
        else:
            return
    raise AssertionError("The processes were never stopped between two writes.")


@LINUX
def test_worker_frozen_and_thawed_the_job_is_done_once(handed_in, workers):
    frozen = workers()
    until(handed_in, Job.State.WRITING)
    (child,) = children_of(frozen)
    freeze((frozen.pid, child), handed_in)
    workers()
    until(handed_in, Job.State.DONE, Job.State.REFUSED)
    assert (handed_in.state, handed_in.run, imported()) == (Job.State.DONE, 2, (ROWS, ROWS))
    os.kill(child, signal.SIGCONT)
    os.kill(frozen.pid, signal.SIGCONT)
    for _ in range(200):
        if not children_of(frozen):
            break
        time.sleep(0.05)
    assert children_of(frozen) == []
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.run, imported()) == (Job.State.DONE, 2, (ROWS, ROWS))


def test_worker_told_to_end_finishes_what_it_has_begun(handed_in, workers):
    worker = workers()
    until(handed_in, Job.State.WRITING)
    worker.terminate()
    assert worker.wait(60) == 0
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.run, imported()) == (Job.State.DONE, 1, (ROWS, ROWS))


def test_run_job_by_hand_does_what_waits(handed_in):
    subprocess.run([sys.executable, ROOT / "manage.py", "run_job", str(handed_in.pk)], cwd=ROOT, check=True)
    handed_in.refresh_from_db()
    assert (handed_in.state, imported()) == (Job.State.DONE, (ROWS, ROWS))
