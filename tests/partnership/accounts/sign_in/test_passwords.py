"""Test what a password may be, and how somebody who lost theirs, or a phone, comes in again."""

import re
from contextlib import suppress
from itertools import pairwise

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from partnership.accounts.sign_in.passwords import NotEasilyGuessed
from partnership.models import Membership
from tests.codes import set_up_app
from tests.html_forms import shown
from tests.sign_in import METHODS, PASSWORD, confirmed, opens, send, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashing")]


@pytest.fixture
def officer(filled):
    return with_password(filled.people["officer"])


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "This password is too short. It must contain at least 15 characters."),
        ("passwordpassword", "Choose words that have nothing to do with"),
        ("football football", "This password can be guessed"),
        ("liverpool12345678", "This password can be guessed"),
        ("AlderCountyCouncil1", "Choose words that have nothing to do with"),
        ("partnershipportal99", "Choose words that have nothing to do with"),
        (PASSWORD, "Choose a password other than the present one."),
    ],
)
def test_password_that_is_easily_guessed_is_refused(officer, client, password, sentence):
    client.force_login(officer)
    typed = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    page = client.post("/password/", typed)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


@pytest.mark.parametrize(
    "password", ["all small letters here", "nine violet otters count umbrellas; " * 6, "grüße aus dem süden, wer weiß"]
)
def test_long_password_needs_nothing_else(officer, client, password):
    client.force_login(officer)
    typed = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert client.post("/password/", typed).status_code == 302
    officer.refresh_from_db()
    assert officer.check_password(password)


def lengthened(every):
    """Common passwords made as long as one has to be: repeated, with digits after them, joined in twos."""
    common = sorted(CommonPasswordValidator().passwords)
    yield from (word for word in common if len(word) >= 15)
    yield from (word * -(-15 // len(word)) for word in common[::every])
    yield from (word + "1234567890123456"[: max(4, 15 - len(word))] for word in common[::every])
    yield from [one + other for one, other in pairwise(common) if len(one + other) >= 15][::every]


def test_common_passwords_are_refused_however_they_are_lengthened(request):
    judge = NotEasilyGuessed()
    let_in = []
    tried = {*lengthened(4 if request.config.getoption("whole") else 200)}
    for password in tried:
        with suppress(ValidationError):
            judge.validate(password)
            let_in.append(password)
    assert let_in == []
    assert len(tried) > 250


def test_password_change_asks_for_the_second_step_unless_just_shown(officer, client):
    """Whoever finds a screen open and knows the password still lacks the phone."""
    client.force_login(officer)
    session = client.session
    for record in session[METHODS]:
        record["at"] -= 6 * 60
    session.save()
    typed = {
        "old_password": PASSWORD,
        "new_password1": "another long password",
        "new_password2": "another long password",
    }
    for answer in (client.get("/password/"), client.post("/password/", typed)):
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/your-sign-in/confirm/")
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
    confirmed(client)
    assert client.post("/password/", typed).status_code == 302
    officer.refresh_from_db()
    assert officer.check_password("another long password")


def test_change_password_with_wrong_present_password_is_locked(officer, client):
    client.force_login(officer)
    typed = {"new_password1": "another long password", "new_password2": "another long password"}
    found = [client.post("/password/", typed | {"old_password": "wrong"}).status_code for _ in range(6)]
    assert found == [200] * 5 + [429]


def test_reset_sign_in_gives_a_new_password_and_is_recorded(officer, filled, client):
    theirs = Client()
    send(theirs)
    set_up_app(theirs)
    membership = Membership.objects.get(user=officer)
    client.force_login(filled.people["administrator"])
    at = f"/roles/{membership.pk}/reset-sign-in/"
    answer = client.post(at, shown(client, at) | {"reason": "Lost the phone; met in person"}, follow=True)
    password = re.search(r"it is not shown again: (\S+?)[\s<]", answer.content.decode())[1]
    assert not opens(theirs)
    assert send(Client()).status_code == 200  # the old password no longer works
    assert Authenticator.objects.filter(user=officer).count() == 0
    latest = membership.history.latest("history_id")
    assert (latest.person, latest.history_change_reason) == (
        "Administrator of the tests",
        "Lost the phone; met in person",
    )
    assert latest.sign_in_reset_on == timezone.localdate()
    # The password passed on opens nothing but the page for choosing another, after a second step.
    fresh = Client()
    send(fresh, password=password)
    assert fresh.get("/joint-posts/")["Location"] == "/password/"
    chosen = {"old_password": password, "new_password1": "quiet lamps under rivers"}
    fresh.post("/password/", chosen | {"new_password2": "quiet lamps under rivers"})
    assert fresh.get("/joint-posts/")["Location"] == "/your-sign-in/"
    set_up_app(fresh)
    assert opens(fresh)


def test_reset_sign_in_of_oneself_or_another_council_is_refused(officer, filled, client):
    own = Membership.objects.get(user=filled.people["administrator"])
    client.force_login(filled.people["administrator"])
    assert client.post(f"/roles/{own.pk}/reset-sign-in/", {"reason": "Mine"}).status_code == 403
    client.force_login(filled.people["stranger"])
    held = Membership.objects.get(user=officer)
    assert client.post(f"/roles/{held.pk}/reset-sign-in/", {"reason": "Theirs"}).status_code == 404
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_reset_sign_in_command_records_the_administrator(officer, filled, capsys):
    call_command("reset_sign_in", "officer", "--by=administrator", "--reason=Key lost")
    password = capsys.readouterr().out.strip().rpartition(": ")[2]
    officer.refresh_from_db()
    assert officer.check_password(password)
    assert Membership.objects.get(user=officer).history.latest("history_id").history_change_reason == "Key lost"


@pytest.mark.parametrize(
    ("who", "by", "reason", "sentence"),
    [
        ("nobody", "administrator", "Lost", "There is no account “nobody”."),
        ("officer", "clerk", "Lost", "Only an administrator of the home council of Officer of the tests may do this."),
        ("stranger", "administrator", "Lost", "Only an administrator of the home council of Stranger of the tests"),
        ("officer", "administrator", " ", "Say why: it stands in the history."),
        ("administrator", "administrator", "Lost", "You cannot reset your own sign-in. Ask another administrator."),
    ],
)
def test_reset_sign_in_command_says_why_it_refuses(filled, who, by, reason, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call_command("reset_sign_in", who, f"--by={by}", f"--reason={reason}")
