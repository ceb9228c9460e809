"""Text as people paste it from a Word file or a PDF, made into paragraphs and lists that the system can number.

Typed paragraph numbers go, since the paper gives its own; nothing else of the words does. The rows of a table, which
come with tabs between their cells, become points of a list.
"""

from __future__ import annotations

import re

DOTTED = re.compile(r"^\s*(?:[-*+•]\s+)?\d{1,2}(?:\.\d{1,2})+\.?\s+(?=\S)")  # "4.2.3 It should…", "- 1.1 This…"
DASHED = re.compile(r"^\s*[-*+•]\s+\d{1,2}\.\s+(?=\S)")  # "- 3. Appendix 1 is…"
LONE = re.compile(r"^\s*(\d{1,2})\.\s+(?=\S)")  # "7. In addition…" by itself
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
NUMBERED = re.compile(r"^\s*(\d{1,2})[.)]\s")


def tidy(text: str) -> str:
    """The text with a blank line between paragraphs, lists as lists, and no typed paragraph number."""
    lines = [LED.sub(r"\1 ", line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    made: list[str] = []
    was_row = False
    for place, line in enumerate(lines):
        is_row = "\t" in line or bool(CAPTION.match(line))
        made += _blank_after(made) if is_row != was_row else []
        was_row = is_row
        paragraph = None if is_row else _paragraph(line, made, lines[place + 1 :])
        if is_row:
            made += _row(line)
        elif paragraph is not None:
            made += [*_blank_after(made), paragraph]
        else:
            made.append(LETTER.sub(r"\g<1>1. ", BULLET.sub(r"\1- ", line)).rstrip())
    whole = re.sub(r"\n{3,}", "\n\n", "\n".join(made)).strip("\n")
    return TORN.sub(" ", whole)


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


def _paragraph(line: str, made: list[str], following: list[str]) -> str | None:
    """The words of a line that begins with a typed paragraph number; ``None`` for any other line."""
    for pattern in (DOTTED, DASHED):
        if found := pattern.match(line):
            return line[found.end() :].rstrip()
    found = LONE.match(line)
    if found and not _in_a_list(int(found[1]), made, following):
        return line[found.end() :].rstrip()
    return None


def _in_a_list(number: int, before: list[str], after: list[str]) -> bool:
    """Whether the numbered line stands next to another of its list."""
    above = NUMBERED.match(next((row for row in reversed(before) if row.strip()), ""))
    below = NUMBERED.match(next((row for row in after if row.strip()), ""))
    return bool(
        (above and number in (int(above[1]), int(above[1]) + 1)) or (below and number == 1 and int(below[1]) in (1, 2))
    )


def _blank_after(made: list[str]) -> list[str]:
    return [""] if made and made[-1].strip() else []
