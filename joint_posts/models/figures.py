"""The sums of a saving line, declared once.

The form, the grid, pasted rows, lists, files, facts, named figures, boards, papers and open data follow from `FIGURES`.
A new sum takes a field of `SavingLine`, its migration and an entry here.
"""

from __future__ import annotations

from dataclasses import dataclass, make_dataclass
from typing import Any


@dataclass(frozen=True)
class LineFigure:
    """A sum of one council in one financial year, in pounds.

    ``row_words`` follow the saving's title in a paper; the plan needs none, because the table is about it.
    """

    name: str  # the attribute of a line
    label: str  # the head of its column
    total_label: str  # the row of its total in a paper
    row_words: str
    open_data: str = ""  # its meaning in open data; empty where it is not published there
    day_field: str = ""  # the field with the last day that it covers
    is_cost: bool = False  # a cost is exact, and stands beside no benefit outside the totals
    is_entered: bool = True  # the others are worked out from what is entered

    @property
    def words(self) -> str:
        """Return its name in a sentence: "cost to achieve"."""
        return self.label.lower()

    @property
    def key(self) -> str:
        """Return its part of a figure's name in a narrative: "cost-to-achieve"."""
        return self.name.replace("_", "-")


FIGURES = (
    LineFigure(
        "estimated",
        "Estimated",
        "Total estimated saving (gross)",
        "",
        open_data="The estimate in pounds; empty where it is not recorded or withheld.",
    ),
    LineFigure("forecast", "Forecast", "Total now forecast", "now forecast"),
    LineFigure(
        "delivered",
        "Delivered",
        "Total delivered so far",
        "delivered so far",
        open_data="What was delivered in pounds; empty where it is not recorded or withheld.",
        day_field="delivered_to_on",
    ),
    LineFigure("verified", "Verified", "Total verified", "verified", is_entered=False),
    LineFigure("cost_to_achieve", "Cost to achieve", "Cost to achieve", "cost to achieve", is_cost=True),
)
ENTERED = tuple(figure for figure in FIGURES if figure.is_entered)
BENEFITS = tuple(figure for figure in ENTERED if not figure.is_cost)
BY_NAME = {figure.name: figure for figure in FIGURES}
COSTS = frozenset(figure.name for figure in FIGURES if figure.is_cost)
OPEN_DATA = tuple(figure for figure in FIGURES if figure.open_data)


def _with_days() -> tuple[str, ...]:
    names = []
    for figure in ENTERED:
        names.append(figure.name)
        if figure.day_field:
            names.append(figure.day_field)
    return tuple(names)


ABOUT = "figures_are_about"
# The fields of a line that hold its figures and the days that they cover, in the order of every form and file.
FIELDS = _with_days()


def dataclass_of(name: str, figures: tuple[LineFigure, ...], kind: str, bases: tuple[type, ...] = ()) -> Any:
    """Return a frozen dataclass with an attribute of a kind for each figure, for facts to build on."""
    return make_dataclass(name, [(figure.name, kind) for figure in figures], bases=bases, frozen=True)
