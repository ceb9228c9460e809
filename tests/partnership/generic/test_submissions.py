"""A form that is sent twice enters its record once."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.utils import timezone

from partnership.generic.submissions import ONCE
from partnership.models import Comparator, Submission
from tests.two_partnerships import DAY

pytestmark = pytest.mark.both_engines


def comparator(**facts):
    given = {"name": "Elsewhere", "currency": "GBP", "source": "A paper", "submission": "t" * 43}
    return given | facts


def token_on(client):
    page = client.get("/comparators/new/").content.decode()
    return re.search(r'name="submission"[^>]*value="([^"]{40,43})"', page)[1]


@pytest.mark.django_db
def test_every_new_form_carries_a_token_of_its_own(world, client):
    client.force_login(world.people["officer.alder"])
    assert token_on(client) != token_on(client)


@pytest.mark.django_db
def test_second_sending_leads_to_what_the_first_one_made(world, client):
    client.force_login(world.people["officer.alder"])
    facts = comparator(partnership=world.ours.partnership.pk)
    before = Comparator.objects.count()
    first = client.post("/comparators/new/", facts)
    second = client.post("/comparators/new/", facts)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Comparator.objects.count() == before + 1
    assert ONCE in [str(message) for message in get_messages(second.wsgi_request)]


@pytest.mark.django_db
def test_refused_form_may_be_sent_again(world, client):
    client.force_login(world.people["officer.alder"])
    facts = comparator(partnership=world.ours.partnership.pk)
    assert client.post("/comparators/new/", facts | {"name": ""}).status_code == 200
    assert Submission.objects.count() == 0
    assert client.post("/comparators/new/", facts).status_code == 302


@pytest.mark.django_db
def test_verb_sent_twice_is_done_once(world, client):
    client.force_login(world.people["officer.alder"])
    post = world.ours.posts["proposed"]
    facts = {"from_on": f"{DAY:%d/%m/%Y}", "precision": "day", "reason": "Agreed by both", "submission": "v" * 43}
    facts |= {"version": post.version}
    answers = [client.post(f"/joint-posts/{post.pk}/agree/", facts) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert [str(step) for step in post.steps.filter(status="agreed")] == ["Post proposed, agreed, not yet in post"]


@pytest.mark.django_db
@pytest.mark.parametrize(("token", "status"), [("\0", 400), ("t" * 44, 200), ("no token", 302)])
def test_token_that_no_form_carried_marks_nothing(world, client, token, status):
    """PostgreSQL would not even look for one with a NUL in it."""
    client.force_login(world.people["officer.alder"])
    response = client.post("/comparators/new/", comparator(partnership=world.ours.partnership.pk, submission=token))
    assert (response.status_code, Submission.objects.count()) == (status, 0)


@pytest.mark.django_db
def test_clearsessions_deletes_submissions_after_ninety_days():
    for token, days in (("old", 91), ("recent", 89)):
        made = Submission.objects.create(token=token, led_to="/")
        Submission.objects.filter(pk=made.pk).update(made_at=timezone.now() - timedelta(days=days))
    call_command("clearsessions")
    assert list(Submission.objects.values_list("token", flat=True)) == ["recent"]
