"""Pages for forms kept from people who were signed out, and the way to stay signed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from partnership.accounts import kept_forms
from partnership.accounts.sign_in import sessions


class KeptForms(TemplateView):
    """Everything that is kept for the person who is signed in: as text, and with a link to the form filled in."""

    template_name = "kept_forms.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Discard one of them."""
        if not kept_forms.forget(request.user, request.POST.get("discard", "")):
            raise Http404
        messages.info(request, "Discarded.")
        return redirect("kept_forms" if kept_forms.kept_for(request.user) else "home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = kept_forms.kept_for(self.request.user)
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": [("Home", reverse("home"))],
            "kept": [
                {
                    "number": row.pk,
                    "path": row.path,
                    "sent": timezone.localtime(row.kept_at),
                    "until": timezone.localtime(row.kept_at + kept_forms.KEPT_FOR),
                    "texts": list(kept_forms.texts_of(row)),
                    "address": kept_forms.address_of(row),
                }
                for row in rows
            ],
            "page_title": "What you typed before you were signed out",
        }


@require_safe
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """Count as a page, and say how long the sign-in lasts now."""
    return JsonResponse(sessions.time_left(request))
