"""How facts read the registers: only rows as known at a moment, joined by id, each kind of row once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from partnership.records import Record, known

# Known "now" without reading the clock: later than anything anybody has recorded.
ALL_THAT_IS_KNOWN = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Reader:
    """One partnership's records as they stood in the history at a moment. Every method costs one query."""

    partnership_id: int
    known_at: datetime

    def own(self, model: type[Record]) -> list[Any]:
        """The partnership's rows of a model that belongs to it directly."""
        return known(model, self.known_at, partnership_id=self.partnership_id)

    def under(self, model: type[Record], parents: Iterable[Any], link: str) -> dict[int, list[Any]]:
        """The rows that belong to the parents through ``link``, by the parent's id."""
        ids = [parent.id for parent in parents]
        found = defaultdict(list)
        for row in known(model, self.known_at, **{f"{link}_id__in": ids}):
            found[getattr(row, f"{link}_id")].append(row)
        return found

    def numbered(self, model: type[Record], ids: Iterable[int]) -> dict[int, Any]:
        """The rows with these ids, by id."""
        return {row.id: row for row in known(model, self.known_at, id__in=sorted(set(ids)))}


def last_step(steps: Iterable[Any], as_at: date) -> Any | None:
    """The step that holds on a day: the last that began by then; ``None`` before the first."""
    begun = [step for step in steps if step.from_on <= as_at]
    return max(begun, key=lambda step: (step.from_on, step.id), default=None)


def by_choice(choices: Iterable[str]) -> Callable[[str], int]:
    """A sort key that puts values in the order of their choices, unknown or empty ones last."""
    order = {value: place for place, value in enumerate(choices)}
    return lambda value: order.get(value, len(order))
