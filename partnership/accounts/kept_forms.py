"""Keep what a person typed into a form when their sign-in ended before they sent it, and offer it back to them alone.

A form carries a signed statement of whose it is. When it arrives without a sign-in, its fields are kept for the account
in the statement, and nobody else is shown them. Passwords, codes and files are never kept.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from cryptography.fernet import InvalidToken
from django import forms
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from partnership.accounts.encryption import keys
from partnership.models import KeptForm, User

PURPOSE = "kept form"
STATEMENT = "form_of"  # the field that says whose form it is
ASKED = "kept"  # the part of a query that names the kept form to show
IN_SESSION = "has_kept_forms"
KEPT_FOR = timedelta(hours=1)
OPEN_FOR = timedelta(days=7)  # a form that was open for longer is not kept
LARGEST = 300_000  # bytes
MOST = 10  # of one person
# What a form sends that nobody typed.
UNTYPED = frozenset({"csrfmiddlewaretoken", STATEMENT, "do", "seen", "submission", "version", "years"})
UNKEPT = ("/sign-in/", "/sign-out/", "/password/", "/your-sign-in/")  # how one signs in is asked anew
SENT_ANEW = frozenset({"csrfmiddlewaretoken", STATEMENT})  # the form that is offered has its own
KEPT = (
    "You were signed out while you were writing. What you typed is kept for an hour."
    " Sign in with the same account to get it back."
)
NO_FILE = "A file is not kept: choose it again."
TOO_LONG = (
    "You were signed out while you were writing. What you typed is too long to be kept here. Go back to the form in"
    " your browser and copy it before you sign in."
)


def statement_for(request: HttpRequest) -> str:
    """Return the signed statement whose form this page shows; empty where what is typed is never kept."""
    if not request.user.is_authenticated or request.path.startswith(UNKEPT):
        return ""
    return signing.dumps(request.user.pk, salt=PURPOSE)


def owner_of(request: HttpRequest) -> User | None:
    """Return the account whose form was sent; none where the statement is missing, forged or too old."""
    try:
        number = signing.loads(request.POST.get(STATEMENT, ""), salt=PURPOSE, max_age=OPEN_FOR)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=number, is_active=True).first()


def keep(request: HttpRequest) -> str:
    """Keep the form that was sent, and return the sentence to show to whoever sent it; empty where nothing is kept."""
    is_for_script = request.headers.get("Sec-Fetch-Dest", "document") != "document"
    if request.method != "POST" or is_for_script or request.path.startswith(UNKEPT):
        return ""
    owner = owner_of(request)
    fields = {name: request.POST.getlist(name) for name in request.POST if _may_be_kept(name)}
    typed_values = itertools.chain.from_iterable(fields[name] for name in fields.keys() - UNTYPED)
    if owner is None or not any(value.strip() for value in typed_values):
        return ""
    typed = json.dumps(fields)
    if len(typed.encode()) > LARGEST:
        return TOO_LONG
    forget_old()
    path = _without_kept(request)
    replaced = [row.pk for row in owner.kept_forms.all() if row.path == path and fields_of(row) == fields]
    before = request.GET.get(ASKED, "")
    if is_number(before):
        replaced.append(int(before))
    owner.kept_forms.filter(pk__in=replaced).delete()
    encrypted = keys(PURPOSE).encrypt(typed.encode()).decode()
    KeptForm.objects.create(person=owner, path=path, typed=encrypted, kept_at=timezone.now())
    too_many = list(owner.kept_forms.values_list("pk", flat=True)[MOST:])
    owner.kept_forms.filter(pk__in=too_many).delete()
    return f"{KEPT} {NO_FILE}" if request.FILES else KEPT


def _may_be_kept(name: str) -> bool:
    """Return whether a field may be kept: no password and no code of a second step."""
    return name not in SENT_ANEW and "password" not in name.lower() and name.lower() not in ("code", "credential")


def _without_kept(request: HttpRequest) -> str:
    """Return the address that was asked for, without the number of a kept form."""
    query = request.GET.copy()
    query.pop(ASKED, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def is_number(text: str) -> bool:
    """Return whether a text can be the number of a row."""
    return text.isascii() and text.isdecimal() and len(text) < 19


def forget_old() -> None:
    """Delete what was kept for longer than an hour, of everybody."""
    KeptForm.objects.filter(kept_at__lt=timezone.now() - KEPT_FOR).delete()


def kept_for(user: User) -> list[KeptForm]:
    """Return what is kept for the person, newest first. What is older than an hour is deleted."""
    forget_old()
    return list(user.kept_forms.all())


def forget(user: User, number: str) -> bool:
    """Delete one of the person's kept forms; return whether there was one of that number."""
    return is_number(number) and user.kept_forms.filter(pk=number).delete()[0] > 0


def fields_of(row: KeptForm) -> dict[str, list[str]]:
    """Return the fields of a kept form; none when it was kept under a key that is gone."""
    try:
        return json.loads(keys(PURPOSE).decrypt(row.typed.encode()))
    except InvalidToken:
        return {}


def typed_for(request: HttpRequest) -> QueryDict | None:
    """Return the fields of the kept form that the address names, if it is of this person and this page.

    Notes the form on the request, so that the page says what it shows.
    """
    number = request.GET.get(ASKED, "")
    if request.method != "GET" or not is_number(number):
        return None
    fresh = request.user.kept_forms.filter(kept_at__gte=timezone.now() - KEPT_FOR)
    row = fresh.filter(pk=number, path=_without_kept(request)).first()
    if row is None:
        return None
    request.kept_form = row
    data = QueryDict(mutable=True)
    for name, values in fields_of(row).items():
        data.setlist(name, values)
    return data


class TakesKeptForm:
    """A page with a form that can be shown again as it was sent: its address with ``?kept=`` and the number."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        typed = typed_for(self.request)
        return kwargs if typed is None else kwargs | {"data": typed}


def address_of(row: KeptForm) -> str:
    """Return the address that shows the form filled in; empty where the page cannot."""
    page = getattr(_page_of(row), "func", None)
    if not issubclass(getattr(page, "view_class", object), TakesKeptForm):
        return ""
    return f"{row.path}{'&' if '?' in row.path else '?'}{urlencode({ASKED: row.pk})}"


def texts_of(row: KeptForm) -> Iterator[dict[str, str]]:
    """Yield what was typed, each text with its label. What was chosen from a list shows on the form alone."""
    asked = _questions_of(row)
    for name, values in fields_of(row).items():
        question = asked.get(name)
        if name in UNTYPED or isinstance(question, forms.ChoiceField | forms.BooleanField):
            continue
        label = getattr(question, "label", "") or name.replace("_", " ").replace("-", " ").capitalize()
        for value in values:
            if value.strip():
                yield {"label": label, "text": value, "rows": min(value.count("\n") + len(value) // 80 + 2, 20)}


def _page_of(row: KeptForm) -> ResolverMatch | None:
    try:
        return resolve(row.path.partition("?")[0])
    except Resolver404:
        return None


def _questions_of(row: KeptForm) -> dict[str, forms.Field]:
    """Return the fields of the form that was sent, by name; none where the page does not name its form."""
    page = getattr(_page_of(row), "func", None)
    given = getattr(page, "view_initkwargs", {})
    places = (given.get("verb"), given.get("register"), getattr(page, "view_class", None))
    form_class = next((place.form_class for place in places if getattr(place, "form_class", None)), None)
    return getattr(form_class, "base_fields", {})


def note_in_session(request: HttpRequest) -> bool:
    """Note in the session whether something is kept for the person, so that pages look for it only then."""
    has_some = bool(kept_for(request.user))
    if has_some:
        request.session[IN_SESSION] = True
    return has_some


def is_offered(request: HttpRequest) -> bool:
    """Return whether a page should say that something is kept for the person."""
    if not request.session.get(IN_SESSION):
        return False
    if kept_for(request.user):
        return True
    del request.session[IN_SESSION]
    return False
