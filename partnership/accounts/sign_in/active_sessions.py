"""Where a person is signed in: what they can see of it, and how they end it elsewhere."""

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

OPENED = "opened_from"
# What browsers call themselves, and what people call them; the first that fits counts, as some name others too.
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
    """One browser in which a person is signed in. ``handle`` names it in a form; the session's key stays secret."""

    handle: str
    is_current: bool
    browser: str
    address: str
    since: datetime
    seen: datetime


def remember_device(request: HttpRequest) -> None:
    """Keep in a new sign-in what its owner knows it again by."""
    request.session[OPENED] = {"browser": browser_of(request), "address": address_of(request)}


def browser_of(request: HttpRequest) -> str:
    """Like "Firefox on Windows", as far as the browser says."""
    said = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for sign, name in BROWSERS.items() if sign in said), "A browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in said), "")
    return f"{browser} on {system}" if system else browser


def active_sessions(request: HttpRequest) -> list[ActiveSession]:
    """Where the person is signed in at this moment: here first, then as they were last seen."""
    now, found = time.time(), []
    for row in SignIn.objects.filter(account=request.user):
        kept = row.get_decoded()
        if not sessions.has_run_out(kept, now) and _is_of_the_present_password(kept, request.user):
            found.append(_active_session(row, kept, request, now))
    return sorted(found, key=lambda place: (not place.is_current, -place.seen.timestamp()))


def end_session(request: HttpRequest, handle: str) -> None:
    """End the one of the person's other sign-ins that is named so, if it still holds."""
    keys = _others(request).values_list("session_key", flat=True)
    _others(request).filter(session_key__in=[key for key in keys if handle_of(key) == handle]).delete()


def end_other_sessions(request: HttpRequest) -> None:
    """End the person's sign-ins everywhere but here."""
    _others(request).delete()


def handle_of(key: str) -> str:
    """What a sign-in is called on a page, from which its key cannot be told."""
    return salted_hmac("partnership.accounts.sign_in.active_sessions", key, algorithm="sha256").hexdigest()[:32]


def _others(request: HttpRequest) -> QuerySet[SignIn]:
    return SignIn.objects.filter(account=request.user).exclude(session_key=request.session.stored_key)


def _is_of_the_present_password(kept: dict, user: User) -> bool:
    """A change of password ends the others without looking for them, so they are still in the table."""
    right = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(kept.get(HASH_SESSION_KEY, ""), one) for one in right)


def _active_session(row: SignIn, kept: dict, request: HttpRequest, now: float) -> ActiveSession:
    opened = kept.get(OPENED, {})
    return ActiveSession(
        handle=handle_of(row.session_key),
        is_current=row.session_key == request.session.stored_key,
        browser=opened.get("browser", "A browser"),
        address=opened.get("address", "an address that was not kept"),
        since=datetime.fromtimestamp(sessions.records_in(kept)[0]["at"], UTC),
        seen=datetime.fromtimestamp(kept.get(sessions.SEEN, now), UTC),
    )
