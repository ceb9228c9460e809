"""`manage.py send_reminders`: once a week, an e-mail to everybody who has open actions. Safe to run twice."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand
from django.db import IntegrityError, transaction

from partnership.access import today
from partnership.digests import digest, monday_of, subject
from partnership.models import Action, Reminder, User


class Command(BaseCommand):
    """Sends each person's digest of the week, unless it was sent."""

    help = "Send the weekly e-mail of open actions to everybody who has any and has not had it this week."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="The day it is for; today if left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or today()
        outcomes = [self.remind(person, on) for person in people_with_actions()]
        said = [f"{outcomes.count(words)} {words}" for words in ("sent", "sent before", "without an e-mail address")]
        self.stdout.write(f"Week of {monday_of(on)}: {', '.join(said)}.")

    def remind(self, person: User, on: date) -> str:
        """Send one person's digest; in words what became of it. One that cannot be sent counts as not sent."""
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
        return "sent"


def people_with_actions() -> list[User]:
    """The active people that open actions name, each once."""
    named = Action.objects.open().exclude(reminded=None).values("reminded")
    return list(User.objects.filter(pk__in=named, is_active=True))


def address(action: Action) -> str:
    """Where an action's page is, with the portal's own address in front."""
    return f"{settings.PORTAL_URL}{action.get_absolute_url()}"
