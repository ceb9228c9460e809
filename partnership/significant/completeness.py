"""Find what is missing of a council's records on a significant partnership, and where it can be entered.

A question over the rows it is given: a page asks it of today's, a paper of those of its own day.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from partnership.accounts.roles import Permission
from partnership.dates import add_months, in_words
from partnership.financial_years import FinancialYear
from partnership.models import (
    AnnualReturn,
    Funding,
    InformationSharing,
    Partner,
    Party,
    Risk,
    SignificantPartnership,
    User,
)
from partnership.records.record import Record

ASSESSED_EVERY = 12  # months
NOT_STATED = "Not stated"
MISSING = "Missing"
RECORDED = "Recorded"
FEWEST_MEMBERS = 2


@dataclass(frozen=True)
class Held:
    """An entry on a council's register, with all that is recorded of its partnership."""

    entry: SignificantPartnership
    parties: tuple[Party, ...] = ()
    partners: tuple[Partner, ...] = ()
    risks: tuple[Risk, ...] = ()
    sharing: tuple[InformationSharing, ...] = ()
    funding: tuple[Funding, ...] = ()
    returns: tuple[AnnualReturn, ...] = ()

    @property
    def party_ids(self) -> set[int]:
        """Return the ids of the councils that are parties."""
        return {party.council_id for party in self.parties}

    def return_for(self, year: str) -> AnnualReturn | None:
        """The return of a year, whatever its status."""
        return next((row for row in self.returns if row.financial_year == year), None)


# What is read of a partnership, by the field of `Held` that it fills.
KINDS: dict[str, type[Record]] = {
    "parties": Party,
    "partners": Partner,
    "risks": Risk,
    "sharing": InformationSharing,
    "funding": Funding,
    "returns": AnnualReturn,
}


def gather(
    entries: Iterable[SignificantPartnership], read: Callable[[type[Record], list[int]], Iterable[Any]], on: date
) -> list[Held]:
    """Return each entry with its partnership's records; ``read`` returns the rows of a kind for partnerships."""
    entries = list(entries)
    if not entries:
        return []
    ids = sorted({entry.partnership_id for entry in entries})
    recorded: dict[int, dict[str, tuple[Any, ...]]] = {number: dict.fromkeys(KINDS, ()) for number in ids}
    for name, model in KINDS.items():
        for row in read(model, ids):
            if model is not Party or row.is_party(on):
                recorded[row.partnership_id][name] += (row,)
    return [Held(entry, **recorded[entry.partnership_id]) for entry in entries]


@dataclass(frozen=True)
class Check:
    """One thing that ought to be on record; ``mended_at`` is a part of the partnership's page, "" the entry itself."""

    what: str
    state: str
    sentence: str = ""
    mended_at: str = ""

    @property
    def is_missing(self) -> bool:
        return self.state == MISSING


def checks(held: Held, year: str, on: date) -> tuple[Check, ...]:
    """Everything that ought to be on record of a partnership on a day, with its return of a financial year."""
    return (*_of_entry(held.entry), *_of_partnership(held, year, on), _of_return(held.return_for(year), year))


def missing(held: Held, year: str, on: date) -> tuple[Check, ...]:
    """Return what is missing of it."""
    return tuple(check for check in checks(held, year, on) if check.is_missing)


def _of_entry(entry: SignificantPartnership) -> Iterator[Check]:
    sentences = {
        "criteria": "Say by which criteria it is significant.",
        "priorities": "Name the corporate priorities it serves.",
        "lead_member": "Name the lead member’s office.",
        "lead_officer": "Name the lead officer’s post.",
        "governance": "Describe how it is governed.",
        "exit_strategy": "Describe how the council would leave.",
    }
    for name, sentence in sentences.items():
        label = entry._meta.get_field(name).verbose_name
        what = f"{label[:1].upper()}{label[1:]}"
        if getattr(entry, name).strip():
            yield Check(what, RECORDED)
        elif name in entry.not_stated:
            yield Check(what, NOT_STATED)
        else:
            yield Check(what, MISSING, sentence)


def _of_partnership(held: Held, year: str, on: date) -> Iterator[Check]:
    members = len(held.parties) + sum(partner.takes_part(on) for partner in held.partners)
    few = f"{'One member is' if members else 'No member is'} listed. Add the other partners."
    yield _check("Partners", members >= FEWEST_MEMBERS, few, "partners")
    yield _risks(held.risks, on)
    shared = any(row.is_running(on) for row in held.sharing)
    yield _check("Information sharing", shared, "Record how information is shared.", "information-sharing")
    funded = any(row.financial_year == year for row in held.funding)
    yield _check("Funding", funded, f"Record who pays what in {year}.", "funding")


def _risks(risks: Iterable[Risk], on: date) -> Check:
    last = max((row.assessed_on for row in risks if row.is_open(on)), default=None)
    if last is None:
        return _check("Risk assessment", False, "Assess the risks.", "risks")
    is_fresh = add_months(last, ASSESSED_EVERY) >= on
    return _check("Risk assessment", is_fresh, f"Assess the risks again: the last time was {in_words(last)}.", "risks")


def _of_return(found: AnnualReturn | None, year: str) -> Check:
    sentences = {
        AnnualReturn.Status.DRAFT: f"The return for {year} is a draft: complete and submit it.",
        AnnualReturn.Status.SUBMITTED: f"The return for {year} waits for the lead officer’s approval.",
    }
    sentence = sentences.get(found.status, "") if found else f"Begin the return for {year}."
    return _check("Annual return", not sentence, sentence, "returns")


def _check(what: str, is_there: bool, sentence: str, mended_at: str) -> Check:
    return Check(what, RECORDED) if is_there else Check(what, MISSING, sentence, mended_at)


def may_open(user: User) -> bool:
    """Return whether the person prepares papers about significant partnerships anywhere."""
    return user.has_perm(Permission.READ_WORKING_PAPERS)


def how_many_wait(user: User) -> int:
    """Return the number of returns that wait for this person's approval."""
    if not user.has_perm(Permission.KEEP_PARTNERSHIPS):
        return 0
    led = SignificantPartnership.objects.approved_for_by(user).values("partnership")
    submitted = AnnualReturn.objects.visible_to(user).active().filter(status=AnnualReturn.Status.SUBMITTED)
    return submitted.filter(partnership__in=led).exclude(submitted_by=user).count()


def held_for(user: User, on: date) -> list[Held]:
    """The entries on the registers of the person's own councils, each with all that is recorded of it."""
    own = user.authority.councils(Permission.READ_WORKING_PAPERS)
    entries = SignificantPartnership.objects.visible_to(user).on_register(on).filter(council__in=own)
    entries = entries.select_related("partnership", "council").order_by("council__name", "partnership__name", "pk")
    return gather(entries, lambda model, ids: model.objects.visible_to(user).active().filter(partnership__in=ids), on)


def years_to_ask_about(held: list[Held], on: date) -> list[str]:
    """Return the last year that is over and every year with a return, newest first."""
    return sorted({str(FinancialYear.containing(on).previous()), *_reported_years(held)}, reverse=True)


def usual_year(held: list[Held], on: date) -> str:
    """Return the newest year with a return; without one, the last year that is over."""
    return max(_reported_years(held), default=str(FinancialYear.containing(on).previous()))


def _reported_years(held: list[Held]) -> set[str]:
    returns = itertools.chain.from_iterable(entry.returns for entry in held)
    return {row.financial_year for row in returns}
