"""Taking a published paper down: the files stay in the archive, and no page gives them out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from partnership.accounts import permissions
from partnership.accounts.roles import Permission
from partnership.records.record import Record, RecordQuerySet
from partnership.records.refusals import Refusal, not_by_you
from reviews.models.editions import Edition
from reviews.models.reviews import Review


class TakedownQuerySet(RecordQuerySet):
    """Takedowns, by whether they were confirmed."""

    def open(self) -> TakedownQuerySet:
        """Return the proposals that wait for a second person."""
        return self.active().filter(outcome="")

    def confirmed(self) -> TakedownQuerySet:
        """Return the takedowns that are in force."""
        return self.active().filter(outcome=Takedown.Outcome.CONFIRMED)


class Takedown(Record):
    """A proposal to take a published edition down, for example because it holds personal data by mistake.

    A second person confirms or refuses it. A confirmed one stays: what replaces the edition is published as a
    correction.
    """

    scope = "review__partnership"
    view_permission = Permission.PUBLISH
    edit_permission = Permission.PUBLISH

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        REFUSED = "refused", "Refused"

    review = models.ForeignKey(Review, models.PROTECT, related_name="takedowns")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="takedowns")
    statement = models.TextField(
        "what the page says in its place",
        max_length=1000,
        help_text="Anybody can read this. Do not repeat what should not have been published.",
    )
    proposed_by = models.ForeignKey("partnership.User", models.PROTECT, related_name="+")
    settled_by = models.ForeignKey("partnership.User", models.PROTECT, null=True, blank=True, related_name="+")
    settled_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    objects = TakedownQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["review", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(withdrawn_on__isnull=True) & ~Q(outcome="refused"),
                name="one_takedown_for_each_edition",
                violation_error_message="This edition is taken down already, or a proposal to do so is waiting.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_by__isnull=True, settled_on__isnull=True)
                | ~Q(outcome="") & Q(settled_by__isnull=False, settled_on__isnull=False),
                name="takedown_settled_by_somebody",
                violation_error_message="Say who settled the proposal, and when.",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("proposed_by")),
                name="takedown_takes_two",
                violation_error_message="It takes a second person to settle what somebody proposed.",
            ),
        ]

    def __str__(self) -> str:
        return f"Takedown of {self.edition}"

    @property
    def is_in_force(self) -> bool:
        return self.outcome == self.Outcome.CONFIRMED and not self.is_withdrawn

    def why_not_settle(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not settle it: somebody else than who proposed it does."""
        refusal = permissions.why_not(by, Permission.PUBLISH, self)
        if not refusal and (self.outcome or self.is_withdrawn):
            refusal = Refusal("Somebody has settled this proposal already.")
        elif not refusal and by.pk == self.proposed_by_id:
            refusal = not_by_you("It takes a second person to settle what you proposed.")
        return refusal

    def clean(self) -> None:
        if self.edition_id and self.edition.review_id != self.review_id:
            raise ValidationError({"edition": "Choose an edition of this review."})
        if self.is_withdrawn and self.outcome:
            raise ValidationError("A takedown that was settled stays. Publish a correction instead.")
