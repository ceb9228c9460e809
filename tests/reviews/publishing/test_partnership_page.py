"""Test what the page of a partnership says of published papers, and when the list links to it."""

import json
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from partnership.records import workflow
from reviews.facts import review_facts
from reviews.models import Edition
from reviews.papers.document import compose
from reviews.publishing import publish
from tests.factories import change, make_council, make_party, make_section
from tests.published import AT, BEFORE, make_unpublished

pytestmark = pytest.mark.django_db


def test_partnership_page_gives_the_ratings_of_a_table_of_trends(client):
    made = make_unpublished()
    change(made.review.sections.get(key="open"), narrative="Open text.", at=BEFORE)
    make_section(review=made.review, key="trends", heading="Ratings", narrative="{table:trends}", at=BEFORE)
    publish.publish(made.review, by=made.clerk, at=AT)
    page = client.get("/published/partnerships/alder-and-birch/").content.decode()
    standing = page.partition('id="standing"')[2].partition("</section>")[0]
    row = " ".join(strip_tags(standing.partition("<li>")[2]).split())
    rated = made.review.assessments.get().commitment
    assert row == f"Principle {rated.number}, {rated.short_title}: Met"
    kept = json.loads(Edition.objects.get(audience="public").facts)["facts"]["ratings"]
    assert [row["rating"] for row in kept] == ["Met"]


def test_partnership_page_of_an_edition_without_ratings_shows_its_table():
    made = make_unpublished()
    make_section(review=made.review, key="trends", heading="Ratings", narrative="{table:trends}", at=BEFORE)
    document = compose(review_facts(made.review), "public")
    rated = next(table for table in document.tables if table.key == "trends")
    page = render_to_string("reviews/publishing/public/partnership.html", {"facts": {"ratings": []}, "rated": rated})
    assert "Principles and objectives: ratings and trend" in page


def test_partnership_page_lists_councils_as_a_sentence_does(client):

    made = make_unpublished()
    make_party(
        partnership=made.partnership, council=make_council(name="Cedar City Council", at=BEFORE), position=3, at=BEFORE
    )
    publish.publish(made.review, by=made.clerk, at=AT)
    page = client.get("/published/partnerships/alder-and-birch/").content.decode()
    assert "Alder County Council, Birch District Council and Cedar City Council. As at" in page


def test_list_links_to_no_partnership_whose_only_paper_was_withdrawn(client):

    made = make_unpublished()
    publish.publish(made.review, by=made.clerk, at=AT)
    at = "/published/partnerships/alder-and-birch/"
    assert at in client.get("/published/").content.decode()
    workflow.withdraw(made.review, on=date(2019, 4, 24), by=made.clerk, reason="Replaced")
    page = client.get("/published/").content.decode()
    assert "/published/a-review/" in page
    assert at not in page
    assert client.get(at).status_code == 404
