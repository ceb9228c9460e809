"""The councils' own accounts over OpenID Connect (Entra ID and its like), by settings alone.

Each issuer is named in full, so a tenant that is not on the list does not exist here. A person is known by issuer and
subject, never by an e-mail address, which another tenant may claim. Nobody becomes an account by coming this way: an
administrator has made it, and its owner linked it while signed in.
"""

from __future__ import annotations

import secrets
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

ID_TOKEN = {None, "JWT"}  # what an ID token says it is; access and logout tokens say something else


class CouncilDoor(OpenIDConnectOAuth2Adapter):
    """One council's provider: its tokens are checked here against its own keys and the one issuer that is allowed."""

    nonce = ""  # what was sent along when this person was led away

    def get_provider(self) -> CouncilProvider:
        return CouncilProvider(self.request, app=super().get_provider().app)

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises ``OAuth2Error`` when it says that it is another."""
        found = super().openid_config
        allowed = self.get_provider().app.settings["server_url"]
        if str(found.get("issuer", "")).rstrip("/") != allowed:
            raise OAuth2Error("The provider says that it is another issuer.")
        return found

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        self.did_fetch_access_token = False  # so that the signature is checked, however the token came
        try:
            claims = super()._decode_id_token(app, id_token)
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("The token is not one that can be checked.") from error
        allowed = app.settings["server_url"]
        if claims["iss"].rstrip("/") != allowed or claims.get("tid", allowed) not in allowed or not claims.get("sub"):
            raise OAuth2Error("The token is not from the issuer on the list.")
        if jwt.get_unverified_header(id_token).get("typ") not in ID_TOKEN:  # its signature was checked above
            raise OAuth2Error("The token is none that says who somebody is.")
        if not self.nonce or not constant_time_compare(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("The token was made for another sign-in.")
        if not is_strong_enough(claims, app.settings):
            raise OAuth2Error("The sign-in at the council was not as strong as it has to be.")
        # What the portal knows the person by, and nothing else of what the token says about them.
        return {"issuer_and_subject": f"{allowed} {claims['sub']}"}


class CouncilProvider(OpenIDConnectProvider):
    """Leads people away with a word of their own, which has to come back in their token."""

    oauth2_adapter_class = CouncilDoor

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """What is sent along is said here alone; allauth would also take it from the address that was asked."""
        nonce, acr = secrets.token_urlsafe(24), self.app.settings["acr"]
        sent = {"nonce": nonce} | ({"acr_values": acr} if acr else {})
        given = super().get_redirect_from_request_kwargs(request)
        return given | {"scope": self.get_scope(), "auth_params": sent, "nonce": nonce}


class CouncilReturn(OAuth2CallbackView):
    """Back from the council, with what was kept when the person was led away."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        state, refused = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, refused


def is_strong_enough(claims: dict[str, Any], wanted: dict[str, str]) -> bool:
    """Whether the token says what `OIDC_PROVIDERS` wants of the sign-in: its class (`acr`), its means (`amr`)."""
    if wanted["acr"] and claims.get("acr") not in wanted["acr"].split():
        return False
    return not wanted["amr"] or wanted["amr"] in (claims.get("amr") or [])
