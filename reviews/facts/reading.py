"""Read registers for facts: only rows as known at a moment, joined by id, each kind of row once."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from partnership.models import Council, Partnership
from partnership.records.as_at import rows_as_of
from partnership.records.record import Record


class NotYetKnown(LookupError):
    """The partnership had not been recorded at the moment asked for."""


@dataclass(frozen=True)
class Reader:
    """One partnership's records as they were known at a moment. Every method costs one query."""

    partnership_id: int
    known_at: datetime | None

    def itself(self) -> Partnership:
        """The partnership. Raises ``NotYetKnown`` when nobody had recorded it by then."""
        found = rows_as_of(Partnership, self.known_at, id=self.partnership_id)
        if not found:
            raise NotYetKnown
        return found[0]

    def own(self, model: type[Record]) -> list[Any]:
        """The partnership's rows of a model that belongs to it directly."""
        return rows_as_of(model, self.known_at, partnership_id=self.partnership_id)

    def under(
        self, model: type[Record], parents: Iterable[Any], link: str, fields: tuple[str, ...] = ()
    ) -> dict[int, list[Any]]:
        """The rows that belong to the parents through ``link``, by the parent's id; ``fields`` as in `rows_as_of`."""
        ids = [parent.id for parent in parents]
        found = defaultdict(list)
        for row in rows_as_of(model, self.known_at, fields, **{f"{link}_id__in": ids}):
            found[getattr(row, f"{link}_id")].append(row)
        return found

    def numbered(self, model: type[Record], ids: Iterable[int]) -> dict[int, Any]:
        """The rows with these ids, by id."""
        return {row.id: row for row in rows_as_of(model, self.known_at, id__in=sorted(set(ids)))}

    def councils(self, ids: Iterable[int]) -> dict[int, Council]:
        """The councils with these ids, by id. A version from before keys were kept takes the council's present key."""
        found = self.numbered(Council, ids)
        without_key = [number for number, row in found.items() if not row.key]
        if without_key:
            keys = dict(Council.objects.filter(pk__in=without_key).values_list("pk", "key"))
            for number in without_key:
                found[number].key = keys[number]
        return found


def all_rows(by_parent: Mapping[int, list[Any]]) -> list[Any]:
    """Return the rows of all parents in one list."""
    return list(itertools.chain.from_iterable(by_parent.values()))


def distinct_keys(names: dict[int, str]) -> dict[int, str]:
    """Return a key for each of these named rows, by id, made from its name.

    Where two rows of one name would share a key, and where a name yields none, the row's id tells them apart.
    """
    found: dict[int, str] = {}
    taken: set[str] = set()
    for number, name in sorted(names.items()):
        key = slugify(name)
        if not key or key in taken:
            key = f"{key}-{number}".lstrip("-")
        taken.add(key)
        found[number] = key
    return found


def by_choice(choices: Iterable[str]) -> Callable[[str], int]:
    """A sort key that puts values in the order of their choices, unknown or empty ones last."""
    order = {value: place for place, value in enumerate(choices)}
    return lambda value: order.get(value, len(order))
