"""`manage.py send_reminders`: once a week, an e-mail to everybody who has open actions. Safe to run twice."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from partnership.accounts.permissions import today
from partnership.governance.reminders import digest, monday_of, subject
from partnership.models import Action, Reminder, User

log = logging.getLogger(__name__)
# A server that cannot be reached or refuses the address (SMTPException is an OSError), an address that is none.
CANNOT_SEND = (OSError, ValueError)


class Command(BaseCommand):
    """Send each person the e-mail of the week, unless it was sent."""

    help = "Send the weekly e-mail of open actions to everybody who has any and has not had it this week."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="The day it is for; today if left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Try every person. Raises ``CommandError`` at the end when some e-mails could not be sent."""
        on = options["on"] or today()
        outcomes = [self.remind(person, on) for person in people_with_actions()]
        counts = [f"{outcomes.count(words)} {words}" for words in ("sent", "sent before", "without an e-mail address")]
        self.stdout.write(f"Week of {monday_of(on)}: {', '.join(counts)}.")
        failed = outcomes.count("failed")
        if failed:
            reminders = "1 reminder" if failed == 1 else f"{failed} reminders"
            raise CommandError(f"{reminders} could not be sent. The next run in the same week tries again.")

    def remind(self, person: User, on: date) -> str:
        """Send one person's e-mail; return what became of it. One that could not be sent may be sent later."""
        actions = list(Action.objects.visible_to(person).open().filter(reminded=person))
        if not actions:
            return "without any they may see"
        if not person.email:
            self.stderr.write(f"{person} has open actions and no e-mail address.")
            return "without an e-mail address"
        try:
            with transaction.atomic():
                Reminder.objects.create(person=person, week_of=monday_of(on))
                send_mail(subject(actions, on), digest(actions, on, address), None, [person.email])
        except IntegrityError:
            return "sent before"
        except CANNOT_SEND as error:
            # The text of the error may hold the address, which does not belong in the log.
            code = getattr(error, "smtp_code", "") or type(error).__name__
            log.warning("The reminder of account %s could not be sent: %s", person.pk, code)
            return "failed"
        return "sent"


def people_with_actions() -> list[User]:
    """The active people that open actions name, each once."""
    named = Action.objects.open().exclude(reminded=None).values("reminded")
    return list(User.objects.filter(pk__in=named, is_active=True))


def address(action: Action) -> str:
    """Return where an action's page is, with the portal's own address in front."""
    return f"{settings.PORTAL_URL}{action.get_absolute_url()}"
