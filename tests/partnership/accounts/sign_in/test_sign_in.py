"""Signing in by password and a second step, and the pages that do not exist."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import get_resolver

from tests.codes import code_of, set_up_app
from tests.routes import routes
from tests.sign_in import PASSWORD, enrolled, opens, send, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashing")]


@pytest.fixture
def officer(filled):
    return with_password(filled.people["officer"])


def test_first_sign_in_sets_up_second_step_and_shows_codes_once(officer):
    client = Client()
    assert send(client)["Location"] == "/"
    assert client.get("/joint-posts/")["Location"] == "/your-sign-in/"
    page = client.get("/your-sign-in/").content.decode()
    assert "Before you go on, choose a second step." in page
    assert 'aria-label="Main"' not in page  # no menu, and no figure of what waits in it
    set_up_app(client)
    assert opens(client)
    shown = client.get("/your-sign-in/recovery-codes/").content.decode()
    assert len(set(re.findall(r"<code>(\d{8})</code>", shown))) == 10
    again = client.get("/your-sign-in/recovery-codes/").content.decode()
    assert re.findall(r"<code>(\d{8})</code>", again) == []
    assert "10 of your recovery codes can still be used." in again


def test_second_sign_in_accepts_each_code_once(officer):
    client = Client()
    secret = enrolled(client, officer)
    assert send(client)["Location"] == "/sign-in/second-step/"
    assert not opens(client)
    wrong = client.post("/sign-in/second-step/", {"code": "000000"})
    assert "That code is not right, or was used before." in wrong.content.decode()
    code = code_of(secret, ahead=1)
    assert client.post("/sign-in/second-step/", {"code": code})["Location"] == "/"
    assert opens(client)
    other = Client()
    send(other)
    again = other.post("/sign-in/second-step/", {"code": code})
    assert "That code was used already." in again.content.decode()
    assert not opens(other)


def test_recovery_code_signs_in_once(officer):
    client = Client()
    send(client)
    set_up_app(client)
    code = re.findall(r"<code>(\d{8})</code>", client.get("/your-sign-in/recovery-codes/").content.decode())[3]
    for expected in (True, False):
        other = Client()
        send(other)
        other.post("/sign-in/second-step/", {"code": code})
        assert opens(other) is expected


def test_secret_of_an_app_is_not_in_the_database_as_such(officer):
    client = Client()
    secret = enrolled(client, officer)
    stored = Authenticator.objects.get(user=officer, type="totp")
    assert secret not in str(stored.data)


def test_pages_without_a_second_step_redirect_to_set_one_up(filled, officer):
    """With the password alone, every page but those for choosing is closed, the open ones know nobody."""
    client = Client()
    send(client)
    choosing = {"/your-sign-in/", "/your-sign-in/app/", "/your-sign-in/passkeys/new/"}
    for at in ("/", "/find/?words=post", "/registers/", "/your-sign-in/recovery-codes/", "/password/", "/calendar/"):
        assert client.get(at).headers.get("Location") == "/your-sign-in/", at
    assert {at for at in choosing if client.get(at).status_code == 200} == choosing
    assert officer.name not in client.get("/published/").content.decode()


def test_last_second_step_cannot_be_removed(officer):
    client = Client()
    send(client)
    set_up_app(client)
    page = client.post("/your-sign-in/app/remove/")
    assert "Add another second step before you remove this one." in page.content.decode()
    assert Authenticator.objects.filter(user=officer, type="totp").exists()


def test_both_steps_are_asked_again_before_the_second_step_changes(officer):
    client = Client()
    secret = enrolled(client, officer)
    send(client)
    client.post("/sign-in/second-step/", {"code": code_of(secret, ahead=1)})
    at = "/your-sign-in/recovery-codes/new/"
    before = client.session.session_key
    asked = client.post(at)["Location"]
    assert asked == f"/your-sign-in/confirm/?next={at.replace('/', '%2F')}"
    second = asked.replace("confirm/", "confirm/second-step/")
    assert client.get(second)["Location"] == asked  # not before the password
    assert "That is not your present password." in client.post(asked, {"password": "no"}).content.decode()
    assert client.post(asked, {"password": PASSWORD})["Location"] == second
    assert client.post(at)["Location"] == asked  # not by the password alone
    assert "That code is not right" in client.post(second, {"code": "000000"}).content.decode()
    assert client.post(second, {"code": code_of(secret)})["Location"] == "/your-sign-in/recovery-codes/"
    assert opens(client)
    assert client.session.session_key != before
    assert client.get(at).status_code == 200
    later(client)
    assert client.get(at)["Location"] == asked


def later(client):
    """Six minutes later, as the session sees it."""
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [one | {"at": one["at"] - 6 * 60} for one in records]
    session.save()


def test_example_account_outside_a_trial_is_refused(filled, settings):
    user = with_password(filled.people["officer"])
    user.is_example = True
    user.save()
    client = Client()
    assert "is not right" in send(client).content.decode()
    settings.TRYING_OUT = True
    assert send(client)["Location"] == "/"
    assert opens(client)
    assert "needs no second step while the example is tried out" in client.get("/your-sign-in/").content.decode()
    settings.TRYING_OUT = False
    assert not opens(client)


# Every address that opens to somebody who is not signed in. A new one is a decision, so it is written here by hand.
OPEN = {
    "account_login",
    "accessibility",
    "dates_calendar",
    "members_edition",
    "members_file",
    "mfa_authenticate",
    "open_data",
    "open_data_csv",
    "open_data_dictionary",
    "openid_connect_callback",
    "openid_connect_login",
    "published",
    "published_csv",
    "published_docx",
    "published_file",
    "published_html",
    "published_json",
    "published_number",
    "published_paper",
    "published_partnership",
    "published_pdf",
    "sign_in",
    "verify",
}


def callbacks(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from callbacks(pattern.url_patterns)
        else:
            yield pattern.name, pattern.callback


def test_pages_open_without_signing_in_are_listed():
    found = {name for name, view in callbacks(get_resolver().url_patterns) if not getattr(view, "login_required", True)}
    assert found == OPEN


def test_sign_up_and_password_reset_pages_do_not_exist(client):
    for at in ("/accounts/signup/", "/signup/", "/sign-up/", "/accounts/password/reset/", "/admin/", "/admin/login/"):
        assert client.get(at).status_code == 404, at
    names = {route.name for route in routes(get_resolver().url_patterns)}
    assert {name for name in names if "signup" in name or "reset" in name} == {"membership_reset-sign-in"}
