"""How long a sign-in holds, and what it still lacks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

MINUTE = 60
IDLE = 30 * MINUTE
LONGEST = 12 * 60 * MINUTE
SEEN, HELD = "seen_at", "roles_held"
# A code or a passkey; or the council's own door, which asks for a second step itself.
FULL = {"mfa", "socialaccount"}


def is_over(request: HttpRequest) -> bool:
    """Whether the sign-in has ended: idle for half an hour, twelve hours old, or with a role that no longer holds.

    Notes that somebody was here, once a minute: writing it at each page would cost a write for every read.
    """
    session, now = request.session, time.time()
    if not _records(request) or has_run_out(session, now):
        return True
    # Administering a council for want of another administrator ends with that administrator's account, which the
    # person is just making: that is no reason to end their sign-in.
    held = {membership.pk for membership in request.user.roles_today if membership.stands_in_from is None}
    before = set(session.get(HELD, held))
    if before - held:
        return True
    if now - session.get(SEEN, 0) > MINUTE or held != before:
        session[SEEN], session[HELD] = now, sorted(held)
    return False


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in just now, so that nobody else can be sitting there."""
    return time.time() - _records(request)[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def has_run_out(session: Mapping[str, Any], now: float) -> bool:
    """Whether a session, of whomever, is too old or was idle for too long."""
    seen, records = session.get(SEEN, now), records_in(session)
    return not records or now - seen > IDLE or now - records[0]["at"] > LONGEST


def time_left(request: HttpRequest) -> dict[str, Any]:
    """Return in how many seconds the sign-in ends, and whether opening a page would put that off."""
    session, now = request.session, time.time()
    records = records_in(session)
    began = records[0]["at"] if records else now
    idle_ends, longest_ends = session.get(SEEN, now) + IDLE, began + LONGEST
    return {"seconds": max(0, int(min(idle_ends, longest_ends) - now)), "can_stay": longest_ends > idle_ends}


def records_in(session: Mapping[str, Any]) -> list[dict[str, Any]]:
    """By what means its owner signed in, oldest first."""
    return session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])


def has_second_step(request: HttpRequest) -> bool:
    """Whether the person showed more than a password. Only an account of the example needs no more, while tried out."""
    return any(record["method"] in FULL for record in _records(request)) or is_exempt(request.user)


def note_second_step(request: HttpRequest, kind: str) -> None:
    """Who just set up a second step has shown it, and need not show it again. The session goes on under a new key."""
    added = Authenticator.objects.filter(user=request.user, type=kind).latest("pk")
    post_authentication(request, added, reauthenticated=True)
    request.session.cycle_key()


def is_exempt(user: Any) -> bool:
    """Whether the account is one of the example and the portal only tried out, on somebody's own machine."""
    return user.is_example and settings.TRYING_OUT


def pending_sign_in_step(request: HttpRequest) -> str:
    """The name of the page that the person has to pass before any other; empty when there is none."""
    if not has_second_step(request):
        return "new_password" if request.user.must_choose_password else "own_account"
    return "new_password" if request.user.must_choose_password else ""


def url_names_allowed_during(to_do: str) -> set[str]:
    """The pages that are open to somebody who still has this to do."""
    choosing = {"own_account", "account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn"}
    linking = {"openid_connect_login", "openid_connect_callback"}
    return {"sign_out", to_do} | (choosing | linking if to_do == "own_account" else set())


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    """By what means the person signed in, oldest first."""
    return get_authentication_records(request, request.user)
