"""The door: who comes in, by which two steps, and for how long. What they may do inside is `roles.py` and `access.py`.

`addresses.py` where a request comes from · `lockout.py` how often one may try · `sessions.py` how long a sign-in holds
and what it still lacks · `places.py` `session_store.py` where else it holds · `passwords.py` `forms.py` what is asked ·
`adapters.py` how django-allauth is bent to this · `councils.py` the councils' own accounts, over OpenID Connect.
"""
