"""Read each row of a file through the register's own form.

Nothing is written here. What may be written is gathered, so that the whole file goes in at once or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from partnership.dates import read_date
from partnership.generic.cells import UNROUNDED, NamedRow, Names, answer, named_source, said, says_the_same
from partnership.generic.display import NOT_RECORDED, NOT_STATED, RESTRICTED, display_value, has_field, value_in_words
from partnership.generic.files import ID, VERSION, RegisterFile, is_kept
from partnership.generic.forms import RecordForm, shown_on
from partnership.imports.reader import Row, Unreadable
from partnership.records.record import Record, Stale
from partnership.records.tenancy import Parties
from partnership.text import folded

NOT_ALONE = "Row {row} of this file is about the same one. Keep one of the two."
OVERTAKEN = "Somebody else entered or changed the same a moment ago. Look at it, then try again."
NO_SOURCE = "Say which source leaves it open, such as “Not stated: Report to the Executive, 1 April 2019”."
NEVER_OPEN = "This cannot be left open. Enter it."
NOT_YOURS = "Your roles do not let you say what a source leaves open, or that it does so no longer."
STALE = "Somebody changed this since the file was made: it is at version {now}, the file has {then}. Download it again."
EMPTY = "empty"
MOST_NAMED = 20  # rows that one note names
LONGEST_SHOWN = 200  # characters of a value in the preview
NOT_SHOWN = ("reason", VERSION)
EMPTY_WORDS = frozenset({"", *(words.casefold() for words in (NOT_RECORDED, NOT_STATED, RESTRICTED))})


@dataclass
class Outcome:
    """The outcome of a row: "new", "changed" or "unchanged"; the record's name; the fields with old and new value."""

    kind: str
    name: str
    changes: list[tuple[str, str, str]]


@dataclass
class Write:
    """A row that is to be written: the checked form, and the record for the bulk door where there is one."""

    form: RecordForm
    ready: Record | None


class FileCheck:
    """Puts the rows of a file through the register's form for one person.

    A row's place in the file, from 1, is the key to what came of it: in ``outcomes`` and ``writes``, or in ``wrong``.
    """

    def __init__(self, file: RegisterFile, rows: list[Row], names: list[str], reason: str):
        self.file = file
        self.model = file.model
        self.user = file.user
        self.rows = rows
        self.names = names
        self.reason = reason
        self.outcomes: dict[int, Outcome] = {}
        self.writes: dict[int, Write] = {}
        self.wrong: dict[int, dict[str, list[str]]] = {}
        self.twins = Twins(self.model, self.user)
        self.rounded: list[str] = []
        self.tidied: list[str] = []
        self.on_row: Callable[[int], None] = lambda done: None
        self._stored = self._read_stored()
        self._keys_seen: dict[Any, int] = {}
        self._choices: dict[str, Names] = {}
        self._of_one_file: dict[str, Any] = {}
        self._parties = Parties()

    def check(self) -> None:
        """Check every row. Not in one transaction: nobody else could write until it is rolled back."""
        for place, row in enumerate(self.rows, start=1):
            try:
                self.outcomes[place] = self._check_row(place, self._cells_by_name(row))
            except ValidationError as error:
                named = error if hasattr(error, "error_dict") else ValidationError({NON_FIELD_ERRORS: error.error_list})
                self.wrong[place] = named.message_dict
            self.on_row(place)

    def _cells_by_name(self, row: Row) -> dict[str, Any]:
        """Return the row's cells by the name of their column, and what stands beside the columns as "beyond"."""
        cells = dict(zip([*self.names, "beyond"], [*row.cells, None], strict=False))
        cells.pop("", None)
        return cells

    def _check_row(self, place: int, row: dict[str, Any]) -> Outcome:
        record = self._record(row)
        is_new = record.pk is None
        parent = getattr(record, self.file.register.parent) if self.file.register.parent else None
        form, changes = self._filled(record, row, place)
        if form is not None and (is_new or changes):
            self.writes[place] = self._write(form, place, is_new=is_new)
        name = f"{parent}: {record}" if parent is not None else str(record)
        if is_new:
            return Outcome("new", name, changes)
        return Outcome("changed" if changes else "unchanged", name, changes)

    @property
    def notes(self) -> list[str]:
        """Return notes on the file: the portal's own reading of it, and points to look at before confirming."""
        said_of = {
            "Rounded to the places that the register keeps": self.rounded,
            "Line breaks or hidden characters are left out": self.tidied,
            "Look whether these are recorded already": self.twins.found,
        }
        return [f"{words}: {_first_of(found)}." for words, found in said_of.items() if found]

    @property
    def for_bulk(self) -> list[Record]:
        """The records for the bulk door."""
        return [write.ready for write in self.writes.values() if write.ready is not None]

    def ask_each(self) -> dict[int, dict[str, list[str]]]:
        """The database refused the rows together: ask it about each, by the row's place in the file."""
        refused = {}
        for place, write in self.writes.items():
            if write.ready is None:
                continue
            write.ready.is_bulk_validated = False
            try:
                write.ready.validate_constraints()
            except ValidationError as error:
                refused[place] = _placed(write.form, error)
        return refused

    # --- The record a row is about ------------------------------------------------------------------------------------

    def _read_stored(self) -> dict[int, Record]:
        if ID not in self.names:
            return {}
        place = self.names.index(ID)
        texts = [said(row.cells[place]) for row in self.rows]
        keys = {int(text) for text in texts if _is_number(text)}
        rows = self.file.with_names(self.file.register.with_related(self.model.objects.visible_to(self.user)))
        return rows.in_bulk(sorted(keys)) if keys else {}

    def _record(self, row: dict[str, Any]) -> Record:
        needed = (ID, VERSION, self.file.register.parent)
        unreadable = {name: row[name].sentence for name in needed if isinstance(row.get(name), Unreadable)}
        if unreadable:
            raise ValidationError(unreadable)
        key = said(row.get(ID))
        if not key:
            try:
                return self.file.new(self._parent(row))
            except ValidationError as error:  # nothing more can be asked of the row: say what else cannot be read
                unread = {name: cell.sentence for name, cell in row.items() if isinstance(cell, Unreadable)}
                raise ValidationError(error.error_dict | unread) from error
        record = self._stored.get(int(key)) if _is_number(key) else None
        if record is None:
            kind = self.file.register.label.lower()
            raise ValidationError({ID: f"There is no {kind} with the ID {key[:20]}. Leave the ID of a new row empty."})
        if record.is_withdrawn:
            raise ValidationError({ID: "This was withdrawn and can no longer be changed."})
        return record

    def _parent(self, row: dict[str, Any]) -> Record | None:
        if self.file.parents is None:
            return None
        name = self.file.register.parent
        if not said(row.get(name)):
            raise ValidationError({name: f"Write which {self.file.parents.kind} the row belongs to."})
        try:
            return self.file.parents.find(said(row[name]))
        except ValidationError as error:
            raise ValidationError({name: error}) from error

    # --- From cells to a form -----------------------------------------------------------------------------------------

    def _filled(
        self, instance: Record, row: dict[str, Any], place: int
    ) -> tuple[RecordForm | None, list[tuple[str, str, str]]]:
        """Return the checked form and what it changes; no form where the file says what the register says."""
        exported = self.file.field_cells(instance) if instance.pk else {}
        told = {name: cell for name, cell in row.items() if name in self.names and name not in (ID, VERSION)}
        differs = {name for name, cell in told.items() if not says_the_same(cell, exported.get(name, ""))}
        if instance.pk and not differs:
            return None, []
        self._check_may_change(instance, row, once=place)
        before = (
            {name: display_value(instance, name) for name in differs if is_kept(self.model, name)}
            if instance.pk
            else {}
        )
        form, wrong = self._form(instance, told, differs)
        if isinstance(row.get("beyond"), Unreadable):
            wrong["beyond"] = row["beyond"].sentence
        wrong |= self._not_answered(form, {name: told[name] for name in differs}, instance)
        # Everything that is wrong with the row at once: cells that say nothing, answers the form refuses, its rules.
        if not form.is_valid() or wrong:
            raise ValidationError(_sentences(form) | wrong)
        names = dict.fromkeys([*form.changed_data, *form.open_otherwise])
        if not instance.pk:
            names = dict.fromkeys([*names, *form.cleaned_data])
        changes = [
            (name, before.get(name) or _short(exported.get(name)), self._written(form, name, told.get(name)))
            for name in names
            if name in form.fields and name not in NOT_SHOWN and not form[name].is_hidden
        ]
        if not instance.pk:
            changes = [change for change in changes if change[2] != EMPTY]
        self._remark(form, told, differs, place)
        if not self.file.register.policy.may_edit(self.user, form.instance):
            raise ValidationError("Your roles do not let you enter this row.")
        return form, changes

    def _check_may_change(self, instance: Record, row: dict[str, Any], once: int) -> None:
        if not instance.pk:
            return
        if not self.file.register.policy.may_edit(self.user, instance):
            raise ValidationError("Your roles do not let you change this row.")
        earlier = self._keys_seen.setdefault(("id", instance.pk), once)
        if earlier != once:
            raise ValidationError({ID: NOT_ALONE.format(row=self._number(earlier))})
        version = said(row.get(VERSION))
        if not version:
            raise ValidationError({VERSION: "The version is missing. Download the register again, change that file."})
        if version != str(instance.version):
            raise ValidationError({VERSION: STALE.format(now=instance.version, then=version[:20])})

    def _written(self, form: RecordForm, name: str, cell: Any) -> str:
        """Return the value that would be written, as the portal shows it."""
        if form.cleaned_data.get(name) in (None, "", []):
            return _short(cell) if named_source(cell) else EMPTY
        if name in form._meta.fields:
            return _cut(display_value(form.instance, name))
        return _cut(value_in_words(form.fields[name], form.cleaned_data[name]))

    def _remark(self, form: RecordForm, told: dict[str, Any], differs: set[str], place: int) -> None:
        """Keep what the portal made of a cell without being told to, to say so before anything is written."""
        for name in differs & set(form.fields):
            where = f"row {self._number(place)}, {form[name].label}"
            value = form.cleaned_data.get(name)
            typed = told[name]
            if isinstance(value, Decimal) and _is_rounded(typed, value):
                self.rounded.append(f"{where}: {said(typed)} → {value:,}")
            if isinstance(typed, str) and isinstance(value, str) and form[name].is_tidied:
                self.tidied.append(where)

    def _form(
        self, instance: Record, told: dict[str, Any], differs: set[str]
    ) -> tuple[RecordForm, dict[str, ValidationError | str]]:
        """Return the form filled in with what the row says, and what is wrong with the cells that say nothing."""
        form = self.file.form(instance, data={})
        form.reason_when_new = self.reason
        form.is_from_file = True
        form.fields.pop("submission", None)  # the job itself is confirmed only once
        instance.is_bulk_validated = form.is_for_bulk
        instance.parties_cache = self._parties
        data: dict[str, Any] = {"reason": self.reason, VERSION: instance.version}
        unreadable = {name: told[name].sentence for name in differs if isinstance(told[name], Unreadable)}
        answered = differs - set(unreadable)
        left_open, wrong = _left_open(form, {name: told[name] for name in answered if name in form.fields})
        wrong |= {name: sentence for name, sentence in unreadable.items() if name in form.fields}
        left_open = {name: source for name, source in left_open.items() if name not in wrong}
        form.take_from_file(left_open)
        for name, field in form.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                form.fields[name] = NamedRow(field, self._names(field))
            if name in data:
                continue
            data[name] = form.get_initial_for_field(form.fields[name], name)
            if name in left_open or name in wrong:
                data[name] = None
            elif name in differs:
                try:
                    data[name] = self._answer(form, name, told[name])
                except ValidationError as error:
                    wrong[name] = error
                    data[name] = None
        self._leave_precision_to_dates(form, told, data)
        form.data = data
        return form, wrong

    def _leave_precision_to_dates(self, form: RecordForm, told: dict[str, Any], data: dict[str, Any]) -> None:
        """Let "April 2007" say how exact a date is, where the file does not (`PortalForm`)."""
        for field in self.model._meta.fields:
            companion = getattr(field, "precision_field", "")
            if companion not in form.fields or said(told.get(companion)):
                continue
            try:
                read = read_date(data.get(field.name) or "")
            except (ValueError, TypeError, AttributeError):
                continue
            if read.is_month:
                data[companion] = None

    def _answer(self, form: RecordForm, name: str, cell: Any) -> Any:
        model_field = self.model._meta.get_field(name) if is_kept(self.model, name) else None
        return answer(cell, form.fields[name], model_field)

    def _names(self, field: forms.ModelChoiceField) -> Names:
        """The rows to choose from, read once for each different question."""
        query = str(field.queryset.query)
        if query not in self._choices:
            self._choices[query] = Names(field.queryset, field.queryset.model._meta.verbose_name)
        return self._choices[query]

    def _not_answered(self, form: RecordForm, cells: dict[str, Any], instance: Record) -> dict[str, str]:
        """Return what to say of cells that no question of this row's form takes up: none is passed over in silence."""
        parent = self.file.register.parent
        unasked = {name: cell for name, cell in cells.items() if name and name not in form.fields and name != "beyond"}
        if not instance.pk:
            unasked.pop(parent, None)
        return {
            name: "This does not change through a file. Use the record's own page, and leave the cell as it was."
            if instance.pk
            else "A new row begins without this. Leave the cell empty; the record's own page sets it later."
            for name, cell in unasked.items()
            if instance.pk or said(cell).casefold() not in EMPTY_WORDS
        }

    # --- What a row comes to ------------------------------------------------------------------------------------------

    def _write(self, form: RecordForm, place: int, *, is_new: bool) -> Write:
        try:
            ready = form.ready(self._of_one_file)
            if ready is None:
                self._try(form)
        except PermissionDenied as error:
            raise ValidationError(str(error) or "Your roles do not let you enter this row.") from error
        except ValidationError as error:
            raise ValidationError(_placed(form, error)) from error
        except (Stale, IntegrityError) as error:
            raise ValidationError(OVERTAKEN) from error
        self._check_alone(ready or form.instance, form, place)
        if is_new:
            self.twins.look(form.instance, self._number(place))
        return Write(form, ready)

    def _try(self, form: RecordForm) -> None:
        """Try the verb of a row and take back what it wrote, to learn what it would refuse."""
        version = form.instance.version
        key = form.instance.pk
        with transaction.atomic():
            form.save()
            transaction.set_rollback(True)
        form.instance.version = version
        form.instance.pk = key
        form.instance._state.adding = key is None

    def _check_alone(self, record: Record, form: RecordForm, place: int) -> None:
        """Two rows of one file that the database would not keep beside each other."""
        for fields, sentence in _unique_together(self.model):
            key = (fields, *(getattr(record, self.model._meta.get_field(name).attname) for name in fields))
            if None in key:
                continue
            earlier = self._keys_seen.setdefault(key, place)
            if earlier != place:
                asked = [name for name in fields if name in form.fields]
                words = f"{sentence} {NOT_ALONE.format(row=self._number(earlier))}".strip()
                raise ValidationError({asked[-1] if asked else NON_FIELD_ERRORS: words})

    def _number(self, place: int) -> int:
        return self.rows[place - 1].number


def _left_open(form: RecordForm, cells: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Return what the source leaves open once these cells are taken in, and what is wrong with those that say so."""
    found = {name: source for name, source in form.open_before.items() if name not in cells}
    wrong = {}
    for name, cell in cells.items():
        source = named_source(cell)
        if source is None:
            if name in form.instance.not_stated and name not in form.asked_open and not said(cell):
                wrong[name] = NOT_YOURS
        elif name in form.asked_open:
            found[name] = source
            wrong[name] = NO_SOURCE
        elif source or not isinstance(form.fields[name], forms.ChoiceField):
            wrong[name] = NOT_YOURS if name in form.could_be_open else NEVER_OPEN
    return found, {name: sentence for name, sentence in wrong.items() if not found.get(name)}


def _first_of(found: list[str]) -> str:
    more = f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return f"{'; '.join(found[:MOST_NAMED])}{more}"


def _short(cell: Any) -> str:
    return _cut(said(cell)) or EMPTY


def _cut(text: str) -> str:
    """Return a text as the preview shows it; the whole of it is on the record's page once it is written."""
    return f"{text[:LONGEST_SHOWN]}… ({len(text):,} characters)" if len(text) > LONGEST_SHOWN else text


def _is_rounded(cell: Any, written: Decimal) -> bool:
    """Return whether a number of the file was written with fewer places."""
    if isinstance(cell, Decimal):
        return cell != written
    return isinstance(cell, str) and bool(UNROUNDED.fullmatch(said(cell))) and Decimal(said(cell)) != written


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _unique_together(model: type[Record]) -> list[tuple[tuple[str, ...], str]]:
    # What people cannot edit is worked out anew when the row is written, such as a council's key.
    single = [
        ((field.name,), "") for field in model._meta.fields if field.unique and not field.primary_key and field.editable
    ]
    standing = (None, Q(withdrawn_on__isnull=True))
    several = [
        (tuple(rule.fields), str(rule.violation_error_message))
        for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint) and rule.fields and rule.condition in standing
    ]
    return single + several


def _sentences(form: RecordForm) -> dict[str, list[str]]:
    return {name: list(map(str, errors)) for name, errors in form.errors.items()}


def _placed(form: RecordForm, error: ValidationError) -> dict[str, list[str]]:
    """The sentences of a verb or of the database, each under the column that the form has for it."""
    named = error if hasattr(error, "error_dict") else ValidationError({NON_FIELD_ERRORS: error.error_list})
    return shown_on(form, named).message_dict


# --- New rows that may be there already -------------------------------------------------------------------------------

NAMES = ("title", "name", "short_title", "subject")


class Twins:
    """The rows of a register by name and by a value that seldom stands there twice."""

    def __init__(self, model: type[Record], user: Any):
        self.model = model
        self.user = user
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
