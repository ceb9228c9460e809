"""Write the value of a field for lists, detail pages, exports and the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from partnership import text as names_in_text
from partnership.dates import Precision, RecordedDateField, in_words
from partnership.money import MoneyField, MoneyFormField, PercentField, PercentFormField, percent, pounds
from partnership.records.record import Record
from partnership.wording import capitalised

NOT_RECORDED = "Not recorded"
NOT_STATED = "Not stated"
RESTRICTED = "Restricted"
DASH = "–"

# Fields that are empty as a rule: an end that has not come, a remark nobody made. Empty, they are no gap to point at.
HIDDEN_WHEN_EMPTY = frozenset(
    {
        "account_moved_on",
        "also_called",
        "confirmed_by",
        "confirmed_on",
        "proposed_by",
        "stands_in_from",
        "answer",
        "answered_on",
        "appointed_by",
        "asked",
        "assumed_notice_by",
        "assumed_notice_on",
        "budget_reference",
        "call_in_outcome",
        "done_on",
        "employed_by",
        "evidence",
        "call_in_reason",
        "call_in_resolved_on",
        "called_in_on",
        "cancel_reason",
        "cancelled_on",
        "end_reason",
        "ended_on",
        "key_reason",
        "last_day_on",
        "left_on",
        "no_public_access_reason",
        "note",
        "shared_with_programme",
        "sign_in_reset_on",
        "stands_since",
        "statutory_role",
        "until_on",
        "verification_note",
        "what_follows",
        "calculated_from",
        "calculation",
    }
)

# Names of foreign keys already read: (model, id) → name. Spares the history a query for every change.
Names = Mapping[tuple[type[models.Model], Any], str]


def label_of(model: type[Record], name: str) -> str:
    """A field's label, as forms, lists and exports show it."""
    label = str(model._meta.get_field(name).verbose_name)
    return capitalised(label)


def qualifier_fields(model: type[Record]) -> set[str]:
    """Return the fields that only qualify another one ("about", "how exact is") and are written together with it."""
    fields = model._meta.get_fields()
    names = {getattr(field, "precision_field", "") for field in fields}
    names |= {getattr(field, "about_field", "") for field in fields}
    return names - {""}


def is_unknown(record: Record, name: str) -> bool:
    """Return whether the field is empty."""
    return getattr(record, record._meta.get_field(name).attname) in (None, "")


def display_value(record: Record, name: str, names: Names | None = None) -> str:
    """A field's value in words. Empty is "Not stated" where the source is named that leaves it open."""
    field = record._meta.get_field(name)
    value = getattr(record, field.attname)
    if value in (None, ""):
        if name in HIDDEN_WHEN_EMPTY and name not in record.not_stated:
            return DASH
        return capitalised(record.unknown_words(name))
    if isinstance(field, models.ForeignKey):
        key = (field.related_model, value)
        return names.get(key, "") if names is not None else str(getattr(record, name))
    return _written(record, field, value)


@cache
def _words_of(field: models.Field) -> dict[Any, str]:
    """Return the words for each choice of a field. Kept, because a file of a register needs them for every cell."""
    return {value: str(words) for value, words in field.flatchoices}


def _written(record: Record, field: models.Field, value: Any) -> str:
    if field.choices:
        return _words_of(field).get(value, str(value))
    if isinstance(field, MoneyField):
        about = bool(field.about_field and getattr(record, field.about_field))
        return pounds(value, about=about, pence=value != Decimal(value).to_integral_value())
    if isinstance(field, PercentField):
        return percent(value)
    if isinstance(field, RecordedDateField):
        words = in_words(value, getattr(record, field.precision_field, Precision.DAY))
        return capitalised(words)
    if isinstance(field, models.DateField):
        return in_words(value)
    if isinstance(field, models.BooleanField):
        return "Yes" if value else "No"
    read = record.names_read_by if field.name in record.narrated else None
    return names_in_text.in_words(str(value), read)


def value_in_words(question: forms.Field, value: Any) -> str:
    """Return the answer to a form's question in words, where no record keeps it in a field of its own."""
    if isinstance(value, list | tuple | models.QuerySet):
        return ", ".join(str(each) for each in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(question, MoneyFormField):
        return pounds(value, pence=value != value.to_integral_value())
    if isinstance(question, PercentFormField):
        return percent(value)
    if isinstance(value, date):
        return in_words(value)
    if isinstance(question, forms.ChoiceField):
        return str(dict(question.choices).get(value, value))
    return str(value)


def export_value(record: Record, name: str) -> Any:
    """A field's value for a spreadsheet: numbers as numbers, dates as dates, names as names; or who leaves it open."""
    field = record._meta.get_field(name)
    value = getattr(record, field.attname)
    if value in (None, ""):
        source = record.not_stated.get(name)
        return f"{NOT_STATED}: {source}" if source else ""
    if isinstance(field, models.ForeignKey):
        return str(getattr(record, name))
    return _words_of(field).get(value, str(value)) if field.choices else value


@dataclass(frozen=True)
class Column:
    """A column of a list and of its export."""

    label: str
    text: Callable[[Any], str]
    raw: Callable[[Any], Any]
    numeric: bool = False
    sort: str = ""  # the lookup that orders by it; empty when it cannot be sorted
    is_tag: bool = False  # a status word, shown in a coloured tag
    name: str = ""

    def cell(self, record: Any) -> dict[str, Any]:
        """The cell as the templates take it."""
        text = self.text(record)
        unknown = text in (NOT_RECORDED, NOT_STATED, DASH)
        return {
            "label": self.label,
            "text": text,
            "numeric": self.numeric,
            "tag": self.is_tag and not unknown,
            "muted": unknown,
        }

    def restricted_cell(self) -> dict[str, Any]:
        """Return the text in place of a value that the reader may not see."""
        return {"label": self.label, "text": RESTRICTED, "numeric": self.numeric, "muted": True}


TAGGED_FIELDS = ("status", "stage", "rating", "appointment", "standing")


def field_column(model: type[Record], name: str) -> Column:
    """The column of a model's field."""
    field = model._meta.get_field(name)
    sort = name
    if isinstance(field, models.ForeignKey):
        ordering = field.related_model._meta.ordering
        sort = f"{name}__{ordering[0].lstrip('-')}" if ordering else name
    return Column(
        label=label_of(model, name),
        text=lambda record: display_value(record, name),
        raw=lambda record: export_value(record, name),
        numeric=isinstance(field, models.DecimalField | models.IntegerField) and not field.choices,
        sort=sort,
        is_tag=name in TAGGED_FIELDS,
        name=name,
    )


def has_field(model: type[Record], name: str) -> bool:
    """Return whether the model has a field of that name."""
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
