"""Two questions members ask of the money: is each council on its own no worse off, and does a case pay for itself?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from partnership.amounts import Amount
from partnership.money import NOT_KNOWN
from reviews.facts.councils import CouncilFact
from reviews.facts.savings import SavingSums
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


def better_off(ledger: SavingSums, council: CouncilFact, year: str) -> BetterOff:
    """The test for one council in one financial year."""
    worth = ledger.total(year, "expected_net", council)
    return BetterOff(council, year, worth, ledger.total(year, "cost_to_achieve", council))


def verified_share(ledger: SavingSums, year: str, council: CouncilFact | None) -> Decimal | None:
    """How much of what was delivered in a year is verified, in whole percent; ``None`` where nothing was delivered.

    Rounded down: it is 100 only when all of it is.
    """
    delivered, verified = (ledger.total(year, figure, council).pounds for figure in ("delivered", "verified"))
    return (verified / delivered * 100).quantize(Decimal(1), rounding=ROUND_DOWN) if delivered else None


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


def payback(case: CaseFact, ledger: SavingSums, council: CouncilFact | None = None) -> Payback | None:
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
    return Payback(case, cost, ledger.linked(case.id, council))
