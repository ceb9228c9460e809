"""The savings ledger as at a date, added up the one way it may be.

* Only cashable savings enter a total; other kinds of benefit, and lines without a year, stand beside it.
* Of a saving shared with another programme, only the part attributed to the partnership counts.
* Unknown is not zero. A total adds what is recorded and names what it lacks; nothing recorded is "not recorded", and
  what would need it is "not known".
* A sum that contains a rounded figure is itself "about".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from joint_posts.models import Saving, SavingArrangement, SavingLine, SavingPost, SavingsTarget
from partnership.financial_years import FinancialYear
from partnership.money import NOT_KNOWN, NOT_RECORDED, pounds
from reviews.facts.councils import CouncilFact
from reviews.facts.reading import Reader, by_choice
from reviews.wording import listed

CASHABLE = Saving.BenefitType.CASHABLE
WHOLE = Decimal(100)  # percent
# What is read of a line, of which there may be very many.
LINE_FIELDS = (
    "id",
    "saving_id",
    "council_id",
    "financial_year",
    "estimated",
    "forecast",
    "delivered",
    "delivered_to_on",
    "cost_to_achieve",
    "figures_are_about",
    "figures_changed_by_id",
    "verified_on",
)
# What a line says of its year, in the order in which it comes to be known.
FIGURES = ("estimated", "forecast", "delivered", "verified", "cost_to_achieve")


@dataclass(frozen=True)
class Amount:
    """A sum in pounds, the lines it is made of, and what it lacks.

    ``pounds`` is ``None`` when nothing is recorded. ``without`` names the councils for which a part is not recorded.
    """

    pounds: Decimal | None = None
    about: bool = False
    line_ids: tuple[int, ...] = ()
    without: tuple[str, ...] = ()
    unknown: str = NOT_RECORDED

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing from it."""
        return self.pounds is not None and not self.without

    def __str__(self) -> str:
        text = pounds(self.pounds, about=self.about, unknown=self.unknown)
        if self.pounds is None or not self.without:
            return text
        return f"{text}, without {listed(self.without)} ({NOT_RECORDED})"

    def less(self, other: Amount) -> Amount:
        """The difference; "not known" unless both are whole."""
        ids = tuple(sorted({*self.line_ids, *other.line_ids}))
        if not (self.is_whole and other.is_whole):
            return Amount(None, line_ids=ids, unknown=NOT_KNOWN)
        return Amount(self.pounds - other.pounds, self.about or other.about, ids)


@dataclass(frozen=True)
class LineFact:
    """One council's figures of one saving in one year, as attributed to the partnership."""

    id: int
    saving_id: int
    council: CouncilFact
    financial_year: str
    estimated: Decimal | None
    forecast: Decimal | None
    delivered: Decimal | None
    verified: Decimal | None
    cost_to_achieve: Decimal | None
    about: bool
    is_verified: bool = False
    changed_by_id: int | None = None

    @property
    def expected(self) -> Decimal | None:
        """What is now expected: the forecast, or the plan while there is no forecast."""
        return self.estimated if self.forecast is None else self.forecast

    @property
    def net(self) -> Decimal | None:
        """The plan less what it costs to achieve; ``None`` unless both are recorded."""
        if self.estimated is None or self.cost_to_achieve is None:
            return None
        return self.estimated - self.cost_to_achieve

    @property
    def expected_net(self) -> Decimal | None:
        """What is expected, less the cost as far as one is recorded."""
        return None if self.expected is None else self.expected - (self.cost_to_achieve or 0)

    def amount(self, figure: str) -> Amount:
        """One of its figures as a sum."""
        recorded = getattr(self, figure)
        return Amount(recorded, self.about and recorded is not None, (self.id,))


@dataclass(frozen=True)
class TargetFact:
    """What one council means to save in one year, in pounds."""

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
class SavingFacts:
    """The whole ledger of the partnership on the day."""

    councils: tuple[CouncilFact, ...]
    savings: tuple[SavingFact, ...]
    years: tuple[str, ...]
    present_year: str = ""
    targets: tuple[TargetFact, ...] = ()

    @cached_property
    def by_year(self) -> dict[tuple[str, str, int], list[LineFact]]:
        """Every line by year, kind of benefit and council: gone through once, however many totals are asked for."""
        found = defaultdict(list)
        for row in self.savings:
            for line in row.lines:
                found[line.financial_year, row.benefit_type, line.council.id].append(line)
        return found

    @property
    def years_with_figures(self) -> tuple[str, ...]:
        """The financial years of which the ledger or a target says anything."""
        stated = {year for year, *_ in self.by_year if year} | {target.financial_year for target in self.targets}
        return tuple(sorted(stated))

    def target(self, year: str, council: CouncilFact | None = None) -> Amount:
        """What the councils (or one of them) mean to save in the year."""
        return added(
            [target for target in self.targets if target.financial_year == year],
            "amount",
            (council,) if council else self.councils,
        )

    def in_year(self, year: str, *, benefit_type: str = CASHABLE) -> tuple[SavingFact, ...]:
        """The savings of a kind that have a line in the year."""
        return tuple(row for row in self.savings if row.benefit_type == benefit_type and row.lines_of(year))

    def outside(self, year: str) -> tuple[tuple[SavingFact, str], ...]:
        """What stands beside the year's total: other kinds of benefit, and lines without a year; with their year."""
        kinds = [(row, year) for row in self.savings if not row.is_cashable and row.lines_of(year)]
        return (*kinds, *((row, "") for row in self.savings if row.lines_of("")))

    @cached_property
    def _sums(self) -> dict[tuple[str, str, str, int], Amount]:
        """Each council's sums that were asked for before."""
        return {}

    def total(
        self, year: str, figure: str, council: CouncilFact | None = None, *, benefit_type: str = CASHABLE
    ) -> Amount:
        """The year's sum of a figure over all savings of a kind: one council's, or all councils' when none is named."""
        if council is None:
            parts = [self.total(year, figure, own, benefit_type=benefit_type) for own in self.councils]
            return together(parts, self.councils)
        key = (year, benefit_type, figure, council.id)
        if key not in self._sums:
            lines = self.by_year.get((year, benefit_type, council.id), ())
            self._sums[key] = added(lines, figure, (council,))
        return self._sums[key]

    def net(self, year: str, council: CouncilFact | None = None) -> Amount:
        """What the year is estimated to save once the cost of getting there is taken off."""
        return self.total(year, "estimated", council).less(self.total(year, "cost_to_achieve", council))

    @cached_property
    def _posts_by_year(self) -> dict[str, dict[int, None]]:
        found: dict[str, dict[int, None]] = defaultdict(dict)
        for row in self.savings:
            if row.is_cashable and row.post_ids:
                for year in {line.financial_year for line in row.lines}:
                    found[year].update(dict.fromkeys(row.post_ids))
        return found

    def posts_behind(self, year: str) -> tuple[int, ...]:
        """The ids of the joint posts that the year's cashable savings come from."""
        return tuple(self._posts_by_year.get(year, ()))


def together(parts: Iterable[Amount], councils: tuple[CouncilFact, ...]) -> Amount:
    """The councils' sums as one, naming those whose own is not whole."""
    given = list(parts)
    ids = tuple(sorted(number for part in given for number in part.line_ids))
    recorded = [part for part in given if part.pounds is not None]
    if not recorded:
        return Amount(None, line_ids=ids)
    lacking = tuple(own.short_name for own, part in zip(councils, given, strict=True) if not part.is_whole)
    pounds_together = sum((part.pounds for part in recorded), Decimal(0))
    return Amount(pounds_together, any(part.about for part in recorded), ids, lacking)


def added(lines: Iterable[LineFact | TargetFact], figure: str, councils: tuple[CouncilFact, ...]) -> Amount:
    """The sum of a figure over lines, naming each of the councils that has a line without it, or no line at all."""
    within = {council.id for council in councils}
    rows = [line for line in lines if line.council.id in within]
    sums = [getattr(line, figure) for line in rows]
    recorded = [sum_ for sum_ in sums if sum_ is not None]
    ids = tuple(sorted(line.id for line in rows))
    if not recorded:
        return Amount(None, line_ids=ids)
    lacking = within - {line.council.id for line in rows}
    if len(recorded) < len(sums):
        lacking |= {line.council.id for line, sum_ in zip(rows, sums, strict=True) if sum_ is None}
    is_about = any(line.about for line, sum_ in zip(rows, sums, strict=True) if sum_ is not None)
    names = tuple(council.short_name for council in councils if council.id in lacking)
    return Amount(sum(recorded, Decimal(0)), is_about, ids, names)


def saving_facts(read: Reader, councils: tuple[CouncilFact, ...], as_at: date) -> SavingFacts:
    """The savings identified by the day, with the years that they or the day itself fall in."""
    rows = [row for row in read.own(Saving) if row.identified_on <= as_at]
    place = by_choice(Saving.BenefitType.values)
    rows.sort(key=lambda row: (place(row.benefit_type), row.id))
    lines = read.under(SavingLine, rows, "saving", LINE_FIELDS)
    posts = read.under(SavingPost, rows, "saving")
    arrangements = read.under(SavingArrangement, rows, "saving")
    by_id = {council.id: council for council in councils}
    savings = tuple(
        saving_fact(row, line_facts(row, lines[row.id], by_id, as_at), posts[row.id], arrangements[row.id])
        for row in rows
    )
    targets = target_facts(read, by_id, as_at)
    present = str(FinancialYear.containing(as_at))
    return SavingFacts(councils, savings, years_of(savings, targets, as_at), present, targets)


def target_facts(read: Reader, councils: dict[int, CouncilFact], as_at: date) -> tuple[TargetFact, ...]:
    """The targets set by the day, in the order of years and of the councils' columns."""
    place = by_choice(councils)
    rows = [row for row in read.own(SavingsTarget) if row.set_on <= as_at and row.council_id in councils]
    rows.sort(key=lambda row: (row.financial_year, place(row.council_id), row.id))
    return tuple(
        TargetFact(row.id, councils[row.council_id], row.financial_year, row.amount, row.is_about, row.source)
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
    """The lines of a saving that belong to a party, in the order of the councils' columns."""
    place = by_choice(councils)
    rows = [row for row in rows if row.council_id in councils]
    rows.sort(key=lambda row: (row.financial_year, place(row.council_id), row.id))
    return tuple(line_fact(row, councils[row.council_id], saving.attributed_percent, as_at) for row in rows)


def line_fact(row: SavingLine, council: CouncilFact, percent: Decimal, as_at: date) -> LineFact:
    """One line. What was delivered up to a later day, or verified on one, was not so on the day."""

    def counted(amount: Decimal | None) -> Decimal | None:
        return amount if amount is None or percent == WHOLE else amount * percent / 100

    is_delivered = row.delivered_to_on is not None and row.delivered_to_on <= as_at
    is_verified = is_delivered and row.verified_on is not None and row.verified_on <= as_at
    delivered = counted(row.delivered) if is_delivered else None
    return LineFact(
        row.id,
        row.saving_id,
        council,
        row.financial_year,
        estimated=counted(row.estimated),
        forecast=counted(row.forecast),
        delivered=delivered,
        verified=delivered if is_verified or delivered is None else Decimal(0),
        cost_to_achieve=counted(row.cost_to_achieve),
        about=row.figures_are_about,
        is_verified=is_verified,
        changed_by_id=row.figures_changed_by_id,
    )


def years_of(savings: tuple[SavingFact, ...], targets: tuple[TargetFact, ...], as_at: date) -> tuple[str, ...]:
    """The years with a line or a target, that of the day and the next, so that a figure's name outlives its lines."""
    present = FinancialYear.containing(as_at)
    stated = {line.financial_year for row in savings for line in row.lines if line.financial_year}
    aimed_at = {target.financial_year for target in targets}
    return tuple(sorted({*stated, *aimed_at, str(present), str(present.next())}))
