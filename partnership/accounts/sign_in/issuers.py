"""Parses `OIDC_PROVIDERS`. Imported by settings.py, so it must not import settings."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

REQUIRED = {"id", "name", "issuer", "client_id", "secret"}
OPTIONAL = {"acr", "amr"}  # how strong the sign-in at the council has to be, as its tokens say it
ANY_TENANT = {"common", "organizations", "consumers"}  # Entra's names for "any tenant"
LOCAL_HOSTS = {"127.0.0.1", "localhost"}


def providers(rows: list[dict[str, str]]) -> dict[str, Any]:
    """Return allauth's `SOCIALACCOUNT_PROVIDERS` for `OIDC_PROVIDERS`. Raises ``ImproperlyConfigured``."""
    for row in rows:
        check_row(row)
    return {"openid_connect": {"APPS": [app_of(row) for row in rows]}}


def app_of(row: dict[str, str]) -> dict[str, Any]:
    """Return one council's provider as allauth's settings describe it."""
    return {
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


def check_row(row: dict[str, str]) -> None:
    """Check one row of `OIDC_PROVIDERS`. Raises ``ImproperlyConfigured``."""
    if not isinstance(row, dict) or not REQUIRED <= set(row) <= REQUIRED | OPTIONAL or not all(row.values()):
        raise ImproperlyConfigured(
            "Each of OIDC_PROVIDERS needs id, name, issuer, client_id, secret, perhaps acr or amr; nothing else."
        )
    if not re.fullmatch(r"[a-z0-9-]+", row["id"]):
        raise ImproperlyConfigured("The id in OIDC_PROVIDERS is part of an address: a-z, 0-9 and - only.")
    check_issuer(row["issuer"])


def check_issuer(issuer: str) -> None:
    """Check that an issuer is one tenant and uses HTTPS. Raises ``ImproperlyConfigured``."""
    address = urlsplit(issuer)
    if address.scheme != "https" and address.hostname not in LOCAL_HOSTS:
        raise ImproperlyConfigured(f"The issuer {issuer} in OIDC_PROVIDERS must begin with https://.")
    if ANY_TENANT & {*address.path.split("/")}:
        raise ImproperlyConfigured(f"The issuer {issuer} in OIDC_PROVIDERS stands for any tenant. Name one tenant.")
