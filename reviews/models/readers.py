"""Who may read closely held text by name, and what it takes to hold text less closely."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from partnership.records import Record
from partnership.roles import Permission
from reviews.models.classes import PublicationClass
from reviews.models.reviews import Section


class SectionReader(Record):
    """Leave for one person to read one exempt or confidential section. Members read such text only where they need to.

    Local Government Act 1972, section 100F. Withdrawn when the leave ends.
    """

    scope = "section__review__partnership"
    read_with = Permission.PUBLISH
    kept_with = Permission.PUBLISH

    section = models.ForeignKey(Section, models.PROTECT, related_name="readers")
    reader = models.ForeignKey("partnership.User", models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        verbose_name = "reader"
        ordering = ["section", "reader__name", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["section", "reader"],
                condition=Q(withdrawn_on__isnull=True),
                name="section_reader_once",
                violation_error_message="This person may already read it.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.reader)


class ClassProposal(Record):
    """A proposal to let more people read a section. Somebody else confirms or refuses it."""

    scope = "section__review__partnership"
    read_with = Permission.PUBLISH
    kept_with = Permission.PUBLISH

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        REFUSED = "refused", "Refused"

    section = models.ForeignKey(Section, models.PROTECT, related_name="class_proposals")
    section_version = models.PositiveIntegerField(help_text="The section as it stood: other text needs a new proposal.")
    publication_class = models.CharField(max_length=14, choices=PublicationClass.choices)
    council = models.ForeignKey("partnership.Council", models.PROTECT, null=True, blank=True, related_name="+")
    proposed_by = models.ForeignKey("partnership.User", models.PROTECT, related_name="+")
    settled_by = models.ForeignKey("partnership.User", models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta(Record.Meta):
        ordering = ["section", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["section"],
                condition=Q(outcome="", withdrawn_on__isnull=True),
                name="one_open_class_proposal",
                violation_error_message="A proposal for this section is waiting already.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_by__isnull=True) | ~Q(outcome="") & Q(settled_by__isnull=False),
                name="class_proposal_settled_by_somebody",
                violation_error_message="Say who settled the proposal.",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("proposed_by")),
                name="class_proposal_takes_two",
                violation_error_message="It takes a second person to settle what somebody proposed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.get_publication_class_display().lower()}"

    def clean(self) -> None:
        if (self.publication_class == PublicationClass.COUNCIL) != bool(self.council_id):
            raise ValidationError({"council": "Name the council, if it is text of one council only."})

    @property
    def is_open(self) -> bool:
        return not self.outcome and not self.is_withdrawn

    @property
    def is_overtaken(self) -> bool:
        """Whether the section was changed since."""
        return self.section_version != self.section.version
