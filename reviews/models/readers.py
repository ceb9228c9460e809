"""Named readers of restricted text, and the steps to lift a restriction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from partnership.accounts.roles import Permission
from partnership.records.record import Record
from partnership.records.refusals import Refusal, not_by_you
from reviews.models.classes import PublicationClass
from reviews.models.reviews import Section


class SectionReader(Record):
    """Leave for one person to read one exempt or confidential section. Members read such text only where they need to.

    Local Government Act 1972, section 100F. Withdrawn when the leave ends.
    """

    scope = "section__review__partnership"
    view_permission = Permission.PUBLISH
    edit_permission = Permission.PUBLISH

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

    def why_not_end(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not end this leave: one reader must remain who may publish."""
        refusal = self.section.why_not_decide_readers(by=by)
        if not refusal and self.is_withdrawn:
            refusal = Refusal("This leave has ended already.", field="grant")
        elif not refusal and self.section.is_read_by_name and not self.section.is_kept_without(self):
            refusal = Refusal(
                "Without this reader nobody who may publish could read the section, or let anybody read it. Let another"
                " clerk read it first.",
                field="grant",
            )
        return refusal

    def why_not_withdraw(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not withdraw it, which ends the leave."""
        return self.why_not_end(by=by, on=on)


class ClassProposal(Record):
    """A proposal to let more people read a section. Somebody else confirms or refuses it."""

    scope = "section__review__partnership"
    view_permission = Permission.PUBLISH
    edit_permission = Permission.PUBLISH

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

    def in_words(self) -> str:
        """Return what is proposed and by whom, as a sentence."""
        who = self.get_publication_class_display()
        if self.council:
            who = f"{who}: {self.council}"
        return f"{self.proposed_by} proposes that its class becomes “{who}”; a second person confirms or refuses that."

    @property
    def is_open(self) -> bool:
        return not self.outcome and not self.is_withdrawn

    @property
    def is_overtaken(self) -> bool:
        """Return whether the section was changed since."""
        return self.section_version != self.section.version

    def why_not_settle(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not settle it: somebody else than who proposed it does."""
        refusal = self.section.why_not_decide_readers(by=by)
        if not refusal and not self.is_open:
            refusal = Refusal("Somebody has settled this proposal already.")
        elif not refusal and by.pk == self.proposed_by_id:
            refusal = not_by_you("It takes a second person to settle what you proposed.")
        return refusal

    def why_not_confirm(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not confirm it. Text changed since then needs a new proposal."""
        refusal = self.why_not_settle(by=by)
        if not refusal and self.is_overtaken:
            refusal = Refusal("The section was changed after that was proposed. Refuse it and propose it again.")
        return refusal
