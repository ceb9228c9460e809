"""Compare the number of meetings in prose with the register."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import reverse

from partnership.wording import counted
from reviews.facts.meetings_held import MeetingsHeld
from reviews.papers.checks.prose.elsewhere import is_of_others
from reviews.papers.checks.prose.numbers import counts
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said

TIMES = {"once": 1, "twice": 2, "thrice": 3}
IN_ADVERBS = re.compile(
    rf"\b(?:met|sat|convened|come together|came together) (?P<times>{'|'.join(TIMES)})\b", re.IGNORECASE
)
CAME_TOGETHER = re.compile(r"\b(?:met|sat|convened|come together|came together)(?: \w+){0,2} $", re.IGNORECASE)
OCCASIONS = re.compile(r" (?:times|occasions)\b", re.IGNORECASE)
OF_MEETINGS = re.compile(r" (?:\w+ )?meetings\b", re.IGNORECASE)
# A stretch of time of which the meetings may be all that are meant.
WITHIN = re.compile(
    r"\b(?:a|per|each|every|in|during|since|between|last|this|next)\b[^,.;]*\b(?:year|month|20\d\d)", re.I
)
NOT_CLAIMED = re.compile(
    r"\b(?:will|would|could|should|must|to meet|(?-i:may)|might|if|whether|other|more|further)\b", re.I
)


def meetings(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "The board has met four times" where three meetings are recorded."""
    text = said.claimed
    told = how_often(text)
    if told is None or WITHIN.search(text) or NOT_CLAIMED.search(text) or is_of_others(said, basis):
        return
    words, number = told
    bodies = [row for row in basis.meetings if _names(row, text)]
    if len(bodies) != 1:
        return
    (held,) = bodies
    if number != len(held.days):
        yield Doubt(
            "meetings",
            words,
            f"The register has {counted(len(held.days), 'meeting', 'meetings')} of the {held.body.name} up to the day "
            "of the paper. Say so, or record the meetings.",
            record=reverse("body_detail", args=[held.body.id]),
        )


def how_often(text: str) -> tuple[str, int] | None:
    """The words of a text that say how many meetings there were, with the number; ``None`` where none do."""
    if found := IN_ADVERBS.search(text):
        return found[0], TIMES[found["times"].lower()]
    for one in counts(text):
        before = text[: one.start]
        after = text[one.end :]
        found = OF_MEETINGS.match(after) or (CAME_TOGETHER.search(before) and OCCASIONS.match(after))
        if found and not one.about:
            return f"{one.text}{found[0]}", one.value
    return None


def _names(row: MeetingsHeld, text: str) -> bool:
    """Return whether a text names a body, by its name or by the last words of it: "the working group", "the board"."""
    words = row.body.name.split()
    names = {row.body.name, row.body.short_name, words[-1], " ".join(words[-2:])} - {""}
    return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in names)


CHECKS = (meetings,)
