"""What a joint post costs each council in a financial year, what it saves it, and who owes whom.

For each stretch of days with the post filled, one cost and one split:

    a council's share  = annual cost × its percent × days ÷ days in the year
    its saving         = its baseline × days ÷ days in the year − its share

A stretch is cut at 1 April, at the start and end of the post, and at every change of cost or share. 2019/20 has 366
days. Amounts are pounds, rounded to the penny stretch by stretch; the councils' shares of a stretch always add up to
its cost. Pure functions over what `inputs_of` reads; nothing here writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from joint_posts.models import CostShare, CouncilShare, JointPost, PostStep, Status
from partnership.dates import Precision, in_words
from partnership.financial_years import FinancialYear
from partnership.models import Council, Party
from partnership.money import PENNY, percent, pounds

NOUGHT = Decimal(0)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """What a post costs from a day on, in pounds a year, and how it is shared: percent and baseline by council."""

    from_on: date
    annual_cost: Decimal | None
    percents: dict[int, Decimal]
    baselines: dict[int, Decimal | None]
    is_provisional: bool = False


@dataclass(frozen=True)
class Stretch:
    """Days on which the post was filled, first and last included; ``last`` is empty while it goes on."""

    first: date
    last: date | None


@dataclass(frozen=True)
class Inputs:
    """All that a post's apportionment depends on."""

    title: str
    home_council: Council | None
    councils: tuple[Council, ...]
    filled: tuple[Stretch, ...]
    terms: tuple[Term, ...]
    unclear: tuple[str, ...] = ()  # sentences about dates that the source leaves open

    @property
    def key(self) -> str:
        """A fingerprint: it changes when anything that the figures depend on does."""
        return hashlib.sha256(repr((self.filled, self.terms, [c.pk for c in self.councils])).encode()).hexdigest()


@dataclass(frozen=True)
class Segment:
    """One council's line of arithmetic for a stretch of days."""

    first: date
    last: date
    days: int
    days_in_year: int
    annual_cost: Decimal
    percent: Decimal
    share: Decimal
    baseline: Decimal | None  # pounds a year
    baseline_part: Decimal | None  # of these days

    @property
    def saving(self) -> Decimal | None:
        """What the council saves over these days; ``None`` while its baseline is not recorded."""
        return None if self.baseline_part is None else self.baseline_part - self.share

    @property
    def share_in_words(self) -> str:
        """The arithmetic of the share, as a finance officer writes it."""
        return (
            f"{pounds(self.annual_cost, pence=True)} × {percent(self.percent)} × {self.days} ÷ {self.days_in_year} days"
            f" = {pounds(self.share, pence=True)}"
        )

    @property
    def saving_in_words(self) -> str:
        """The arithmetic of the saving."""
        if self.baseline_part is None:
            return "Not known: the baseline is not recorded."
        return (
            f"{pounds(self.baseline, pence=True)} × {self.days} ÷ {self.days_in_year} days"
            f" = {pounds(self.baseline_part, pence=True)}, less the share of {pounds(self.share, pence=True)}"
            f" = {pounds(self.saving, pence=True)}"
        )


@dataclass(frozen=True)
class CouncilYear:
    """What the post means for one council in the year."""

    council: Council
    segments: tuple[Segment, ...]
    full_year_effect: Decimal | None  # pounds a year on the last arrangement of the year

    @property
    def share(self) -> Decimal:
        """The council's share of the cost, in pounds and pence."""
        return sum((segment.share for segment in self.segments), NOUGHT)

    @property
    def saving(self) -> Decimal | None:
        """The council's saving in the year; ``None`` while a baseline is missing."""
        savings = [segment.saving for segment in self.segments]
        return None if None in savings else sum(savings, NOUGHT)


@dataclass(frozen=True)
class Recharge:
    """What one council owes another for the year, in pounds and pence."""

    owing: Council
    owed: Council
    amount: Decimal


@dataclass(frozen=True)
class PostYear:
    """A joint post in a financial year, worked. ``missing`` says what keeps a figure from being known."""

    title: str
    year: FinancialYear
    key: str
    councils: tuple[CouncilYear, ...] = ()
    recharges: tuple[Recharge, ...] = ()
    missing: tuple[str, ...] = ()
    is_provisional: bool = field(default=False)

    @property
    def cost(self) -> Decimal:
        """What the post costs all councils together in the year."""
        return sum((council.share for council in self.councils), NOUGHT)

    def of(self, council: Council) -> CouncilYear | None:
        """One council's part of it."""
        return next((part for part in self.councils if part.council == council), None)


# --- Working it out ------------------------------------------------------------------------------------------------


def work_out(inputs: Inputs, year: FinancialYear) -> PostYear:
    """The post in a year: every segment of every council, the recharges, and what is missing for them."""
    missing = list(inputs.unclear)
    pieces = []
    for stretch in inputs.filled:
        for first, last, term in _cut(stretch, inputs.terms, year):
            if term is None:
                missing.append(f"No cost share is recorded for {_days(first, last)}.")
            elif term.annual_cost is None:
                missing.append(f"The cost is not recorded for {_days(first, last)}.")
            elif not term.percents:
                missing.append(f"How the cost is shared is not recorded for {_days(first, last)}.")
            else:
                pieces.append((first, last, term))
    if missing:
        return PostYear(inputs.title, year, inputs.key, missing=tuple(missing))
    councils = tuple(_council_year(council, pieces, year) for council in inputs.councils)
    recharges, gap = _recharges(inputs.home_council, councils)
    provisional = any(term.is_provisional for _, _, term in pieces)
    return PostYear(inputs.title, year, inputs.key, councils, recharges, gap, provisional)


def _cut(stretch: Stretch, terms: Sequence[Term], year: FinancialYear) -> Iterable[tuple[date, date, Term | None]]:
    """The part of a stretch that falls in the year, cut at every change of cost or share."""
    first = max(stretch.first, year.first_day)
    last = min(stretch.last or year.last_day, year.last_day)
    if first > last:
        return
    cuts = sorted({first, *(term.from_on for term in terms if first < term.from_on <= last)})
    for start, following in zip(cuts, [*cuts[1:], last + DAY], strict=True):
        yield start, following - DAY, next((term for term in reversed(terms) if term.from_on <= start), None)


def _council_year(council: Council, pieces: Sequence[tuple[date, date, Term]], year: FinancialYear) -> CouncilYear:
    segments = tuple(_segment(council, first, last, term, year) for first, last, term in pieces)
    return CouncilYear(council, segments, _full_year_effect(council, pieces[-1][2]) if pieces else NOUGHT)


def _segment(council: Council, first: date, last: date, term: Term, year: FinancialYear) -> Segment:
    days = (last - first).days + 1
    cost = _to_the_penny(term.annual_cost * days / year.days)
    baseline = term.baselines.get(council.pk)
    return Segment(
        first=first,
        last=last,
        days=days,
        days_in_year=year.days,
        annual_cost=term.annual_cost,
        percent=term.percents.get(council.pk, NOUGHT),
        share=split(cost, term.percents).get(council.pk, NOUGHT),
        baseline=baseline,
        baseline_part=None if baseline is None else _to_the_penny(baseline * days / year.days),
    )


def _full_year_effect(council: Council, term: Term) -> Decimal | None:
    baseline = term.baselines.get(council.pk)
    if baseline is None:
        return None
    return baseline - split(_to_the_penny(term.annual_cost), term.percents).get(council.pk, NOUGHT)


def split(amount: Decimal, percents: dict[int, Decimal]) -> dict[int, Decimal]:
    """A sum shared out by percent so that the parts add up: pennies left over go to the largest remainders."""
    exact = {council: amount * share / 100 for council, share in percents.items()}
    parts = {council: part.quantize(PENNY, rounding=ROUND_DOWN) for council, part in exact.items()}
    left = amount - sum(parts.values(), NOUGHT)
    step = PENNY if left >= 0 else -PENNY
    by_remainder = sorted(exact, key=lambda council: (-abs(exact[council] - parts[council]), council))
    for council in by_remainder[: int(abs(left) / PENNY)]:
        parts[council] += step
    return parts


def _recharges(home: Council | None, councils: Sequence[CouncilYear]) -> tuple[tuple[Recharge, ...], tuple[str, ...]]:
    """The home council pays the officer; every other council owes it its share."""
    if home is None:
        return (), ("Who owes whom is not known: the post has no home council on record.",)
    owing = [part for part in councils if part.council != home and part.share]
    return tuple(Recharge(part.council, home, part.share) for part in owing), ()


def _to_the_penny(amount: Decimal) -> Decimal:
    return amount.quantize(PENNY, rounding=ROUND_HALF_UP)


def _days(first: date, last: date) -> str:
    return in_words(first) if first == last else f"{in_words(first)} to {in_words(last)}"


# --- Reading what it depends on ------------------------------------------------------------------------------------


def inputs_of(post: JointPost) -> Inputs:
    """What a post's apportionment depends on, from its standing rows. Costs four queries."""
    shares = CouncilShare.objects.standing().filter(cost_share__post=post)
    parties = Party.objects.standing().filter(partnership=post.partnership_id).select_related("council")
    councils = tuple(party.council for party in parties)
    rows = PostRows(post.steps.standing(), post.cost_shares.standing(), shares)
    return inputs_from(post, rows, councils, post.home_council)


@dataclass(frozen=True)
class PostRows:
    """The rows that say how a post stood over time, what it cost and how that was shared."""

    steps: Iterable[PostStep]
    cost_shares: Iterable[CostShare]
    shares: Iterable[CouncilShare]


def inputs_from(post: JointPost, rows: PostRows, councils: tuple[Council, ...], home: Council | None) -> Inputs:
    """The same from rows that were read before, today's or those of the history."""
    by_term: dict[int, list[CouncilShare]] = {}
    for share in rows.shares:
        by_term.setdefault(share.cost_share_id, []).append(share)
    in_order = sorted(rows.steps, key=lambda step: (step.from_on, step.pk))
    terms = sorted(rows.cost_shares, key=lambda row: (row.from_on, row.pk))
    return Inputs(
        title=post.title,
        home_council=home,
        councils=councils,
        filled=tuple(_filled(in_order)),
        terms=tuple(_term(row, by_term.get(row.pk, [])) for row in terms),
        unclear=tuple(_unclear(in_order, terms)),
    )


def between(inputs: Inputs, first: date, last: date | None = None) -> Inputs:
    """The same arrangement over no other days than these, first and last included."""
    ends = [
        (max(stretch.first, first), min(filter(None, (stretch.last, last)), default=None)) for stretch in inputs.filled
    ]
    filled = tuple(Stretch(start, end) for start, end in ends if end is None or start <= end)
    return replace(inputs, filled=filled)


def _filled(steps: Sequence[PostStep]) -> Iterable[Stretch]:
    """The stretches in which somebody held the post."""
    since = None
    for step in steps:
        if step.status == Status.IN_POST:
            since = since or step.from_on
        elif since is not None:
            yield Stretch(since, step.from_on - DAY)
            since = None
    if since is not None:
        yield Stretch(since, None)


def _term(row: CostShare, shares: Sequence[CouncilShare]) -> Term:
    return Term(
        from_on=row.from_on,
        annual_cost=row.annual_cost(),
        percents={share.council_id: share.percent for share in shares},
        baselines={share.council_id: share.baseline_cost for share in shares},
        is_provisional=row.standing == CostShare.Standing.PROVISIONAL,
    )


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
    """The post in a financial year, from its records as they stand."""
    return work_out(inputs_of(post), year)
