"""The verbs of annual returns: beginning, writing, submitting, approving, sending back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError

from partnership.financial_years import FinancialYear
from partnership.models import AnnualReturn, User
from partnership.models.returns import PARTS
from partnership.records.record import recording
from partnership.records.workflow import change, enter, set_not_stated

Status = AnnualReturn.Status


def begin_return(
    annual_return: AnnualReturn,
    *,
    copy_last: bool = False,
    by: User,
    reason: str,
    not_stated: Mapping[str, str] | None = None,
) -> AnnualReturn:
    """Begin a partnership's return of a year; with ``copy_last`` the parts left empty say what last year's say.

    Raises ``PermissionDenied``, and ``ValidationError``; on ``financial_year`` when the year has a return.
    """
    last = last_years(annual_return) if copy_last else None
    for name in PARTS if last else ():
        if not getattr(annual_return, name).strip() and name not in {**annual_return.not_stated, **(not_stated or {})}:
            setattr(annual_return, name, getattr(last, name))
    return enter(annual_return, by=by, reason=reason, not_stated=not_stated)


def last_years(annual_return: AnnualReturn) -> AnnualReturn | None:
    """The return of the same partnership for the year before; ``None`` when there is none."""
    try:
        before = str(FinancialYear.read(annual_return.financial_year).previous())
    except ValueError:
        return None
    rows = AnnualReturn.objects.active().filter(partnership=annual_return.partnership_id)
    return rows.filter(financial_year=before).first()


def write_return(annual_return: AnnualReturn, *, by: User, reason: str, **facts: str) -> AnnualReturn:
    """Change what a return says, as long as it is a draft.

    Raises ``PermissionDenied``, and ``ValidationError`` when it is submitted or approved.
    """
    return change(annual_return, by=by, reason=reason, **facts)


def submit_return(
    annual_return: AnnualReturn, *, on: date, by: User, reason: str, not_stated: Mapping[str, str] | None = None
) -> AnnualReturn:
    """Submit a return to the lead officer.

    Raises ``PermissionDenied``, and ``ValidationError``: on each part that is empty, or when it is no draft or says
    nothing but what last year's says.
    """
    annual_return.why_not_submit(by=by, on=on).check()
    set_not_stated(annual_return, not_stated, by=by)
    if missing := annual_return.missing_parts():
        raise ValidationError(missing)
    written = [name for name in PARTS if getattr(annual_return, name).strip()]
    if written and annual_return.parts_as_in(last_years(annual_return)) == written:
        raise ValidationError("The return says word for word what last year’s says. Say what is new.")
    with recording(by=by, reason=reason):
        annual_return.status = Status.SUBMITTED
        annual_return.submitted_by = by
        annual_return.submitted_on = on
        return annual_return.full_clean_and_save()


def approve_return(annual_return: AnnualReturn, *, on: date, by: User, reason: str) -> AnnualReturn:
    """Approve a return that somebody else submitted, as the lead officer of a council to which it is significant.

    Raises ``PermissionDenied`` also for whoever does not lead, submitted it or named themself as lead officer, and
    ``ValidationError`` when it is not submitted, or on ``on`` for a day before that.
    """
    annual_return.why_not_approve(by=by, on=on).check()
    if on < annual_return.submitted_on:
        raise ValidationError({"on": "Enter a day that is not before it was submitted."})
    with recording(by=by, reason=reason):
        annual_return.status = Status.APPROVED
        annual_return.approved_by = by
        annual_return.approved_on = on
        return annual_return.full_clean_and_save()


def send_back_return(annual_return: AnnualReturn, *, by: User, reason: str) -> AnnualReturn:
    """Make a submitted or approved return a draft again; reports leave it out until it is approved anew.

    Raises ``PermissionDenied``, and ``ValidationError`` when it is a draft.
    """
    annual_return.why_not_send_back(by=by).check()
    with recording(by=by, reason=reason):
        annual_return.status = Status.DRAFT
        annual_return.submitted_by = annual_return.submitted_on = None
        annual_return.approved_by = annual_return.approved_on = None
        return annual_return.full_clean_and_save()
