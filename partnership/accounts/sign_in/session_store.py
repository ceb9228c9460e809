"""The session engine (`SESSION_ENGINE`): encrypted sessions in the database, each with its account."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from partnership.accounts.encryption import keys
from partnership.models import SignIn

PURPOSE = "session"


class SessionStore(DatabaseStore):
    """Django's database store, keyed by a digest of the session key, with encrypted data and the user's account."""

    @classmethod
    def get_model_class(cls) -> type[SignIn]:
        return SignIn

    @property
    def stored_key(self) -> str | None:
        """Return the primary key of the session's row; ``None`` before it is saved."""
        return digest_of(self.session_key) if self.session_key else None

    def create_model_instance(self, data: dict[str, Any]) -> SignIn:
        row = super().create_model_instance(data)
        row.session_key = digest_of(row.session_key)
        row.account_id = data.get(SESSION_KEY)
        return row

    def _get_session_from_db(self) -> SignIn | None:
        # Django's own would look up the key itself.
        row = self.model.objects.filter(session_key=self.stored_key, expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        return row

    async def acreate_model_instance(self, data: dict[str, Any]) -> SignIn:
        # Django's own would store the session key in clear.
        raise NotImplementedError("The portal is served over WSGI, so nothing writes a session asynchronously.")

    def exists(self, session_key: str) -> bool:
        return super().exists(digest_of(session_key))

    def delete(self, session_key: str | None = None) -> None:
        session_key = session_key or self.session_key
        if session_key:
            super().delete(digest_of(session_key))

    def encode(self, session_dict: dict[str, Any]) -> str:
        return keys(PURPOSE).encrypt(self.serializer().dumps(session_dict)).decode()

    def decode(self, session_data: str) -> dict[str, Any]:
        """Return the session's data; empty when it was encrypted under a key that is no longer configured."""
        try:
            return self.serializer().loads(keys(PURPOSE).decrypt(session_data.encode()))
        except (InvalidToken, ValueError):
            return {}


def digest_of(session_key: str) -> str:
    """Return the SHA-256 of a session key. The key is long and random, so it cannot be guessed from its digest."""
    return hashlib.sha256(session_key.encode()).hexdigest()
