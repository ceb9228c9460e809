"""Sum lines of the ledger, whether added up one by one or in groups by the database.

Either way there is a `Tally` for each figure of a `Group` of lines, and all that is said of a sum is said of tallies. A
screen that shows sums alone so need not read a hundred thousand lines, and says the same as a paper that lists them.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from joint_posts.models import SavingLine
from joint_posts.models.figures import COSTS, ENTERED
from partnership.amounts import ZERO, Amount, total
from partnership.money import to_pennies
from reviews.facts.councils import CouncilFact

WHOLE = Decimal(100)  # percent


@dataclass(frozen=True)
class Tally:
    """One figure of some lines, in pounds: the sum of the lines that have it, and how many have it of how many."""

    pounds: Decimal = ZERO
    lines: int = 0
    recorded: int = 0
    about: bool = False
    line_ids: tuple[int, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Return whether there is a line, and none without the figure."""
        return 0 < self.lines == self.recorded

    def as_amount(self, whose: str) -> Amount:
        """Return the sum, which lacks its owner's lines without the figure."""
        if not self.recorded:
            return Amount(None, line_ids=self.line_ids)
        return Amount(self.pounds, self.about, self.line_ids, () if self.is_whole else (whose,))


def together(tallies: Iterable[Tally]) -> Tally:
    """Several as one."""
    found = list(tallies)
    return Tally(
        sum((one.pounds for one in found), ZERO),
        sum(one.lines for one in found),
        sum(one.recorded for one in found),
        any(one.about for one in found),
        tuple(itertools.chain.from_iterable(one.line_ids for one in found)),
    )


def tally_of(rows: Iterable[Any], figure: str) -> Tally:
    """One figure of lines, or of targets, that were read one by one."""
    found = [(row, getattr(row, figure)) for row in rows]
    recorded = [(row, sum_) for row, sum_ in found if sum_ is not None]
    return Tally(
        sum((sum_ for _, sum_ in recorded), ZERO),
        len(found),
        len(recorded),
        figure not in COSTS and any(row.about for row, _ in recorded),
        tuple(row.id for row, _ in found),
    )


def amount_of(parts: Iterable[tuple[CouncilFact, Tally]], asked: Container[int]) -> Amount:
    """The councils' tallies as one sum.

    It names each council that has a line without the figure. One without a line is named only if it is ``asked``.
    """
    amounts = []
    for council, tally in parts:
        if tally.lines or council.id in asked:
            amounts.append((council.short_name, tally.as_amount(council.short_name)))
    return total(amounts)


@dataclass(frozen=True)
class Group:
    """The lines of one council and year, of one kind of benefit, and of one business case or none."""

    financial_year: str
    benefit_type: str
    council_id: int
    business_case_id: int | None
    rows: list[Any] = field(default_factory=list)  # the lines, where they were read
    tallies: dict[str, Tally] = field(default_factory=dict)  # what was added up before

    def tally(self, figure: str) -> Tally:
        """One figure of its lines."""
        if figure not in self.tallies:
            self.tallies[figure] = tally_of(self.rows, figure)
        return self.tallies[figure]


def delivered_by(as_at: date) -> Q:
    """Return the filter for lines delivered by the day; one delivered up to a later day does not count."""
    return Q(delivered__isnull=False, delivered_to_on__lte=as_at)


def verified_by(as_at: date) -> Q:
    """Return the filter for lines delivered and verified by the day."""
    return delivered_by(as_at) & Q(verified_on__lte=as_at)


def lines_that_count(partnership_id: int, as_at: date) -> QuerySet:
    """The lines in the register today of the savings that reports may count on the day."""
    return (
        SavingLine.objects.active()
        .filter(saving__partnership=partnership_id, saving__withdrawn_on__isnull=True)
        .filter(saving__identified_on__lte=as_at)
        .order_by()
    )


# Which lines the database adds for a figure, and what of them.
def _sums(as_at: date) -> dict[str, tuple[Any, Q]]:
    expected = Coalesce("forecast", "estimated")
    is_expected = Q(forecast__isnull=False) | Q(estimated__isnull=False)
    sums = {figure.name: (figure.name, Q(**{f"{figure.name}__isnull": False})) for figure in ENTERED}
    return sums | {
        "delivered": ("delivered", delivered_by(as_at)),
        "verified": ("delivered", verified_by(as_at)),
        "expected": (expected, is_expected),
        "expected_cost": ("cost_to_achieve", is_expected),
    }


def groups_in_register(lines: QuerySet, as_at: date) -> tuple[Group, ...]:
    """The lines in groups that the database adds up, in one query that returns a row for each group and share.

    It adds whole pennies of lines with the same share attributed to the partnership, and the share is taken of the
    sum: nothing is rounded on the way, whichever engine adds.
    """
    added = {}
    for name, (what, which) in _sums(as_at).items():
        added |= {f"{name}_sum": Sum(what, filter=which), f"{name}_number": Count("pk", filter=which)}
    parts = ("saving__attributed_percent", "figures_are_about")
    own = ("financial_year", "saving__benefit_type", "council_id", "saving__business_case_id")
    found: dict[tuple, list[dict[str, Tally]]] = defaultdict(list)
    for row in lines.values(*own, *parts).annotate(number=Count("pk"), **added):
        found[tuple(row[name] for name in own)].append(_tallies(row))
    return tuple(Group(*key, tallies=_merged(tallies)) for key, tallies in sorted(found.items(), key=str))


def _merged(tallies: list[dict[str, Tally]]) -> dict[str, Tally]:
    """Add up the tallies of each figure."""
    merged = {}
    for figure in tallies[0]:
        merged[figure] = together(each[figure] for each in tallies)
    return merged


def _tallies(row: dict[str, Any]) -> dict[str, Tally]:
    """A row's sums as tallies. Verified is nought where something was delivered and nobody verified it."""
    percent = row["saving__attributed_percent"]
    about = row["figures_are_about"]
    lines = row["number"]

    def tally(name: str, number: int | None = None, less: str = "") -> Tally:
        recorded = row[f"{name}_number"] if number is None else number
        pounds = (to_pennies(row[f"{name}_sum"]) or ZERO) - (to_pennies(row[f"{less}_sum"]) or ZERO if less else 0)
        return Tally(pounds * percent / WHOLE, lines, recorded, about and recorded > 0 and name not in COSTS)

    found = {figure.name: tally(figure.name) for figure in ENTERED}
    found["expected"] = tally("expected")
    return found | {
        "verified": tally("verified", row["delivered_number"]),
        "expected_net": tally("expected", less="expected_cost"),
    }
