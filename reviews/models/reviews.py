"""A review and its sections: narrative around facts that are drawn from the registers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from partnership.accounts import permissions
from partnership.accounts.roles import Permission
from partnership.records.record import Record
from partnership.records.refusals import ALLOWED, Refusal, not_by_you
from reviews.models.classes import BY_NAME, OPEN, PublicationClass, SectionQuerySet
from reviews.models.outlines import OUTLINES

if TYPE_CHECKING:
    from reviews.models.readers import ClassProposal, SectionReader


class Review(Record):
    """A review of the partnership as at a date, prepared for one of its bodies."""

    name_field = "title"
    view_permission = Permission.READ_WORKING_PAPERS
    edit_permission = Permission.WRITE_REVIEWS

    Kind = models.TextChoices("Kind", [(key.upper(), (key, outline.name)) for key, outline in OUTLINES.items()])

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=80, unique=True, help_text="Its short name in web addresses.")
    body = models.ForeignKey(
        "partnership.Body",
        models.PROTECT,
        verbose_name="prepared for",
        related_name="reviews",
        help_text="The body that receives the report; a working group’s report is its own.",
    )
    as_at = models.DateField("as at", help_text="The day whose facts the review reports.")
    financial_year = models.CharField(
        max_length=7, blank=True, help_text="The year whose savings it reports, like 2019/20."
    )
    version_label = models.CharField("version", max_length=40, default="Draft 1.0")
    author_title = models.CharField(
        "report author", max_length=160, blank=True, help_text="The post of the author, not a name."
    )
    circulation = models.CharField(max_length=200, blank=True, help_text="Who receives the draft.")
    review_due_on = models.DateField(
        "review date", null=True, blank=True, help_text="When the paper itself is to be looked at again."
    )
    publication_route = models.CharField(
        "publication", max_length=300, blank=True, help_text="Where and when it is published, and what is left out."
    )

    class Meta(Record.Meta):
        ordering = ["-as_at", "title", "pk"]

    def why_not_take_down(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not propose to take a published edition down; a withdrawn review's may be too."""
        refusal = permissions.why_not(by, Permission.PUBLISH, self)
        if not refusal and not self.editions.given_out().exists():
            refusal = Refusal("There is no published edition that could be taken down.")
        return refusal

    def why_not_settle_takedown(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not settle the takedowns that somebody proposed."""
        proposals = list(self.takedowns.open())
        if not proposals:
            return permissions.why_not(by, Permission.PUBLISH, self) or Refusal(
                "No takedown waits for a second person."
            )
        refusals = [proposal.why_not_settle(by=by, on=on) for proposal in proposals]
        return next((refusal for refusal in refusals if refusal), ALLOWED)


class Section(Record):
    """A section of a review. Its number, and those of its paragraphs and tables, are the system's.

    The narrative is Markdown. ``{savings.2019-20.joint.estimated}`` in it prints a figure; ``{table:savings}`` on a
    line of its own places a table, list or chart drawn from the registers.
    """

    name_field = "heading"
    narrated = ("narrative",)
    scope = "review__partnership"
    view_permission = Permission.READ_WORKING_PAPERS
    edit_permission = Permission.WRITE_REVIEWS

    class Level(models.IntegerChoices):
        SECTION = 1, "Section"
        SUB_SECTION = 2, "Sub-section"
        APPENDIX = 9, "Appendix"
        COVER = 20, "Cover reports"  # the draft that the review's cover reports share; it stands in no edition

    review = models.ForeignKey(Review, models.PROTECT, related_name="sections")
    key = models.SlugField(max_length=40, help_text="Its name in the outline.")
    position = models.PositiveSmallIntegerField(help_text="Its place in the review, from the front.")
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.SECTION)
    heading = models.CharField(max_length=160)
    narrative = models.TextField(blank=True, help_text="Markdown, with figures and tables by their names.")
    is_from_last_time = models.BooleanField(
        "from last time", default=False, editable=False, help_text="Whether the text is last time’s, not yet looked at."
    )
    publication_class = models.CharField(
        max_length=14, choices=PublicationClass.choices, default=PublicationClass.PARTNERSHIP
    )
    public_title = models.CharField(
        max_length=200, blank=True, help_text="What the public edition calls an exempt appendix."
    )
    exempt_paragraph = models.PositiveSmallIntegerField(
        "Schedule 12A paragraph", null=True, blank=True, help_text="1 to 7, of Part 1 of Schedule 12A."
    )
    council = models.ForeignKey(
        "partnership.Council", models.PROTECT, null=True, blank=True, related_name="+", help_text="Whose text it is."
    )
    public_interest_reason = models.TextField(
        blank=True, help_text="Why the public interest in withholding it outweighs the interest in publishing it."
    )
    class_decided_by = models.CharField(
        "who decided that it is exempt",
        max_length=160,
        blank=True,
        help_text="The post, such as the monitoring officer.",
    )
    class_decided_on = models.DateField("decided on", null=True, blank=True)
    class_review_on = models.DateField(
        "to be looked at again on", null=True, blank=True, help_text="When to ask whether it must still be withheld."
    )

    objects = SectionQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["review", "position", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["review", "key"],
                condition=Q(withdrawn_on__isnull=True),
                name="section_key_once",
                violation_error_message="The review already has this section.",
            ),
            models.CheckConstraint(
                condition=~Q(publication_class="exempt")
                | Q(exempt_paragraph__gte=1, exempt_paragraph__lte=7) & ~Q(public_title=""),
                name="exempt_section_has_paragraph_and_title",
                violation_error_message="An exempt section needs a Schedule 12A paragraph (1 to 7) and a public title.",
            ),
            models.CheckConstraint(
                condition=~Q(publication_class="exempt")
                | ~Q(public_interest_reason="") & ~Q(class_decided_by="") & Q(class_decided_on__isnull=False),
                name="exempt_section_says_who_decided_and_why",
                violation_error_message="Say why the public interest is in withholding it, who decided that, and when.",
            ),
            models.CheckConstraint(
                condition=Q(publication_class="council", council__isnull=False)
                | ~Q(publication_class="council") & Q(council__isnull=True),
                name="text_of_one_council_names_it",
                violation_error_message="Name the council, if it is text of one council only.",
            ),
        ]

    @property
    def is_public(self) -> bool:
        return self.publication_class == PublicationClass.PUBLIC

    @property
    def held(self) -> PublicationClass:
        """Its class, which knows how closely it is held."""
        return PublicationClass(self.publication_class)

    def was_no_more_restricted_than(self, now: Section) -> bool:
        """Return whether everyone who may read the section now may also read this earlier version."""
        if self.publication_class == PublicationClass.COUNCIL == now.publication_class:
            return self.council_id == now.council_id
        return self.publication_class in OPEN or now.is_read_by_name

    @property
    def is_read_by_name(self) -> bool:
        """Return whether only its named readers see it."""
        return self.publication_class in BY_NAME

    def open_proposal(self) -> ClassProposal | None:
        """Return what is proposed for the section and waits for a second person."""
        waiting = self.class_proposals.active().filter(outcome="")
        return waiting.select_related("section", "proposed_by").first()

    def why_not_move(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not put it somewhere else in the review."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.level == self.Level.COVER:
            refusal = Refusal("The draft of the cover reports keeps its place at the end.", field="after")
        return refusal

    def why_not_decide_readers(self, *, by: Any) -> Refusal:
        """Return why the person may not decide who reads the section. Whoever does must be able to read it."""
        refusal = self.why_not_write(by=by, permission=Permission.PUBLISH)
        if not refusal and self.pk and not Section.objects.visible_to(by).filter(pk=self.pk).exists():
            refusal = not_by_you("You may not read this section yourself.")
        return refusal

    def why_not_hold_closer(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not hold it more closely."""
        refusal = self.why_not_decide_readers(by=by)
        if not refusal and self.publication_class == PublicationClass.CONFIDENTIAL:
            refusal = Refusal("Confidential text is held as closely as any.")
        return refusal

    def why_not_propose_class(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not propose that more people may read it."""
        refusal = self.why_not_decide_readers(by=by)
        if not refusal and self.is_public:
            refusal = Refusal("Everybody may read it already.")
        elif not refusal and self.open_proposal() is not None:
            refusal = Refusal("A proposal for this section is waiting already.")
        return refusal

    def why_not_refuse_class(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not refuse what is proposed for it."""
        refusal = self.why_not_decide_readers(by=by)
        if refusal:
            return refusal
        proposal = self.open_proposal()
        return Refusal("Nothing is proposed for this section.") if proposal is None else proposal.why_not_settle(by=by)

    def what_is_proposed(self) -> str:
        """Return who proposed that whom may read it, as a sentence; "" when nothing waits."""
        proposal = self.open_proposal()
        return proposal.in_words() if proposal is not None else ""

    def why_not_confirm_class(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not confirm what is proposed for it."""
        refusal = self.why_not_refuse_class(by=by)
        return refusal or self.open_proposal().why_not_confirm(by=by)

    def why_not_let_read(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not let somebody read it by name, or add a file for its named readers."""
        refusal = self.why_not_decide_readers(by=by)
        if not refusal and not self.is_read_by_name:
            refusal = Refusal("Only exempt and confidential text has readers by name.")
        return refusal

    def why_not_stop_reading(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not end anybody's leave to read it."""
        refusal = self.why_not_let_read(by=by)
        if refusal:
            return refusal
        refusals = [grant.why_not_end(by=by) for grant in self._grants()]
        if all(refusals):
            refusal = refusals[0] if refusals else Refusal("Nobody has leave to read it.")
        return refusal

    def is_kept_without(self, grant: SectionReader) -> bool:
        """Return whether somebody who may publish still reads the section when a person's leave ends.

        Without such a reader nobody could let anybody read it again.
        """
        others = [other.reader for other in self._grants() if other.pk != grant.pk]
        return any(permissions.allows(reader, Permission.PUBLISH, self) for reader in others)

    def _grants(self) -> Any:
        return self.readers.active().select_related("reader")


class SectionDraft(models.Model):
    """One person's unsaved text of a section, kept while they type. It is nobody's record: saving makes one version."""

    rows_are_deleted = True

    section = models.ForeignKey(Section, models.PROTECT, related_name="drafts")
    person = models.ForeignKey("partnership.User", models.PROTECT, related_name="+")
    heading = models.CharField(max_length=160)
    narrative = models.TextField(blank=True)
    base_version = models.PositiveIntegerField(help_text="The version of the section that the text began from.")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "person"], name="one_draft_each")]

    def __str__(self) -> str:
        return f"{self.person}: {self.heading}"

    def differs_from(self, section: Section) -> bool:
        """Return whether it says anything that the section does not."""
        return (self.heading, self.narrative) != (section.heading, section.narrative)
