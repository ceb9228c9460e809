"""Apportion the cost of a joint post in a financial year: each council's share and saving, and who owes whom.

For each segment, that is a run of days with one cost, one split, one employer and the same members:

    a council's share  = annual cost × its percent × days ÷ days in the year
    its saving         = its baseline × days ÷ days in the year − its share

The year is cut at the start and end of each period in which the post was filled, and at every change of cost, percents,
baseline, membership or employer. 2019/20 has 366 days. Amounts are pounds, rounded to the penny for each segment; the
last segment of the year takes what rounding left over, so that the segments add up to the year. The councils' shares of
a segment always add up to its cost. A council pays and saves only on the days on which it is party to the partnership.
Pure functions over what `inputs_of` reads; nothing here writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from joint_posts.models import CostShare, CouncilShare, EmployerChange, JointPost, PostStep, Status
from joint_posts.models.posts import employers_of
from partnership.dates import Precision, in_words
from partnership.financial_years import FinancialYear
from partnership.models import Council, Party
from partnership.money import PENNY, percent, pounds

ZERO = Decimal(0)
DAY = timedelta(days=1)
WHOLE = Decimal(100)

NO_COST_SHARE = "No cost share is recorded"
NO_COST = "The cost is not recorded"
NO_SPLIT = "How the cost is shared is not recorded"


@dataclass(frozen=True)
class CostTerms:
    """The cost of a post from a day on, in pounds a year, and its split: percent and baseline by council."""

    from_on: date
    annual_cost: Decimal | None
    percents: dict[int, Decimal]
    baselines: dict[int, Decimal | None]
    is_provisional: bool = False


@dataclass(frozen=True)
class Period:
    """Days on which the post was filled, first and last included; ``last`` is empty while it goes on."""

    first: date
    last: date | None

    def includes(self, day: date) -> bool:
        """Return whether the post was filled on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Member:
    """A council and the days on which it is party, first and last included; empty where no end is recorded."""

    council: Council
    first: date | None = None
    last: date | None = None

    def is_party(self, day: date) -> bool:
        """Return whether the council is party on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Employer:
    """The council that employs the officer from a day on; ``from_on`` is empty for the first one."""

    from_on: date | None
    council: Council | None


@dataclass(frozen=True)
class Inputs:
    """All that a post's apportionment depends on. ``members`` are in the partnership's order, which settles ties."""

    title: str
    employers: tuple[Employer, ...]
    members: tuple[Member, ...]
    filled: tuple[Period, ...]
    terms: tuple[CostTerms, ...]
    unclear: tuple[str, ...] = ()  # sentences about dates that the source leaves open

    @property
    def key(self) -> str:
        """A fingerprint: it changes when anything that the figures depend on does."""
        members = [(member.council.pk, member.first, member.last) for member in self.members]
        employers = [
            (employer.from_on, employer.council.pk if employer.council else None) for employer in self.employers
        ]
        return hashlib.sha256(repr((self.filled, self.terms, members, employers)).encode()).hexdigest()

    def employer_on(self, day: date) -> Council | None:
        """The council that employs the officer on a day."""
        found = None
        for employer in self.employers:
            if employer.from_on is None or employer.from_on <= day:
                found = employer.council
        return found

    def term_on(self, day: date) -> CostTerms | None:
        """The cost and split in force on a day."""
        found = None
        for term in self.terms:
            if term.from_on <= day:
                found = term
        return found

    def is_in_force(self, council: Council, day: date) -> bool:
        """Return whether the post is filled on the day or later while the council is party."""
        last_days = [member.last for member in self.members if member.council == council]
        is_party = any(last is None or last >= day for last in last_days)
        return is_party and any(stretch.last is None or stretch.last >= day for stretch in self.filled)


@dataclass(frozen=True)
class Segment:
    """One council's line of arithmetic for a segment of the year."""

    first: date
    last: date
    days: int
    days_in_year: int
    annual_cost: Decimal
    percent: Decimal
    share: Decimal
    baseline: Decimal | None  # pounds a year
    baseline_part: Decimal | None  # of these days
    share_rounding: Decimal = ZERO  # what of the share is there because the last segment takes the rest
    baseline_rounding: Decimal = ZERO

    @property
    def saving(self) -> Decimal | None:
        """Return the council's saving over these days; ``None`` while its baseline is not recorded."""
        return None if self.baseline_part is None else self.baseline_part - self.share

    @property
    def share_in_words(self) -> str:
        """The arithmetic of the share, as a finance officer writes it."""
        return (
            f"{pounds(self.annual_cost, pence=True)} × {percent(self.percent)} × {self.days} ÷ {self.days_in_year} days"
            f" = {pounds(self.share, pence=True)}{_rounding_in_words(self.share_rounding)}"
        )

    @property
    def saving_in_words(self) -> str:
        """The arithmetic of the saving."""
        if self.baseline_part is None:
            return "Not known: the baseline is not recorded."
        rounding = _rounding_in_words(self.baseline_rounding)
        return (
            f"{pounds(self.baseline, pence=True)} × {self.days} ÷ {self.days_in_year} days"
            f" = {pounds(self.baseline_part, pence=True)}{rounding}, less the share of {pounds(self.share, pence=True)}"
            f" = {pounds(self.saving, pence=True)}"
        )


def _rounding_in_words(amount: Decimal) -> str:
    """Return what the line says when it took what rounding left over."""
    return f" with {int(abs(amount) / PENNY)}p of rounding" if amount else ""


@dataclass(frozen=True)
class CouncilYear:
    """The result of the post for one council in the year. ``segments`` hold the days that are known."""

    council: Council
    segments: tuple[Segment, ...]
    full_year_effect: Decimal | None  # pounds a year on the last arrangement of the year
    is_known: bool = True  # whether every day is known on which the post was filled and the council was party

    @property
    def share(self) -> Decimal | None:
        """The council's share of the cost, in pounds and pence; ``None`` while part of its days is not known."""
        return sum((segment.share for segment in self.segments), ZERO) if self.is_known else None

    @property
    def saving(self) -> Decimal | None:
        """The council's saving in the year; ``None`` while a baseline or part of its days is not known."""
        savings = [segment.saving for segment in self.segments]
        return sum(savings, ZERO) if self.is_known and None not in savings else None

    @property
    def lacks_baseline(self) -> bool:
        """Return whether a baseline is missing for days on which the council shares the cost."""
        return any(segment.baseline is None for segment in self.segments)


@dataclass(frozen=True)
class Recharge:
    """The sum that one council owes another for the year, in pounds and pence."""

    owing: Council
    owed: Council
    amount: Decimal


@dataclass(frozen=True)
class PostYear:
    """A joint post in a financial year, worked.

    ``gaps`` say what keeps the cost of some days from being known, ``recharge_gaps`` what keeps the recharges of some
    days from being known.
    """

    title: str
    year: FinancialYear
    key: str
    councils: tuple[CouncilYear, ...] = ()
    recharges: tuple[Recharge, ...] = ()
    gaps: tuple[str, ...] = ()
    recharge_gaps: tuple[str, ...] = ()
    is_provisional: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Everything that keeps a figure from being known, in sentences."""
        return (*self.gaps, *self.recharge_gaps)

    @property
    def cost(self) -> Decimal | None:
        """Return the post's cost to all councils in the year; ``None`` while part of the year is not known."""
        if self.gaps:
            return None
        return sum((council.share for council in self.councils), ZERO)

    def of(self, council: Council) -> CouncilYear | None:
        """One council's part of it."""
        return next((part for part in self.councils if part.council == council), None)


# --- Working it out ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Arrangement:
    """The arrangement on a day: who is party, what the post costs them, and who employs the officer."""

    members: tuple[int, ...]
    employer: Council | None
    annual_cost: Decimal | None = None
    percents: dict[int, Decimal] = field(default_factory=dict)
    baselines: dict[int, Decimal | None] = field(default_factory=dict)
    gap: str = ""  # what is not recorded
    has_lapsed: bool = False  # whether there is a cost share that does not fit the members of the day
    is_provisional: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class _Run:
    """Days with one arrangement, first and last included."""

    first: date
    last: date
    arrangement: _Arrangement

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def calculate(inputs: Inputs, year: FinancialYear, *, as_at: date | None = None) -> PostYear:
    """Return the post in a year: every segment of every council, the recharges, and what is missing for them.

    ``as_at`` is the day from which the year is looked at: what is no longer in force then has no full-year effect.
    """
    if inputs.unclear:
        return PostYear(inputs.title, year, inputs.key, gaps=inputs.unclear)
    runs = _runs(inputs, year)
    known = [run for run in runs if not run.arrangement.gap]
    gaps = tuple(_gaps_in_words(inputs, runs, year))
    if gaps and not known:
        return PostYear(inputs.title, year, inputs.key, gaps=gaps)
    recharges, recharge_gaps = _recharges(inputs, runs, year)
    return PostYear(
        inputs.title,
        year,
        inputs.key,
        tuple(_council_year(member.council, inputs, runs, year, as_at) for member in inputs.members),
        recharges,
        gaps,
        recharge_gaps,
        any(run.arrangement.is_provisional for run in known),
    )


def _arrangement_on(inputs: Inputs, day: date) -> _Arrangement:
    """Return what holds on a day. What is recorded for a council that is not party then is left out."""
    members = tuple(member.council.pk for member in inputs.members if member.is_party(day))
    employer = inputs.employer_on(day)
    term = inputs.term_on(day)
    if term is None:
        return _Arrangement(members, employer, gap=NO_COST_SHARE)
    if term.annual_cost is None:
        return _Arrangement(members, employer, gap=NO_COST)
    if not term.percents:
        return _Arrangement(members, employer, gap=NO_SPLIT)
    percents = {council: term.percents.get(council, ZERO) for council in members}
    if sum(percents.values(), ZERO) != WHOLE:
        return _Arrangement(members, employer, gap=NO_COST_SHARE, has_lapsed=True)
    baselines = {council: term.baselines.get(council) for council in members}
    return _Arrangement(members, employer, term.annual_cost, percents, baselines, is_provisional=term.is_provisional)


def _changes(inputs: Inputs) -> list[date]:
    """Return every day on which the cost, the split, the members or the employer may change, in order."""
    days = {term.from_on for term in inputs.terms}
    days |= {employer.from_on for employer in inputs.employers if employer.from_on}
    days |= {member.first for member in inputs.members if member.first}
    days |= {member.last + DAY for member in inputs.members if member.last}
    return sorted(days)


def _runs(inputs: Inputs, year: FinancialYear) -> list[_Run]:
    """Return the filled days of the year, cut wherever the arrangement changes."""
    changes = _changes(inputs)
    runs: list[_Run] = []
    for stretch in inputs.filled:
        first = max(stretch.first, year.first_day)
        last = min(stretch.last or year.last_day, year.last_day)
        if first > last:
            continue
        starts = [first, *(day for day in changes if first < day <= last)]
        for start, following in zip(starts, [*starts[1:], last + DAY], strict=True):
            arrangement = _arrangement_on(inputs, start)
            before = runs[-1] if runs else None
            if before and before.last + DAY == start and before.arrangement == arrangement:
                runs[-1] = replace(before, last=following - DAY)
            else:
                runs.append(_Run(start, following - DAY, arrangement))
    return runs


def _gaps_in_words(inputs: Inputs, runs: Sequence[_Run], year: FinancialYear) -> Iterable[str]:
    """Return a sentence for each run of days for which something is not recorded."""
    merged: list[_Run] = []
    for run in runs:
        if not run.arrangement.gap:
            continue
        before = merged[-1] if merged else None
        if before and before.last + DAY == run.first and before.arrangement.gap == run.arrangement.gap:
            merged[-1] = replace(before, last=run.last)
        else:
            merged.append(run)
    for run in merged:
        if run.arrangement.has_lapsed and _goes_on(inputs, run.last, year):
            yield f"{run.arrangement.gap} from {in_words(_lapsed_since(inputs, run.first))}."
        else:
            yield f"{run.arrangement.gap} for {_days(run.first, run.last)}."


def _goes_on(inputs: Inputs, last: date, year: FinancialYear) -> bool:
    """Return whether the post stays filled after the year and no later cost share is recorded."""
    is_filled = last == year.last_day and any(stretch.includes(last + DAY) for stretch in inputs.filled)
    return is_filled and all(term.from_on <= last for term in inputs.terms)


def _lapsed_since(inputs: Inputs, first: date) -> date:
    """Return the first of the days in a row, up to this one, on which no cost share fits the members."""
    since = first
    stretch = next(stretch for stretch in inputs.filled if stretch.includes(first))
    for day in reversed([stretch.first, *_changes(inputs)]):
        if stretch.first <= day < since:
            if not _arrangement_on(inputs, day).has_lapsed:
                break
            since = day
    return since


def _council_year(
    council: Council, inputs: Inputs, runs: Sequence[_Run], year: FinancialYear, as_at: date | None
) -> CouncilYear:
    """Return one council's part of the year."""
    own = [place for place, run in enumerate(runs) if council.pk in run.arrangement.members]
    known = [place for place in own if not runs[place].arrangement.gap]
    costs = _costs(runs, year, last_takes_rest=True)
    plain_costs = _costs(runs, year, last_takes_rest=False)
    parts, plain_parts = _baseline_parts(council, runs, own, year)
    segments = []
    for place in known:
        run = runs[place]
        arrangement = run.arrangement
        share = split(costs[place], arrangement.percents)[council.pk]
        part = parts.get(place)
        segments.append(
            Segment(
                first=run.first,
                last=run.last,
                days=run.days,
                days_in_year=year.days,
                annual_cost=arrangement.annual_cost,
                percent=arrangement.percents[council.pk],
                share=share,
                baseline=arrangement.baselines[council.pk],
                baseline_part=part,
                share_rounding=share - split(plain_costs[place], arrangement.percents)[council.pk],
                baseline_rounding=ZERO if part is None else part - plain_parts[place],
            )
        )
    in_force = as_at is None or inputs.is_in_force(council, as_at)
    effect = _full_year_effect(council, runs[-1].arrangement) if runs and in_force else None
    return CouncilYear(council, tuple(segments), effect, is_known=len(known) == len(own))


def _costs(runs: Sequence[_Run], year: FinancialYear, *, last_takes_rest: bool) -> dict[int, Decimal]:
    """Return the cost of each run that is known, by its place in the year."""
    rates = {place: run.arrangement.annual_cost for place, run in enumerate(runs) if not run.arrangement.gap}
    takes_rest = last_takes_rest and len(runs) - 1 in rates
    return _for_days(rates, runs, year, last_takes_rest=takes_rest)


def _baseline_parts(
    council: Council, runs: Sequence[_Run], own: Sequence[int], year: FinancialYear
) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """Return the council's baseline of each run, and the same without what rounding left over for the last one."""
    rates = {}
    for place in own:
        baseline = runs[place].arrangement.baselines.get(council.pk)
        if baseline is not None:
            rates[place] = baseline
    takes_rest = bool(own) and own[-1] in rates
    parts = _for_days(rates, runs, year, last_takes_rest=takes_rest)
    return parts, _for_days(rates, runs, year, last_takes_rest=False)


def _for_days(
    rates: dict[int, Decimal], runs: Sequence[_Run], year: FinancialYear, *, last_takes_rest: bool
) -> dict[int, Decimal]:
    """Return what yearly rates come to over the days of each run, to the penny."""
    exact = {place: rate * runs[place].days for place, rate in rates.items()}  # times the days of the year
    parts = {place: _to_the_penny(amount / year.days) for place, amount in exact.items()}
    if parts and last_takes_rest:
        total = _to_the_penny(sum(exact.values(), ZERO) / year.days)
        parts[max(parts)] += total - sum(parts.values(), ZERO)
    return parts


def _full_year_effect(council: Council, arrangement: _Arrangement) -> Decimal | None:
    """Return what the council saves in a whole year on an arrangement; ``None`` where that is not known."""
    baseline = arrangement.baselines.get(council.pk)
    if baseline is None:
        return None
    return baseline - split(_to_the_penny(arrangement.annual_cost), arrangement.percents)[council.pk]


def split(amount: Decimal, percents: dict[int, Decimal]) -> dict[int, Decimal]:
    """Share out a sum by percent so that the parts add up.

    Pennies left over go to the largest remainders, at equal remainders to the council that stands first.
    """
    exact = {council: amount * share / 100 for council, share in percents.items()}
    parts = {council: part.quantize(PENNY, rounding=ROUND_DOWN) for council, part in exact.items()}
    left = amount - sum(parts.values(), ZERO)
    step = PENNY if left >= 0 else -PENNY
    by_remainder = sorted(exact, key=lambda council: -abs(exact[council] - parts[council]))
    for council in by_remainder[: int(abs(left) / PENNY)]:
        parts[council] += step
    return parts


def _recharges(
    inputs: Inputs, runs: Sequence[_Run], year: FinancialYear
) -> tuple[tuple[Recharge, ...], tuple[str, ...]]:
    """Return what each council owes the employer of each day, and what keeps that from being known.

    The employer pays the officer, and every other council owes it its share.
    """
    costs = _costs(runs, year, last_takes_rest=True)
    owed: dict[tuple[int, int], Decimal] = {}
    without_employer = []
    for place, cost in costs.items():
        run = runs[place]
        employer = run.arrangement.employer
        if employer is None:
            without_employer.append(run)
            continue
        for council, share in split(cost, run.arrangement.percents).items():
            if share and council != employer.pk:
                owed[council, employer.pk] = owed.get((council, employer.pk), ZERO) + share
    councils = {member.council.pk: member.council for member in inputs.members}
    councils |= {each.council.pk: each.council for each in inputs.employers if each.council}
    order = {council: place for place, council in enumerate(councils)}
    pairs = sorted(owed, key=lambda pair: (order[pair[0]], order[pair[1]]))
    recharges = tuple(Recharge(councils[owing], councils[to], owed[owing, to]) for owing, to in pairs)
    return recharges, tuple(_employer_gaps(inputs, without_employer))


def _employer_gaps(inputs: Inputs, runs: Sequence[_Run]) -> Iterable[str]:
    """Return what is said of days for which no employer is recorded."""
    if runs and not any(employer.council for employer in inputs.employers):
        yield "Who owes whom is not known: the post has no home council on record."
        return
    for run in runs:
        days = _days(run.first, run.last)
        yield f"Who owes whom is not known for {days}: no home council is on record for these days."


def _to_the_penny(amount: Decimal) -> Decimal:
    return amount.quantize(PENNY, rounding=ROUND_HALF_UP)


def _days(first: date, last: date) -> str:
    return in_words(first) if first == last else f"{in_words(first)} to {in_words(last)}"


# --- Reading what it depends on ------------------------------------------------------------------------------------


def inputs_of(post: JointPost) -> Inputs:
    """Return what a post's apportionment depends on, from its standing rows. Costs five queries."""
    shares = CouncilShare.objects.active().filter(cost_share__post=post)
    parties = Party.objects.active().filter(partnership=post.partnership_id).select_related("council")
    members = tuple(Member(party.council, party.joined_on, party.left_on) for party in parties)
    changes = list(post.employer_changes.active().select_related("council", "from_council"))
    employers = [post.home_council]
    for change in changes:
        employers += [change.from_council, change.council]
    councils = {council.pk: council for council in employers if council}
    rows = PostRows(post.steps.active(), post.cost_shares.active(), shares, changes)
    return inputs_from(post, rows, members, councils)


@dataclass(frozen=True)
class PostRows:
    """The rows that say how a post stood over time, what it cost, how that was shared, and who employed the officer."""

    steps: Iterable[PostStep]
    cost_shares: Iterable[CostShare]
    shares: Iterable[CouncilShare]
    employer_changes: Iterable[EmployerChange] = ()


def inputs_from(
    post: JointPost, rows: PostRows, members: tuple[Member, ...], councils: Mapping[int, Council]
) -> Inputs:
    """Return the same from rows that were read before, today's or those of the history; ``councils`` by number."""
    in_order = sorted(rows.steps, key=lambda step: (step.from_on, step.pk))
    cost_shares = sorted(rows.cost_shares, key=lambda row: (row.from_on, row.pk))
    return Inputs(
        title=post.title,
        employers=tuple(
            Employer(each.from_on, councils.get(each.council_id)) for each in employers_of(post, rows.employer_changes)
        ),
        members=members,
        filled=tuple(_filled(in_order)),
        terms=terms_from(cost_shares, rows.shares),
        unclear=tuple(_unclear(in_order, cost_shares)),
    )


def between(inputs: Inputs, first: date, last: date | None = None) -> Inputs:
    """Return the same arrangement over no other days than these, first and last included."""
    ends = [
        (max(stretch.first, first), min(filter(None, (stretch.last, last)), default=None)) for stretch in inputs.filled
    ]
    filled = tuple(Period(start, end) for start, end in ends if end is None or start <= end)
    return replace(inputs, filled=filled)


def _filled(steps: Sequence[PostStep]) -> Iterable[Period]:
    """The stretches in which somebody held the post."""
    since = None
    for step in steps:
        if step.status == Status.IN_POST:
            since = since or step.from_on
        elif since is not None:
            yield Period(since, step.from_on - DAY)
            since = None
    if since is not None:
        yield Period(since, None)


def terms_from(cost_shares: Iterable[CostShare], shares: Iterable[CouncilShare]) -> tuple[CostTerms, ...]:
    """Return what holds from the day of each cost share.

    Salary, on-costs, percents and each council's baseline stand until a later cost share changes them, or says by
    ``not_stated`` that they are not known any more.
    """
    by_cost_share: dict[int, list[CouncilShare]] = {}
    for share in shares:
        by_cost_share.setdefault(share.cost_share_id, []).append(share)
    terms = []
    pay: CostShare | None = None
    percents: dict[int, Decimal] = {}
    baselines: dict[int, Decimal | None] = {}
    for row in cost_shares:
        own = by_cost_share.get(row.pk, [])
        pay = row.pay_after(pay)
        percents = {share.council_id: share.percent for share in own} or percents
        baselines = baselines | {
            share.council_id: share.baseline_cost
            for share in own
            if share.baseline_cost is not None or share.is_baseline_cleared
        }
        is_provisional = row.standing == CostShare.Standing.PROVISIONAL
        terms.append(CostTerms(row.from_on, pay.annual_cost(), percents, baselines, is_provisional))
    return tuple(terms)


def _unclear(steps: Sequence[PostStep], rows: Iterable[CostShare]) -> Iterable[str]:
    """A date known only as “by” some day cannot be counted from; a month is counted from its first day."""
    before = None
    for step in steps:
        turns = (step.status == Status.IN_POST) != (before is not None and before.status == Status.IN_POST)
        if turns and step.from_precision == Precision.BY:
            words = "filled" if step.status == Status.IN_POST else "no longer filled"
            yield f"The day from which the post was {words} is {in_words(step.from_on, step.from_precision)}."
        before = step
    for row in rows:
        if row.from_precision == Precision.BY:
            yield f"The day from which its cost is shared is {in_words(row.from_on, row.from_precision)}."


def post_year(post: JointPost, year: FinancialYear) -> PostYear:
    """Return the post in a financial year, from its records as they stand."""
    return calculate(inputs_of(post), year)
