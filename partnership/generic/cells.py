"""Read the cell of a spreadsheet as the answer to a form's question. The form decides whether the answer will do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from partnership.dates import read_date
from partnership.financial_years import FinancialYearField
from partnership.generic.display import NOT_RECORDED, NOT_STATED
from partnership.generic.exports import FORMULA_STARTS, GUARD
from partnership.money import (
    PLACES_OF_PERCENT,
    MoneyFormField,
    PercentFormField,
    has_percent_sign,
    read_percent,
    to_pennies,
)
from partnership.text import folded, one_line, quoted

EMPTY_ANSWERS = frozenset({"", *(words.casefold() for words in (NOT_RECORDED, NOT_STATED))})
YES = frozenset({"yes", "y", "true", "1"})
NO = frozenset({"no", "n", "false", "0"})
NUMBERED = re.compile(r"ID\s*(\d{1,18})", re.IGNORECASE)  # in place of a name that several bear
MOST_CHOICES = 12
LISTED = "; "
UNROUNDED = re.compile(r"-?\d*\.\d{4,}")  # of a formula whose result was not rounded
LIST_MARK = ";"  # between several names in one cell


class Percentage(Decimal):
    """A number that the file itself shows as a percentage."""


class NamedRow(forms.Field):
    """A choice among rows, in a file: rows are known by their names, and read once for the whole file."""

    def __init__(self, question: forms.ModelChoiceField, names: Names):
        super().__init__(
            required=question.required,
            label=question.label,
            initial=question.initial,
            help_text=question.help_text,
            error_messages=question.error_messages,
        )
        self.names = names
        self.takes_several = isinstance(question, forms.ModelMultipleChoiceField)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return [] if self.takes_several else None
        if self.takes_several:
            return [self.names.find(name) for name in value]
        return self.names.find(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return initial != getattr(self.to_python(data), "pk", None)


class Names:
    """The rows that a person may choose from, by number and by every name that is theirs alone."""

    def __init__(self, rows: Iterable[models.Model], kind: str):
        self.kind = kind
        self.by_key = {row.pk: row for row in rows}
        self.by_exact_name: dict[str, list[models.Model]] = defaultdict(list)
        self.by_name: dict[str, list[models.Model]] = defaultdict(list)
        for row in self.by_key.values():
            names = [said(name) for name in _names_of(row)]
            for name in set(names):
                self.by_exact_name[name].append(row)
            for name in {folded(name) for name in names}:
                self.by_name[name].append(row)

    def find(self, wanted: Any) -> models.Model:
        """The row of that number (an ``int``) or name. Raises ``ValidationError``."""
        if isinstance(wanted, int):
            if wanted not in self.by_key:
                raise ValidationError(f"The {self.kind} that stands here can no longer be chosen. Write another.")
            return self.by_key[wanted]
        text = said(wanted)
        found = self.by_exact_name.get(text) or self.by_name.get(folded(text), [])
        numbered = NUMBERED.fullmatch(one_line(text))
        if not found and numbered and int(numbered[1]) in self.by_key:
            return self.by_key[int(numbered[1])]
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(self._ambiguous(text, [f"ID {row.pk}" for row in found]))
        raise ValidationError(f"No {self.kind} is called {quoted(str(wanted), 80)}. {self._choices(text)}")

    def _choices(self, text: str) -> str:
        """Return which names there are: all when they are few, else those most like what was written."""
        names = [str(row) for row in self.by_key.values()]
        if not names:
            return f"There is no {self.kind} that you may choose here."
        if len(names) <= MOST_CHOICES:
            return f"Choose from: {LISTED.join(names)}."
        by_folded = {folded(name): name for name in names}
        close = get_close_matches(folded(text), by_folded, n=3, cutoff=0.6)
        if close:
            return f"Did you mean: {LISTED.join(by_folded[name] for name in close)}?"
        return "Write the name as the portal has it."

    def _ambiguous(self, name: str, numbers: list[str]) -> str:
        named = f"{', '.join(numbers[:-1])} and {numbers[-1]}"
        start = f"More than one {self.kind} is called “{name[:80]}”: {named}."
        return f"{start} Write the ID in place of the name; the {self.kind}’s own file has it."


def _names_of(row: models.Model) -> list[str]:
    unique = [field for field in row._meta.fields if field.unique and isinstance(field, models.CharField)]
    return [str(row), *(getattr(row, field.attname) for field in unique)]


def said(cell: Any) -> str:
    """The text of a cell, without what spreadsheets add: spaces, kinds of line end, the guard before a formula."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, Decimal):
        figures = f"{cell:f}".rstrip("0").rstrip(".") if "." in f"{cell:f}" else f"{cell:f}"
        return f"{figures}%" if isinstance(cell, Percentage) else figures
    if isinstance(cell, date):
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    text = str(cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    unguarded = text.lstrip(GUARD)
    return text[1:] if text.startswith(GUARD) and unguarded.startswith(FORMULA_STARTS) else text


def named_source(cell: Any) -> str | None:
    """The source that a cell "Not stated: Report of 1 May" names, "" where it names none; ``None`` for other cells."""
    found = re.fullmatch(rf"{NOT_STATED}\s*(?::\s*(.*))?", said(cell), re.IGNORECASE | re.DOTALL)
    return (found[1] or "").strip() if found else None


def says_the_same(cell: Any, exported: Any) -> bool:
    """Return whether a cell says what the register's own file says there."""
    if isinstance(exported, Decimal | int) and not isinstance(exported, bool):
        try:
            return Decimal(said(cell)) == exported
        except InvalidOperation:
            return False
    return said(cell) == said(exported)


def answer(cell: Any, question: forms.Field, model_field: models.Field | None) -> Any:
    """The cell as the form's field takes it. What cannot be understood is left as it stands, for the form to refuse."""
    text = said(cell)
    if isinstance(question, forms.ChoiceField):
        return _choice(text, question)
    if folded(text) in EMPTY_ANSWERS:
        return None
    if isinstance(question, NamedRow):
        return [name for name in map(str.strip, text.split(LIST_MARK)) if name] if question.takes_several else text
    if isinstance(question, forms.BooleanField):
        return _yes_or_no(text, question)
    if isinstance(question, forms.DateField):
        return _day(cell, text)
    if isinstance(question, PercentFormField):
        return _percentage(cell, text)
    if isinstance(question, MoneyFormField):
        number = unrounded(cell, text)
        return text if number is None else to_pennies(number)
    return _year(cell, text) if isinstance(model_field, FinancialYearField) else text


def _choice(text: str, question: forms.ChoiceField) -> Any:
    wanted = folded(text)
    choices = [(value, str(label)) for value, label in question.choices if value not in (None, "")]
    for value, label in choices:
        if wanted in (folded(label), folded(str(value))):
            return value
    if wanted in EMPTY_ANSWERS:
        return None
    labels = LISTED.join(label for _, label in choices)
    raise ValidationError(f"{quoted(text)} is not a choice here. Choose from: {labels}.")


def _yes_or_no(text: str, question: forms.BooleanField) -> Any:
    if folded(text) in YES:
        return True
    if folded(text) in NO:
        return False
    raise ValidationError(f"“{text[:40]}” is neither Yes nor No.")


def _day(cell: Any, text: str) -> Any:
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    return text


def unrounded(cell: Any, text: str) -> Decimal | None:
    """Return the number of a cell that has more places than a penny, as the results of formulas have.

    "1.234" as text may be somebody's 1,234, so it is none; with four places or more it can only be a result.
    """
    if isinstance(cell, Percentage):
        return None
    if isinstance(cell, Decimal):
        number = cell
    elif UNROUNDED.fullmatch(text):
        number = Decimal(text)
    else:
        return None
    return number if number != to_pennies(number) else None


def _percentage(cell: Any, text: str) -> Any:
    """Return the percentage, unless a spreadsheet may have meant a hundred times as much by it."""
    places = Decimal(1).scaleb(-PLACES_OF_PERCENT)
    if isinstance(cell, Decimal) and cell != cell.quantize(places):
        text = f"{cell.quantize(places, rounding=ROUND_HALF_UP):f}"
    if isinstance(cell, Percentage):
        return f"{text}%"
    try:
        share = read_percent(text)
    except ValueError:
        return text  # the form says what is wrong with it
    if 0 < share <= 1 and not has_percent_sign(text):
        other = f"{(share * 100).normalize():f}%"
        raise ValidationError(f"{quoted(text)} may mean {text}% or {other}. Write which, with the sign.")
    return text


def _year(cell: Any, text: str) -> str:
    """Return a financial year. A spreadsheet program may have taken "2009/10" for October 2009."""
    if isinstance(cell, date):
        return f"{cell.year}/{cell.month:02d}"
    try:
        read = read_date(text)
    except ValueError:
        return text
    return f"{read.on.year}/{read.on.month:02d}" if read.is_month else text
