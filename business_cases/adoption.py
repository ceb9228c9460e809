"""Find what prevents the adoption of a business case, each obstacle as a sentence.

A case answers every principle and serves an objective, and every council has approved it. A joint committee has agreed
the case of a shared service where the partnership's rules say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from business_cases.models import BusinessCase, CaseApproval
from partnership.dates import in_words
from partnership.governance.effects import Effect, effects_in
from partnership.models import Body, Commitment, Partnership, Party, Resolution


def in_the_way(case: BusinessCase, on: date) -> list[str]:
    """Return what is missing for the case to be adopted on a day."""
    approvals = case.approvals.active().select_related("resolution__decision__body__council")
    return [*_unanswered(case, on), *_not_considered(case, approvals, on), *_not_approved(case, approvals, on)]


def _unanswered(case: BusinessCase, on: date) -> Iterator[str]:
    answered = set(case.commitments.active().values_list("commitment", flat=True))
    kept = Commitment.objects.active().filter(partnership=case.partnership)
    in_force = [row for row in kept if row.is_in_force(on)]
    objectives = [row for row in in_force if row.kind == Commitment.Kind.OBJECTIVE]
    if objectives and not any(row.pk in answered for row in objectives):
        yield "It serves no objective yet."
    numbers = [row.number for row in in_force if row.kind == Commitment.Kind.PRINCIPLE and row.pk not in answered]
    if numbers:
        named = ", ".join(map(str, numbers))
        yield f"It does not say yet how it respects principle{'s' if len(numbers) > 1 else ''} {named}."


def _not_considered(case: BusinessCase, approvals: list[CaseApproval], on: date) -> Iterator[str]:
    """Check that the joint committee agreed the case of a shared service, where the partnership's rules want that."""
    if case.partnership.service_case_body != Partnership.DecidedBy.JOINT_COMMITTEE:
        return
    at_committee = (
        row.resolution.decision.meeting_id and row.resolution.decision.decided_on <= on
        for row in approvals
        if row.resolution.decision.body.kind == Body.Kind.JOINT_COMMITTEE and _is_agreed(row)
    )
    if case.kind == BusinessCase.Kind.SERVICE and not any(at_committee):
        yield "No meeting of the joint committee has agreed it yet."


def _not_approved(case: BusinessCase, approvals: list[CaseApproval], on: date) -> Iterator[str]:
    effects = effects_in(case.partnership)
    for party in Party.objects.party_on(on).filter(partnership=case.partnership).select_related("council"):
        own = [row for row in approvals if row.resolution.decision.body.council_id == party.council_id]
        if not own:
            yield f"{party.council.short_name} has not approved it yet."
        elif not any(_has_effect(effects.get(row.resolution_id), on) for row in own):
            words = _words(effects.get(own[-1].resolution_id))
            yield f"The approval by {party.council.short_name} has no effect on {in_words(on)}: {words}."


def _is_agreed(approval: CaseApproval) -> bool:
    return approval.resolution.standing == Resolution.Standing.AGREED


def _words(effect: Effect | None) -> str:
    if effect is None:
        return "its decision was withdrawn"
    return f"it takes effect on {effect.words}" if effect.on else f"it {effect.words[:1].lower()}{effect.words[1:]}"


def _has_effect(effect: Effect | None, on: date) -> bool:
    return effect is not None and effect.on is not None and effect.on <= on
