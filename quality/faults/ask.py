"""Questions about a portal's database, asked in a process of its own, which answers in JSON."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
django.setup()

from django.conf import settings
from django.test import Client

from partnership.audit import log
from partnership.audit.triggers import trigger_errors
from partnership.models import Comparator, Partnership, User
from tests.sign_in import by_two_steps


def sign_in(*usernames):
    """The cookies of people fully signed in, past the sign-in page: hashing is slow on purpose."""
    return [cookies(User.objects.get(username=username)) for username in usernames]


def cookies(user):
    """Return what a browser keeps after one person signed in."""
    client = Client()
    client.force_login(user)
    by_two_steps(client, user)
    return {name: morsel.value for name, morsel in client.cookies.items()} | {
        settings.CSRF_COOKIE_NAME: "a" * 32,
    }


def partnership(*usernames):
    """The first partnership that all of these may enter records in."""
    people = User.objects.filter(username__in=usernames)
    shared = [set(Partnership.objects.visible_to(person).values_list("pk", flat=True)) for person in people]
    return min(set.intersection(*shared))


def kept(prefix):
    """The examples elsewhere whose name begins so, with how many rows of history each has."""
    return [
        [row.name, row.pk, row.version, Comparator.history.filter(id=row.pk).count()]
        for row in Comparator.objects.filter(name__startswith=prefix).order_by("pk")
    ]


def integrity_errors():
    """Return what `verify_audit` would say."""
    return list(log.integrity_errors())


def unguarded():
    """Return what does not protect the tables as it ought to."""
    return list(trigger_errors())


QUESTIONS = {question.__name__: question for question in (sign_in, partnership, kept, integrity_errors, unguarded)}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(QUESTIONS[sys.argv[1]](*sys.argv[2:])))
