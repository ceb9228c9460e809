"""Names in braces in a text, such as ``{savings.2019-20.joint.estimated}`` and ``{ref:annex}``.

A paper replaces each by its figure or its reference. Everywhere else a reader sees words in place of the braces.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

NAME = re.compile(r"\{([^{}\n]*)\}")
# What is plainly meant as a name: a kind with a colon, or words joined by full stops.
MEANT_AS_NAME = re.compile(
    r"\{\s*(?:(?:ref|table|chart|list|external)\s*:[^{}\n]*|[\w-]+(?:\.[\w-]+)+)\s*\}", re.IGNORECASE
)
YEAR = re.compile(r"(\d{4})-(\d{2})")
EXTERNAL = "external:"
KINDS = {"ref": "reference", "table": "table", "chart": "chart", "list": "list"}


@dataclass(frozen=True)
class External:
    """A figure that is not the partnership's own, with its source and period."""

    figure: str
    source: str
    period: str

    def __str__(self) -> str:
        return f"{self.figure} {self.period} (source: {self.source})"


def external(name: str) -> External | None:
    """Return what ``external: £20 million | PwC, March 2019 | over 10 years`` says; ``None`` when a part is missing."""
    if not name.startswith(EXTERNAL):
        return None
    parts = [part.strip() for part in name.removeprefix(EXTERNAL).split("|")]
    return External(*parts) if len(parts) == 3 and all(parts) else None


def label_of_name(name: str) -> str:
    """Return a name as a reader sees it without its paper: "[figure: savings 2019/20, joint, estimated]"."""
    name = name.strip()
    if found := external(name):
        return str(found)
    kind, colon, rest = name.partition(":")
    if not colon:
        kind, rest = "figure", name
    parts = [YEAR.sub(r"\1/\2", part) for part in re.split(r"[.:]", rest)]
    words = [part if "/" in part else part.replace("-", " ").strip() for part in parts]
    if len(words) > 1 and "/" in words[1]:
        words[:2] = [f"{words[0]} {words[1]}"]
    return f"[{KINDS.get(kind.strip(), kind.strip())}: {', '.join(words)}]"


def in_words(text: str, read: Callable[[str], str] | None = None) -> str:
    """Return the text without names in braces: as ``read`` prints them, else each as its label."""
    if "{" not in text:
        return text
    return NAME.sub(lambda found: label_of_name(found[1]), read(text) if read else text)


def why_no_name(text: str) -> str:
    """Return the sentence that refuses a name in a text that prints as it is typed, "" where there is none."""
    found = MEANT_AS_NAME.search(text)
    return f"This text prints as it is typed. Write the words in place of “{found[0]}”." if found else ""
