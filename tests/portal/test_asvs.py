"""docs/asvs.csv says of each requirement of OWASP ASVS 5.0.0, levels 1 and 2, which test shows it, or why none does.

Below it, the requirements that no other test shows.
"""

import ast
import base64
import csv
import inspect
import io
import logging
import re
from collections import Counter
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import global_settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.test import Client
from django.urls import get_resolver
from django.utils import crypto
from django.utils.module_loading import import_string

from partnership.accounts.sign_in import passwords, rate_limits, sessions
from partnership.accounts.sign_in.adapters import SecondStepAdapter
from partnership.accounts.sign_in.session_store import SessionStore
from partnership.log_lines import Line
from partnership.models import User
from tests.codes import code_of
from tests.factories import make_body
from tests.partnership.accounts.sign_in.test_sign_in import callbacks
from tests.partnership.test_errors import Addresses
from tests.sign_in import PASSWORD, enrolled, send, with_password

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "asvs.csv"
APPS = ("partnership", "business_cases", "joint_posts", "reviews")
OURS = []
for app in APPS:
    OURS += [file for file in sorted((ROOT / app).rglob("*.py")) if "migrations" not in file.parts]
TREES = {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text()) for file in OURS}
GUIDE = ROOT / "docs" / "running-it.md"
SECURITY = ROOT / "docs" / "security.md"

# The sections of the standard with the level of each of their requirements up to level 2, in its order.
LEVELS = {
    "1.1": "22", "1.2": "111112222", "1.3": "11222222222", "1.4": "222", "1.5": "12", "2.1": "122", "2.2": "112",
    "2.3": "1222", "2.4": "2", "3.2": "11", "3.3": "1222", "3.4": "112222", "3.5": "11122", "3.7": "22", "4.1": "122",
    "4.2": "2", "4.3": "22", "4.4": "1222", "5.1": "2", "5.2": "112", "5.3": "11", "5.4": "222", "6.1": "122",
    "6.2": "111111112222", "6.3": "1122", "6.4": "1122", "6.5": "22222", "6.6": "222", "6.8": "2222", "7.1": "222",
    "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "22", "7.6": "22", "8.1": "12", "8.2": "112", "8.3": "1",
    "8.4": "2", "9.1": "111", "9.2": "1222", "10.1": "22", "10.2": "22", "10.3": "2222", "10.4": "11111222222",
    "10.5": "22222", "10.6": "22", "10.7": "222", "11.1": "22", "11.2": "222", "11.3": "112", "11.4": "1222",
    "11.5": "2", "11.6": "2", "12.1": "122", "12.2": "11", "12.3": "2222", "13.1": "2", "13.2": "22222", "13.3": "22",
    "13.4": "12222", "14.1": "22", "14.2": "1222", "14.3": "122", "15.1": "122", "15.2": "122", "15.3": "1222222",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "222", "17.1": "2", "17.2": "2222",
    "17.3": "22",
}  # fmt: skip


def rows():
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def known_tests():
    """Return every test of the suite, as `tests/app/test_x.py::test_y`."""
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        yield from (
            f"{file.relative_to(ROOT)}::{name}" for name in re.findall(r"^def (test_\w+)\(", file.read_text(), re.M)
        )


def test_table_has_every_requirement_of_both_levels_once():
    wanted = []
    for at, levels in LEVELS.items():
        wanted += [(f"{at}.{n}", level) for n, level in enumerate(levels, 1)]
    assert [(row["requirement"], row["level"]) for row in rows()] == wanted
    assert Counter(level for _, level in wanted) == {"1": 70, "2": 183}


def test_every_row_says_what_it_is_about_and_how_it_stands():
    assert {row["state"] for row in rows()} <= {"met", "not applicable", "gap"}
    assert [row["requirement"] for row in rows() if not 2 <= len(row["subject"].split()) <= 6] == []


def test_every_test_that_is_named_exists():
    named = {row["evidence"] for row in rows() if row["state"] == "met"}
    assert len(named) > 50
    assert named - set(known_tests()) == set()


def test_what_is_not_met_has_its_reason():
    reasons = {row["requirement"]: row["evidence"] for row in rows() if row["state"] != "met"}
    assert len(reasons) > 10
    assert [one for one, reason in reasons.items() if not re.fullmatch(r"[A-Z].{15,}\.", reason)] == []


# --- Our own source: what it never does -------------------------------------------------------------------------------


def calls():
    """Return every call in our code: where, and what is called, as it is written."""
    for at, tree in TREES.items():
        yield from ((at, ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def imported():
    """Return every module that our code imports, and where."""
    for at, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((at, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield at, node.module or ""


RUNS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "Template", "engines.from_string"}
UNPACKS = {"pickle", "marshal", "shelve", "yaml", "dill"}


def test_nothing_runs_what_was_typed():
    assert {"super", "reverse"} <= {name for _, name, _ in calls()}
    assert {(at, name) for at, name, _ in calls() if name in RUNS or name.endswith(".from_string")} == set()
    assert {(at, name) for at, name in imported() if name.partition(".")[0] in UNPACKS} == set()
    shells = []
    for at, name, call in calls():
        shells += [(at, name) for given in call.keywords if given.arg == "shell"]
    assert shells == []


def test_sql_is_written_in_known_places_alone():
    """Everything else asks through the ORM, which keeps values out of the statement."""
    raw = ("cursor", "raw_sql", "extra", "RawSQL")
    found = {at for at, name, _ in calls() if name.rpartition(".")[2] in raw or name.endswith("objects.raw")}
    names = ("audit/triggers", "backups", "management/commands/limit_role", "records/snapshots")
    names += ("models/jobs",)  # a lock of PostgreSQL's that the ORM does not have
    assert found == {f"partnership/{name}.py" for name in names}


CALLING = {"socket", "requests", "http", "smtplib", "ftplib", "httpx", "aiohttp", "poplib", "imaplib", "xmlrpc"}


def test_portal_itself_calls_nobody():
    """Only Django's mail and allauth's sign-in do, and docs/security.md names both."""
    out = {(at, name) for at, name in imported() if name.partition(".")[0] in CALLING or name == "urllib.request"}
    assert out == {
        ("partnership/accounts/sign_in/provider_requests.py", "requests"),  # the bounds of what allauth asks
        ("partnership/accounts/sign_in/views.py", "requests"),  # to name the faults of allauth's own asking
        ("partnership/imports/job.py", "socket"),  # which machine does a job
        ("partnership/worker.py", "socket"),
    }
    called = {name for _, name, _ in calls() if name.startswith(("requests.", "socket."))}
    assert called == {"requests.TooManyRedirects", "requests.RequestException", "socket.gethostname"}
    said = SECURITY.read_text()
    assert [name for name in ("DATABASE_URL", "EMAIL_URL", "OIDC_PROVIDERS") if name not in said] == []


def test_secrets_are_drawn_by_the_system():
    assert {(at, name) for at, name in imported() if name == "random"} == set()
    lengths = {call.args[0].value for _, name, call in calls() if name.startswith("secrets.token_")}
    assert min(lengths) * 8 >= 128
    for theirs in (generate_totp_secret, RecoveryCodes.generate_seed, crypto.get_random_string):
        assert re.search(r"secrets\.(token_\w+|choice)\(", inspect.getsource(theirs)), theirs


def test_every_form_is_asked_for_its_token():
    views = list(callbacks(get_resolver().url_patterns))
    assert len(views) > 500
    assert [name for name, view in views if getattr(view, "csrf_exempt", False)] == []


def test_scripts_make_no_page_of_data_and_keep_nothing():
    found = []
    for file in sorted((ROOT / "static").glob("*.js")):
        found += [line.strip() for line in file.read_text().splitlines()]
    risky = re.compile(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|\w+Storage|indexedDB|\.cookie")
    # The preview of a section: a page that the portal drew itself, with everything escaped.
    assert [line for line in found if risky.search(line)] == ["side.innerHTML = await response.text();"]


def test_scripts_get_data_as_escaped_json():
    templates = {file: file.read_text() for file in sorted((ROOT / "templates").rglob("*.html"))}
    inside = []
    for text in templates.values():
        inside += re.findall(r"<script[^>]*>(.*?)</script>", text, re.S)
    assert [part for part in inside if "{{" in part or re.search(r"{%(?! static )", part)] == []
    marked = []
    for text in templates.values():
        marked += [line for line in text.splitlines() if "|safe" in line or "autoescape" in line]
    assert {line.strip() for line in marked} == {"<style>{{ fonts|safe }}{{ style|safe }}</style>"}


# --- What the documents say -------------------------------------------------------------------------------------------


def test_limits_written_down_are_those_of_the_door():
    text = " ".join(GUIDE.read_text().split())
    pair, address, pair_of_network, network, by_account = rate_limits.CODE_LIMITS
    assert f"From one IPv6 network of 48 bits it is {pair_of_network.most} and {network.most}." in text
    assert (pair_of_network.within, network.within) == (rate_limits.QUARTER_HOUR, rate_limits.QUARTER_HOUR)
    assert f"After {pair.most} wrong passwords or codes for an account from one address, or {address.most}" in text
    quarter = rate_limits.QUARTER_HOUR
    hour = rate_limits.HOUR
    assert (pair.within, address.within, by_account.within) == (quarter, quarter, hour)
    assert f"after {by_account.most} wrong codes behind a right password, an hour" in text
    assert "Nobody can shut a colleague out from another address." in text
    assert "ends after half an hour without a page, after twelve hours" in text
    assert (sessions.IDLE_LIMIT, sessions.SESSION_LIMIT) == (30 * 60, 12 * 3600)


def test_words_refused_in_passwords_are_written_down():
    said = SECURITY.read_text()
    assert len(passwords.OWN_WORDS) > 3
    assert [word for word in passwords.OWN_WORDS if f"“{word}”" not in said] == []


def test_roles_and_rules_written_down_are_those_in_force():
    from django.core.management import call_command

    call_command("write_roles", "--check", stdout=io.StringIO())  # raises where they differ


def test_log_is_written_down(settings):
    assert settings.LOGGING["root"]["handlers"] == list(settings.LOGGING["handlers"])
    said = SECURITY.read_text()
    assert [one for one in ("standard error", "Signed in", "Forbidden", "Locked") if one not in said] == []


# --- Signing in -------------------------------------------------------------------------------------------------------


@pytest.fixture
def officer(filled, quick_hashing):
    return with_password(filled.people["officer"])


@pytest.mark.django_db
def test_password_is_taken_as_it_is_typed(officer):
    for typed in (PASSWORD.upper(), f"{PASSWORD} ", f" {PASSWORD}", PASSWORD[:-1]):
        assert "is not right" in send(Client(), password=typed).content.decode()
    assert send(Client())["Location"] == "/"


@pytest.mark.django_db
def test_password_in_the_address_is_not_read(officer):
    client = Client()
    assert client.post(f"/sign-in/?username=officer&password={PASSWORD.replace(' ', '+')}").status_code == 200
    assert client.get("/joint-posts/")["Location"] == "/sign-in/?next=/joint-posts/"


@pytest.mark.django_db
def test_password_boxes_hide_what_is_typed_and_let_managers_fill_them(officer, client):
    found = {}
    for at in ("/sign-in/", "/password/"):
        boxes = [tag for tag in re.findall(r"<input[^>]+>", client.get(at).content.decode()) if "password" in tag]
        found[at] = [re.search(r'type="(\w+)"', tag)[1] for tag in boxes]
        kinds = {re.search(r'autocomplete="([\w-]+)"', tag)[1] for tag in boxes}
        assert kinds <= {"current-password", "new-password"}
        client.force_login(officer)
    assert found == {"/sign-in/": ["password"], "/password/": ["password"] * 3}


def test_password_never_grows_old():
    """Nothing keeps the age of a password, so nothing can ask for another one."""
    names = {field.name for field in User._meta.get_fields()}
    assert {name for name in names if "password" in name} == {"password", "must_choose_password"}


def test_passwords_are_stored_the_slow_way(settings):
    hasher = import_string(global_settings.PASSWORD_HASHERS[0])
    assert hasher.algorithm == "pbkdf2_sha256"
    assert hasher.iterations >= 600_000
    assert settings.PASSWORD_HASHERS == global_settings.PASSWORD_HASHERS


def test_secrets_of_apps_are_sealed():
    """AES in CBC mode with an HMAC over it, of the library `cryptography`: what was changed opens nothing."""
    adapter = SecondStepAdapter()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert base64.urlsafe_b64decode(sealed)[0] == 0x80  # Fernet's first byte
    assert sealed != adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"
    for place in (12, 40, len(sealed) - 6):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        assert adapter.decrypt(changed) != "JBSWY3DPEHPK3PXP"


@pytest.mark.django_db
def test_session_keys_are_long_and_kept_in_the_database(officer, settings):
    assert issubclass(SessionStore, DatabaseStore)
    assert settings.SESSION_ENGINE == "partnership.accounts.sign_in.session_store"
    keys = set()
    for _ in range(5):
        client = Client()
        client.force_login(officer)
        keys.add(client.session.session_key)
    assert len(keys) == 5
    assert {bool(re.fullmatch(r"[a-z0-9]{32}", key)) for key in keys} == {True}  # 36 to the 32nd: 165 bits


@pytest.mark.django_db
def test_cookies_stay_at_home(officer):
    client = Client()
    send(client)
    assert {(one["samesite"], one["httponly"], one["domain"]) for one in client.cookies.values()} == {("Lax", True, "")}
    assert len(client.cookies) == 2


# --- Pages ------------------------------------------------------------------------------------------------------------

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'"


@pytest.mark.django_db
def test_hostile_name_does_no_harm_on_any_page(filled, client):
    body = make_body(partnership=filled.ours["partnership"], name=HOSTILE)
    client.force_login(filled.people["officer"])
    for at in ("", f"{body.pk}/", f"{body.pk}/edit/", f"{body.pk}/history/"):
        page = client.get(f"/bodies/{at}").content.decode()
        assert "&lt;script&gt;alert(1)" in page, at
        assert "<script>alert(1)" not in page, at
        assert "<img src=x" not in page, at


@pytest.mark.django_db
def test_typed_text_is_decoded_once(filled, client):
    client.force_login(filled.people["officer"])
    page = client.get("/find/?words=%2541%253Cb").content.decode()
    assert 'value="%41%3Cb"' in page


@pytest.mark.django_db
def test_every_page_of_somebody_signed_in_leads_out(filled, client):
    client.force_login(filled.people["officer"])
    for at in ("/", "/joint-posts/", "/joint-posts/new/", "/find/", "/your-sign-in/", "/reviews/", "/published/"):
        assert 'method="post" action="/sign-out/"' in client.get(at).content.decode(), at


KINDS = {
    "/sign-in/": "text/html; charset=utf-8",
    "/nowhere/": "text/html; charset=utf-8",
    "/joint-posts/": "text/html; charset=utf-8",
    "/joint-posts/export.csv": "text/csv; charset=utf-8",
    "/joint-posts/export.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "/open-data/datapackage.json": "application/json",
    "/static/portal.js": 'text/javascript; charset="utf-8"',
}


@pytest.mark.django_db
def test_every_kind_of_answer_says_what_it_is_and_invites_no_other_origin(filled, client):
    client.force_login(filled.people["officer"])
    answers = {at: client.get(at, headers={"origin": "https://evil.example"}) for at in KINDS}
    for answer in answers.values():
        list(answer)  # a static file is open until it is read
    assert {at: answer.headers["Content-Type"] for at, answer in answers.items()} == KINDS
    assert [at for at, answer in answers.items() if "Access-Control-Allow-Origin" in answer.headers] == []
    assert [
        at for at, answer in answers.items() if "frame-ancestors" not in answer.headers["Content-Security-Policy"]
    ] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "at", ["/.git/HEAD", "/.git/config", "/static/", "/static/../manage.py", "/partnership/settings.py"]
)
def test_nothing_of_the_repository_is_served(client, at):
    assert client.get(at).status_code == 404


# --- The log ----------------------------------------------------------------------------------------------------------


def test_event_is_one_line_with_its_time_and_account():
    class Request:
        _cached_user = User(pk=7, name="Nobody's business")

    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Forbidden: %s", ("/x\r\n2026 forged",), None)
    record.created = 0.0
    record.request = Request
    said = Line().format(record)
    assert said == "1970-01-01T00:00:00.000+00:00 WARNING django.request Forbidden: /x\\r\\n2026 forged account=7"


@pytest.mark.django_db
def test_signing_in_is_logged_with_its_steps(officer, caplog):
    caplog.set_level(logging.INFO, "partnership.accounts.sign_in")
    client = Client()
    secret = enrolled(client, officer)
    send(client, password="wrong")
    caplog.clear()
    send(client, password="wrong")
    send(client)
    client.post("/sign-in/second-step/", {"code": code_of(secret, ahead=1)}, REMOTE_ADDR="192.0.2.1")
    assert [record.getMessage() for record in caplog.records if record.name == "partnership.accounts.sign_in"] == [
        "A wrong password or code from 192.0.2.1",
        f"Signed in: account {officer.pk} from 192.0.2.1 by password and totp",
    ]


@pytest.mark.django_db
def test_refusals_and_faults_are_logged(filled, settings, caplog):
    settings.ROOT_URLCONF = Addresses
    client = Client(raise_request_exception=False)
    client.force_login(filled.people["councillor"])
    client.get("/joint-posts/new/")
    client.get("/fault/")
    found = [(record.levelname, record.getMessage(), Line().format(record)) for record in caplog.records]
    (refusal, what, line), (fault, broken, traced) = found
    assert (refusal, fault, broken) == ("WARNING", "ERROR", "Internal Server Error: /fault/")
    assert what == "Forbidden (Permission denied): /joint-posts/new/"
    assert f"account={filled.people['councillor'].pk}" in line
    assert "ValueError: SELECT the secret" in traced
