"""Add up the lines of one saving: over the councils, net, new this year, and cumulative over the years.

Pure functions over lines, in pounds. A line is the whole difference from the baseline in its year, so "new this year"
is less last year's, and a sum over years is called cumulative. Unknown is not nought: a sum adds what is recorded and
names the councils it lacks, and what would need a missing figure is "not known". Lines without a year are in no sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from joint_posts.models import SavingLine
from partnership.amounts import ZERO, Amount
from partnership.financial_years import FinancialYear
from partnership.models import Council, Party

FIGURES = ("estimated", "forecast", "delivered", "cost_to_achieve")


@dataclass(frozen=True)
class Entry:
    """A year of the saving: one council's, with its line, or all councils' together."""

    year: FinancialYear
    council: Council | None
    line: SavingLine | None
    estimated: Amount
    forecast: Amount
    delivered: Amount
    cost_to_achieve: Amount

    @property
    def net(self) -> Amount:
        """The estimate less what it costs to get there."""
        return self.estimated.less(self.cost_to_achieve)


@dataclass(frozen=True)
class Year:
    """A financial year of the saving: each council's entry, and all of them together."""

    year: FinancialYear
    entries: tuple[Entry, ...]
    together: Entry


@dataclass(frozen=True)
class Step:
    """One figure of a year: the whole, the part that is new, and the sum over the years so far."""

    year: FinancialYear
    council: Council | None
    amount: Amount
    new: Amount
    cumulative: Amount


def years_of(lines: Iterable[SavingLine], parties: Sequence[Party]) -> tuple[Year, ...]:
    """The years that have a line, the earliest first, with their sums over the councils in the order of the lines.

    A council is missed only in a year in which it is party.
    """
    dated = [line for line in lines if line.financial_year]
    found = sorted({FinancialYear.read(line.financial_year) for line in dated})
    return tuple(_year(year, dated, parties) for year in found)


def _year(year: FinancialYear, lines: Sequence[SavingLine], parties: Sequence[Party]) -> Year:
    entries = []
    for line in lines:
        if line.financial_year == str(year):
            figures = {name: _of(line, name) for name in FIGURES}
            entries.append(Entry(year, line.council, line, **figures))
    sums = {name: added(entries, name, lacking=_absent(year, lines, parties)) for name in FIGURES}
    return Year(year, tuple(entries), Entry(year, None, None, **sums))


def _of(line: SavingLine, name: str) -> Amount:
    return Amount(getattr(line, name), about=line.figures_are_about and name != "cost_to_achieve")


def _absent(year: FinancialYear, lines: Sequence[SavingLine], parties: Sequence[Party]) -> tuple[str, ...]:
    """The councils that had a line in an earlier year, have none in this one and are still party in it."""
    before = {line.council for line in lines if FinancialYear.read(line.financial_year) < year}
    now = {line.council for line in lines if line.financial_year == str(year)}
    members = {party.council_id for party in parties if party.is_party_in(year)}
    return tuple(sorted(council.short_name for council in before - now if council.pk in members))


def added(entries: Sequence[Entry], name: str, *, lacking: tuple[str, ...] = ()) -> Amount:
    """A figure over the councils. ``lacking`` are those that should have a line and have none."""
    own = [(entry.council.short_name, getattr(entry, name)) for entry in entries]
    known = [each for _, each in own if each.pounds is not None]
    if not known:
        return Amount()
    missing = tuple(council for council, each in own if each.pounds is None)
    total = sum((each.pounds for each in known), ZERO)
    return Amount(total, any(each.about for each in known), without=(*missing, *lacking))


def year_by_year(years: Sequence[Year], name: str, council: Council | None) -> Iterator[Step]:
    """Follow a figure of one council, or of all together, from its first year to the last that has it.

    A year in between that has no line is not known, and neither is the sum over the years from there on.
    """
    own = {each.year: _entry(each, council) for each in years}
    own = {year: entry for year, entry in own.items() if entry is not None}
    if not own:
        return
    last = Amount()
    running = Amount(ZERO)
    year = min(own)
    while year <= max(own):
        amount = getattr(own[year], name) if year in own else Amount()
        running = running.plus(amount)
        if year in own:
            yield Step(year, council, amount, amount.less(last), running)
        last = amount
        year = year.next()


def _entry(year: Year, council: Council | None) -> Entry | None:
    if council is None:
        return year.together
    return next((entry for entry in year.entries if entry.council == council), None)
