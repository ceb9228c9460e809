"""`manage.py export_audit_head`: the heads of the audit chains, signed, for keeping elsewhere."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from partnership.audit import heads


class Command(BaseCommand):
    """Write the signed heads to a file or to standard output."""

    help = "Write the heads of the audit chains, signed with AUDIT_SIGNING_KEY. Keep the file away from the database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file to write to."""
        parser.add_argument("--output", type=Path, help="The file to write; standard output if left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raise ``CommandError`` without a key, or when the file cannot be written."""
        if not settings.AUDIT_SIGNING_KEY:
            raise CommandError("Set AUDIT_SIGNING_KEY to 64 hexadecimal digits; docs/running-it.md says how.")
        try:
            exported = heads.export(timezone.now(), settings.AUDIT_SIGNING_KEY)
        except heads.NotOurs as error:
            raise CommandError(str(error)) from error
        if not options["output"]:
            self.stdout.write(exported)
            return
        try:
            options["output"].write_text(f"{exported}\n")
        except OSError as error:
            raise CommandError(f"{options['output']} could not be written: {error.strerror}.") from error
        public_key = heads.public_key_of(settings.AUDIT_SIGNING_KEY)
        self.stdout.write(f"{options['output']}: check it with verify_audit --head and AUDIT_PUBLIC_KEY={public_key}")
