"""Sessions in the database, each with the account that it is of: what `SESSION_ENGINE` names."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from partnership.models import SignIn


class SessionStore(DatabaseStore):
    """Django's own, in a table that can be asked for one person's sessions."""

    @classmethod
    def get_model_class(cls) -> type[SignIn]:
        return SignIn

    def create_model_instance(self, data: dict[str, Any]) -> SignIn:
        row = super().create_model_instance(data)
        row.account_id = data.get(SESSION_KEY)
        return row
