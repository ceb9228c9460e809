"""Tables of rows on the pages of records that they are linked to, in any app.

A register says so of its own rows (`Register.related_tables`). The page asks every register, and imports none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from partnership.generic import registry
from partnership.generic.display import Column

if TYPE_CHECKING:
    from partnership.generic.register import Register
    from partnership.models import User
    from partnership.records.record import Record

NUMBER = re.compile(r"[0-9]{1,18}")  # of a record, in an address


@dataclass(frozen=True)
class RelatedTable:
    """A table of a register's rows on the page of the record that ``link`` leads to."""

    link: str  # the lookup from the row to that record, such as "meeting" or "resolution__decision"
    label: str
    columns: tuple[str | Column, ...]
    add_label: str = ""  # the words that lead to the form of a new row with the link filled in; none when empty
    empty_text: str = ""  # without one, and nothing to add, an empty table is not shown

    def record(self, model: type[Record], number: str, user: User) -> Record | None:
        """The record that a row of the model is to be linked to, by its number; ``None`` for what nobody has shown."""
        rows = model_at(model, self.link).objects.visible_to(user)
        return rows.filter(pk=int(number)).first() if NUMBER.fullmatch(number) else None


def listings_on(record: Record, user: User) -> list[dict[str, Any]]:
    """The tables of other registers' rows that are linked to a record, as far as the person may read them."""
    made = (register.listing_table(listing, record, user) for register, listing in _listed_at(type(record)))
    return [table for table in made if table]


def _listed_at(model: type[Record]) -> Iterator[tuple[Register, RelatedTable]]:
    for register in registry.every_register():
        for listing in register.related_tables:
            if model_at(register.model, listing.link) is model:
                yield register, listing


def model_at(model: type[Record], link: str) -> Any:
    """The model that a link leads to."""
    for step in link.split("__"):
        model = model._meta.get_field(step).related_model
    return model
