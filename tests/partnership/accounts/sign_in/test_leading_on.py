"""Fault plan F17: signing in leads on within the portal, whatever the address or a header asks for."""

from urllib.parse import quote

import pytest
from django.test import Client

from tests.codes import code_of, set_up_app
from tests.sign_in import PASSWORD, enrolled, send, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashing")]


@pytest.fixture
def officer(filled):
    return with_password(filled.people["officer"])


ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "///evil.example", "////evil.example", "http:evil.example",
    "https:evil.example", "https:/evil.example", "\\\\evil.example", "/\\evil.example", "\\/evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "http://testserver@evil.example/",
    "http://testserver.evil.example/", "http://evil.example/testserver", "http://evil.example#testserver",
    "http://evil.example?testserver", "\thttps://evil.example", " https://evil.example",
    "/\t/evil.example", "/\n/evil.example", "//evil.example/%2f..", "http://[::1]evil.example/", "ftp://testserver/",
    "http:///evil.example", "https://testserver:443@evil.example", "//testserver:x@evil.example",
)  # fmt: skip


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_sign_in_never_leads_to_another_site(officer, elsewhere):
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
