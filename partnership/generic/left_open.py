"""Facts that a source leaves open: "not stated" is an answer, which names its source (ADR 0011).

One mechanism for every form and file. A form asks two questions more – which of its facts the source does not state,
and which source that is – of whoever may record from the public record, and of nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db import models

from partnership.accounts.roles import Permission
from partnership.generic.display import HIDDEN_WHEN_EMPTY, qualifier_fields

if TYPE_CHECKING:
    from partnership.models import User
    from partnership.records.record import Record

OPEN = "left_open"
SOURCE = "left_open_by"
QUESTIONS = frozenset({OPEN, SOURCE})
LEGEND = "What the source does not state"
HINT = (
    "Tick what the source leaves open and name the source. Everybody then reads “Not stated” there, not “Not recorded”."
)
NAME_IT = "Name the source that leaves this open."
BOTH = "This is filled in and ticked as not stated. Keep one of the two."


class NotStatedMixin:
    """Mixed into forms that write a record."""

    # The questions that may be left open; of a form that edits a record every optional one, unless it says otherwise.
    may_be_open: ClassVar[tuple[str, ...] | None] = None
    # What a file says instead of ticks: each fact and the source that leaves it open.
    not_stated_from_file: Mapping[str, str] | None = None

    @property
    def folded_fieldsets(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """The two questions stand below all others, closed until somebody opens them."""
        return ((LEGEND, HINT, (OPEN, SOURCE)),)

    def add_not_stated_fields(
        self, names: Iterable[str], record: Record, user: User, *, before: Mapping[str, str]
    ) -> None:
        """Ask about these of the form's questions, where the person may answer. ``before`` is what was open so far."""
        self.could_be_open = frozenset(names)
        may = user.has_perm(Permission.RECORD_FROM_PUBLIC_RECORD, record if record.pk else None)
        self.asked_open = tuple(name for name in names if may and name in self.fields)
        self.open_before = {name: source for name, source in before.items() if name in self.asked_open}
        if self.asked_open:
            self._ask()

    def _ask(self) -> None:
        sources = set(self.open_before.values())
        self.fields[OPEN] = forms.MultipleChoiceField(
            label="Not stated in the source",
            choices=lambda: [(name, self[name].label) for name in self.asked_open if name in self.fields],
            initial=list(self.open_before),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[SOURCE] = forms.CharField(
            label="Which source leaves it open",
            help_text="For example “Gateway review of 16 March 2019”.",
            initial=sources.pop() if len(sources) == 1 else "",
            required=False,
            max_length=200,
        )

    def take_from_file(self, told: Mapping[str, str]) -> None:
        """A file answers with its own cells: each fact that it leaves open, and the source."""
        self.not_stated_from_file = told
        for name in QUESTIONS & set(self.fields):
            del self.fields[name]

    def open_facts(self) -> dict[str, str]:
        """Return the facts that are open now, each with its source, without those that are filled in now."""
        if self.not_stated_from_file is not None:
            return dict(self.not_stated_from_file)
        ticked = self.cleaned_data.get(OPEN, ())
        source = self.cleaned_data.get(SOURCE, "").strip()
        same = source == (self.fields[SOURCE].initial if SOURCE in self.fields else source)
        sources = {name: self.open_before[name] if same and name in self.open_before else source for name in ticked}
        return {name: found for name, found in sources.items() if not self._answered_after_all(name)}

    def _clean_form(self) -> None:
        super()._clean_form()
        found = self.open_facts()
        for name in found:
            if is_filled(self.cleaned_data.get(name)):
                self.add_error(name, BOTH)
        if SOURCE in self.fields and not all(found.values()):
            self.add_error(SOURCE, NAME_IT)

    @property
    def open_otherwise(self) -> list[str]:
        """Return the facts that are open for another reason than before, and those that are open no longer."""
        now = self.open_facts()
        return [name for name in self.asked_open if now.get(name) != self.open_before.get(name)]

    def _answered_after_all(self, name: str) -> bool:
        return name in self.open_before and is_filled(self.cleaned_data.get(name))


def is_filled(value: Any) -> bool:
    """Return whether a question was answered."""
    return value not in (None, "", [])


def openable(model: type[Record], names: Iterable[str]) -> list[str]:
    """Return a model's fields that are a gap when empty: not its switches, remarks and ends."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    unasked = qualifier_fields(model) | HIDDEN_WHEN_EMPTY
    return [
        name
        for name in names
        if name in fields
        and name not in unasked
        and fields[name].blank
        and not isinstance(fields[name], models.BooleanField)
    ]
