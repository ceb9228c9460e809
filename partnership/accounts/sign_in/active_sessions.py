"""The sessions in which a user is signed in: listed on the page "Your sign-in", and ended there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from partnership.accounts.sign_in import sessions
from partnership.accounts.sign_in.addresses import address_of
from partnership.models import SignIn, User

DEVICE = "opened_from"  # the session key under which the device is stored
HANDLE_SALT = "partnership.accounts.sign_in.active_sessions"
HANDLE_LENGTH = 32
# Parts of user agents and the names people know. The order matters: Edge and Opera also name Chrome.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "a Mac",
    "CrOS": "a Chromebook",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class ActiveSession:
    """A browser in which a user is signed in. ``handle`` identifies it in a form without revealing its key."""

    handle: str
    is_current: bool
    browser: str
    address: str
    since: datetime
    seen: datetime


def remember_device(request: HttpRequest) -> None:
    """Store the browser and IP address in the session, so that its user can recognise it in the list."""
    request.session[DEVICE] = {"browser": browser_of(request), "address": address_of(request)}


def browser_of(request: HttpRequest) -> str:
    """Return a name such as "Firefox on Windows", read from the user agent."""
    user_agent = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for part, name in BROWSERS.items() if part in user_agent), "A browser")
    system = next((name for part, name in SYSTEMS.items() if part in user_agent), "")
    return f"{browser} on {system}" if system else browser


def active_sessions(request: HttpRequest) -> list[ActiveSession]:
    """Return the user's sessions that have not ended: the current one first, then the most recently used."""
    now = time.time()
    active = []
    for row in SignIn.objects.filter(account=request.user):
        data = row.get_decoded()
        if not sessions.is_expired(data, now) and _matches_password(data, request.user):
            active.append(_active_session(row, data, request, now))
    return sorted(active, key=lambda session: (not session.is_current, -session.seen.timestamp()))


def end_session(request: HttpRequest, handle: str) -> None:
    """End the user's other session with this handle, if there is one."""
    keys = _other_sessions(request).values_list("session_key", flat=True)
    matching = [key for key in keys if handle_of(key) == handle]
    _other_sessions(request).filter(session_key__in=matching).delete()


def end_other_sessions(request: HttpRequest) -> None:
    """End all of the user's sessions except the current one."""
    _other_sessions(request).delete()


def handle_of(key: str) -> str:
    """Return the handle of a session, from which its key cannot be worked out."""
    return salted_hmac(HANDLE_SALT, key, algorithm="sha256").hexdigest()[:HANDLE_LENGTH]


def _other_sessions(request: HttpRequest) -> QuerySet[SignIn]:
    return SignIn.objects.filter(account=request.user).exclude(session_key=request.session.stored_key)


def _matches_password(data: dict, user: User) -> bool:
    """Return whether the session was opened with the user's present password.

    Changing the password ends the other sessions, but their rows stay until `clearsessions` deletes them.
    """
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(data.get(HASH_SESSION_KEY, ""), one) for one in hashes)


def _active_session(row: SignIn, data: dict, request: HttpRequest, now: float) -> ActiveSession:
    device = data.get(DEVICE, {})
    return ActiveSession(
        handle=handle_of(row.session_key),
        is_current=row.session_key == request.session.stored_key,
        browser=device.get("browser", "A browser"),
        address=device.get("address", "an address that was not kept"),
        since=datetime.fromtimestamp(sessions.steps_in(data)[0]["at"], UTC),
        seen=datetime.fromtimestamp(data.get(sessions.SEEN, now), UTC),
    )
