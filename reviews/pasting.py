"""Text as people paste it from a Word file or a PDF, made into paragraphs and lists that the system can number.

This is offered, never done on saving: the author sees the text before it is saved, and what was taken from it. Typed
numbers of paragraphs go where they begin with the number of the section itself; every word stays. The rows of a table,
which come with tabs between their cells, become points of a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TYPED = re.compile(r"^\s*(?:[-*+•]\s+)?(\d{1,2}(?:\.\d{1,2})+)\.?\s+(?=\S)")  # "4.2.3 It should…", "- 1.1 This…"
BULLET = re.compile(r"^(\s*)[•·▪]\s*(?=\S)")
LETTER = re.compile(r"^(\s*)(?:[-*+•]\s+)?\(?([a-z]|\d{1,2})\)\s+(?=\S)")
# A number, letter or bullet with the tab that Word puts behind it; any other tab stands between the cells of a table.
LED = re.compile(r"^(\s*(?:[-*+•]\s+)?(?:\(?(?:[a-z]|\d{1,2})\)|\d{1,2}(?:\.\d{1,2})*\.?|[-*+•·▪]))\t+", re.IGNORECASE)
CAPTION = re.compile(r"^\s*(?:Table|Chart|Figure) \d+[:.]\s")  # it belongs to the rows below it
MARKS = re.compile(r"</?(?:ul|ol|li|p|br|table|tr|td|th)\b[^>]*>", re.IGNORECASE)
POINTS = re.compile(r"\s*[•▪]\s*")
RULE = re.compile(r"[-–_=\s]*")
OWN_NUMBER = re.compile(r"^(\d{1,2})([.)])(?=\s)")
TORN = re.compile(r"(?<=[a-z,])\n\n(?=[a-z])")  # a sentence that ran over the end of a page


@dataclass
class Tidied:
    """A text made ready to be saved, and the typed numbers that were taken from it."""

    text: str = ""
    taken: list[str] = field(default_factory=list)


def tidy(text: str, number: str) -> Tidied:
    """Return the text with a blank line between paragraphs, lists as lists, and without this section's own numbers.

    ``number`` is the section's, such as "4.2"; with none, no typed number is taken.
    """
    tidied = Tidied()
    lines = [LED.sub(r"\1 ", line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    made: list[str] = []
    was_row = False
    for line in lines:
        is_row = "\t" in line or bool(CAPTION.match(line))
        made += _blank_after(made) if is_row != was_row else []
        was_row = is_row
        paragraph = None if is_row else _paragraph(line, number, tidied.taken)
        if is_row:
            made += _row(line)
        elif paragraph is not None:
            made += [*_blank_after(made), paragraph]
        else:
            made.append(LETTER.sub(r"\g<1>1. ", BULLET.sub(r"\1- ", line)).rstrip())
    whole = re.sub(r"\n{3,}", "\n\n", "\n".join(made)).strip("\n")
    tidied.text = TORN.sub(" ", whole)
    return tidied


def _row(line: str) -> list[str]:
    """A row of a pasted table as points of a list: its cells in one, and points within a cell each by itself."""
    made: list[str] = []
    cells: list[str] = []
    for cell in MARKS.sub(" ", line).split("\t"):
        text, *points = (" ".join(part.split()) for part in POINTS.split(cell))
        if text and not RULE.fullmatch(text):
            cells.append(OWN_NUMBER.sub(r"\1\\\2", text))
        if points:
            made += [*_joined(cells), *(f"- {point}".rstrip() for point in points)]
            cells = []
    return [*made, *_joined(cells)]


def _joined(cells: list[str]) -> list[str]:
    return [f"- {' – '.join(cells)}"] if cells else []


def _paragraph(line: str, number: str, taken: list[str]) -> str | None:
    """Return the words of a line that begins with a number of this section; ``None`` for any other line."""
    found = TYPED.match(line)
    if not found or not number or not found[1].startswith(f"{number}."):
        return None
    taken.append(found[1])
    return line[found.end() :].rstrip()


def _blank_after(made: list[str]) -> list[str]:
    return [""] if made and made[-1].strip() else []
