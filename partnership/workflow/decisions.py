"""The verbs of decisions: recording, publishing, call-in, refusal, lapse and referral."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import ValidationError

from partnership.access import require
from partnership.dates import in_words
from partnership.models import Body, Condition, Decision, Party, Referral, Resolution, User
from partnership.records import recording
from partnership.workflow.core import leave_open


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
    require(by, Decision.kept_with, decision)
    leave_open(decision, not_stated, by=by)
    texts = [text.strip() for text in resolutions if text.strip()]
    if not texts:
        raise ValidationError({"resolutions": "Enter at least one resolution."})
    with recording(by=by, reason=reason):
        decision.put_on_record()
        for number, text in enumerate(texts, start=1):
            Resolution(decision=decision, number=number, text=text).put_on_record()
    return decision


def make_subject(
    resolution: Resolution, *, to: Body, answered_by: Resolution | None = None, by: User, reason: str
) -> Condition:
    """Make a resolution subject to another body's agreement, or say with which resolution that body answered.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``body`` or ``answered_by``.
    """
    condition = resolution.conditions.standing().filter(body=to).first() or Condition(resolution=resolution, body=to)
    require(by, Condition.kept_with, condition)
    with recording(by=by, reason=reason):
        condition.answered_by = answered_by or condition.answered_by
        return condition.put_on_record()


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
        return decision.put_on_record()


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
        first, last = in_words(decision.published_on), in_words(last_day, unknown="a day not known")
        raise ValidationError({"on": f"The call-in period was from {first} to {last}."})
    with recording(by=by, reason=reason):
        decision.called_in_on, decision.call_in_reason = on, reason.strip()
        return decision.put_on_record()


def resolve_call_in(decision: Decision, *, outcome: str, on: date, by: User, reason: str) -> Decision:
    """Record how a call-in ended: the decision stands, or it is sent back and its resolutions lapse.

    Raises ``PermissionDenied``, and ``ValidationError``; on ``on`` for a day before the call-in.
    """
    decision.why_not_resolve_call_in(by=by, on=on).check()
    if on < decision.called_in_on:
        raise ValidationError({"on": "Enter a day that is not before the call-in."})
    with recording(by=by, reason=reason):
        decision.call_in_resolved_on, decision.call_in_outcome = on, outcome
        decision.put_on_record()
        if outcome == Decision.CallInOutcome.SENT_BACK:
            for resolution in decision.resolutions.standing().filter(standing=Resolution.Standing.AGREED):
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
        resolution.standing, resolution.stands_since = standing, on
        return resolution.put_on_record()


def refer_decision(
    referral: Referral, *, by: User, reason: str, not_stated: Mapping[str, str] | None = None
) -> Referral:
    """Refer a decision to another body of the partnership, such as scrutiny.

    Raises ``PermissionDenied``, and ``ValidationError``; on ``referred_on`` for a day before the decision.
    """
    require(by, Referral.kept_with, referral)
    leave_open(referral, not_stated, by=by)
    if referral.referred_on and referral.referred_on < referral.decision.decided_on:
        raise ValidationError({"referred_on": "Enter a day that is not before the decision."})
    with recording(by=by, reason=reason):
        return referral.put_on_record()
