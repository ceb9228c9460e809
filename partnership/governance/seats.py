"""Read the places on a body together: who sits there on a day, whether numbers are equal, whether chairs alternate.

Pure functions over the places of one body.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from partnership.financial_years import MunicipalYear
from partnership.models import Council, Seat


def held_on(seats: Iterable[Seat], on: date) -> list[Seat]:
    """The places held on a day. Where two municipal years meet, the later one has begun and the earlier is over."""
    held = [seat for seat in seats if seat.is_held(on)]
    latest = max((seat.municipal_year for seat in held), default="")
    return [seat for seat in held if seat.municipal_year == latest]


def numbers(seats: Iterable[Seat], councils: Sequence[Council]) -> dict[Council, int]:
    """Return the number of places of each council, without substitutes."""
    counted = Counter(seat.council for seat in seats if not seat.is_substitute)
    return {council: counted[council] for council in councils}


def imbalance(seats: Iterable[Seat], councils: Sequence[Council], on: date) -> str:
    """Return a note on a joint body whose councils have unequal numbers of places on a day; empty when equal."""
    held = numbers(held_on(seats, on), councils)
    if len(set(held.values())) < 2:
        return ""
    words = ", ".join(f"{council.short_name} {number}" for council, number in held.items())
    return f"The councils do not hold equal numbers of places: {words}."


def chair_not_alternating(seats: Iterable[Seat]) -> str:
    """Return a note on a joint body that one council chaired twice running; empty when the chair alternates."""
    chairs = {MunicipalYear.read(s.municipal_year): s.council for s in seats if s.office == Seat.Office.CHAIR}
    for year, council in sorted(chairs.items(), key=lambda pair: pair[0], reverse=True):
        if chairs.get(year.next()) == council:
            return f"The chair did not alternate: {council.short_name} held it in {year} and in {year.next()}."
    return ""
