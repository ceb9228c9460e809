"""F4: an import, a publication or a backup ends without warning in the middle of its work, again and again.

Runs in the environment of a portal, as a process of its own: `python -m quality.faults.midway imports 50 SEED FOLDER`
answers in JSON. Each process is killed at a moment drawn from as long as the same work takes when it is left alone.
"""

import json
import os
import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
django.setup()

from django.utils import timezone

from partnership import backups
from partnership.audit import log
from partnership.models import Comparator, Job, Partnership, User
from reviews.models import Edition, Review
from reviews.models.editions import checksum
from reviews.publishing import publishing_job
from tests.spreadsheets import as_csv

ROWS = 300
MANAGE = [sys.executable, "manage.py"]
LONGEST = 120  # seconds that any of these may take
SETTLES = 0.3  # seconds until PostgreSQL has noticed that its client is gone


def until(is_so, process, longest=LONGEST):
    """Wait until something is so, or the process has ended."""
    began = time.monotonic()
    while not is_so() and process.poll() is None and time.monotonic() - began < longest:
        time.sleep(0.01)


def interrupted(command, has_begun, has_ended, chance, takes):
    """Start a process, let it begin, and kill it; ``takes`` is how many seconds of work there are, none to let it be.

    Returns how long its work took, if it was let be.
    """
    process = subprocess.Popen([*MANAGE, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(has_begun, process)
    began = time.monotonic()
    if takes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, takes))
        process.kill()
    until(has_ended, process)
    worked = time.monotonic() - began
    process.wait(LONGEST)
    time.sleep(SETTLES)
    return worked


def asks_for(job, state):
    """Asks whether a job stands there."""
    return lambda: Job.objects.get(pk=job.pk).state == state


def written(job, chance, takes):
    """Let a job begin to write, and end it before it is done; how long it took if it was let be."""
    marks = asks_for(job, Job.State.WRITING), asks_for(job, Job.State.DONE)
    return interrupted(["run_job", str(job.pk)], *marks, chance, takes)


def imports(rounds, chance, folder):
    """Rows come in all together or not at all, and the job says which."""
    partly = []
    wrongly_told = []
    done = 0
    takes = 0
    officer = User.objects.get(username="officer.occ")
    partnership = Partnership.objects.order_by("pk").first()
    for number in range(rounds + 1):
        prefix = f"Import {number} of "
        now = timezone.now()
        rows = [[f"{prefix}{row}", partnership.name, "A test"] for row in range(ROWS)]
        content = as_csv([["Name", "Partnership", "Source"], *rows])
        facts = {"by": officer, "register": "comparator", "file_name": "rows.csv", "file": content}
        job = Job.objects.create(state=Job.State.CONFIRMED, created_at=now, heard_at=now, **facts)
        worked = written(job, chance, takes)
        is_done = is_done_by(job, is_let_be=not takes)
        takes = takes or worked
        kept = Comparator.objects.filter(name__startswith=prefix).count()
        history = Comparator.history.filter(name__startswith=prefix).count()
        partly += [number] if {kept, history} not in ({0}, {ROWS}) else []
        wrongly_told += [number] if is_done != (kept == ROWS) else []
        done += is_done
    return {"partly_written": partly, "wrongly_told": wrongly_told, "came_to_their_end": done - 1}


def publications(rounds, chance, folder):
    """Both editions with all of their files and checksums, or nothing; and the job says which."""
    partly = []
    wrongly_told = []
    takes = 0
    whole = None
    review = Review.objects.get(slug="gateway-review-2019-03")
    clerk = User.objects.get(username="clerk.occ")
    count = Edition.objects.filter(review=review).count
    before = first = count()
    for number in range(rounds + 1):
        job = publishing_job.ask(review, by=clerk, at=timezone.now(), correction=f"Round {number}")
        worked = written(job, chance, takes)
        is_done = is_done_by(job, is_let_be=not takes)
        takes = takes or worked
        added = count() - before
        before = count()
        wrongly_told += [number] if is_done != (added == 2) else []
        found = [files_of(edition) for edition in review.editions.order_by("-pk")[:added]]
        whole = whole or found
        partly += [number] if found not in ([], whole) else []
    return {"partly_written": partly, "wrongly_told": wrongly_told, "came_to_their_end": (before - first) // 2 - 1}


def is_done_by(job, *, is_let_be):
    """Return whether the job came to its end. Raises ``RuntimeError`` when it did not although it was let be."""
    job.refresh_from_db()
    if is_let_be and job.state != Job.State.DONE:
        raise RuntimeError(f"{job.state}: {job.result}")
    is_done = job.state == Job.State.DONE
    if not is_done:  # no worker takes it up here, and one person may have only some under way
        Job.objects.filter(pk=job.pk).update(state=Job.State.REFUSED)
    return is_done


def files_of(edition):
    """An edition's audience, and of each file whether it is what its checksum says."""
    files = edition.files.order_by("label")
    sums = [file.media_type for file in files if checksum(file.content) == file.sha256]
    return edition.audience, checksum(edition.facts.encode()) == edition.facts_sha256, sums


def backed_up(rounds, chance, folder):
    """Return what bears a backup's name is whole."""
    partly = []
    takes = 0
    for _ in range(rounds + 1):
        left, there = ({*folder.glob(each)} for each in (".unfinished-*", "portal-*.zip"))

        def appeared(pattern, before):
            return lambda: {*folder.glob(pattern)} - before

        marks = appeared(".unfinished-*", left), appeared("portal-*.zip", there)
        worked = interrupted(["backup", str(folder)], *marks, chance, takes)
        takes = takes or worked
    finished = sorted(folder.glob("portal-*.zip"))
    for path in finished:
        try:
            with backups.unpacked(path):
                pass
        except backups.CannotRestore as refused:
            partly.append(str(refused))
    return {"partly_written": partly, "came_to_their_end": len(finished) - 1}


KINDS = {"imports": imports, "publications": publications, "backups": backed_up}

if __name__ == "__main__":
    kind, rounds, seed, folder = sys.argv[1:]
    outcome = KINDS[kind](int(rounds), random.Random(f"{seed} {kind}"), Path(folder))
    outcome |= {"rounds": int(rounds), "integrity_errors": list(log.integrity_errors())}
    sys.stdout.write(json.dumps(outcome))
