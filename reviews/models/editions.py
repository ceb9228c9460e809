"""Editions, kept as published: nothing here is ever changed or deleted, which the database itself refuses."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from partnership.accounts.permissions import where
from partnership.accounts.roles import Permission
from partnership.audit.log import ROWS_AT_ONCE, AuditEntry, Sealed, chain_name
from reviews.models.reviews import Review, Section

if TYPE_CHECKING:
    from reviews.models.takedowns import Takedown


class Audience(models.TextChoices):
    """Whom an edition is for. Exempt papers are in neither: they are separate files with their own readers."""

    PUBLIC = "public", "The public"
    MEMBERS = "members", "Members of the councils"


def checksum(content: bytes) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class EditionQuerySet(models.QuerySet):
    """Editions, by whom they are for."""

    def for_the_public(self) -> EditionQuerySet:
        """Return the editions that anybody may read."""
        return self.filter(audience=Audience.PUBLIC)

    def latest_of_each(self) -> EditionQuerySet:
        """Return those that no later edition replaces."""
        return self.filter(replaced_by__isnull=True)

    def readable_by(self, user: Any) -> EditionQuerySet:
        """Public editions, and the members' editions of partnerships whose registers the person reads."""
        reviews = Review.objects.filter(where(user, Permission.READ_REGISTERS, Review))
        return self.filter(Q(audience=Audience.PUBLIC) | Q(review__in=reviews))

    def for_listing(self) -> EditionQuerySet:
        """With the files and the editions before and after, and without frozen facts and contents, which are large."""
        files = models.Prefetch("files", EditionFile.objects.defer("content"))
        rows = self.select_related("replaces", "replaced_by", "review").prefetch_related(files, "takedowns")
        return rows.defer("facts", "replaces__facts", "replaced_by__facts")

    def taken_down(self) -> EditionQuerySet:
        """Return the editions that two people took down, for example because they hold personal data."""
        return self.filter(pk__in=self._takedowns().confirmed().values("edition"))

    def given_out(self) -> EditionQuerySet:
        """Return the editions that are not taken down and that no proposal to do so waits for."""
        waiting_or_down = self._takedowns().active().exclude(outcome="refused")
        return self.exclude(pk__in=waiting_or_down.values("edition"))

    def in_force(self) -> EditionQuerySet:
        """Return the latest edition of each paper, without papers that were withdrawn and editions taken down."""
        latest = self.latest_of_each().filter(review__withdrawn_on__isnull=True)
        return latest.exclude(pk__in=self._takedowns().confirmed().values("edition"))

    def _takedowns(self) -> QuerySet:
        return apps.get_model("reviews", "Takedown").objects


class Edition(Sealed, models.Model):
    """A paper as it was published for an audience: its facts and its files, each with its checksum.

    A correction is a further edition that names the one it replaces and why.
    """

    sealed_under = "review__partnership"
    sealed_fields = (
        "review_id",
        "audience",
        "number",
        "title",
        "kind",
        "slug",
        "partnership_name",
        "partnership_slug",
        "as_at",
        "version_label",
        "facts_sha256",
        "published_at",
        "published_by_id",
        "published_by_name",
        "replaces_id",
        "correction",
        "chain_length",
        "chain_seal",
    )
    checksums: ClassVar[dict[str, str]] = {"facts": "facts_sha256"}

    review = models.ForeignKey(Review, models.PROTECT, related_name="editions")
    audience = models.CharField(max_length=10, choices=Audience.choices)
    number = models.PositiveIntegerField(help_text="From 1, for each review and audience.")
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=60)
    slug = models.SlugField(max_length=80)
    partnership_name = models.CharField(max_length=200)
    partnership_slug = models.SlugField(max_length=80)
    as_at = models.DateField()
    version_label = models.CharField(max_length=40)
    facts = models.TextField(help_text="What it prints and the figures it publishes, as canonical JSON.")
    facts_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("partnership.User", models.PROTECT, related_name="+")
    published_by_name = models.CharField(max_length=200)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    correction = models.TextField(blank=True, help_text="Why it replaces the earlier edition.")

    chain_length = models.PositiveBigIntegerField(
        default=0, help_text="How many rows of the partnership’s history were sealed when it was published."
    )
    chain_seal = models.CharField(max_length=64, blank=True, help_text="The seal of the last of them.")

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-number", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "audience", "number"], name="edition_number_once"),
            models.CheckConstraint(
                condition=Q(number=1, replaces__isnull=True, correction="")
                | Q(number__gt=1, replaces__isnull=False) & ~Q(correction=""),
                name="correction_names_what_it_replaces_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, edition {self.number}"

    @property
    def is_public(self) -> bool:
        return self.audience == Audience.PUBLIC

    @property
    def takedown(self) -> Takedown | None:
        """The takedown in force, if two people took the edition down; read ``takedowns`` ahead for a list."""
        return next((row for row in self.takedowns.all() if row.is_in_force), None)

    @classmethod
    def integrity_errors(cls) -> Iterator[str]:
        """Yield a sentence for each edition that is not what its checksum, its number or its chain says."""
        yield from super().integrity_errors()
        numbers = defaultdict(set)
        editions = cls.objects.order_by("pk").select_related("review").defer("facts")
        for edition in editions.iterator(ROWS_AT_ONCE):
            numbers[edition.slug, edition.get_audience_display()].add(edition.number)
            yield from edition.unlike_its_chain()
        for (slug, audience), found in numbers.items():
            for number in sorted({*range(1, max(found) + 1)} - found):
                yield f"Edition {number} of {slug} for {audience.lower()} is gone; a later one is there."

    def unlike_its_chain(self) -> Iterator[str]:
        """Yield a sentence when the chain is not the one under which the edition was published.

        Whoever rewrites a chain from its beginning makes new seals; the ones on editions are in print.
        """
        if not self.chain_length:
            return
        links = AuditEntry.objects.filter(partnership=self.review.partnership_id, number=self.chain_length)
        if links.values_list("seal", flat=True).first() != self.chain_seal:
            yield (
                f"{chain_name(self.review.partnership_id)}, link {self.chain_length}: edition {self.number} of"
                f" {self.slug} was published under another seal, {self.chain_seal}."
            )


class EditionFile(Sealed, models.Model):
    """One file of an edition, byte for byte as it was published."""

    sealed_under = "edition__review__partnership"
    sealed_fields = ("edition_id", "name", "label", "media_type", "sha256")
    checksums: ClassVar[dict[str, str]] = {"content": "sha256"}

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="files")
    name = models.CharField(max_length=120, help_text="What a clerk would call it.")
    label = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.GeneratedField(
        expression=Length("content"), output_field=models.PositiveIntegerField(), db_persist=True
    )  # bytes, kept by the database so that a list of files reads none of them
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["edition", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "name"], name="edition_file_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def ending(self) -> str:
        return self.name.rpartition(".")[2]


class EditionData(Sealed, models.Model):
    """The open data of one kind that an edition publishes, as lines of CSV.

    It is derived from the edition's facts when it is published, so that open data is served without reading them.
    """

    sealed_under = "edition__review__partnership"
    sealed_fields = ("edition_id", "kind", "row_count", "lines")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="data")
    kind = models.CharField(max_length=40)
    row_count = models.PositiveIntegerField()
    lines = models.TextField(help_text="Without the line of headings.")

    class Meta:
        ordering = ["edition", "kind"]
        constraints = [models.UniqueConstraint(fields=["edition", "kind"], name="edition_data_once")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.kind}"


class ExemptPaper(Sealed, models.Model):
    """An exempt appendix: a file of its own, never inside an edition, for the named readers of its section alone.

    It is drawn from the section's text when the review is published, or handed in as a file.
    """

    sealed_under = "section__review__partnership"
    sealed_fields = ("section_id", "number", "name", "is_uploaded", "sha256", "kept_at", "kept_by_id", "reason")
    checksums: ClassVar[dict[str, str]] = {"content": "sha256"}

    section = models.ForeignKey(Section, models.PROTECT, related_name="exempt_papers")
    number = models.PositiveIntegerField(help_text="From 1, for each section; the last one is the paper.")
    name = models.CharField(max_length=120)
    is_uploaded = models.BooleanField("handed in as a file", default=False)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey("partnership.User", models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering = ["section", "-number"]
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="exempt_paper_number_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.name.rpartition(".")[2]]


MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
