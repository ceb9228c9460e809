"""Cover reports: one for each council and body from one draft, and the implications that officers clear."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from partnership.accounts.roles import Permission
from partnership.records.record import Record
from partnership.records.refusals import Refusal
from reviews.models.contents import ReviewContent
from reviews.models.outlines import COVER, COVER_ORDER

# "None", "N/A" and "There are no legal implications arising": said without a reason.
BARE = re.compile(
    r"^\W*(?:there (?:are|is) )?(?:none|nil|n\s*/?\s*a|not applicable|no(?: \w+){0,4} implications?(?: [^.]*)?)\W*$",
    re.IGNORECASE,
)


def is_bare(text: str) -> bool:
    """Return whether a text says no more than that there is nothing to say."""
    return bool(BARE.match(text))


class CoverStyle(Record):
    """The layout of a council's cover reports. A council without one has the usual order and words."""

    scope = "council"
    owner_fields = ("council",)
    view_permission = Permission.READ_WORKING_PAPERS
    edit_permission = Permission.WRITE_REVIEWS

    class Paragraphs(models.TextChoices):
        THROUGH = "through", "1, 2, 3 through the whole report"
        BY_SECTION = "by section", "1.1, 1.2 by section"

    council = models.ForeignKey("partnership.Council", models.PROTECT, related_name="cover_styles")
    asks = models.CharField(
        "words that ask for a decision",
        max_length=60,
        default="is recommended to",
        help_text="They stand between the body’s name and the recommendations, for example “is RECOMMENDED to”.",
    )
    paragraphs = models.CharField(
        "numbering of paragraphs", max_length=12, choices=Paragraphs.choices, default=Paragraphs.THROUGH
    )
    sections = models.TextField(
        default=COVER_ORDER,
        help_text="One on a line, in order: the section’s short name, a colon and the heading this council gives it.",
    )

    class Meta(Record.Meta):
        ordering = ["council__name", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["council"],
                condition=Q(withdrawn_on__isnull=True),
                name="cover_style_once",
                violation_error_message="This council already has its own style.",
            ),
        ]

    def __str__(self) -> str:
        return f"Cover reports of {self.council}"

    @property
    def layout(self) -> tuple[tuple[str, str], ...]:
        """The sections in order: each key with its heading."""
        return layout_of(self.sections)

    def clean(self) -> None:
        keys = [key for key, _ in self.layout]
        problems = [f"“{key}” is no section of a cover report." for key in keys if key not in COVER]
        repeated = {key for key in keys if keys.count(key) > 1}
        problems += [f"“{key}” stands twice." for key in sorted(repeated)]
        problems += [f"“{key}” is missing: every cover report has it." for key in COVER if key not in keys]
        if problems:
            raise ValidationError({"sections": problems})


def layout_of(text: str) -> tuple[tuple[str, str], ...]:
    """The lines of an order of sections, as pairs of key and heading."""
    pairs = (line.partition(":") for line in text.splitlines() if line.strip())
    return tuple((key.strip(), heading.strip() or COVER.get(key.strip(), "")) for key, _, heading in pairs)


class CoverReport(ReviewContent):
    """The report that lays a review before one council's body. Its text is the shared draft in that council's words."""

    personal = ("signed_by", "contact")

    review = models.ForeignKey("reviews.Review", models.PROTECT, related_name="covers")
    body = models.ForeignKey(
        "partnership.Body", models.PROTECT, related_name="covers", help_text="The body of one council that decides."
    )
    meeting_on = models.DateField("meeting", null=True, blank=True, help_text="The day on which the body meets.")
    title = models.CharField(max_length=200, help_text="In the words of this council.")
    areas = models.CharField(
        "areas affected", max_length=200, default="All", help_text="Divisions or wards by name, or “All”."
    )
    report_of = models.CharField(max_length=160, help_text="The post of the officer whose report it is.")
    signed_by = models.CharField(
        max_length=120, blank=True, help_text="Who signs it off, if a name is printed above the post."
    )
    contact = models.CharField(max_length=200, blank=True, help_text="Post, telephone and e-mail for questions.")

    class Meta(ReviewContent.Meta):
        ordering = ["review", "body__council__name", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["review", "body"],
                condition=Q(withdrawn_on__isnull=True),
                name="cover_once_for_each_body",
                violation_error_message="The review already has a cover report for this body.",
            ),
        ]

    def __str__(self) -> str:
        return f"Cover report for the {self.body}"

    def retention_starts_on(self) -> date | None:
        """The day of the meeting it was written for."""
        return self.withdrawn_on or self.meeting_on

    def clean(self) -> None:
        if self.body_id and self.body.is_joint:
            raise ValidationError({"body": "Choose a body of one of the partnership’s councils."})


class Implication(Record):
    """An implication of a report for money, law, people and more. An officer clears each; changed text anew."""

    scope = "cover__review__partnership"
    narrated = ("text",)
    view_permission = Permission.READ_WORKING_PAPERS
    edit_permission = Permission.WRITE_REVIEWS

    class Kind(models.TextChoices):
        FINANCE = "finance", "Financial and resource implications"
        LEGAL = "legal", "Legal implications"
        STAFFING = "staffing", "Staff implications"
        EQUALITY = "equality", "Equality and inclusion implications"
        SUSTAINABILITY = "sustainability", "Sustainability implications"
        RISK = "risk", "Risk management"

    cover = models.ForeignKey(CoverReport, models.PROTECT, related_name="implications")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    text = models.TextField(blank=True, help_text="Where there are none, say why. Figures go in by their names.")
    cleared_by = models.CharField(
        max_length=160, blank=True, editable=False, help_text="The post of the officer who cleared it."
    )
    cleared_on = models.DateField(null=True, blank=True, editable=False)
    # Empty on rows that were cleared before the portal asked for evidence.
    clearance_recorded_by = models.ForeignKey(
        "partnership.User",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="clearance entered by",
        help_text="The officer who cleared it, or who recorded that somebody else did.",
    )
    clearance_recorded_on = models.DateField("clearance entered on", null=True, blank=True, editable=False)
    clearance_evidence = models.CharField(
        "evidence of the clearance",
        max_length=300,
        blank=True,
        default="",
        editable=False,
        help_text="Where somebody else cleared it. Empty when the officer cleared it with their own account.",
    )

    class Meta(Record.Meta):
        ordering = ["cover", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["cover", "kind"],
                condition=Q(withdrawn_on__isnull=True),
                name="implication_once",
                violation_error_message="The report already has this implication.",
            ),
            models.CheckConstraint(
                condition=Q(cleared_on__isnull=True, cleared_by="") | Q(cleared_on__isnull=False) & ~Q(cleared_by=""),
                name="implication_cleared_by_and_on",
                violation_error_message="A clearance needs both who gave it and the date.",
            ),
            models.CheckConstraint(
                condition=Q(cleared_on__isnull=True) | ~Q(text=""),
                name="implication_cleared_has_text",
                violation_error_message="Nothing is cleared before it is written.",
            ),
            models.CheckConstraint(
                condition=Q(
                    clearance_recorded_by__isnull=True, clearance_recorded_on__isnull=True, clearance_evidence=""
                )
                | Q(
                    clearance_recorded_by__isnull=False,
                    clearance_recorded_on__isnull=False,
                    cleared_on__isnull=False,
                    cleared_on__lte=F("clearance_recorded_on"),
                ),
                name="implication_clearance_recorded",
                violation_error_message="A clearance needs who entered it and the day, which is not before it.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def clean(self) -> None:
        if is_bare(self.text):
            raise ValidationError({"text": "Say why there are none. A bare “none” or “N/A” cannot be cleared."})

    @property
    def is_cleared(self) -> bool:
        return self.cleared_on is not None

    @property
    def is_clearance_unproven(self) -> bool:
        """Return whether it was cleared before the portal asked who entered the clearance and on what evidence."""
        return self.is_cleared and self.clearance_recorded_by_id is None

    def end_clearance(self) -> None:
        """Forget who cleared the text, because it is another text now. Does not save."""
        self.cleared_by = ""
        self.cleared_on = None
        self.clearance_recorded_by = None
        self.clearance_recorded_on = None
        self.clearance_evidence = ""

    def why_not_clear(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not clear it with their own account."""
        refusal = self.why_not_write(by=by)
        if not refusal and not self.text:
            refusal = Refusal("Nothing is written yet that could be cleared.")
        elif not refusal and self.is_cleared:
            refusal = Refusal("It is cleared already. Changed text has to be cleared again.")
        return refusal

    def why_not_record_clearance(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not record that somebody else cleared it.

        A clearance without evidence may be recorded again, with its evidence.
        """
        if self.is_clearance_unproven:
            return self.why_not_write(by=by)
        return self.why_not_clear(by=by, on=on)
