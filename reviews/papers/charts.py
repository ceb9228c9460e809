"""Bar charts as plain data, drawn by one template on screen and on paper.

Each bar is stacked: dark for what is verified, solid for what is delivered, hatched for what is still expected, so that
it reads in grey and without colour. Every sum stands beside its bar in words, and the table behind it follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap

WIDTH = 400
LABEL_HEIGHT = 22
BAR_HEIGHT = 20
STEP = 58
LINE_HEIGHT = 19
ROOM = 54  # so many letters fit beside each other
FOOT = 30
ZERO = Decimal(0)


@dataclass(frozen=True)
class Bar:
    """One bar: its label, the sums in words, and what is delivered of what is expected, in pounds."""

    label: str
    words: str
    expected: Decimal | None
    delivered: Decimal | None = None
    target: Decimal | None = None
    url: str = ""  # where the sum opens its lines; on paper nowhere
    verified: Decimal | None = None  # of what is delivered; ``None`` where the picture does not tell


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its places in the picture."""

    label: str
    words: str
    label_lines: list[tuple[int, str]]  # each with its place from the top
    words_lines: list[tuple[int, str]]
    bar_y: int
    solid_x: int
    solid_width: int
    hatched_x: int
    hatched_width: int
    target_x: int | None = None
    url: str = ""
    dark_x: int = 0
    dark_width: int = 0

    @property
    def ink(self) -> str:
        """The colour of its words: a link's where they are one."""
        return "#0b5f69" if self.url else "#16211f"


@dataclass(frozen=True)
class Chart:
    """A picture of bars. ``title`` is its text alternative."""

    key: str
    title: str
    solid_words: str
    hatched_words: str
    bars: tuple[Bar, ...]

    width: int = WIDTH
    bar_height: int = BAR_HEIGHT

    @property
    def height(self) -> int:
        return self.step * len(self.bars) + FOOT + (LINE_HEIGHT if self.has_verified else 0)

    @property
    def has_long_words(self) -> bool:
        """Return whether a bar's words need a line of their own below its label."""
        return any(len(bar.label) + len(bar.words) > ROOM for bar in self.bars)

    @property
    def step(self) -> int:
        """Return the distance between two bars."""
        return STEP + self._further_lines

    @property
    def _further_lines(self) -> int:
        """Return the height above each bar for the lines of a label after the first, as the longest label needs."""
        return LINE_HEIGHT * (max((self._lines_of(bar) for bar in self.bars), default=1) - 1)

    def _lines_of(self, bar: Bar) -> int:
        return len(lines(bar.label)) + (len(lines(bar.words)) if self.has_long_words else 0)

    @property
    def has_verified(self) -> bool:
        """Return whether it tells what is verified; the legend then has a second line."""
        return any(bar.verified is not None for bar in self.bars)

    @property
    def solid_ink(self) -> str:
        """The colour of what is delivered: paler where what is verified of it stands out."""
        return "#7fb0b6" if self.has_verified else "#0b3c45"

    @property
    def has_targets(self) -> bool:
        return any(bar.target is not None for bar in self.bars)

    @property
    def is_linked(self) -> bool:
        """Return whether its sums are links; a picture without any is one image to a screen reader."""
        return any(bar.url for bar in self.bars)

    @property
    def zero_x(self) -> int:
        """Return the place of zero: at the left, unless a sum is negative."""
        return self._place(ZERO)

    @property
    def drawn(self) -> list[DrawnBar]:
        """The bars with their places."""
        return [self._draw(bar, place * self.step) for place, bar in enumerate(self.bars)]

    def _draw(self, bar: Bar, top: int) -> DrawnBar:
        delivered = bar.delivered or ZERO
        expected = bar.expected or ZERO
        solid = sorted((self.zero_x, self._place(delivered)))
        dark = sorted((self.zero_x, self._place(bar.verified or ZERO)))
        # What is delivered beyond the plan leaves nothing to hatch.
        rest = expected if abs(expected) > abs(delivered) else delivered
        hatched = sorted((self._place(delivered), self._place(rest)))
        label_lines = placed(lines(bar.label), top + 16)
        below = label_lines[-1][0] + LINE_HEIGHT if self.has_long_words else top + 16
        return DrawnBar(
            bar.label,
            bar.words,
            label_lines=label_lines,
            words_lines=placed(lines(bar.words), below),
            bar_y=top + LABEL_HEIGHT + self._further_lines,
            solid_x=solid[0],
            solid_width=solid[1] - solid[0],
            hatched_x=hatched[0],
            hatched_width=hatched[1] - hatched[0],
            target_x=None if bar.target is None else self._place(bar.target),
            url=bar.url,
            dark_x=dark[0],
            dark_width=dark[1] - dark[0],
        )

    def _place(self, amount: Decimal) -> int:
        sums = [ZERO]
        for bar in self.bars:
            sums += filter(None, (bar.expected, bar.delivered, bar.target))
        low = min(sums)
        high = max(sums)
        if low == high:
            return 1
        return 1 + round((amount - low) / (high - low) * (self.width - 2))


def lines(text: str) -> list[str]:
    """Return a text in lines that fit beside each other into the picture's width; a longer word is broken."""
    return wrap(text, ROOM) or [""]


def placed(texts: list[str], first: int) -> list[tuple[int, str]]:
    """Return lines with the place of each, the first of them at ``first`` from the top."""
    return [(first + number * LINE_HEIGHT, text) for number, text in enumerate(texts)]
