"""Signing in: who the user is, by which two steps, and for how long. `accounts/permissions.py` says what they may do.

* `views.py`, `forms.py`, `urls.py`: the sign-in pages. `own_account_views.py`: the page "Your sign-in".
* `adapters.py`: how django-allauth is set up. `passwords.py`: the password validators.
* `sessions.py`: when a session ends. `session_store.py`: how it is stored. `active_sessions.py`: the list of them.
* `rate_limits.py`: limits on attempts and downloads. `addresses.py`: the client's IP address.
* `council_accounts.py`, `issuers.py`, `provider_requests.py`: the councils' own accounts over OpenID Connect.
"""
