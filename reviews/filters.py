"""Filters of reviews."""

from typing import ClassVar

from partnership.generic.filters import RegisterFilter
from reviews.models import Review


class ReviewFilter(RegisterFilter):
    """Filters reviews."""

    search = ("title", "sections__narrative")

    class Meta(RegisterFilter.Meta):
        model = Review
        fields: ClassVar[list[str]] = ["partnership", "kind", "body"]
