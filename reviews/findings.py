"""What is found in a paper before it is published."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something to mend, or to know, before a paper is published.

    ``link`` leads to where it is mended. ``words`` are shown only to who may read the section ``section_id``.
    """

    kind: str
    place: str
    sentence: str
    is_blocking: bool
    link: str
    words: str = ""
    section_id: int | None = None
