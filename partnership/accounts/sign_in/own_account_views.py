"""The page "Your sign-in" and its forms: password, second step, recovery codes, council account, other sessions."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import BaseReauthenticateView, ReauthenticateView
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import PasswordChangeView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from partnership.accounts.permissions import today
from partnership.accounts.sign_in import sessions
from partnership.accounts.sign_in.active_sessions import active_sessions, end_other_sessions, end_session
from partnership.accounts.sign_in.adapters import SecondStepAdapter
from partnership.accounts.sign_in.forms import (
    AppForm,
    CodeForm,
    ConfirmForm,
    NewCodesForm,
    NewPasswordForm,
    PasskeyForm,
    PasskeyStepForm,
    RemoveAppForm,
)
from partnership.accounts.sign_in.views import council_providers, second_steps_of
from partnership.models import CalendarFeed

PASSWORD_CONFIRMED = "confirmed_password_at"  # noqa: S105 -- the session key of a time
TRAIL = [("Home", "/"), ("Your sign-in", reverse_lazy("own_account"))]


class OwnAccount(TemplateView):
    """The user's sign-in methods and active sessions, with links to change them."""

    template_name = "own_account/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        own = list(Authenticator.objects.filter(user=user).order_by("pk"))
        linked = SocialAccount.objects.filter(user=user).first()
        return super().get_context_data(**kwargs) | {
            "app": next((one for one in own if one.type == Authenticator.Type.TOTP), None),
            "codes": next((one for one in own if one.type == Authenticator.Type.RECOVERY_CODES), None),
            "councils": [] if linked else council_providers(self.request),
            "is_exempt": sessions.is_exempt(user),
            "linked": linked,
            "page_title": "Your sign-in",
            "sessions": active_sessions(self.request),
            "passkeys": [one for one in own if one.type == Authenticator.Type.WEBAUTHN],
            "has_pending_step": bool(sessions.pending_sign_in_step(self.request)),
        }


class OwnPassword:
    """Refuses users without a password here: they have their second step at their council."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_usable_password():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class NewPassword(OwnPassword, PasswordChangeView):
    """Changes the user's password. Both steps are asked again unless the user has just signed in."""

    template_name = "generic/form.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("home")
    extra_context = {
        "intro": "Three or four words that only you would put together are easy to remember and hard to guess.",
        "page_title": "Change your password",
        "submit_label": "Change the password",
    }

    @method_decorator(
        reauthentication_required(app="allauth.mfa", enabled=lambda request: not sessions.is_fresh(request))
    )
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        form.user.must_choose_password = False
        CalendarFeed.revoke(form.user, on=today())
        messages.success(self.request, "Your password is changed. Wherever else you were signed in, you no longer are.")
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the links away from the page for a user who has to replace a password they were given."""
        context = super().get_context_data(**kwargs)
        if self.request.user.must_choose_password:
            return context | {"page_title": "Choose your own password"}
        return context | {"breadcrumbs": TRAIL, "cancel_url": reverse("own_account")}


class AddApp(OwnPassword, ActivateTOTPView):
    """Sets up an authenticator app, once it shows a first code."""

    template_name = "own_account/app.html"
    form_class = AppForm
    extra_context = {"breadcrumbs": TRAIL, "page_title": "Set up an authenticator app"}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        sessions.note_second_step(self.request, Authenticator.Type.TOTP)
        end_other_sessions(self.request)
        return response

    def get_success_url(self) -> str:
        return _after_adding(self)


class RemoveApp(OwnPassword, DeactivateTOTPView):
    """Removes the authenticator app when the user has another second step."""

    template_name = "generic/form.html"
    form_class = RemoveAppForm
    success_url = reverse_lazy("own_account")
    extra_context = {
        "breadcrumbs": TRAIL,
        "cancel_url": reverse_lazy("own_account"),
        "intro": "Its codes will no longer be taken, and wherever else you are signed in, you will no longer be."
        " Do this before you hand a phone on.",
        "kind": "warning",
        "page_title": "Remove the authenticator app",
        "submit_label": "Remove it",
    }

    def form_valid(self, form: BaseForm) -> HttpResponse:
        end_other_sessions(self.request)
        return super().form_valid(form)


class AddPasskey(OwnPassword, AddWebAuthnView):
    """Adds a passkey that the browser creates."""

    template_name = "own_account/passkey.html"
    form_class = PasskeyForm
    extra_context = {"breadcrumbs": TRAIL, "page_title": "Add a passkey"}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        sessions.note_second_step(self.request, Authenticator.Type.WEBAUTHN)
        end_other_sessions(self.request)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's view drops its keyword arguments, and with them the form with its errors.
        return super().get_context_data(**kwargs) | kwargs | self.extra_context

    def get_success_url(self) -> str:
        return _after_adding(self)


class RemovePasskey(OwnPassword, RemoveWebAuthnView):
    """Removes a passkey when the user has another second step."""

    template_name = "generic/form.html"
    success_url = reverse_lazy("own_account")

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if not SecondStepAdapter().can_delete_authenticator(self.object):
            messages.error(self.request, SecondStepAdapter.error_messages["cannot_delete_authenticator"])
            return redirect("own_account")
        end_other_sessions(self.request)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": TRAIL,
            "cancel_url": reverse("own_account"),
            "intro": "It will no longer be taken, and wherever else you are signed in, you will no longer be."
            " Do this when a key is lost or a computer is handed on.",
            "kind": "warning",
            "page_title": f"Remove the passkey “{self.object}”",
            "submit_label": "Remove it",
        }


class RecoveryCodes(OwnPassword, ViewRecoveryCodesView):
    """Shows the recovery codes, once."""

    template_name = "own_account/recovery_codes.html"
    extra_context = {"breadcrumbs": TRAIL, "page_title": "Recovery codes"}


class NewRecoveryCodes(OwnPassword, GenerateRecoveryCodesView):
    """Replaces the recovery codes."""

    template_name = "generic/form.html"
    form_class = NewCodesForm
    success_url = reverse_lazy("mfa_view_recovery_codes")
    extra_context = {
        "breadcrumbs": TRAIL,
        "cancel_url": reverse_lazy("own_account"),
        "intro": "You will see ten new codes. The old ones will no longer be taken.",
        "page_title": "Make new recovery codes",
        "submit_label": "Make new codes",
    }


class Confirm(ReauthenticateView):
    """Asks for the password before a user changes a sign-in method, then for the second step if they have one."""

    template_name = "generic/form.html"
    extra_context = {
        "breadcrumbs": TRAIL,
        "intro": "Confirm that it is you before you change how, or where, you are signed in.",
        "page_title": "Confirm that it is you",
        "submit_label": "Go on",
    }

    def get_form_class(self) -> type[ConfirmForm]:
        return ConfirmForm

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if Authenticator.objects.filter(user=self.request.user).exists():
            self.request.session[PASSWORD_CONFIRMED] = time.time()
            return redirect(self.passthrough_next_url(reverse("mfa_reauthenticate")))
        self.request.session.cycle_key()
        return super().form_valid(form)


class ConfirmSecondStep(BaseReauthenticateView):
    """Asks for a code or a passkey after `Confirm`."""

    template_name = "own_account/second_step.html"
    extra_context = {"breadcrumbs": TRAIL, "is_confirming": True, "page_title": "Confirm that it is you"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        confirmed_at = request.session.get(PASSWORD_CONFIRMED, 0)
        if time.time() - confirmed_at > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return redirect(self.passthrough_next_url(reverse("account_reauthenticate")))
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[BaseForm]:
        return PasskeyStepForm if "credential" in self.request.POST else CodeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        is_passkey = isinstance(form, PasskeyStepForm)
        authenticator = form.cleaned_data["credential"] if is_passkey else form.authenticator
        post_authentication(self.request, authenticator, reauthenticated=True)
        del self.request.session[PASSWORD_CONFIRMED]
        self.request.session.cycle_key()
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the forms for a code and a passkey, with the errors of the one that was sent."""
        user = self.request.user
        context = super().get_context_data(**kwargs)
        if isinstance(context["form"], PasskeyStepForm):
            context |= {"webauthn_form": context["form"], "form": CodeForm(user=user)}
        js_data = {"request_options": begin_authentication(user)}
        return {"webauthn_form": PasskeyStepForm(user=user), "js_data": js_data} | context | second_steps_of(user)


class EndOtherSessions(View):
    """Ends one of the user's other sessions, or all of them."""

    http_method_names = ["post"]

    @method_decorator(reauthentication_required(app="allauth.mfa"))
    def post(self, request: HttpRequest) -> HttpResponse:
        if not (request.user.has_usable_password() or sessions.is_fresh(request)):
            return self.sign_in_again(request)
        if handle := request.POST.get("session", ""):
            end_session(request, handle)
        else:
            end_other_sessions(request)
        messages.success(request, "Ended. Whoever was signed in there has to sign in again.")
        return redirect("own_account")

    def sign_in_again(self, request: HttpRequest) -> HttpResponse:
        """Sign out a user without a password here, so that they confirm who they are at their council."""
        logout(request)
        messages.info(request, "Sign in once more, to show that it is you; then end the others within five minutes.")
        return redirect_to_login(reverse("own_account"))


def _after_adding(page: Any) -> str:
    """Return the page of recovery codes when they are new, else the page "Your sign-in"."""
    return reverse("mfa_view_recovery_codes" if page.did_generate_recovery_codes else "own_account")
