"""Sign-ins under way: Django's sessions, with whose each is."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class SignIn(AbstractBaseSession):
    """A browser's session in the database. Not a record: `clearsessions` clears away those that have ended."""

    account = models.ForeignKey("partnership.User", on_delete=models.PROTECT, null=True, related_name="sign_ins")

    @classmethod
    def get_session_store_class(cls) -> type:
        """What reads and writes it."""
        from partnership.door.session_store import SessionStore  # noqa: PLC0415 -- it names this model

        return SessionStore
