"""Work out the cost and saving of an exit to each council in each financial year, in pounds and pence.

Two views that never add up together. What changes hands: the costs of leaving that the plan names, the payment in lieu
of notice, and the contributions to joint posts that are no longer paid or received, worked out day by day as recharges
are (`joint_posts.costs.apportionment`). And what the ledger loses: its savings are reckoned against what each
council's own posts cost before, net of those contributions.

    payment in lieu = the share of the council that gives notice, over the days of notice not served
    savings lost    = the saving of the year × days after the last day ÷ days in the year

Unknown is not nought: a sum that lacks a part is "not known".
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from joint_posts.costs.apportionment import between, calculate
from joint_posts.models import Saving
from partnership.amounts import ZERO, Amount, total
from partnership.financial_years import FinancialYear
from partnership.money import NOT_KNOWN, PENNY
from reviews.exit_plans.facts import EndFact, EstimateFact, ExitFacts
from reviews.facts.councils import CouncilFact
from reviews.facts.savings import LineFact, SavingFact

DAY = timedelta(days=1)
IN_LIEU = re.compile(r"\bin lieu\b", re.IGNORECASE)
UNKNOWN = Amount(unknown=NOT_KNOWN)
WHOLE_YEARS_AFTER = 1  # how many years after that of the last day are shown: the first whole one


@dataclass(frozen=True)
class Owed:
    """The sum that one council pays another for a post; ``amount`` is ``None`` while it is not known."""

    post: str
    paid_by: int
    paid_to: int
    amount: Decimal


@dataclass(frozen=True)
class Line:
    """One line of a council's sheet, year by year. ``of_shares`` ones let shares of pay be worked out."""

    label: str
    sums: tuple[Amount, ...]
    kind: str = ""
    of_shares: bool = False


def years_of(exit_: ExitFacts) -> tuple[FinancialYear, ...]:
    """The year of the last day, the whole one after it, and those for which the plan names a cost or a payment."""
    stated = {FinancialYear.read(row.financial_year) for row in exit_.estimates}
    stated |= {FinancialYear.containing(row.paid_on) for row in exit_.payments}
    if exit_.last_day:
        first = FinancialYear.containing(exit_.last_day)
        stated |= {FinancialYear(first.start + after) for after in range(WHOLE_YEARS_AFTER + 1)}
    return tuple(sorted(stated))


def cost_sheet(exit_: ExitFacts, council: CouncilFact, years: tuple[FinancialYear, ...]) -> list[Line]:
    """Return the cost of the exit to one council, line by line. Savings are negative."""
    costs = Line("Costs of leaving", tuple(estimated(exit_, council, year, is_cost=True) for year in years))
    lines = [costs, *_lines_of_shares(exit_, council, years)]
    if any(row.council_id == council.id and not row.is_cost for row in exit_.estimates):
        saved = (estimated(exit_, council, year, is_cost=False) for year in years)
        lines.append(Line("Other savings from leaving", tuple(negative(each) for each in saved)))
    together = tuple(map(added, zip(*(line.sums for line in lines), strict=True)))
    lost = tuple(lost_by(exit_, council, year) for year in years)
    return [
        *lines,
        Line("What leaving costs, net", together, "total", of_shares=True),
        Line("Savings of the ledger lost", lost, "outside"),
    ]


def _lines_of_shares(exit_: ExitFacts, council: CouncilFact, years: tuple[FinancialYear, ...]) -> Iterator[Line]:
    """The payment in lieu and the contributions that stop."""
    if serves_less_than_notice(exit_) or exit_.payments:  # what the plan names is in the costs of leaving
        paid = tuple(paid_in_lieu(exit_, council, year) for year in years)
        yield Line("Payment in lieu of notice", paid, of_shares=True)
    stopped = [stopped_in(exit_, year) for year in years]
    received = tuple(of_council(found, "paid_to", council) for found in stopped)
    paid = tuple(negative(of_council(found, "paid_by", council)) for found in stopped)
    yield Line("Contributions to joint posts no longer received", received, of_shares=True)
    yield Line("Contributions to joint posts no longer paid", paid, of_shares=True)


# --- Sums ----------------------------------------------------------------------------------------------------------


def added(sums: Iterable[Amount]) -> Amount:
    """Return all of them together; not known unless every one is."""
    return total(("", each) for each in sums).if_whole


def negative(each: Amount) -> Amount:
    """The same below nought."""
    if each.pounds is None:
        return each
    pounds = -each.pounds if each.pounds else ZERO  # never a negative zero
    return Amount(pounds, each.about)


def estimated(exit_: ExitFacts, council: CouncilFact, year: FinancialYear, *, is_cost: bool) -> Amount:
    """Return the plan's own figure for a council and year."""
    own = [row for row in exit_.estimates if (row.council_id, row.financial_year) == (council.id, str(year))]
    named = [row for row in own if row.is_cost == is_cost]
    return added(_as_sum(row) for row in named) if named else Amount()


def _as_sum(row: EstimateFact) -> Amount:
    return UNKNOWN if row.amount is None else Amount(row.amount, row.about)


def of_council(found: tuple[Owed, ...] | None, side: str, council: CouncilFact) -> Amount:
    """Return the balance of a council in the sums that councils owe each other."""
    if found is None:
        return UNKNOWN
    return Amount(sum((owed.amount for owed in found if getattr(owed, side) == council.id), ZERO))


# --- Contributions to joint posts ----------------------------------------------------------------------------------


def stopped_in(exit_: ExitFacts, year: FinancialYear) -> tuple[Owed, ...] | None:
    """The contributions that are no longer due in a year, post by post; ``None`` while one is not known."""
    return _together(unpaid_shares(exit_, post, year) for post in exit_.posts if not post.goes_on)


def _together(parts: Iterable[tuple[Owed, ...] | None]) -> tuple[Owed, ...] | None:
    """Join the parts; ``None`` while one of them is not known."""
    parts = list(parts)
    if None in parts:
        return None
    return tuple(itertools.chain.from_iterable(parts))


def unpaid_shares(exit_: ExitFacts, post: EndFact, year: FinancialYear) -> tuple[Owed, ...] | None:
    """The contributions to a post that are no longer due in a year."""
    if post.last_day is None:
        return None
    found = due(exit_, post, post.last_day + DAY, None, year)
    if found is None or post_goes(exit_, post):
        return found
    return tuple(owed for owed in found if owed.paid_by in exit_.leaving)


def post_goes(exit_: ExitFacts, post: EndFact) -> bool:
    """Return whether the employer itself leaves, and the officer with it."""
    home = exit_.inputs[post.id].employer_on(post.last_day or exit_.as_at)
    return home is not None and home.pk in exit_.leaving


def due(
    exit_: ExitFacts, post: EndFact, first: date, last: date | None, year: FinancialYear
) -> tuple[Owed, ...] | None:
    """Return what councils would owe the employer for these days of a year; ``None`` while that is not known."""
    inputs = between(exit_.inputs[post.id], first, min(last or year.last_day, year.last_day))
    if not any(stretch.last is None or stretch.last >= year.first_day for stretch in inputs.filled):
        return ()
    worked = calculate(inputs, year)
    if worked.missing:
        return None
    return tuple(Owed(post.title, row.owing.pk, row.owed.pk, row.amount) for row in worked.recharges)


# --- Payment in lieu of notice ---------------------------------------------------------------------------------------


def serves_less_than_notice(exit_: ExitFacts) -> bool:
    """Return whether anything ends before notice runs out."""
    ends = [exit_.last_day, *(post.last_day for post in exit_.posts if not post.goes_on)]
    return exit_.notice_end is not None and any(end is not None and end < exit_.notice_end for end in ends)


def has_payment_in_lieu(exit_: ExitFacts) -> bool:
    """Return whether a payment in lieu of notice is agreed, is worked out, or stands among the plan's own costs.

    The sentence of the paper and the line of its tables both ask this.
    """
    return bool(exit_.payments) or bool(costs_in_lieu(exit_)) or serves_less_than_notice(exit_)


def costs_in_lieu(exit_: ExitFacts) -> tuple[EstimateFact, ...]:
    """Return the costs of leaving that the plan itself calls payments in lieu."""
    return tuple(row for row in exit_.estimates if row.is_cost and IN_LIEU.search(row.title))


def in_lieu(exit_: ExitFacts) -> tuple[Owed, ...] | None:
    """Return the payment in lieu of the days of notice not served, post by post; ``None`` while not known."""
    if not exit_.givers or exit_.notice_end is None:
        return None
    return _together(in_lieu_for(exit_, post) for post in exit_.posts if not post.goes_on)


def in_lieu_for(exit_: ExitFacts, post: EndFact) -> tuple[Owed, ...] | None:
    """The same for one post: its shares from the day after its last one to the day on which notice runs out."""
    if post.last_day is None or exit_.notice_end is None:
        return None
    first = post.last_day + DAY
    last = exit_.notice_end
    if first > last:
        return ()
    years = range(FinancialYear.containing(first).start, FinancialYear.containing(last).start + 1)
    all_owed = _together(due(exit_, post, first, last, FinancialYear(start)) for start in years)
    if all_owed is None:
        return None
    givers = {council.id for council in exit_.givers}
    sums: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    for owed in all_owed:
        if owed.paid_by in givers:
            sums[owed.paid_by, owed.paid_to] += owed.amount
    return tuple(Owed(post.title, by, to, amount) for (by, to), amount in sums.items())


def missing_of(exit_: ExitFacts, post: EndFact) -> tuple[str, ...]:
    """Return the reasons why the payment in lieu for a post is not known, in sentences."""
    if post.last_day is None or exit_.notice_end is None or in_lieu_for(exit_, post) is not None:
        return ()
    first = post.last_day + DAY
    last = exit_.notice_end
    starts = range(FinancialYear.containing(first).start, FinancialYear.containing(last).start + 1)
    worked = (calculate(between(exit_.inputs[post.id], first, last), FinancialYear(start)) for start in starts)
    return tuple(dict.fromkeys(itertools.chain.from_iterable(year.missing for year in worked)))


def paid_in_lieu(exit_: ExitFacts, council: CouncilFact, year: FinancialYear) -> Amount:
    """Return a council's net payment in lieu of notice in a year: as agreed, else in the year of the last day."""
    if exit_.payments:
        found: tuple[Owed, ...] | None = tuple(
            Owed("", row.paid_by_id, row.paid_to_id, row.amount)
            for row in exit_.payments
            if FinancialYear.containing(row.paid_on) == year
        )
    elif exit_.last_day is None or FinancialYear.containing(exit_.last_day) != year:
        return Amount(ZERO)
    else:
        found = in_lieu(exit_)
    return of_council(found, "paid_by", council).less(of_council(found, "paid_to", council))


# --- Savings of the ledger -------------------------------------------------------------------------------------------


def lost_by(exit_: ExitFacts, council: CouncilFact, year: FinancialYear) -> Amount:
    """The cashable savings that a council loses in a year."""
    if exit_.last_day is None:
        return UNKNOWN
    lost = []
    for saving in exit_.savings.savings:
        if not saving.is_cashable or goes_on(exit_, saving):
            continue
        if council.id in {line.council.id for line in saving.lines}:
            lost.append(lost_saving(exit_, saving, council, year))
    return added(lost) if lost else Amount()


def lost_saving(exit_: ExitFacts, row: SavingFact, council: CouncilFact, year: FinancialYear) -> Amount:
    """Return what a council loses of one saving in a year; not known where the services that go on leave it open."""
    ends = ends_of(exit_, row)
    if not ends or None in ends or council.id not in exit_.leaving:
        return UNKNOWN
    first = min(ends)
    last = max(ends)
    if first != last and first < year.last_day and last >= year.first_day:
        return UNKNOWN  # what stands behind it ends bit by bit within the year
    days = min(max((year.last_day - last).days, 0), year.days)
    rate = rate_of(row, council, year)
    if not days or (rate is None and row.recurrence == Saving.Recurrence.ONE_OFF):
        return Amount(ZERO)
    if rate is None or rate.expected is None:
        return UNKNOWN
    amount = rate.expected * days / year.days
    return Amount(amount.quantize(PENNY, rounding=ROUND_HALF_UP), rate.about)


def goes_on(exit_: ExitFacts, row: SavingFact) -> bool:
    """Return whether all that a saving comes from goes on."""
    behind = posts_and_services(exit_, row)
    return bool(behind) and all(end.goes_on for end in behind)


def ends_of(exit_: ExitFacts, row: SavingFact) -> list[date | None]:
    """The last days of what a saving comes from; none where nothing is linked to it or part of it goes on."""
    behind = posts_and_services(exit_, row)
    return [] if any(end.goes_on for end in behind) else [end.last_day for end in behind]


def posts_and_services(exit_: ExitFacts, row: SavingFact) -> list[EndFact]:
    """The posts and services that a saving comes from."""
    posts = [end for end in exit_.posts if end.id in row.post_ids]
    return [*posts, *(end for end in exit_.services if end.id in row.arrangement_ids)]


def rate_of(row: SavingFact, council: CouncilFact, year: FinancialYear) -> LineFact | None:
    """The council's line of the year; of a recurring saving, else the last one before it."""
    own = [line for line in row.lines if line.council.id == council.id and line.financial_year]
    dated = sorted((line for line in own if line.financial_year <= str(year)), key=lambda line: line.financial_year)
    if not dated or dated[-1].financial_year == str(year):
        return dated[-1] if dated else None
    return dated[-1] if row.recurrence == Saving.Recurrence.RECURRING else None
