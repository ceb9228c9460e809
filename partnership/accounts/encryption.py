"""Keys for what the database keeps encrypted: made from `SECRET_KEY` and its fallbacks."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def keys(purpose: str) -> MultiFernet:
    """Return what encrypts for one purpose under the present key, and decrypts under any that is named."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"{purpose} {secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
