"""Filters of a register: a search over its words, and drop-downs that offer only what the person may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from partnership.generic.as_at import moment_of, seen_then, value_at
from partnership.generic.forms import scope_choices
from partnership.generic.renderer import FilterForm
from partnership.models import User
from partnership.records.as_at import AsAt
from partnership.records.record import Record


class RegisterFilter(django_filters.FilterSet):
    """Base of every register's filter. ``search`` names the lookups that "Words" looks in."""

    search: ClassVar[tuple[str, ...]] = ()

    words = django_filters.CharFilter(method="find_words", label="Words")

    class Meta:
        form = FilterForm
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if len(self.request.user.authority.partnerships()) < 2:
            self.form.fields.pop("partnership", None)  # there is nothing to choose
        scope_choices(self.form, self.request.user)
        self.form.order_fields(["words"])

    def find_words(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The filter "Words"."""
        return self.with_words(rows, value, self.request.user)

    @classmethod
    def with_words(cls, rows: QuerySet, words: str, user: User) -> QuerySet:
        """Rows that hold every word typed, in any of the fields searched, their own or of parts the person may see."""
        found = rows.model.objects.all()
        for word in words.split():
            found = found.filter(reduce(or_, (cls._holds(path, word, user) for path in cls.search)))
        return rows.filter(pk__in=found.order_by().values("pk"))

    @classmethod
    def _holds(cls, path: str, word: str, user: User) -> Q:
        """Whether a word stands in a field searched. Parts are asked by themselves, not joined to each other."""
        first, _, rest = path.partition("__")
        field = cls._meta.model._meta.get_field(first)
        if not field.one_to_many:
            return Q(**{f"{path}__icontains": word})
        holding = field.related_model.objects.visible_to(user).active().filter(**{f"{rest}__icontains": word})
        return Q(pk__in=holding.order_by().values(field.field.attname))

    def then(self, records: list[Record], moment: AsAt) -> list[Record]:
        """Of records as they stood at a moment, those that the filter lets through; none when a value is wrong."""
        if not self.form.is_valid():
            return []
        for name, value in self.form.cleaned_data.items():
            if name == "words" and value:
                records = self.with_words_then(records, value, moment)
            elif value not in (None, ""):
                records = self.let_through(records, name, value)
        return records

    @cached_property
    def on(self) -> date:
        """The day that the page speaks of."""
        return moment_of(self.request.GET).as_at

    def let_through(self, records: list[Record], name: str, value: Any) -> list[Record]:
        """The records as they stood that answer the drop-down of that name.

        One that is no field is asked of the register as it is known today, about the day.
        """
        if self.filters[name].method is None:
            return [record for record in records if getattr(record, name) == value]
        rows = self._meta.model.objects.filter(pk__in=[record.pk for record in records]).order_by()
        found = set(self.filters[name].filter(rows, value).values_list("pk", flat=True))
        return [record for record in records if record.pk in found]

    def with_words_then(self, records: list[Record], words: str, moment: AsAt) -> list[Record]:
        """Those that held every word typed, in any of the fields searched, of their own or of their parts."""
        texts: dict[int, list[str]] = {record.pk: [] for record in records}
        for path in self.search:
            for number, text in self._texts_then(records, path, moment):
                texts[number].append(str(text or "").casefold())
        wanted = words.casefold().split()
        return [record for record in records if all(any(word in text for text in texts[record.pk]) for word in wanted)]

    def _texts_then(self, records: list[Record], path: str, moment: AsAt) -> Iterator[tuple[int, Any]]:
        """What stood in one of the fields searched, by the record's number. A part's field costs one query."""
        first, _, rest = path.partition("__")
        field = self._meta.model._meta.get_field(first)
        if not field.one_to_many:
            yield from ((record.pk, value_at(record, path)) for record in records)
            return
        part, link = field.related_model, field.field.attname
        own = {f"{link}__in": [row.pk for row in records]}
        for row in seen_then(part, self.request.user, moment, **own):
            has_begun = getattr(row, "from_on", moment.as_at) <= moment.as_at  # a step to come is not there yet
            if has_begun and getattr(row, link) in {record.pk for record in records}:
                yield getattr(row, link), value_at(row, rest)
