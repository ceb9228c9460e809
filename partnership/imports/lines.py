"""A row of a file before anybody knows what its cells mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

ERRORS = re.compile(
    r"#(?:N/A|REF!|DIV/0!|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|GETTING_DATA|#+)"
    r"|Err:\d{3}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Unreadable:
    """Stands in a cell that holds nothing usable; ``sentence`` says why."""

    sentence: str
    text: str = ""


@dataclass
class Line:
    """A row as the spreadsheet program numbers it, with its cells from column A on."""

    number: int
    cells: list[Any]
    is_hidden: bool = False


def is_empty(cell: Any) -> bool:
    """Return whether a cell shows nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def letter(place: int) -> str:
    """Return the name that a spreadsheet program gives a column: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def address(place: int, number: int) -> str:
    """Return a cell's address: "B7"."""
    return f"{letter(place)}{number}"


def error_value(text: str, where: str) -> Unreadable:
    """Return what stands for a cell whose formula failed."""
    return Unreadable(f"Cell {where} holds the error {text}. Correct the formula, or type the value itself.", text[:80])
