"""Sign-in with a council's own account over OpenID Connect, such as Entra ID, configured by settings alone.

Only the issuers named in `OIDC_PROVIDERS` are accepted. A user is identified by issuer and subject, never by e-mail
address, which another tenant may claim. Signing in this way creates no account: an administrator creates it, and its
user links it while signed in.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

ID_TOKEN_TYPES = {None, "JWT"}  # the header of access and logout tokens has another type
REQUIRED_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nonce"]
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
CLOCK_LEEWAY = 60  # seconds by which the provider's clock may be ahead or behind


class CouncilOIDCAdapter(OpenIDConnectOAuth2Adapter):
    """The adapter of one council's provider. It checks ID tokens against the provider's keys and the allowed issuer."""

    nonce = ""  # the nonce sent with this sign-in; set by the callback view

    def get_provider(self) -> CouncilProvider:
        return CouncilProvider(self.request, app=super().get_provider().app)

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the provider's configuration. Raises ``OAuth2Error`` when it names another issuer."""
        if not hasattr(self, "_openid_config"):
            provider = self.get_provider()
            self._openid_config = _fetch_json(provider.server_url)
        config = self._openid_config
        allowed = self.get_provider().app.settings["server_url"]
        if str(config.get("issuer", "")).rstrip("/") != allowed:
            raise OAuth2Error("The provider says that it is another issuer.")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(config.get(name), str):
                raise OAuth2Error(f"The provider's configuration has no {name}.")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Return the sign-in of the user whom the ID token names. Raises ``OAuth2Error`` without an ID token."""
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str) or not id_token:
            raise OAuth2Error("The provider's answer has no ID token.")
        claims = self._decode_id_token(app, id_token)
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def parse_token(self, data: dict[str, Any]) -> Any:
        """Return the access token without its expiry: the portal does not use it."""
        return super().parse_token({"access_token": str(data["access_token"])})

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the token endpoint's response. Raises ``OAuth2Error`` when it holds no token."""
        try:
            response = super().get_access_token_data(*args, **kwargs)
        except OAuth2Error as error:
            # allauth's message quotes the whole response, which may contain a secret.
            raise OAuth2Error("The provider gave no token for the code.") from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("The provider's answer is not as the standard says.") from error
        if not isinstance(response, dict):
            raise OAuth2Error("The provider's answer is not a JSON object.")
        return response

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """Return the user's issuer and subject. Raises ``OAuth2Error`` with the reason for refusing the token."""
        claims = self._verified_claims(app, id_token)
        allowed = app.settings["server_url"]
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise OAuth2Error("The token names no subject.")
        if not is_for_client(claims, app.client_id):
            raise OAuth2Error("The token is for another audience.")
        if not is_of_tenant(claims, allowed):
            raise OAuth2Error("The token is of another tenant.")
        if not self.nonce or not constant_time_compare(str(claims["nonce"]), self.nonce):
            raise OAuth2Error("The token was made for another sign-in.")
        if not is_strong_enough(claims, app.settings):
            raise OAuth2Error("The sign-in at the council was not as strong as it has to be.")
        # Only what identifies the user; nothing else from the token is stored.
        return {"issuer_and_subject": f"{allowed} {claims['sub']}"}

    def _verified_claims(self, app: Any, id_token: str) -> dict[str, Any]:
        """Return the claims of a token whose signature, issuer and times are right. Raises ``OAuth2Error``."""
        try:
            header = jwt.get_unverified_header(id_token)
            if header.get("typ") not in ID_TOKEN_TYPES:
                raise OAuth2Error("The token is none that says who somebody is.")
            if header["alg"] not in ALGORITHMS:
                raise OAuth2Error("The token is not signed in a way that the portal takes.")
            key = _signing_key(_fetch_json(self.openid_config["jwks_uri"]), header)
            return jwt.decode(
                id_token,
                key=key,
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCK_LEEWAY,
                options={"require": REQUIRED_CLAIMS},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"The token is refused: {error}") from error
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise OAuth2Error("The token is not one that can be checked.") from error


def _fetch_json(address: str) -> dict[str, Any]:
    """Return the JSON object at a provider's address. Raises ``OAuth2Error`` and ``RequestException``."""
    with get_adapter().get_requests_session() as session:
        response = session.get(address)
    response.raise_for_status()
    try:
        content = response.json()
    except ValueError as error:
        raise OAuth2Error("The provider's answer is not JSON.") from error
    if not isinstance(content, dict):
        raise OAuth2Error("The provider's answer is not a JSON object.")
    return content


def _signing_key(keys: dict[str, Any], header: dict[str, Any]) -> Any:
    """Return the provider's public key that the token names. Raises ``OAuth2Error`` when there is none."""
    for key in keys["keys"]:
        if key.get("kid") == header.get("kid") and key.get("kty") in ("RSA", "EC"):
            return jwt.PyJWK.from_json(json.dumps(key), algorithm=header["alg"]).key
    raise OAuth2Error("The token is signed with a key that the provider does not publish.")


def is_for_client(claims: dict[str, Any], client_id: str) -> bool:
    """Return whether the token is for this portal: as the only audience, or as the authorised party of several."""
    audience = claims["aud"]
    audiences = [audience] if isinstance(audience, str) else audience
    if client_id not in audiences:
        return False
    if "azp" in claims:
        return claims["azp"] == client_id
    return len(audiences) == 1


def is_of_tenant(claims: dict[str, Any], issuer: str) -> bool:
    """Return whether the tenant, where the token names one, is a whole part of the issuer's address."""
    if "tid" not in claims:
        return True
    tenant = claims["tid"]
    return isinstance(tenant, str) and bool(tenant) and tenant in issuer.split("/")


class CouncilProvider(OpenIDConnectProvider):
    """The provider that sends a nonce with each sign-in. The ID token has to carry the same nonce."""

    oauth2_adapter_class = CouncilOIDCAdapter

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Return what is sent to the provider. allauth would also accept scope and parameters from the query string."""
        nonce = secrets.token_urlsafe(24)
        parameters = {"nonce": nonce}
        acr = self.app.settings["acr"]
        if acr:
            parameters["acr_values"] = acr
        defaults = super().get_redirect_from_request_kwargs(request)
        return defaults | {"scope": self.get_scope(), "auth_params": parameters, "nonce": nonce}


class CouncilOIDCCallbackView(OAuth2CallbackView):
    """The callback view. It takes the nonce from the state that was stored when the sign-in began."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        state, refused = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, refused


def is_strong_enough(claims: dict[str, Any], required: dict[str, str]) -> bool:
    """Return whether the token names the class (`acr`) and a method (`amr`) that `OIDC_PROVIDERS` requires."""
    if required["acr"] and claims.get("acr") not in required["acr"].split():
        return False
    if not required["amr"]:
        return True
    methods = claims.get("amr")
    return isinstance(methods, list) and required["amr"] in methods
