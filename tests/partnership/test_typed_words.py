"""Test what somebody typed stays words: in patterns, formats and mail; and none of it stands in the log.

Requirements of docs/asvs.csv that no other test shows.
"""

import ast
import io
import logging
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, send_mail
from django.test import Client

from partnership.log_lines import Line
from partnership.models import User
from tests.factories import make_body
from tests.partnership.test_errors import Addresses
from tests.portal.test_asvs import TREES, calls
from tests.sign_in import PASSWORD, enrolled, send, with_password


@pytest.fixture
def officer(filled, quick_hashing):
    return with_password(filled.people["officer"])


NAME = "Zebedee Quartermain"
PAY = "98765.43"


@pytest.mark.django_db
def test_log_of_a_run_holds_no_name_no_pay_and_no_password(filled, officer, settings, caplog):
    """Signing in, refused forms and files, refusals and a fault, with the same words in all that is typed."""
    caplog.set_level(logging.DEBUG)
    settings.ROOT_URLCONF = Addresses
    client = Client(raise_request_exception=False)
    enrolled(client, officer)
    send(client, password=f"{PASSWORD} {NAME}")
    client.force_login(officer)
    said = {"name": NAME, "title": NAME, "salary": PAY, "reason": NAME, "old_password": f"{PASSWORD} {NAME}"}
    for at in ("/bodies/new/", "/joint-posts/new/", "/savings/new/", "/password/", "/roles/new-person/", "/fault/"):
        client.post(at, said)
    client.post("/joint-posts/import/", {"file": io.BytesIO(f"{NAME},{PAY}".encode())})
    client.get("/find/", {"words": NAME})
    client.get("/joint-posts/", {"as_at": NAME})
    lines = [Line().format(record) for record in caplog.records if record.levelno >= logging.INFO]
    ours = [line for line in lines if "partnership." in line or "django." in line]
    refused = [line for line in ours if "Refused what was sent to" in line]
    assert [re.search(r"sent to (\S+):", line)[1] for line in refused] == [
        "/sign-in/", "/bodies/new/", "/joint-posts/new/", "/savings/new/", "/password/", "/joint-posts/import/",
    ]  # fmt: skip
    assert f"account={officer.pk}" in refused[1]
    told = [officer.name, NAME, PAY, PASSWORD, "Zebedee", "98765"]
    assert [word for word in told if word in "\n".join(ours)] == []


@pytest.mark.django_db
def test_format_strings_are_our_own(filled, client):
    """What is typed only ever fills a format of ours; it is never one."""
    used = [(at, node.func.value) for at, name, node in calls() if name.endswith((".format", ".format_map"))]
    formats = [one for at, one in used if at != "partnership/audit/triggers.py"]  # its triggers, out of its own table
    texts = [one for one in formats if not is_parent(one)]
    assert [ast.unparse(one) for one in texts if not is_constant(one)] == []
    hostile = "{0!r} {0} %s %(secret)s {} %n"
    body = make_body(partnership=filled.ours["partnership"], name=hostile)
    client.force_login(filled.people["officer"])
    for at in (f"/bodies/{body.pk}/", f"/bodies/{body.pk}/history/"):
        assert hostile in client.get(at).content.decode(), at


def is_parent(node):
    """Return whether it is ``super()``, whose ``format`` is that of a class of Python's logging, and no text's."""
    return ast.unparse(node) == "super()"


def is_constant(node):
    """Return whether it is a text of ours, or made of names in capitals alone, which stand for such texts."""
    names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    made_of_constants = bool(names) and all(name.isupper() for name in names)
    return isinstance(node, ast.Constant) or made_of_constants or ast.unparse(node).rpartition(".")[2].isupper()


# In patterns, beside constants and what is escaped: a constant's spellings, and names that were escaped just before.
OF_OURS = {"wrong", "named", "words", "common", "self.nouns", "state.pattern.pattern"}


def test_what_was_typed_is_escaped_before_it_is_part_of_a_pattern():
    built = [node.args[0] for _, called, node in calls() if re.fullmatch(r"re\.(?!escape)\w+", called)]
    named = {ast.unparse(one) for one in built if isinstance(one, ast.Name)}
    assigned = []
    for tree in TREES.values():
        assigned += [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    built += [node.value for node in assigned if ast.unparse(node.targets[0]) in named]
    parts = []
    for one in built:
        parts += [part.value for part in ast.walk(one) if isinstance(part, ast.FormattedValue)]
    said = {ast.unparse(part) for part in parts if not is_constant(part)}
    assert {one for one in said if not one.startswith("re.escape(")} == OF_OURS


@pytest.mark.parametrize("typed", ["Papers\nBcc: x@evil.example", "Papers\r\nX-Evil: 1", "Papers\rTo: x@evil.example"])
def test_mail_takes_no_header_from_what_was_typed(typed, mailoutbox):
    with pytest.raises(BadHeaderError):
        send_mail(typed, "", None, ["officer@alder.example"])
    with pytest.raises(BadHeaderError):
        send_mail("Papers", "", None, [typed])
    with pytest.raises(ValidationError):
        User(username="amy", name="Amy", email=typed, password="x").clean_fields()
    assert mailoutbox == []
