"""The wider circle: the partnerships significant to the councils that a paper speaks for, as at a date.

A paper of one council speaks of every partnership on its register; one of several councils only of those that all of
them take part in, so that nobody reads in it of a partnership that is not theirs to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from partnership.dates import in_words
from partnership.financial_years import FinancialYear
from partnership.models import AnnualReturn, Council, Partnership, SignificantPartnership
from partnership.money import pounds
from partnership.records.as_at import rows_as_of
from partnership.significant.completeness import Held, gather, missing
from partnership.wording import capitalised
from reviews.facts.councils import CouncilFact

UNKNOWN = "Not stated"
NOT_ASSESSED = "Not recorded"


@dataclass(frozen=True)
class RiskFact:
    """A risk that is open on the day."""

    id: int
    title: str
    likelihood: str
    impact: str
    controls: str
    owner: str
    assessed: str


@dataclass(frozen=True)
class ReturnFact:
    """The approved return of a year, part by part; a part that the source leaves open is "Not stated"."""

    id: int
    achievements: tuple[str, ...]
    governance_progress: tuple[str, ...]
    next_actions: tuple[str, ...]


@dataclass(frozen=True)
class ContributionFact:
    """A contribution in the year."""

    id: int
    payer: str
    amount: str
    note: str


@dataclass(frozen=True)
class SignificantFact:
    """A partnership on a council's register. ``id`` is the entry's, ``missing`` a sentence for each gap."""

    id: int
    title: str
    council: str
    members: tuple[str, ...]
    criteria: tuple[str, ...]
    priorities: tuple[str, ...]
    lead_member: str
    lead_officer: str
    governance: str
    exit_strategy: str
    risks: tuple[RiskFact, ...]
    sharing: tuple[str, ...]
    funding: tuple[ContributionFact, ...]
    annual_return: ReturnFact | None
    missing: tuple[str, ...]
    is_common: bool


@dataclass(frozen=True)
class CircleFacts:
    """The significant partnerships on a day, with what they report of a financial year.

    ``county`` is that of the councils the paper speaks for, and ``county_councils`` are those recorded of it.
    """

    year: str
    next_year: str
    entries: tuple[SignificantFact, ...]
    county: str = ""
    county_councils: tuple[str, ...] = ()

    @property
    def reported(self) -> tuple[SignificantFact, ...]:
        """Return the partnerships whose return of the year is approved."""
        return tuple(entry for entry in self.entries if entry.annual_return)

    @property
    def not_reported(self) -> tuple[SignificantFact, ...]:
        """Return the partnerships whose return of the year is missing."""
        return tuple(entry for entry in self.entries if not entry.annual_return)

    @property
    def incomplete(self) -> tuple[SignificantFact, ...]:
        """Return the partnerships with something missing from the register."""
        return tuple(entry for entry in self.entries if entry.missing)

    @property
    def common(self) -> tuple[SignificantFact, ...]:
        """Return the partnerships to which every council of the county is a party."""
        return tuple(entry for entry in self.entries if entry.is_common)


@dataclass(frozen=True)
class Names:
    """The names in entries: partnerships and councils by id, and the councils of the county."""

    partnerships: dict[int, Partnership]
    councils: dict[int, Council]
    county: tuple[Council, ...]


def circle_facts(councils: Sequence[CouncilFact], as_at: date, known_at: datetime | None, year: str) -> CircleFacts:
    """The circle of the councils, read in a number of queries that does not grow with the rows."""
    found = held_by(councils, as_at, known_at)
    names = _names(found, councils, known_at)
    of_county = {council.id for council in names.county}
    entries = [
        _entry(held, names, of_county, year, as_at) for held in found if held.entry.partnership_id in names.partnerships
    ]
    return CircleFacts(
        year,
        str(FinancialYear.read(year).next()),
        tuple(sorted(entries, key=lambda entry: (entry.title, entry.council, entry.id))),
        names.county[0].county if names.county else "",
        tuple(sorted(council.name for council in names.county)),
    )


def held_by(councils: Sequence[CouncilFact], as_at: date, known_at: datetime | None) -> list[Held]:
    """The entries on the councils' registers whose partnerships all of them are party to, with what is recorded."""
    own = {council.id for council in councils}
    entries = rows_as_of(SignificantPartnership, known_at, council_id__in=sorted(own))
    found = gather(
        [entry for entry in entries if entry.is_on_register(as_at)],
        lambda model, ids: rows_as_of(model, known_at, partnership_id__in=ids),
        as_at,
    )
    return [held for held in found if own <= held.party_ids]


def _names(found: list[Held], councils: Sequence[CouncilFact], known_at: datetime | None) -> Names:
    own = [council.id for council in councils]
    named = {*own}.union(*(held.party_ids for held in found))
    partnerships = rows_as_of(Partnership, known_at, id__in=sorted({held.entry.partnership_id for held in found}))
    by_id = {row.id: row for row in rows_as_of(Council, known_at, id__in=sorted(named))}
    counties = {by_id[number].county for number in own if number in by_id}
    county = counties.pop() if len(counties) == 1 else ""
    of_county = [row for row in rows_as_of(Council, known_at, county=county) if row.tier != Council.Tier.OTHER]
    return Names({row.id: row for row in partnerships}, by_id, tuple(of_county) if county else ())


def _entry(held: Held, names: Names, of_county: set[int], year: str, as_at: date) -> SignificantFact:
    entry = held.entry
    parties = [party.council_id for party in held.parties]
    partners = [partner.name for partner in held.partners if partner.takes_part(as_at)]
    found = held.return_for(year)
    return SignificantFact(
        entry.id,
        names.partnerships[entry.partnership_id].name,
        names.councils[entry.council_id].short_name,
        (*(names.councils[number].name for number in parties), *sorted(partners)),
        lines(entry.criteria),
        lines(entry.priorities),
        entry.lead_member or UNKNOWN,
        entry.lead_officer or UNKNOWN,
        entry.governance or UNKNOWN,
        entry.exit_strategy or UNKNOWN,
        _risks(held, as_at),
        tuple(sorted(row.title for row in held.sharing if row.is_running(as_at))),
        _funding(held, names, year),
        _return(found) if found and found.status == AnnualReturn.Status.APPROVED else None,
        tuple(check.sentence for check in missing(held, year, as_at)),
        bool(of_county) and of_county <= set(parties),
    )


def lines(text: str) -> tuple[str, ...]:
    """Split into lines, without empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _risks(held: Held, as_at: date) -> tuple[RiskFact, ...]:
    return tuple(
        RiskFact(
            row.id,
            row.title,
            row.get_likelihood_display(),
            row.get_impact_display(),
            row.controls or NOT_ASSESSED,
            row.owner or NOT_ASSESSED,
            in_words(row.assessed_on),
        )
        for row in sorted(held.risks, key=lambda row: (row.title, row.id))
        if row.is_open(as_at)
    )


def _funding(held: Held, names: Names, year: str) -> tuple[ContributionFact, ...]:
    councils = {number: row.short_name for number, row in names.councils.items()}
    return tuple(
        ContributionFact(
            row.id,
            councils.get(row.council_id) or row.payer,
            capitalised(pounds(row.amount, about=row.is_about)),
            row.note,
        )
        for row in sorted(held.funding, key=lambda row: (row.payer, row.id))
        if row.financial_year == year
    )


def _return(row: AnnualReturn) -> ReturnFact:
    parts = (row.achievements, row.governance_progress, row.next_actions)
    return ReturnFact(row.id, *(lines(text) or (UNKNOWN,) for text in parts))
