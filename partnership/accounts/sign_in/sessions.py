"""Decide when a session ends, and which step of signing in its user has yet to take."""

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
IDLE_LIMIT = 30 * MINUTE
SESSION_LIMIT = 12 * 60 * MINUTE
# Keys of the session's data.
SEEN = "seen_at"
ROLES = "roles_held"
# Methods that are a second step, or include one: councils ask for a second step themselves.
SECOND_STEPS = {"mfa", "socialaccount"}


def has_ended(request: HttpRequest) -> bool:
    """Return whether the session has ended: after 30 idle minutes, after 12 hours, or with one of the user's roles.

    Record the time of the request in the session, at most once a minute, to save a write on every page.
    """
    session = request.session
    now = time.time()
    if not _steps(request) or is_expired(session, now):
        return True
    # Whoever stands in as administrator of a council loses that role when its administrator's account is created,
    # often by their own hand. That must not end their session.
    roles = {membership.pk for membership in request.user.roles_today if membership.stands_in_from is None}
    earlier_roles = set(session.get(ROLES, roles))
    if earlier_roles - roles:
        return True
    if now - session.get(SEEN, 0) > MINUTE or roles != earlier_roles:
        session[SEEN] = now
        session[ROLES] = sorted(roles)
    return False


def is_fresh(request: HttpRequest) -> bool:
    """Return whether the user took a step of signing in within the last five minutes."""
    return time.time() - _steps(request)[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def is_expired(session: Mapping[str, Any], now: float) -> bool:
    """Return whether any user's session is too old or was idle for too long."""
    steps = steps_in(session)
    seen = session.get(SEEN, now)
    return not steps or now - seen > IDLE_LIMIT or now - steps[0]["at"] > SESSION_LIMIT


def time_left(request: HttpRequest) -> dict[str, Any]:
    """Return the seconds until the session ends, and whether opening a page would extend it."""
    session = request.session
    now = time.time()
    steps = steps_in(session)
    began = steps[0]["at"] if steps else now
    idle_end = session.get(SEEN, now) + IDLE_LIMIT
    session_end = began + SESSION_LIMIT
    seconds = int(min(idle_end, session_end) - now)
    return {"seconds": max(0, seconds), "can_stay": session_end > idle_end}


def steps_in(session: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the steps by which the session's user signed in, oldest first."""
    return session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])


def has_second_step(request: HttpRequest) -> bool:
    """Return whether the user has completed a second step, or needs none."""
    return any(step["method"] in SECOND_STEPS for step in _steps(request)) or is_exempt(request.user)


def note_second_step(request: HttpRequest, kind: str) -> None:
    """Count a second step that was just set up as completed, and give the session a new key."""
    added = Authenticator.objects.filter(user=request.user, type=kind).latest("pk")
    post_authentication(request, added, reauthenticated=True)
    request.session.cycle_key()


def is_exempt(user: Any) -> bool:
    """Return whether the account belongs to the example, on a portal that is only being tried out."""
    return user.is_example and settings.TRYING_OUT


def pending_sign_in_step(request: HttpRequest) -> str:
    """Return the URL name of the page that the user has to complete before any other; "" when there is none."""
    if request.user.must_choose_password:
        return "new_password"
    return "" if has_second_step(request) else "own_account"


def url_names_allowed_during(step: str) -> set[str]:
    """Return the URL names that are open to a user who still has to complete this step."""
    allowed = {"sign_out", step}
    if step == "own_account":
        allowed |= {"account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn"}
        allowed |= {"openid_connect_login", "openid_connect_callback"}
    return allowed


def _steps(request: HttpRequest) -> list[dict[str, Any]]:
    return get_authentication_records(request, request.user)
