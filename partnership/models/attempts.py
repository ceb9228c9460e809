"""Tries at a password or a code, counted so that nobody can go on guessing."""

from django.db import models


class Attempt(models.Model):
    """One try, under the checksum of what it is counted by. Not a record: it is cleared away after an hour."""

    rows_are_deleted = True

    key = models.CharField(max_length=64, help_text="Checksum of account and address, so that neither stands here.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="attempt_key_at"), models.Index("at", name="attempt_at")]

    def __str__(self) -> str:
        return f"{self.key[:8]}, {self.at:%H:%M:%S}"
