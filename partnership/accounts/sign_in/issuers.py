"""Which councils' sign-ins are let in: `OIDC_PROVIDERS`, read by the settings, so nothing here may need them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

WANTED = {"id", "name", "issuer", "client_id", "secret"}
PERHAPS = {"acr", "amr"}  # how strong a sign-in there has to be, as its tokens say it
ANY_TENANT = {"common", "organizations", "consumers"}  # Entra's names for "whoever comes"
HERE = {"127.0.0.1", "localhost"}


def providers(rows: list[dict[str, str]]) -> dict[str, Any]:
    """`OIDC_PROVIDERS` as allauth's `SOCIALACCOUNT_PROVIDERS` wants it. Raises ``ImproperlyConfigured``."""
    for row in rows:
        if not isinstance(row, dict) or not WANTED <= set(row) <= WANTED | PERHAPS or not all(row.values()):
            raise ImproperlyConfigured(
                "Each of OIDC_PROVIDERS needs id, name, issuer, client_id, secret, perhaps acr or amr; nothing else."
            )
        if not re.fullmatch(r"[a-z0-9-]+", row["id"]):
            raise ImproperlyConfigured("The id in OIDC_PROVIDERS is part of an address: a-z, 0-9 and - only.")
        check_issuer(row["issuer"])
    apps = [
        {
            "provider_id": row["id"],
            "name": row["name"],
            "client_id": row["client_id"],
            "secret": row["secret"],
            "settings": {
                "server_url": row["issuer"].rstrip("/"),
                "uid_field": "issuer_and_subject",
                "fetch_userinfo": False,
                "oauth_pkce_enabled": True,
                "acr": row.get("acr", ""),
                "amr": row.get("amr", ""),
            },
        }
        for row in rows
    ]
    return {"openid_connect": {"APPS": apps}}


def check_issuer(issuer: str) -> None:
    """One tenant, over HTTPS. Raises ``ImproperlyConfigured``."""
    address = urlsplit(issuer)
    if address.scheme != "https" and address.hostname not in HERE:
        raise ImproperlyConfigured(f"The issuer {issuer} in OIDC_PROVIDERS must begin with https://.")
    if ANY_TENANT & {*address.path.split("/")}:
        raise ImproperlyConfigured(f"The issuer {issuer} in OIDC_PROVIDERS stands for any tenant. Name one tenant.")
