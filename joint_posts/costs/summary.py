"""Show the cost of a joint post to one reader, as far as that reader may see it.

Finance and pay officers of every party see the total cost, the percents, the shares and who owes whom; a council's own
baseline and saving are worked out before its own finance alone; everybody else sees a £5,000 band and no arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from joint_posts.costs.apportionment import CouncilYear, PostYear, calculate, inputs_of
from joint_posts.models import JointPost
from partnership.accounts.roles import Permission
from partnership.financial_years import FinancialYear
from partnership.models import User
from partnership.money import NOT_KNOWN, NOT_RECORDED, band, percent, pounds

THEIR_OWN = "seen by its own finance"
DASH = "–"


@dataclass(frozen=True)
class CouncilRow:
    """One council's line of the summary, in words."""

    council: str
    share: str
    saving: str
    full_year_effect: str
    arithmetic: tuple[str, ...]


@dataclass(frozen=True)
class CostSummary:
    """The cost of a post in a year as one reader may see it."""

    year: FinancialYear
    band: str = ""  # for those who see no more than that
    total: str = ""
    rows: tuple[CouncilRow, ...] = ()
    owed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    is_provisional: bool = False


def cost_summary(post: JointPost, year: FinancialYear, user: User, *, as_at: date) -> CostSummary:
    """Return the summary for one reader on a day. Costs six queries."""
    inputs = inputs_of(post)
    if not user.has_perm(Permission.SEE_COSTS, post):
        costs = [term.annual_cost for term in inputs.terms if term.from_on <= year.last_day]
        return CostSummary(year, band=band(costs[-1] if costs else None, unknown=NOT_RECORDED))
    worked = calculate(inputs, year, as_at=as_at)
    own = user.authority.councils(Permission.SEE_COSTS)
    return CostSummary(
        year=year,
        total=pounds(worked.cost, pence=True, unknown=NOT_KNOWN),
        rows=tuple(
            _row(part, part.council.pk in own) for part in worked.councils if part.segments or not part.is_known
        ),
        owed=tuple(_owed(worked)),
        missing=worked.missing,
        is_provisional=worked.is_provisional,
    )


def _row(part: CouncilYear, is_own: bool) -> CouncilRow:
    shares = [segment.share_in_words for segment in part.segments]
    savings = [segment.saving_in_words for segment in part.segments] if is_own else []
    effect_unknown = NOT_KNOWN if part.lacks_baseline or not part.is_known else DASH
    percents = " then ".join(dict.fromkeys(percent(segment.percent) for segment in part.segments))
    return CouncilRow(
        council=str(part.council),
        share=f"{pounds(part.share, pence=True, unknown=NOT_KNOWN)}{f' ({percents})' if percents else ''}",
        saving=pounds(part.saving, pence=True, unknown=NOT_KNOWN) if is_own else THEIR_OWN,
        full_year_effect=pounds(part.full_year_effect, pence=True, unknown=effect_unknown) if is_own else THEIR_OWN,
        arithmetic=(*shares, *savings),
    )


def _owed(worked: PostYear) -> list[str]:
    so_far = ", as far as the cost is known" if worked.gaps else ""
    return [
        f"{recharge.owing} owes {recharge.owed} {pounds(recharge.amount, pence=True)} for {worked.year}{so_far}."
        for recharge in worked.recharges
    ]
