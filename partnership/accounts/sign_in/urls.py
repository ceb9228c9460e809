"""URLs of signing in. Of django-allauth's pages only these are included, under the names that allauth reverses.

There is no page for signing up, for resetting a password by e-mail, and no Django admin.
"""

from django.urls import path

from partnership.accounts.sign_in.own_account_views import (
    AddApp,
    AddPasskey,
    Confirm,
    ConfirmSecondStep,
    EndOtherSessions,
    NewPassword,
    NewRecoveryCodes,
    OwnAccount,
    RecoveryCodes,
    RemoveApp,
    RemovePasskey,
)
from partnership.accounts.sign_in.views import SecondStep, SignInView, council_return, council_sign_in

urlpatterns = [
    path("sign-in/", SignInView.as_view(), name="account_login"),
    path("sign-in/second-step/", SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/council/<slug:provider_id>/", council_sign_in, name="openid_connect_login"),
    path("sign-in/council/<slug:provider_id>/back/", council_return, name="openid_connect_callback"),
    path("password/", NewPassword.as_view(), name="new_password"),
    path("your-sign-in/", OwnAccount.as_view(), name="own_account"),
    path("your-sign-in/confirm/", Confirm.as_view(), name="account_reauthenticate"),
    path("your-sign-in/confirm/second-step/", ConfirmSecondStep.as_view(), name="mfa_reauthenticate"),
    path("your-sign-in/elsewhere/end/", EndOtherSessions.as_view(), name="end_other_sessions"),
    path("your-sign-in/app/", AddApp.as_view(), name="mfa_activate_totp"),
    path("your-sign-in/app/remove/", RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("your-sign-in/passkeys/new/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("your-sign-in/passkeys/<int:pk>/remove/", RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("your-sign-in/recovery-codes/", RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("your-sign-in/recovery-codes/new/", NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
