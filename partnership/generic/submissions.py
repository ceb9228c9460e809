"""One form, one record: a second press of the button, or a second browser, leads to what the first one made."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from partnership.models import Submission

TOKEN = re.compile(r"[\w-]{1,43}", re.ASCII)  # as `secrets.token_urlsafe(32)` makes them
ONCE = "This was saved when you sent it the first time. Nothing was entered twice."


def submission_field() -> forms.CharField:
    """The token that a form carries from when it is shown."""
    return forms.CharField(
        widget=forms.HiddenInput, required=False, max_length=43, initial=lambda: secrets.token_urlsafe(32)
    )


def token_of(request: HttpRequest) -> str:
    """The token that the form carried; empty for what no form of ours carries."""
    token = request.POST.get("submission", "")
    return token if TOKEN.fullmatch(token) else ""


def earlier(request: HttpRequest) -> HttpResponse | None:
    """Return the page that followed when the same form was sent before, if it was."""
    token = token_of(request)
    found = Submission.objects.filter(token=token).first() if token else None
    if found is None:
        return None
    messages.info(request, ONCE)
    return redirect(found.led_to)


def once(request: HttpRequest, write: Callable[[], str]) -> HttpResponse:
    """Do what the form asks for, in one transaction with the mark that it was done; ``write`` says where it leads.

    The mark comes first: on PostgreSQL a second request waits for the first one to finish, then finds the mark and goes
    where the first one went.
    """
    token = token_of(request)
    if not token:
        with transaction.atomic():
            return redirect(write())
    try:
        with transaction.atomic():
            mark = Submission.objects.create(token=token)
            mark.led_to = write()
            mark.save(update_fields=["led_to"])
            return redirect(mark.led_to)
    except IntegrityError:
        again = earlier(request)
        if again is None:
            raise
        return again
