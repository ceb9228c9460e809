"""The list of active sessions, and what ends them: the user, or a change of the second step."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from partnership.models import SignIn
from tests.codes import code_of, set_up_app
from tests.sign_in import confirmed, enrolled, opens, send, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashing")]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"


@pytest.fixture
def officer(filled):
    return with_password(filled.people["officer"])


@pytest.fixture
def browsers(officer):
    """Three browsers of the same person, each signed in by password and code."""
    secret = enrolled(Client(), officer)
    opened = []
    for place, said in enumerate((FIREFOX, PHONE, EDGE)):
        client = Client(headers={"user-agent": said})
        send(client, address=f"192.0.2.{place + 1}")
        client.post(
            "/sign-in/second-step/", {"code": code_of(secret, ahead=1 - place)}, REMOTE_ADDR=f"192.0.2.{place + 1}"
        )
        opened.append(client)
    assert [opens(client) for client in opened] == [True] * 3
    return opened


def rows(client):
    """Return what the page says of each place, and what its button sends."""
    page = client.get("/your-sign-in/").content.decode()
    part = page[page.index("Where you are signed in") :]
    said = re.findall(r'list__value">\s*(.+?)\s*<br>\s*since (\d+ \w+ \d{4}, \d\d:\d\d)', part)
    return [what for what, _ in said], re.findall(r'name="session" value="(\w+)"', part)


def test_own_account_lists_every_active_session(browsers):
    said, handles = rows(browsers[0])
    assert (said[0], {*said[1:]}) == (
        "Firefox on Windows, from 192.0.2.1",
        {"Safari on an iPhone, from 192.0.2.2", "Edge on Windows, from 192.0.2.3"},
    )
    assert len({*handles}) == 2
    page = browsers[0].get("/your-sign-in/").content.decode()
    assert [row.session_key for row in SignIn.objects.all() if row.session_key in page] == []


def test_own_account_omits_sessions_that_have_ended(browsers):
    for client, seconds in ((browsers[1], 31 * 60), (browsers[2], 0)):
        session = client.session
        session["seen_at"] = time.time() - seconds
        session.save()
    assert rows(browsers[0])[0] == ["Firefox on Windows, from 192.0.2.1", "Edge on Windows, from 192.0.2.3"]


def test_end_session_after_reauthentication_ends_that_one(browsers, officer):
    here, phone, edge = browsers
    said, handles = rows(here)
    handle = handles[said.index("Safari on an iPhone, from 192.0.2.2") - 1]
    asked = here.post("/your-sign-in/elsewhere/end/", {"session": handle})
    assert asked["Location"].startswith("/your-sign-in/confirm/?next=")
    assert opens(phone)
    confirmed(here)
    assert here.post("/your-sign-in/elsewhere/end/", {"session": handle})["Location"] == "/your-sign-in/"
    assert (opens(here), opens(phone), opens(edge)) == (True, False, True)


def test_end_other_sessions_keeps_the_current_one(browsers):
    here, phone, edge = browsers
    confirmed(here)
    answer = here.post("/your-sign-in/elsewhere/end/", follow=True).content.decode()
    assert "You are signed in nowhere else." in answer
    assert (opens(here), opens(phone), opens(edge)) == (True, False, False)


def test_end_session_of_another_user_ends_nothing(browsers, filled):
    handles = rows(browsers[0])[1]
    colleague = Client()
    colleague.force_login(filled.people["neighbour"])
    confirmed(colleague)
    for sent in ({"session": handles[0]}, {}):
        assert colleague.post("/your-sign-in/elsewhere/end/", sent).status_code == 302
    assert [opens(client) for client in browsers] == [True] * 3


def test_remove_second_step_ends_other_sessions(browsers, officer):
    Authenticator.objects.create(user=officer, type="webauthn", data={"name": "Key", "credential": {}})
    confirmed(browsers[0])
    assert browsers[0].post("/your-sign-in/app/remove/").status_code == 302
    assert not Authenticator.objects.filter(user=officer, type="totp").exists()
    assert [opens(client) for client in browsers] == [True, False, False]


def test_add_second_step_ends_other_sessions(officer):
    Authenticator.objects.create(user=officer, type="webauthn", data={"name": "Key", "credential": {}})
    here = Client()
    elsewhere = Client()
    for client in (here, elsewhere):
        client.force_login(officer)
    confirmed(here)
    set_up_app(here)
    assert (opens(here), opens(elsewhere)) == (True, False)


def test_end_other_sessions_of_council_account_needs_new_sign_in(officer):
    officer.set_unusable_password()
    officer.save()
    here = Client()
    elsewhere = Client()
    for client in (here, elsewhere):
        client.force_login(officer)
    session = here.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": time.time() - 6 * 60}]
    session.save()
    answer = here.post("/your-sign-in/elsewhere/end/")
    assert answer["Location"] == "/sign-in/?next=/your-sign-in/"
    assert (opens(here), opens(elsewhere)) == (False, True)
    here.force_login(officer)
    here.post("/your-sign-in/elsewhere/end/")
    assert (opens(here), opens(elsewhere)) == (True, False)
