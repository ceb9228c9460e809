"""What is asked at the door and on the page "Your sign-in"."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.db import transaction

from partnership.accounts.sign_in.rate_limits import CODE_LIMITS, LIMITS, throttle_login
from partnership.generic.renderer import PortalForm
from partnership.models import User


class SignInForm(PortalForm, AuthenticationForm):
    """User name and password."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "The user name or the password is not right. Check both; capital letters count.",
    }

    def clean(self) -> dict[str, Any]:
        """Raises ``Locked`` after too many tries."""
        if self.errors:
            return self.cleaned_data
        with throttle_login(self.request, self.cleaned_data["username"]) as attempt:
            cleaned = super().clean()
            attempt.succeeded = True
        return cleaned


LONG_ENOUGH = (
    "At least 15 characters; not made of common words, rows of keys or repeats, nor of your name, your council's or the"
    " portal's."
)


def check_password(user: User, password: str) -> None:
    """Ask for the password of somebody signed in. Raises ``Locked``, and ``ValidationError`` when it is wrong."""
    with throttle_login(context.request, user.username, LIMITS) as attempt:
        attempt.succeeded = user.check_password(password)
    if not attempt.succeeded:
        raise forms.ValidationError("That is not your present password. Capital letters count.")


class ConfirmForm(PortalForm, forms.Form):
    """The password again, before what one signs in with is changed."""

    password = forms.CharField(
        strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"}), label="Your password"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        check_password(self.user, self.cleaned_data["password"])
        return self.cleaned_data["password"]


class NewPasswordForm(PortalForm, PasswordChangeForm):
    """The old password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        passed_on = self.user.must_choose_password
        self.fields["old_password"].label = "The password you were given" if passed_on else "Your present password"
        self.fields["new_password1"].help_text = LONG_ENOUGH
        self.fields["new_password2"].label, self.fields["new_password2"].help_text = "New password again", ""

    def clean_old_password(self) -> str:
        check_password(self.user, self.cleaned_data["old_password"])
        return self.cleaned_data["old_password"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("old_password") and cleaned.get("old_password") == cleaned.get("new_password1"):
            self.add_error("new_password1", "Choose a password other than the present one.")
        return cleaned


CODE_HELP = "Six digits from your authenticator app, or one of your recovery codes."


def code_field(label: str, help_text: str) -> forms.CharField:
    """A box for a code, as a phone's keyboard and a password manager want it."""
    box = forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"})
    return forms.CharField(label=label, help_text=help_text, widget=box, max_length=20)


class CodeForm(PortalForm, AuthenticateForm):
    """The second step, by code."""

    code = code_field("Code", CODE_HELP)

    def clean_code(self) -> str:
        """Raises ``Locked``. A code of an app is taken once, over all web servers."""
        with throttle_login(context.request, self.user.username, CODE_LIMITS) as attempt, transaction.atomic():
            app = Authenticator.objects.select_for_update().filter(user=self.user, type=Authenticator.Type.TOTP).first()
            typed = self.cleaned_data["code"].replace(" ", "")
            if app and app.data.get("last_code") == typed:
                self._emit_authentication_failed(app)
                raise forms.ValidationError("That code was used already. Wait for the next one and enter it.")
            code = super().clean_code()
            if self.authenticator.type == Authenticator.Type.TOTP:
                app.data["last_code"] = typed
                app.save(update_fields=["data"])
            attempt.succeeded = True
        return code


class AppForm(PortalForm, ActivateTOTPForm):
    """The first code of an authenticator app, which shows that it took the secret."""

    code = code_field("Code from the app", "Six digits. The app shows a new one every 30 seconds.")

    def clean_code(self) -> str:
        with throttle_login(context.request, self.user.username, CODE_LIMITS) as attempt:
            code = super().clean_code()
            attempt.succeeded = True
        return code


class RemoveAppForm(PortalForm, DeactivateTOTPForm):
    """Nothing is asked."""


class PasskeyForm(PortalForm, AddWebAuthnForm):
    """A new passkey: what to call it; the browser fills in the rest."""

    name = forms.CharField(
        max_length=60, required=False, help_text="So that you know it again, like “Work laptop” or “Blue key”."
    )


class PasskeyStepForm(PortalForm, AuthenticateWebAuthnForm):
    """The second step, by passkey: the browser fills it in."""

    def clean_credential(self) -> Authenticator:
        with throttle_login(context.request, self.user.username, CODE_LIMITS) as attempt:
            authenticator = super().clean_credential()
            attempt.succeeded = True
        return authenticator


class NewCodesForm(PortalForm, GenerateRecoveryCodesForm):
    """Nothing is asked."""
