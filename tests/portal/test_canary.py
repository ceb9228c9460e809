"""Nothing that is not public is in any byte that the public is sent; no narrative fetches or executes anything."""

import io
import itertools
import re

import pytest

from reviews.facts import review_facts
from reviews.models import Audience, Edition, PublicationClass
from reviews.papers import document as documents
from reviews.papers.document import compose
from reviews.publishing import editions, publish
from reviews.publishing.published_facts import published_facts
from tests.canaries import PAY, canaries_in, crawl, plant
from tests.factories import (
    make_agreement,
    make_case,
    make_comparator,
    make_cost_share,
    make_council_share,
    make_option,
    make_section,
    make_swot_item,
)
from tests.published import BEFORE, make_unpublished

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def planted(module_data):
    """The review with a canary in every field that is not public, published."""
    made = make_unpublished()
    at = {"at": BEFORE}
    review = made.review
    partnership = made.partnership
    make_swot_item(review=review, **at)
    make_option(review=review, **at)
    make_agreement(partnership=partnership, **at)
    make_case(partnership=partnership, **at)
    make_comparator(partnership=partnership, **at)
    own = {"publication_class": "council", "council": made.alder}
    make_section(review=review, heading="Of one council", narrative="Its own.", **own, **at)
    make_section(review=review, heading="Confidential", narrative="Secret.", publication_class="confidential", **at)
    share = make_cost_share(post=partnership.joint_posts.first(), salary=PAY[0], on_costs_amount=PAY[1], **at)
    for council in (made.alder, made.birch):
        make_council_share(cost_share=share, council=council, baseline_cost=PAY[2], **at)
    made.planted = plant()
    made.review.refresh_from_db()
    publish.publish(made.review, by=made.clerk, at=publishing_moment())
    return made


def publishing_moment():
    """Now: the canaries were planted just before."""
    from django.utils import timezone

    return timezone.now()


FIRST = (
    "/",
    "/published/",
    "/published/a-review.json",
    "/published/nothing/",
    "/open-data/datapackage.json",
    "/reviews/a-review/",
    "/reviews/a-review.pdf",
    "/reviews/exempt-papers/1/",
    "/find/?words=canary",
)


def test_no_canary_reaches_the_public(planted, client):
    answers = {at: content + repr(response.headers).encode() for at, response, content in crawl(client, *FIRST)}
    assert len(answers) >= 20
    assert planted.planted >= 60
    canaries = {at: canaries_in(content) for at, content in answers.items()}
    assert {at for at, words in canaries.items() if words} == set()


def test_no_canary_of_exempt_text_is_in_the_members_edition_or_the_pack(planted, client):
    held = {"Exempt text.", "Confidential", "Secret.", "Of one council", "Its own."}
    members = Edition.objects.get(audience="members")
    secret = secret_canaries(planted)
    assert len(secret) >= 9
    for file in members.files.all():
        assert canaries_in(bytes(file.content)) & secret == set(), file.name
        assert not any(words.encode() in bytes(file.content) for words in held)
    client.force_login(planted.officer)
    pack = client.get("/reviews/a-review/pack.zip")
    assert pack.status_code == 200
    assert canaries_in(pack.content) == set()


def secret_canaries(planted):
    """The canaries of the sections that are for named readers or one council."""
    found = set()
    for section in planted.review.sections.exclude(publication_class__in=("public", "partnership")):
        for text in (section.heading, section.narrative, section.public_interest_reason, section.class_decided_by):
            found |= canaries_in(text.encode())
    return found


def test_without_the_guard_the_same_search_finds_them(planted, monkeypatch):
    facts = review_facts(planted.review)
    edition = Edition.objects.get(audience="public")

    def found():
        document = compose(facts, Audience.PUBLIC)
        drawn = editions.draw(editions.frozen_facts(edition, document, published_facts(facts, document)))
        return {file.name.removeprefix("a-review"): bool(canaries_in(file.content)) for file in drawn}

    files = (".html", ".pdf", ".docx", ".csv", "-appendix-1.pdf")
    assert found() == dict.fromkeys(files, False)
    monkeypatch.setitem(documents.CLASSES_FOR, Audience.PUBLIC, set(PublicationClass))
    assert found() == dict.fromkeys(files, True) | {".csv": False, "-appendix-1.pdf": False}  # sums; an open appendix


SCHEMES = ("http://127.0.0.1:9/", "https://127.0.0.1:9/", "file:///etc/", "ftp://127.0.0.1/", "//127.0.0.1:9/")
FILES = ("passwd", "hosts", "x.css", "x.svg", "x.png")
VECTORS = [f"{scheme}{file}" for scheme, file in itertools.product(SCHEMES, FILES)]
SHAPES = (
    '<img src="{0}">',
    '<script src="{0}">alert(1)</script>',
    '<link rel="stylesheet" href="{0}"><style>@import "{0}"; p {{background: url({0})}}</style>',
    '<iframe src="{0}" srcdoc="<script>alert(1)</script>" onload="alert(1)"></iframe>',
)
PAYLOADS = [shape.format(vector) for vector, shape in itertools.product(VECTORS, SHAPES)]


def test_nothing_in_a_narrative_is_fetched_or_executed(planted):
    assert (len(VECTORS), len(PAYLOADS)) == (25, 100)
    links = [f"[a link](javascript:alert({number}))" for number in range(5)]
    images = [f"![picture]({vector})" for vector in VECTORS]
    section = make_section(review=planted.review, heading="<b>Hostile</b>", narrative="\n\n".join(
        [*PAYLOADS, *links, *images]
    ))  # fmt: skip
    facts = review_facts(planted.review)
    document = compose(facts, Audience.PUBLIC)
    from reviews.papers.output import html, pdf, word

    page = html.render(document)
    body = page.partition("<body")[2]
    for tag in ("script", "iframe", "style", "link", "img", "object", "embed", "form"):
        assert not re.search(rf"<{tag}\b", body), tag
    addresses = re.findall(r'(?:href|src)="([^"]*)"', body)
    assert [one for one in addresses if not one.startswith(("#", "https://"))] == []
    # A link that is written as one may lead to the web; it is never opened by the drawing itself.
    content = pdf.render_apart(page)
    from pypdf import PdfReader

    assert "alert(1)" in " ".join(part.extract_text() for part in PdfReader(io.BytesIO(content)).pages)
    assert b"root:" not in content
    assert word.render(document)
    assert section.pk


def test_the_drawing_itself_fetches_nothing(tmp_path):
    from pypdf import PdfReader

    from reviews.papers.output import pdf

    secret = tmp_path / "secret.txt"
    secret.write_text("canary0001q")
    vectors = (secret.as_uri(), f"file://{secret}")
    hostile = [
        *(shape.format(vector) for vector, shape in itertools.product(vectors, SHAPES)),
        f'<a rel="attachment" href="{secret.as_uri()}">x</a><link rel="attachment" href="{secret.as_uri()}">',
        f'<object data="{secret.as_uri()}"></object><embed src="{secret.as_uri()}">',
        f'<svg><image href="{secret.as_uri()}"/><use href="{secret.as_uri()}#x"/></svg>',
        f'<p style="content: url({secret.as_uri()}); background: url({secret.as_uri()})">x',
    ]
    for one in hostile:
        content = pdf.render(f'<html lang="en"><title>T</title><p>Text{one}')
        assert "Text" in PdfReader(io.BytesIO(content)).pages[0].extract_text(), one
        assert canaries_in(content) == set(), one
