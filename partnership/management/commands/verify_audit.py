"""`manage.py verify_audit`: whether the record is what was recorded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnership.audit import heads, log, triggers


class Command(BaseCommand):
    """Check every chain of history, the records, what was published, and the triggers that protect them."""

    help = (
        "Check that nobody altered, removed, swapped or slipped in a row of history or an edition, changed or deleted a"
        " record past its history, or switched off what protects them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a file of heads to compare with."""
        parser.add_argument(
            "--head",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="A file that export_audit_head wrote; may be given several times.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each broken place and end with an error, or the heads of the chains where all is well."""
        exported = [read_head(path) for path in options["head"]]
        broken = 0
        for place in integrity_errors(exported):
            self.stderr.write(place)
            broken += 1
        if broken:
            raise CommandError(
                f"The record does not hold, in {broken} place{'' if broken == 1 else 's'}. Change nothing, keep a copy"
                " of the database, and tell the monitoring officers of every council."
            )
        for scope, head in sorted(log.heads().items(), key=lambda item: item[0] or 0):
            self.stdout.write(f"{log.chain_name(scope)}: {head.length} rows are sealed, the last by {head.seal}")
        for content in exported:
            self.stdout.write(f"The chains hold the seals that were exported at {content['exported_at']}.")
        self.stdout.write("Everything is as it was recorded.")
        if not exported:
            self.stdout.write("Only seals kept elsewhere show that a chain was not cut off or rewritten as a whole:")
            self.stdout.write("compare with a file of export_audit_head (--head FILE) and the pages of editions.")


def read_head(path: Path) -> dict[str, Any]:
    """Return the content of an exported file. Raises ``CommandError`` when it cannot be trusted."""
    try:
        if settings.AUDIT_SIGNING_KEY:
            public_key = heads.public_key_of(settings.AUDIT_SIGNING_KEY)
        else:
            public_key = settings.AUDIT_PUBLIC_KEY
        if not public_key:
            raise CommandError("Set AUDIT_PUBLIC_KEY to the public key that export_audit_head printed.")
        return heads.read(path.read_text(), public_key)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path}: {error}") from error


def integrity_errors(exported: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a sentence for everything that is wrong."""
    yield from triggers.trigger_errors()
    yield from log.integrity_errors()
    for content in exported:
        yield from heads.differences(content)
