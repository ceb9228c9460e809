"""The number under which facts are kept and the head of the audit chain: both move at the end of a recording."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from django.db import models
from django.db.models import Q

from partnership.audit.log import (
    FIRST_SEAL,
    AuditEntry,
    Head,
    RecordVersion,
    append_entries,
    remembered_models,
    sealed_models,
)


class DataVersion(models.Model):
    """A number that moves with every committed change to a partnership's records, or (no partnership) to councils.

    Facts are kept under it: the same number means the same facts. It carries the head of the audit chain (`chain`).
    """

    partnership = models.OneToOneField(
        "partnership.Partnership", models.PROTECT, null=True, related_name="data_version"
    )
    number = models.PositiveBigIntegerField(default=0)
    chain_length = models.PositiveBigIntegerField(default=0, help_text="How many rows of history are sealed.")
    chain_seal = models.CharField(max_length=64, default=FIRST_SEAL, help_text="The seal of the last of them.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Q(partnership__isnull=True), condition=Q(partnership__isnull=True), name="one_version_for_councils"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id or 'councils'}: {self.number}"

    @classmethod
    def bump_and_seal(cls, written: Sequence[RecordVersion]) -> None:
        """Count one change for each partnership written to and seal what was written.

        In a fixed order: two writers never block each other.
        """
        for scope in sorted({one.scope for one in written}, key=lambda number: number or 0):
            cls.objects.get_or_create(partnership_id=scope)
            version = cls.objects.select_for_update().get(partnership_id=scope)
            head = Head(version.chain_length, version.chain_seal)
            head = append_entries(scope, head, [one for one in written if one.scope == scope])
            version.number += 1
            version.chain_length = head.length
            version.chain_seal = head.seal
            version.save()

    @classmethod
    def of(cls, partnership_id: int) -> tuple[int, int]:
        """The numbers that a partnership's facts depend on: its own and the councils'."""
        numbers = dict(
            cls.objects.filter(Q(partnership_id=partnership_id) | Q(partnership__isnull=True)).values_list(
                "partnership_id", "number"
            )
        )
        return numbers.get(partnership_id, 0), numbers.get(None, 0)

    @classmethod
    def all_versions(cls) -> tuple[tuple[int | None, int], ...]:
        """Return every number there is: the same ones mean the same records, roles and parties wherever one looks."""
        return tuple(cls.objects.order_by("pk").values_list("partnership_id", "number"))

    @classmethod
    def begin_chains(cls) -> None:
        """Seal, once, what is older than the chain: histories, and what was published before it was sealed."""
        registers = [model._meta.label_lower for model in sealed_models()]
        has_sealed_rows = AuditEntry.objects.filter(register__in=registers).exists()
        if not AuditEntry.objects.exists():
            rows = []
            for model in remembered_models():
                rows += model.history.order_by("history_id")
            rows.sort(key=lambda row: row.recorded_at)
            cls.bump_and_seal([row.instance.as_written() for row in rows])
        if not has_sealed_rows:
            published = itertools.chain.from_iterable(model.written() for model in sealed_models())
            cls.bump_and_seal(list(published))
