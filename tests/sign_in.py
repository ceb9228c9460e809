"""Sign in as a user does, for tests."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY as WHOSE

from partnership.models import User
from tests.codes import set_up_app

PASSWORD = "four words that nobody says"


def with_password(user, password=PASSWORD):
    user = User.objects.get(pk=user.pk)
    user.set_password(password)
    user.save()
    return user


def send(client, username="officer", password=PASSWORD, address="192.0.2.1", **more):
    typed = {"username": username, "password": password}
    return client.post("/sign-in/" + more.pop("query", ""), typed, REMOTE_ADDR=address, **more)


def by_two_steps(client, user):
    """Record in the session of a signed-in user that they used a password and a code."""
    session = client.session
    now = time.time()
    session[METHODS] = [{"method": "password", "at": now}, {"method": "mfa", "type": "totp", "at": now}]
    session[WHOSE] = str(user.pk)
    session.save()


def confirmed(client):
    """Record in the session that its user has just confirmed who they are."""
    session = client.session
    session[METHODS] = [*session[METHODS], {"method": "mfa", "at": time.time(), "reauthenticated": True}]
    session.save()


def enrolled(client, user):
    """Set up an authenticator app for the account, sign out, and return its secret."""
    send(client, user.username)
    secret = set_up_app(client)
    client.post("/sign-out/")
    return secret


def opens(client):
    return client.get("/joint-posts/").status_code == 200
