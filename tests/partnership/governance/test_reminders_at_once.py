"""The weekly e-mail, when two machines run the command at the same moment."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from partnership.models import Action, Reminder
from tests.factories import keep, make_council, make_membership, make_partnership

AT_ONCE = 6
ON = date(2019, 5, 15)


@pytest.mark.django_db(transaction=True)
def test_many_runs_at_once_send_each_person_one_email():
    council = make_council()
    partnership = make_partnership(councils=[council, make_council()])
    for name in ("first", "second"):
        person = make_membership(council=council, role="officer").user
        person.email = f"{name}@example.org"
        person.save()
        keep(Action(partnership=partnership, title=f"Task of the {name}", owner="Manager", reminded=person))

    def run(_):
        try:
            call_command("send_reminders", f"--on={ON}", stdout=io.StringIO())
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        list(crowd.map(run, range(AT_ONCE)))
    assert sorted(message.to[0] for message in mail.outbox) == ["first@example.org", "second@example.org"]
    assert Reminder.objects.count() == 2
