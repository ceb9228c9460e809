"""The process of a job; the pages start it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from partnership.generic.imports.running import limit_this_process, run


class Command(BaseCommand):
    """Run one job."""

    help = "Run a job that waits: read a file that was handed in, or write its rows once they are confirmed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int)

    def handle(self, *args: Any, number: int, **options: Any) -> None:
        limit_this_process()
        run(number)
