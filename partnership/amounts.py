"""A sum of the ledger as it is said: how much, whether about, and what it lacks."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from partnership.money import NOT_KNOWN, NOT_RECORDED, WHOLE_POUND, pounds
from partnership.wording import listed

ZERO = Decimal(0)


@dataclass(frozen=True)
class Amount:
    """A sum in pounds, the lines it is made of where they were read, and what it lacks.

    ``pounds`` is ``None`` when nothing is recorded. ``without`` names the councils for which a part is not recorded.
    """

    pounds: Decimal | None = None
    about: bool = False
    line_ids: tuple[int, ...] = ()
    without: tuple[str, ...] = ()
    unknown: str = NOT_RECORDED

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is missing from it."""
        return self.pounds is not None and not self.without

    @property
    def is_negative(self) -> bool:
        """Return whether it costs more than it saves."""
        return self.pounds is not None and self.pounds < 0

    def __str__(self) -> str:
        return self._said(pence=False)

    @property
    def to_the_penny(self) -> str:
        """The same with pence, where there are any: as whoever entered the figures knows them."""
        return self._said(pence=self.pounds is not None and self.pounds % WHOLE_POUND != 0)

    def _said(self, *, pence: bool) -> str:
        text = pounds(self.pounds, about=self.about, pence=pence, unknown=self.unknown)
        if self.pounds is None or not self.without:
            return text
        return f"{text}, without {listed(self.without)} ({NOT_RECORDED})"

    @property
    def if_whole(self) -> Amount:
        """Return the same sum, or "not known" where something is missing from it."""
        return self if self.is_whole else Amount(None, line_ids=self.line_ids, unknown=NOT_KNOWN)

    def plus(self, other: Amount) -> Amount:
        """Both together; "not known" unless both are whole."""
        return self._with(other, 1)

    def less(self, other: Amount) -> Amount:
        """The difference; "not known" unless both are whole."""
        return self._with(other, -1)

    def _with(self, other: Amount, sign: int) -> Amount:
        ids = tuple(sorted({*self.line_ids, *other.line_ids}))
        if not (self.is_whole and other.is_whole):
            return Amount(None, line_ids=ids, unknown=NOT_KNOWN)
        return Amount(self.pounds + sign * other.pounds, self.about or other.about, ids)


def total(parts: Iterable[tuple[str, Amount]], *, lacking: Iterable[str] = ()) -> Amount:
    """Add up sums, each with whose it is: the one way in which the portal adds money.

    The total names everybody whose part is not recorded, or lacks something, and then those ``lacking``, who should
    have a part and have none. It is "not recorded" while no part is. A total with a rounded part is "about".
    """
    found = list(parts)
    ids = tuple(sorted(set(itertools.chain.from_iterable(part.line_ids for _, part in found))))
    known = [part for _, part in found if part.pounds is not None]
    if not known:
        return Amount(None, line_ids=ids)
    missing = [whose for whose, part in found if not part.is_whole]
    pounds_together = sum((part.pounds for part in known), ZERO)
    return Amount(pounds_together, any(part.about for part in known), ids, (*missing, *lacking))
