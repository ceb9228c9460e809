"""What was blanked on schedule, so that it is remembered that something stood there."""

from django.db import models

from partnership.chain import Sealed
from partnership.models.people import User


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
