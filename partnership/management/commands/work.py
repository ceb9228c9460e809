"""`manage.py work`: the worker that reads and imports files and publishes reviews."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from partnership.worker import Worker


class Command(BaseCommand):
    """Work until the process is told to end (SIGTERM, Ctrl-C); what is at work then is finished first."""

    help = "Run the jobs that wait, some at once. `make run` starts it; on a server systemd does."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: stop.set())
        Worker(settings.JOBS_AT_ONCE).work(stop)
