"""Columns of a register's files: those of the list, then every other answer of its form, ID and version.

One class says it for export, template and import, so that what goes out can come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import ForeignKey, QuerySet

from partnership.generic.cells import Names
from partnership.generic.display import RESTRICTED, Column, field_column, label_of
from partnership.generic.exports import cell
from partnership.generic.forms import RecordForm
from partnership.generic.left_open import QUESTIONS
from partnership.records.record import Record
from partnership.text import folded

if TYPE_CHECKING:
    from partnership.generic.register import Register
    from partnership.models import User

ID = "id"
VERSION = "version"
ROWS_READ_AT_ONCE = 10_000  # what is read along with rows costs its queries once for so many
NOT_ASKED = QUESTIONS | {"reason", "submission", VERSION}


class RegisterFile:
    """A register's rows as a file for one person."""

    def __init__(self, register: Register, user: User, rows: QuerySet | None = None):
        self.register = register
        self.user = user
        self.model = register.model
        self.rows = register.rows(user) if rows is None else rows

    # --- Questions ----------------------------------------------------------------------------------------------------

    def form(self, record: Record, **kwargs: Any) -> RecordForm:
        """The register's form for a record or a new row, without what this person may not see."""
        hidden = tuple(self.register.policy.hidden_fields(self.user, record if record.pk else None))
        return self.register.form_class(user=self.user, restricted=hidden, instance=record, **kwargs)

    def new(self, parent: Record | None = None) -> Record:
        """An empty row, under its parent where the register is a part."""
        record = self.model()
        if parent is not None:
            setattr(record, self.register.parent, parent)
        return record

    @cached_property
    def parents(self) -> Names | None:
        """The rows that a new row of a part can stand under."""
        above = self.register.above
        if above is None:
            return None
        rows = above.model.objects.visible_to(self.user).active()
        return Names(above.with_related(rows), str(above.label).lower())

    @cached_property
    def question_form(self) -> RecordForm | None:
        """The form of a new row, to ask for its questions; none for a part that has nothing to stand under yet."""
        if self.register.form_class is None:
            return None
        if self.parents is None:
            return self.form(self.new())
        parents = list(self.parents.by_key.values())
        if not parents:
            return None
        form = self.form(self.new(parents[0]))
        form.ask_for_all(parents)
        return form

    @property
    def questions(self) -> dict[str, Any]:
        """The form's fields that a file answers, by name, each once."""
        fields = self.question_form.fields if self.question_form else {}
        return {name: field for name, field in fields.items() if name not in NOT_ASKED}

    # --- Columns ------------------------------------------------------------------------------------------------------

    @cached_property
    def columns(self) -> list[Column]:
        """The columns of the register's file, in their order."""
        shown = self.register.columns_for(self.user, self.rows)
        named = {column.name for column in shown}
        more = [self._column(name) for name in self.questions if name not in named]
        parent = [field_column(self.model, self.register.parent)] if self.register.above else []
        columns = [*parent, *shown, *more]
        return [*columns, *_identity({column.label for column in columns})]

    @cached_property
    def template_columns(self) -> list[Column]:
        """The columns that a new row needs."""
        parent = [field_column(self.model, self.register.parent)] if self.register.above else []
        return [*parent, *(self._column(name) for name in self.questions)]

    def _column(self, name: str) -> Column:
        label = str(self.question_form[name].label)
        if is_kept(self.model, name):
            return field_column(self.model, name)
        return Column(label=label, text=str, raw=_nothing, name=name)

    @cached_property
    def names_by_label(self) -> dict[str, str]:
        """Return the meaning of each possible heading; a computed column has an empty name."""
        labels = {column.label: column.name for column in self.columns}
        labels |= {label_of(self.model, name): name for name in self.questions if is_kept(self.model, name)}
        labels |= {str(self.question_form[name].label): name for name in self.questions}
        return {folded(label): name for label, name in labels.items()}

    # --- Rows ---------------------------------------------------------------------------------------------------------

    @property
    def headings(self) -> list[str]:
        return [column.label for column in self.columns]

    def lines(self) -> Iterator[list[Any]]:
        """Return every row as it stands in the file."""
        for record in self.with_names(self.rows).iterator(chunk_size=ROWS_READ_AT_ONCE):
            yield self.line(record)

    def with_names(self, rows: QuerySet) -> QuerySet:
        """The rows with the other rows whose names stand in their columns."""
        fields = [column.name for column in self.columns if is_kept(self.model, column.name)]
        related = [name for name in fields if isinstance(self.model._meta.get_field(name), ForeignKey)]
        return rows.select_related(*related) if related else rows

    def line(self, record: Record) -> list[Any]:
        """A record's cells, in the order of the columns."""
        unseen = self.register.policy.hidden_fields(self.user, record)
        extra = self._extra(record)
        cells = []
        for column in self.columns:
            if column.name in unseen:
                cells.append(RESTRICTED)
            elif column.name in extra:
                cells.append(cell(extra[column.name]))
            else:
                cells.append(cell(column.raw(record)))
        return cells

    def field_cells(self, record: Record) -> dict[str, Any]:
        """The same, by the column's name."""
        return dict(zip((column.name for column in self.columns), self.line(record), strict=True))

    @cached_property
    def _extra_names(self) -> Iterable[str]:
        """Answers about a row there is that are no field of it, such as each council's share of a cost."""
        new = self.register.form_class.only_when_new if self.register.form_class else ()
        return [name for name in self.questions if not is_kept(self.model, name) and name not in new]

    def _extra(self, record: Record) -> dict[str, Any]:
        return self.register.form_class.answers_of(record, self.user, self._extra_names) if self._extra_names else {}


def _nothing(record: Record) -> None:
    """Return the empty answer to a question that only a new row has."""


def _identity(labels: set[str]) -> list[Column]:
    """Return the ID of the row and the version from which the file was made."""
    version = "Record version" if "Version" in labels else "Version"  # a paper has a version of its own
    return [
        Column(label="ID", text=str, raw=lambda record: record.pk, numeric=True, name=ID),
        Column(label=version, text=str, raw=lambda record: record.version, numeric=True, name=VERSION),
    ]


def is_kept(model: type[Record], name: str) -> bool:
    """Return whether the record itself keeps an answer; a form may also ask for what stands in other records."""
    return any(field.name == name for field in model._meta.concrete_fields)
