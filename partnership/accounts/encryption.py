"""Encryption of what the database must not hold in clear, with keys derived from `SECRET_KEY` and its fallbacks."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def keys(purpose: str) -> MultiFernet:
    """Return the cipher for one purpose: it encrypts under `SECRET_KEY` and decrypts under the fallbacks too."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"{purpose} {secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
