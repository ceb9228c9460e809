"""Findings in a paper before it is published."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Self

HELD = "Something in a section that you may not read."


@dataclass(frozen=True)
class Finding:
    """Something to mend, or to know, before a paper is published.

    ``link`` leads to where it is mended, ``record`` to the record that holds the right value.
    """

    kind: str
    place: str
    sentence: str
    is_blocking: bool
    link: str
    words: str = ""
    section_id: int | None = None
    record: str = ""

    def as_read_by(self, readable: Container[int]) -> Self:
        """The finding for who may read these sections: of another no more than which one, and whether it blocks."""
        if self.section_id is None or self.section_id in readable:
            return self
        return type(self)("held", self.place.partition(",")[0], HELD, self.is_blocking, "")


def as_read(found: Iterable[Finding], readable: Container[int]) -> list[Finding]:
    """The findings for who may read these sections, each once."""
    return list(dict.fromkeys(finding.as_read_by(readable) for finding in found))
