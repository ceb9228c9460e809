"""`manage.py verify_audit`: whether the record is what was recorded."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnership import chain


class Command(BaseCommand):
    """Go through every chain of history and say what does not fit; compare the heads with those printed on editions."""

    help = "Check that nobody altered, removed, swapped or slipped in a row of history, or changed a record past it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each broken place and end with an error, or the heads of the chains where all is well."""
        broken = 0
        for place in chain.broken_places():
            self.stderr.write(place)
            broken += 1
        if broken:
            raise CommandError(
                f"The record does not hold, in {broken} place{'' if broken == 1 else 's'}. Change nothing, keep a copy"
                " of the database, and tell the monitoring officers of every council."
            )
        for scope, head in sorted(chain.heads().items(), key=lambda item: item[0] or 0):
            self.stdout.write(f"{chain.chain_name(scope)}: {head.length} rows of history, sealed by {head.seal}")
        self.stdout.write("Everything is as it was recorded. That the end of a chain was not cut off shows only by")
        self.stdout.write("comparing these seals with the ones on the pages of published editions.")
