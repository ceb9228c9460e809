"""The verbs of business cases and service arrangements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from business_cases.adoption import in_the_way
from business_cases.models import IN_FORCE, BusinessCase, CaseCost, CaseStep, ServiceArrangement, Stage
from partnership.accounts.permissions import require
from partnership.accounts.roles import Permission
from partnership.dates import Precision, in_words
from partnership.models import Council, Partnership, User
from partnership.records.record import recording
from partnership.records.workflow import set_not_stated


def open_case(
    partnership: Partnership,
    *,
    title: str,
    stage: str = Stage.PROPOSED,
    from_on: date,
    precision: str = Precision.DAY,
    note: str = "",
    by: User,
    reason: str,
    not_stated: Mapping[str, str] | None = None,
    **facts: Any,
) -> BusinessCase:
    """Open a business case at the stage where it stood on a day.

    One that was adopted before the portal knew of it only who records from the public record opens, naming the source
    that leaves open how (``not_stated`` on ``stage``). Raises ``PermissionDenied``, and ``ValidationError`` on the
    field, such as another partnership's working model.
    """
    case = BusinessCase(partnership=partnership, title=title, stage=stage, **facts)
    require(by, Permission.KEEP_POSTS, case)
    set_not_stated(case, not_stated, by=by)
    if stage in IN_FORCE and "stage" not in case.not_stated:
        raise ValidationError({"stage": "Open the case as it was before. It is adopted when every council approved."})
    with recording(by=by, reason=reason):
        case.full_clean_and_save()
        CaseStep(case=case, stage=stage, from_on=from_on, from_precision=precision, note=note).full_clean_and_save()
    return case


def move_case(
    case: BusinessCase,
    *,
    stage: str,
    from_on: date,
    precision: str = Precision.DAY,
    note: str = "",
    by: User,
    reason: str,
) -> BusinessCase:
    """Move a business case to another stage from a day.

    Raises ``PermissionDenied``, and ``ValidationError``: on ``stage`` when the order of stages does not lead there or
    something is in the way of its adoption, on ``from_on`` for a day before the case came to where it is.
    """
    case.why_not_move(by=by, on=from_on).check()
    if not case.can_move_to(stage):
        there = Stage(stage).label.lower()
        raise ValidationError({"stage": f"A case that is {case.get_stage_display().lower()} cannot become {there}."})
    last = case.steps.active().last()
    if last and from_on < last.from_on:
        since = in_words(last.from_on, Precision.DAY)
        raise ValidationError({"from_on": f"Enter a day that is not before {since}, when the last stage was recorded."})
    missing = in_the_way(case, from_on) if stage == Stage.ADOPTED else []
    if missing:
        raise ValidationError({"stage": missing})
    with recording(by=by, reason=reason):
        case.stage = stage
        case.full_clean_and_save()
        CaseStep(case=case, stage=stage, from_on=from_on, from_precision=precision, note=note).full_clean_and_save()
    return case


def set_cost(cost: CaseCost, *, by: User, reason: str) -> CaseCost:
    """Enter or change what a case costs one council in one year.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``council`` for a council that is no party.
    """
    require(by, Permission.KEEP_POSTS, cost)
    with recording(by=by, reason=reason):
        return cost.full_clean_and_save()


def start_arrangement(
    partnership: Partnership,
    *,
    kind: str,
    service: str,
    provider: Council | None = None,
    receiver: Council | None = None,
    by: User,
    reason: str,
    not_stated: Mapping[str, str] | None = None,
    **facts: Any,
) -> ServiceArrangement:
    """Put a service arrangement on the register: a provision, collaboration, co-location or joint procurement.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``provider`` or ``receiver`` for a council that is no party.
    """
    arrangement = ServiceArrangement(
        partnership=partnership, kind=kind, service=service, provider=provider, receiver=receiver, **facts
    )
    require(by, Permission.KEEP_POSTS, arrangement)
    set_not_stated(arrangement, not_stated, by=by)
    with recording(by=by, reason=reason):
        return arrangement.full_clean_and_save()


def end_arrangement(arrangement: ServiceArrangement, *, ended_on: date, by: User, reason: str) -> ServiceArrangement:
    """End an arrangement after its last day, with the reason.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``ended_on`` when it has ended already or not yet begun.
    """
    arrangement.why_not_end(by=by, on=ended_on).check()
    with recording(by=by, reason=reason):
        arrangement.ended_on = ended_on
        arrangement.end_reason = reason.strip()
        return arrangement.full_clean_and_save()
