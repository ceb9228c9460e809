"""Boards kept under the data version of their partnership: the same version means the same board.

Facts and version are read as of one instant, so a board is never half of one state and half of the next, and is never
kept under a version it was not drawn from. A page that finds the version moved asks for a board that is not kept yet.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from partnership.data_versions import DataVersion
from partnership.models import Partnership
from partnership.moments import Moment
from partnership.snapshots import one_instant
from reviews.dashboards.board import Board
from reviews.dashboards.drawing import draw_board
from reviews.facts.steering import steering_facts

SHAPE = 2  # counts up when a board holds something else, so that a new release never reads an old one's
A_DAY = 86_400  # seconds

Version = tuple[int, int]


@dataclass(frozen=True)
class Asked:
    """Which board is asked for: everything besides the data that it depends on."""

    partnership: Partnership
    moment: Moment
    council: str
    has_working_papers: bool

    def name(self, version: Version) -> str:
        """What the board is kept under, and what a browser may ask about."""
        known = "end" if self.moment.known_at else "all"
        parts = (SHAPE, self.partnership.pk, *version, self.moment.as_at, known, self.moment.is_today)
        return ":".join(map(str, ("board", *parts, self.council or "joint", int(self.has_working_papers))))


def version_now(asked: Asked) -> Version:
    """The data version of the partnership at this instant. One query."""
    return DataVersion.of(asked.partnership.pk)


def board_for(asked: Asked, version: Version) -> tuple[Board, Version]:
    """The board at that version or a later one, and the version it is of. Raises ``NotYetKnown``."""
    kept = cache.get(asked.name(version))
    if kept is not None:
        return kept, version
    with one_instant():
        version = version_now(asked)
        board = _drawn(asked)
    cache.set(asked.name(version), board, A_DAY)
    return board, version


def _drawn(asked: Asked) -> Board:
    moment = asked.moment
    steering = steering_facts(
        asked.partnership, moment.as_at, moment.known_at, has_working_papers=asked.has_working_papers
    )
    council = next((row for row in steering.facts.councils if row.key == asked.council), None)
    return draw_board(steering, moment, council)
