"""Make an account on the server: the first administrator of a council, or one who confirms what another gives."""

import getpass
import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnership.accounts.permissions import today
from partnership.accounts.workflow import ADMINISTRATOR
from partnership.models import Council, Membership, User
from partnership.records.record import recording

REASON = "First account of the portal"


class Command(BaseCommand):
    """`manage.py create_administrator USERNAME --name NAME --council COUNCIL --short-name INITIALS`."""

    help = "Make an account that sets up the portal for one council. Asks for the password, or prints one it made."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the person's name, as history is to show it")
        parser.add_argument("--email", default="")
        parser.add_argument("--council", required=True, help="the council's full name")
        parser.add_argument("--short-name", required=True, help="its initials, used in tables")
        parser.add_argument("--tier", choices=Council.Tier.values, default=Council.Tier.OTHER)
        parser.add_argument("--ask-password", action="store_true", help="ask for the password instead of making one")

    def handle(self, *args: Any, **options: Any) -> None:
        asks = options["ask_password"]
        password = getpass.getpass("Password: ") if asks else secrets.token_urlsafe(16)
        user = User(username=options["username"], name=options["name"], email=options["email"])
        user.set_password(password)
        user.must_choose_password = not asks
        try:
            user.full_clean()
            if asks:
                validate_password(password, user)
            with recording(by=user, reason=REASON):
                user.save()
                user.council = self._council(options)
                user.save(update_fields=["council"])
                self._administer(user, user.council)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Made “{user.username}”. Sign in, choose a second step, and “First steps” leads on.")
        if not asks:
            self.stdout.write(f"Password, not shown again: {password}")

    def _council(self, options: dict[str, Any]) -> Council:
        """The council of that name, entered when there is none."""
        found = Council.objects.active().filter(name=options["council"]).first()
        facts = {"name": options["council"], "short_name": options["short_name"], "tier": options["tier"]}
        return found or Council(**facts).full_clean_and_save()

    def _administer(self, user: User, council: Council) -> None:
        # Whoever runs the server gives this role, so it is recorded here and not by the verb.
        Membership(user=user, council=council, role=ADMINISTRATOR, from_on=today()).full_clean_and_save()
