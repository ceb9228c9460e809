"""Test what costs much is given to one person so often in a quarter of an hour, and then has to wait."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from partnership.models import Attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(filled, client, settings):
    settings.COSTLY_ANSWERS = 3
    client.force_login(filled.people["officer"])
    return client


@pytest.mark.parametrize(
    ("at", "what"),
    [
        ("/joint-posts/export.csv", "downloads"),
        ("/bodies/export.xlsx", "downloads"),
        ("/reviews/nothing.docx", "papers"),
        ("/reviews/nothing/proof/", "papers"),
        ("/reviews/nothing/pack.zip", "downloads"),
        ("/reviews/covers/1/report/", "papers"),
        ("/exit-plans/1/paper/", "papers"),
        ("/changes/", "papers"),
        ("/find/?words=post", "searches"),
    ],
)
def test_download_above_the_limit_is_refused_with_the_wait(officer, at, what):
    found = [officer.get(at) for _ in range(5)]
    assert len({answer.status_code for answer in found[:3]} - {429}) == 1
    assert [answer.status_code for answer in found[3:]] == [429, 429]
    page = found[3].content.decode()
    assert f"Too many {what} at once" in page
    assert "you get the next one in 15 minutes." in page
    assert 14 * 60 < int(found[3].headers["Retry-After"]) <= 15 * 60
    assert officer.get("/joint-posts/").status_code == 200
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert officer.get(at).status_code == found[0].status_code


def test_downloads_are_counted_by_kind_and_user(officer, filled):
    for _ in range(4):
        officer.get("/joint-posts/export.csv")
    assert officer.get("/joint-posts/export.xlsx").status_code == 429
    assert officer.get("/find/?words=post").status_code == 200
    colleague = Client()
    colleague.force_login(filled.people["finance_verifier"])
    assert colleague.get("/joint-posts/export.csv").status_code == 200


def test_downloads_are_counted_over_all_sessions_of_a_user(officer, filled):
    for _ in range(3):
        officer.get("/joint-posts/export.csv")
    another = Client()
    another.force_login(filled.people["officer"])
    assert another.get("/joint-posts/export.csv").status_code == 429


def test_public_downloads_are_not_counted(officer):
    found = {Client().get("/open-data/datapackage.json").status_code for _ in range(5)}
    assert found == {200}
    assert Attempt.objects.count() == 0
