"""Publishing: a review's facts and files are frozen for the public and for members, once and for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from partnership.accounts.permissions import require
from partnership.accounts.roles import Permission
from partnership.audit.log import BEGINNING, heads
from partnership.models import User
from partnership.records.data_versions import DataVersion
from reviews.facts import ReviewFacts, review_facts
from reviews.facts.covers import cover_facts
from reviews.facts.reviewed import SectionFact
from reviews.models import Audience, Edition, EditionData, EditionFile, PublicationClass, Review, Section
from reviews.models.editions import checksum
from reviews.papers.checks import proof
from reviews.papers.checks.findings import as_read
from reviews.papers.covers.document import compose_cover
from reviews.papers.document import Document, compose
from reviews.publishing import editions, open_data
from reviews.publishing.editions import RenderedFile
from reviews.publishing.exempt_files import keep_paper
from reviews.publishing.frozen import canonical
from reviews.publishing.published_facts import published_facts


@dataclass(frozen=True)
class ToPublish:
    """A paper on its way to an audience: its frozen facts, their checksum, and its files."""

    edition: Edition
    files: tuple[RenderedFile, ...]


NOTHING_PUBLIC = (
    "No section with text is open to the public, so the public edition would be empty. Open a section to the public,"
    " or publish for members only."
)


def check_publication(
    review: Review, *, by: User, at: datetime, correction: str = "", members_only: bool = False
) -> None:
    """Raise ``PermissionDenied`` or ``ValidationError`` unless the review can be published as it stands."""
    require(by, Permission.PUBLISH, review)
    if review.is_withdrawn:
        raise ValidationError("The review is withdrawn.")
    found = proof.blocking(review, at)
    if found:
        raise ValidationError(
            [
                f"{len(found)} things on the proof page stand in the way.",
                *(f"{f.place}: {f.sentence}" for f in as_read(found, review.sections.read_by(by))[:5]),
            ]
        )
    if not members_only and (sentence := why_public_edition_is_empty(review)):
        raise ValidationError({"audience": sentence})
    replaced = review.editions.filter(audience__in=audiences_of(members_only=members_only))
    if replaced.exists() and not correction.strip():
        raise ValidationError({"correction": "Say why it replaces the earlier edition. The reason is printed."})


def why_public_edition_is_empty(review: Review) -> str:
    """Return a sentence if a public edition would print no text; an empty string otherwise."""
    return "" if review.sections.open_to_the_public().exists() else NOTHING_PUBLIC


def audiences_of(*, members_only: bool) -> list[Audience]:
    """Return the audiences that get an edition."""
    return [Audience.MEMBERS] if members_only else [*Audience]


CHANGED = "The review, or a record that it draws on, changed after you opened the page. Nothing was published."


def digest_of(facts: ReviewFacts) -> str:
    """Return a digest of everything that publishing these facts would put out: papers, covers, open data, exempt text.

    The page that asks for publication carries it, so that what is published is what the person saw.
    """
    documents = [printed(facts, audience) for audience in Audience]
    exempt = [
        (section.id, section.heading, section.public_title, section.narrative)
        for section in facts.sections
        if section.publication_class == PublicationClass.EXEMPT
    ]
    covers = [compose_cover(facts, cover) for cover in cover_facts(facts)]
    data = [published_facts(facts, document) for document in documents]
    return checksum(canonical([documents, covers, data, exempt]).encode())


def publish(
    review: Review,
    *,
    by: User,
    at: datetime,
    correction: str = "",
    members_only: bool = False,
    seen: str = "",
    done: Callable[[int, int], Any] = lambda done, total: None,
) -> list[Edition]:
    """Freeze what is known at a moment, draw it, and publish it to the public and to members, all or nothing.

    With ``members_only`` the public gets no edition. ``seen`` is the digest of what the person saw (`digest_of`):
    nothing else is published. ``done`` is told how many of the steps are done; the last one
    belongs to the transaction. Raises ``PermissionDenied``, ``ValidationError`` and ``CannotDraw``, and then nothing
    was published.
    """
    check_publication(review, by=by, at=at, correction=correction, members_only=members_only)
    facts = review_facts(review, at)
    if seen and seen != digest_of(facts):
        raise ValidationError(CHANGED)
    audiences = audiences_of(members_only=members_only)
    steps = len(audiences) + 1
    made = []
    for place, audience in enumerate(audiences):
        made.append(prepare(review, facts, audience, by=by, at=at, correction=correction.strip()))
        done(place + 1, steps)
    papers = exempt_papers(review, facts)
    with transaction.atomic():
        keep(made)
        seal(made)
        for section, drawn in papers:
            reason = "Drawn when the review was published"
            keep_paper(section, drawn.name, drawn.content, is_uploaded=False, by=by, at=at, reason=reason)
        done(steps, steps)
    return [one.edition for one in made]


def prepare(review: Review, facts: ReviewFacts, audience: str, *, by: User, at: datetime, correction: str) -> ToPublish:
    """One audience's edition with its files, not kept yet."""
    document = printed(facts, audience)
    document.refuse_unknown()
    last = review.editions.filter(audience=audience).order_by("number").last()
    head = heads().get(review.partnership_id, BEGINNING)
    edition = Edition(
        review=review,
        audience=audience,
        number=last.number + 1 if last else 1,
        title=facts.title,
        kind=facts.kind,
        slug=facts.slug,
        partnership_name=facts.facts.partnership.name,
        partnership_slug=facts.facts.partnership.slug,
        as_at=facts.as_at,
        version_label=facts.version_label,
        published_at=at,
        published_by=by,
        published_by_name=by.name,
        replaces=last,
        correction=correction if last else "",
        chain_length=head.length,
        chain_seal=head.seal,
    )
    covers = covers_of(facts) if audience == Audience.PUBLIC else ()
    edition.facts = editions.frozen_facts(edition, document, published_facts(facts, document), covers)
    edition.facts_sha256 = checksum(edition.facts.encode())
    return ToPublish(edition, editions.draw(edition.facts))


def printed(facts: ReviewFacts, audience: str) -> Document:
    """Return what an edition prints: of other reviews only what is published for the same audience."""
    return compose(facts.for_edition(audience), audience)


def covers_of(facts: ReviewFacts) -> tuple[Document, ...]:
    """The cover reports, once all of their shared draft is public; of the review they name only what is public.

    Raises ``UnknownFigure``.
    """
    if any(section.publication_class != PublicationClass.PUBLIC for section in facts.cover_sections):
        return ()
    open_facts = replace(
        facts.for_edition(Audience.PUBLIC), sections=tuple(map(withheld, filter(is_named, facts.sections)))
    )
    made = tuple(compose_cover(open_facts, cover) for cover in cover_facts(facts))
    for cover in made:
        cover.refuse_unknown()
    return made


def is_named(section: SectionFact) -> bool:
    """Return whether public papers may name the section."""
    return section.publication_class in (PublicationClass.PUBLIC, PublicationClass.EXEMPT)


def withheld(section: SectionFact) -> SectionFact:
    """The section without what is exempt."""
    if section.publication_class != PublicationClass.EXEMPT:
        return section
    return replace(section, heading=section.public_title, narrative="")


def keep(made: list[ToPublish]) -> None:
    """Write the editions and their files. They cannot be changed from here on."""
    for one in made:
        one.edition.save(force_insert=True)
        EditionFile.objects.bulk_create(
            EditionFile(
                edition=one.edition,
                name=drawn.name,
                label=drawn.label,
                media_type=drawn.media_type,
                content=drawn.content,
                sha256=checksum(drawn.content),
            )
            for drawn in one.files
        )
        if one.edition.is_public:
            open_data.keep_data(one.edition)


def seal(made: list[ToPublish]) -> None:
    """Seal the editions and all that belongs to them.

    It also moves the version that boards are kept under, because they show what is published.
    """
    pks = [one.edition.pk for one in made]
    parts = [*EditionFile.written(edition__in=pks), *EditionData.written(edition__in=pks)]
    DataVersion.bump_and_seal([*Edition.written(pk__in=pks), *parts])


def exempt_papers(review: Review, facts: ReviewFacts) -> list[tuple[Section, RenderedFile]]:
    """Return each exempt appendix that was written here, as a paper of its own."""
    written = [
        section
        for section in facts.sections
        if section.publication_class == PublicationClass.EXEMPT and section.narrative.strip()
    ]
    rows = Section.objects.in_bulk([section.id for section in written])
    return [(rows[section.id], editions.draw_exempt(facts, section)) for section in written]
