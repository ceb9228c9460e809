"""`manage.py backup`: everything the portal keeps, in one file with checksums."""

import subprocess
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from partnership import backups


class Command(BaseCommand):
    """Write a backup while the portal goes on working."""

    help = "Write everything the portal keeps into one file, with checksums. Keep it encrypted, and away from here."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder of the backup."""
        parser.add_argument("folder", type=Path, help="The folder that the file goes into; it is made if need be.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, read it back, and say where it is. Raises ``CommandError`` when it cannot be written."""
        try:
            path = backups.back_up(options["folder"], timezone.localtime())
            with backups.unpacked(path) as (_, manifest):
                rows = sum(manifest["rows"].values())
        except FileNotFoundError as missing:
            raise CommandError(
                f"{missing.filename} is not there. On Debian: apt-get install postgresql-client"
            ) from missing
        except subprocess.CalledProcessError as failed:
            raise CommandError(f"PostgreSQL could not write the backup: {failed.stderr.strip()}") from failed
        except (OSError, ValueError, backups.CannotRestore) as failed:
            raise CommandError(f"The backup could not be written, and none was left behind: {failed}") from failed
        self.stdout.write(f"{path}: {len(manifest['rows'])} tables, {rows} rows, SHA-256 {manifest['sha256']}")
