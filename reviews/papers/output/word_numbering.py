"""Word's own counting: of sections and paragraphs through the whole file, and of each list by itself."""

from __future__ import annotations

from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

SECTIONS = 90
BULLETS = 91
LETTERS = 92
NUMBERS = 93
BRACKETED_LETTERS = 94
BRACKETED_NUMBERS = 95
LEVELS = 4
STYLES = {
    "bullets": BULLETS,
    "letters": LETTERS,
    "numbers": NUMBERS,
    "bracketed-letters": BRACKETED_LETTERS,
    "bracketed-numbers": BRACKETED_NUMBERS,
}


class Numbering:
    """The numbering part of a file."""

    def __init__(self, file: Any):
        self.part = file.part.numbering_part.element
        self.last = 900
        for kind, level in (
            (SECTIONS, section_level),
            (BULLETS, bullet_level),
            (LETTERS, letter_level),
            (NUMBERS, number_level),
            (BRACKETED_LETTERS, bracketed_letter_level),
            (BRACKETED_NUMBERS, bracketed_number_level),
        ):
            self._define(kind, "".join(level(place) for place in range(LEVELS)))
        self.sections = self._new(SECTIONS)

    def count(self, paragraph: Any, level: int) -> None:
        """Number a heading or paragraph under the sections; ``level`` 0 counts sections."""
        self.number(paragraph, self.sections, level)

    def of_list(self, style: str, start: int) -> int:
        """The numbering of one list, which begins at ``start``."""
        return self._new(STYLES[style], start)

    def number(self, paragraph: Any, number: int, level: int) -> None:
        """Let Word number a paragraph."""
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = min(level, LEVELS - 1)
        properties.get_or_add_numId().val = number

    def _define(self, kind: int, levels: str) -> None:
        made = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{kind}">'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        )
        first = self.part.find(f"{{{self.part.nsmap['w']}}}num")
        self.part.insert(len(self.part) if first is None else self.part.index(first), made)

    def _new(self, kind: int, start: int = 1) -> int:
        self.last += 1
        override = (
            f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if kind != SECTIONS else ""
        )
        self.part.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{self.last}"><w:abstractNumId w:val="{kind}"/>{override}</w:num>'
            )
        )
        return self.last


def level_xml(place: int, form: str, text: str, indent: int, hanging: int) -> str:
    """One level; indents in twentieths of a point."""
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{indent}" w:hanging="{hanging}"/></w:pPr></w:lvl>'
    )


def section_level(place: int) -> str:
    """4, 4.2, 4.2.3."""
    return level_xml(place, "decimal", ".".join(f"%{level}" for level in range(1, place + 2)), 800, 800)


def bullet_level(place: int) -> str:
    """A bullet."""
    return level_xml(place, "bullet", "•", 1160 + 360 * place, 360)


def letter_level(place: int) -> str:
    """a), b), c)."""
    return level_xml(place, "lowerLetter", f"%{place + 1})", 1160 + 360 * place, 360)


def number_level(place: int) -> str:
    """1., 2., 3."""
    return level_xml(place, "decimal", f"%{place + 1}.", 1160 + 360 * place, 360)


def bracketed_letter_level(place: int) -> str:
    """(a), (b), (c)."""
    return level_xml(place, "lowerLetter", f"(%{place + 1})", 1160 + 360 * place, 460)


def bracketed_number_level(place: int) -> str:
    """(1), (2), (3)."""
    return level_xml(place, "decimal", f"(%{place + 1})", 1160 + 360 * place, 460)
