"""The secret address of a calendar ends with whatever ends the person's sign-ins."""

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from partnership.accounts.permissions import today
from partnership.accounts.workflow import end_role
from partnership.models import CalendarFeed, Membership, User
from tests.factories import change, make_membership
from tests.html_forms import shown
from tests.sign_in import PASSWORD, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashing")]


@pytest.fixture
def officer(filled):
    return with_password(filled.people["officer"])


@pytest.fixture
def feed(officer):
    """The address of the officer's feed."""
    address = f"/calendar/{CalendarFeed.make(officer, on=today())}.ics"
    assert is_open(address)
    return address


def is_open(feed):
    return Client().get(feed).status_code == 200


def test_feed_ends_when_the_sign_in_is_reset(officer, feed, filled, client):
    assert is_open(feed)
    client.force_login(filled.people["administrator"])
    at = f"/roles/{Membership.objects.get(user=officer).pk}/reset-sign-in/"
    assert client.post(at, shown(client, at) | {"reason": "Lost the phone"}).status_code == 302
    assert not is_open(feed)


def test_feed_ends_when_the_password_is_changed(officer, feed, client):
    client.force_login(officer)
    new = "another long password of theirs"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/password/", typed).status_code == 302
    assert not is_open(feed)


def test_feed_ends_when_the_account_is_closed(officer, feed):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert not is_open(feed)


def test_feed_ends_with_the_role_and_does_not_come_back_with_the_next(officer, feed, filled, client):
    held = Membership.objects.get(user=officer)
    yesterday = today() - timedelta(days=1)
    end_role(held, until_on=yesterday, by=filled.people["administrator"], reason="Left")
    assert not is_open(feed)
    make_membership(user=officer, council=held.council, role="councillor", from_on=today() + timedelta(days=1))
    later = today() + timedelta(days=1)
    assert CalendarFeed.open_on(later).filter(user=officer).count() == 0


def test_feed_stays_while_one_of_the_roles_it_was_made_under_holds(officer, feed, filled):
    held = Membership.objects.get(user=officer)
    make_membership(user=officer, council=held.council, role="clerk", from_on=today() - timedelta(days=2))
    change(held, until_on=today() - timedelta(days=1))
    assert is_open(feed)


def test_feed_ends_when_the_role_is_withdrawn(officer, feed):
    held = Membership.objects.get(user=officer)
    change(held, withdrawn_on=today(), withdrawn_reason="Entered in error")
    assert not is_open(feed)


def test_page_says_there_is_no_feed_once_it_ended(officer, feed, client):
    client.force_login(officer)
    assert client.get("/calendar/").context["feed"] == CalendarFeed.objects.get()
    CalendarFeed.revoke(officer, on=today())
    assert client.get("/calendar/").context["feed"] is None


def test_feed_ends_when_the_council_account_is_linked(officer, feed, rf):
    """Linking replaces the password, so what hung on it goes too."""
    from partnership.accounts.sign_in.views import end_password_sign_in

    SocialAccount.objects.create(user=officer, provider="alder", uid="x y")
    client = Client()
    client.force_login(officer)
    request = rf.get("/")
    request.user = officer
    request.session = client.session
    from django.contrib.messages.storage.session import SessionStorage

    request._messages = SessionStorage(request)
    end_password_sign_in(request)
    assert not is_open(feed)
