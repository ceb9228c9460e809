"""The audit chain: every row of history is sealed by the one before it, so that nobody can rewrite what was recorded.

Each partnership has a chain of its own, and one more holds what belongs to councils. A link names a row of history and
carries the SHA-256 of what the row says, of the link before, and of itself. Whoever alters, removes, swaps or slips in
a row breaks the chain, and `manage.py verify_audit` names the place. Only cutting off its end cannot be seen from the
inside; that is why the head of the chain is printed outside, on the page of every edition.

What is personal in a row goes into the seal as a salted digest. Blanking it on schedule takes the words and the salt
away and leaves the digest, so that the chain still holds and nobody can guess what stood there.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

NOTHING = "0" * 64
ROWS_AT_ONCE = 500
# A column added later is empty in the rows sealed before it, so what is empty is left out of the seal.
EMPTY: tuple[Any, ...] = (None, "", {}, [])
# What stands in a personal field that was blanked but may not be empty.
BLANKED = "blanked"


class Written(NamedTuple):
    """One version of a record, written in the recording under way."""

    scope: int | None  # the partnership whose chain it is sealed in; ``None`` for the councils' chain
    model: type[models.Model]
    pk: int
    version: int


class AuditEntry(models.Model):
    """One link of a chain. Append-only: the database refuses to change or remove it."""

    append_only = True

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, null=True, related_name="+")
    number = models.PositiveBigIntegerField()
    register = models.CharField(max_length=100)
    history_id = models.BigIntegerField()
    personal = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    class Meta:
        ordering = ["partnership_id", "number"]
        verbose_name_plural = "audit entries"
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="links_of_a_chain_are_numbered"),
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(partnership__isnull=True),
                name="links_of_the_councils_are_numbered",
            ),
            models.UniqueConstraint(fields=["register", "history_id"], name="a_row_is_sealed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.register} {self.history_id}"

    def sealed(self) -> str:
        """The seal this link ought to carry."""
        return sha256(
            self.partnership_id or "councils", self.number, self.register, self.history_id, self.digest, self.previous
        )


def sha256(*parts: Any) -> str:
    """The SHA-256 of some values, told apart, as 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def contents(row: Any) -> dict[str, Any]:
    """What a row of history says, by column, without what is empty, what is personal and the salt."""
    personal = {*row.instance_type.personal, "salt"}
    said = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not {field.name, field.attname} & personal
    }
    return {name: value for name, value in said.items() if value not in EMPTY}


def personal_digests(row: Any) -> dict[str, str]:
    """The salted digest of each personal field of a row of history."""
    fields = [row._meta.get_field(name) for name in row.instance_type.personal]
    return {field.name: sha256(row.salt, field.name, getattr(row, field.attname)) for field in fields}


def digest_of(row: Any, personal: dict[str, str]) -> str:
    """The digest of a row of history, whose personal fields go in as digests."""
    return sha256(row._meta.label_lower, contents(row), personal)


class Head(NamedTuple):
    """How long a chain is, and the seal of its last link."""

    length: int
    seal: str


BEGINNING = Head(0, NOTHING)


def heads() -> dict[int | None, Head]:
    """The head of every chain, by partnership; the councils' under ``None``."""
    rows = apps.get_model("partnership.DataVersion").objects.values_list("partnership_id", "chain_length", "chain_seal")
    return {scope: Head(length, seal) for scope, length, seal in rows}


def chain_name(scope: int | None) -> str:
    """What a chain is called in a sentence."""
    return "The councils' chain" if scope is None else f"The chain of partnership {scope}"


def lengthen(scope: int | None, head: Head, written: Iterable[Written]) -> Head:
    """Seal what was written, in its order; the new head. The caller holds the chain's lock until it commits.

    The rows are read back, so that what is sealed is what the database keeps; a row that was rolled back is not there.
    """
    links = []
    for row in history_of(list(written)):
        personal = personal_digests(row)
        link = AuditEntry(
            partnership_id=scope,
            number=head.length + 1,
            register=row.instance_type._meta.label_lower,
            history_id=row.history_id,
            personal=personal,
            digest=digest_of(row, personal),
            previous=head.seal,
        )
        link.seal = link.sealed()
        links.append(link)
        head = Head(link.number, link.seal)
    AuditEntry.objects.bulk_create(links, batch_size=ROWS_AT_ONCE)
    return head


def history_of(written: Sequence[Written]) -> list[Any]:
    """The rows of history of what was written, in the order of the writing."""
    keys = defaultdict(set)
    for one in written:
        keys[one.model].add(one.pk)
    found = {
        (model, row.id, row.version): row
        for model, pks in keys.items()
        for chunk in in_chunks(sorted(pks))
        for row in model.history.model.objects.filter(id__in=chunk)
    }
    # After a rollback a number may be given again, so the same version may have been written twice.
    rows = (found.get((one.model, one.pk, one.version)) for one in dict.fromkeys(written))
    return [row for row in rows if row is not None]


def in_chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    """As many at once as a query may ask for."""
    source = iter(items)
    while some := list(islice(source, ROWS_AT_ONCE)):
        yield some


def remembered_models() -> list[type[models.Model]]:
    """Every model with a history, in one order."""
    found = (model for model in apps.get_models() if hasattr(model, "history"))
    return sorted(found, key=lambda model: model._meta.label_lower)


def append_only_tables() -> list[str]:
    """The tables whose rows are written once: histories, editions, the chain itself."""
    histories = [model.history.model for model in remembered_models()]
    declared = [model for model in apps.get_models() if getattr(model, "append_only", False)]
    return sorted(model._meta.db_table for model in (*histories, *declared))


def broken_places() -> Iterator[str]:
    """Everything that is wrong with the chains, their heads, and the records they speak for, a sentence each."""
    yield from broken_links()
    for model in remembered_models():
        yield from unsealed(model)
        yield from blanked_without_a_word(model)
        yield from unlike_its_history(model)


def broken_links() -> Iterator[str]:
    """Links that are missing, altered or out of their order; rows of history that are not what was sealed."""
    known, sealed = heads(), AuditEntry.objects.order_by().values_list("partnership_id", flat=True).distinct()
    for scope in sorted({*known, *sealed}, key=lambda number: number or 0):
        last = BEGINNING
        links = AuditEntry.objects.filter(partnership_id=scope).order_by("number")
        for some in in_chunks(links.iterator(ROWS_AT_ONCE)):
            for link, row in zip(some, rows_sealed_by(some), strict=True):
                yield from wrong_with(link, row, last)
                last = Head(link.number, link.seal)
        if known.get(scope, BEGINNING) != last:
            yield f"{chain_name(scope)} ends with link {last.length}, and its head says otherwise."


def wrong_with(link: AuditEntry, row: Any, last: Head) -> Iterator[str]:
    """What is wrong with one link, given its row of history and the link before."""
    where = f"{chain_name(link.partnership_id)}, link {link.number}"
    if link.number != last.length + 1 or link.previous != last.seal:
        yield f"{where}: it does not follow link {last.length}."
    if link.seal != link.sealed():
        yield f"{where}: the link itself was altered."
    if row is None:
        yield f"{where}: row {link.history_id} of the history of {link.register} is gone."
    elif link.digest != digest_of(row, personal_as_sealed(link, row)):
        yield f"{where}: row {link.history_id} of the history of {link.register} is not what was recorded."


def personal_as_sealed(link: AuditEntry, row: Any) -> dict[str, str]:
    """The digests of a row's personal fields: worked out anew, or the sealed ones where the row was blanked."""
    said = {getattr(row, row._meta.get_field(name).attname) for name in row.instance_type.personal}
    return link.personal if not row.salt and said <= {None, "", BLANKED} else personal_digests(row)


def rows_sealed_by(links: Sequence[AuditEntry]) -> list[Any]:
    """The row of history of each link; ``None`` where there is none."""
    numbers = defaultdict(list)
    for link in links:
        numbers[link.register].append(link.history_id)
    found = {
        (register, row.history_id): row
        for register, ids in numbers.items()
        for row in apps.get_model(register).history.filter(history_id__in=ids)
    }
    return [found.get((link.register, link.history_id)) for link in links]


def unsealed(model: type[models.Model]) -> Iterator[str]:
    """Rows of history that no chain holds: somebody slipped them in."""
    links = AuditEntry.objects.filter(register=model._meta.label_lower, history_id=OuterRef("history_id"))
    for number in model.history.filter(~Exists(links)).order_by("history_id").values_list("history_id", flat=True):
        yield f"Row {number} of the history of {model._meta.label_lower} is in no chain."


def blanked_without_a_word(model: type[models.Model]) -> Iterator[str]:
    """Rows of history whose personal fields were blanked, and no redaction says so."""
    register = model._meta.label_lower
    said = apps.get_model("partnership.Redaction").objects.filter(register=register, record_id=OuterRef("id"))
    rows = model.history.filter(~Exists(said), salt="").order_by("history_id")
    for number in rows.values_list("history_id", flat=True):
        yield f"Row {number} of the history of {register} was blanked, and no redaction says why."


def unlike_its_history(model: type[models.Model]) -> Iterator[str]:
    """Records that are not what their history last says of them: somebody changed them past the portal."""
    for rows in in_chunks(model._base_manager.order_by("pk").iterator(ROWS_AT_ONCE)):
        said = {(row.id, row.version): row for row in model.history.filter(id__in=[row.pk for row in rows])}
        for row in rows:
            last = said.get((row.pk, row.version))
            if last is None or last.history_type == "-" or row.differs_from(last.instance):
                yield f"Row {row.pk} of {model._meta.label_lower} is not what its history says."
