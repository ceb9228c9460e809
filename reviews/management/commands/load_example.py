"""Load the example partnership from the public record, with accounts to try it with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnership.models import Partnership, User
from reviews import example
from reviews.papers.output.pdf import CannotDraw


class Command(BaseCommand):
    """Loads it once: all or nothing. A second run changes nothing."""

    help = "Load the example partnership and its accounts (EXAMPLE=1 only). A second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--publish", action="store_true", help="publish its review too, as in April 2019; takes some seconds"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EXAMPLE:
            raise CommandError("The example is only for trying the portal. Set EXAMPLE=1 to load it.")
        if Partnership.objects.filter(slug=example.SLUG).exists():
            # Loaded by an earlier release, they would be asked for a second step.
            User.objects.filter(username__in=example.usernames()).update(is_example=True)
            self.stdout.write("The example is already there.")
        else:
            example.play()
            self.stdout.write("The example is loaded.")
        if options["publish"]:
            self.publish()
        self.stdout.write(f"Sign in with one of these, password “{settings.EXAMPLE_PASSWORD}”:\n\n")
        accounts = User.objects.filter(username__in=example.usernames()).order_by("username")
        for account in accounts:
            self.stdout.write(f"  {account.username:<16} {account.name}")

    def publish(self) -> None:
        """Publish its review, unless that was done before; a machine that cannot draw a PDF goes without."""
        try:
            if example.publish():
                self.stdout.write("Its review is published.")
        except CannotDraw as problem:
            self.stdout.write(f"Its review is not published. {problem}")
