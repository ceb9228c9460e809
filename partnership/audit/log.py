"""The audit chain: every row of history is sealed by the one before it, so that nobody can rewrite what was recorded.

Each partnership has a chain of its own, and one more holds what belongs to councils. A link names a row of history, or
a row that is written once such as a published edition, and carries the SHA-256 of what the row says, of the link
before, and of itself. Whoever alters, removes, swaps or slips in a row breaks the chain, and `manage.py verify_audit`
names the place. Cutting off the end of a chain, and rewriting the whole of it, cannot be seen from the inside. That is
why every edition carries the head of the chain, and why `manage.py export_audit_head` writes the heads for keeping
elsewhere (`audit_heads`).

What is personal in a row goes into the seal as a salted digest. Blanking it on schedule takes the words and the salt
away and leaves the digest, so that the chain still holds and nobody can guess what stood there.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar, NamedTuple

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

FIRST_SEAL = "0" * 64
ROWS_AT_ONCE = 500
FILES_AT_ONCE = 10
# A column added later is empty in the rows sealed before it, so what is empty is left out of the seal.
EMPTY: tuple[Any, ...] = (None, "", {}, [])
# What stands in a personal field that was blanked but may not be empty.
BLANKED = "blanked"


class RecordVersion(NamedTuple):
    """One version of a record, written in the recording under way."""

    scope: int | None  # the partnership whose chain it is sealed in; ``None`` for the councils' chain
    model: type[models.Model]
    pk: int
    version: int  # 0 for a row that is written once


class Sealed:
    """A model whose rows are written once and sealed as they are: a published edition, its files, a redaction."""

    append_only = True
    # The columns that go into the seal. A column added later stays out of it, or the seals before it would not hold.
    sealed_fields: ClassVar[tuple[str, ...]]
    # For each column that holds what was published, the column with its SHA-256, which is the one that is sealed.
    checksums: ClassVar[dict[str, str]] = {}
    # The lookup path to the partnership whose chain it is sealed in; "" for the councils' chain.
    sealed_under: ClassVar[str] = ""

    @classmethod
    def written(cls, **which: Any) -> list[RecordVersion]:
        """Return some rows of the model, in the order in which they were written, for `DataVersion.bump_and_seal`."""
        rows = cls._base_manager.filter(**which).order_by("pk")
        if not cls.sealed_under:
            return [RecordVersion(None, cls, pk, 0) for pk in rows.values_list("pk", flat=True)]
        return [RecordVersion(scope, cls, pk, 0) for scope, pk in rows.values_list(cls.sealed_under, "pk")]

    @classmethod
    def integrity_errors(cls) -> Iterator[str]:
        """Yield a sentence for each row whose content is not what its checksum says."""
        redactions = apps.get_model("partnership.Redaction").objects.filter(register=cls._meta.label_lower)
        blanked = set(redactions.values_list("record_id", flat=True))
        columns = [*cls.checksums, *cls.checksums.values()]
        rows = cls._base_manager.order_by("pk").only("pk", *columns) if columns else cls._base_manager.none()
        for row in rows.iterator(FILES_AT_ONCE):
            for content, sha256_column in cls.checksums.items():
                value = getattr(row, content)
                found = hashlib.sha256(value.encode() if isinstance(value, str) else bytes(value)).hexdigest()
                if found != getattr(row, sha256_column) and row.pk not in blanked:
                    yield f"Row {row.pk} of {cls._meta.label_lower}: its {content} is not what its checksum says."


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
    """Return the content of a row by column, without empty values, personal data and the salt."""
    if isinstance(row, Sealed):
        said = {name: getattr(row, name) for name in row.sealed_fields}
    else:
        personal = {*row.instance_type.personal, "salt"}
        said = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if not {field.name, field.attname} & personal
        }
    return {name: value for name, value in said.items() if value not in EMPTY}


def personal_digests(row: Any) -> dict[str, str]:
    """The salted digest of each personal field of a row of history."""
    if isinstance(row, Sealed):
        return {}
    fields = [row._meta.get_field(name) for name in row.instance_type.personal]
    return {field.name: sha256(row.salt, field.name, getattr(row, field.attname)) for field in fields}


def digest_of(row: Any, personal: dict[str, str]) -> str:
    """The digest of a row of history, whose personal fields go in as digests."""
    return sha256(row._meta.label_lower, contents(row), personal)


class Head(NamedTuple):
    """The length of a chain, and the seal of its last link."""

    length: int
    seal: str


BEGINNING = Head(0, FIRST_SEAL)


def heads() -> dict[int | None, Head]:
    """The head of every chain, by partnership; the councils' under ``None``."""
    rows = apps.get_model("partnership.DataVersion").objects.values_list("partnership_id", "chain_length", "chain_seal")
    return {scope: Head(length, seal) for scope, length, seal in rows}


def chain_name(scope: int | None) -> str:
    """Return the name of a chain as it stands in a sentence."""
    return "The councils' chain" if scope is None else f"The chain of partnership {scope}"


def append_entries(scope: int | None, head: Head, written: Iterable[RecordVersion]) -> Head:
    """Seal what was written, in its order; the new head. The caller holds the chain's lock until it commits.

    The rows are read back, so that what is sealed is what the database keeps; a row that was rolled back is not there.
    """
    links = []
    for row in rows_of(list(written)):
        personal = personal_digests(row)
        is_history = not isinstance(row, Sealed)
        link = AuditEntry(
            partnership_id=scope,
            number=head.length + 1,
            register=(row.instance_type if is_history else row)._meta.label_lower,
            history_id=row.history_id if is_history else row.pk,
            personal=personal,
            digest=digest_of(row, personal),
            previous=head.seal,
        )
        link.seal = link.sealed()
        links.append(link)
        head = Head(link.number, link.seal)
    AuditEntry.objects.bulk_create(links, batch_size=ROWS_AT_ONCE)
    return head


def rows_of(written: Sequence[RecordVersion]) -> list[Any]:
    """The rows that were written – of history, or the rows themselves where they are sealed – in their order."""
    keys = defaultdict(set)
    for one in written:
        keys[one.model].add(one.pk)
    found = {}
    for model, pks in keys.items():
        for chunk in in_chunks(sorted(pks)):
            if issubclass(model, Sealed):
                found |= {(model, row.pk, 0): row for row in sealed_rows(model, chunk)}
            else:
                rows = model.history.model.objects.filter(id__in=chunk)
                found |= {(model, row.id, row.version): row for row in rows}
    # After a rollback a number may be given again, so the same version may have been written twice.
    rows = (found.get((one.model, one.pk, one.version)) for one in dict.fromkeys(written))
    return [row for row in rows if row is not None]


def sealed_rows(model: type[models.Model], pks: Sequence[int]) -> models.QuerySet:
    """Some rows of a sealed model, without the columns that are not sealed: these may be large."""
    return model._base_manager.filter(pk__in=pks).only("pk", *model.sealed_fields)


def in_chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    """As many at once as a query may ask for."""
    source = iter(items)
    while some := list(islice(source, ROWS_AT_ONCE)):
        yield some


def remembered_models() -> list[type[models.Model]]:
    """Return every model with a history, in one order."""
    found = (model for model in apps.get_models() if hasattr(model, "history"))
    return sorted(found, key=lambda model: model._meta.label_lower)


def sealed_models() -> list[type[models.Model]]:
    """Return every model whose rows are sealed as they are, in one order."""
    found = (model for model in apps.get_models() if issubclass(model, Sealed))
    return sorted(found, key=lambda model: model._meta.label_lower)


def record_tables() -> list[str]:
    """The tables of the records, whose rows change and are never deleted."""
    return sorted(model._meta.db_table for model in remembered_models())


def append_only_tables() -> list[str]:
    """The tables whose rows are written once: histories, editions, the chain itself."""
    histories = [model.history.model for model in remembered_models()]
    declared = [model for model in apps.get_models() if getattr(model, "append_only", False)]
    return sorted(model._meta.db_table for model in (*histories, *declared))


def integrity_errors() -> Iterator[str]:
    """Everything that is wrong with the chains, their heads, and the records they speak for, a sentence each."""
    yield from broken_links()
    for model in remembered_models():
        yield from unsealed(model)
        yield from redactions_without_entry(model)
        yield from records_differing_from_history(model)
        yield from deleted_outright(model)
    for model in sealed_models():
        yield from unsealed_row(model)
        yield from model.integrity_errors()


def broken_links() -> Iterator[str]:
    """Links that are missing, altered or out of their order; rows of history that are not what was sealed."""
    known = heads()
    sealed = AuditEntry.objects.order_by().values_list("partnership_id", flat=True).distinct()
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
    """Return the errors of one link, given its row of history and the link before."""
    where = f"{chain_name(link.partnership_id)}, link {link.number}"
    if link.number != last.length + 1 or link.previous != last.seal:
        yield f"{where}: it does not follow link {last.length}."
    if link.seal != link.sealed():
        yield f"{where}: the link itself was altered."
    is_sealed_itself = issubclass(apps.get_model(link.register), Sealed)
    sealed = f"row {link.history_id} of {'' if is_sealed_itself else 'the history of '}{link.register}"
    if row is None:
        yield f"{where}: {sealed} is gone."
    elif link.digest != digest_of(row, personal_as_sealed(link, row)):
        yield f"{where}: {sealed} is not what was recorded."


def personal_as_sealed(link: AuditEntry, row: Any) -> dict[str, str]:
    """The digests of a row's personal fields: worked out anew, or the sealed ones where the row was blanked."""
    if isinstance(row, Sealed):
        return {}
    said = {getattr(row, row._meta.get_field(name).attname) for name in row.instance_type.personal}
    return link.personal if not row.salt and said <= {None, "", BLANKED} else personal_digests(row)


def rows_sealed_by(links: Sequence[AuditEntry]) -> list[Any]:
    """The row that each link seals; ``None`` where there is none."""
    numbers = defaultdict(list)
    for link in links:
        numbers[link.register].append(link.history_id)
    found = {}
    for register, ids in numbers.items():
        model = apps.get_model(register)
        if issubclass(model, Sealed):
            found |= {(register, row.pk): row for row in sealed_rows(model, ids)}
        else:
            found |= {(register, row.history_id): row for row in model.history.filter(history_id__in=ids)}
    return [found.get((link.register, link.history_id)) for link in links]


def unsealed(model: type[models.Model]) -> Iterator[str]:
    """Rows of history that no chain holds: somebody slipped them in."""
    links = AuditEntry.objects.filter(register=model._meta.label_lower, history_id=OuterRef("history_id"))
    for number in model.history.filter(~Exists(links)).order_by("history_id").values_list("history_id", flat=True):
        yield f"Row {number} of the history of {model._meta.label_lower} is in no chain."


def unsealed_row(model: type[models.Model]) -> Iterator[str]:
    """Rows that are sealed as they are, and that no chain holds: somebody slipped them in."""
    links = AuditEntry.objects.filter(register=model._meta.label_lower, history_id=OuterRef("pk"))
    for number in model._base_manager.filter(~Exists(links)).order_by("pk").values_list("pk", flat=True):
        yield f"Row {number} of {model._meta.label_lower} is in no chain."


def redactions_without_entry(model: type[models.Model]) -> Iterator[str]:
    """Rows of history whose personal fields were blanked, and no redaction says so."""
    register = model._meta.label_lower
    said = apps.get_model("partnership.Redaction").objects.filter(register=register, record_id=OuterRef("id"))
    rows = model.history.filter(~Exists(said), salt="").order_by("history_id")
    for number in rows.values_list("history_id", flat=True):
        yield f"Row {number} of the history of {register} was blanked, and no redaction says why."


def records_differing_from_history(model: type[models.Model]) -> Iterator[str]:
    """Yield records that differ from their last version: somebody changed them outside the portal."""
    for rows in in_chunks(model._base_manager.order_by("pk").iterator(ROWS_AT_ONCE)):
        history = model.history.filter(id__in=[row.pk for row in rows])
        versions = {(row.id, row.version): row for row in history}
        for row in rows:
            last = versions.get((row.pk, row.version))
            if last is None or last.history_type == "-" or row.differs_from(last.instance):
                yield f"Row {row.pk} of {model._meta.label_lower} is not what its history says."


def deleted_outright(model: type[models.Model]) -> Iterator[str]:
    """Records that their history knows and that are not there: the portal deletes none."""
    rows = model._base_manager.filter(pk=OuterRef("id"))
    gone = model.history.filter(~Exists(rows)).order_by("id").values_list("id", flat=True).distinct()
    for number in gone:
        yield f"Row {number} of {model._meta.label_lower} was deleted; its history is still there."
