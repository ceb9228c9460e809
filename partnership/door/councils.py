"""The councils' own accounts over OpenID Connect (Entra ID and its like), by settings alone.

Each issuer is named in full, so a tenant that is not on the list does not exist here. A person is known by issuer and
subject, never by an e-mail address, which another tenant may claim. Nobody becomes an account by coming this way: an
administrator has made it, and its owner linked it while signed in.
"""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter


class CouncilDoor(OpenIDConnectOAuth2Adapter):
    """One council's provider: its tokens are checked here against its own keys and the one issuer that is allowed."""

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        self.did_fetch_access_token = False  # so that the signature is checked, however the token came
        try:
            claims = super()._decode_id_token(app, id_token)
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("The token is not one that can be checked.") from error
        allowed = app.settings["server_url"]
        if claims["iss"].rstrip("/") != allowed or claims.get("tid", allowed) not in allowed or not claims.get("sub"):
            raise OAuth2Error("The token is not from the issuer on the list.")
        # What the portal knows the person by, and nothing else of what the token says about them.
        return {"issuer_and_subject": f"{allowed} {claims['sub']}"}
