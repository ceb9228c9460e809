"""Test what a rating rests on: one record at a time, of the same partnership, named on the page and in the paper."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from joint_posts.posts import workflow as posts
from reviews.models import Evidence
from reviews.papers.document import build
from tests.factories import (
    keep,
    make_agreement,
    make_assessment,
    make_commitment,
    make_section,
    withdraw,
)
from tests.two_partnerships import DAY, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def rating(world):
    """Our review rates one principle, and prints it."""
    make_section(review=world.ours.review, narrative="{table:principles}")
    return make_assessment(
        review=world.ours.review,
        commitment=make_commitment(partnership=world.ours.partnership, number=7, adopted_on=date(2018, 10, 1)),
        commentary="It is so.",
    )


def printed(world, known_at=None):
    """Return what the paper says beside the rating."""
    (table,) = build(world.ours.review, known_at).tables
    (row,) = [row for row in table.rows if row.cells[0].whole_text.startswith("7.")]
    return row.cells[2].whole_text


def test_paper_names_the_evidence_below_the_assessment(world, rating):
    assert printed(world) == "It is so."
    keep(Evidence(assessment=rating, post=world.ours.posts["in post"], shows="one head"))
    agreement = make_agreement(partnership=world.ours.partnership, title="Agreement of October")
    keep(Evidence(assessment=rating, agreement=agreement))
    title = world.ours.posts["in post"].title
    assert printed(world) == f"It is so.; Evidence: Agreement of October; {title} (one head)."


def test_evidence_withdrawn_since_is_named_only_as_known_before(world, rating):
    before = datetime.now(UTC)
    row = keep(Evidence(assessment=rating, arrangement=None, agreement=world.ours.agreement), before)
    withdraw(row, DAY)
    assert printed(world) == "It is so."
    assert printed(world, before + timedelta(microseconds=1)) == f"It is so.; Evidence: {world.ours.agreement}."


def test_post_is_called_what_it_was_called_on_the_day(world, rating):
    post = world.ours.posts["in post"]
    keep(Evidence(assessment=rating, post=post))
    was = post.title
    why = {"by": world.people["officer.alder"], "reason": "A wider job"}
    posts.retitle(post, title="Later title", from_on=DAY + timedelta(days=90), **why)
    assert printed(world) == f"It is so.; Evidence: {was}."


def test_evidence_is_one_record_of_the_same_partnership_and_once(world, rating):
    with refused("__all__", "Choose one record; add another piece of evidence for the next."):
        keep(Evidence(assessment=rating))
    with refused("post", "Choose a joint post of the same partnership."):
        keep(Evidence(assessment=rating, post=world.theirs.posts["in post"]))
    keep(Evidence(assessment=rating, agreement=world.ours.agreement))
    with refused("agreement", "This is evidence of the rating already."):
        keep(Evidence(assessment=rating, agreement=world.ours.agreement))


def test_author_links_evidence_on_the_page_and_is_told_to_choose_one(world, rating, client):
    client.force_login(world.people["officer.alder"])
    at = reverse("evidence_create", args=[rating.pk])
    posts = [post.pk for post in (world.ours.posts["in post"], world.ours.posts["vacant"])]
    both = client.post(at, {"post": posts[0], "agreement": world.ours.agreement.pk})
    assert both.context["form"].non_field_errors() == ["Choose one record; add another piece of evidence for the next."]
    assert client.post(at, {"post": posts[0], "shows": "One head"}).status_code == 302
    page = client.get(reverse("assessment_detail", args=[rating.pk])).content.decode()
    assert (world.ours.posts["in post"].title in page, "One head" in page) == (True, True)
