"""Set the cost of a joint post and its split. Form, import and workflow call the same function."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError

from joint_posts.models import CostShare, CouncilShare, JointPost
from partnership.accounts.permissions import require
from partnership.accounts.roles import Permission
from partnership.dates import Precision
from partnership.models import Council, Party, User
from partnership.records.record import recording
from partnership.records.workflow import set_not_stated


class Baseline(Enum):
    """An answer that may stand in place of a baseline in pounds."""

    CLEARED = "cleared"  # the earlier baseline ends, and none is known


# A council's percent of the cost, and what its own post cost or would have cost it a year in pounds. ``None`` leaves
# the baseline of the cost share before as it is.
Share = tuple[Decimal, Decimal | Baseline | None]


def set_share(
    post: JointPost,
    *,
    from_on: date,
    precision: str = Precision.DAY,
    salary: Decimal | None = None,
    on_costs_percent: Decimal | None = None,
    on_costs_amount: Decimal | None = None,
    standing: str = CostShare.Standing.PROVISIONAL,
    shares: Mapping[Council, Share] | None = None,
    note: str = "",
    cost_share: CostShare | None = None,
    by: User,
    reason: str,
    not_stated: Mapping[str, str] | None = None,
) -> CostShare:
    """Set what a post costs from a day and how it is shared, replacing what was set from that day before.

    What is not given stays as the cost share before has it. Without ``shares`` that is the whole split; otherwise every
    council that is party on the day has a share and the percents total 100. ``Baseline.CLEARED`` ends a baseline.
    ``cost_share`` names the row when the day itself changes. Raises ``PermissionDenied``, ``Stale``, and
    ``ValidationError`` on ``percent_<council's initials>``, on ``percent_total`` or on the field of the cost.
    """
    require(by, Permission.KEEP_PAY, post)
    if cost_share is not None and cost_share.post_id != post.pk:
        raise ValidationError("This cost share belongs to another post.")
    shares = shares or {}
    _check_shares(post, from_on, shares)
    same_day = post.cost_shares.active().filter(from_on=from_on)
    cost_share = cost_share or same_day.first() or CostShare(post=post)
    cost = {"salary": salary, "on_costs_percent": on_costs_percent, "on_costs_amount": on_costs_amount}
    facts: dict[str, Any] = {
        "from_on": from_on,
        "from_precision": precision,
        "standing": standing,
        "note": note,
        **cost,
    }
    _check_pay(cost_share, from_on, cost, by=by)
    for name, fact in facts.items():
        setattr(cost_share, name, fact)
    set_not_stated(cost_share, not_stated, by=by)
    with recording(by=by, reason=reason):
        cost_share.full_clean_and_save()
        _write_shares(cost_share, shares, on=from_on, reason=reason)
    return cost_share


def _check_pay(cost_share: CostShare, from_on: date, cost: Mapping[str, Decimal | None], *, by: User) -> None:
    """Pay is entered, changed or moved to another day by the employer of that day alone.

    Raises ``ValidationError`` on the first of the sums that is given or changed.
    """
    stored = CostShare.objects.filter(pk=cost_share.pk).first() or CostShare()
    has_moved = stored.pk is not None and stored.from_on != from_on
    touched = [
        name for name, amount in cost.items() if amount != getattr(stored, name) or (has_moved and amount is not None)
    ]
    if not touched:
        return
    for day in {from_on, stored.from_on or from_on}:
        if refusal := cost_share.post.why_not_enter_pay(by=by, on=day):
            raise ValidationError({touched[0]: str(refusal)})


def _check_shares(post: JointPost, on: date, shares: Mapping[Council, Share]) -> None:
    """Check that each party on the day has a share, no other council has one, and the shares add up."""
    if not shares:
        return
    rows = Party.objects.party_on(on).filter(partnership=post.partnership_id).select_related("council")
    parties = [row.council for row in rows]
    wrong = {f"percent_{council.key}": _wrong_with_share(council, parties, shares) for council in {*parties, *shares}}
    for council, (_, baseline) in shares.items():
        if isinstance(baseline, Decimal) and baseline < 0:
            wrong[f"baseline_{council.key}"] = "Enter a baseline of £0 or more."
    if any(wrong.values()):
        raise ValidationError({field: sentence for field, sentence in wrong.items() if sentence})
    total = sum(percent for percent, _ in shares.values())
    if total != 100:
        raise ValidationError({"percent_total": f"The shares total {total:f} percent. They must total 100."})


def _wrong_with_share(council: Council, parties: list[Council], shares: Mapping[Council, Share]) -> str:
    if council not in parties:
        return f"{council} is not party to the partnership on that day."
    if council not in shares:
        return f"Enter the share of {council}, 0 if it pays nothing."
    return "" if 0 <= shares[council][0] <= 100 else "Enter a share between 0 and 100 percent."


def _write_shares(cost_share: CostShare, shares: Mapping[Council, Share], *, on: date, reason: str) -> None:
    """One row for each council; a council that no longer has a share keeps its row, withdrawn."""
    rows = {row.council_id: row for row in cost_share.council_shares.active()}
    for council, (percent, baseline) in shares.items():
        row = rows.pop(council.pk, None) or CouncilShare(cost_share=cost_share, council=council)
        row.percent = percent
        _set_baseline(row, baseline, reason=reason)
        row.full_clean_and_save()
    for row in rows.values():
        row.withdrawn_on = on
        row.withdrawn_reason = reason.strip()
        row.full_clean_and_save()


def _set_baseline(row: CouncilShare, baseline: Decimal | Baseline | None, *, reason: str) -> None:
    """Set the baseline of a row. A cleared one is told from one that was not given by the reason why it is open."""
    others = {name: source for name, source in row.not_stated.items() if name != "baseline_cost"}
    if baseline is Baseline.CLEARED:
        row.baseline_cost = None
        row.not_stated = others | {"baseline_cost": row.not_stated.get("baseline_cost") or reason.strip()}
        return
    row.baseline_cost = baseline
    row.not_stated = others
