"""The base of every record: an author, a reason, a version, a history, and a scope.

A record is written inside ``recording(by=…, reason=…)`` and nowhere else, so that nothing changes without saying who
did it and why. Nothing is deleted: a record that should not stand is withdrawn with a reason.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, NoReturn

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from partnership.accounts import permissions
from partnership.accounts.roles import Permission
from partnership.audit.log import RecordVersion
from partnership.dates import NOT_STATED, Precision
from partnership.money import NOT_RECORDED
from partnership.records.data_versions import DataVersion
from partnership.records.refusals import Refusal, not_by_you
from partnership.records.tenancy import Parties, cross_partnership_errors
from partnership.text import in_words, one_line, why_no_name, why_too_long, without_controls
from partnership.wording import listed


class NotRecording(RuntimeError):
    """A record was written outside ``recording()``."""


class Stale(Exception):
    """Somebody saved the record after it was read. Carries both versions for the page that shows them."""

    def __init__(self, typed: Record, stored: Record):
        self.typed = typed
        self.stored = stored
        kind = stored._meta.verbose_name.capitalize()
        super().__init__(f"{kind} “{stored}” was changed by somebody else while you were editing it.")


@dataclass
class Recording:
    """The writer, the reason, and the time of a change."""

    by: AbstractBaseUser
    reason: str
    at: datetime | None
    written: list[RecordVersion] = field(default_factory=list)


_recording: ContextVar[Recording | None] = ContextVar("recording", default=None)


@contextmanager
def recording(*, by: AbstractBaseUser, reason: str, at: datetime | None = None) -> Iterator[Recording]:
    """One transaction in which records may be written, with who writes and why.

    ``at`` dates the history (the example tells its story with it); it is now unless stated, and an inner recording
    takes it from the outer one. Raises ``ValueError`` when the reason is empty.
    """
    if not reason.strip():
        raise ValueError("Say why: every change is recorded with its reason.")
    outer = _recording.get()
    inner = Recording(by, reason.strip(), at or (outer.at if outer else None), outer.written if outer else [])
    with transaction.atomic():
        token = _recording.set(inner)
        try:
            yield inner
        finally:
            _recording.reset(token)
        if outer is None:
            DataVersion.bump_and_seal(inner.written)


def current_recording() -> Recording:
    """The recording under way. Raises ``NotRecording`` when there is none."""
    found = _recording.get()
    if found is None:
        raise NotRecording("Write records inside `with recording(by=…, reason=…)`.")
    return found


def _person_recording() -> str:
    return current_recording().by.name


def _salt() -> str:
    """Return the salt that keeps the digest of a name from being guessed (`chain`)."""
    return secrets.token_hex(16)


class HistoryRow(models.Model):
    """The columns of history beside each version of a record: the wall clock, the person's name as text, a salt."""

    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    person = models.CharField(max_length=200, default=_person_recording, editable=False)
    salt = models.CharField(max_length=32, default=_salt, editable=False)

    class Meta:
        abstract = True


class RecordQuerySet(models.QuerySet):
    """Rows of a register. ``visible_to`` is the one place that says which of them a person may see."""

    def visible_to(self, user: Any) -> RecordQuerySet:
        """The rows of partnerships (or councils) in which the person holds a role that may read them."""
        return permissions.visible(self, user)

    def active(self) -> RecordQuerySet:
        """Without the rows withdrawn as entered in error or no longer wanted."""
        return self.filter(withdrawn_on__isnull=True)

    def history_rows(self) -> models.QuerySet:
        """The history of these rows. A register whose texts may be held closely leaves out what was written then."""
        return self.model.history.model.objects.filter(id__in=self.order_by().values("pk"))

    def exclude_restricted_versions(self, then: list[Any]) -> list[Any]:
        """Return, of historical rows, the versions that the user may see; by default all of them."""
        return then

    def update(self, **kwargs: Any) -> NoReturn:
        raise NotRecording("`update` writes no history; save each record or use bulk_record() inside recording().")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotRecording("`bulk_create` writes no history; use bulk_record() inside recording().")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotRecording("`bulk_update` writes no history; use bulk_record() inside recording().")

    def delete(self) -> NoReturn:
        raise NotRecording("Nothing is deleted; withdraw or end the record with a reason.")


class Record(models.Model):
    """Base of every model of the domain."""

    # Where the row belongs: a lookup path to a Partnership or a Council; "" when the row is one itself.
    scope: ClassVar[str] = "partnership"
    # Links that may lead out of the row's partnership, which no other link may (`belonging`).
    cross_partnership_fields: ClassVar[tuple[str, ...]] = ()
    # The field that is the row's whole name; a row with another name says it in `__str__`.
    name_field: ClassVar[str] = ""
    # The texts in which a paper replaces names in braces; every other text prints as it is typed.
    narrated: ClassVar[tuple[str, ...]] = ()
    # What the row's name is read from beyond its own links, so that a list of names is read at once.
    # The fields that serve the portal alone: no page and no history shows them.
    internal: ClassVar[frozenset[str]] = frozenset()
    name_select_related: ClassVar[tuple[str, ...]] = ()
    # Fields whose value seldom stands in two rows of one place at a time; an import points it out.
    seldom_twice: ClassVar[tuple[str, ...]] = ()
    # Whether a row that belongs to a partnership or body is only a part of it, and goes when that is withdrawn.
    is_part: ClassVar[bool] = False
    # Fields that hold personal data: sealed as a salted digest, and blanked so many years after
    # `retention_starts_on()` (`retention`).
    personal: ClassVar[tuple[str, ...]] = ()
    personal_kept_years: ClassVar[int] = 6
    # Links to a council (or its body) that decide whose the row is, and so who may see or change it. No edit form asks
    # for them: handing the row over takes somebody of each council that loses it (`why_not_hand_over`).
    owner_fields: ClassVar[tuple[str, ...]] = ()
    # Whether only councils that share officers and services have such rows; other partnerships are not offered.
    needs_sharing: ClassVar[bool] = False
    # Which permission (roles.py) reads the row, and which one writes it.
    view_permission: ClassVar[Permission] = Permission.READ_REGISTERS
    edit_permission: ClassVar[Permission]

    version = models.PositiveIntegerField(default=0, editable=False)
    withdrawn_on = models.DateField("withdrawn on", null=True, blank=True, editable=False)
    withdrawn_reason = models.TextField("why it was withdrawn", blank=True, editable=False)
    not_stated = models.JSONField(
        "not stated in the source",
        default=dict,
        blank=True,
        editable=False,
        help_text="For each field that the source leaves open: which source that is.",
    )

    history = HistoricalRecords(
        inherit=True,
        bases=[HistoryRow],
        history_change_reason_field=models.TextField(null=True),
        # Not a foreign key: an account's fate must never touch the history; the name stands beside the number.
        history_user_id_field=models.BigIntegerField(null=True),
    )
    objects = RecordQuerySet.as_manager()
    current_row: Record | None = None  # of a row as it stood at a moment: who may see its fields is asked of today's
    names_read_by: Callable[[str], str] | None = None  # how the paper at hand prints the names in narrated texts
    is_bulk_validated = False  # set on rows on their way to `bulk_record`
    parties_cache: Parties | None = None  # and, for all of them, which councils are party to their partnerships

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_reason="")
                | Q(withdrawn_on__isnull=False) & ~Q(withdrawn_reason=""),
                name="%(app_label)s_%(class)s_withdrawn_with_reason",
                violation_error_message="Say why the record is withdrawn.",
            )
        ]

    def __str__(self) -> str:
        return in_words(getattr(self, self.name_field)) if self.name_field else super().__str__()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the record with its history. Raises ``NotRecording`` or ``Stale``; an unchanged one is left alone."""
        recording_now = current_recording()
        with transaction.atomic():
            stored = None if self._state.adding else type(self)._base_manager.select_for_update().get(pk=self.pk)
            if stored is not None and stored.version != self.version:
                raise Stale(self, stored)
            if stored is not None and not self.differs_from(stored):
                return
            self.sign(recording_now)
            self.version += 1
            try:
                super().save(*args, **kwargs)
            except Exception:
                self.version -= 1
                raise
            recording_now.written.append(self.as_written())

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotRecording("Nothing is deleted; withdraw or end the record with a reason.")

    def sign(self, recording_now: Recording) -> None:
        """Say who writes, why and when. simple-history reads it off the instance, where it sticks: sign every time."""
        self._history_date = recording_now.at or timezone.now()
        self._history_user = recording_now.by
        self._change_reason = recording_now.reason

    def partnership_id_of(self) -> int | None:
        """The partnership whose data version moves when the row changes; ``None`` for what belongs to a council."""
        place = self.place()
        return place[1] if place and place[0] == "partnership" else None

    def as_written(self) -> RecordVersion:
        """This version of the record, for the chain that seals it."""
        return RecordVersion(self.partnership_id_of(), type(self), self.pk, self.version)

    def full_clean_and_save(self) -> Record:
        """Check every rule of the row and save it. Raises ``ValidationError``. What workflow verbs write with."""
        self.full_clean()
        self.save()
        return self

    def clean_fields(self, exclude: Any = None) -> None:
        """Check every field, and that no link leads out of the row's partnership.

        A text of one line is kept as one line of visible characters (`typed_text.one_line`), and no text keeps control
        characters. Whether a linked row exists is, for one row of many, left to the database, which is asked once for
        all rows.
        """
        self._tidy_texts(exclude or ())
        links = {field.name for field in self._meta.fields if field.is_relation} if self.is_bulk_validated else set()
        errors: dict[str, Any] = {}
        try:
            super().clean_fields(exclude={*(exclude or ()), *links})
        except ValidationError as error:
            errors = error.error_dict
        errors |= self._texts_too_long({*(exclude or ()), *errors})
        errors |= self._names_out_of_place({*(exclude or ()), *errors})
        errors |= cross_partnership_errors(self, self.parties_cache, without={*(exclude or ()), *errors})
        if errors:
            raise ValidationError(errors)

    def _texts_too_long(self, exclude: Collection[str]) -> dict[str, str]:
        """Return the sentence for each text field that holds more than any text may."""
        texts = [field for field in self._meta.concrete_fields if isinstance(field, models.TextField)]
        found = {field.name: why_too_long(getattr(self, field.attname) or "") for field in texts}
        return {name: sentence for name, sentence in found.items() if sentence and name not in exclude}

    def _names_out_of_place(self, exclude: Collection[str]) -> dict[str, str]:
        """Return the sentence for each text that holds a name in braces although no paper replaces it."""
        found = {}
        for kept in self._meta.concrete_fields:
            text = getattr(self, kept.attname)
            if isinstance(text, str) and "{" in text and kept.name not in (*self.narrated, *exclude):
                found[kept.name] = why_no_name(text)
        return {name: sentence for name, sentence in found.items() if sentence}

    def _tidy_texts(self, exclude: Collection[str]) -> None:
        for kept in self._meta.concrete_fields:
            text = getattr(self, kept.attname) if kept.name not in exclude else None
            if not isinstance(text, str):
                continue
            if isinstance(kept, models.TextField):
                setattr(self, kept.attname, without_controls(text))
            elif isinstance(kept, models.CharField) and not kept.choices:
                setattr(self, kept.attname, one_line(text))

    def validate_constraints(self, exclude: Any = None) -> None:
        """Ask the database about each rule it keeps; for one row of many it is asked once for all rows."""
        if not self.is_bulk_validated:
            super().validate_constraints(exclude=exclude)

    def differs_from(self, other: Record) -> bool:
        """Return whether any field but the version differs."""
        return any(
            f.to_python(getattr(self, f.attname)) != f.to_python(getattr(other, f.attname))
            for f in self._meta.concrete_fields
            if f.name != "version"
        )

    @classmethod
    def belongs_to_council(cls) -> bool:
        """Return whether the row's scope is a council rather than a partnership."""
        model: Any = cls
        for step in cls.scope.split("__") if cls.scope else ():
            model = model._meta.get_field(step).related_model
        return model._meta.model_name == "council"

    def place(self) -> tuple[str, int] | None:
        """The council or partnership that the row belongs to, as kind and number; ``None`` before it has one."""
        kind = "council" if self.belongs_to_council() else "partnership"
        if not self.scope:
            return (kind, self.pk) if self.pk is not None else None
        *steps, last = self.scope.split("__")
        where: Any = self
        for step in steps:
            where = getattr(where, step)
            if where is None:
                return None
        # The number stands in the row: the partnership or council itself is not read for it.
        number = getattr(where, f"{last}_id")
        return (kind, number) if number is not None else None

    def get_absolute_url(self) -> str:
        """The record's own page. Empty for records that are shown only on another's page."""
        try:
            return reverse(f"{self._meta.model_name}_detail", args=[self.pk])
        except NoReverseMatch:
            return ""

    def open_facts(self) -> dict[str, str]:
        """The facts that are open because a source does not state them, each with that source."""
        fields = {field.name: field for field in self._meta.concrete_fields}
        return {
            name: source for name, source in self.not_stated.items() if name in fields and self._is_open(fields[name])
        }

    def unknown_words(self, name: str) -> str:
        """Say why a field is empty: "not stated" where a source is named that leaves it open, else "not recorded"."""
        return NOT_STATED if name in self.not_stated else NOT_RECORDED

    def _is_open(self, field: models.Field) -> bool:
        value = getattr(self, field.attname)
        precision = getattr(field, "precision_field", "")
        return value in (None, "", "not stated") or (bool(precision) and getattr(self, precision) == Precision.BY)

    def retention_starts_on(self) -> date | None:
        """The day from which on the years count for which personal fields are kept; ``None`` while it is in use."""
        return self.withdrawn_on

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_on is not None

    @property
    def is_active(self) -> bool:
        """Return whether neither the row nor any record that it is part of is withdrawn."""
        records = [self]
        for step in self.scope.split("__")[:-1]:
            records.append(getattr(records[-1], step))
        return not any(record.is_withdrawn for record in records)

    # --- Who may do what to it, and why not ----------------------------------------------------------------------

    def why_not_write(self, *, by: Any, permission: Permission | None = None) -> Refusal:
        """Return why the person may not write the row at all: for lack of the permission, or because it is withdrawn.

        What every act on the row asks first. The permission is the one that keeps the row unless another is named.
        """
        refusal = permissions.why_not(by, permission or self.edit_permission, self)
        if not refusal and self.is_withdrawn:
            refusal = Refusal("This was withdrawn before.")
        if not refusal and not self.is_active:
            refusal = Refusal("What this is part of was withdrawn.")
        return refusal

    def why_not_change(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not edit the row."""
        return self.why_not_write(by=by)

    def owner_councils(self) -> frozenset[int]:
        """Return the councils whose row it is; every council party to its partnership when it names none."""
        own = {getattr(self, f"{name}_id") for name in self.owner_fields} - {None}
        if own:
            return frozenset(own)
        party = apps.get_model("partnership", "Party")
        rows = party.objects.active().filter(partnership=self.partnership_id_of(), left_on__isnull=True)
        return frozenset(rows.values_list("council", flat=True))

    def why_not_hand_over(self, *, by: Any, on: date | None = None, to: Record | None = None) -> Refusal:
        """Return why the person may not hand the row over to another council, or to become what ``to`` is.

        It takes somebody who may write the row for every council that loses it. A row of all the councils is lost by
        all but the one that it is handed to.
        """
        refusal = self.why_not_write(by=by)
        if refusal:
            return refusal
        owners = self.owner_councils()
        missing = owners - by.authority.councils(self.edit_permission)
        if to is not None:
            missing -= to.owner_councils()
        elif len(owners) > 1 and len(missing) == 1:
            missing = frozenset()
        if missing:
            names = apps.get_model("partnership", "Council").objects.filter(pk__in=missing)
            refusal = not_by_you(f"Only somebody of {listed(map(str, names))} hands it over, which would lose it.")
        return refusal or (to.why_not_write(by=by) if to is not None else refusal)

    def why_not_withdraw(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not withdraw the row, what is linked to it aside."""
        return self.why_not_write(by=by)


def bulk_record(records: Sequence[Record]) -> int:
    """The one bulk door: write many rows of one register at once, each with its history. Returns how many it wrote.

    Inside ``recording()``. Every row is asked its own rules; whether it is alone of its kind, and what the database
    checks, the database says itself. A row that does not differ from the stored one is left alone. Raises
    ``ValidationError``, ``IntegrityError`` or ``Stale``, and then the recording as a whole must fail.
    """
    recording_now = current_recording()
    parties = Parties()
    for record in records:
        record.is_bulk_validated = True
        record.parties_cache = parties
        record.clean_fields()
        record.clean()
    new = [record for record in records if record._state.adding]
    changed = _changed([record for record in records if not record._state.adding])
    for record in (*new, *changed):
        record.sign(recording_now)
        record.version += 1
    if new or changed:
        _write_in_bulk(type((new or changed)[0]), new, changed, recording_now)
    recording_now.written.extend(record.as_written() for record in (*new, *changed))
    return len(new) + len(changed)


ROWS_AT_ONCE = 500


def _changed(records: list[Record]) -> list[Record]:
    """Return rows that differ from the stored, locked ones. Raises ``Stale`` for one that somebody else changed."""
    by_key = {record.pk: record for record in records}
    keys = sorted(by_key)
    changed = []
    for start in range(0, len(keys), ROWS_AT_ONCE):
        rows = type(records[0])._base_manager.select_for_update().order_by("pk")
        for stored in rows.filter(pk__in=keys[start : start + ROWS_AT_ONCE]):
            record = by_key[stored.pk]
            if record.version != stored.version:
                raise Stale(record, stored)
            if record.differs_from(stored):
                changed.append(record)
    return changed


def _write_in_bulk(model: type[Record], new: list[Record], changed: list[Record], recording_now: Recording) -> None:
    # The model's own manager refuses, so that nobody comes here by accident.
    rows = models.QuerySet(model)
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    rows.bulk_create(new, batch_size=ROWS_AT_ONCE)
    rows.bulk_create(
        changed, batch_size=ROWS_AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )
    for written, is_update in ((new, False), (changed, True)):
        model.history.bulk_history_create(
            written, batch_size=ROWS_AT_ONCE, update=is_update, default_user=recording_now.by
        )


def known(model: type[Record], at: datetime, **within: Any) -> list[Any]:
    """Return the rows of a model as they were in the history at a moment, each once, without withdrawn ones.

    ``within`` narrows first (``partnership_id=…``, ``saving_id__in=…``): over a whole table this takes seconds. The
    rows come as unsaved instances, so that they answer the model's questions; their foreign keys lead to today's rows
    and must not be followed – facts join by id.
    """
    newest_first = Window(
        RowNumber(), partition_by=F("id"), order_by=[F("history_date").desc(), F("history_id").desc()]
    )
    versions = (
        model.history.model.objects.filter(history_date__lte=at, **within)
        .annotate(place=newest_first)
        .filter(place=1)
        .exclude(history_type="-")
        .order_by("id")
        .values_list(*(field.attname for field in model._meta.concrete_fields))
    )
    rows = [model(*values) for values in versions]
    return [row for row in rows if row.withdrawn_on is None]
