"""A review starts from its outline; ratings, recommendations and classes are its own partnership's."""

import pytest

from reviews import workflow
from reviews.models import Assessment
from reviews.outlines import OUTLINES
from tests.two_partnerships import DAY, refused

pytestmark = pytest.mark.django_db

WHY = "A good reason"


@pytest.fixture
def clerk(world):
    return {"by": world.people["clerk.alder"], "reason": WHY}


def start(world, clerk, **facts):
    given = {"kind": "gateway", "title": "Review", "slug": "new-review", "body": world.ours.body, "as_at": DAY}
    return workflow.start_review(world.ours.partnership, **(given | facts), **clerk)


def test_review_starts_from_its_outline_and_restricted(world, clerk):
    review = start(world, clerk)
    rows = review.sections.values_list("position", "key", "level", "heading", "narrative", "publication_class")
    assert list(rows) == [
        (position, entry.key, entry.level, entry.heading, entry.narrative, "partnership")
        for position, entry in enumerate(OUTLINES["gateway"].sections, start=1)
    ]


def test_review_is_for_a_body_of_its_partnership(world, clerk):
    with refused("body", "Choose a body of the same partnership."):
        start(world, clerk, body=world.theirs.body)


def test_review_address_is_its_own(world, clerk):
    with refused("slug", "Review with this Slug already exists."):
        start(world, clerk, slug=world.ours.review.slug)


def test_section_is_added_at_the_end_and_written(world, clerk):
    section = workflow.add_section(world.ours.review, key="notes", level=9, heading="Notes", **clerk)
    workflow.write_section(section, narrative="Text.", **clerk)
    assert (section.position, section.heading, section.narrative) == (2, "Notes", "Text.")


def test_section_needs_a_heading(world, clerk):
    with refused("heading", "This field cannot be blank."):
        workflow.write_section(world.ours.section, heading="", **clerk)


def test_rating_is_changed_not_doubled(world, clerk):
    for rating in ("too soon to say", "met"):
        workflow.rate(world.ours.review, world.ours.commitment, rating=rating, commentary="So it is.", **clerk)
    assert [(row.rating, row.version) for row in Assessment.objects.all()] == [("met", 2)]


def test_rating_is_of_the_same_partnership(world, clerk):
    with refused("commitment", "Choose a principle or objective of the same partnership."):
        workflow.rate(world.ours.review, world.theirs.commitment, rating="met", commentary="So.", **clerk)


def test_recommendations_follow_each_other(world, clerk):
    made = [
        workflow.recommend(world.ours.review, addressee=world.ours.body, verb="note", text=text, **clerk)
        for text in ("this.", "that.")
    ]
    assert [(row.position, str(row)) for row in made] == [(1, "Note this."), (2, "Note that.")]


def test_recommendation_is_to_a_body_of_the_partnership(world, clerk):
    with refused("addressee", "Choose a body of the same partnership."):
        workflow.recommend(world.ours.review, addressee=world.theirs.body, verb="note", text="this.", **clerk)


def test_only_one_option_is_preferred(world, clerk):
    workflow.add_option(world.ours.review, title="Go on", description="Carry on.", is_preferred=True, **clerk)
    with refused("__all__", "Another option is already the preferred one."):
        workflow.add_option(world.ours.review, title="Stop", description="End it.", is_preferred=True, **clerk)


def test_blank_threat_is_refused(world, clerk):
    with refused("text", "This field cannot be blank."):
        workflow.add_swot_item(world.ours.review, kind="threat", text="  ", **clerk)


def test_items_are_counted_by_kind(world, clerk):
    kinds = ("threat", "strength", "threat")
    made = [workflow.add_swot_item(world.ours.review, kind=kind, text="Something", **clerk) for kind in kinds]
    assert [row.position for row in made] == [1, 1, 2]
