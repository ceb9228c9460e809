"""Rows copied from a spreadsheet, read: which cells of the grid they fill, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from joint_posts.models import SavingLine, figures
from partnership.financial_years import FinancialYear
from partnership.models import Council
from partnership.text import folded, one_line

# The cells of a pasted row in order, each with the words that may head its column.
COLUMNS = {"council": "council", "year": "year"}
COLUMNS |= {name: str(SavingLine._meta.get_field(name).verbose_name) for name in figures.FIELDS}
OTHER_WORDS = {"financial year": "year"}
MOST_ROWS = 200


@dataclass(frozen=True)
class PastedRow:
    """A row that names a council and a year of the grid, with the figures it holds as they were typed."""

    number: int
    council: Council
    year: FinancialYear
    figures: dict[str, str]


@dataclass(frozen=True)
class WrongCell:
    """Something in the pasted rows that the grid cannot take."""

    row: int
    column: str
    value: str
    sentence: str

    def __str__(self) -> str:
        quoted = f"“{self.value[:40]}”"
        value = f" {quoted}" if self.value and quoted not in self.sentence else ""
        return f"Pasted row {self.row}, {self.column}{value}: {self.sentence}"


@dataclass
class Pasted:
    """The rows that were read from pasted text."""

    rows: list[PastedRow] = field(default_factory=list)
    wrong: list[WrongCell] = field(default_factory=list)


def read_pasted(text: str, councils: Sequence[Council]) -> Pasted:
    """Read tab-separated rows. A header row may stand first, and then says the order of the columns."""
    found = Pasted()
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [one_line(cell) for cell in line.split("\t")]
        if any(cells):
            rows.append((number, cells))
    order = list(COLUMNS)
    if rows and (header := _header(rows[0][1])):
        order = header
        rows = rows[1:]
    if len(rows) > MOST_ROWS:
        sentence = f"Paste at most {MOST_ROWS} rows at a time."
        found.wrong.append(WrongCell(rows[MOST_ROWS][0], "row", "", sentence))
    for number, row in rows[:MOST_ROWS]:
        _read_row(number, row, order, councils, found)
    return found


def _header(row: Sequence[str]) -> list[str]:
    """The columns that a header row names; empty when the row is none."""
    words = [OTHER_WORDS.get(folded(cell), folded(cell)) for cell in row]
    names = {label: name for name, label in COLUMNS.items()}
    return [names.get(word, "") for word in words] if {"council", "year"} <= {*words} else []


def _read_row(number: int, row: Sequence[str], order: Sequence[str], councils: Sequence[Council], to: Pasted) -> None:
    if any(row[len(order) :]):
        to.wrong.append(WrongCell(number, "row", "", f"It has {len(row)} cells; the grid takes {len(order)}."))
        return
    given = dict(zip(order, row, strict=False))
    unread = [cell for name, cell in zip(order, row, strict=False) if not name and cell]
    if unread:
        to.wrong.append(WrongCell(number, "row", unread[0], "Its column has a heading that the grid does not know."))
        return
    named = given.get("council", "")
    typed = given.get("year", "")
    council = _council_called(named, councils)
    if council is None:
        initials = ", ".join(each.short_name for each in councils)
        to.wrong.append(WrongCell(number, "council", named, f"Write a council of the partnership: {initials}."))
    try:
        year = FinancialYear.read(typed)
    except ValueError as error:
        sentence = str(error) if typed else "Write the financial year like 2019/20."
        to.wrong.append(WrongCell(number, "year", typed, sentence))
        return
    if council is not None:
        figures = {name: cell for name, cell in given.items() if cell and name not in ("council", "year")}
        to.rows.append(PastedRow(number, council, year, figures))


def _council_called(typed: str, councils: Sequence[Council]) -> Council | None:
    """The council whose short name or name was typed; ``None`` where there is none, or more than one."""
    exact = [each for each in councils if typed in (each.short_name, each.name)]
    alike = [each for each in councils if folded(typed) in (folded(each.short_name), folded(each.name))]
    found = exact or alike
    return found[0] if len(found) == 1 else None
