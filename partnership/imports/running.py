"""A job at work, in a process of its own with limits: first it looks, then, once confirmed, it writes."""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from partnership.imports.gate import MEGABYTE, Refused
from partnership.imports.work import Looking, State, Writing
from partnership.models import Job

log = logging.getLogger(__name__)

LARGEST_MEMORY = 1024 * MEGABYTE  # address space; what is really used stays well below
LONGEST_CPU, LONGEST_WALL = 120, 240  # seconds
TAKES_TOO_MUCH = "The file takes more time or memory than a file of its size should. Copy the rows into a new one."


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


def begun(number: int, run: int | None) -> Job | None:
    """Return the job with the run that a worker has begun, or begin one; ``None`` when it is not to be run."""
    if run is None:
        return Job.objects.begin(number, worker=f"{socket.gethostname()}:{os.getpid()}", at=timezone.now())
    # The file stays out of it: it is read where its size is minded.
    return Job.objects.running().filter(pk=number, run=run).select_related("by").defer("file").first()


def run(number: int, run: int | None = None) -> None:
    """Do what the job waits for: look at its file, or write its rows. Whatever happens, the job says so."""
    job = begun(number, run)
    if job is None:
        return
    work = Looking(job) if job.state == State.READING else Writing(job)
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
