"""A register, declared: its model, its columns, its form and filter.

Who may do what with its rows is its policy (`policy.py`); its pages and their addresses follow from it (`urls.py`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from partnership.accounts.roles import Permission
from partnership.generic.display import HIDDEN_WHEN_EMPTY, Column, field_column, has_field, is_unknown, qualifier_fields
from partnership.generic.filters import RegisterFilter
from partnership.generic.forms import RecordForm
from partnership.generic.listings import RelatedTable
from partnership.generic.policy import RegisterPolicy
from partnership.generic.record_actions import WITHDRAW, RecordAction
from partnership.models import User
from partnership.records.as_at import AsAt
from partnership.records.record import Record, RecordQuerySet


class Register:
    """Declare one by subclassing and name it in ``REGISTERS`` of its app; its pages follow (`urls.register_urls`).

    A register with a ``parent`` is a part of another one: its rows are listed, made and changed on the parent's page.
    """

    model: ClassVar[type[Record]]
    path: ClassVar[str]  # the first part of its addresses, "joint-posts"
    form_class: ClassVar[type[RecordForm] | None] = None  # none: rows come only from workflow verbs
    is_edited: ClassVar[bool] = True  # whether that form changes rows too; where it does not, only verbs do
    filterset_class: ClassVar[type[RegisterFilter] | None] = None
    columns: ClassVar[tuple[str | Column, ...]] = ()
    policy_class: ClassVar[type[RegisterPolicy]] = RegisterPolicy  # who may read, change and see what
    # Fields that need a permission beyond reading the register; honoured on every page and in every file.
    restricted: ClassVar[dict[str, Permission]] = {}
    parts: ClassVar[tuple[type[Register], ...]] = ()
    related_tables: ClassVar[tuple[RelatedTable, ...]] = ()  # on whose pages, beside its own list, its rows stand too
    record_actions: ClassVar[tuple[RecordAction, ...]] = ()
    parent: ClassVar[str] = ""  # the foreign key to the parent's record
    key: ClassVar[str] = "pk"  # how addresses name a record
    detail_suffix: ClassVar[str] = ""  # set where the record's own address shows something else, such as a paper
    help: ClassVar[str] = ""
    empty_text: ClassVar[str] = ""

    def __init__(self, above: Register | None = None):
        self.above = above
        self.policy = self.policy_class(self)
        self.part_registers = tuple(part(above=self) for part in self.parts)

    # --- Names and addresses -----------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The register's name in addresses: "jointpost"."""
        return self.model._meta.model_name

    @property
    def names(self) -> set[str]:
        """The register's name and those of its parts."""
        return {self.name} | {part.name for part in self.part_registers}

    def with_parts(self) -> Iterator[Register]:
        """The register, then its parts and theirs."""
        yield self
        for part in self.part_registers:
            yield from part.with_parts()

    @property
    def kinds(self) -> list[Register]:
        """Return what the rows of an imported file may be: the register's own rows, or those of a part."""
        below = itertools.chain.from_iterable(part.kinds for part in self.part_registers)
        return [self, *below] if self.is_entered else list(below)

    @property
    def label(self) -> str:
        return capfirst(self.model._meta.verbose_name)

    @property
    def label_plural(self) -> str:
        return capfirst(self.model._meta.verbose_name_plural)

    @property
    def inner_path(self) -> str:
        """The address of a part below the register's own; empty for the register itself."""
        return f"{self.above.inner_path}{self.path}/" if self.above else ""

    @property
    def add_label(self) -> str:
        """The words on the button that adds a row: "Add an agreement"."""
        noun = self.label if self.label[1:2].isupper() else self.label[:1].lower() + self.label[1:]
        return f"Add {'an' if noun[0] in 'aeiou' else 'a'} {noun}"

    def url(self, page: str, record: Record | None = None) -> str:
        """The address of one of the register's pages."""
        return reverse(f"{self.name}_{page}", args=[getattr(record, self.key)] if record is not None else [])

    def create_url(self, parent: Record | None = None) -> str:
        """Return the address of the form for a new row: under its parent's record for a part."""
        return reverse(f"{self.name}_create", args=[getattr(parent, self.above.key)] if parent is not None else [])

    @property
    def all_actions(self) -> tuple[RecordAction, ...]:
        """The register's own verbs; a row that people enter can be withdrawn too."""
        return (*self.record_actions, WITHDRAW) if self.is_entered else self.record_actions

    @property
    def part_relations(self) -> tuple[str, ...]:
        """The relations that lead from a record to its parts."""
        return tuple(part.model._meta.get_field(part.parent).remote_field.name for part in self.part_registers)

    # --- Who may ------------------------------------------------------------------------------------------------------

    @property
    def is_entered(self) -> bool:
        """Return whether people enter rows in a form."""
        return self.form_class is not None

    # --- Rows and columns ---------------------------------------------------------------------------------------------

    def rows(self, user: User) -> RecordQuerySet:
        """The standing rows that the person may see, with what the columns need."""
        return self.with_related(self.model.objects.visible_to(user).active())

    def as_true_on(self, records: list[Any], moment: AsAt) -> list[Any]:
        """The records as they were true on a day, for a register that keeps some of its fields over time."""
        return records

    def visible_children(self, parent: Record, user: User) -> RecordQuerySet:
        """Return every row of a part below the parent's record that the person may see, withdrawn ones too."""
        return self.model.objects.visible_to(user).filter(**{self.parent: parent})

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        """Read along what the columns show of other records: a page costs as much for one row as for fifty."""
        return rows.select_related(*self._related, *self._way_to_scope)

    @cached_property
    def _way_to_scope(self) -> tuple[str, ...]:
        """The relations to where the row belongs, which is asked of each row: who may see what of it."""
        *steps, _ = self.model.scope.split("__") if self.model.scope else ("",)
        return ("__".join(steps),) if steps else ()

    @cached_property
    def _related(self) -> tuple[str, ...]:
        shown = [name for name in self.columns if isinstance(name, str) and has_field(self.model, name)]
        links = [field for field in map(self.model._meta.get_field, shown) if isinstance(field, ForeignKey)]
        # What a link shows is the other record's name, which may in turn name the council it belongs to.
        paths = [link.name for link in links]
        for link in links:
            fields = link.related_model._meta.fields
            paths += [f"{link.name}__{field.name}" for field in fields if field.is_relation]
        return tuple(paths)

    def columns_for(self, user: User, rows: QuerySet | None = None) -> list[Column]:
        """The columns of the list and of the export. ``rows`` are those listed, for columns that depend on them."""
        return self._columns(self.columns, user)

    def _columns(self, names: tuple[str | Column, ...], user: User) -> list[Column]:
        return [
            column if isinstance(column, Column) else field_column(self.model, column)
            for column in names
            if isinstance(column, Column) or self.policy.may_view_field(user, column)
        ]

    def names_read_by(self, record: Record) -> Callable[[str], str] | None:
        """Return what prints the names in narrated texts of a record as its paper does; none where it has no paper."""
        return None

    def read_names(self, rows: Iterable[Record], record: Record) -> None:
        """Let rows print the names in their narrated texts as the paper of a record does: theirs, or their parent."""
        if record.names_read_by is None:
            record.names_read_by = self.names_read_by(record)
        for row in rows:
            row.names_read_by = record.names_read_by

    def detail_fields(self, record: Record, user: User) -> list[dict[str, Any]]:
        """The record's fields in words, for its page."""
        if self.model.narrated and record.current_row is None:
            self.read_names([record], record)
        left_out = (
            UNSHOWN
            | self.model.internal
            | qualifier_fields(self.model)
            | self.policy.hidden_fields(user, record)
            | {self.parent}
        )
        names = [f.name for f in self.model._meta.fields if f.name not in left_out]
        quiet = HIDDEN_WHEN_EMPTY - set(record.not_stated)
        shown = (name for name in names if not (name in quiet and is_unknown(record, name)))
        cells = {name: field_column(self.model, name).cell(record) for name in shown}
        for name, source in record.open_facts().items():
            if name in cells:
                cells[name] |= {"text": f"{cells[name]['text']}: {source}", "tag": False}
        return list(cells.values())

    def field_cells(self, record: Record, user: User, names: tuple[str, ...]) -> list[dict[str, Any]]:
        """Some of the record's fields in words, as far as the person may see them."""
        hidden = self.policy.hidden_fields(user, record)
        return [field_column(self.model, name).cell(record) for name in names if name not in hidden]

    def title_of(self, record: Record) -> str:
        return str(record)

    def headline_facts(self, record: Record, user: User) -> list[str]:
        """A few words to stand at the top of the record's page."""
        return []

    def extra_context(self, record: Record, request: HttpRequest) -> dict[str, Any]:
        """Return what a template of the register's own needs beside the record's fields and parts."""
        return {}

    def actions(self, record: Record, user: User) -> list[dict[str, str]]:
        """The buttons on the record's page: its verbs and editing, as far as the person may."""
        buttons = [
            {"label": verb.label, "url": self.url(verb.name, record), "kind": "secondary"}
            for verb in self.all_actions
            if verb.may(user, record)
        ]
        if self.is_edited and self.policy.may_edit(user, record):
            buttons.insert(0, {"label": "Edit", "url": self.url("edit", record), "kind": "primary"})
        return buttons

    def tabs(self, record: Record, current: str) -> list[dict[str, Any]]:
        """The sub-navigation of a record."""
        return [
            {"label": label, "url": self.url(page, record), "current": page == current}
            for page, label in (("detail", "Details"), ("history", "History"))
        ]

    def url_after(self, record: Record, user: User) -> str:
        """Return the page to show after an act: the record's, or what is above it when the act took it from sight."""
        if self.model.objects.visible_to(user).filter(pk=record.pk).exists():
            return self.url("detail", record)
        if self.above is None:
            return self.url("list")
        return self.above.url_after(getattr(record, self.parent), user)

    def breadcrumbs(self, record: Record | None = None) -> list[tuple[str, str]]:
        """The breadcrumbs that lead to the register, or to the record."""
        if self.above is None:
            steps = [("Home", reverse("home")), (self.label_plural, self.url("list"))]
        else:
            parent = getattr(record, self.parent) if record is not None else None
            steps = self.above.breadcrumbs(parent)
        return [*steps, (self.title_of(record), self.url("detail", record))] if record is not None else steps

    def part_table(self, record: Record, user: User) -> dict[str, Any]:
        """The rows of this part that belong to a record, as its page shows them."""
        rows = self.rows(user).filter(**{self.parent: record})
        if self.model.narrated:
            self.read_names(rows, record)
        return self._table(self.columns_for(user), rows, user) | {
            "label": self.label_plural,
            "help": self.help,
            "create_url": self.create_url(record) if self.policy.may_edit(user, record) else "",
            "create_label": self.add_label,
            "empty_text": self.empty_text,
        }

    def listing_table(self, listing: RelatedTable, record: Record, user: User) -> dict[str, Any] | None:
        """The register's rows that are linked to another's record; nothing where there is neither row nor button."""
        if not self.policy.may_read(user):
            return None
        rows = self.rows(user).filter(**{listing.link: record})
        table = self._table(self._columns(listing.columns, user), rows, user)
        may_add = listing.add_label and not record.is_withdrawn and self.policy.may_edit(user)
        if not (table["rows"] or may_add or listing.empty_text):
            return None
        return table | {
            "label": listing.label,
            "create_url": f"{self.create_url()}?{listing.link}={record.pk}" if may_add else "",
            "create_label": listing.add_label,
            "empty_text": listing.empty_text,
        }

    def _table(self, columns: list[Column], rows: QuerySet, user: User) -> dict[str, Any]:
        return {
            "id": self.path,
            "columns": [{"label": column.label, "numeric": column.numeric} for column in columns],
            "rows": [self.row(columns, row, user) for row in rows],
        }

    def row(self, columns: list[Column], record: Record, user: User) -> dict[str, Any]:
        """A row of the list; fields of it that this person may not see are not in it."""
        hidden = self.policy.hidden_fields(user, record)
        cells = [column.restricted_cell() if column.name in hidden else column.cell(record) for column in columns]
        return {"url": self.url("detail", record), "cells": cells}


UNSHOWN = frozenset({"id", "version", "not_stated", "withdrawn_on", "withdrawn_reason"})
