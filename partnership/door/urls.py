"""The addresses of the door. Of django-allauth's own there are these alone, under the names it looks them up by.

Nothing here signs anybody up, resets a password by e-mail or shows Django's admin: there are no such pages.
"""

from django.urls import path

from partnership import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/second-step/", views.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/council/<slug:provider_id>/", views.council_sign_in, name="openid_connect_login"),
    path("sign-in/council/<slug:provider_id>/back/", views.council_return, name="openid_connect_callback"),
    path("password/", views.NewPassword.as_view(), name="new_password"),
    path("your-sign-in/", views.OwnAccount.as_view(), name="own_account"),
    path("your-sign-in/confirm/", views.Confirm.as_view(), name="account_reauthenticate"),
    path("your-sign-in/confirm/second-step/", views.ConfirmSecondStep.as_view(), name="mfa_reauthenticate"),
    path("your-sign-in/elsewhere/end/", views.EndElsewhere.as_view(), name="end_elsewhere"),
    path("your-sign-in/app/", views.AddApp.as_view(), name="mfa_activate_totp"),
    path("your-sign-in/app/remove/", views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("your-sign-in/passkeys/new/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("your-sign-in/passkeys/<int:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("your-sign-in/recovery-codes/", views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("your-sign-in/recovery-codes/new/", views.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
