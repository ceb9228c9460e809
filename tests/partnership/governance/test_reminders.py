"""The weekly e-mails, sent to a real mail server of the test's own that refuses some addresses."""

import io
import socketserver
import threading
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from partnership.models import Action, Reminder
from tests.factories import keep, make_council, make_membership, make_partnership

pytestmark = pytest.mark.django_db

ON = date(2019, 5, 15)
NEXT_DAY = date(2019, 5, 16)


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as sending an e-mail takes."""

    def handle(self):
        self.answer("220 ready")
        for line in self.rfile:
            command = line.decode().strip()
            verb = command.upper()
            if verb.startswith("RCPT") and any(address in command for address in self.server.refused):
                self.answer("550 no such user")
            elif verb.startswith("RCPT"):
                self.recipient = command.split("<")[1].rstrip(">")
                self.answer("250 ok")
            elif verb == "DATA":
                self.answer("354 go on")
                while self.rfile.readline() != b".\r\n":
                    pass
                self.server.accepted.append(self.recipient)
                self.answer("250 kept")
            elif verb == "QUIT":
                self.answer("221 bye")
                return
            else:
                self.answer("250 ok")

    def answer(self, words):
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def mail_server(settings):
    """A mail server that keeps whom it accepted an e-mail for, and refuses the addresses it is told to."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.accepted = []
        server.refused = set()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def people():
    """Three people with an open action each."""
    council = make_council()
    partnership = make_partnership(councils=[council, make_council()])
    found = []
    for name in ("first", "second", "third"):
        person = make_membership(council=council, role="officer").user
        person.email = f"{name}@example.org"
        person.save()
        keep(Action(partnership=partnership, title=f"Task of the {name}", owner="Manager", reminded=person))
        found.append(person)
    return found


def run(on):
    """Return what the command printed, and the error it ended with."""
    out = io.StringIO()
    try:
        call_command("send_reminders", f"--on={on}", stdout=out)
    except CommandError as error:
        return out.getvalue().strip(), str(error)
    return out.getvalue().strip(), ""


def test_send_reminders_one_address_refused_others_are_sent(people, mail_server):
    mail_server.refused = {"first@example.org"}
    assert run(ON) == (
        "Week of 2019-05-13: 2 sent, 0 sent before, 0 without an e-mail address.",
        "1 reminder could not be sent. The next run in the same week tries again.",
    )
    assert sorted(mail_server.accepted) == ["second@example.org", "third@example.org"]
    assert set(Reminder.objects.values_list("person", flat=True)) == {people[1].pk, people[2].pk}


def test_send_reminders_next_day_sends_what_failed_and_nothing_twice(people, mail_server):
    mail_server.refused = {"second@example.org"}
    run(ON)
    mail_server.refused = set()
    assert run(NEXT_DAY) == ("Week of 2019-05-13: 1 sent, 2 sent before, 0 without an e-mail address.", "")
    assert sorted(mail_server.accepted) == ["first@example.org", "second@example.org", "third@example.org"]


def test_send_reminders_logs_the_account_and_never_the_address(people, mail_server, caplog):
    mail_server.refused = {"first@example.org"}
    run(ON)
    assert [record.getMessage() for record in caplog.records if "reminder" in record.getMessage()] == [
        f"The reminder of account {people[0].pk} could not be sent: SMTPRecipientsRefused"
    ]


def test_send_reminders_server_away_says_how_many_failed(people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with socketserver.TCPServer(("127.0.0.1", 0), Conversation) as taken:
        settings.EMAIL_PORT = taken.server_address[1]
    assert run(ON) == (
        "Week of 2019-05-13: 0 sent, 0 sent before, 0 without an e-mail address.",
        "3 reminders could not be sent. The next run in the same week tries again.",
    )
    assert not Reminder.objects.exists()


def test_send_reminders_address_with_a_line_break_stops_nobody(people, mail_server):
    people[0].email = "first@example.org\nBcc: all@example.org"
    people[0].save()
    assert run(ON)[1] == "1 reminder could not be sent. The next run in the same week tries again."
    assert sorted(mail_server.accepted) == ["second@example.org", "third@example.org"]
