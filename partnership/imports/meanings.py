"""What the columns of a file mean, for the person who fills them in."""

from __future__ import annotations

from django import forms

from partnership.imports.cells import LIST_MARK
from partnership.imports.columns import RegisterFile
from partnership.money import MoneyFormField

MOST_CHOICES = 12
LEFT_OPEN = "Or “Not stated: ” and the source that does not state it."


def meanings(file: RegisterFile) -> list[list[dict[str, str]]]:
    """For each column: its heading, whether a new row needs it, what to write."""
    questions = file.questions
    left_open = file.question_form.asked_open if file.question_form else ()
    described = [
        _cells(column.label, *_meaning(file, questions.get(column.name), may_be_open=column.name in left_open))
        for column in file.template_columns
    ]
    return [
        *described,
        _cells("ID", "No", "Leave it empty in a new row. To change rows, download them first: the ID is in the file."),
        _cells(
            file.columns[-1].label,
            "No",
            "Leave it as it was. It shows whether somebody changed the row in the meantime.",
        ),
    ]


def _cells(label: str, needed: str, words: str) -> list[dict[str, str]]:
    return [
        {"label": "Column", "text": label},
        {"label": "Needed for a new row", "text": needed},
        {"label": "What to write", "text": words},
    ]


def _meaning(file: RegisterFile, question: forms.Field | None, *, may_be_open: bool) -> tuple[str, str]:
    if question is None:
        return "Yes", f"The name of the {file.parents.kind} that the row belongs to, as the portal has it."
    needed = question.required and question.initial in (None, "")
    words = f"{_kind(question)} {question.help_text or ''} {LEFT_OPEN if may_be_open else ''}"
    return "Yes" if needed else "No", " ".join(words.split())


def _kind(question: forms.Field) -> str:
    if isinstance(question, forms.ModelMultipleChoiceField):
        return f"Names, with “{LIST_MARK}” between them."
    if isinstance(question, forms.ModelChoiceField):
        kind = str(question.queryset.model._meta.verbose_name)
        return f"The name of {'an' if kind[0] in 'aeiou' else 'a'} {kind}."
    if isinstance(question, forms.ChoiceField):
        labels = [str(label) for value, label in question.choices if value not in (None, "")]
        return f"One of: {'; '.join(labels[:MOST_CHOICES])}{'; …' if len(labels) > MOST_CHOICES else ''}."
    if isinstance(question, forms.BooleanField):
        return "Yes or No."
    if isinstance(question, forms.DateField):
        return "A date, such as 23 April 2019 or 23/04/2019."
    if isinstance(question, MoneyFormField):
        return "Pounds, such as 1,234.50; a negative figure as −500 or (500)."
    if isinstance(question, forms.DecimalField | forms.IntegerField):
        return "A number."
    return ""
