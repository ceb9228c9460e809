"""Sign-ins under way: Django's sessions, with whose each is."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class SignIn(AbstractBaseSession):
    """A browser's session in the database. Not a record: `clearsessions` clears away those that have ended.

    ``session_key`` is the SHA-256 of the key in the browser's cookie, and ``session_data`` is encrypted: whoever reads
    the table or a backup can neither continue a session nor read what it holds.
    """

    rows_are_deleted = True

    session_key = models.CharField("digest of the session key", max_length=64, primary_key=True)
    account = models.ForeignKey("partnership.User", on_delete=models.PROTECT, null=True, related_name="sign_ins")

    @classmethod
    def get_session_store_class(cls) -> type:
        """What reads and writes it."""
        from partnership.door.session_store import SessionStore  # noqa: PLC0415 -- it names this model

        return SessionStore
