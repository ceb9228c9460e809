"""A sum of the ledger as it is said: how much, whether about, and what it lacks."""

from __future__ import annotations

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
