"""The forms of signing in and of the page "Your sign-in"."""

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
    """Asks for the user name and the password."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "The user name or the password is not right. Check both; capital letters count.",
    }

    def clean(self) -> dict[str, Any]:
        """Check the password. Raises ``Locked`` after too many attempts."""
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
    """Check the password of a signed-in user. Raises ``Locked``, and ``ValidationError`` when it is wrong."""
    with throttle_login(context.request, user.username, LIMITS) as attempt:
        attempt.succeeded = user.check_password(password)
    if not attempt.succeeded:
        raise forms.ValidationError("That is not your present password. Capital letters count.")


class ConfirmForm(PortalForm, forms.Form):
    """Asks for the password again before the user changes a sign-in method."""

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
    """Asks for the present password and, twice, the new one."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        was_given = self.user.must_choose_password
        self.fields["old_password"].label = "The password you were given" if was_given else "Your present password"
        self.fields["new_password1"].help_text = LONG_ENOUGH
        self.fields["new_password2"].label = "New password again"
        self.fields["new_password2"].help_text = ""

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
    """Return a field for a code that phones show a numeric keyboard for and password managers fill in."""
    box = forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"})
    return forms.CharField(label=label, help_text=help_text, widget=box, max_length=20)


class CodeForm(PortalForm, AuthenticateForm):
    """Asks for a code as the second step."""

    code = code_field("Code", CODE_HELP)

    def clean_code(self) -> str:
        """Check the code. Raises ``Locked``. The code of an app is valid once, over all web servers."""
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
    """Asks for a first code, which proves that the authenticator app has the secret."""

    code = code_field("Code from the app", "Six digits. The app shows a new one every 30 seconds.")

    def clean_code(self) -> str:
        with throttle_login(context.request, self.user.username, CODE_LIMITS) as attempt:
            code = super().clean_code()
            attempt.succeeded = True
        return code


class RemoveAppForm(PortalForm, DeactivateTOTPForm):
    """Asks nothing; submitting it removes the authenticator app."""


class PasskeyForm(PortalForm, AddWebAuthnForm):
    """Asks for the name of a new passkey. The browser fills in the credential."""

    name = forms.CharField(
        max_length=60, required=False, help_text="So that you know it again, like “Work laptop” or “Blue key”."
    )


class PasskeyStepForm(PortalForm, AuthenticateWebAuthnForm):
    """Takes a passkey as the second step. The browser fills in the credential."""

    def clean_credential(self) -> Authenticator:
        with throttle_login(context.request, self.user.username, CODE_LIMITS) as attempt:
            authenticator = super().clean_credential()
            attempt.succeeded = True
        return authenticator


class NewCodesForm(PortalForm, GenerateRecoveryCodesForm):
    """Asks nothing; submitting it replaces the recovery codes."""
