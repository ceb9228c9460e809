"""`manage.py subject_access`: what the portal holds about a person, as one file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from partnership.accounts.subject_access import held_about
from partnership.models import User


class Command(BaseCommand):
    """Answer a subject access request."""

    help = "Write everything the portal holds about a person into a JSON file, for a subject access request."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom it is about, and where to."""
        parser.add_argument("name", help="The person's name as records have it, at least three letters of it.")
        parser.add_argument("--account", help="The person's user name, where they have an account.")
        parser.add_argument("--output", type=Path, required=True, help="The file to write.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file. Raises ``CommandError`` for an account that is not there."""
        if len(options["name"].strip()) < 3:
            raise CommandError("Give at least three letters of the name.")
        account = User.objects.filter(username=options["account"]).first()
        if options["account"] and account is None:
            raise CommandError(f"There is no account {options['account']}.")
        found = held_about(options["name"].strip(), account)
        options["output"].write_text(json.dumps(found, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False) + "\n")
        named = len(found["records"])
        made = len(found["changes_made"])
        self.stdout.write(f"{options['output']}: {named} versions of records name them, {made} changes are theirs.")
