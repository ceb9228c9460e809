"""Keep links within a partnership: a record links only to records that belong where it belongs.

A linked record with a partnership of its own belongs to the same partnership; a linked council is or was party to it.
And what something standing is linked to stays: it is not withdrawn from under it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import ForeignKey, ManyToOneRel, QuerySet

if TYPE_CHECKING:
    from partnership.records.record import Record


class Parties:
    """The councils that are or were party to a partnership. Kept while many rows are checked: one query for each."""

    def __init__(self) -> None:
        self._councils: dict[int, set[int]] = {}

    def include(self, partnership_id: int, council_id: int) -> bool:
        """Return whether the council is or was party to the partnership."""
        if partnership_id not in self._councils:
            rows = apps.get_model("partnership", "Party").objects.active().filter(partnership=partnership_id)
            self._councils[partnership_id] = set(rows.values_list("council", flat=True))
        return council_id in self._councils[partnership_id]


def partnership_of(record: Record) -> int | None:
    """The number of the partnership that the record belongs to; ``None`` for a council's, or before it has one."""
    if not record.scope or record.belongs_to_council():
        return None
    *steps, last = record.scope.split("__")
    where: Any = record
    for step in steps:
        where = getattr(where, step) if getattr(where, f"{step}_id") else None
        if where is None:
            return None
    return getattr(where, f"{last}_id")


def cross_partnership_errors(
    record: Record, parties: Parties | None = None, without: Collection[str] = ()
) -> dict[str, str]:
    """A sentence for each link that leads out of the record's partnership, by field; fields ``without`` are not asked.

    ``parties`` is one for many rows: it spares each the look-ups of the one before.
    """
    own = partnership_of(record)
    if own is None or record.is_withdrawn:
        return {}
    parties = parties or Parties()
    asked = [field for field in _links(type(record)) if field.name not in without]
    found = {field.name: _wrong_with(record, field, own, parties) for field in asked if getattr(record, field.attname)}
    return {name: sentence for name, sentence in found.items() if sentence}


def _links(model: type[Record]) -> list[ForeignKey]:
    """The links that the rule is about: not the one that says where the record belongs, and not those to accounts."""
    own = {model.scope.partition("__")[0], *model.cross_partnership_fields}
    return [
        field
        for field in model._meta.fields
        if isinstance(field, ForeignKey) and hasattr(field.related_model, "scope") and field.name not in own
    ]


def _wrong_with(record: Record, field: ForeignKey, own: int, parties: Parties) -> str:
    linked = field.related_model
    kind = field.related_model._meta.verbose_name
    if linked._meta.label == "partnership.Council":
        is_party = parties.include(own, getattr(record, field.attname))
        return "" if is_party else f"{getattr(record, field.name)} is not party to the partnership."
    if not linked.scope or linked.belongs_to_council() or partnership_of(getattr(record, field.name)) == own:
        return ""
    return f"Choose {'an' if kind[0] in 'aeiou' else 'a'} {kind} of the same partnership."


# What belongs to one of these is a record in its own right, unless it says that it is part of it (`Record.is_part`).
CONTAINERS = ("partnership", "body")


def part_of(model: type[Record]) -> str:
    """The link to what a row is part of, so that it goes when that goes; "" for a record in its own right."""
    parent = model.scope.partition("__")[0]
    return parent if model.is_part or parent not in CONTAINERS else ""


def active_dependents(record: Record) -> Iterator[QuerySet]:
    """The standing rows that are linked to the record and are no part of it: for each link of each register.

    A party is needed by whatever of its partnership names its council.
    """
    for link in _links_to(type(record)):
        if part_of(link.related_model) != link.field.name:
            yield _standing(link.related_model).filter(**{link.field.name: record})
    if record._meta.label == "partnership.Party":
        yield from references_to_council(record)


def references_to_council(party: Any) -> Iterator[QuerySet]:
    """The standing rows of the partnership that name the party's council, the party itself aside."""
    for link in _links_to(apps.get_model("partnership", "Council")):
        model = link.related_model
        if model.scope and not model.belongs_to_council() and model is not type(party):
            here = {link.field.name: party.council_id, model.scope: party.partnership_id}
            yield _standing(model).filter(**here)


def _links_to(model: type[Record]) -> Iterator[ManyToOneRel]:
    """Return every link of a register that leads to the model."""
    for link in model._meta.get_fields(include_hidden=True):
        if isinstance(link, ManyToOneRel) and hasattr(link.related_model, "scope"):
            yield link


def _standing(model: type[Record]) -> QuerySet:
    """The rows that stand, and so does all that they are part of."""
    steps = model.scope.split("__")[:-1]
    above = ("__".join(steps[: place + 1]) for place in range(len(steps)))
    return model.objects.active().filter(**{f"{path}__withdrawn_on__isnull": True for path in above})
