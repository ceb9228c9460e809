"""The partnership, its councils and bodies, and what they agreed, as at a date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.text import slugify

from partnership.dates import Precision, calendar_months, in_words, months_between
from partnership.financial_years import FinancialYear
from partnership.models import Agreement, Body, Commitment, Council, Partnership, Party, TerminationNotice
from partnership.wording import in_number_words, listed, ordinal
from reviews.facts.reading import Reader, all_rows, by_choice, distinct_keys

JUST_UNDER = 15  # from so many days into a month, people speak of the next one


@dataclass(frozen=True)
class CouncilFact:
    """A council that is party to the partnership on the day."""

    id: int
    name: str
    short_name: str
    key: str
    tier: str
    executive_name: str


@dataclass(frozen=True)
class MemberFact:
    """A council that was, is or will be party to the partnership, from its first day to its last."""

    council: CouncilFact
    joined_on: date | None  # None: from the start
    left_on: date | None  # None: it stays

    def is_party(self, on: date) -> bool:
        """Return whether it is party on a day."""
        return (self.joined_on or date.min) <= on <= (self.left_on or date.max)

    def is_party_in(self, year: str) -> bool:
        """Return whether it is party on any day of a financial year ("2019/20")."""
        asked = FinancialYear.read(year)
        return (self.joined_on or date.min) <= asked.last_day and asked.first_day <= (self.left_on or date.max)


@dataclass(frozen=True)
class PartnershipFact:
    """The partnership itself. ``operation`` says how long it has run, no more exactly than its start is known."""

    id: int
    name: str
    slug: str
    purpose: str
    notice: str
    agreed: str
    started: str
    operation: str
    month_of_operation: str


@dataclass(frozen=True)
class BodyFact:
    """A body of councillors. ``key`` names it in figures."""

    id: int
    key: str
    name: str
    short_name: str
    meets_in_public: bool
    council_id: int | None = None  # whose body it is; none for a body of all the councils
    plain_name: str = ""  # as its own council calls it
    reports: bool = False  # whether a paper of the body is its own report; otherwise the body receives the report

    @property
    def whose_report(self) -> str:
        """Return "report of the Partnership Working Group", or "report to the CDC Executive"."""
        return f"report {'of' if self.reports else 'to'} the {self.name}"


@dataclass(frozen=True)
class NoticeRunning:
    """Notice to end an agreement that a council had given by the day; ``given_by`` is its initials."""

    id: int
    given_by: str
    last_day: date | None  # None while the period of notice is not recorded

    @property
    def words(self) -> str:
        return f"{in_words(self.last_day, unknown='On a day not known')}, by notice from {self.given_by}"


@dataclass(frozen=True)
class AgreementFact:
    """An agreement in force on the day."""

    id: int
    title: str
    kind: str
    covers: str
    made: str
    commenced: str
    notice: str
    review_due: str
    notice_months: int | None
    expires_on: date | None
    review_due_on: date | None
    notices: tuple[NoticeRunning, ...]  # the first to run out comes first

    @property
    def ends(self) -> str:
        """Its last day in words, by expiry or by notice, whichever comes first; empty while it has none."""
        first = next(iter(self.notices), None)
        if first is None or (self.expires_on and (first.last_day or date.max) >= self.expires_on):
            return in_words(self.expires_on, unknown="")
        return first.words


@dataclass(frozen=True)
class CommitmentFact:
    """A principle or objective in force on the day."""

    id: int
    kind: str
    number: int
    short_title: str
    statement: str
    is_paraphrased: bool
    adopted_on: date


def partnership_fact(row: Partnership, as_at: date) -> PartnershipFact:
    """The partnership as at a date."""
    return PartnershipFact(
        row.id,
        row.name,
        row.slug,
        row.purpose,
        row.notice,
        agreed=in_words(row.agreed_on, row.agreed_precision, unknown=row.unknown_words("agreed_on")),
        started=in_words(row.started_on, row.started_precision, unknown=row.unknown_words("started_on")),
        operation=length_of_operation(row.started_on, row.started_precision, as_at),
        month_of_operation=month_of_operation(row.started_on, as_at),
    )


def length_of_operation(started_on: date | None, precision: str, as_at: date) -> str:
    """Return in words how long it has run: "just under six months"; from a month alone, "about five months"."""
    if started_on is None:
        return "a time that is not stated"
    if precision != Precision.DAY:
        months = calendar_months(started_on, as_at)
        return f"about {_months(months)}" if months > 0 else "less than a month"
    months, days = months_between(started_on, as_at)
    if months < 1 and days < JUST_UNDER:
        return "less than a month"
    if days >= JUST_UNDER:
        return f"just under {_months(months + 1)}"
    return f"just over {_months(months)}" if days else _months(months)


def month_of_operation(started_on: date | None, as_at: date) -> str:
    """Return the ordinal of the day's month of operation, the starting month being the first: "sixth"."""
    if started_on is None or started_on > as_at:
        return "first"
    return ordinal(calendar_months(started_on, as_at) + 1)


def _months(number: int) -> str:
    return f"{in_number_words(number)} month{'' if number == 1 else 's'}"


def member_facts(read: Reader) -> tuple[MemberFact, ...]:
    """Return every council that is a party on any day, in the order of the columns."""
    parties = [party for party in read.own(Party) if not party.is_waiting]
    rows = read.councils(party.council_id for party in parties)
    parties.sort(key=lambda party: (party.position, rows[party.council_id].name, party.id))
    return tuple(MemberFact(council_fact(rows[party.council_id]), party.joined_on, party.left_on) for party in parties)


def council_facts(read: Reader, as_at: date) -> tuple[CouncilFact, ...]:
    """The parties on the day, in the order of their columns."""
    return parties_among(member_facts(read), as_at)


def parties_among(members: Iterable[MemberFact], on: date) -> tuple[CouncilFact, ...]:
    """The councils that are party on a day."""
    return tuple(member.council for member in members if member.is_party(on))


def council_fact(row: Council) -> CouncilFact:
    """Return the council as papers name it."""
    return CouncilFact(row.id, row.name, row.short_name, row.key, row.tier, row.executive_name)


def body_facts(read: Reader, councils: dict[int, Council]) -> tuple[BodyFact, ...]:
    """The bodies of the partnership and of its councils, each with a key of its own."""
    found = [body_fact(row, councils.get(row.council_id)) for row in read.own(Body)]
    keys = distinct_keys({body.id: body.key for body in found})
    return tuple(replace(body, key=keys[body.id]) for body in found)


def body_fact(row: Body, council: Council | None) -> BodyFact:
    """Return the body as papers name it; a council's own body carries the council's initials."""
    name = f"{council.short_name} {row.name}" if council else row.name
    key = slugify(f"{council.key if council else ''} {row.short_name or row.name}")
    return BodyFact(
        row.id, key, name, row.short_name or name, row.meets_in_public, row.council_id, row.name, row.reports_itself
    )


def agreement_facts(read: Reader, as_at: date) -> tuple[AgreementFact, ...]:
    """The agreements that bind on the day, with the notices that run."""
    rows = [row for row in read.own(Agreement) if row.is_in_force(as_at)]
    given = read.under(TerminationNotice, rows, "agreement")
    givers = read.numbered(Council, (notice.given_by_id for notice in all_rows(given)))
    facts = []
    for row in rows:
        notices = [notice for notice in given[row.id] if notice.given_on <= as_at]
        facts.append(_agreement_fact(row, _running(row, notices, givers)))
    return tuple(facts)


def _agreement_fact(row: Agreement, notices: tuple[NoticeRunning, ...]) -> AgreementFact:
    return AgreementFact(
        row.id,
        row.title,
        row.get_kind_display(),
        row.covers,
        made=in_words(row.made_on, row.made_precision, unknown=row.unknown_words("made_on")),
        commenced=in_words(row.commenced_on, row.commenced_precision, unknown=row.unknown_words("commenced_on")),
        notice=notice_words(row),
        review_due=in_words(row.review_due_on, unknown=row.unknown_words("review_due_on")),
        notice_months=row.notice_months,
        expires_on=row.expires_on,
        review_due_on=row.review_due_on,
        notices=notices,
    )


def notice_words(row: Agreement) -> str:
    """The period of notice in words: "6 months", or why it is not known."""
    if row.notice_months is None:
        return row.unknown_words("notice_months")
    return f"{row.notice_months} month{'' if row.notice_months == 1 else 's'}"


def _running(
    agreement: Agreement, notices: Iterable[TerminationNotice], givers: dict[int, Council]
) -> tuple[NoticeRunning, ...]:
    found = (
        NoticeRunning(row.id, givers[row.given_by_id].short_name, agreement.last_day_by_notice(row.given_on))
        for row in notices
    )
    return tuple(sorted(found, key=lambda row: (row.last_day or date.max, row.id)))


def commitment_facts(read: Reader, as_at: date) -> tuple[CommitmentFact, ...]:
    """The principles, then the objectives, each by number."""
    place = by_choice(Commitment.Kind.values)
    rows = sorted(
        (row for row in read.own(Commitment) if row.is_in_force(as_at)),
        key=lambda row: (place(row.kind), row.number, row.id),
    )
    return tuple(
        CommitmentFact(row.id, row.kind, row.number, row.short_title, row.statement, row.is_paraphrased, row.adopted_on)
        for row in rows
    )


def scope_words(councils: tuple[CouncilFact, ...]) -> str:
    """The words for all the councils together: "both councils", "all three councils"."""
    if len(councils) == 1:
        return "the one council"
    return "both councils" if len(councils) == 2 else f"all {in_number_words(len(councils))} councils"


def council_names(councils: tuple[CouncilFact, ...]) -> str:
    """Their full names in a sentence."""
    return listed(council.name for council in councils)
