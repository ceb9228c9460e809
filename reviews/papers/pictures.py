"""The timeline and the matrix, as plain data with their places; one template each draws them on screen and on paper.

A bar is solid where a post is filled for good, hatched where for the interim, an outline where it is proposed, agreed
or vacant: it reads in grey and without colour. The table beside each picture says the same in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH = 480
ROW = 34
BAR = 11
HEAD = 24
FOOT = 26
SOLID = "solid"
HATCHED = "hatched"
OUTLINE = "outline"
CELL = 34
LABEL = 250


@dataclass(frozen=True)
class Span:
    """A stretch of time: from a day to a day; ``is_open`` where its first day is not stated."""

    start: date
    end: date
    look: str
    is_open: bool = False


@dataclass(frozen=True)
class Track:
    """A line of the timeline: what it is about, and its stretches."""

    label: str
    words: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class DrawnSpan:
    """A stretch with its place."""

    x: int
    width: int
    look: str
    is_open: bool


@dataclass(frozen=True)
class DrawnTrack:
    """A track with its places."""

    label: str
    words: str
    label_y: int
    bar_y: int
    spans: tuple[DrawnSpan, ...]

    @property
    def bar_middle(self) -> float:
        return self.bar_y + BAR / 2


@dataclass(frozen=True)
class Tick:
    """A mark on the axis of time."""

    x: int
    label: str
    anchor: str


@dataclass(frozen=True)
class Timeline:
    """Tracks over a stretch of time. ``title`` is its text alternative."""

    title: str
    start: date
    end: date
    tracks: tuple[Track, ...]

    width: int = WIDTH
    bar_height: int = BAR

    @property
    def height(self) -> int:
        return HEAD + ROW * len(self.tracks) + FOOT

    @property
    def foot(self) -> int:
        """Return where the tracks end and the key begins."""
        return HEAD + ROW * len(self.tracks)

    @property
    def drawn(self) -> list[DrawnTrack]:
        """Return the tracks with their coordinates."""
        drawn = []
        for number, track in enumerate(self.tracks):
            top = HEAD + ROW * number
            spans = tuple(map(self._draw, track.spans))
            drawn.append(DrawnTrack(track.label, track.words, top + 13, top + 18, spans))
        return drawn

    @property
    def ticks(self) -> list[Tick]:
        """The first day of each quarter or year, as many as there is room for."""
        step = 3 if (self.end - self.start).days < 2 * 365 else 12
        found = []
        for year in range(self.start.year, self.end.year + 1):
            for month in range(1, 13, step):
                day = date(year, month, 1)
                if self.start <= day <= self.end:
                    found.append(day)
        chosen = found[:: 1 + len(found) // 7]
        return [self._tick(day, day.strftime("%b %Y") if step == 3 else str(day.year)) for day in chosen]

    def _tick(self, day: date, label: str) -> Tick:
        x = self._place(day)
        return Tick(x, label, "end" if x > self.width - 50 else "start")

    def _draw(self, span: Span) -> DrawnSpan:
        x = self._place(span.start)
        end = self._place(span.end)
        return DrawnSpan(x, max(end - x, 4), span.look, span.is_open)

    def _place(self, day: date) -> int:
        inside = min(max(day, self.start), self.end)
        whole = max((self.end - self.start).days, 1)
        return 6 + round((inside - self.start).days / whole * (self.width - 12))


@dataclass(frozen=True)
class Matrix:
    """A matrix of rows and columns. ``title`` is its text alternative; columns are numbers explained below it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[bool, ...]], ...]

    @property
    def width(self) -> int:
        return LABEL + CELL * len(self.columns)

    @property
    def height(self) -> int:
        return HEAD + ROW * len(self.rows) + 4

    @property
    def heads(self) -> list[tuple[int, str]]:
        """Return where each column stands, and its number."""
        return [(self._x(place), name) for place, name in enumerate(self.columns)]

    @property
    def drawn(self) -> list[tuple[int, Sequence[str], list[tuple[int, bool]]]]:
        """Return the middle of each row, its label and its marks."""
        drawn = []
        for number, (label, marks) in enumerate(self.rows):
            middle = HEAD + ROW * number + ROW // 2
            drawn.append((middle, label, [(self._x(column), mark) for column, mark in enumerate(marks)]))
        return drawn

    def _x(self, place: int) -> int:
        return LABEL + CELL * place + CELL // 2
