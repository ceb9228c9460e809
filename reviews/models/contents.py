"""The content of a review beside its narrative: ratings, recommendations, options, and strengths to threats."""

from __future__ import annotations

import re

from django.db import models
from django.db.models import Q

from partnership.accounts.roles import Permission
from partnership.records.record import Record
from partnership.text import NAME
from reviews.models.reviews import Review

# A reference in brackets of the text means something in the review's own paper only, as any other name does.
REFERENCE_IN_BRACKETS = re.compile(r"\s*\(\{ref:[^{}\n]*\}\)")


class ReviewContent(Record):
    """Base of everything that belongs to a review."""

    scope = "review__partnership"
    view_permission = Permission.READ_WORKING_PAPERS
    edit_permission = Permission.WRITE_REVIEWS

    class Meta(Record.Meta):
        abstract = True


class Assessment(ReviewContent):
    """The degree to which a principle is met, or an objective reached, in the view of a review."""

    narrated = ("commentary",)

    class Rating(models.TextChoices):
        MET = "met", "Met"
        UNDERWAY = "underway", "Underway"
        TOO_SOON = "too soon to say", "Too soon to say"
        AT_RISK = "at risk", "At risk"
        NOT_MET = "not met", "Not met"

    review = models.ForeignKey(Review, models.PROTECT, related_name="assessments")
    commitment = models.ForeignKey(
        "partnership.Commitment", models.PROTECT, verbose_name="principle or objective", related_name="assessments"
    )
    rating = models.CharField(max_length=16, choices=Rating.choices)
    commentary = models.TextField(help_text="What the rating rests on, in a few sentences.")

    class Meta(ReviewContent.Meta):
        verbose_name = "rating"
        ordering = ["review", "commitment", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["review", "commitment"],
                condition=Q(withdrawn_on__isnull=True),
                name="assessment_once",
                violation_error_message="The review already rates this principle or objective.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment}: {self.get_rating_display().lower()}"


class Recommendation(ReviewContent):
    """Something the addressee is asked to do. Numbered by the system in the order of ``position``."""

    narrated = ("text",)

    class Verb(models.TextChoices):
        NOTE = "note", "Note"
        ENDORSE = "endorse", "Endorse"
        AGREE = "agree", "Agree"
        REQUEST = "request", "Request"
        IDENTIFY = "identify", "Identify"

    review = models.ForeignKey(Review, models.PROTECT, related_name="recommendations")
    position = models.PositiveSmallIntegerField(help_text="Its place in the list; numbers follow from it.")
    addressee = models.ForeignKey("partnership.Body", models.PROTECT, related_name="recommendations")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    text = models.TextField(help_text="What follows the verb: “… the progress to date”.")
    key = models.SlugField(
        "short name",
        max_length=40,
        blank=True,
        help_text="By which a proposal in the text is tied to it, for example annual-report.",
    )

    class Meta(ReviewContent.Meta):
        ordering = ["review", "position", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["review", "key"],
                condition=Q(withdrawn_on__isnull=True) & ~Q(key=""),
                name="recommendation_key_once",
                violation_error_message="Another recommendation of the review has this short name.",
            ),
        ]

    def __str__(self) -> str:
        """As it is read elsewhere than in its own paper: nothing to refer to, and no figure of another day."""
        return NAME.sub("(see there)", REFERENCE_IN_BRACKETS.sub("", f"{self.get_verb_display()} {self.text}"))


class SwotItem(ReviewContent):
    """A strength, weakness, opportunity or threat."""

    name_field = "text"
    narrated = ("text",)

    class Kind(models.TextChoices):
        STRENGTH = "strength", "Strength"
        WEAKNESS = "weakness", "Weakness"
        OPPORTUNITY = "opportunity", "Opportunity"
        THREAT = "threat", "Threat"

    review = models.ForeignKey(Review, models.PROTECT, related_name="swot_items")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(max_length=300)

    class Meta(ReviewContent.Meta):
        verbose_name = "strength, weakness, opportunity or threat"
        verbose_name_plural = "strengths, weaknesses, opportunities and threats"
        ordering = ["review", "kind", "position", "pk"]


class Option(ReviewContent):
    """A way forward that the review weighs."""

    name_field = "title"
    narrated = ("description", "reasons")

    review = models.ForeignKey(Review, models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=160)
    description = models.TextField(help_text="What it would mean.")
    is_preferred = models.BooleanField("preferred option", default=False)
    reasons = models.TextField(blank=True, help_text="Why it is preferred, or why it was rejected.")

    class Meta(ReviewContent.Meta):
        ordering = ["review", "position", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(is_preferred=True, withdrawn_on__isnull=True),
                name="review_one_preferred_option",
                violation_error_message="Another option is already the preferred one.",
            ),
        ]
