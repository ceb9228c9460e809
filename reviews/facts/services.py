"""Business cases and service arrangements as at a date, the models of joint working and the examples elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from business_cases.models import BusinessCase, CaseCommitment, CaseCost, CaseStep, ServiceArrangement, Stage
from partnership.dates import in_words
from partnership.models import Comparator, Council, WorkingModel
from partnership.records.as_at import step_on
from partnership.wording import large_sum
from reviews.facts.reading import Reader, by_choice, distinct_keys

CLOSED = (Stage.ADOPTED, Stage.IMPLEMENTED, Stage.REJECTED)


@dataclass(frozen=True)
class CaseCostFact:
    """The cost of a case to one council in one financial year, in pounds, and its source of money."""

    id: int
    council_id: int
    financial_year: str
    amount: Decimal
    is_about: bool
    funding_source: str


@dataclass(frozen=True)
class CaseFact:
    """A business case at the stage it stood at on the day. Its estimate is pipeline, never part of a saving."""

    id: int
    title: str
    kind: str
    stage: str
    since: str
    service_area: str
    expected: str
    estimated_saving: Decimal | None
    is_about: bool
    since_on: date
    expected_on: date | None
    expected_precision: str
    commitment_ids: tuple[int, ...] = ()
    costs: tuple[CaseCostFact, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.stage not in CLOSED

    @property
    def is_pipeline(self) -> bool:
        return self.is_open and self.estimated_saving is not None

    @property
    def stage_words(self) -> str:
        return Stage(self.stage).label


@dataclass(frozen=True)
class ServiceFact:
    """A service arrangement running on the day; provider and receiver by their initials, empty where not stated."""

    id: int
    kind: str
    service: str
    provider: str
    receiver: str
    formality: str
    site: str
    started: str
    started_on: date | None
    started_precision: str


@dataclass(frozen=True)
class WorkingModelFact:
    """One of the ways of working jointly."""

    id: int
    number: int
    name: str
    also_called: str
    description: str
    features: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class ComparatorFact:
    """An example of another council. ``key`` names it in figures."""

    id: int
    key: str
    name: str
    description: str
    orientation: str
    amount: Decimal | None
    amount_words: str
    period: str
    benefits: str
    source: str


def case_facts(read: Reader, as_at: date) -> tuple[CaseFact, ...]:
    """The business cases that exist on the day, in the order in which they were recorded."""
    rows = read.own(BusinessCase)
    steps = read.under(CaseStep, rows, "case")
    served = read.under(CaseCommitment, rows, "case")
    costs = read.under(CaseCost, rows, "case")
    found = ((row, step_on(steps[row.id], as_at)) for row in rows)
    return tuple(case_fact(row, step, served[row.id], costs[row.id]) for row, step in found if step)


def case_fact(row: BusinessCase, step: CaseStep, served: list[CaseCommitment], costs: list[CaseCost]) -> CaseFact:
    """One business case at one stage, with what it serves and what it costs."""
    return CaseFact(
        row.id,
        row.title,
        row.kind,
        step.stage,
        in_words(step.from_on, step.from_precision),
        row.service_area,
        in_words(row.expected_on, row.expected_precision, unknown=""),
        row.estimated_saving,
        row.estimated_saving_is_about,
        step.from_on,
        row.expected_on,
        row.expected_precision,
        tuple(link.commitment_id for link in served),
        tuple(
            CaseCostFact(cost.id, cost.council_id, cost.financial_year, cost.amount, cost.is_about, cost.funding_source)
            for cost in costs
        ),
    )


def service_facts(read: Reader, as_at: date, also: Collection[int] = ()) -> tuple[ServiceFact, ...]:
    """The arrangements running on the day, by kind and then in the order in which they were recorded.

    ``also`` are the ids of arrangements that are wanted whether or not they run on the day.
    """
    rows = [row for row in read.own(ServiceArrangement) if row.is_running(as_at) or row.id in also]
    ids = {row.provider_id for row in rows} | {row.receiver_id for row in rows}
    councils = {number: council.short_name for number, council in read.numbered(Council, ids - {None}).items()}
    place = by_choice(ServiceArrangement.Kind.values)
    rows.sort(key=lambda row: (place(row.kind), row.id))
    return tuple(
        ServiceFact(
            row.id,
            row.kind,
            row.service,
            councils.get(row.provider_id, ""),
            councils.get(row.receiver_id, ""),
            row.get_formality_display().lower() if row.formality else "",
            row.site,
            in_words(row.started_on, row.started_precision, unknown=row.unknown_words("started_on")),
            row.started_on,
            row.started_precision,
        )
        for row in rows
    )


def working_model_facts(read: Reader) -> tuple[WorkingModelFact, ...]:
    """The models of joint working by number."""
    rows = sorted(read.own(WorkingModel), key=lambda row: (row.number, row.id))
    return tuple(
        WorkingModelFact(
            row.id, row.number, row.name, row.also_called, row.description, tuple(row.features), row.source
        )
        for row in rows
    )


def comparator_facts(read: Reader) -> tuple[ComparatorFact, ...]:
    """The examples elsewhere, in the order in which they were recorded."""
    rows = read.own(Comparator)
    keys = distinct_keys({row.id: row.name for row in rows})
    return tuple(
        ComparatorFact(
            row.id,
            keys[row.id],
            row.name,
            row.description,
            row.orientation,
            row.amount,
            large_sum(row.amount, about=row.amount_is_about, currency=row.currency),
            row.period,
            row.benefits,
            row.source,
        )
        for row in rows
    )
