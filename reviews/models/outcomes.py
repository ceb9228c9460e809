"""Results of a recommendation: the resolutions that answer it, the actions that carry it out, and the outcome."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from partnership.accounts.roles import Permission
from partnership.dates import in_words
from partnership.models.actions import Action
from partnership.models.decisions import Resolution
from partnership.records.record import Record
from reviews.models.contents import Recommendation


class RecommendationRecord(Record):
    """Base of what comes of a recommendation. It is kept by those who keep actions."""

    scope = "recommendation__review__partnership"
    view_permission = Permission.READ_WORKING_PAPERS
    edit_permission = Permission.KEEP_ACTIONS

    class Meta(Record.Meta):
        abstract = True


class Answer(RecommendationRecord):
    """The resolution by which a body answered a recommendation: one for each body that decided on it."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="answers")
    resolution = models.ForeignKey(
        Resolution,
        models.PROTECT,
        related_name="recommendations_answered",
        help_text="The numbered paragraph of the decision that answers it.",
    )

    class Meta(RecommendationRecord.Meta):
        verbose_name = "resolution on it"
        verbose_name_plural = "resolutions on it"
        ordering = ["recommendation", "resolution__decision__decided_on", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["recommendation", "resolution"],
                condition=Q(withdrawn_on__isnull=True),
                name="answer_once",
                violation_error_message="This resolution is named already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.resolution)


class FollowUp(RecommendationRecord):
    """An action that carries out a recommendation."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="follow_ups")
    action = models.ForeignKey(
        Action, models.PROTECT, related_name="follow_ups", help_text="The action that carries it out, or part of it."
    )

    class Meta(RecommendationRecord.Meta):
        verbose_name = "action on it"
        verbose_name_plural = "actions on it"
        ordering = ["recommendation", "action__due_on", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["recommendation", "action"],
                condition=Q(withdrawn_on__isnull=True),
                name="follow_up_once",
                violation_error_message="This action is named already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.action)


class Outcome(RecommendationRecord):
    """The outcome of a recommendation by a day. Reports give the latest one."""

    class Standing(models.TextChoices):
        IN_HAND = "in hand", "In hand"
        DONE = "done", "Done"
        PARTLY = "partly done", "Partly done"
        NOT_DONE = "not done", "Not done"
        OVERTAKEN = "overtaken", "Overtaken by events"

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="outcomes")
    noted_on = models.DateField("as at", help_text="The day on which it stood so.")
    standing = models.CharField("how it stands", max_length=12, choices=Standing.choices)
    text = models.TextField(
        "what came of it", help_text="In a sentence or two for next year’s report, with what shows it."
    )

    class Meta(RecommendationRecord.Meta):
        ordering = ["recommendation", "-noted_on", "pk"]
        constraints = [*Record.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.get_standing_display()}, {in_words(self.noted_on)}"

    def clean(self) -> None:
        if self.noted_on and self.noted_on < self.recommendation.review.as_at:
            as_at = in_words(self.recommendation.review.as_at)
            raise ValidationError({"noted_on": f"Enter a day that is not before that of the review, {as_at}."})


def latest(outcomes: list[Outcome], on: date) -> Outcome | None:
    """The outcome that held on a day; ``None`` before the first."""
    noted = [row for row in outcomes if row.noted_on <= on and not row.is_withdrawn]
    return max(noted, key=lambda row: (row.noted_on, row.pk), default=None)
