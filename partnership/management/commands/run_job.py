"""`manage.py run_job NUMBER`: the process of one job; the worker starts it."""

from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from partnership.imports.job import limit_this_process
from partnership.models import Job

IMPORTING = "partnership.imports.job"
# What a job of another kind is done by; a module is named, so that no other app is imported.
DONE_BY = {"edition": "reviews.publishing.publishing_job"}


class Command(BaseCommand):
    """Run one job."""

    help = "Run a job that waits: read a file that was handed in, write its rows once they are confirmed, or publish."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int)
        parser.add_argument("--run", type=int, help="The run that a worker has begun; without it, one is begun here.")

    def handle(self, *args: Any, number: int, run: int | None = None, **options: Any) -> None:
        limit_this_process()
        kind = Job.objects.values_list("register", flat=True).get(pk=number)
        import_module(DONE_BY.get(kind, IMPORTING)).run(number, run)
