"""allauth adapters: no sign-up, no e-mail, encrypted TOTP secrets."""

from __future__ import annotations

import base64
import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from partnership.accounts import kept_forms
from partnership.accounts.encryption import keys
from partnership.accounts.sign_in import sessions
from partnership.accounts.sign_in.active_sessions import remember_device
from partnership.accounts.sign_in.addresses import address_of
from partnership.accounts.sign_in.provider_requests import BoundedSession, note_failure
from partnership.governance import first_steps

logger = logging.getLogger("partnership.accounts.sign_in")

PURPOSE = "second step"

NOT_LINKED = (
    "That account of your council is not linked to one here. Sign in with the user name and password you were given,"
    " then link it on the page “Your sign-in”. If you have none, ask your council's administrator."
)
NOT_SIGNED_IN = "Your council's sign-in did not let you in, or you stopped it. Try again, or ask your council's IT."


class AccountAdapter(DefaultAccountAdapter):
    """Adapter of accounts, which only administrators create."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: the portal's pages show messages of their own."""

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Log the sign-in and its steps. Without a second step, only the pages for setting one up are open."""
        steps = [record.get("type", record["method"]) for record in get_authentication_records(request, user)]
        remember_device(request)
        logger.info("Signed in: account %s from %s by %s", user.pk, address_of(request), " and ".join(steps))
        if kept_forms.note_in_session(request):
            kwargs["redirect_url"] = reverse("kept_forms")
        return super().post_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the home page, or the page of first steps for whoever begins to set up a council."""
        return reverse("first_steps" if first_steps.are_to_begin(request.user) else "home")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Refuse an account that is no longer active, also by a council's sign-in."""
        logger.warning("Sign-in refused: account %s from %s is not active", user.pk, address_of(request))
        return _redirect_with_error(request, NOT_LINKED).response

    def is_safe_url(self, url: str) -> bool:
        """Return whether a redirect stays on the host of the request. Other `ALLOWED_HOSTS` do not count."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether changing a sign-in method needs reauthentication; setting up the first second step does not.

        Linking a council's account asks for it in `council_sign_in`, before the user leaves for the council.
        """
        return app != "allauth.socialaccount" and sessions.has_second_step(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """Return the password and the second step. Users without a password here have nothing to change here."""
        pages = ("account_reauthenticate", "mfa_reauthenticate")
        return [{"id": name, "url": reverse(name), "description": ""} for name in pages]


class SecondStepAdapter(DefaultMFAAdapter):
    """Adapter of second steps. It encrypts TOTP secrets, so that a copy of the database alone yields no codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Add another second step before you remove this one.",
        "incorrect_code": "That code is not right, or was used before. Wait for the next one and enter it.",
    }

    def get_totp_label(self, user: Any) -> str:
        return user.username

    def get_totp_issuer(self) -> str:
        return f"Partnership portal, {self._get_site_name()}"

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        """Return the name of a passkey that its user did not name."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def encrypt(self, text: str) -> str:
        return keys(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; when its encryption key is no longer configured, a random one, which no code matches."""
        try:
            return keys(PURPOSE).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(Fernet.generate_key()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether the user has another second step; without one the portal would ask for a new one at once."""
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        others = Authenticator.objects.filter(user=authenticator.user, type__in=kinds).exclude(pk=authenticator.pk)
        return others.exists()


class CouncilAccountAdapter(DefaultSocialAccountAdapter):
    """Adapter of councils' accounts. They sign in to the account that they are linked to and create none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuse a council's account that is not linked, unless the user is linking it."""
        if not sociallogin.is_existing and sociallogin.state.get("process") != "connect":
            note_failure(request, sociallogin.account.provider, "The council's account is not linked to one here.")
            raise _redirect_with_error(request, NOT_LINKED)

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """Do nothing: another tenant may claim the same e-mail address."""

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **kwargs: Any
    ) -> None:
        """Log the reason for the failure and show a general sentence to the user."""
        error_code = request.GET.get("error", "")[:100]
        if exception:
            reason = exception
        elif error_code:
            reason = f"The provider answers “{error_code}”."
        else:
            reason = f"The sign-in was not under way here ({error})."
        note_failure(request, provider.app.provider_id, reason)
        raise _redirect_with_error(request, NOT_SIGNED_IN)

    def get_requests_session(self) -> Any:
        """Return the session for requests to providers, which follows no redirect and limits what it reads."""
        return BoundedSession()

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("own_account")


def _redirect_with_error(request: HttpRequest, sentence: str) -> ImmediateHttpResponse:
    messages.error(request, sentence)
    return ImmediateHttpResponse(redirect("own_account" if request.user.is_authenticated else "sign_in"))
