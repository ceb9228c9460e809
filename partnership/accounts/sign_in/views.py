"""The pages for signing in by password, second step and council account, and the page for an expired form."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from partnership.accounts import kept_forms
from partnership.accounts.permissions import today
from partnership.accounts.sign_in.adapters import NOT_SIGNED_IN
from partnership.accounts.sign_in.council_accounts import CouncilOIDCAdapter, CouncilOIDCCallbackView
from partnership.accounts.sign_in.forms import CodeForm, PasskeyStepForm, SignInForm
from partnership.accounts.sign_in.provider_requests import note_failure
from partnership.models import CalendarFeed, Membership, User

LINKED = "Your council's account is linked. From now on sign in with it; the password here no longer works."


class SignInView(LoginView):
    """The sign-in page. In the example it lists the accounts."""

    template_name = "sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Go on to the second step, or sign in to the pages where the user sets one up."""
        login = Login(user=form.get_user(), redirect_url=self.get_redirect_url() or None)
        return perform_password_login(self.request, {}, login)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "councils": council_providers(self.request),
            "example_accounts": example_accounts() if settings.TRYING_OUT else [],
            "example_password": settings.EXAMPLE_PASSWORD,
            "page_title": "Sign in",
        }


class SecondStep(AuthenticateView):
    """The page that asks for a code or a passkey after the password."""

    form_class = CodeForm
    webauthn_form_class = PasskeyStepForm
    template_name = "own_account/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return (
            super().get_context_data(**kwargs) | second_steps_of(self.stage.login.user) | {"page_title": "Second step"}
        )


def second_steps_of(user: User) -> dict[str, Any]:
    """Return the template context for asking a user for a code or a passkey."""
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return {
        "has_codes": bool(kinds - {Authenticator.Type.WEBAUTHN}),
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
    }


def council_providers(request: HttpRequest) -> list[dict[str, str]]:
    """Return the name and sign-in URL of each council whose own accounts can be used."""
    return [
        {"name": provider.name, "url": reverse("openid_connect_login", args=[provider.app.provider_id])}
        for provider in get_adapter(request).list_providers(request)
    ]


@login_not_required
@require_POST
def council_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Show a page that leads to the council's sign-in. `form-action` forbids a form to redirect to another site."""
    adapter = CouncilOIDCAdapter(request, provider_id)
    try:
        adapter.get_provider()
        if request.user.is_authenticated:
            raise_if_reauthentication_required(request, app="allauth.mfa")
        response = OAuth2LoginView.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException) as error:
        return _council_sign_in_failed(request, provider_id, error)
    context = {
        "address": response.headers["Location"],
        "council": adapter.get_provider().name,
        "page_title": "On to your council's sign-in",
    }
    return render(request, "own_account/leaving.html", context)


@login_not_required
@never_cache
@require_GET
def council_return(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sign in or link the user who comes back from the council, or show why not."""
    try:
        response = CouncilOIDCCallbackView.adapter_view(CouncilOIDCAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException) as error:
        return _council_sign_in_failed(request, provider_id, error)
    user = request.user
    if user.is_authenticated and user.has_usable_password() and SocialAccount.objects.filter(user=user).exists():
        return end_password_sign_in(request)
    return response


def _council_sign_in_failed(request: HttpRequest, provider_id: str, error: Exception) -> HttpResponse:
    """Log the reason, and return to the page that the user came from with a general sentence."""
    note_failure(request, provider_id, error)
    messages.error(request, NOT_SIGNED_IN)
    return redirect("own_account" if request.user.is_authenticated else "sign_in")


def end_password_sign_in(request: HttpRequest) -> HttpResponse:
    """End the password and second step of a user who just linked a council's account, and sign them out.

    Nobody would notice a password that is still valid but no longer used.
    """
    user = request.user
    with transaction.atomic():
        user.set_unusable_password()
        user.must_choose_password = False
        user.save(update_fields=["password", "must_choose_password"])
        Authenticator.objects.filter(user=user).delete()
        CalendarFeed.revoke(user, on=today())
    logout(request)
    messages.success(request, LINKED)
    return redirect("sign_in")


def example_accounts() -> list[dict[str, str]]:
    """Return the accounts of the example with their roles."""
    held: dict[str, list[str]] = {}
    memberships = Membership.objects.active().filter(user__is_example=True).select_related("user", "council")
    for membership in memberships.order_by("user__username"):
        held.setdefault(membership.user.username, []).append(
            f"{membership.get_role_display()}, {membership.council.short_name}"
        )
    return [{"username": username, "who": "; ".join(roles)} for username, roles in held.items()]


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show that a form has expired because its CSRF token is no longer valid.

    Keep what was typed. Redirect a user who has signed in again to it at once.
    """
    kept = kept_forms.keep(request)
    if kept and kept != kept_forms.TOO_LONG and request.user == kept_forms.owner_of(request):
        request.session[kept_forms.IN_SESSION] = True
        return redirect("kept_forms")
    return render(request, "form_expired.html", {"kept": kept, "page_title": "This form has expired"}, status=403)
