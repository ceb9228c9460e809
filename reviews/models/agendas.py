"""Agenda items: the reviews and business cases that a meeting takes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from business_cases.models import BusinessCase
from partnership.models.bodies import BodyRecord, only_insiders
from partnership.models.decisions import Decision, decided_in_private
from partnership.models.meetings import Meeting
from partnership.records.record import RecordQuerySet
from reviews.models.reviews import Review


class AgendaItemQuerySet(RecordQuerySet):
    """Agenda items."""

    def visible_to(self, user: Any) -> AgendaItemQuerySet:
        """The items the person may see: of drafts, and of what is dealt with in private, only readers of those."""
        private = Q(meeting__access="private") | Q(review__isnull=False) | decided_in_private("decision__")
        return only_insiders(super().visible_to(user), user, private)


class AgendaItem(BodyRecord):
    """That a meeting takes a review or a business case, and what it decided on it.

    A case goes from the working group by the joint committee to each executive; a review takes the same way.
    """

    scope = "meeting__body__partnership"

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="agenda_items", help_text="The meeting that it is taken to."
    )
    review = models.ForeignKey(
        Review,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agenda_items",
        help_text="The review that the meeting takes, if it is one.",
    )
    business_case = models.ForeignKey(
        BusinessCase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agenda_items",
        help_text="The business case that the meeting takes, if it is one.",
    )
    number = models.PositiveSmallIntegerField(
        "agenda item", null=True, blank=True, help_text="Its number on the agenda, once there is one."
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agenda_items",
        help_text="What the meeting decided on it, once that is recorded.",
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta(BodyRecord.Meta):
        ordering = ["-meeting__held_on", "meeting", "number", "pk"]
        constraints = [
            *BodyRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(review__isnull=False, business_case__isnull=True)
                | Q(review__isnull=True, business_case__isnull=False),
                name="agenda_item_is_a_review_or_a_case",
                violation_error_message="Choose either a review or a business case.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "review"],
                condition=Q(withdrawn_on__isnull=True),
                name="agenda_item_review_once",
                violation_error_message="The meeting takes this review already.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "business_case"],
                condition=Q(withdrawn_on__isnull=True),
                name="agenda_item_case_once",
                violation_error_message="The meeting takes this business case already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.taken)

    def clean(self) -> None:
        if self.decision_id and self.decision.meeting_id != self.meeting_id:
            raise ValidationError({"decision": "Choose a decision of the meeting that took it."})

    @property
    def taken(self) -> Review | BusinessCase | None:
        """The review or the business case."""
        return self.review if self.review_id else self.business_case

    def stands_at(self) -> str:
        """Return the state of the paper: a review's version, a case's stage."""
        return self.review.version_label if self.review_id else self.business_case.get_stage_display()
