"""Rows that the portal stores for itself: sessions, attempts to sign in, forms, calendar addresses, redactions."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Exists, OuterRef, Q

from partnership.audit.log import Sealed
from partnership.models.people import User


class Attempt(models.Model):
    """An attempt to sign in or a costly request. Not a record: it is deleted after an hour."""

    rows_are_deleted = True

    key = models.CharField(max_length=64, help_text="Checksum of account and address, so that neither stands here.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="attempt_key_at"), models.Index("at", name="attempt_at")]

    def __str__(self) -> str:
        return f"{self.key[:8]}, {self.at:%H:%M:%S}"


class SignIn(AbstractBaseSession):
    """A browser's session. Not a record: `clearsessions` deletes those that have ended.

    ``session_key`` is the SHA-256 of the key in the browser's cookie and ``session_data`` is encrypted. A reader of
    the table or of a backup can neither take over a session nor read its data.
    """

    rows_are_deleted = True

    session_key = models.CharField("digest of the session key", max_length=64, primary_key=True)
    account = models.ForeignKey("partnership.User", on_delete=models.PROTECT, null=True, related_name="sign_ins")

    @classmethod
    def get_session_store_class(cls) -> type:
        return import_module(settings.SESSION_ENGINE).SessionStore


class Submission(models.Model):
    """A form that was sent and where it led. Not a record: `clearsessions` deletes it after 90 days."""

    rows_are_deleted = True

    token = models.CharField(max_length=43, unique=True, help_text="Drawn when the form was shown.")
    led_to = models.CharField(max_length=300, help_text="The address the person was sent to.")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.led_to


class Redaction(Sealed, models.Model):
    """Personal fields of one record, blanked in the record and in its history: what, why, by whom. Append-only.

    UK GDPR article 5(1)(e): what names people is kept no longer than it is needed.
    """

    sealed_fields = ("register", "record_id", "fields", "versions", "reason", "by_id", "by_name", "on")

    register = models.CharField(max_length=100)
    record_id = models.BigIntegerField()
    fields = models.JSONField(help_text="The names of the fields that were blanked.")
    versions = models.PositiveIntegerField(help_text="How many rows of the history it was blanked in.")
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    on = models.DateField()

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.register} {self.record_id}, {self.on}"


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
        """Return the digest of a secret, which is long and random: a plain digest cannot be guessed back."""
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


class KeptForm(models.Model):
    """A form that a person typed and could not save because they were signed out. Not a record.

    It is deleted when the form is saved after all, when the person discards it, and after an hour.
    """

    rows_are_deleted = True

    person = models.ForeignKey("partnership.User", on_delete=models.PROTECT, related_name="kept_forms")
    path = models.TextField(help_text="The address the form was sent to, with its query.")
    typed = models.TextField(help_text="The fields as JSON, encrypted: they may hold pay or exempt text.")
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ("-kept_at", "-pk")
        indexes = [models.Index("kept_at", name="kept_form_at")]

    def __str__(self) -> str:
        return self.path
