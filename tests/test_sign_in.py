"""The door: password, then code or passkey; never by half, never by guessing, and never off to another site."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from partnership.door.lockout import CODE_LIMITS, LIMITS, Limit
from partnership.models import Attempt, Membership, User
from tests.codes import code_of, set_up_app
from tests.routes import routes

pytestmark = pytest.mark.django_db

PASSWORD = "four words that nobody says"


@pytest.fixture(autouse=True)
def quick_hashing(settings):
    """The real hasher takes a second and a half for each password, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def officer(filled):
    return with_password(filled.people["officer"])


def with_password(user, password=PASSWORD):
    user = User.objects.get(pk=user.pk)
    user.set_password(password)
    user.save()
    return user


def send(client, username="officer", password=PASSWORD, address="192.0.2.1", **more):
    typed = {"username": username, "password": password}
    return client.post("/sign-in/" + more.pop("query", ""), typed, REMOTE_ADDR=address, **more)


def enrolled(client, user):
    """An account with an authenticator app, and its secret; the browser is signed out again."""
    send(client, user.username)
    secret = set_up_app(client)
    client.post("/sign-out/")
    return secret


def opens(client):
    return client.get("/joint-posts/").status_code == 200


def test_first_sign_in_leads_to_a_second_step_and_shows_recovery_codes_once(officer):
    client = Client()
    assert send(client)["Location"] == "/"
    assert client.get("/joint-posts/")["Location"] == "/your-sign-in/"
    page = client.get("/your-sign-in/").content.decode()
    assert "Before you go on, choose a second step." in page
    assert 'aria-label="Main"' not in page  # no menu, and no figure of what waits in it
    set_up_app(client)
    assert opens(client)
    shown = client.get("/your-sign-in/recovery-codes/").content.decode()
    assert len(set(re.findall(r"<code>(\d{8})</code>", shown))) == 10
    again = client.get("/your-sign-in/recovery-codes/").content.decode()
    assert re.findall(r"<code>(\d{8})</code>", again) == []
    assert "10 of your recovery codes can still be used." in again


def test_second_sign_in_asks_for_a_code_and_takes_it_once(officer):
    client = Client()
    secret = enrolled(client, officer)
    assert send(client)["Location"] == "/sign-in/second-step/"
    assert not opens(client)
    wrong = client.post("/sign-in/second-step/", {"code": "000000"})
    assert "That code is not right, or was used before." in wrong.content.decode()
    code = code_of(secret, ahead=1)
    assert client.post("/sign-in/second-step/", {"code": code})["Location"] == "/"
    assert opens(client)
    other = Client()
    send(other)
    again = other.post("/sign-in/second-step/", {"code": code})
    assert "That code was used already." in again.content.decode()
    assert not opens(other)


def test_recovery_code_lets_in_once(officer):
    client = Client()
    send(client)
    set_up_app(client)
    code = re.findall(r"<code>(\d{8})</code>", client.get("/your-sign-in/recovery-codes/").content.decode())[3]
    for expected in (True, False):
        other = Client()
        send(other)
        other.post("/sign-in/second-step/", {"code": code})
        assert opens(other) is expected


def test_secret_of_an_app_is_not_in_the_database_as_such(officer):
    client = Client()
    secret = enrolled(client, officer)
    stored = Authenticator.objects.get(user=officer, type="totp")
    assert secret not in str(stored.data)


def test_nobody_is_let_in_by_half(filled, officer):
    """With the password alone, every page but those for choosing is closed, the open ones know nobody."""
    client = Client()
    send(client)
    choosing = {"/your-sign-in/", "/your-sign-in/app/", "/your-sign-in/passkeys/new/"}
    for at in ("/", "/find/?words=post", "/registers/", "/your-sign-in/recovery-codes/", "/password/", "/calendar/"):
        assert client.get(at).headers.get("Location") == "/your-sign-in/", at
    assert {at for at in choosing if client.get(at).status_code == 200} == choosing
    assert officer.name not in client.get("/published/").content.decode()


def test_last_second_step_cannot_be_removed(officer):
    client = Client()
    send(client)
    set_up_app(client)
    page = client.post("/your-sign-in/app/remove/")
    assert "Add another second step before you remove this one." in page.content.decode()
    assert Authenticator.objects.filter(user=officer, type="totp").exists()


def test_password_is_asked_again_before_the_second_step_changes(officer):
    client = Client()
    send(client)
    secret = set_up_app(client)
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [one | {"at": one["at"] - 16 * 60} for one in records]
    session.save()
    at = "/your-sign-in/recovery-codes/new/"
    asked = client.post(at)
    assert asked["Location"] == f"/your-sign-in/confirm/?next={at.replace('/', '%2F')}"
    assert "That is not your present password." in client.post(asked["Location"], {"password": "no"}).content.decode()
    assert client.post(asked["Location"], {"password": PASSWORD}).status_code == 302
    assert secret


def test_fifty_words_do_not_open_an_account_of_the_example_elsewhere(filled, settings):
    user = with_password(filled.people["officer"])
    user.is_example = True
    user.save()
    client = Client()
    assert "is not right" in send(client).content.decode()
    settings.TRYING_OUT = True
    assert send(client)["Location"] == "/"
    assert opens(client)
    assert "needs no second step while the example is tried out" in client.get("/your-sign-in/").content.decode()
    settings.TRYING_OUT = False
    assert not opens(client)


# --- Guessing ---


def test_five_wrong_passwords_and_the_door_is_shut_for_a_quarter_of_an_hour(officer):
    client = Client()
    found = [send(client, password="wrong").status_code for _ in range(7)]
    assert found == [200] * 5 + [429] * 2
    shut = send(client)  # even with the right one
    assert shut.status_code == 429
    assert 14 * 60 < int(shut.headers["Retry-After"]) <= 15 * 60
    assert "nothing you enter will be looked at for 15 minutes" in shut.content.decode()
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert send(client).status_code == 302


def test_victim_at_another_address_still_signs_in(officer):
    for _ in range(8):
        send(Client(), password="wrong", address="198.51.100.7")
    assert send(Client(), address="192.0.2.1").status_code == 302


def test_many_accounts_from_one_address_are_shut_out_together(officer):
    found = [send(Client(), username=f"name{n}", password="x", address="198.51.100.7").status_code for n in range(52)]
    assert found == [200] * 50 + [429] * 2
    assert send(Client(), address="198.51.100.7").status_code == 429
    assert send(Client(), address="198.51.100.8").status_code == 302


def test_a_made_up_address_in_a_header_changes_nothing(officer, settings):
    client = Client()
    forged = [send(client, password="wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}").status_code for n in range(1, 101)]
    assert forged == [200] * 5 + [429] * 95
    settings.TRUSTED_PROXIES = 1  # the last one is written by our own proxy
    Attempt.objects.all().delete()
    behind = [
        send(client, password="wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 192.0.2.9").status_code
        for n in range(1, 21)
    ]
    assert behind == [200] * 5 + [429] * 15
    assert send(client, HTTP_X_FORWARDED_FOR="192.0.2.10").status_code == 302


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "nonsense", True),
    ],
)
def test_addresses_are_counted_as_whoever_has_them(rf, one, other, same):
    from partnership.door.addresses import address_of

    found = {address_of(rf.get("/", REMOTE_ADDR=address)) for address in (one, other)}
    assert (len(found) == 1) is same


def test_codes_cannot_be_guessed_from_many_addresses(officer):
    """Whoever is asked for a code has the password, so the account itself may be shut."""
    secret = enrolled(Client(), officer)
    tried = []
    for n in range(22):
        client = Client()
        send(client, address=f"198.51.100.{n}")
        at = {"REMOTE_ADDR": f"198.51.100.{n}"}
        tried.append(client.post("/sign-in/second-step/", {"code": "000000"}, **at).status_code)
    assert tried == [200] * 20 + [429] * 2
    client = Client()
    send(client)
    assert client.post("/sign-in/second-step/", {"code": code_of(secret, ahead=1)}).status_code == 429


def test_right_password_is_not_counted(officer):
    for _ in range(8):
        assert send(Client()).status_code == 302
    assert Attempt.objects.count() == 0


def test_no_limit_counts_an_account_alone_before_its_password_was_right():
    assert [limit for limit in LIMITS if not limit.address] == []
    assert [limit for limit in CODE_LIMITS if not limit.address] == [
        Limit(20, timedelta(hours=1), account=True, address=False)
    ]


def test_attempts_hold_neither_name_nor_address(officer):
    send(Client(), password="wrong")
    assert {len(attempt.key) for attempt in Attempt.objects.all()} == {64}
    assert "officer" not in "".join(attempt.key for attempt in Attempt.objects.all())


# --- What there is no page for ---

# Every address that opens to somebody who is not signed in. A new one is a decision, so it is written here by hand.
OPEN = {
    "account_login",
    "accessibility",
    "dates_calendar",
    "members_edition",
    "members_file",
    "mfa_authenticate",
    "open_data",
    "open_data_csv",
    "open_data_dictionary",
    "openid_connect_callback",
    "openid_connect_login",
    "published",
    "published_csv",
    "published_docx",
    "published_file",
    "published_html",
    "published_json",
    "published_number",
    "published_paper",
    "published_partnership",
    "published_pdf",
    "sign_in",
    "verify",
}


def callbacks(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from callbacks(pattern.url_patterns)
        else:
            yield pattern.name, pattern.callback


def test_open_pages_are_these_and_no_others():
    found = {name for name, view in callbacks(get_resolver().url_patterns) if not getattr(view, "login_required", True)}
    assert found == OPEN


def test_nobody_signs_up_and_no_password_comes_by_e_mail(client):
    for at in ("/accounts/signup/", "/signup/", "/sign-up/", "/accounts/password/reset/", "/admin/", "/admin/login/"):
        assert client.get(at).status_code == 404, at
    names = {route.name for route in routes(get_resolver().url_patterns)}
    assert {name for name in names if "signup" in name or "reset" in name} == {"membership_reset-sign-in"}


# --- Passwords ---


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "This password is too short. It must contain at least 15 characters."),
        ("passwordpassword", "Choose words that have nothing to do with"),
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


@pytest.mark.parametrize("password", ["all small letters here", "x " * 100, "grüße aus dem süden, wer weiß"])
def test_long_password_needs_nothing_else(officer, client, password):
    client.force_login(officer)
    typed = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert client.post("/password/", typed).status_code == 302
    officer.refresh_from_db()
    assert officer.check_password(password)


def test_old_password_cannot_be_guessed_by_who_found_a_screen_open(officer, client):
    client.force_login(officer)
    typed = {"new_password1": "another long password", "new_password2": "another long password"}
    found = [client.post("/password/", typed | {"old_password": "wrong"}).status_code for _ in range(6)]
    assert found == [200] * 5 + [429]


# --- Lost phones ---


def test_administrator_lets_a_colleague_in_again_and_it_is_remembered(officer, filled, client):
    theirs = Client()
    send(theirs)
    set_up_app(theirs)
    membership = Membership.objects.get(user=officer)
    client.force_login(filled.people["administrator"])
    at = f"/roles/{membership.pk}/reset-sign-in/"
    answer = client.post(at, {"reason": "Lost the phone; met in person"}, follow=True)
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


def test_nobody_resets_their_own_sign_in_nor_that_of_another_council(officer, filled, client):
    own = Membership.objects.get(user=filled.people["administrator"])
    client.force_login(filled.people["administrator"])
    assert client.post(f"/roles/{own.pk}/reset-sign-in/", {"reason": "Mine"}).status_code == 403
    client.force_login(filled.people["stranger"])
    held = Membership.objects.get(user=officer)
    assert client.post(f"/roles/{held.pk}/reset-sign-in/", {"reason": "Theirs"}).status_code == 404
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_command_resets_in_the_name_of_an_administrator(officer, filled, capsys):
    call_command("reset_sign_in", "officer", "--by=administrator", "--reason=Key lost")
    password = capsys.readouterr().out.strip().rpartition(": ")[2]
    officer.refresh_from_db()
    assert officer.check_password(password)
    assert Membership.objects.get(user=officer).history.latest("history_id").history_change_reason == "Key lost"


@pytest.mark.parametrize(
    ("who", "by", "reason", "sentence"),
    [
        ("nobody", "administrator", "Lost", "There is no account “nobody”."),
        ("officer", "clerk", "Lost", "Officer of the tests holds no role today in a council that Clerk of the tests"),
        ("stranger", "administrator", "Lost", "Stranger of the tests holds no role today"),
        ("officer", "administrator", " ", "Say why: it stands in the history."),
        ("administrator", "administrator", "Lost", "You cannot reset your own sign-in. Ask another administrator."),
    ],
)
def test_command_says_why_it_refuses(filled, who, by, reason, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call_command("reset_sign_in", who, f"--by={by}", f"--reason={reason}")


# --- Where it leads ---

ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "///evil.example", "////evil.example", "http:evil.example",
    "https:evil.example", "https:/evil.example", "\\\\evil.example", "/\\evil.example", "\\/evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "http://testserver@evil.example/",
    "http://testserver.evil.example/", "http://evil.example/testserver", "http://evil.example#testserver",
    "http://evil.example?testserver", "\thttps://evil.example", " https://evil.example", "\x00//evil.example",
    "/\t/evil.example", "/\n/evil.example", "//evil.example/%2f..", "http://[::1]evil.example/", "ftp://testserver/",
    "http:///evil.example", "https://testserver:443@evil.example", "//testserver:x@evil.example",
)  # fmt: skip


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_sign_in_never_leads_to_another_site(officer, elsewhere):
    from urllib.parse import quote

    client = Client()
    answer = send(client, query=f"?next={quote(elsewhere)}")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    secret = set_up_app(client)
    client.post("/sign-out/")
    send(client, query=f"?next={quote(elsewhere)}")
    answer = client.post("/sign-in/second-step/", {"code": code_of(secret, ahead=1)})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_sign_in_leads_back_to_the_page_that_was_asked_for(officer):
    client = Client()
    secret = enrolled(client, officer)
    asked = client.get("/joint-posts/?sort=title")["Location"]
    assert asked == "/sign-in/?next=/joint-posts/%3Fsort%3Dtitle"
    client.post(asked, {"username": "officer", "password": PASSWORD})
    answer = client.post("/sign-in/second-step/", {"code": code_of(secret, ahead=1)})
    assert answer["Location"] == "/joint-posts/?sort=title"


HOSTS = (
    "evil.example", "evil.example:80", "testserver.evil.example", "evil.example/testserver", "testserver@evil.example",
    "", "testserver evil.example", "[::1", "127.0.0.1.evil.example", "evil.example#testserver",
)  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_unknown_host_is_a_bad_request(host):
    answer = Client(headers={"host": host}).get("/sign-in/", HTTP_HOST=host)
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_HOST", "HTTP_X_ORIGINAL_URL"])
def test_other_headers_name_no_host(officer, header):
    client = Client(**{header: "evil.example"})
    for at in ("/joint-posts/", "/published/", "/sign-in/"):
        answer = client.get(at)
        assert "evil.example" not in answer.content.decode() + answer.headers.get("Location", "")
