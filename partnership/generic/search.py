"""One search box over all registers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.views.generic import TemplateView

from partnership.generic.register import Register
from partnership.generic.registry import registers
from partnership.models import User

MOST = 10  # rows shown of each register; the register's own filter shows the rest
SHORTEST = 2  # letters


class Find(TemplateView):
    """Rows of every register the person may read that hold all the words typed."""

    template_name = "generic/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = " ".join(self.request.GET.get("words", "").replace("\0", " ").split())[:200]
        found = self._found(words) if len(words) >= SHORTEST else []
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": [("Home", "/")],
            "found": found,
            "page_title": f"Find “{words}”" if words else "Find",
            "too_short": bool(words) and len(words) < SHORTEST,
            "words": words,
        }

    def _found(self, words: str) -> list[dict[str, Any]]:
        user = self.request.user
        every = [
            _rows_with(register, words, user) for register in registers().values() if register.policy.may_read(user)
        ]
        return [group for group in every if group["rows"]]


def _rows_with(register: Register, words: str, user: User) -> dict[str, Any]:
    rows = register.rows(user)
    wanted = register.filterset_class.with_words(rows, words, user) if register.filterset_class else rows.none()
    first = list(wanted[: MOST + 1])
    return {
        "label": register.label_plural,
        "rows": [{"url": register.url("detail", row), "title": register.title_of(row)} for row in first[:MOST]],
        "more_url": f"{register.url('list')}?{urlencode({'words': words})}" if len(first) > MOST else "",
    }
