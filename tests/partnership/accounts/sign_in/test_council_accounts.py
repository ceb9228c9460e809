"""Signing in with a council's own account, against a real provider in a process of its own."""

import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from requests import RequestException

from partnership.accounts.sign_in import provider_requests
from partnership.accounts.sign_in.issuers import providers
from partnership.models import Membership, User
from tests.codes import set_up_app
from tests.council_provider import CLIENT, ODD_KEYS, ODD_TOKENS, SECRET, TENANT
from tests.html_forms import shown
from tests.sign_in import PASSWORD, opens, send, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashing")]
ROOT = Path(__file__).resolve().parents[4]
LINKED = "Your council's account is linked."
NOT_LINKED = "That account of your council is not linked to one here."
NOT_SIGNED_IN = "Your council's sign-in did not let you in"


class Stay(HTTPRedirectHandler):
    """A redirect is looked at, not followed."""

    def redirect_request(self, *args):
        return None


OPENER = build_opener(Stay)


def visit(address):
    """Return what a browser is answered: the status, and where it leads."""
    try:
        with OPENER.open(address, timeout=10) as answer:
            return answer.status, ""
    except HTTPError as answer:
        with answer:
            return answer.code, answer.headers.get("Location", "")


@pytest.fixture(scope="module")
def issuer():
    command = [sys.executable, "-m", "tests.council_provider"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/{TENANT}/v2.0"
        process.stdin.close()


@pytest.fixture
def council(strict):
    """The portal with that provider on its list; gives what signs in there as somebody."""
    return strict()


@pytest.fixture
def strict(issuer, settings):
    """The same, as strict as it is told."""
    row = {"id": "alder", "name": "Alder County Council", "issuer": issuer, "client_id": CLIENT, "secret": SECRET}

    def listed(**more):
        settings.SOCIALACCOUNT_PROVIDERS = providers([row | more])
        return sign_in

    def sign_in(client, subject, **sent):
        """All steps as a browser takes them; the last answer, with its page."""
        visit(f"{issuer}/become?subject={subject.replace(' ', '+')}")
        leaving = client.post("/sign-in/council/alder/", {"process": "login"} | sent).content.decode()
        away = re.search(r'content="0;url=([^"]+)"', leaving)[1].replace("&amp;", "&")
        assert away.startswith(f"{issuer}/authorize?")
        status, back = visit(away)
        assert status == 302
        at = urlsplit(back)
        return client.get(f"{at.path}?{at.query}", follow=True)

    return listed


@pytest.fixture
def officer(filled):
    user = with_password(filled.people["officer"])
    user.email = "officer@alder.example"
    user.save()
    return user


def linked(council, officer, subject="amy"):
    """An account whose owner signed in with the password once, and linked it."""
    client = Client()
    send(client)
    page = council(client, subject, process="connect").content.decode()
    assert LINKED in page.replace("&#x27;", "'")
    return client


def failures(caplog):
    """The lines about failed council sign-ins."""
    return [line for line in caplog.messages if line.startswith("Council sign-in failed")]


@contextmanager
def dripping():
    """The address of a server that sends its answer a byte at a time."""

    class Drip(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                for _ in range(20):
                    self.wfile.write(b"x")
                    time.sleep(0.05)

        def log_message(self, *args):
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Drip)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def said(answer):
    return answer.content.decode().replace("&#x27;", "'")


def test_link_once_then_sign_in_with_the_council_alone(council, officer, issuer):
    client = linked(council, officer)
    assert SocialAccount.objects.get().uid == f"{issuer} amy"
    assert SocialAccount.objects.get().extra_data == {"id_token": {"issuer_and_subject": f"{issuer} amy"}}
    assert not opens(client)  # linking signs nobody in
    assert council(client, "amy").status_code == 200
    assert opens(client)
    assert "You sign in with your council’s own account." in client.get("/your-sign-in/").content.decode()


def test_password_and_codes_end_with_the_link(council, officer):
    client = Client()
    send(client)
    set_up_app(client)
    council(client, "amy", process="connect")
    assert Authenticator.objects.count() == 0
    assert send(Client(), password=PASSWORD).status_code == 200  # refused
    council(client, "amy")
    assert opens(client)
    for at in ("/password/", "/your-sign-in/app/", "/your-sign-in/passkeys/new/", "/your-sign-in/recovery-codes/"):
        assert client.get(at).status_code == 403, at


def test_council_sign_in_with_a_known_email_address_is_refused(council, officer):
    """The provider says this is officer@alder.example, verified; it is another person of the same tenant."""
    linked(council, officer)
    client = Client()
    before = User.objects.count()
    assert NOT_LINKED in said(council(client, "mallory"))
    assert not opens(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 1)


def test_council_account_can_be_linked_to_one_account(council, officer, filled):
    linked(council, officer)
    neighbour = with_password(filled.people["neighbour"])
    client = Client()
    send(client, neighbour.username)
    council(client, "amy", process="connect")
    assert SocialAccount.objects.get().user == officer
    neighbour.refresh_from_db()
    assert neighbour.has_usable_password()
    assert not opens(client)


@pytest.mark.parametrize(
    "subject",
    [
        "wrong audience", "wrong issuer", "wrong tenant", "expired", "no subject", "no signature", "wrong key",
        "signed with the public key", "another sign-in", "no nonce", "access token", "logout token", "keys moved",
        "cancels", "clock far ahead", "subject that is a number", "no expiry", "no time of issue", "expiry in words",
        "several audiences", "several audiences, another party", "one audience, another party", "part of the tenant",
        "empty tenant", "tenant that is a number", "tenant that is a list", "tenant that is no value", *ODD_TOKENS,
        *ODD_KEYS, "30 MB of token", "30 MB of keys",
    ],
)  # fmt: skip
def test_council_sign_in_with_a_wrong_token_is_refused(council, officer, issuer, subject, caplog):
    SocialAccount.objects.create(user=officer, provider="alder", uid=f"{issuer} {subject}")
    client = Client()
    assert NOT_SIGNED_IN in said(council(client, subject))
    assert not opens(client)
    assert len(failures(caplog)) == 1


@pytest.mark.parametrize(
    "subject",
    ["expired within a minute", "clock a minute ahead", "several audiences, this party", "one audience in a list"],
)
def test_token_within_the_standard_and_a_minute_signs_in(council, officer, issuer, subject):
    SocialAccount.objects.create(user=officer, provider="alder", uid=f"{issuer} {subject}")
    officer.set_unusable_password()
    officer.save()
    client = Client()
    council(client, subject)
    assert opens(client)


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        ("expired", "The token is refused: Signature has expired"),
        ("clock far ahead", "The token is refused: The token is not yet valid (iat)"),
        ("no expiry", 'The token is refused: Token is missing the "exp" claim'),
        ("wrong issuer", "The token is refused: Invalid issuer"),
        ("wrong tenant", "The token is of another tenant."),
        ("no ID token", "The provider's answer has no ID token."),
        ("30 MB of keys", "The provider's answer is longer than 1048576 bytes."),
        ("cancels", "The provider answers “access_denied”."),
        ("mallory", "The council's account is not linked to one here."),
    ],
)
def test_council_sign_in_that_fails_logs_one_line_with_the_reason(council, officer, caplog, subject, reason):
    council(Client(), subject)
    assert failures(caplog) == [f"Council sign-in failed: alder from 127.0.0.1: {reason}"]


@pytest.mark.parametrize(
    "case",
    [
        ("another provider", "The provider says that it is another issuer."),
        ("configuration that is a list", "The provider's answer is not a JSON object."),
        ("30 MB of configuration", "The provider's answer is longer than 1048576 bytes."),
    ],
)
def test_wrong_configuration_is_said_and_logged(council, officer, issuer, caplog, case):
    subject, reason = case
    visit(f"{issuer}/become?subject={subject.replace(' ', '+')}")
    answer = Client().post("/sign-in/council/alder/", {"process": "login"}, follow=True)
    assert NOT_SIGNED_IN in said(answer)
    assert failures(caplog) == [f"Council sign-in failed: alder from 127.0.0.1: {reason}"]


def test_bounded_session_slow_response_is_given_up(monkeypatch, settings):
    """A provider that sends a byte now and then cannot hold a worker for longer than the bound."""
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
    monkeypatch.setattr(provider_requests, "MOST_SECONDS", 0)
    with dripping() as address, pytest.raises(RequestException, match="takes longer than 0 seconds"):
        provider_requests.BoundedSession().get(address)


def test_council_sign_in_provider_naming_another_issuer_is_refused(council, officer, issuer):
    visit(f"{issuer}/become?subject=another+provider")
    assert NOT_SIGNED_IN in said(Client().post("/sign-in/council/alder/", {"process": "login"}, follow=True))


def test_council_sign_in_sends_new_nonce_and_ignores_query_string(council, officer, issuer):
    visit(f"{issuer}/become?subject=amy")
    sent = []
    for _ in range(2):
        page = Client().post("/sign-in/council/alder/?auth_params=nonce%3Dmine%26prompt%3Dnone&scope=admin")
        address = re.search(r'content="0;url=([^"]+)"', page.content.decode())[1].replace("&amp;", "&")
        sent.append({name: values[0] for name, values in parse_qs(urlsplit(address).query).items()})
    known = {"client_id", "redirect_uri", "scope", "response_type", "state", "nonce", "code_challenge"}
    assert set(sent[0]) == known | {"code_challenge_method"}
    assert {*sent[0]["scope"].split()} == {"openid", "profile", "email"}
    assert len({"mine", *(one["nonce"] for one in sent)}) == 3


@pytest.mark.parametrize(
    "case",
    [
        ({"amr": "mfa"}, "amy", True),
        ({"amr": "mfa"}, "password alone", False),
        ({"amr": "mfa"}, "no strength", False),
        ({"acr": "2"}, "amy", True),  # the provider says the class it was asked for
        ({"acr": "2"}, "password alone", False),
        ({"acr": "2"}, "no strength", False),
    ],
)
def test_council_sign_in_weaker_than_the_settings_is_refused(strict, officer, issuer, case):
    wanted, subject, is_let_in = case
    SocialAccount.objects.create(user=officer, provider="alder", uid=f"{issuer} {subject}")
    officer.set_unusable_password()
    officer.save()
    client = Client()
    answer = strict(**wanted)(client, subject)
    assert (opens(client), NOT_SIGNED_IN in said(answer)) == (is_let_in, not is_let_in)


def test_council_return_without_a_sign_in_under_way_is_refused(council, officer):
    """Login CSRF: an attacker's own answer, sent to somebody else's browser."""
    linked(council, officer)
    answer = Client().get("/sign-in/council/alder/back/?code=x&state=y", follow=True)
    assert NOT_SIGNED_IN in said(answer)


def test_council_sign_in_to_a_closed_account_is_refused(council, officer):
    linked(council, officer)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    client = Client()
    assert NOT_LINKED in said(council(client, "amy"))
    assert not opens(client)


def test_reset_unlinks(council, officer, filled, client):
    linked(council, officer)
    client.force_login(filled.people["administrator"])
    membership = Membership.objects.get(user=officer)
    at = f"/roles/{membership.pk}/reset-sign-in/"
    client.post(at, shown(client, at) | {"reason": "Moved to another tenant"})
    assert NOT_LINKED in said(council(Client(), "amy"))


def test_council_return_redirects_only_within_the_portal(council, officer):
    linked(council, officer)
    for wanted, found in (("/joint-posts/", "/joint-posts/"), ("https://evil.example/", "/"), ("//evil.example", "/")):
        client = Client()
        assert council(client, "amy", next=wanted).redirect_chain[0][0] == found


def test_council_sign_in_with_provider_away_shows_a_sentence(officer, settings):
    row = {"id": "alder", "name": "Alder", "issuer": "http://127.0.0.1:1/x", "client_id": "x", "secret": "x"}
    settings.SOCIALACCOUNT_PROVIDERS = providers([row])
    assert NOT_SIGNED_IN in said(Client().post("/sign-in/council/alder/", {"process": "login"}, follow=True))


def test_council_sign_in_unknown_provider_is_not_found(officer):
    assert Client().post("/sign-in/council/alder/").status_code == 404
    assert Client().get("/sign-in/council/alder/back/").status_code == 404
    assert Client().get("/sign-in/council/alder/").status_code == 405


ROW = {"id": "alder", "name": "Alder", "issuer": "https://login.example/t/v2.0", "client_id": "x", "secret": "y"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"issuer": "http://login.example/t/v2.0"}, "must begin with https://"),
        ({"issuer": "https://login.microsoftonline.com/common/v2.0"}, "stands for any tenant"),
        ({"issuer": "https://login.microsoftonline.com/organizations/v2.0"}, "stands for any tenant"),
        ({"id": "Alder County"}, "a-z, 0-9 and - only"),
        ({"secret": ""}, "needs id, name, issuer, client_id, secret"),
        ({"amr": ""}, "perhaps acr or amr; nothing else"),
        ({"tenant": "any"}, "needs id, name, issuer, client_id, secret"),
    ],
)
def test_providers_for_any_tenant_or_without_https_are_refused(change, sentence):
    with pytest.raises(ImproperlyConfigured, match=re.escape(sentence)):
        providers([ROW | change])
