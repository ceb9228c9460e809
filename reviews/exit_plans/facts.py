"""An exit plan as at a date: the notice, the last day, and what becomes of each post and service.

Notice on record stands before one that the plan assumes; one assumed without a day is reckoned from the as-at date, so
that a plan says on any day what leaving would then come to.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from business_cases.models import ServiceArrangement
from joint_posts.costs.apportionment import Inputs, Member, PostRows, inputs_from
from joint_posts.models import CostShare, CouncilShare, EmployerChange, JointPost, PostStep
from joint_posts.models.posts import Status
from partnership.models import Agreement, Council, Party, TerminationNotice
from reviews.facts.councils import CouncilFact, PartnershipFact, member_facts, parties_among, partnership_fact
from reviews.facts.posts import employer_ids, post_facts
from reviews.facts.reading import Reader, all_rows
from reviews.facts.savings import SavingFacts, saving_facts
from reviews.facts.services import ServiceFact, service_facts
from reviews.models import ExitArrangement, ExitEstimate, ExitPayment, ExitPlan, ExitPost

OPEN = "open"  # in both kinds of disposition


@dataclass(frozen=True)
class NoticeFact:
    """Notice that a council gave, or that the plan assumes; ``last_day`` while the period of notice is known."""

    given_by: CouncilFact | None
    given_on: date
    last_day: date | None
    is_given: bool


@dataclass(frozen=True)
class EndFact:
    """The end of a post or a service. ``whose`` names who employs the officer, or provides for whom, until then."""

    id: int
    title: str
    whose: str
    disposition: str
    disposition_words: str
    employed_by: str
    phase: int | None
    what_follows: str
    last_day: date | None

    @property
    def goes_on(self) -> bool:
        """Return whether the councils go on sharing it."""
        return self.disposition == "shared"

    @property
    def is_open(self) -> bool:
        """Return whether nobody has decided what becomes of it; its ending is reckoned with."""
        return self.disposition == OPEN


@dataclass(frozen=True)
class EstimateFact:
    """The cost or saving of leaving to a council in a year, in pounds; ``None`` while it is not known."""

    council_id: int
    financial_year: str
    is_cost: bool
    title: str
    amount: Decimal | None
    about: bool


@dataclass(frozen=True)
class PaymentFact:
    """A payment in lieu of notice as the councils agreed it, in pounds."""

    paid_by_id: int
    paid_to_id: int
    paid_on: date
    amount: Decimal


@dataclass(frozen=True)
class ExitFacts:
    """A plan for ending an agreement (``as_at``: what was true) as known at a moment (``known_at``; ``None``: all)."""

    as_at: date
    known_at: datetime | None
    title: str
    relationship: str
    partnership: PartnershipFact
    councils: tuple[CouncilFact, ...]
    agreement: str
    notice_months: int | None
    notices: tuple[NoticeFact, ...]
    agreed_last_day: date | None
    others_go_on: bool
    posts: tuple[EndFact, ...]
    services: tuple[EndFact, ...]
    estimates: tuple[EstimateFact, ...]
    payments: tuple[PaymentFact, ...]
    inputs: dict[int, Inputs]  # what the apportionment of each post depends on
    savings: SavingFacts

    @property
    def notice_end(self) -> date | None:
        """The day on which the first notice runs out; not known while the period of notice is not recorded."""
        return min((notice.last_day for notice in self.notices if notice.last_day), default=None)

    @property
    def last_day(self) -> date | None:
        """The last day of the agreement: the one agreed, else that on which notice runs out."""
        return self.agreed_last_day or self.notice_end

    @property
    def givers(self) -> tuple[CouncilFact, ...]:
        """The councils that give notice."""
        return tuple(notice.given_by for notice in self.notices if notice.given_by)

    @property
    def leaving(self) -> frozenset[int]:
        """The councils that leave: those that give notice where the others go on, else all of them."""
        return frozenset(council.id for council in (self.givers if self.others_go_on else self.councils))

    def council(self, number: int) -> CouncilFact | None:
        """One of the councils."""
        return next((council for council in self.councils if council.id == number), None)

    @property
    def undecided(self) -> tuple[EndFact, ...]:
        """The posts and services of which nobody has decided what becomes of them."""
        return tuple(end for end in (*self.posts, *self.services) if end.is_open)


def exit_facts(plan: ExitPlan, as_at: date, known_at: datetime | None = None) -> ExitFacts:
    """The plan as at a date. Raises ``LookupError`` when it was not begun by then."""
    read = Reader(plan.partnership_id, known_at)
    row = read.numbered(ExitPlan, [plan.pk])[plan.pk]
    agreement = read.numbered(Agreement, [row.agreement_id])[row.agreement_id]
    runs_out = [one.last_day for one in notice_facts(read, row, agreement, (), as_at) if one.last_day]
    last_day = row.last_day_on or min(runs_out, default=None)
    # On its last day and afterwards the plan is of the councils that were party on that day.
    members = member_facts(read)
    councils = parties_among(members, min(as_at, last_day or as_at))
    notices = notice_facts(read, row, agreement, councils, as_at)
    posts = post_ends(read, row, last_day, as_at)
    first_notice = min(one.given_on for one in notices)
    return ExitFacts(
        as_at,
        known_at,
        row.title,
        row.relationship,
        partnership_fact(read.itself(), as_at),
        councils,
        agreement.title,
        agreement.notice_months,
        notices,
        row.last_day_on,
        row.others_go_on,
        posts,
        service_ends(read, row, last_day, as_at),
        estimate_facts(read, row),
        payment_facts(read, row),
        all_inputs(read, last_day, frozenset(post.id for post in posts), first_notice),
        saving_facts(read, members, as_at),
    )


def notice_facts(
    read: Reader, plan: ExitPlan, agreement: Agreement, councils: tuple[CouncilFact, ...], as_at: date
) -> tuple[NoticeFact, ...]:
    """The notices given by the day, the first to run out first; else the one that the plan assumes."""
    by_id = {council.id: council for council in councils}
    given = read.under(TerminationNotice, [agreement], "agreement")[agreement.id]
    given = sorted((row for row in given if row.given_on <= as_at), key=lambda row: (row.given_on, row.id))
    found = tuple(
        NoticeFact(by_id.get(row.given_by_id), row.given_on, agreement.last_day_by_notice(row.given_on), True)
        for row in given
    )
    if found:
        return found
    on = plan.assumed_notice_on or as_at
    return (NoticeFact(by_id.get(plan.assumed_notice_by_id), on, agreement.last_day_by_notice(on), False),)


def post_ends(read: Reader, plan: ExitPlan, last_day: date | None, as_at: date) -> tuple[EndFact, ...]:
    """Return every joint post that has not ended by the day or that the plan names, with what the plan says of it."""
    planned = read.under(ExitPost, [plan], "plan")[plan.id]
    named = {row.post_id for row in planned}
    found = [post for post in post_facts(read, as_at) if not post.is_ended or post.id in named]
    ended_on = {post.id: post.last_day for post in found if post.is_ended and post.last_day}
    ends = Planned(read, planned, "post_id", last_day, ExitPost.Disposition, ended_on)
    return ends.of((post.id, post.title, post.home_council) for post in found)


def service_ends(read: Reader, plan: ExitPlan, last_day: date | None, as_at: date) -> tuple[EndFact, ...]:
    """Return every service arrangement that runs on the day or that the plan names, with what the plan says of it."""
    planned = read.under(ExitArrangement, [plan], "plan")[plan.id]
    named = {row.arrangement_id for row in planned}
    rows = read.numbered(ServiceArrangement, named).values()
    ended_on = {row.id: row.ended_on for row in rows if row.ended_on and row.ended_on < as_at}
    ends = Planned(read, planned, "arrangement_id", last_day, ExitArrangement.Disposition, ended_on)
    return ends.of((row.id, row.service, between_whom(row)) for row in service_facts(read, as_at, also=named))


def between_whom(row: ServiceFact) -> str:
    """ "OCC to CDC", as far as it is stated."""
    return " to ".join(name for name in (row.provider, row.receiver) if name)


@dataclass(frozen=True)
class Planned:
    """The plan for posts, or for services."""

    read: Reader
    planned: Iterable[Any]
    link: str
    last_day: date | None
    dispositions: Any
    ended_on: dict[int, date]  # the last day of what has ended by now, as its own record has it

    def of(self, shared: Iterable[tuple[int, str, str]]) -> tuple[EndFact, ...]:
        """Return the end of each, in the order of the plan's phases; those it does not name come last, as open."""
        by_id = {getattr(row, self.link): row for row in self.planned}
        councils = self.read.numbered(Council, (row.employed_by_id for row in self.planned if row.employed_by_id))
        found = [self._end(number, title, whose, by_id.get(number), councils) for number, title, whose in shared]
        return tuple(sorted(found, key=lambda end: (end.phase is None, end.phase or 0, end.title, end.id)))

    def _end(self, number: int, title: str, whose: str, row: Any, councils: dict[int, Council]) -> EndFact:
        disposition = row.disposition if row else OPEN
        return EndFact(
            number,
            title,
            whose,
            disposition,
            self.dispositions(disposition).label,
            councils[row.employed_by_id].short_name if row and row.employed_by_id in councils else "",
            row.phase if row else None,
            row.what_follows if row else "",
            self.ended_on.get(number) or (row.last_day_on if row else None) or self.last_day,
        )


def estimate_facts(read: Reader, plan: ExitPlan) -> tuple[EstimateFact, ...]:
    """Return the plan's own costs and savings of leaving, by year."""
    found = read.under(ExitEstimate, [plan], "plan")[plan.id]
    found.sort(key=lambda row: (row.financial_year, row.kind, row.id))
    return tuple(
        EstimateFact(
            row.council_id,
            row.financial_year,
            row.kind == ExitEstimate.Kind.COST,
            row.title,
            row.amount,
            row.is_about,
        )
        for row in found
    )


def payment_facts(read: Reader, plan: ExitPlan) -> tuple[PaymentFact, ...]:
    """The agreed payments in lieu."""
    found = read.under(ExitPayment, [plan], "plan")[plan.id]
    found.sort(key=lambda row: (row.paid_on, row.id))
    return tuple(PaymentFact(row.paid_by_id, row.paid_to_id, row.paid_on, row.amount) for row in found)


def all_inputs(read: Reader, last_day: date | None, in_plan: frozenset[int], first_notice: date) -> dict[int, Inputs]:
    """Return what the apportionment of each post depends on.

    A council that leaves with the agreement is taken as party afterwards too, and a post of the plan that ended after
    notice was given as going on, so that what is no longer due can be worked out: it is the same before and after the
    end is recorded.
    """
    posts = read.own(JointPost)
    steps = read.under(PostStep, posts, "post")
    terms = read.under(CostShare, posts, "post")
    shares = read.under(CouncilShare, all_rows(terms), "cost_share")
    parties = read.own(Party)
    councils = read.numbered(Council, (party.council_id for party in parties))
    parties.sort(key=lambda party: (party.position, councils[party.council_id].name, party.id))
    members = tuple(
        Member(councils[party.council_id], party.joined_on, _left_before(party.left_on, last_day)) for party in parties
    )
    changes = read.under(EmployerChange, posts, "post")
    councils |= read.numbered(Council, employer_ids(posts, changes))
    made = {}
    for post in posts:
        ended_by_exit = post.id in in_plan and post.ended_on is not None and post.ended_on >= first_notice
        own_steps = [step for step in steps[post.id] if not (ended_by_exit and step.status == Status.ENDED)]
        own_shares = list(itertools.chain.from_iterable(shares[term.id] for term in terms[post.id]))
        rows = PostRows(own_steps, terms[post.id], own_shares, changes[post.id])
        made[post.id] = inputs_from(post, rows, members, councils)
    return made


def _left_before(left_on: date | None, last_day: date | None) -> date | None:
    """Return the last day of a council that left before the agreement's last day; ``None`` for one that did not."""
    return left_on if left_on is not None and last_day is not None and left_on < last_day else None
