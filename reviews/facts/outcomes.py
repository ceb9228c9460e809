"""Facts of a body's resolutions on a paper and its referrals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from partnership.dates import in_words
from partnership.models import Body, Council, Decision, Meeting, Referral, Resolution
from partnership.records.as_at import rows_as_of
from reviews.facts.councils import body_fact
from reviews.facts.reading import Reader, all_rows
from reviews.models import AgendaItem, Review


@dataclass(frozen=True)
class ResolutionFact:
    """One numbered paragraph of what was resolved; ``standing`` is empty for one that was agreed and still stands."""

    id: int
    number: int
    text: str
    standing: str = ""


@dataclass(frozen=True)
class ReferralFact:
    """To whom a decision was referred, what for, and what came of it."""

    id: int
    to: str
    asked_for: str
    referred: str
    answer: str


@dataclass(frozen=True)
class DecisionFact:
    """A decision taken in public on a paper by the day. ``numbering`` is how its council numbers resolutions."""

    id: int
    title: str
    decided: str
    numbering: str
    resolutions: tuple[ResolutionFact, ...]
    referrals: tuple[ReferralFact, ...]


def outcome_facts(read: Reader, review: Review, as_at: date, items: Iterable[AgendaItem]) -> tuple[DecisionFact, ...]:
    """Return what the body that a paper is prepared for decided on it by the day.

    A decision is on the paper if an agenda item says so or, where no meeting is recorded, if it names the paper as its
    report. What was decided without the public is in none of them, so that no edition can print it.
    """
    body = read.numbered(Body, [review.body_id]).get(review.body_id)
    if body is None or not body.meets_in_public:
        return ()
    linked = {item.decision_id for item in items}
    on_it = [
        row
        for row in rows_as_of(Decision, read.known_at, body_id=body.id)
        if row.id in linked or row.report_title.casefold() == review.title.casefold()
    ]
    taken = [row for row in on_it if row.decided_on <= as_at and not row.no_public_access_reason]
    meetings = read.numbered(Meeting, [row.meeting_id for row in taken if row.meeting_id])
    public = [row for row in taken if not row.meeting_id or _is_public(meetings.get(row.meeting_id))]
    resolutions = read.under(Resolution, public, "decision")
    referrals = read.under(Referral, public, "decision")
    bodies = read.numbered(Body, [row.to_body_id for row in all_rows(referrals)])
    councils = read.councils(row.council_id for row in (body, *bodies.values()) if row.council_id)
    names = {row.id: body_fact(row, councils.get(row.council_id)).name for row in bodies.values()}
    council = councils.get(body.council_id)
    numbering = council.numbering if council else Council.Numbering.NUMBERS
    decisions = []
    for row in sorted(public, key=lambda row: (row.decided_on, row.id)):
        agreed = sorted(resolutions[row.id], key=lambda resolution: (resolution.number, resolution.id))
        referred = [referral for referral in referrals[row.id] if referral.referred_on <= as_at]
        decisions.append(
            DecisionFact(
                row.id,
                row.title,
                in_words(row.decided_on),
                numbering,
                tuple(_resolution(resolution) for resolution in agreed),
                tuple(_referral(referral, names, as_at) for referral in referred),
            )
        )
    return tuple(decisions)


def _is_public(meeting: Meeting | None) -> bool:
    return meeting is not None and meeting.access != Meeting.Access.PRIVATE


def _resolution(row: Resolution) -> ResolutionFact:
    stands = row.standing == Resolution.Standing.AGREED
    return ResolutionFact(row.id, row.number, row.text, "" if stands else row.get_standing_display().lower())


def _referral(row: Referral, names: dict[int, str], as_at: date) -> ReferralFact:
    answered = row.answered_on is not None and row.answered_on <= as_at
    to = names.get(row.to_body_id, "another body")
    return ReferralFact(row.id, to, row.asked_for, in_words(row.referred_on), row.answer if answered else "")
