"""docs/rules.md: what each field of each record takes, and which rules hold between fields, as the models have it."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from partnership.records import Record

INTRODUCTION = """# What is taken

Written by `manage.py write_roles` from the models; change it there. Every form, grid, paste and import obeys these
rules, and those between fields are kept by the database too. What takes more than a row – dates in order, shares that
come to 100, a post in two savings – is in each model's `clean()` and in `workflow`, and says so at the field. Text is
taken as it is typed and escaped where it is shown.
"""

KINDS = {
    models.BooleanField: "yes or no",
    models.DateField: "a day",
    models.DateTimeField: "a day and time",
    models.EmailField: "an e-mail address",
    models.FileField: "a file",
    models.IntegerField: "a whole number",
    models.URLField: "an address that begins with https:// or http://",
}
POSITIVE = (models.PositiveIntegerField, models.PositiveSmallIntegerField)


def rules_document() -> str:
    """The whole of docs/rules.md."""
    kept = [model for model in apps.get_models() if issubclass(model, Record)]
    parts = [INTRODUCTION]
    for model in sorted(kept, key=lambda model: str(model._meta.verbose_name_plural)):
        parts.append("\n".join(_record(model)) + "\n")
    return "\n".join(parts)


def _record(model: type[Record]) -> Iterator[str]:
    name = str(model._meta.verbose_name_plural)
    yield from (f"## {name[0].upper()}{name[1:]}", "")
    for field in model._meta.concrete_fields:
        if field.editable and not field.auto_created:
            said = f" {' '.join(str(field.help_text).split())}" if field.help_text else ""
            yield f"* **{field.verbose_name}**: {kind_of(field)}{'; may be empty' if field.blank else ''}.{said}"
    rules = [str(rule.violation_error_message) for rule in model._meta.constraints]
    if rules:
        yield from ("", "Between fields:", "")
        yield from (f"* {rule}" for rule in rules)


def kind_of(field: models.Field) -> str:
    """In words, what a field takes."""
    if field.choices:
        return f"one of {', '.join(f'“{label}”' for _, label in field.flatchoices)}"
    if isinstance(field, models.ForeignKey):
        return f"one of the {field.related_model._meta.verbose_name_plural} that the person may see"
    if isinstance(field, models.DecimalField):
        return (
            f"a number with up to {field.decimal_places} places, of {field.max_digits} digits at most{_bounds(field)}"
        )
    for kind, words in KINDS.items():
        if isinstance(field, kind):
            return words + _bounds(field)
    return f"text, at most {field.max_length:,} characters" if field.max_length else "text"


def _bounds(field: models.Field) -> str:
    """The limits that the model sets; how large a whole number may get besides is each database's own affair."""
    found = {MinValueValidator: 0} if isinstance(field, POSITIVE) else {}
    found |= {type(one): one.limit_value for one in field._validators}
    words = {MinValueValidator: "from", MaxValueValidator: "to"}
    return "".join(f", {word} {found[kind]}" for kind, word in words.items() if kind in found)
