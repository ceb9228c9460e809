"""Documents that a command writes from the code, so that the page and the code say the same."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class DocumentCommand(BaseCommand):
    """Write a document; with ``--check``, change nothing and fail when it is out of date."""

    document: ClassVar[str]  # its path in the repository

    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; fail when it is out of date.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / self.document
        text = self.text()
        if not options["check"]:
            path.write_text(text)
            self.stdout.write(f"Wrote {self.document}.")
        elif not path.is_file() or path.read_text() != text:
            raise CommandError(f"{self.document} is out of date. Run `make fix`.")

    def text(self) -> str:
        """Return the whole of the document."""
        raise NotImplementedError
