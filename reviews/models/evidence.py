"""Evidence of a rating: records of the registers, linked one by one."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from partnership.accounts.roles import Permission
from partnership.records.record import Record
from reviews.models.contents import Assessment

# What may be evidence, in the order in which papers name it.
KINDS = ("agreement", "decision", "post", "arrangement", "case", "saving")


def _is_only(chosen: str) -> Q:
    """Return the condition that the chosen kind of record is set and no other."""
    return Q(**{f"{kind}__isnull": kind != chosen for kind in KINDS})


class Evidence(Record):
    """One record that shows how far a principle or objective is met."""

    scope = "assessment__review__partnership"
    view_permission = Permission.READ_WORKING_PAPERS
    edit_permission = Permission.WRITE_REVIEWS

    assessment = models.ForeignKey(Assessment, models.PROTECT, verbose_name="rating", related_name="evidence")
    agreement = models.ForeignKey("partnership.Agreement", models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.ForeignKey("partnership.Decision", models.PROTECT, null=True, blank=True, related_name="+")
    post = models.ForeignKey(
        "joint_posts.JointPost", models.PROTECT, null=True, blank=True, verbose_name="joint post", related_name="+"
    )
    arrangement = models.ForeignKey(
        "business_cases.ServiceArrangement",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="service arrangement",
        related_name="+",
    )
    case = models.ForeignKey(
        "business_cases.BusinessCase",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="business case",
        related_name="+",
    )
    saving = models.ForeignKey("joint_posts.Saving", models.PROTECT, null=True, blank=True, related_name="+")
    shows = models.CharField(
        "what it shows", max_length=200, blank=True, help_text="In a few words, where the record does not say it."
    )

    class Meta(Record.Meta):
        verbose_name = "piece of evidence"
        verbose_name_plural = "evidence"
        ordering = ["assessment", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=reduce(or_, map(_is_only, KINDS)),
                name="evidence_is_one_record",
                violation_error_message="Choose one record; add another piece of evidence for the next.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.record)

    @property
    def kind(self) -> str:
        """Return the kind of record: one of `KINDS`."""
        return next(kind for kind in KINDS if getattr(self, f"{kind}_id"))

    @property
    def kind_words(self) -> str:
        return str(self._meta.get_field(self.kind).verbose_name)

    @property
    def record(self) -> Record:
        """The record itself."""
        return getattr(self, self.kind)

    def clean(self) -> None:
        chosen = [kind for kind in KINDS if getattr(self, f"{kind}_id")]
        if len(chosen) != 1 or self.is_withdrawn or not self.assessment_id:
            return
        same = Evidence.objects.active().filter(assessment=self.assessment, **{chosen[0]: self.record})
        if same.exclude(pk=self.pk).exists():
            raise ValidationError({chosen[0]: "This is evidence of the rating already."})
