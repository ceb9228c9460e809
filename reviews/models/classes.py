"""Publication classes: who may read a piece of text."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Subquery

from partnership.accounts import permissions
from partnership.accounts.roles import Permission
from partnership.records.record import RecordQuerySet


class PublicationClass(models.TextChoices):
    """The readers of a piece of text. New content starts restricted."""

    PUBLIC = "public", "Public"
    PARTNERSHIP = "partnership", "Partnership: all the councils"
    COUNCIL = "council", "One council only"
    EXEMPT = "exempt", "Exempt (Schedule 12A)"
    CONFIDENTIAL = "confidential", "Confidential (section 100A(3))"

    @property
    def rank(self) -> int:
        """Return the rank of restriction. Exempt and confidential text rank equal: named readers alone see them."""
        return RANKS[self]


RANKS = {
    PublicationClass.PUBLIC: 0,
    PublicationClass.PARTNERSHIP: 1,
    PublicationClass.COUNCIL: 2,
    PublicationClass.EXEMPT: 3,
    PublicationClass.CONFIDENTIAL: 3,
}
OPEN = (PublicationClass.PUBLIC, PublicationClass.PARTNERSHIP)
# Text that only its named readers see.
BY_NAME = (PublicationClass.EXEMPT, PublicationClass.CONFIDENTIAL)


class SectionQuerySet(RecordQuerySet):
    """Sections, as far as their class lets a person read them."""

    def history_rows(self) -> QuerySet:
        """Without what was written while a section was held more closely than it is by now: that was not opened."""
        by_name = self.order_by().filter(publication_class__in=BY_NAME)
        council_now = self.model._base_manager.filter(pk=OuterRef("id"), publication_class=PublicationClass.COUNCIL)
        return (
            super()
            .history_rows()
            .filter(
                Q(publication_class__in=OPEN)
                | Q(id__in=by_name.values("pk"))
                | Q(publication_class=PublicationClass.COUNCIL, council_id=Subquery(council_now.values("council")))
            )
        )

    def exclude_restricted_versions(self, then: list[Any]) -> list[Any]:
        """The same of sections as they stood."""
        now = self.model._base_manager.in_bulk([row.pk for row in then])
        return [row for row in then if row.was_no_more_restricted_than(now[row.pk])]

    def open_to_the_public(self) -> SectionQuerySet:
        """Return the sections whose text a public edition prints; the draft of the cover reports is not one."""
        named = self.active().filter(publication_class=PublicationClass.PUBLIC)
        return named.exclude(level=self.model.Level.COVER).exclude(narrative__regex=r"^\s*$")

    def read_by(self, user: Any) -> frozenset[int]:
        """The numbers of those that a person may read."""
        return frozenset(self.visible_to(user).values_list("pk", flat=True))

    def visible_to(self, user: Any) -> SectionQuerySet:
        """Return the sections for the person: open ones, those of their own council, and those let to them."""
        authority = getattr(user, "authority", permissions.NO_AUTHORITY)
        readers = apps.get_model("reviews", "SectionReader").objects.active().filter(reader_id=user.pk)
        own = authority.councils(Permission.READ_WORKING_PAPERS)
        return (
            super()
            .visible_to(user)
            .filter(
                Q(publication_class__in=OPEN)
                | Q(publication_class=PublicationClass.COUNCIL, council__in=own)
                | Q(publication_class__in=BY_NAME, pk__in=readers.values("section"))
            )
        )
