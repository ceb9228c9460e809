"""Add up the lines of one saving: over the councils, net, new this year, and cumulative over the years.

Pure functions over lines, in pounds. A line is the whole difference from the baseline in its year, so "new this year"
is less last year's, and a sum over years is called cumulative. Unknown is not nought: a sum adds what is recorded and
names the councils it lacks, and what would need a missing figure is "not known". Lines without a year are in no sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from joint_posts.models import SavingLine
from joint_posts.models.figures import COSTS, ENTERED, dataclass_of
from partnership.amounts import ZERO, Amount, total
from partnership.financial_years import FinancialYear
from partnership.models import Council, Party

Figures = dataclass_of("Figures", ENTERED, "Amount")


@dataclass(frozen=True)
class Entry(Figures):
    """A year of the saving: one council's, with its line, or all councils' together. It has each figure's `Amount`."""

    year: FinancialYear | None
    council: Council | None
    line: SavingLine | None

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
            entries.append(entry_of(line, year))
    absent = _absent(year, lines, parties)
    sums = {figure.name: added(entries, figure.name, lacking=absent) for figure in ENTERED}
    return Year(year, tuple(entries), Entry(**sums, year=year, council=None, line=None))


def entry_of(line: SavingLine, year: FinancialYear | None) -> Entry:
    """Return the entry of a line, also of one without a year."""
    figures = {}
    for figure in ENTERED:
        is_about = line.figures_are_about and figure.name not in COSTS
        figures[figure.name] = Amount(getattr(line, figure.name), about=is_about)
    return Entry(**figures, year=year, council=line.council, line=line)


def _absent(year: FinancialYear, lines: Sequence[SavingLine], parties: Sequence[Party]) -> tuple[str, ...]:
    """The councils that had a line in an earlier year, have none in this one and are still party in it."""
    before = {line.council for line in lines if FinancialYear.read(line.financial_year) < year}
    now = {line.council for line in lines if line.financial_year == str(year)}
    members = {party.council_id for party in parties if party.is_party_in(year)}
    return tuple(sorted(council.short_name for council in before - now if council.pk in members))


def added(entries: Sequence[Entry], name: str, *, lacking: tuple[str, ...] = ()) -> Amount:
    """A figure over the councils. ``lacking`` are those that should have a line and have none."""
    return total(((entry.council.short_name, getattr(entry, name)) for entry in entries), lacking=lacking)


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
