"""Change the readers of a section: one person may restrict it at once; opening it takes two."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError

from partnership.accounts.permissions import allows
from partnership.accounts.roles import Permission
from partnership.models import Council, User
from partnership.records.record import recording
from reviews.models import ClassProposal, PublicationClass, Section, SectionReader
from reviews.models.classes import BY_NAME

NEEDED = {
    "public_title": "Enter the title that the public edition may print.",
    "exempt_paragraph": "Enter the paragraph of Part 1 of Schedule 12A, 1 to 7.",
    "public_interest_reason": "Say why the public interest in withholding it outweighs that in publishing it.",
    "class_decided_by": "Enter the post of the officer who decided that it is exempt.",
    "class_decided_on": "Enter the day on which that was decided.",
    "class_review_on": "Enter the day on which to ask whether it must still be withheld.",
}


def restrict(
    section: Section,
    *,
    publication_class: str,
    council: Council | None = None,
    by: User,
    reason: str,
    **exemption: object,
) -> Section:
    """Hold a section more closely, at once. An exempt one needs every answer that `NEEDED` asks for.

    Whoever holds it back to named readers becomes its first reader. Raises ``PermissionDenied``, and
    ``ValidationError`` on ``publication_class`` when more people would read it, or on the answer that is missing.
    """
    section.why_not_hold_closer(by=by).check()
    wanted = PublicationClass(publication_class)
    if wanted.rank < section.held.rank or (wanted == PublicationClass.COUNCIL == section.held):
        raise ValidationError({"publication_class": "More people would read it then. Propose that to a second person."})
    if wanted == PublicationClass.EXEMPT:
        _check_exemption(exemption)
    with recording(by=by, reason=reason):
        _set(section, wanted, council, exemption if wanted == PublicationClass.EXEMPT else {})
        if wanted in BY_NAME and not section.readers.active().filter(reader=by).exists():
            SectionReader(section=section, reader=by).full_clean_and_save()
    return section


def propose_class(
    section: Section, *, publication_class: str, council: Council | None = None, by: User, reason: str
) -> ClassProposal:
    """Propose that more people may read a section. Raises ``PermissionDenied`` and ``ValidationError``."""
    section.why_not_propose_class(by=by).check()
    wanted = PublicationClass(publication_class)
    if wanted.rank >= section.held.rank and wanted != PublicationClass.COUNCIL:
        raise ValidationError({"publication_class": "No more people would read it then. Hold it closer instead."})
    proposal = ClassProposal(
        section=section,
        section_version=section.version,
        publication_class=wanted,
        council=council,
        proposed_by=by,
    )
    with recording(by=by, reason=reason):
        return proposal.full_clean_and_save()


def confirm_class(proposal: ClassProposal, *, by: User, reason: str) -> Section:
    """Let more people read a section, as somebody else proposed. Text changed since then needs a new proposal.

    Raises ``PermissionDenied``, and ``ValidationError`` when it cannot be confirmed.
    """
    section = proposal.section
    proposal.why_not_confirm(by=by).check()
    with recording(by=by, reason=reason):
        proposal.settled_by = by
        proposal.outcome = ClassProposal.Outcome.CONFIRMED
        proposal.full_clean_and_save()
        _set(section, PublicationClass(proposal.publication_class), proposal.council, {})
    return section


def refuse_class(proposal: ClassProposal, *, by: User, reason: str) -> ClassProposal:
    """Leave a section as closely held as it is. Raises ``PermissionDenied``."""
    proposal.why_not_settle(by=by).check()
    with recording(by=by, reason=reason):
        proposal.settled_by = by
        proposal.outcome = ClassProposal.Outcome.REFUSED
        return proposal.full_clean_and_save()


def grant_access(section: Section, *, reader: User, by: User, reason: str) -> SectionReader:
    """Let one person read one exempt or confidential section. Nobody lets themself.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``reader``.
    """
    section.why_not_let_read(by=by).check()
    if not allows(reader, Permission.READ_REGISTERS, section):
        raise ValidationError({"reader": "Choose somebody with a role in one of the partnership's councils."})
    with recording(by=by, reason=reason):
        return SectionReader(section=section, reader=reader).full_clean_and_save()


def revoke_access(grant: SectionReader, *, on: date, by: User, reason: str) -> SectionReader:
    """End a person's leave to read a section.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``grant`` when no reader would remain who may publish.
    """
    with recording(by=by, reason=reason):
        # Two people who each end another leave at the same time wait for each other here.
        grant.section = Section.objects.select_for_update().get(pk=grant.section_id)
        grant.why_not_end(by=by, on=on).check()
        grant.withdrawn_on = on
        grant.withdrawn_reason = reason
        return grant.full_clean_and_save()


def _check_exemption(answers: dict[str, object]) -> None:
    errors = {name: sentence for name, sentence in NEEDED.items() if not answers.get(name)}
    if answers.get("exempt_paragraph") not in range(1, 8):
        errors["exempt_paragraph"] = NEEDED["exempt_paragraph"]
    if errors:
        raise ValidationError(errors)


def _set(section: Section, wanted: str, council: Council | None, exemption: dict[str, object]) -> None:
    section.publication_class = wanted
    section.council = council if wanted == PublicationClass.COUNCIL else None
    for name, empty in NOTHING_EXEMPT.items():
        setattr(section, name, exemption.get(name, empty))
    section.full_clean_and_save()


# What the exemption fields hold for text that is not exempt.
NOTHING_EXEMPT = {
    "public_title": "",
    "exempt_paragraph": None,
    "public_interest_reason": "",
    "class_decided_by": "",
    "class_decided_on": None,
    "class_review_on": None,
}
