"""Let somebody in again who lost their password or second step, where no administrator can sign in to do it."""

import secrets
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnership.accounts import workflow
from partnership.accounts.permissions import today
from partnership.models import Membership, User


class Command(BaseCommand):
    """`manage.py reset_sign_in USERNAME --by ADMINISTRATOR --reason WHY`."""

    help = "Give a person a new password and let them choose a second step anew. It stands in their roles' history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--by", required=True, help="the user name of the administrator who decided it")
        parser.add_argument("--reason", required=True, help="why, as the history is to show it")

    def handle(self, *args: Any, **options: Any) -> None:
        user = self._person(options["username"])
        by = self._person(options["by"])
        membership = Membership.objects.held_on(user, today()).first()
        if membership is None:
            raise CommandError(f"{user} holds no role today.")
        if not options["reason"].strip():
            raise CommandError("Say why: it stands in the history.")
        password = secrets.token_urlsafe(16)
        try:
            workflow.reset_sign_in(membership, password=password, on=today(), by=by, reason=options["reason"])
        except (PermissionDenied, ValidationError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        self.stdout.write(f"{user} can sign in again. Password, not shown again: {password}")

    def _person(self, username: str) -> User:
        found = User.objects.filter(username=username).first()
        if found is None:
            raise CommandError(f"There is no account “{username}”.")
        return found
