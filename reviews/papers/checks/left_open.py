"""Find facts that sources leave open in the registers of a paper, as far as a reader may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from partnership.generic.display import label_of
from partnership.generic.registry import registers
from partnership.models import Partnership, User
from partnership.records.record import Record
from partnership.wording import listed
from reviews.papers.checks.findings import Finding
from reviews.papers.checks.printed import PrintedText, is_printed

TOLD_BY_GAPS = {("jointpost", "appointment")}  # `gaps` points it out, for posts that are filled


def left_open(partnership: Partnership, user: User, printed: Collection[PrintedText]) -> list[Finding]:
    """Return each record that a paper prints with a fact that its source does not state. Nothing is blocked.

    ``printed`` are the texts of the paper: what other papers print, or print of another day, is not this one's.
    """
    found = []
    for register in _every(registers().values()):
        for row in _marked(register, partnership, user):
            if not is_printed(row, printed):
                continue
            found += _findings(register, row, register.policy.hidden_fields(user, row))
    return found


def _every(kinds: Any) -> Iterator[Any]:
    for kind in kinds:
        yield kind
        yield from _every(kind.part_registers)


def _marked(register: Any, partnership: Partnership, user: User) -> Any:
    model = register.model
    if not register.policy.may_read(user) or model.belongs_to_council():
        return ()
    return register.rows(user).filter(**{model.scope or "pk": partnership.pk}).exclude(not_stated={})


def _findings(register: Any, row: Record, hidden: frozenset[str]) -> Iterator[Finding]:
    by_source: dict[str, list[str]] = defaultdict(list)
    for name, source in row.open_facts().items():
        if name not in hidden and (register.name, name) not in TOLD_BY_GAPS:
            label = label_of(register.model, name)
            by_source[source].append(label[:1].lower() + label[1:])
    for source, labels in by_source.items():
        sentence = f"{register.title_of(row)}: {listed(labels)} not stated ({source}); papers say so."
        yield Finding("not-stated", register.label_plural, sentence, False, register.url("detail", row))
