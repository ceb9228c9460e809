"""Test when a session ends, and that nobody can take one over (fault plan F16)."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from partnership.accounts.permissions import today
from partnership.models import Membership, SignIn, User
from partnership.records.record import recording
from tests.codes import code_of, set_up_app
from tests.sign_in import PASSWORD, opens, send, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashing")]
METHODS = "account_authentication_methods"


@pytest.fixture
def officer(filled):
    return with_password(filled.people["officer"])


@pytest.fixture
def signed_in(officer, client):
    client.force_login(officer)
    assert opens(client)
    return client


def key_of(client):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def with_key(key):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def wind_back(client, seconds, *names):
    """Let time pass for a session: since it was last seen, and since it began."""
    session = client.session
    if "seen" in names:
        session["seen_at"] -= seconds
    if "began" in names:
        session[METHODS] = [one | {"at": one["at"] - seconds} for one in session[METHODS]]
    session.save()


def test_session_key_from_before_signing_in_is_not_valid(officer):
    client = Client()
    client.get("/sign-in/")
    send(client, password="wrong")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key
    send(client)
    half = key_of(client)
    set_up_app(client)
    assert opens(client)
    assert len({planted, half, key_of(client)}) == 3
    assert not opens(with_key(planted))
    assert not opens(with_key(half))


def test_session_key_after_signing_out_is_not_valid(signed_in):
    key = key_of(signed_in)
    assert opens(with_key(key))
    signed_in.post("/sign-out/")
    assert not opens(with_key(key))
    assert not SignIn.objects.filter(session_key=key).exists()


def test_sign_out_needs_post_with_csrf_token(officer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 403
    assert opens(client)


def test_session_ends_when_the_account_is_closed(signed_in, officer):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert not opens(signed_in)


def test_session_ends_when_a_role_ends(signed_in, officer, filled):
    with recording(by=filled.people["administrator"], reason="Left the team"):
        role = Membership.objects.get(user=officer)
        role.until_on = today() - timedelta(days=1)
        role.full_clean_and_save()
    answer = signed_in.get("/joint-posts/")
    assert answer["Location"] == "/sign-in/?next=/joint-posts/"
    assert "You have been signed out because" in signed_in.get(answer["Location"]).content.decode()
    assert not opens(signed_in)


def test_session_ends_with_one_of_several_roles_not_with_a_new_one(signed_in, officer, filled):
    with recording(by=filled.people["administrator"], reason="More work"):
        role = Membership(user=officer, council=filled.alder, role="clerk", from_on=today()).full_clean_and_save()
    assert opens(signed_in)
    with recording(by=filled.people["administrator"], reason="Given by mistake"):
        role.withdrawn_on = today()
        role.withdrawn_reason = "Given by mistake"
        role.full_clean_and_save()
    assert not opens(signed_in)


def test_other_sessions_end_when_the_password_changes(signed_in, officer):
    elsewhere = Client()
    elsewhere.force_login(officer)
    typed = {"old_password": PASSWORD, "new_password1": "another long password"}
    assert signed_in.post("/password/", typed | {"new_password2": "another long password"}).status_code == 302
    assert opens(signed_in)
    assert not opens(elsewhere)


def test_session_ends_after_30_idle_minutes(signed_in):
    wind_back(signed_in, 29 * 60, "seen")
    assert opens(signed_in)
    wind_back(signed_in, 31 * 60, "seen")
    assert not opens(signed_in)


def test_session_ends_after_12_hours_of_use(signed_in):
    wind_back(signed_in, 11 * 3600, "began")
    assert opens(signed_in)
    wind_back(signed_in, 3600 + 60, "began")
    assert not opens(signed_in)


def test_sign_in_as_another_user_in_a_second_tab_takes_nothing_over(signed_in, filled):
    """The first tab's form was the officer's; what the councillor in the second tab may not, it cannot send."""
    signed_in.post("/sign-out/")
    signed_in.force_login(filled.people["councillor"])
    assert signed_in.get("/joint-posts/new/").status_code == 403
    assert signed_in.session["account_authentication_methods_user"] == str(filled.people["councillor"].pk)


def test_form_from_before_the_sign_in_is_refused_with_an_explanation(officer):
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in/")
    stale = client.cookies[settings.CSRF_COOKIE_NAME].value
    client.force_login(officer)
    client.get("/joint-posts/")
    client.cookies[settings.CSRF_COOKIE_NAME] = "another" + stale[7:]
    answer = client.post("/bodies/new/", {"csrfmiddlewaretoken": stale})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_sign_in_without_second_step_expires_after_15_minutes(officer):
    client = Client()
    send(client)
    secret = set_up_app(client)
    client.post("/sign-out/")
    send(client)
    session = client.session
    session["account_login"] = session["account_login"] | {"initiated_at": time.time() - 16 * 60}
    session.save()
    answer = client.post("/sign-in/second-step/", {"code": code_of(secret, ahead=1)})
    assert answer["Location"] == "/sign-in/"
    assert not opens(client)


def test_pages_save_the_session_at_most_once_a_minute(signed_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        signed_in.get("/joint-posts/")
    assert [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
    wind_back(signed_in, 61, "seen")
    with CaptureQueriesContext(connection) as asked:
        signed_in.get("/joint-posts/")
    assert any("partnership_signin" in query["sql"] and "UPDATE" in query["sql"] for query in asked)
