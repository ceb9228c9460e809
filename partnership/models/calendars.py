"""The secret address of a person's calendar feed."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date

from django.db import models
from django.db.models import Q


class CalendarFeed(models.Model):
    """An address that shows a person's dates to their calendar, which cannot sign in. Whoever has it reads them.

    Only a digest of the secret is kept, so the address is shown once, when it is made. A person has one; making
    another, or revoking it, ends the one before at once.
    """

    user = models.ForeignKey("partnership.User", models.PROTECT, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_on = models.DateField()
    revoked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_on__isnull=True), name="one_calendar_feed_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"Calendar feed of {self.user}"

    @staticmethod
    def digest_of(secret: str) -> str:
        """What is kept of a secret. It is long and random, so a plain digest cannot be guessed back."""
        return hashlib.sha256(secret.encode()).hexdigest()

    @classmethod
    def make(cls, user: models.Model, *, on: date) -> str:
        """Make the person's feed, ending the one before; the secret part of its address."""
        cls.revoke(user, on=on)
        secret = secrets.token_urlsafe(32)
        cls.objects.create(user=user, digest=cls.digest_of(secret), made_on=on)
        return secret

    @classmethod
    def revoke(cls, user: models.Model, *, on: date) -> None:
        """End the person's feed, if there is one."""
        cls.objects.filter(user=user, revoked_on__isnull=True).update(revoked_on=on)

    @classmethod
    def of_secret(cls, secret: str) -> CalendarFeed | None:
        """The feed behind an address; ``None`` for a wrong or revoked one, or one of an account that is closed."""
        found = cls.objects.filter(digest=cls.digest_of(secret), revoked_on__isnull=True, user__is_active=True)
        return found.select_related("user").first()
