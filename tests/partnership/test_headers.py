"""The headers that keep browsers and caches from doing harm, on every kind of page there is."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'nonce'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# One of each kind: list, page, form, file, board, search, own account; public page and file; error; redirect.
SIGNED_IN = (
    "/", "/registers/", "/joint-posts/", "/joint-posts/new/", "/joint-posts/export.csv", "/joint-posts/export.xlsx",
    "/savings/import/", "/find/?words=post", "/your-sign-in/", "/password/", "/reviews/", "/calendar/", "/first-steps/",
    "/commitments/paste/", "/roles/new-person/", "/nowhere/", "/joint-posts/999999/", "/published/", "/open-data/",
    "/open-data/posts.csv", "/sign-in/",
)  # fmt: skip
SIGNED_OUT = (
    "/", "/sign-in/", "/published/", "/open-data/", "/open-data/datapackage.json", "/verify/", "/accessibility/",
    "/joint-posts/", "/nowhere/", "/published/nothing/", "/sign-in/second-step/",
)  # fmt: skip


def policy_of(response):
    said = re.sub(r"'nonce-[\w+/=-]+'", "'nonce'", response.headers["Content-Security-Policy"])
    return dict(part.strip().split(" ", 1) for part in said.split(";"))


def check(response, at):
    """The policy and the headers that every answer carries."""
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS, at
    found = policy_of(response)
    assert found | {"script-src": found["script-src"].removesuffix(" 'nonce'")} == POLICY | {"script-src": "'self'"}, at


@pytest.mark.parametrize("role", ["officer", "administrator", "councillor", "stranger"])
def test_every_answer_to_somebody_signed_in_is_for_them_alone(filled, client, role):
    client.force_login(filled.people[role])
    for at in SIGNED_IN:
        response = client.get(at)
        check(response, at)
        assert response.headers["Cache-Control"] == "no-store", at


def test_every_answer_to_nobody_in_particular(filled, client):
    for at in SIGNED_OUT:
        check(client.get(at), at)


def test_nonce_is_another_each_time_and_on_every_script(filled, client):
    client.force_login(filled.people["officer"])
    seen = set()
    for at in ("/", "/joint-posts/", "/your-sign-in/"):
        response = client.get(at)
        html = response.content.decode()
        nonce = re.search(r"'nonce-([^']+)'", response.headers["Content-Security-Policy"])[1]
        scripts = [tag for tag in re.findall(r"<script[^>]*>", html) if "application/json" not in tag]
        assert scripts
        assert [tag for tag in scripts if f'nonce="{nonce}"' not in tag] == []
        assert not re.search(r"<[^>]+ (?:on\w+|style)=", html), at
        seen.add(nonce)
    assert len(seen) == 3


# What docs/running-it.md says a real portal is started with.
PRODUCTION = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "",  # the tests' own
    "EMAIL_URL": "smtp+tls://name:password@mail.example:587",
    "PORTAL_URL": "https://portal.example",
    "TRUSTED_PROXIES": "1",
    "OIDC_PROVIDERS": '[{"id": "alder", "name": "Alder", "issuer": "https://id.example/t/v2.0", "client_id": "x",'
    ' "secret": "y"}]',
}
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(headers={"host": "portal.example"})
plain = client.get("/sign-in/")
secure = client.get("/sign-in/", headers={"x-forwarded-proto": "https"})
programs = [client.get(at) for at in ("/calendar/secret.ics", "/open-data/posts.csv", "/open-data/datapackage.json")]
print(json.dumps({
    "plain": [plain.status_code, plain.headers["Location"]],
    "secure": [secure.status_code, secure.headers["Strict-Transport-Security"]],
    "programs": [[one.status_code, one.headers.get("Location"), one.content.decode()] for one in programs],
    "cookies": {name: [morsel["secure"], morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"]]
                for name, morsel in secure.cookies.items()},
    "costly": settings.COSTLY_ANSWERS,
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_DOMAIN,
                settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_HTTPONLY],
}))
"""


def address_of_the_database():
    """The database of this test, as DATABASE_URL has it."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].replace("/portal?", f"/{name}?")


def in_production(*command, **more):
    """A child process with the production environment and nothing of this one's settings."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "partnership.settings"} | PRODUCTION | more
    environment["DATABASE_URL"] = environment["DATABASE_URL"] or address_of_the_database()
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_deployment_check_finds_nothing():
    done = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr


def test_production_is_https_with_cookies_of_this_host_alone():
    done = in_production("-c", ASK)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {
        "plain": [301, "https://portal.example/sign-in/"],
        "secure": [200, "max-age=31536000; includeSubDomains; preload"],
        "programs": [[403, None, "Ask for this address over HTTPS.\n"]] * 3,
        "cookies": {"__Host-csrf": [True, True, "Lax", "/", ""]},
        "costly": 200,
        "session": ["__Host-session", True, None, "/", True],
    }


def test_who_came_over_https_is_said_by_a_proxy_of_ours_alone():
    ask = "import django\ndjango.setup()\nfrom django.test import Client\n"
    ask += (
        "print(Client(headers={'host': 'portal.example', 'x-forwarded-proto': 'https'}).get('/sign-in/').status_code)"
    )
    found = {count: in_production("-c", ask, TRUSTED_PROXIES=count).stdout.strip() for count in ("0", "1")}
    assert found == {"0": "301", "1": "200"}
    guide = (ROOT / "docs" / "running-it.md").read_text()
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in guide  # so whatever a browser sends is written over


def test_environment_of_production_is_the_documented_one():
    described = re.findall(r"^    export ([A-Z_]+)=", (ROOT / "docs" / "running-it.md").read_text(), re.MULTILINE)
    assert set(PRODUCTION) == set(described)


def test_migrations_are_compared_without_a_key_but_nothing_is_served():
    """People ask it before each commit, in a checkout in which no portal was ever started."""
    without = {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite://:memory:", "SECRET_KEY": ""}

    def run(*command):
        return subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=without, capture_output=True, text=True, check=False
        )

    asked = run("makemigrations", "--check", "--dry-run")
    assert (asked.returncode, asked.stdout) == (0, "No changes detected\n"), asked.stderr
    refused = run("migrate")
    assert refused.returncode == 1
    sentence = "Set SECRET_KEY to a long random text (or DEBUG=1 to try the portal on your own machine)."
    assert refused.stderr.strip() == sentence
