"""Trace every typed text of a paper from the built document back to its record and field.

The document says what is printed; the records that its facts were read from say who typed it and where. A new field of
a record that finds its way into a paper is so read without being named anywhere.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, cached_property
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse

from partnership.records.record import Record
from reviews.papers.document import Document
from reviews.papers.narrative import TOKEN

WORD = re.compile(r"\w+")
# A line such as "purpose: Purpose of report", of which the second part is printed.
NAMED_LINE = re.compile(r"^[a-z-]+: ")
SHORTEST = 3  # a fragment of so many words is looked up by its beginning
# Texts that are names for the system's own use, or no prose at all.
UNREAD = frozenset({"slug", "key", "financial_year", "withdrawn_reason", "ons_code", "password", "username"})


@dataclass(frozen=True)
class PrintedText:
    """A text that a paper prints: its record, the field's name in words, and where it is changed."""

    text: str
    record: str
    field: str
    url: str
    model: str
    number: int
    attribute: str

    @property
    def place(self) -> str:
        """The record and the field, as the proof names them."""
        return f"{self.record}, {self.field}"


class Printed:
    """All that documents print, ready to be asked whether a text stands in it."""

    def __init__(self, documents: Iterable[Document]):
        self.leaves = set(map(plain, itertools.chain.from_iterable(map(texts_of, documents))))

    @cached_property
    def whole(self) -> str:
        """All of it in one string, each text apart from the next."""
        return "|".join(f" {leaf} " for leaf in self.leaves if leaf)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """Return every three words that follow one another anywhere in it."""
        found = set()
        for leaf in self.leaves:
            words = leaf.split()
            for place in range(len(words) - SHORTEST + 1):
                found.add(" ".join(words[place : place + SHORTEST]))
        return frozenset(found)

    def holds(self, text: str) -> bool:
        """Return whether a text, or a line or sentence of it, is printed."""
        return any(self._holds_piece(piece) for piece in pieces(text))

    def _holds_piece(self, piece: str) -> bool:
        if piece in self.leaves:
            return True
        words = piece.split()
        if len(words) >= SHORTEST and " ".join(words[:SHORTEST]) not in self.beginnings:
            return False
        return f" {piece} " in self.whole


def plain(text: str) -> str:
    """The words of a text in small letters, as they are compared."""
    return " ".join(WORD.findall(text.lower()))


def pieces(text: str) -> Iterator[str]:
    """The lines of a text, cut where a figure is drawn."""
    for line in text.splitlines():
        for part in TOKEN.split(NAMED_LINE.sub("", line))[::2]:
            if piece := plain(part):
                yield piece


def texts_of(value: Any) -> Iterator[str]:
    """Return every text anywhere in a document."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        if type(value).__name__ == "Paragraph":
            yield value.text
            return
        for field in fields(value):
            yield from texts_of(getattr(value, field.name))
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from texts_of(one)


@cache
def text_fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    """The fields of a model in which people write freely."""
    found = []
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, (models.CharField, models.TextField)) and not field.choices
        is_list = isinstance(field, models.JSONField)
        if (is_text or is_list) and field.name not in UNREAD and field.name != "not_stated":
            found.append(field)
    return tuple(found)


def display_value(row: Record, field: models.Field) -> str:
    """Return the value of a field as text, the items of a list on lines of their own."""
    value = getattr(row, field.attname)
    if isinstance(value, (list, tuple)):
        return "\n".join(str(item) for item in value)
    return value if isinstance(value, str) else ""


def printed_texts(rows: Iterable[Record], documents: Iterable[Document]) -> list[PrintedText]:
    """The texts of the records that stand in the documents, each once, in the order in which they were read."""
    printed = Printed(documents)
    found: dict[tuple[str, int, str], PrintedText] = {}
    for row in rows:
        model = type(row)
        for field in text_fields(model):
            at = (model._meta.model_name, row.pk, field.name)
            text = display_value(row, field)
            if text.strip() and at not in found and printed.holds(text):
                found[at] = PrintedText(text, record_name(row), field.verbose_name, address(row), *at)
    return list(found.values())


def record_name(row: Record) -> str:
    """A record by its kind, and by its own name where that can be told without another query."""
    kind = row._meta.verbose_name
    kind = f"{kind[:1].upper()}{kind[1:]}"
    for name in ("title", "name", "service", "heading", "short_title"):
        if own := getattr(row, name, ""):
            return f"{kind} “{own}”"
    return kind


def address(row: Record) -> str:
    """Return the page on which a record is changed: its form, else its page, else that of its parent; else empty."""
    found = _address(row._meta.model_name, row.pk, getattr(row, "slug", ""))
    if found:
        return found
    addresses = (_address(model, number, "") for model, number in belongs_to(row))
    return next(filter(None, addresses), "")


def belongs_to(row: Record) -> Iterator[tuple[str, int]]:
    """Return the records that a record points to, its partnership aside: the kind and number of each."""
    for field in row._meta.concrete_fields:
        if field.is_relation and field.name != "partnership" and getattr(row, field.attname):
            yield field.related_model._meta.model_name, getattr(row, field.attname)


def is_printed(row: Record, texts: Iterable[PrintedText]) -> bool:
    """Return whether a paper prints a record: a text of its own or, where it has none, one of what it belongs to."""
    printed = {(text.model, text.number) for text in texts}
    if (row._meta.model_name, row.pk) in printed:
        return True
    has_text = any(display_value(row, field).strip() for field in text_fields(type(row)))
    return not has_text and any(parent in printed for parent in belongs_to(row))


def _address(model: str, number: int, slug: str) -> str:
    for page in ("edit", "detail"):
        for known in ({"pk": number}, {"slug": slug}):
            try:
                return reverse(f"{model}_{page}", kwargs=known)
            except NoReverseMatch:
                continue
    return ""
