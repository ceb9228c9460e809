"""Load the example partnership from the public record, with accounts to try it with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partnership.models import Partnership, User
from reviews import example


class Command(BaseCommand):
    """Loads it once: all or nothing. A second run changes nothing."""

    help = "Load the example partnership and its accounts (EXAMPLE=1 only). A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EXAMPLE:
            raise CommandError("The example is only for trying the portal. Set EXAMPLE=1 to load it.")
        if Partnership.objects.filter(slug=example.SLUG).exists():
            self.stdout.write("The example is already there.")
        else:
            example.play()
            self.stdout.write("The example is loaded.")
        self.stdout.write(f"Sign in with one of these, password “{settings.EXAMPLE_PASSWORD}”:\n\n")
        accounts = User.objects.filter(username__in=example.usernames()).order_by("username")
        for account in accounts:
            self.stdout.write(f"  {account.username:<16} {account.name}")
