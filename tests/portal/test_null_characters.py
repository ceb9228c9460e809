"""A NUL in whatever a request holds ends in a page of the portal's own, on either engine, signed in or not."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/%00",
    "/published/%00/",
    "/published/any/1/%00",
    "/published/any%00.pdf",
    "/reviews/%00/",
    "/calendar/%00.ics",
    "/joint-posts/%00/",
    "/static/%00.css",
    "/open-data/%00.csv",
]
QUERIES = [
    "/published/?words=%00",
    "/sign-in/?next=%00//evil.example",
    "/verify/?checksum=a%00b",
    "/savings/?words=a%00",
    "/savings/?partnership=1%00",
    "/?council=%00&as_at=2019-03-16",
    "/?a%00b=c",
]


@pytest.mark.parametrize("who", [None, "officer"])
@pytest.mark.parametrize("at", ADDRESSES)
def test_address_with_nul_is_not_found(at, who, client, filled):
    if who:
        client.force_login(filled.people[who])
    assert client.get(at).status_code == 404


@pytest.mark.parametrize("who", [None, "officer"])
@pytest.mark.parametrize("at", QUERIES)
def test_query_with_nul_is_a_bad_request(at, who, client, filled):
    if who:
        client.force_login(filled.people[who])
    assert client.get(at).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_USER_AGENT": "a\0b"},
        {"HTTP_ACCEPT_LANGUAGE": "\0"},
        {"HTTP_X_FORWARDED_FOR": "1.2.3.4\0"},
        {"HTTP_COOKIE": 'sessionid="a\\000b"'},
        {"HTTP_COOKIE": "csrftoken=a\0b"},
    ],
)
def test_header_or_cookie_with_nul_is_a_bad_request(headers, db):
    assert Client().get("/published/", **headers).status_code == 400


def test_form_with_nul_is_a_bad_request(client, filled):
    assert client.post("/sign-in/", {"username": "a\0", "password": "b"}).status_code == 400
    assert client.post("/sign-in/", {"username": "a", "password": "b", "next\0": ""}).status_code == 400
    client.force_login(filled.people["officer"])
    assert client.post(reverse("saving_create"), {"title": "Title\0"}).status_code == 400
    file = SimpleUploadedFile("lines.csv", BytesIO(b"Saving\r\na\r\n").read())
    assert client.post(reverse("saving_import"), {"file": file, "encoding": "\0"}).status_code == 400


def test_form_without_nul_is_taken_as_before(client, filled):
    response = client.post("/sign-in/", {"username": "nobody", "password": "wrong"})
    assert response.status_code == 200
    assert "The user name or the password is not right" in response.content.decode()
