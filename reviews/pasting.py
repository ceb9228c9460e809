"""Text as people paste it from a Word file or a PDF, made into paragraphs and lists that the system can number.

Typed paragraph numbers go, since the paper gives its own; nothing else of the words does.
"""

from __future__ import annotations

import re

DOTTED = re.compile(r"^\s*(?:[-*+•]\s+)?\d{1,2}(?:\.\d{1,2})+\.?\s+(?=\S)")  # "4.2.3 It should…", "- 1.1 This…"
DASHED = re.compile(r"^\s*[-*+•]\s+\d{1,2}\.\s+(?=\S)")  # "- 3. Appendix 1 is…"
LONE = re.compile(r"^\s*(\d{1,2})\.\s+(?=\S)")  # "7. In addition…", with no 6. before it
BULLET = re.compile(r"^(\s*)[•·▪]\s*(?=\S)")
LETTER = re.compile(r"^(\s*)(?:[-*+•]\s+)?\(?([a-z])\)\s+(?=\S)")
TORN = re.compile(r"(?<=[a-z,])\n\n(?=[a-z])")  # a sentence that ran over the end of a page
NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s")


def tidy(text: str) -> str:
    """The text with a blank line between paragraphs, lists as lists, and no typed paragraph number."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    made: list[str] = []
    for line in lines:
        paragraph = _paragraph(line, made)
        if paragraph is not None:
            made += [*_blank_after(made), paragraph]
            continue
        made.append(LETTER.sub(r"\g<1>1. ", BULLET.sub(r"\1- ", line)).rstrip())
    whole = re.sub(r"\n{3,}", "\n\n", "\n".join(made)).strip("\n")
    return TORN.sub(" ", whole)


def _paragraph(line: str, made: list[str]) -> str | None:
    """The words of a line that begins with a typed paragraph number; ``None`` for any other line."""
    for pattern in (DOTTED, DASHED):
        if found := pattern.match(line):
            return line[found.end() :].rstrip()
    found = LONE.match(line)
    before = next((row for row in reversed(made) if row.strip()), "")
    if found and found[1] != "1" and not NUMBERED.match(before):
        return line[found.end() :].rstrip()
    return None


def _blank_after(made: list[str]) -> list[str]:
    return [""] if made and made[-1].strip() else []
