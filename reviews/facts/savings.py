"""The savings ledger as at a date, added up the one way it may be.

* Only cashable savings enter a total; other kinds of benefit, and lines without a year, stand beside it.
* Of a saving shared with another programme, only the part attributed to the partnership counts.
* A total is made of like figures: a council's forecast is never added to another's estimate.
* Unknown is not zero. A total adds what is recorded and names what it lacks; nothing recorded is "not recorded", and
  what would need it is "not known".
* A sum that contains a rounded figure is itself "about".
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from joint_posts.models import Saving, SavingArrangement, SavingLine, SavingPost, SavingsTarget, figures
from partnership.amounts import Amount
from partnership.financial_years import FinancialYear
from partnership.records.as_at import KNOWN_NOW
from reviews.facts.councils import CouncilFact, MemberFact, council_fact, parties_among, scope_words
from reviews.facts.reading import Reader, all_rows, by_choice
from reviews.facts.sums import (
    WHOLE,
    Group,
    Tally,
    amount_of,
    groups_in_register,
    lines_that_count,
    tally_of,
    together,
)

CASHABLE = Saving.BenefitType.CASHABLE
# What is read of a line, of which there may be very many.
LINE_FIELDS = (
    "id",
    "saving_id",
    "council_id",
    "financial_year",
    *figures.FIELDS,
    figures.ABOUT,
    "verified_on",
)


LineFigures = figures.dataclass_of("LineFigures", figures.FIGURES, "Decimal | None")


@dataclass(frozen=True)
class LineFact(LineFigures):
    """One council's figures of one saving in one year, as attributed to the partnership: each of `figures.FIGURES`."""

    id: int
    saving_id: int
    council: CouncilFact
    financial_year: str
    about: bool
    is_verified: bool = False

    @property
    def expected(self) -> Decimal | None:
        """Return the expected amount: the forecast, or the plan while there is no forecast."""
        return self.estimated if self.forecast is None else self.forecast

    @property
    def net(self) -> Decimal | None:
        """The plan less what it costs to achieve; ``None`` unless both are recorded."""
        if self.estimated is None or self.cost_to_achieve is None:
            return None
        return self.estimated - self.cost_to_achieve

    @property
    def expected_net(self) -> Decimal | None:
        """Return the expected amount less the cost, where one is recorded."""
        return None if self.expected is None else self.expected - (self.cost_to_achieve or 0)


@dataclass(frozen=True)
class TargetFact:
    """The savings target of one council in one year, in pounds."""

    id: int
    council: CouncilFact
    financial_year: str
    amount: Decimal
    about: bool
    source: str


@dataclass(frozen=True)
class SavingFact:
    """A saving that reports may count on the day, with its lines and what is behind it."""

    id: int
    title: str
    benefit_type: str
    recurrence: str
    basis: str
    caveats: tuple[str, ...]
    post_ids: tuple[int, ...]
    arrangement_ids: tuple[int, ...]
    attributed_percent: Decimal
    shared_with_programme: str
    lines: tuple[LineFact, ...]
    business_case_id: int | None = None

    @property
    def is_cashable(self) -> bool:
        return self.benefit_type == CASHABLE

    @property
    def benefit_words(self) -> str:
        return Saving.BenefitType(self.benefit_type).label

    def lines_of(self, year: str) -> tuple[LineFact, ...]:
        """Its lines of a financial year ("2019/20"), or those without one ("")."""
        return tuple(line for line in self.lines if line.financial_year == year)


@dataclass(frozen=True)
class SavingSums:
    """The ledger of the partnership on the day, as far as its sums go.

    A council belongs to every financial year in which it was party on any day, whatever the day of the ledger. What is
    recorded of another year is shown and added too, but such a council is not missed where nothing is recorded.
    """

    councils: tuple[CouncilFact, ...]  # party on the day
    members: tuple[MemberFact, ...]  # party on some day
    councils_outside: tuple[CouncilFact, ...]  # never party, with figures in the ledger all the same
    groups: tuple[Group, ...]
    years: tuple[str, ...]
    present_year: str
    targets: tuple[TargetFact, ...]
    post_links: tuple[tuple[str, int], ...]  # a year with cashable lines, and a joint post behind one of them

    @cached_property
    def _by_year(self) -> dict[tuple[str, str, int], list[Group]]:
        found = defaultdict(list)
        for group in self.groups:
            found[group.financial_year, group.benefit_type, group.council_id].append(group)
        return found

    @cached_property
    def _by_case(self) -> dict[tuple[int, int], list[Group]]:
        found = defaultdict(list)
        for group in self.groups:
            if group.business_case_id and group.benefit_type == CASHABLE and group.financial_year:
                found[group.business_case_id, group.council_id].append(group)
        return found

    @cached_property
    def all_councils(self) -> tuple[CouncilFact, ...]:
        """Return all councils that were ever a party or have a figure in the ledger, in the order of the columns."""
        return tuple(dict.fromkeys((*(member.council for member in self.members), *self.councils_outside)))

    @cached_property
    def _with_figures(self) -> frozenset[tuple[str, int]]:
        """The years, and "" for none, with the councils of which the ledger or a target says anything."""
        lines = {(group.financial_year, group.council_id) for group in self.groups}
        return frozenset(lines | {(target.financial_year, target.council.id) for target in self.targets})

    @cached_property
    def _asked(self) -> dict[str, frozenset[int]]:
        """The councils of the years that were asked for before."""
        return {}

    def asked_in(self, year: str) -> frozenset[int]:
        """The ids of the councils that should have figures for a year: party on any day of it; of none, on the day."""
        if year not in self._asked:
            found = self.councils
            if year:
                found = tuple(member.council for member in self.members if member.is_party_in(year))
            self._asked[year] = frozenset(council.id for council in found)
        return self._asked[year]

    def councils_of(self, *years: str) -> tuple[CouncilFact, ...]:
        """The councils of these years ("" for lines without one): those asked, and others that have figures."""
        wanted = set()
        for year in years:
            wanted |= self.asked_in(year)
            wanted |= {council_id for with_figures, council_id in self._with_figures if with_figures == year}
        return tuple(council for council in self.all_councils if council.id in wanted)

    def scope_words(self, year: str) -> str:
        """The words for all the councils of a year together: "both councils", "all three councils"."""
        return scope_words(self.councils_of(year))

    @property
    def years_with_figures(self) -> tuple[str, ...]:
        """The financial years of which the ledger or a target says anything."""
        stated = {group.financial_year for group in self.groups if group.financial_year}
        return tuple(sorted(stated | {target.financial_year for target in self.targets}))

    def target(self, year: str, council: CouncilFact | None = None) -> Amount:
        """Return the target of the year, for one council or for all."""
        of_year = [target for target in self.targets if target.financial_year == year]
        return self.added(of_year, "amount", year, council)

    def added(
        self, rows: Iterable[LineFact | TargetFact], figure: str, year: str, council: CouncilFact | None = None
    ) -> Amount:
        """The sum of a figure over lines or targets of a year: one council's, or all councils' when none is named."""
        own = defaultdict(list)
        for row in rows:
            own[row.council.id].append(row)
        councils = (council,) if council else self.councils_of(year)
        return amount_of(((each, tally_of(own[each.id], figure)) for each in councils), self.asked_in(year))

    @cached_property
    def _sums(self) -> dict[tuple[str, str, str, int], Amount]:
        """The sums that were asked for before."""
        return {}

    def total(
        self, year: str, figure: str, council: CouncilFact | None = None, *, benefit_type: str = CASHABLE
    ) -> Amount:
        """The year's sum of a figure over all savings of a kind: one council's, or all councils' when none is named."""
        key = (year, benefit_type, figure, council.id if council else 0)
        if key not in self._sums:
            councils = (council,) if council else self.councils_of(year)
            parts = ((own, self._tally(year, benefit_type, figure, own)) for own in councils)
            self._sums[key] = amount_of(parts, self.asked_in(year))
        return self._sums[key]

    def _tally(self, year: str, benefit_type: str, figure: str, council: CouncilFact) -> Tally:
        return together(group.tally(figure) for group in self._by_year.get((year, benefit_type, council.id), ()))

    def net(self, year: str, council: CouncilFact | None = None) -> Amount:
        """Return the year's estimated saving less the cost to achieve it."""
        return self.total(year, "estimated", council).less(self.total(year, "cost_to_achieve", council))

    def expected_status(self, year: str) -> str:
        """Return which figure says what the year is expected to come to: "forecast" or "estimated".

        It is one figure for all councils, so that their sums add up to the total: the forecast where it lacks no
        council that the estimate has.
        """
        return likelier(self.total(year, "estimated"), self.total(year, "forecast"))

    def linked(self, case_id: int, council: CouncilFact | None = None) -> tuple[str, Amount]:
        """Return what the cashable savings linked to a business case come to over all their years, and which figure.

        The figure is the same for one council as for all of them together.
        """
        status = likelier(*(self._linked(case_id, figure, self.all_councils) for figure in ("estimated", "forecast")))
        return status, self._linked(case_id, status, (council,) if council else self.all_councils)

    def _linked(self, case_id: int, figure: str, councils: tuple[CouncilFact, ...]) -> Amount:
        groups = {council.id: self._by_case.get((case_id, council.id), []) for council in self.all_councils}
        years = {group.financial_year for group in itertools.chain.from_iterable(groups.values())}
        asked = frozenset[int]().union(*map(self.asked_in, years))
        parts = []
        for council in councils:
            tallies = [group.tally(figure) for group in groups[council.id]]
            parts.append((council, together(tallies)))
        return amount_of(parts, asked)

    def posts_behind(self, year: str) -> tuple[int, ...]:
        """The ids of the joint posts that the year's cashable savings come from."""
        return tuple(dict.fromkeys(post for of_year, post in self.post_links if of_year == year))


@dataclass(frozen=True)
class SavingFacts(SavingSums):
    """The whole ledger of the partnership on the day, line by line."""

    savings: tuple[SavingFact, ...]

    def in_year(self, year: str, *, benefit_type: str = CASHABLE) -> tuple[SavingFact, ...]:
        """The savings of a kind that have a line in the year."""
        return tuple(row for row in self.savings if row.benefit_type == benefit_type and row.lines_of(year))

    def outside(self, year: str) -> tuple[tuple[SavingFact, str], ...]:
        """Return savings outside the total of the year: other kinds of benefit, and lines without a year."""
        kinds = [(row, year) for row in self.savings if not row.is_cashable and row.lines_of(year)]
        return (*kinds, *((row, "") for row in self.savings if row.lines_of("")))


def likelier(estimated: Amount, forecast: Amount) -> str:
    """Return "forecast" where a forecast is recorded that lacks no council which the estimate has, else "estimated"."""
    if forecast.pounds is None:
        return "estimated"
    is_as_whole = estimated.pounds is None or set(forecast.without) <= set(estimated.without)
    return "forecast" if is_as_whole else "estimated"


def saving_sums(read: Reader, members: tuple[MemberFact, ...], as_at: date) -> SavingSums:
    """The ledger's sums on the day. What is known today the database adds up; of the past, the lines are read."""
    if read.known_at is not KNOWN_NOW:
        return saving_facts(read, members, as_at)
    groups = groups_in_register(lines_that_count(read.partnership_id, as_at), as_at)
    councils_outside = facts_of_councils_outside(read, members, (group.council_id for group in groups))
    targets = target_facts(read, members, as_at)
    return SavingSums(
        parties_among(members, as_at),
        members,
        councils_outside,
        groups,
        years_of((group.financial_year for group in groups), targets, as_at),
        str(FinancialYear.containing(as_at)),
        targets,
        tuple(links_in_register(read.partnership_id, as_at)),
    )


def facts_of_councils_outside(
    read: Reader, members: tuple[MemberFact, ...], named: Iterable[int]
) -> tuple[CouncilFact, ...]:
    """The councils among those named that were never party, by name. One query where there is any."""
    missing = set(named) - {member.council.id for member in members}
    if not missing:
        return ()
    rows = sorted(read.councils(missing).values(), key=lambda row: (row.name, row.id))
    return tuple(council_fact(row) for row in rows)


def links_in_register(partnership_id: int, as_at: date) -> Iterator[tuple[str, int]]:
    """The years and posts of cashable savings, in the order of the savings and of their links."""
    lines = lines_that_count(partnership_id, as_at).filter(saving__benefit_type=CASHABLE)
    links = lines.filter(saving__posts__withdrawn_on__isnull=True, saving__posts__isnull=False)
    found = links.values_list("financial_year", "saving_id", "saving__posts__pk", "saving__posts__post_id").distinct()
    for year, _, _, post in sorted(found, key=lambda row: row[1:3]):
        yield year, post


def saving_facts(read: Reader, members: tuple[MemberFact, ...], as_at: date) -> SavingFacts:
    """The savings identified by the day with their lines, and the years that they or the day itself fall in."""
    rows = [row for row in read.own(Saving) if row.identified_on <= as_at]
    place = by_choice(Saving.BenefitType.values)
    rows.sort(key=lambda row: (place(row.benefit_type), row.id))
    lines = read.under(SavingLine, rows, "saving", LINE_FIELDS)
    posts = read.under(SavingPost, rows, "saving")
    arrangements = read.under(SavingArrangement, rows, "saving")
    councils_outside = facts_of_councils_outside(read, members, [line.council_id for line in all_rows(lines)])
    by_id = {member.council.id: member.council for member in members}
    by_id |= {council.id: council for council in councils_outside}
    savings = tuple(
        saving_fact(row, line_facts(row, lines[row.id], by_id, as_at), posts[row.id], arrangements[row.id])
        for row in rows
    )
    targets = target_facts(read, members, as_at)
    groups = groups_of(savings)
    return SavingFacts(
        parties_among(members, as_at),
        members,
        councils_outside,
        groups,
        years_of((group.financial_year for group in groups), targets, as_at),
        str(FinancialYear.containing(as_at)),
        targets,
        tuple(links_of(savings)),
        savings,
    )


def groups_of(savings: tuple[SavingFact, ...]) -> tuple[Group, ...]:
    """Their lines in groups."""
    found: dict[tuple, Group] = {}
    for row in savings:
        for line in row.lines:
            key = (line.financial_year, row.benefit_type, line.council.id, row.business_case_id)
            found.setdefault(key, Group(*key)).rows.append(line)
    return tuple(found.values())


def links_of(savings: tuple[SavingFact, ...]) -> Iterator[tuple[str, int]]:
    """The years and posts of the cashable savings among them."""
    for row in savings:
        if row.is_cashable and row.post_ids:
            for year in dict.fromkeys(line.financial_year for line in row.lines):
                yield from ((year, post) for post in row.post_ids)


def target_facts(read: Reader, members: tuple[MemberFact, ...], as_at: date) -> tuple[TargetFact, ...]:
    """The targets set by the day, in the order of years and of the councils' columns.

    What a council meant to save in a year in which it is not party is no target of the partnership.
    """
    by_id = {member.council.id: member for member in members}
    place = by_choice(by_id)
    rows = [row for row in read.own(SavingsTarget) if row.set_on <= as_at and row.council_id in by_id]
    rows = [row for row in rows if by_id[row.council_id].is_party_in(row.financial_year)]
    rows.sort(key=lambda row: (row.financial_year, place(row.council_id), row.id))
    return tuple(
        TargetFact(row.id, by_id[row.council_id].council, row.financial_year, row.amount, row.is_about, row.source)
        for row in rows
    )


def saving_fact(
    row: Saving, lines: tuple[LineFact, ...], posts: list[SavingPost], arrangements: list[SavingArrangement]
) -> SavingFact:
    """One saving."""
    return SavingFact(
        row.id,
        row.title,
        row.benefit_type,
        row.recurrence,
        row.basis,
        tuple(row.caveat_list),
        tuple(link.post_id for link in posts),
        tuple(link.arrangement_id for link in arrangements),
        row.attributed_percent,
        row.shared_with_programme,
        lines,
        row.business_case_id,
    )


def line_facts(
    saving: Saving, rows: list[SavingLine], councils: dict[int, CouncilFact], as_at: date
) -> tuple[LineFact, ...]:
    """The lines of a saving in the order of the councils' columns."""
    place = by_choice(councils)
    rows = sorted(rows, key=lambda row: (row.financial_year, place(row.council_id), row.id))
    return tuple(line_fact(row, councils[row.council_id], saving.attributed_percent, as_at) for row in rows)


def line_fact(row: SavingLine, council: CouncilFact, percent: Decimal, as_at: date) -> LineFact:
    """One line. What was delivered up to a later day, or verified on one, was not so on the day."""

    def counted(amount: Decimal | None) -> Decimal | None:
        return amount if amount is None or percent == WHOLE else amount * percent / 100

    is_delivered = row.delivered_to_on is not None and row.delivered_to_on <= as_at
    is_verified = is_delivered and row.verified_on is not None and row.verified_on <= as_at
    amounts = {figure.name: counted(getattr(row, figure.name)) for figure in figures.ENTERED}
    delivered = amounts["delivered"] if is_delivered else None
    amounts["delivered"] = delivered
    amounts["verified"] = delivered if is_verified or delivered is None else Decimal(0)
    return LineFact(
        **amounts,
        id=row.id,
        saving_id=row.saving_id,
        council=council,
        financial_year=row.financial_year,
        about=row.figures_are_about,
        is_verified=is_verified,
    )


def years_of(stated: Iterable[str], targets: tuple[TargetFact, ...], as_at: date) -> tuple[str, ...]:
    """The years with a line or a target, that of the day and the next, so that a figure's name outlives its lines."""
    present = FinancialYear.containing(as_at)
    aimed_at = {target.financial_year for target in targets}
    return tuple(sorted({*filter(None, stated), *aimed_at, str(present), str(present.next())}))
