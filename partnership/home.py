"""The page a signed-in person starts from."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from partnership.accounts import confirmations
from partnership.generic.registry import registers
from partnership.navigation import groups_for


class Home(TemplateView):
    """The reviews and registers that a signed-in person can open."""

    template_name = "generic/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        groups = []
        for group, in_group in groups_for(user):
            groups.append({"label": group.label, "items": list(map(self._item, in_group))})
        reviews = registers()["review"]
        return super().get_context_data(**kwargs) | {
            "groups": groups,
            "page_title": "All registers",
            "reviews": reviews.shown_on_home(user) if reviews.policy.may_read(user) else [],
            "to_confirm": confirmations.how_many_wait(user) if confirmations.may_open(user) else 0,
            "welcome": "" if groups else "You hold no role today. Ask your council's administrator for one.",
        }

    def _item(self, register: Any) -> dict[str, str]:
        count = register.rows(self.request.user).count()
        return {
            "label": register.label_plural,
            "url": register.url("list"),
            "count_text": f"{count:,}",
            "help": register.help,
        }
