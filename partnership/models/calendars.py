"""The secret address of a person's calendar feed."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q


class CalendarFeed(models.Model):
    """An address that shows a person's dates to their calendar, which cannot sign in. Whoever has it reads them.

    Only a digest of the secret is kept, so the address is shown once, when it is made. A person has one; making
    another, or revoking it, ends the one before at once. So does whatever ends the person's sign-ins: a new password, a
    sign-in that was reset, a link to the council's account, an account that is closed, and the end of the roles that
    they held when it was made.
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
    def open_on(cls, on: date) -> models.QuerySet[CalendarFeed]:
        """Return the feeds that may be read on a day."""
        memberships = apps.get_model("partnership", "Membership").objects
        held_since = memberships.holding(on).filter(user=OuterRef("user"), from_on__lte=OuterRef("made_on"))
        return cls.objects.filter(Exists(held_since), revoked_on__isnull=True, user__is_active=True)

    @classmethod
    def of_secret(cls, secret: str, *, on: date) -> CalendarFeed | None:
        """Return the feed behind an address; ``None`` for a wrong one, and for one that may not be read that day."""
        return cls.open_on(on).filter(digest=cls.digest_of(secret)).select_related("user").first()
