"""State a council's governance of the partnership in a financial year, from the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from partnership.financial_years import FinancialYear
from partnership.models import (
    Action,
    Agreement,
    AgreementReview,
    AuditAction,
    AuditCoverage,
    Body,
    Council,
    Meeting,
    Partnership,
    TerminationNotice,
)
from reviews.facts.councils import CouncilFact
from reviews.facts.partnership import Facts, facts
from reviews.facts.reading import Reader, all_rows
from reviews.facts.savings import Amount


@dataclass(frozen=True)
class ActionStanding:
    """The state of an action that follows from an audit, on the day."""

    title: str
    is_done: bool
    is_overdue: bool


@dataclass(frozen=True)
class AuditFact:
    """An internal audit of the council's plan for the year; no opinion until its final report."""

    title: str
    reported_on: date | None
    opinion: str
    actions: tuple[ActionStanding, ...]


@dataclass(frozen=True)
class AgreementReviewFact:
    """A review of an agreement that was held in the year."""

    agreement: str
    held_on: date
    outcome: str
    was_late: bool


@dataclass(frozen=True)
class NoticeGiven:
    """Notice to end an agreement that a party gave in the year."""

    agreement: str
    given_by: str
    given_on: date


@dataclass(frozen=True)
class OverdueReview:
    """An agreement whose review should have been held by the day."""

    agreement: str
    due_on: date


@dataclass(frozen=True)
class GovernanceFacts:
    """One council's year, as at its last day or, while it runs, as at the day asked for."""

    year: FinancialYear
    as_at: date
    council: CouncilFact
    facts: Facts
    reviews: tuple[AgreementReviewFact, ...]
    notices: tuple[NoticeGiven, ...]
    overdue: tuple[OverdueReview, ...]
    meetings: tuple[tuple[str, int], ...]  # each body of all the councils, or of this one, with how often it met
    audits: tuple[AuditFact, ...]

    @property
    def others(self) -> tuple[CouncilFact, ...]:
        """The other councils."""
        return tuple(council for council in self.facts.councils if council.id != self.council.id)

    @property
    def verified(self) -> Amount:
        """The cashable savings of the council in the year that its finance has verified."""
        return self.facts.savings.total(str(self.year), "verified", self.council)


def governance_facts(partnership: Partnership, council_key: str, year: FinancialYear, on: date) -> GovernanceFacts:
    """One council's year with all that is known. Raises ``LookupError`` for a council that is not party to it.

    ``on`` is the day on which it is asked: a year that still runs is told as far as it has come.
    """
    as_at = min(year.last_day, on)
    found = facts(partnership, as_at)
    council = next((council for council in found.councils if council.key == council_key), None)
    if council is None:
        raise LookupError(council_key)
    read = Reader(partnership.pk, None)
    agreements = read.own(Agreement)
    return GovernanceFacts(
        year,
        as_at,
        council,
        found,
        held_in(read, agreements, year.first_day, as_at),
        given_in(read, agreements, year.first_day, as_at),
        tuple(OverdueReview(row.title, row.review_due_on) for row in agreements if row.is_review_overdue(as_at)),
        meetings_in(read, council, year.first_day, as_at),
        audits_of(read, council, year, as_at),
    )


def held_in(read: Reader, agreements: list[Agreement], first: date, last: date) -> tuple[AgreementReviewFact, ...]:
    """The reviews of agreements that were held between two days."""
    by_agreement = read.under(AgreementReview, agreements, "agreement")
    reviews = []
    for agreement in agreements:
        for row in by_agreement[agreement.id]:
            if first <= row.held_on <= last:
                outcome = row.get_outcome_display()
                reviews.append(AgreementReviewFact(agreement.title, row.held_on, outcome, row.was_late))
    return tuple(sorted(reviews, key=lambda row: (row.held_on, row.agreement)))


def given_in(read: Reader, agreements: list[Agreement], first: date, last: date) -> tuple[NoticeGiven, ...]:
    """The notices that parties gave between two days."""
    by_agreement = read.under(TerminationNotice, agreements, "agreement")
    givers = read.numbered(Council, (row.given_by_id for row in all_rows(by_agreement)))
    notices = []
    for agreement in agreements:
        for row in by_agreement[agreement.id]:
            if first <= row.given_on <= last:
                notices.append(NoticeGiven(agreement.title, givers[row.given_by_id].name, row.given_on))
    return tuple(sorted(notices, key=lambda row: (row.given_on, row.given_by)))


def meetings_in(read: Reader, council: CouncilFact, first: date, last: date) -> tuple[tuple[str, int], ...]:
    """Count the meetings of each body of this council or of all councils, without bodies that did not meet."""
    bodies = [row for row in read.own(Body) if row.council_id in (None, council.id)]
    by_body = read.under(Meeting, bodies, "body")
    counts = []
    for body in bodies:
        held = [row for row in by_body[body.id] if first <= row.held_on <= last and row.cancelled_on is None]
        if held:
            counts.append((body.name, len(held)))
    return tuple(counts)


def audits_of(read: Reader, council: CouncilFact, year: FinancialYear, as_at: date) -> tuple[AuditFact, ...]:
    """The audits in a council's plan for the year, with the actions that follow as they stood on the day."""
    rows = [row for row in read.own(AuditCoverage) if (row.council_id, row.financial_year) == (council.id, str(year))]
    links = read.under(AuditAction, rows, "audit")
    actions = read.numbered(Action, (link.action_id for link in all_rows(links)))
    audits = []
    for row in sorted(rows, key=lambda row: (row.title, row.id)):
        opinion = row.get_opinion_display() if row.opinion else ""
        follow_up = [actions[link.action_id] for link in links[row.id] if link.action_id in actions]
        statuses = tuple(standing(action, as_at) for action in follow_up)
        audits.append(AuditFact(row.title, row.reported_on, opinion, statuses))
    return tuple(audits)


def standing(action: Action, as_at: date) -> ActionStanding:
    """Return the status of an action on a day. One done later was open then."""
    is_done = action.done_on is not None and action.done_on <= as_at
    is_late = not is_done and action.due_on is not None and action.due_on < as_at
    return ActionStanding(action.title, is_done, is_late)
