"""`manage.py retention`: blank what names people and has been kept as long as it may be."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnership.accounts import retention
from partnership.accounts.permissions import today
from partnership.models import User


class Command(BaseCommand):
    """Run once a month; with --dry-run first."""

    help = "Blank personal fields that have been kept as long as the schedule allows, in the records and their history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the person who answers for it, and whether to look only."""
        parser.add_argument("--by", help="The user name of whoever answers for it; needed unless it is a dry run.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be blanked; change nothing.")
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="As on a day; today if left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        """List what is due, and blank it unless it is a dry run. Raises ``CommandError`` without a person."""
        on = options["on"] or today()
        if on > today():
            raise CommandError("That day has not come yet.")
        found = list(retention.due(on))
        for one in found:
            what = one.record._meta.verbose_name
            self.stdout.write(f"{what} {one.record.pk}: {', '.join(one.fields)}. {one.reason}")
        if options["dry_run"]:
            self.stdout.write(f"{len(found)} due; nothing was changed.")
            return
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CommandError("Say who answers for it: --by and the user name of an active account.")
        retention.blank(found, by=by, on=on)
        self.stdout.write(f"{len(found)} blanked.")
