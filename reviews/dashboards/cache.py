"""Boards, and the lines behind them, kept under the data version of their partnership: same version, same board.

Facts and version are read as of one instant, so a board is never half of one state and half of the next, and is never
kept under a version it was not drawn from. A page that finds the version moved asks for a board that is not kept yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.cache import cache

from partnership.models import Partnership
from partnership.records.as_at import AsAt
from partnership.records.data_versions import DataVersion
from partnership.records.snapshots import repeatable_read
from reviews.dashboards.board import Board
from reviews.dashboards.build import draw_board
from reviews.facts.dashboard import SteeringFacts, steering_facts

SHAPE = 2  # counts up when a board holds something else, so that a new release never reads an old one's
A_DAY = 86_400  # seconds
MOST_LINES = 2_000  # to keep and fetch more of them would cost as much as to read them

Version = tuple[int, int]


@dataclass(frozen=True)
class DashboardKey:
    """The board that is asked for: everything besides the data that it depends on."""

    partnership: Partnership
    moment: AsAt
    council: str
    has_working_papers: bool

    def name(self, version: Version, what: str = "board") -> str:
        """Return the cache key."""
        known = "end" if self.moment.known_at else "all"
        parts = (SHAPE, self.partnership.pk, *version, self.moment.as_at, known, self.moment.is_today)
        return ":".join(map(str, (what, *parts, self.council or "joint", int(self.has_working_papers))))

    def facts(self, *, has_lines: bool = False) -> SteeringFacts:
        """Return the board's facts, for reading inside ``repeatable_read()``. Raises ``NotYetKnown``."""
        return steering_facts(
            self.partnership,
            self.moment.as_at,
            self.moment.known_at,
            has_working_papers=self.has_working_papers,
            has_lines=has_lines,
        )


def version_now(asked: DashboardKey) -> Version:
    """The data version of the partnership at this instant. One query."""
    return DataVersion.of(asked.partnership.pk)


def board_for(asked: DashboardKey, version: Version) -> Board:
    """Return the board at that version or a later one. Raises ``NotYetKnown``."""
    kept = cache.get(asked.name(version))
    if kept is not None:
        return kept
    with repeatable_read():
        version = version_now(asked)
        board = _drawn(asked)
    cache.set(asked.name(version), board, A_DAY)
    return board


def lines_for(asked: DashboardKey) -> SteeringFacts:
    """The facts behind the boards of the moment, line by line: the same for every council. Raises ``NotYetKnown``."""
    name = replace(asked, council="").name(version_now(asked), "lines")
    kept = cache.get(name)
    if kept is not None:
        return kept
    with repeatable_read():
        version = version_now(asked)
        found = asked.facts(has_lines=True)
    if sum(len(saving.lines) for saving in found.facts.savings.savings) <= MOST_LINES:
        cache.set(replace(asked, council="").name(version, "lines"), found, A_DAY)
    return found


def _drawn(asked: DashboardKey) -> Board:
    steering = asked.facts()
    council = next((row for row in steering.facts.councils if row.key == asked.council), None)
    return draw_board(steering, asked.moment, council)
