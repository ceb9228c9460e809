"""Signing in, choosing a password, and the page for an expired form."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy

from partnership import first_steps
from partnership.generic.renderer import PortalForm
from partnership.models import Membership


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

    def get_default_redirect_url(self) -> str:
        """Home; the first steps while they are to be taken."""
        starting = first_steps.are_to_begin(self.request.user)
        return reverse("first_steps") if starting else super().get_default_redirect_url()

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


class NewPasswordForm(PortalForm, PasswordChangeForm):
    """The old password, and the new one twice."""


class NewPassword(PasswordChangeView):
    """A person changes their own password."""

    template_name = "generic/form.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("home")
    extra_context = {
        "cancel_url": reverse_lazy("home"),
        "intro": "Three or four words that only you would put together are easy to remember and hard to guess.",
        "page_title": "Change your password",
        "submit_label": "Change the password",
    }

    def form_valid(self, form: BaseForm) -> HttpResponse:
        messages.success(self.request, "Your password is changed.")
        return super().form_valid(form)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a person sees whose form was open so long, or in so many tabs, that it can no longer be trusted."""
    return render(request, "form_expired.html", {"page_title": "This form has expired"}, status=403)
