"""Open a figure: the lines, posts, cases or ratings behind it, which add up to exactly that number."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from joint_posts.models import Saving
from joint_posts.models.figures import BENEFITS
from partnership.generic.display import NOT_RECORDED, Column
from partnership.generic.exports import cell
from partnership.money import pounds, to_pennies
from partnership.text import in_words
from partnership.wording import capitalised
from reviews.dashboards.figures import EXPECTED_NET, LINKED, VERIFIED_SHARE
from reviews.facts.dashboard import SteeringFacts
from reviews.facts.figures import NET, STATUSES, Figure
from reviews.facts.savings import LineFact, SavingFact
from reviews.facts.services import CaseCostFact, CaseFact

# Which sum of a line a figure adds; benefits outside every total are estimates.
SUM_OF = {status: name.replace("-", "_") for name, status in STATUSES.items()} | {
    NET: "net",
    EXPECTED_NET: "expected_net",
    **{f"{LINKED}, {status}": status for status in ("estimated", "forecast")},
    **dict.fromkeys(Saving.BenefitType.values, "estimated"),
}
for kind, benefit in itertools.product(Saving.BenefitType.values, BENEFITS):
    if benefit.name != "estimated":
        SUM_OF[f"{kind}, {benefit.words}"] = benefit.name
AMOUNT = "Amount in pounds"


@dataclass(frozen=True)
class DrillDown:
    """A figure with its rows. ``adds_up`` is false for a figure that counts its rows instead of adding a sum."""

    figure: Figure
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Any, ...]
    adds_up: bool
    address_of: Callable[[Any], tuple[str, int]]  # which record a row opens: its kind and number
    said: str = ""  # the figure with its status, year and scope

    def raw_cells(self, row: Any) -> list[Any]:
        """Return the cells of a row for a file, before they are put into words."""
        return [cell(column.raw(row)) for column in self.columns]

    @property
    def how(self) -> str:
        """Say in a sentence how the rows make the figure."""
        if self.figure.status == VERIFIED_SHARE:
            return "It is the share of the verified amounts in all that was delivered below, rounded down."
        if self.adds_up:
            return "The amounts below add up to exactly this sum."
        return "The rows below are exactly what it counts."


@dataclass(frozen=True)
class Line:
    """A saving line with its saving, and the part of it that the figure adds."""

    saving: SavingFact
    line: LineFact
    amount: Decimal | None


@dataclass(frozen=True)
class Cost:
    """A cost with the case it belongs to."""

    case: CaseFact
    cost: CaseCostFact
    council: str


def drill_down(figure: Figure, steering: SteeringFacts) -> DrillDown | None:
    """The rows of a figure; ``None`` for one that is made of no records, such as a name."""
    build = KINDS.get(figure.of)
    return build(figure, steering) if build else None


def text_column(label: str, text: Callable[[Any], str], *, is_tag: bool = False) -> Column:
    """A column of words."""
    return Column(label, lambda row: text(row) or NOT_RECORDED, text, is_tag=is_tag)


def amount_column(of: Callable[[Any], Decimal | None], about: Callable[[Any], bool] = lambda row: False) -> Column:
    """The column that adds up to the figure."""

    def written(row: Any) -> str:
        return pounds(of(row), about=about(row), unknown=NOT_RECORDED)

    return Column(AMOUNT, written, lambda row: to_pennies(of(row)), numeric=True)


def _lines(figure: Figure, steering: SteeringFacts) -> DrillDown:
    attribute = SUM_OF.get(figure.status, "delivered")
    wanted = set(figure.rows)
    rows = []
    for saving in steering.facts.savings.savings:
        rows += [Line(saving, line, getattr(line, attribute)) for line in saving.lines if line.id in wanted]
    columns = (
        text_column("Saving", lambda row: row.saving.title),
        text_column("Council", lambda row: row.line.council.short_name),
        text_column("Financial year", lambda row: row.line.financial_year),
        text_column("Kind of benefit", lambda row: row.saving.benefit_words),
        text_column("Verified", lambda row: "Yes" if row.line.is_verified else "No"),
        amount_column(lambda row: row.amount, lambda row: row.line.about),
    )
    adds_up = figure.amount is not None or figure.status in SUM_OF
    return DrillDown(figure, "Saving lines", columns, tuple(rows), adds_up, lambda row: ("saving", row.saving.id))


def _targets(figure: Figure, steering: SteeringFacts) -> DrillDown:
    rows = _chosen(steering.facts.savings.targets, figure.rows)
    columns = (
        text_column("Council", lambda row: row.council.name),
        text_column("Financial year", lambda row: row.financial_year),
        text_column("Agreed in", lambda row: row.source),
        amount_column(lambda row: row.amount, lambda row: row.about),
    )
    return DrillDown(figure, "Savings targets", columns, rows, True, lambda row: ("savingstarget", row.id))


def _posts(figure: Figure, steering: SteeringFacts) -> DrillDown:
    columns = (
        text_column("Title", lambda row: row.title),
        text_column("Status", lambda row: row.status_words, is_tag=True),
        text_column("Appointment", lambda row: row.appointment_words.capitalize()),
        text_column("Since", lambda row: row.since),
        text_column("Home council", lambda row: row.home_council),
        text_column("Earlier titles", lambda row: "; ".join(row.earlier_titles) or "None"),
    )
    rows = _chosen(steering.facts.posts, figure.rows)
    return DrillDown(figure, "Joint posts", columns, rows, False, lambda row: ("jointpost", row.id))


def _cases(figure: Figure, steering: SteeringFacts) -> DrillDown:
    adds_up = figure.amount is not None
    columns = (
        text_column("Business case", lambda row: row.title),
        text_column("Stage", lambda row: row.stage_words, is_tag=True),
        text_column("Since", lambda row: row.since),
        text_column("Expected at the working group", lambda row: row.expected or "Not stated"),
        amount_column(lambda row: row.estimated_saving, lambda row: row.is_about),
    )
    rows = _chosen(steering.facts.cases, figure.rows)
    return DrillDown(figure, "Business cases", columns, rows, adds_up, lambda row: ("businesscase", row.id))


def _costs(figure: Figure, steering: SteeringFacts) -> DrillDown:
    names = {council.id: council.short_name for council in steering.facts.all_councils}
    wanted = set(figure.rows)
    rows = []
    for case in steering.facts.cases:
        rows += [Cost(case, cost, names[cost.council_id]) for cost in case.costs if cost.id in wanted]
    columns = (
        text_column("Business case", lambda row: row.case.title),
        text_column("Council", lambda row: row.council),
        text_column("Financial year", lambda row: row.cost.financial_year),
        text_column("Paid from", lambda row: row.cost.funding_source),
        amount_column(lambda row: row.cost.amount, lambda row: row.cost.is_about),
    )
    title = "Costs of business cases"
    return DrillDown(figure, title, columns, tuple(rows), True, lambda row: ("businesscase", row.case.id))


def _services(figure: Figure, steering: SteeringFacts) -> DrillDown:
    columns = (
        text_column("Service", lambda row: row.service),
        text_column("Kind", lambda row: row.kind.capitalize()),
        text_column("Provider", lambda row: row.provider),
        text_column("Receiver", lambda row: row.receiver),
        text_column("Since", lambda row: row.started),
    )
    rows = _chosen(steering.facts.services, figure.rows)
    return DrillDown(figure, "Services", columns, rows, False, lambda row: ("servicearrangement", row.id))


def _ratings(figure: Figure, steering: SteeringFacts) -> DrillDown:
    columns = [
        text_column("Principle or objective", lambda row: f"{row.commitment.number}. {row.commitment.short_title}"),
        text_column("Rating", lambda row: row.words, is_tag=True),
        text_column("Before", lambda row: row.before_words or "No earlier rating"),
        text_column("Trend", lambda row: row.trend or "None"),
        text_column("Rated in", lambda row: row.review or "No review"),
    ]
    if steering.has_working_papers:
        columns.append(text_column("Commentary", lambda row: in_words(row.commentary)))
    rows = _chosen(steering.ratings, figure.rows)
    title = "Principles and objectives"
    return DrillDown(figure, title, tuple(columns), rows, False, lambda row: ("commitment", row.id))


def _agreements(figure: Figure, steering: SteeringFacts) -> DrillDown:
    columns = (
        text_column("Agreement", lambda row: row.title),
        text_column("Commenced", lambda row: row.commenced),
        text_column("Notice", lambda row: capitalised(row.notice)),
        text_column("Ends", lambda row: row.ends),
        text_column("Review due", lambda row: capitalised(row.review_due)),
    )
    rows = _chosen(steering.facts.agreements, figure.rows)
    return DrillDown(figure, "Agreements", columns, rows, False, lambda row: ("agreement", row.id))


def _dates(figure: Figure, steering: SteeringFacts) -> DrillDown:
    columns = (
        text_column("What", lambda row: row.what),
        text_column("Which", lambda row: row.whose),
        text_column("When", lambda row: row.when),
    )
    rows = _chosen(steering.dates, figure.rows)
    return DrillDown(figure, "Dates", columns, rows, False, lambda row: (row.of, row.key))


def _chosen(rows: Iterable[Any], ids: Sequence[Any]) -> tuple[Any, ...]:
    wanted = set(ids)
    return tuple(row for row in rows if row.id in wanted)


KINDS: dict[str, Callable[[Figure, SteeringFacts], DrillDown]] = {
    "savingline": _lines,
    "savingstarget": _targets,
    "jointpost": _posts,
    "businesscase": _cases,
    "casecost": _costs,
    "servicearrangement": _services,
    "commitment": _ratings,
    "agreement": _agreements,
    "date": _dates,
}
