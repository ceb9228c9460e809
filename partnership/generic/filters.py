"""Filters of a register: a search over its words, and drop-downs that offer only what the person may see."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from partnership.generic.forms import scope_choices
from partnership.generic.renderer import FilterForm
from partnership.models import User


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
        """Return whether a word stands in a field searched. Parts are asked by themselves, not joined to each other."""
        first, _, rest = path.partition("__")
        field = cls._meta.model._meta.get_field(first)
        if not field.one_to_many:
            return Q(**{f"{path}__icontains": word})
        holding = field.related_model.objects.visible_to(user).active().filter(**{f"{rest}__icontains": word})
        return Q(pk__in=holding.order_by().values(field.field.attname))
