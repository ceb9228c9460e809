"""Two questions members ask of the money: is each council on its own no worse off, and does a case pay for itself?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from partnership.money import NOT_KNOWN
from reviews.facts.councils import CouncilFact
from reviews.facts.savings import Amount, SavingFacts, added
from reviews.facts.services import CaseFact

SAVES, NEUTRAL, COSTS = "saves", "neutral", "costs"


@dataclass(frozen=True)
class BetterOff:
    """Whether one council saves by the partnership in a year, or at least pays nothing for it (principle 3).

    ``worth`` is what is now expected less the costs that are recorded. A council's result is its own: what another one
    saves does not make up for it.
    """

    council: CouncilFact
    year: str
    worth: Amount
    cost: Amount

    @property
    def verdict(self) -> str:
        """``saves``, ``neutral``, ``costs``, or "not known" while nothing is recorded."""
        if self.worth.pounds is None:
            return NOT_KNOWN
        return SAVES if self.worth.pounds > 0 else NEUTRAL if self.worth.pounds == 0 else COSTS

    @property
    def is_flagged(self) -> bool:
        return self.verdict in (COSTS, NOT_KNOWN)


def better_off(ledger: SavingFacts, council: CouncilFact, year: str) -> BetterOff:
    """The test for one council in one financial year."""
    worth = ledger.total(year, "expected_net", council)
    return BetterOff(council, year, worth, ledger.total(year, "cost_to_achieve", council))


@dataclass(frozen=True)
class Payback:
    """What a business case costs over all its years, against the cashable savings linked to it."""

    case: CaseFact
    cost: Amount
    savings: Amount

    @property
    def verdict(self) -> str:
        """Whether the savings exceed the cost, in a few words."""
        if self.savings.pounds is None:
            return "no saving is linked to it yet"
        return "pays for itself" if self.savings.pounds > self.cost.pounds else "does not pay for itself"

    @property
    def is_flagged(self) -> bool:
        return self.verdict != "pays for itself"


def payback(case: CaseFact, ledger: SavingFacts, council: CouncilFact | None = None) -> Payback | None:
    """A case's cost and savings, of all councils or of one; ``None`` while no cost is recorded."""
    councils = (council,) if council else ledger.councils
    within = {row.id for row in councils}
    costs = [cost for cost in case.costs if cost.council_id in within]
    if not costs:
        return None
    cost = Amount(
        sum((row.amount for row in costs), Decimal(0)),
        any(row.is_about for row in costs),
        tuple(row.id for row in costs),
    )
    linked = [row for row in ledger.savings if row.business_case_id == case.id and row.is_cashable]
    lines = [line for row in linked for line in row.lines if line.financial_year]
    return Payback(case, cost, added(lines, "expected", councils))
