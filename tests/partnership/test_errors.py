"""Test error pages: a sentence, without the database, and without a word of how the portal works."""

import errno
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import OperationalError
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from partnership import errors
from partnership import urls as portal_urls
from partnership.accounts.sign_in.rate_limits import Locked
from partnership.records.record import Stale
from tests.partnership.test_headers import in_production

STATUSES = (400, 403, 404, 409, 413, 429, 500, 503)
# What would tell how it works: a path, SQL, Python.
INSIDE = re.compile(r"Traceback|/tmp|\.py\b|SELECT|sqlite|psycopg|Exception|OperationalError|partnership\.")


@pytest.mark.parametrize("status", STATUSES)
def test_page_is_written_without_the_database(status):
    """No mark for the database on this test: touching it would fail."""
    answer = errors.page(status, wait="2 minutes")
    html = answer.content.decode()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")
    assert len(re.findall(r"<h1 class=\"govuk-heading-l\">[A-Z][^<]+</h1>", html)) == 1
    assert html.count("<html") == html.count("<main") == html.count("</html>") == 1
    assert not INSIDE.search(html)
    assert "<script" not in html


def broken(problem):
    @csrf_exempt
    def view(request):
        raise problem

    view.login_required = False
    return view


class Addresses:
    """The portal's own addresses, and some at which things go wrong."""

    handler400 = portal_urls.handler400
    handler403 = portal_urls.handler403
    handler404 = portal_urls.handler404
    handler500 = portal_urls.handler500
    urlpatterns = [
        path("fault/", broken(ValueError("SELECT the secret"))),
        path("away/", broken(OperationalError("could not connect to server"))),
        path("full/", broken(OSError(errno.ENOSPC, "No space left on device"))),
        path("locked/", broken(Locked(90))),
        path("stale/", broken(Stale.__new__(Stale))),
        path("form/", csrf_exempt(lambda request: request.POST and None)),
        *portal_urls.urlpatterns,
    ]


Addresses.urlpatterns[5].callback.login_required = False


@pytest.fixture
def browser_of_all(settings, db):
    settings.ROOT_URLCONF = Addresses
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("at", "status", "words", "retry"),
    [
        ("/fault/", 500, "Something went wrong", None),
        ("/away/", 503, "The portal cannot be reached for the moment", "30"),
        ("/full/", 503, "The portal cannot be reached for the moment", "30"),
        ("/locked/", 429, "looked at for 2 minutes", "90"),
        ("/stale/", 409, "Somebody changed this in the meantime", None),
        ("/nowhere/", 404, "There is no such page", None),
    ],
)
def test_fault_is_told_in_a_sentence(browser_of_all, at, status, words, retry):
    answer = browser_of_all.get(at)
    html = answer.content.decode()
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, retry)
    assert words in html
    assert not INSIDE.search(html)


AWAY = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "portal.example", "x-forwarded-proto": "https"})
client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
ats = ["/", "/joint-posts/", "/joint-posts/export.csv", "/published/", "/sign-in/", "/your-sign-in/", "/open-data/"]
answers = [client.get(at) for at in ats] + [client.post("/sign-in/", {"username": "a", "password": "b"})]
print(json.dumps([[one.status_code, one.headers.get("Retry-After"), one.content.decode()] for one in answers]))
"""


def test_database_that_is_away_is_said_on_every_kind_of_page():
    """Nothing answers at that port: as PostgreSQL is while it starts."""
    done = in_production("-c", AWAY, DATABASE_URL="postgres://portal@127.0.0.1:1/portal")
    answers = json.loads(done.stdout.splitlines()[-1])
    assert len(answers) == 8
    for status, retry, html in answers:
        assert (status, retry) == (503, "30")
        assert "The portal cannot be reached for the moment" in html
        assert not INSIDE.search(html)


@pytest.mark.parametrize("size", ["52428800", "11534337", "99999999999999999999", "-1", "ten"])
def test_body_that_is_too_large_is_turned_away_unread(browser_of_all, size):
    class Unread:
        def read(self, *args):
            raise AssertionError("read")

        readline = read

    answer = browser_of_all.generic("POST", "/form/", b"", CONTENT_LENGTH=size, **{"wsgi.input": Unread()})
    assert answer.status_code == 413
    assert "That is too much at once" in answer.content.decode()


def test_form_that_is_too_large_is_turned_away(browser_of_all):
    assert browser_of_all.post("/form/", {"text": "x" * 3_000_000}).status_code in (413,)


def test_form_of_too_many_fields_is_a_bad_request(browser_of_all):
    assert browser_of_all.post("/form/", {f"field{n}": "1" for n in range(2_001)}).status_code == 400


@pytest.mark.browser
@pytest.mark.parametrize("status", STATUSES)
def test_page_is_accessible_and_fits_a_phone(page, live_server, status):
    page.route("**/page/", lambda route: route.fulfill(body=errors.page(status).content, content_type="text/html"))
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{live_server.url}/page/")
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
