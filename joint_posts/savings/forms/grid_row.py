"""A row of the grid: one council's figures of a saving in one financial year."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from joint_posts.models import Saving, SavingLine, figures
from joint_posts.savings import workflow
from joint_posts.savings.forms.pasted import COLUMNS
from partnership.dates import DateText
from partnership.financial_years import FinancialYear
from partnership.generic.display import NOT_RECORDED, display_value
from partnership.generic.forms import LARGE_SUMS, AsksAboutLargeSums, shown_on
from partnership.generic.renderer import ErrorLink, PortalForm, error_link
from partnership.models import Council, User
from partnership.money import WHOLE_POUND

CELLS = (*figures.FIELDS, figures.ABOUT)
LABELS = COLUMNS | {figures.ABOUT: "about"}
NOT_TOUCHED = "You left it as it was"


def as_typed(value: Any) -> Any:
    """A stored amount as a person would type it into the grid; anything else as it is."""
    if not isinstance(value, Decimal):
        return value
    return f"{value:,.0f}" if value % WHOLE_POUND == 0 else f"{value:,.2f}"


def sent_as(value: Any) -> str:
    """A stored value as a browser sends it: the text of its box, or "on"."""
    if isinstance(value, date):
        return DateText().format_value(value)
    if isinstance(value, bool):
        return "on" if value else ""
    return as_typed(value) or ""


class LineRow(AsksAboutLargeSums, PortalForm, forms.Form):
    """One council's figures in one financial year. It knows the line as it was read, and as it stands now."""

    model = SavingLine  # its constraints say which cells their sentences are about
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, council: Council, year: FinancialYear, line: SavingLine | None):
        self.council = council
        self.year = year
        self.line = line
        super().__init__(data, prefix=f"{council.pk}-{year.key}")
        for name, field in forms.fields_for_model(SavingLine, fields=CELLS).items():
            field.label = f"{self.label}, {LABELS[name]}"
            field.help_text = ""
            self.fields[name] = field
        for name in CELLS:
            self.initial[name] = getattr(self.as_read, name, None)
        self.initial["version"] = self.read_version

    @property
    def label(self) -> str:
        return f"{self.council.short_name} {self.year}"

    @property
    def cells(self) -> Iterator[Any]:
        """The boxes of the row in the order of the columns, each with the column's name."""
        for name in CELLS:
            box = self[name]
            box.column = LABELS[name].capitalize()
            yield box

    @property
    def large_sums_box(self) -> Any:
        """The box that confirms a large sum of the row; ``None`` where there is none to ask about."""
        return self[LARGE_SUMS] if LARGE_SUMS in self.fields else None

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        return as_typed(super().get_initial_for_field(field, field_name))

    # --- As it was read, and as it stands -----------------------------------------------------------------------------

    @cached_property
    def read_version(self) -> int | None:
        """The version of the line that the person was shown; none when there was no line."""
        if not self.is_bound:
            return self.line.version if self.line else None
        typed = self.data.get(self.add_prefix("version"), "")
        return int(typed) if typed.isdecimal() and len(typed) < 10 else None

    @cached_property
    def as_read(self) -> Any:
        """The line as the person was shown it, from its history when it has changed since."""
        if self.line is None or self.read_version is None:
            return None
        if self.line.version == self.read_version:
            return self.line
        return SavingLine.history.filter(id=self.line.pk, version=self.read_version).last()

    @property
    def has_moved_on(self) -> bool:
        """Return whether the line was entered, changed or withdrawn since the person was shown it."""
        return self.read_version != (self.line.version if self.line else None)

    @property
    def is_stale(self) -> bool:
        """Return whether saving the row would undo what somebody else saved meanwhile."""
        return self.has_moved_on and self.is_to_save

    @property
    def touched(self) -> list[str]:
        """The cells in which the person changed something."""
        return [name for name in self.changed_data if name in CELLS]

    def _says_otherwise(self, name: str) -> bool:
        stored = getattr(self.line, name, None)
        return self.fields[name].has_changed(stored, self[name].data)

    @property
    def is_to_save(self) -> bool:
        """Return whether saving the row would change anything."""
        return bool(self.touched) and any(self._says_otherwise(name) for name in CELLS)

    @property
    def changes_the_plan(self) -> bool:
        """Return whether an estimate that stands would become another one."""
        standing = self.line is not None and self.line.estimated is not None
        return standing and "estimated" in self.touched

    @property
    def notes(self) -> list[str]:
        """Return the notes to read before changing the row."""
        amounts = [getattr(self.line, figure.name, None) for figure in figures.BENEFITS]
        said = ["costs more than it saves"] if any(amount is not None and amount < 0 for amount in amounts) else []
        if self.line is not None and self.line.verified_by_id is not None:
            said.append("verified; a change of what is delivered clears it")
        if self.line is not None and self.line.calculated_from_id is not None:
            said.append("worked out from the post; a change by hand parts it from the arithmetic")
        return said

    # --- Checking and saving ------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        is_empty = all(self[figure.name].data in (None, "") for figure in figures.ENTERED)
        if self.touched == [figures.ABOUT] and is_empty:
            self.add_error(figures.ABOUT, "Enter the figure that is about.")
        return self.cleaned_data

    def save(self, saving: Saving, *, on: date, by: User, reason: str) -> SavingLine:
        """Write the row. Raises what `workflow.set_line` raises."""
        return workflow.set_line(
            saving,
            self.council,
            str(self.year),
            # A copy, so that a refused row is still told from what stands; and never a line entered meanwhile.
            line=copy(self.line) if self.line else SavingLine(saving=saving),
            **{name: self.cleaned_data[name] for name in CELLS},
            on=on,
            by=by,
            reason=reason,
        )

    def refuse(self, error: ValidationError) -> None:
        """Put the workflow's sentences on the cells that they are about."""
        shown = shown_on(self, error)
        sentences = shown.error_dict if hasattr(shown, "error_dict") else {NON_FIELD_ERRORS: shown.error_list}
        for name, errors in sentences.items():
            self.add_error(name if name in CELLS else None, ValidationError(errors))

    @property
    def error_links(self) -> list[ErrorLink]:
        """The row's errors for the top of the page, each named by council, year and column and leading to its cell."""
        first = self[CELLS[0]].error_target
        links = [error_link(error, first, self.label) for error in self._wrong(NON_FIELD_ERRORS)]
        for name in CELLS:
            links += [error_link(error, self[name].error_target, self[name].label) for error in self._wrong(name)]
        return links

    def _wrong(self, name: str) -> list[ValidationError]:
        return self.errors[name].as_data() if name in self.errors else []

    # --- Somebody else's change ---------------------------------------------------------------------------------------

    @property
    def differences(self) -> list[dict[str, str]]:
        """For the page of a stale row: each cell in which what was typed and what stands differ."""
        return [
            {
                "label": self[name].label,
                "typed": self._in_words(name) if name in self.touched else NOT_TOUCHED,
                "now": display_value(self.line, name) if self.line else NOT_RECORDED,
            }
            for name in CELLS
            if self._says_otherwise(name)
        ]

    def _in_words(self, name: str) -> str:
        typed = self[name].data
        if name == figures.ABOUT:
            return "Yes" if typed else "No"
        return typed or "Empty"

    def as_it_stands(self) -> dict[str, str]:
        """Return the form's next data: the stored version, and the stored values of cells that were not edited."""
        values = {"version": str(self.line.version) if self.line else ""}
        untouched = [name for name in CELLS if name not in self.touched]
        values |= {name: sent_as(getattr(self.line, name, None)) for name in untouched}
        return {self.add_prefix(name): value for name, value in values.items()}
