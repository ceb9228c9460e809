"""Filters of a register: a search over its words, and drop-downs that offer only what the person may see."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from partnership.generic.forms import scope_choices
from partnership.generic.renderer import FilterForm


class RegisterFilter(django_filters.FilterSet):
    """Base of every register's filter. ``search`` names the lookups that "Words" looks in."""

    search: ClassVar[tuple[str, ...]] = ()

    words = django_filters.CharFilter(method="find_words", label="Words")

    class Meta:
        form = FilterForm
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        scope_choices(self.form, self.request.user)
        self.form.order_fields(["words"])
        partnership = self.form.fields.get("partnership")
        if partnership is not None and len(partnership.queryset[:2]) < 2:
            del self.form.fields["partnership"]  # there is nothing to choose

    def find_words(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The filter "Words"."""
        return self.with_words(rows, value)

    @classmethod
    def with_words(cls, rows: QuerySet, words: str) -> QuerySet:
        """Rows that hold every word typed, in any of the fields searched; each once, however many parts hold it."""
        found = rows.model.objects.all()
        for word in words.split():
            found = found.filter(reduce(or_, (Q(**{f"{path}__icontains": word}) for path in cls.search)))
        return rows.filter(pk__in=found.order_by().values("pk"))
