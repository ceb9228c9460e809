"""What a person's councils hold of their significant partnerships, and what of it waits for the person."""

from __future__ import annotations

from datetime import date

from partnership.completeness import Held, gather
from partnership.financial_years import FinancialYear
from partnership.models import AnnualReturn, SignificantPartnership, User
from partnership.roles import Permission


def may_open(user: User) -> bool:
    """Whether the person prepares papers about significant partnerships anywhere."""
    return user.has_perm(Permission.READ_WORKING_PAPERS)


def how_many_wait(user: User) -> int:
    """How many returns wait for this person's approval."""
    if not user.has_perm(Permission.KEEP_PARTNERSHIPS):
        return 0
    led = SignificantPartnership.objects.approved_for_by(user).values("partnership")
    submitted = AnnualReturn.objects.visible_to(user).standing().filter(status=AnnualReturn.Status.SUBMITTED)
    return submitted.filter(partnership__in=led).exclude(submitted_by=user).count()


def held_for(user: User, on: date) -> list[Held]:
    """The entries on the registers of the person's own councils, each with all that is recorded of it."""
    own = user.authority.councils(Permission.READ_WORKING_PAPERS)
    entries = SignificantPartnership.objects.visible_to(user).on_register(on).filter(council__in=own)
    entries = entries.select_related("partnership", "council").order_by("council__name", "partnership__name", "pk")
    return gather(entries, lambda model, ids: model.objects.visible_to(user).standing().filter(partnership__in=ids), on)


def years_to_ask_about(held: list[Held], on: date) -> list[str]:
    """The last year that is over and every year with a return, the newest first."""
    reported = {row.financial_year for one in held for row in one.returns}
    return sorted({str(FinancialYear.containing(on).previous()), *reported}, reverse=True)


def usual_year(held: list[Held], on: date) -> str:
    """The newest year with a return; without one, the last year that is over."""
    reported = [row.financial_year for one in held for row in one.returns]
    return max(reported, default=str(FinancialYear.containing(on).previous()))
