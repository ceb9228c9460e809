"""Forms that were sent after the person's sign-in had ended: kept for an hour, for that person alone."""

from __future__ import annotations

from django.db import models


class KeptForm(models.Model):
    """What a person typed into a form and could not save because they were signed out. Not a record.

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
