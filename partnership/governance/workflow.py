"""Workflow of governance: partnerships, councils, commitments, agreements, decisions, meetings and actions.

Every verb asks for a permission first, writes inside one transaction, and says in its docstring what it refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from partnership.accounts.permissions import require
from partnership.accounts.roles import Permission
from partnership.accounts.workflow import ADMINISTRATOR
from partnership.dates import in_words
from partnership.models import (
    Action,
    Agreement,
    AgreementReview,
    Body,
    Commitment,
    Condition,
    Council,
    Decision,
    Meeting,
    Membership,
    Partnership,
    Party,
    Referral,
    Resolution,
    User,
)
from partnership.records.record import recording
from partnership.records.workflow import set_not_stated


def found_partnership(
    *,
    name: str,
    slug: str,
    councils: Iterable[Council],
    by: User,
    reason: str,
    not_stated: Mapping[str, str] | None = None,
    **facts: Any,
) -> Partnership:
    """Found a partnership with its parties, whose columns stand in the order given.

    Whoever founds it administers one of the parties. The others join once their own administrators consent
    (`confirm_party`). Raises ``PermissionDenied``, and ``ValidationError`` on
    ``councils`` for fewer than its kind needs, or more.
    """
    parties = list(dict.fromkeys(councils))
    administered = [council for council in parties if by.has_perm(Permission.KEEP_COUNCILS, council)]
    require(by, Permission.KEEP_COUNCILS, next(iter(administered or parties), None))
    partnership = Partnership(name=name, slug=slug, **facts)
    if sentence := partnership.wrong_with(len(parties)):
        raise ValidationError({"councils": sentence})
    set_not_stated(partnership, not_stated, by=by)
    with recording(by=by, reason=reason):
        partnership.full_clean_and_save()
        for position, council in enumerate(parties, start=1):
            party = Party(partnership=partnership, council=council, position=position)
            if council not in administered:
                party.proposed_by = by
                party.consents = {str(own.pk): by.pk for own in administered}
            party.full_clean_and_save()
    return partnership


def add_party(party: Party, *, on: date, by: User, reason: str, not_stated: Mapping[str, str] | None = None) -> Party:
    """Add a council to a partnership; it waits until it and every council already party has consented.

    Whoever adds it consents for the councils that they administer. Raises ``PermissionDenied`` and
    ``ValidationError``.
    """
    require(by, Permission.KEEP_COUNCILS, party.partnership)
    set_not_stated(party, not_stated, by=by)
    own = by.authority.councils(Permission.KEEP_COUNCILS)
    party.proposed_by = by
    party.consents = {str(council.pk): by.pk for council in party.councils_to_consent(on) if council.pk in own}
    if not party.councils_to_consent(on):
        party.confirmed_on = on
    with recording(by=by, reason=reason):
        return party.full_clean_and_save()


def confirm_party(party: Party, *, on: date, by: User, reason: str) -> Party:
    """Consent, for the councils that the person administers, to a council's joining.

    It is party once every council concerned has consented. Raises ``PermissionDenied``, and ``ValidationError`` when
    it does not wait.
    """
    party.why_not_confirm(by=by, on=on).check()
    own = by.authority.councils(Permission.KEEP_COUNCILS)
    given = {str(council.pk): by.pk for council in party.councils_to_consent(on) if council.pk in own}
    with recording(by=by, reason=reason):
        party.consents = party.consents | given
        if not party.councils_to_consent(on):
            party.confirmed_on = on
        return party.full_clean_and_save()


def adopt_commitments(
    partnership: Partnership,
    *,
    kind: str,
    adopted_on: date,
    statements: Iterable[tuple[str, str]],
    is_paraphrased: bool = False,
    by: User,
    reason: str,
) -> list[Commitment]:
    """Adopt principles or objectives, numbered in the order given: pairs of short title and statement.

    Raises ``PermissionDenied``, and ``ValidationError`` when some of the kind already stand.
    """
    require(by, Permission.KEEP_AGREEMENTS, partnership)
    with recording(by=by, reason=reason):
        return [
            Commitment(
                partnership=partnership,
                kind=kind,
                number=number,
                short_title=short_title,
                statement=statement,
                is_paraphrased=is_paraphrased,
                adopted_on=adopted_on,
            ).full_clean_and_save()
            for number, (short_title, statement) in enumerate(statements, start=1)
        ]


def add_council(council: Council, *, on: date, by: User, reason: str) -> Council:
    """Enter a council. Whoever enters it administers it from that day, until it has administrators of its own.

    Raises ``PermissionDenied`` and ``ValidationError``.
    """
    require(by, Permission.KEEP_COUNCILS)
    with recording(by=by, reason=reason):
        council.full_clean_and_save()
        facts = {"role": ADMINISTRATOR, "from_on": on, "stands_in_from": on}
        Membership(user=by, council=council, **facts).full_clean_and_save()
    return council


def end_agreement(agreement: Agreement, *, ended_on: date, by: User, reason: str) -> Agreement:
    """End an agreement after its last day in force, with the reason.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``ended_on`` when it has ended before or not yet begun.
    """
    agreement.why_not_end(by=by, on=ended_on).check()
    with recording(by=by, reason=reason):
        agreement.ended_on = ended_on
        agreement.end_reason = reason.strip()
        return agreement.full_clean_and_save()


def record_decision(
    decision: Decision,
    *,
    resolutions: Iterable[str],
    by: User,
    reason: str,
    not_stated: Mapping[str, str] | None = None,
) -> Decision:
    """Put a decision on record with its resolutions, numbered in the order given.

    Raises ``PermissionDenied``, and ``ValidationError``; on ``resolutions`` when there is none.
    """
    require(by, Decision.edit_permission, decision)
    set_not_stated(decision, not_stated, by=by)
    texts = [text.strip() for text in resolutions if text.strip()]
    if not texts:
        raise ValidationError({"resolutions": "Enter at least one resolution."})
    with recording(by=by, reason=reason):
        decision.full_clean_and_save()
        for number, text in enumerate(texts, start=1):
            Resolution(decision=decision, number=number, text=text).full_clean_and_save()
    return decision


def make_subject(
    resolution: Resolution, *, to: Body, answered_by: Resolution | None = None, by: User, reason: str
) -> Condition:
    """Make a resolution subject to another body's agreement, or say with which resolution that body answered.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``body`` or ``answered_by``.
    """
    condition = resolution.conditions.active().filter(body=to).first() or Condition(resolution=resolution, body=to)
    require(by, Condition.edit_permission, condition)
    with recording(by=by, reason=reason):
        condition.answered_by = answered_by or condition.answered_by
        return condition.full_clean_and_save()


def publish_decision(decision: Decision, *, on: date, by: User, reason: str) -> Decision:
    """Publish the record of a decision; the call-in period of its council begins and is kept with it.

    An executive's needs every statutory part. Raises ``PermissionDenied``, and ``ValidationError`` on ``on``, on the
    missing part, or when it was published before or its council's call-in period is not recorded.
    """
    decision.why_not_publish(by=by, on=on).check()
    if on < decision.decided_on:
        raise ValidationError({"on": "Enter a day that is not before the decision."})
    missing = decision.missing_parts()
    if missing:
        raise ValidationError(missing)
    with recording(by=by, reason=reason):
        decision.published_on = on
        decision.call_in_days = _call_in_days(decision) if decision.can_be_called_in else None
        return decision.full_clean_and_save()


def _call_in_days(decision: Decision) -> int:
    """The council's own call-in period; the longest of the parties' for a joint body."""
    body = decision.body
    parties = Party.objects.party_on(decision.decided_on).filter(partnership=body.partnership_id)
    councils = [party.council for party in parties.select_related("council")] if body.is_joint else [body.council]
    for council in councils:
        if council.call_in_days is None:
            raise ValidationError(f"Record the call-in period of {council} first.")
    return max(council.call_in_days for council in councils)


def call_in(decision: Decision, *, on: date, by: User, reason: str) -> Decision:
    """Record that scrutiny called a decision in within its period. It waits until the call-in is resolved.

    Raises ``PermissionDenied``, and ``ValidationError``; on ``on`` for a day outside the call-in period.
    """
    decision.why_not_call_in(by=by, on=on).check()
    last_day = decision.last_day_to_call_in
    if on < decision.published_on or (last_day and on > last_day):
        first = in_words(decision.published_on)
        last = in_words(last_day, unknown="a day not known")
        raise ValidationError({"on": f"The call-in period was from {first} to {last}."})
    with recording(by=by, reason=reason):
        decision.called_in_on = on
        decision.call_in_reason = reason.strip()
        return decision.full_clean_and_save()


def resolve_call_in(decision: Decision, *, outcome: str, on: date, by: User, reason: str) -> Decision:
    """Record how a call-in ended: the decision stands, or it is sent back and its resolutions lapse.

    Raises ``PermissionDenied``, and ``ValidationError``; on ``on`` for a day before the call-in.
    """
    decision.why_not_resolve_call_in(by=by, on=on).check()
    if on < decision.called_in_on:
        raise ValidationError({"on": "Enter a day that is not before the call-in."})
    with recording(by=by, reason=reason):
        decision.call_in_resolved_on = on
        decision.call_in_outcome = outcome
        decision.full_clean_and_save()
        if outcome == Decision.CallInOutcome.SENT_BACK:
            for resolution in decision.resolutions.active().filter(standing=Resolution.Standing.AGREED):
                lapse_resolution(resolution, on=on, by=by, reason=reason)
    return decision


def refuse_resolution(resolution: Resolution, *, on: date, by: User, reason: str) -> Resolution:
    """Record that the body refused what was put to it. What is subject to it falls with it.

    Raises ``PermissionDenied``, and ``ValidationError``; on ``on`` for a day before the decision.
    """
    return _end(resolution, Resolution.Standing.REFUSED, on, by, reason)


def lapse_resolution(resolution: Resolution, *, on: date, by: User, reason: str) -> Resolution:
    """Record that a resolution lapsed: rescinded, overtaken, or out of time. What is subject to it falls with it.

    Raises ``PermissionDenied``, and ``ValidationError``; on ``on`` for a day before the decision.
    """
    return _end(resolution, Resolution.Standing.LAPSED, on, by, reason)


def _end(resolution: Resolution, standing: str, on: date, by: User, reason: str) -> Resolution:
    resolution.why_not_end(by=by, on=on).check()
    if on < resolution.decision.decided_on:
        raise ValidationError({"on": "Enter a day that is not before the decision."})
    with recording(by=by, reason=reason):
        resolution.standing = standing
        resolution.stands_since = on
        return resolution.full_clean_and_save()


def refer_decision(
    referral: Referral, *, by: User, reason: str, not_stated: Mapping[str, str] | None = None
) -> Referral:
    """Refer a decision to another body of the partnership, such as scrutiny.

    Raises ``PermissionDenied``, and ``ValidationError``; on ``referred_on`` for a day before the decision.
    """
    require(by, Referral.edit_permission, referral)
    set_not_stated(referral, not_stated, by=by)
    if referral.referred_on and referral.referred_on < referral.decision.decided_on:
        raise ValidationError({"referred_on": "Enter a day that is not before the decision."})
    with recording(by=by, reason=reason):
        return referral.full_clean_and_save()


def complete_action(action: Action, *, on: date, evidence: str, by: User, reason: str) -> Action:
    """Record that an action is done, with what shows it.

    Raises ``PermissionDenied``, and ``ValidationError``; on ``evidence`` when there is none.
    """
    action.why_not_complete(by=by, on=on).check()
    if not evidence.strip():
        raise ValidationError({"evidence": "Say what shows that it is done."})
    with recording(by=by, reason=reason):
        action.done_on = on
        action.evidence = evidence.strip()
        return action.full_clean_and_save()


def reopen_action(action: Action, *, by: User, reason: str) -> Action:
    """Open an action again that turned out not to be done; the history keeps the earlier evidence.

    Raises ``PermissionDenied``, and ``ValidationError`` when it is open.
    """
    action.why_not_reopen(by=by).check()
    with recording(by=by, reason=reason):
        action.done_on = None
        action.evidence = ""
        return action.full_clean_and_save()


def record_agreement_review(review: AgreementReview, *, by: User, reason: str) -> AgreementReview:
    """Put a review of an agreement on record; the agreement is next due on the day that the review sets.

    An earlier review, entered after a later one, leaves the agreement's day alone. Raises ``PermissionDenied`` and
    ``ValidationError``.
    """
    require(by, AgreementReview.edit_permission, review)
    agreement = review.agreement
    is_latest = not agreement.reviews.active().filter(held_on__gt=review.held_on).exists()
    with recording(by=by, reason=reason):
        review.full_clean_and_save()
        if is_latest:
            agreement.review_due_on = review.next_due_on
            agreement.full_clean_and_save()
    return review


def call_off(meeting: Meeting, *, on: date, by: User, reason: str) -> Meeting:
    """Call a meeting off; its page stays, with the reason.

    Raises ``PermissionDenied``, and ``ValidationError`` when it was called off before or, on ``on``, after its day.
    """
    meeting.why_not_call_off(by=by, on=on).check()
    with recording(by=by, reason=reason):
        meeting.cancelled_on = on
        meeting.cancel_reason = reason.strip()
        return meeting.full_clean_and_save()
