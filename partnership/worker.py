"""The worker: it claims jobs from the queue and runs each in a child process with limits (`partnership.models.jobs`).

One per server is enough, and several are safe: the bounds are counted in the database. Killed at any moment, it takes
its children with it, and another worker runs their jobs again.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from partnership.imports.job import LONGEST_WALL
from partnership.models import Job

log = logging.getLogger(__name__)

PAUSE = 1  # seconds between two looks at an empty queue
BEAT = 5  # seconds between two signs that jobs are alive
GRACE = 10  # seconds beyond its own limit after which a child that does not answer is killed
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Child(NamedTuple):
    """A run of a job."""

    job: Job
    process: subprocess.Popen
    began: float


class Worker:
    """Works until it is told to stop; then it lets its children finish and claims nothing more."""

    def __init__(self, most: int):
        self.most = most
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.children: list[Child] = []
        self.last_beat = 0.0

    def work(self, stop: threading.Event) -> None:
        """Claim and run jobs. A database that is away is waited for."""
        while not stop.is_set() or self.children:
            close_old_connections()
            try:
                is_busy = self.look(claims=not stop.is_set())
            except (DatabaseError, InterfaceError) as error:
                log.warning("The worker waits for the database: %s", type(error).__name__)
                connection.close()
                is_busy = False
            if not is_busy:
                stop.wait(PAUSE) if not stop.is_set() else time.sleep(PAUSE)

    def look(self, *, claims: bool) -> bool:
        """Speak for the children, see which ended, and claim one job. Return whether one was claimed."""
        self.beat()
        for child in list(self.children):
            self.see_to(child)
        if not claims or len(self.children) >= self.most:
            return False
        job = Job.objects.claim(worker=self.name, at=timezone.now(), most=self.most)
        if job is None:
            return False
        self.children.append(Child(job, start_run(job), time.monotonic()))
        return True

    def beat(self) -> None:
        """Say, every few seconds, that the jobs of the children are alive."""
        if time.monotonic() - self.last_beat < BEAT:
            return
        for child in self.children:
            Job.objects.held(child.job).update(heard_at=timezone.now())
        self.last_beat = time.monotonic()

    def see_to(self, child: Child) -> None:
        """Kill a child that takes far too long, and hand back the job of one that ended without a word."""
        if child.process.poll() is None:
            if time.monotonic() - child.began > LONGEST_WALL + GRACE:
                child.process.kill()
            return
        if Job.objects.held(child.job).exists():
            log.warning("Job %s ended without a word: %s", child.job.pk, child.process.returncode)
            Job.objects.hand_back(child.job, timezone.now())
        self.children.remove(child)


def start_run(job: Job) -> subprocess.Popen:
    """Start the process of a job's present run; it ends with this one."""
    command = [sys.executable, settings.BASE_DIR / "manage.py", "run_job", str(job.pk), "--run", str(job.run)]
    return subprocess.Popen(  # noqa: S603 -- our own command; two numbers are the only arguments
        command,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=partial(end_with, os.getpid()),  # noqa: PLW1509 -- the worker has one thread
    )


def end_with(parent: int) -> None:
    """Have the system kill this process when its parent ends. Linux only; elsewhere the fence alone is enough."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended just before
            os._exit(1)
