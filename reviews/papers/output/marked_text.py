"""The marked text of a PDF page as WeasyPrint writes it: what each mark says, and marks made artifacts.

Its instructions stand one to a line, so that they are read line by line: parsing them in full costs more time than the
rest of mending a file together.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf

CHARACTERS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
MARK = rb"/\w+\s<</MCID (\d+)>>\sBDC"
STEP = re.compile(MARK + rb"|(EMC)\b|(/\S+) [\d.]+ Tf|\[([^\]]*)\] TJ")
MARKED = re.compile(MARK)
GLYPHS = re.compile(rb"<([0-9A-Fa-f]+)>")
ARTIFACT = b"/Artifact\n<</Type /Pagination>>\nBDC"


class MarkedPage:
    """A page's drawing instructions."""

    def __init__(self, file: Pdf, page: pikepdf.Page):
        self.file = file
        self.page = page.obj
        self.number = int(self.page.get(Name.StructParents, -1))

    @cached_property
    def instructions(self) -> bytes:
        """The instructions as they were written."""
        return self.page.Contents.read_bytes()

    @cached_property
    def texts(self) -> dict[int, str]:
        """Return what each mark says."""
        found: dict[int, str] = {}
        letters: dict[bytes, str] = {}
        mark = None
        for number, end, font, shown in (step.groups() for step in STEP.finditer(self.instructions)):
            if number:
                mark = int(number)
            elif end:
                mark = None
            elif font:
                letters = self.fonts.get(font.decode(), {})
            elif mark is not None:
                glyphs = b"".join(GLYPHS.findall(shown)).lower()
                text = "".join(letters.get(glyphs[place : place + 4], "") for place in range(0, len(glyphs), 4))
                found[mark] = found.get(mark, "") + text
        return found

    @cached_property
    def fonts(self) -> dict[str, dict[bytes, str]]:
        """The letters of each font of the page, by glyph."""
        fonts = self.page.get(Name.Resources, Dictionary()).get(Name.Font, Dictionary())
        return {str(name): letters_of(font) for name, font in fonts.items()}

    def make_artifacts(self, marks: set[int]) -> None:
        """Turn these marks into artifacts of the page."""
        if not marks:
            return

        def replaced(found: re.Match) -> bytes:
            return ARTIFACT if int(found[1]) in marks else found[0]

        self.page.Contents = self.file.make_stream(MARKED.sub(replaced, self.instructions))


def letters_of(font: Any) -> dict[bytes, str]:
    """Return the text that each glyph of a font stands for."""
    if Name.ToUnicode not in font:
        return {}
    letters = {}
    for mapping in CHARACTERS.findall(font.ToUnicode.read_bytes()):
        for glyph, text in PAIR.findall(mapping):
            letters[glyph.lower()] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
    return letters
