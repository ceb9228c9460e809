"""New rows of a file that may be on the register already, or twice in the file, under nearly the same name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from partnership.generic.display import display_value, has_field
from partnership.records.record import Record
from partnership.text import folded

NAMES = ("title", "name", "short_title", "subject")


class Twins:
    """What is on a register, by name and by what seldom stands there twice."""

    def __init__(self, model: type[Record], user: Any):
        self.model, self.user = model, user
        self.kind = str(model._meta.verbose_name)
        self.named = model.name_field or next((name for name in NAMES if has_field(model, name)), "")
        self.found: list[str] = []
        # (where a row belongs, the field, its folded value) → what is there; and the same by the value's first part.
        self._whole: dict[tuple[Any, str, str], str] = {}
        self._heads: dict[tuple[Any, str, str], str] = {}
        self._is_read = False

    def look(self, record: Record, number: int) -> None:
        """Note what is like a new row, and keep the row to compare those below with it."""
        if not self._is_read:
            self._read_register()
        for field, value in self._values(record):
            found = self._alike(record, field, value)
            if found:
                self.found.append(f"row {number}, “{display_value(record, field)}”: {found}")
            self._keep(record, field, value, f"row {number} of this file has it too")

    def _read_register(self) -> None:
        self._is_read = True
        if not self.named and not self.model.seldom_twice:
            return
        rows = self.model.objects.visible_to(self.user).active()
        if self.model.scope:
            rows = rows.select_related(self.model.scope)
        for row in rows:
            if getattr(row, "ended_on", None):
                continue
            name = getattr(row, self.named) if self.named else row
            for field, value in self._values(row):
                self._keep(row, field, value, f"the {self.kind} “{name}” is recorded")

    def _values(self, record: Record) -> Iterator[tuple[str, str]]:
        for field in filter(None, (self.named, *self.model.seldom_twice)):
            value = folded(str(getattr(record, field) or ""))
            if value:
                yield field, value

    def _place(self, record: Record) -> Any:
        return record.place() if self.model.scope else None

    def _keep(self, record: Record, field: str, value: str, words: str) -> None:
        place = self._place(record)
        self._whole.setdefault((place, field, value), words)
        if _head(value) != value:
            self._heads.setdefault((place, field, _head(value)), words)

    def _alike(self, record: Record, field: str, value: str) -> str:
        """Return what has the same value, or the same with something added after a comma or in brackets."""
        place = self._place(record)
        same = self._whole.get((place, field, value)) or self._whole.get((place, field, _head(value)))
        return same or self._heads.get((place, field, value), "")


def _head(value: str) -> str:
    return re.split(r"\s*[,(]", value, maxsplit=1)[0]
