"""A saving's figures in words, as its page shows them to one reader."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joint_posts.models import Saving, SavingLine
from joint_posts.models.figures import ENTERED
from joint_posts.savings import calculations, verification
from joint_posts.savings.ledger import Entry, Step, Year, added, entry_of, year_by_year, years_of
from partnership.accounts.roles import Permission
from partnership.amounts import Amount
from partnership.dates import in_words
from partnership.models import Party, User
from partnership.money import percent

ALL_COUNCILS = "All councils"
NO_BREAK = "\N{NO-BREAK SPACE}"
COSTS_MORE = "costs more than it saves"
LESS = "less than last year"
HEADS = (*(figure.label for figure in ENTERED), "Net of the estimate")
COURSE = ("Estimated", "New this year", "Cumulative estimate", "Delivered", "Newly delivered", "Cumulative delivered")


@dataclass(frozen=True)
class Table:
    """A table as the table component takes it, with what is to be said of its lines."""

    label: str
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    notes: tuple[LineNote, ...] = ()


@dataclass(frozen=True)
class LineNote:
    """A note below a table about one of its lines: the source of the figure, and whether it still holds."""

    line: SavingLine
    is_out_of_date: bool
    arithmetic: tuple[str, ...]  # empty for whoever may not see what the council's own post cost


@dataclass(frozen=True)
class SavingSummary:
    """The figures of a saving."""

    cautions: tuple[str, ...]
    years: tuple[Table, ...]
    course: Table | None
    undated: Table | None


def saving_summary(saving: Saving, user: User) -> SavingSummary:
    """The summary for one reader."""
    parties = list(Party.objects.active().filter(partnership=saving.partnership_id))
    lines = _lines_of(saving, parties)
    before = verification.verified_before(lines)
    years = years_of(lines, parties)
    undated = [line for line in lines if not line.financial_year]
    return SavingSummary(
        cautions=tuple(_cautions(saving)),
        years=tuple(_year(year, before, user) for year in years),
        course=_course(years) if len(years) > 1 else None,
        undated=_undated(undated, before, user) if undated else None,
    )


def _lines_of(saving: Saving, parties: Sequence[Party]) -> list[SavingLine]:
    """Its standing lines, the councils in the order of the columns of tables."""
    place = {party.council_id: index for index, party in enumerate(parties)}
    lines = saving.lines.active().select_related("council", "calculated_from", "verified_by")
    return sorted(lines, key=lambda line: (line.financial_year, place.get(line.council_id, len(place)), line.pk))


def _cautions(saving: Saving) -> list[str]:
    said = []
    if saving.benefit_type != Saving.BenefitType.CASHABLE:
        said.append(f"{saving.get_benefit_type_display()}: never in the cashable total.")
    if saving.attributed_percent < 100:
        part = percent(saving.attributed_percent)
        said.append(f"Reports count {part} of these figures; {saving.shared_with_programme} counts the rest.")
    return said


def _year(year: Year, before: dict, user: User) -> Table:
    sentence = verification.in_a_sentence
    rows = [_row(entry.council.name, entry, sentence(entry.line, before)) for entry in year.entries]
    if len(rows) > 1 or year.together.estimated.without:
        rows.append(_row(ALL_COUNCILS, year.together, _verified_part(year)))
    lines = [entry.line for entry in year.entries]
    return Table(str(year.year), _columns("Council", HEADS, "Verification"), rows, _notes(lines, user))


def _verified_part(year: Year) -> str:
    """Return the verified part of a year's delivered savings, in words."""
    if year.together.delivered.pounds is None:
        return verification.NOTHING_DELIVERED
    verified = [entry for entry in year.entries if entry.line.verified_by_id is not None]
    return f"{added(verified, 'delivered').to_the_penny} verified" if verified else "Nothing verified yet"


def _undated(lines: Sequence[SavingLine], before: dict, user: User) -> Table:
    rows = []
    for line in lines:
        rows.append(_row(line.council.name, entry_of(line, None), verification.in_a_sentence(line, before)))
    return Table("No year given", _columns("Council", HEADS, "Verification"), rows, _notes(lines, user))


def _row(name: str, entry: Entry, said: str) -> dict[str, Any]:
    line = entry.line
    cells = []
    for figure in ENTERED:
        cell = _cell(figure.label, getattr(entry, figure.name))
        last_day = getattr(line, figure.day_field, None) if figure.day_field else None
        if last_day:
            cell["text"] += f"\nup to {in_words(last_day)}".replace(" ", NO_BREAK)
        cells.append(cell)
    cells += [_cell(HEADS[-1], entry.net), {"label": "Verification", "text": said}]
    return {"url": line.get_absolute_url() if line is not None else "", "cells": [{"text": name}, *cells]}


BELOW_ZERO = {"New this year": LESS, "Newly delivered": LESS}
BELOW_ZERO |= {figure.label: "" for figure in ENTERED if figure.is_cost}


def _cell(label: str, each: Amount) -> dict[str, Any]:
    said = BELOW_ZERO.get(label, COSTS_MORE) if each.is_negative else ""
    text = f"{each.to_the_penny}\n{said}" if said else each.to_the_penny
    return {"label": label, "text": text, "numeric": True, "muted": each.pounds is None}


def _columns(first: str, figures: Sequence[str], *last: str) -> list[dict[str, Any]]:
    return [{"label": first}, *({"label": label, "numeric": True} for label in figures), *({"label": n} for n in last)]


def _notes(lines: Sequence[SavingLine], user: User) -> tuple[LineNote, ...]:
    own = user.authority.councils(Permission.SEE_COSTS)
    return tuple(
        LineNote(
            line,
            calculations.is_out_of_date(line),
            tuple(line.calculation.splitlines()) if line.council_id in own else (),
        )
        for line in lines
        if line.calculated_from_id is not None
    )


def _course(years: Sequence[Year]) -> Table:
    entries = itertools.chain.from_iterable(year.entries for year in years)
    councils = list(dict.fromkeys(entry.council for entry in entries))
    if len(councils) > 1:
        councils.append(None)  # all together
    rows = []
    for council in councils:
        estimated = year_by_year(years, "estimated", council)
        delivered = year_by_year(years, "delivered", council)
        rows += map(_step, estimated, delivered)
    return Table("Over the years", _columns("Council and year", COURSE), rows)


def _step(estimated: Step, delivered: Step) -> dict[str, Any]:
    amounts = [estimated.amount, estimated.new, estimated.cumulative]
    amounts += [delivered.amount, delivered.new, delivered.cumulative]
    cells = [_cell(label, amount) for label, amount in zip(COURSE, amounts, strict=True)]
    whose = estimated.council.short_name if estimated.council else ALL_COUNCILS
    return {"url": "", "cells": [{"text": f"{whose}, {estimated.year}"}, *cells]}


def verification_of(saving: Saving) -> str:
    """Return the verification status of a saving for the list, from lines already read."""
    delivered = [line for line in saving.standing_lines if line.delivered is not None]
    if not delivered:
        return verification.NOTHING_DELIVERED
    return verification.WAITS if any(line.waits_for_verification for line in delivered) else "Verified"
