"""No page offers its reader a link that answers 403 or 404, and the proof says who can mend what the reader may not."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.accounts.roles import ROLES
from partnership.generic.links import Links
from partnership.models import User
from reviews.models import Implication
from tests.matrix_world import OWN, PARTNER, Person, make_papers, make_world

pytestmark = pytest.mark.django_db
# Partners are offered other buttons on what a council keeps for itself: officers and clerks, who keep the most.
PEOPLE = [*(Person(role, OWN) for role in ROLES), Person("officer", PARTNER), Person("clerk", PARTNER)]
REFUSED = (403, 404)
NOT_FOLLOWED = ("/sign-out/", "/static/")
FILES = (".pdf", ".docx", ".xlsx", ".zip")  # dear to make; each stands behind the guard of the page beside it


class LinkReader(HTMLParser):
    """Collects the addresses that a page links to, or that its buttons send to."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        names = {"a": ["href"], "form": ["action"], "button": ["formaction"]}.get(tag, [])
        self.found += [value for name, value in attributes if name in names and value]


def links_of(page, html):
    """The addresses within the portal that a page offers, without its anchors."""
    reader = LinkReader()
    reader.feed(html)
    for found in reader.found:
        parts = urlsplit(urljoin(page, found))
        is_own = not parts.netloc and not parts.scheme and not parts.path.startswith(NOT_FOLLOWED)
        if is_own and not found.startswith("#"):
            yield parts._replace(fragment="").geturl()


@pytest.fixture(scope="module")
def world(module_data):
    return make_papers(make_world())


def tabs(world):
    """Home, and every list, detail and proof page of the portal that has something to show."""
    yield from (reverse(name) for name in ("home", "first_steps", "verification", "completeness", "confirmations"))
    for name, register in world.registers.items():
        if register.above is None:
            yield register.url("list")
        ready = [row for key, row in world.ready.items() if key.partition("_")[0] == name]
        numbers = {row.pk for row in (world.ours[name], *ready)}
        for row in register.model.objects.filter(pk__in=numbers).order_by("pk"):
            yield register.url("detail", row)
    slug = world.ours["review"].slug
    for name in ("review_paper", "review_proof", "review_editions", "review_classes", "review_publish"):
        yield reverse(name, args=[slug])
    yield reverse("cover_report", args=[world.ours["coverreport"].pk])
    yield reverse("exit_paper", args=[world.ours["exitplan"].pk])


@pytest.mark.parametrize("who", PEOPLE, ids=str)
def test_page_offers_no_link_that_refuses_its_reader(world, who):
    client = world.clients[who]
    offered = {}
    opened = set()
    for page in tabs(world):
        answer = client.get(page)
        if answer.status_code != 200:
            continue
        opened.add(page)
        for link in links_of(page, answer.content.decode()):
            offered.setdefault(urlsplit(link).path, (link, page))
    wrong = []
    below = {}
    for path, (link, page) in offered.items():
        if path in opened or path.endswith(FILES):
            continue
        answer = client.get(link)
        if answer.status_code in REFUSED:
            wrong.append(f"{page} → {link}: {answer.status_code}")
        elif answer.resolver_match.url_name == "figure":
            below |= {urlsplit(row).path: (row, link) for row in links_of(link, answer.content.decode())}
    for path, (link, page) in below.items():
        if path in opened or path in offered or path.endswith(FILES):
            continue
        if (status := client.get(link).status_code) in REFUSED:
            wrong.append(f"{page} → {link}: {status}")
    assert wrong == []
    assert len(opened) > 3


def findings_of(world, who):
    """The findings of the proof page as somebody is shown them."""
    page = world.clients[who].get(reverse("review_proof", args=[world.ours["review"].slug]))
    rows = []
    for _, _, found in page.context["groups"]:
        rows += found
    return rows


def test_proof_links_to_the_form_only_for_who_may_fill_it_in(world):
    """The world's first cleared implication names no evidence: an officer may name it, a councillor only reads it."""
    at = reverse("implication_record-clearance", args=[world.ours["implication"].pk])
    sentence = "An officer or clerk of one of the partnership’s councils can enter it."
    found = {}
    for role in ("officer", "clerk", "pwg_member", "auditor"):
        rows = findings_of(world, Person(role, OWN))
        (found[role],) = [(row["link"], row["who_can"]) for row in rows if row["kind"] == "clearance-evidence"]
    assert found == {
        "officer": (at, ""),
        "clerk": (at, ""),
        "pwg_member": ("", sentence),
        "auditor": ("", sentence),
    }
    answer = world.clients[Person("pwg_member", OWN)].get(reverse("review_proof", args=[world.ours["review"].slug]))
    assert sentence in answer.content.decode()
    assert at not in answer.content.decode()


def test_proof_costs_the_same_queries_for_one_finding_and_for_many(world):
    """The rows behind all links of a kind are read at once."""
    user = world.users[Person("officer", OWN)]
    implications = list(Implication.objects.filter(cover=world.ours["coverreport"]).order_by("pk")[:2])
    addresses = [reverse("implication_edit", args=[row.pk]) for row in implications]
    counts = []
    for asked in (addresses[:1], addresses):
        reader = User.objects.get(pk=user.pk)
        assert reader.authority
        with CaptureQueriesContext(connection) as queries:
            links = Links(reader, asked)
            assert [links.may_follow(address) for address in asked] == [True] * len(asked)
        counts.append(len(queries))
    assert counts[0] == counts[1]
