"""How django-allauth is bent to this portal: nobody signs up, nothing is sent, secrets are kept under a key."""

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
    """Accounts are made by administrators alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The portal's pages say themselves what happened."""

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Note in the log who came in, and by which steps; without a second one every page but its choice is shut."""
        steps = [record.get("type", record["method"]) for record in get_authentication_records(request, user)]
        remember_device(request)
        logger.info("Signed in: account %s from %s by %s", user.pk, address_of(request), " and ".join(steps))
        if kept_forms.note_in_session(request):
            kwargs["redirect_url"] = reverse("kept_forms")
        return super().post_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home; the first steps while they are to be taken."""
        return reverse("first_steps" if first_steps.are_to_begin(request.user) else "home")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Whoever left comes in by no door."""
        logger.warning("Sign-in refused: account %s from %s is not active", user.pk, address_of(request))
        return _back_to_the_door(request, NOT_LINKED).response

    def is_safe_url(self, url: str) -> bool:
        """Only this very host, not others of `ALLOWED_HOSTS`."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask again who it is before one changes how one signs in; not while the first step is chosen.

        Before a link to a council's account it is asked on the way there (`council_sign_in`), not on the way back.
        """
        return app != "allauth.socialaccount" and sessions.has_second_step(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """By password and then the second step; who has no password here changes nothing here."""
        pages = ("account_reauthenticate", "mfa_reauthenticate")
        return [{"id": name, "url": reverse(name), "description": ""} for name in pages]


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are encrypted, so that a copy of the database alone gives no codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Add another second step before you remove this one.",
        "incorrect_code": "That code is not right, or was used before. Wait for the next one and enter it.",
    }

    def get_totp_label(self, user: Any) -> str:
        return user.username

    def get_totp_issuer(self) -> str:
        return f"Partnership portal, {self._get_site_name()}"

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        """What a passkey is called by whoever gives it no name."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def encrypt(self, text: str) -> str:
        return keys(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that no code fits when the key that it was kept under is gone."""
        try:
            return keys(PURPOSE).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(Fernet.generate_key()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one: the portal would at once ask for another."""
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        others = Authenticator.objects.filter(user=authenticator.user, type__in=kinds).exclude(pk=authenticator.pk)
        return others.exists()


class CouncilAccountAdapter(DefaultSocialAccountAdapter):
    """A council's account opens the account it was linked to, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Turn away who is not linked, unless they are just linking."""
        if not sociallogin.is_existing and sociallogin.state.get("process") != "connect":
            note_failure(request, sociallogin.account.provider, "The council's account is not linked to one here.")
            raise _back_to_the_door(request, NOT_LINKED)

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """Never: an address is what a provider says of a person, not who they are."""

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **kwargs: Any
    ) -> None:
        """Tell the person in a sentence, and the log exactly what went wrong."""
        said = request.GET.get("error", "")[:100]
        answer = f"The provider answers “{said}”." if said else f"The sign-in was not under way here ({error})."
        note_failure(request, provider.app.provider_id, exception or answer)
        raise _back_to_the_door(request, NOT_SIGNED_IN)

    def get_requests_session(self) -> Any:
        """Return what asks a council's provider: it goes nowhere else, and reads so much and no more."""
        return BoundedSession()

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("own_account")


def _back_to_the_door(request: HttpRequest, sentence: str) -> ImmediateHttpResponse:
    messages.error(request, sentence)
    return ImmediateHttpResponse(redirect("own_account" if request.user.is_authenticated else "sign_in"))
