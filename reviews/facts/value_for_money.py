"""Two questions members ask of the money: is each council on its own no worse off, and does a case pay for itself?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from partnership.amounts import Amount
from partnership.money import NOT_KNOWN
from reviews.facts.councils import CouncilFact
from reviews.facts.savings import SavingSums
from reviews.facts.services import CaseFact

SAVES = "saves"
NEUTRAL = "neutral"
COSTS = "costs"


@dataclass(frozen=True)
class BetterOff:
    """The test of principle 3: whether one council saves by the partnership in a year, or at least pays nothing.

    ``worth`` is what is now expected less the costs that are recorded. A council's result is its own: what another one
    saves does not make up for it.
    """

    council: CouncilFact
    year: str
    worth: Amount
    delivered: Amount
    cost: Amount

    @property
    def judged(self) -> Amount:
        """Return the amount compared: what is expected, or what was delivered where no expectation is recorded."""
        return self.delivered if self.worth.pounds is None else self.worth

    @property
    def verdict(self) -> str:
        """``saves``, ``neutral``, ``costs``, or "not known" while nothing is recorded."""
        judged = self.judged.pounds
        if judged is None:
            return NOT_KNOWN
        if judged == 0:
            return NEUTRAL
        return SAVES if judged > 0 else COSTS

    @property
    def is_flagged(self) -> bool:
        return self.verdict in (COSTS, NOT_KNOWN)


def better_off(ledger: SavingSums, council: CouncilFact, year: str) -> BetterOff:
    """The test for one council in one financial year."""
    worth = ledger.total(year, "expected_net", council)
    delivered = ledger.total(year, "delivered", council)
    return BetterOff(council, year, worth, delivered, ledger.total(year, "cost_to_achieve", council))


def verified_share(ledger: SavingSums, year: str, council: CouncilFact | None) -> Decimal | None:
    """Return the verified part of a year's delivered savings, in whole percent; ``None`` where nothing was delivered.

    Rounded down: it is 100 only when all of it is. Where savings and losses offset each other, the verified part may
    exceed the whole or have another sign; it is then no share, and ``None``.
    """
    delivered = ledger.total(year, "delivered", council).pounds
    verified = ledger.total(year, "verified", council).pounds
    if not delivered:
        return None
    share = (verified / delivered * 100).quantize(Decimal(1), rounding=ROUND_DOWN)
    return abs(share) if 0 <= share <= 100 else None


@dataclass(frozen=True)
class Payback:
    """The cost of a business case over all its years, against the cashable savings linked to it."""

    case: CaseFact
    cost: Amount
    savings: Amount
    status: str  # which figure the savings are: forecast or estimated

    @property
    def verdict(self) -> str:
        """Return whether the savings exceed the cost, in a few words."""
        if self.savings.pounds is None:
            return "no saving is linked to it yet"
        verdict = "pays for itself" if self.pays else "does not pay for itself"
        is_whole = self.cost.is_whole and self.savings.is_whole
        return verdict if is_whole else f"{verdict}, as far as recorded"

    @property
    def pays(self) -> bool:
        """Return whether what is recorded of the savings exceeds what is recorded of the cost."""
        return self.savings.pounds is not None and self.savings.pounds > self.cost.pounds

    @property
    def is_flagged(self) -> bool:
        return not self.pays


def payback(case: CaseFact, ledger: SavingSums, council: CouncilFact | None = None) -> Payback | None:
    """A case's cost and savings, of all councils or of one; ``None`` while no cost is recorded."""
    councils = (council,) if council else ledger.all_councils
    within = {row.id for row in councils}
    costs = [cost for cost in case.costs if cost.council_id in within]
    if not costs:
        return None
    paying = {cost.council_id for cost in costs}
    years = {cost.financial_year for cost in case.costs}
    asked = frozenset[int]().union(*(ledger.asked_in(year) for year in years))
    cost = Amount(
        sum((row.amount for row in costs), Decimal(0)),
        any(row.is_about for row in costs),
        tuple(row.id for row in costs),
        tuple(row.short_name for row in councils if row.id in asked - paying),
    )
    status, saved = ledger.linked(case.id, council)
    return Payback(case, cost, saved, status)
