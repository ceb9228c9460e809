"""A job at work, in a process of its own with limits: first it looks, then, once confirmed, it writes."""

from __future__ import annotations

import logging
import resource
import signal
import subprocess
import sys
import threading
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from partnership.generic.imports.gate import MEGABYTE, Refused
from partnership.generic.imports.work import Looking, State, Writing
from partnership.models import Job

log = logging.getLogger(__name__)

LARGEST_MEMORY = 1024 * MEGABYTE  # address space; what is really used stays well below
LONGEST_CPU, LONGEST_WALL = 120, 240  # seconds
TAKES_TOO_MUCH = "The file takes more time or memory than a file of its size should. Copy the rows into a new one."


def start(job: Job) -> None:
    """Start the job's process; it needs nothing of this one."""
    command = [sys.executable, settings.BASE_DIR / "manage.py", "run_job", str(job.pk)]
    process = subprocess.Popen(  # noqa: S603 -- our own command; the number is the only argument
        command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    # Nobody asks how it ended – the job says that – but somebody has to wait, or the system keeps its name for ever.
    threading.Thread(target=process.wait, daemon=True).start()


class OutOfTime(BaseException):
    """The process has used up its time. No parser takes it for a fault of the file, for it is no ``Exception``."""


def limit_this_process(*, memory: int = LARGEST_MEMORY, cpu: int = LONGEST_CPU, wall: int = LONGEST_WALL) -> None:
    """Keep a hostile or hopeless file from taking the machine with it: bytes of memory, seconds of two clocks."""

    def give_up(*_: Any) -> None:
        raise OutOfTime

    for sign in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(sign, give_up)
    signal.alarm(wall)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def run(number: int) -> None:
    """Do what the job waits for: look at its file, or write its rows. Whatever happens, the job says so."""
    job = Job.objects.select_related("by").defer("file").get(pk=number)  # the file is read where its size is minded
    move = Job.objects.move
    if move(job, State.WAITING, to=State.READING, at=timezone.now(), progress=0):
        work = Looking(job)
    elif move(job, State.CONFIRMED, to=State.WRITING, at=timezone.now(), progress=0):
        work = Writing(job)
    else:
        return
    try:
        work.do()
    except Refused as refused:
        log.info("Job %s refused", number)
        work.refuse(str(refused))
    except (MemoryError, OutOfTime):
        log.info("Job %s refused", number)
        work.refuse(TAKES_TOO_MUCH)
    except Exception as error:
        # PostgreSQL's library reports a lack of memory as a fault of the database, and may have hung up.
        connection.close_if_unusable_or_obsolete()
        if "out of memory" in str(error):
            work.refuse(TAKES_TOO_MUCH)
            return
        log.exception("Job %s failed", number)
        work.refuse("Something went wrong in the portal itself. Nothing was imported; tell whoever looks after it.")


def forget_old_files(at: datetime) -> None:
    """Blank the files that nobody confirmed in time; whoever hands in the next one does it in passing."""
    Job.objects.forget_files(at)
