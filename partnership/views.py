"""The pages that are not a register's: home, signing in, and the page for an expired form."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import TemplateView

from partnership.generic.renderer import PortalForm
from partnership.models import Membership
from partnership.navigation import groups_for, registers


class SignInForm(PortalForm, AuthenticationForm):
    """User name and password."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "The user name or the password is not right. Check both; capital letters count.",
    }


class SignIn(LoginView):
    """The door. In the example it names the accounts one can try."""

    template_name = "sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "example_accounts": example_accounts() if settings.EXAMPLE and settings.DEBUG else [],
            "example_password": settings.EXAMPLE_PASSWORD,
            "page_title": "Sign in",
        }


def example_accounts() -> list[dict[str, str]]:
    """The accounts of the example and who each one is."""
    held: dict[str, list[str]] = {}
    for membership in Membership.objects.standing().select_related("user", "council").order_by("user__username"):
        if membership.user.has_usable_password():
            held.setdefault(membership.user.username, []).append(
                f"{membership.get_role_display()}, {membership.council.short_name}"
            )
    return [{"username": username, "who": "; ".join(roles)} for username, roles in held.items()]


class Home(TemplateView):
    """What a signed-in person can open: reviews and registers."""

    template_name = "home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        groups = [
            {"label": group.label, "items": [self._item(register) for register in found]}
            for group, found in groups_for(user)
        ]
        reviews = registers()["review"]
        return super().get_context_data(**kwargs) | {
            "groups": groups,
            "page_title": "Home",
            "reviews": reviews.shown_on_home(user) if reviews.may_read(user) else [],
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


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a person sees whose form was open so long, or in so many tabs, that it can no longer be trusted."""
    return render(request, "form_expired.html", {"page_title": "This form has expired"}, status=403)
