"""The page of what waits for a second person's confirmation."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView

from partnership.accounts import confirmations
from partnership.accounts.permissions import today


class Confirmations(TemplateView):
    """Roles and places in partnerships that wait: for the person who reads the page, and for others."""

    template_name = "accounts/confirmations.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not confirmations.may_open(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        on = today()
        for_you = []
        for_others = []
        for waiting in [*confirmations.waiting_roles(user), *confirmations.waiting_parties(user)]:
            refusal = waiting.why_not_confirm(by=user, on=on)
            url = waiting.get_absolute_url()
            if not refusal:
                url = reverse(f"{waiting._meta.model_name}_confirm", args=[waiting.pk])
            shown = {"name": str(waiting), "url": url, "refusal": refusal, "by": waiting.proposed_by.name}
            (for_others if refusal else for_you).append(shown)
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": [("Home", reverse("home")), ("People and roles", reverse("membership_list"))],
            "for_others": for_others,
            "for_you": for_you,
            "page_title": "Confirmations",
        }
