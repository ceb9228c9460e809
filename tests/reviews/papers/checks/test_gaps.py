"""Test what a paper lacks, and whether that keeps it from being published."""

import pytest
from django.urls import reverse

from reviews.papers.checks import proof
from reviews.papers.workflow import start_review
from tests.factories import (
    change,
    make_commitment,
    make_line,
    make_membership,
    make_option,
    make_post,
    make_saving,
    make_section,
    make_swot_item,
)
from tests.proofed import make_whole_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A paper that lacks nothing."""
    return make_whole_paper()


def gaps_of(world):
    """Return what is missing, by kind, and whether it blocks."""
    return [(row.kind, row.is_blocking) for row in proof.findings(world.review, None)]


def test_whole_paper_lacks_nothing(world):
    make_section(review=world.review, narrative="All is well.")
    assert gaps_of(world) == []
    assert proof.blocking(world.review, None) == []


@pytest.mark.parametrize(
    "narrative",
    ["{table:objectives}", "So far {objectives.summary}.", "{table:trends}", "{list:commitments-not-met}"],
)
def test_rating_that_the_paper_prints_and_lacks_blocks(world, narrative):
    make_section(review=world.review, narrative=narrative)
    make_commitment(partnership=world.partnership, kind="objective")
    assert gaps_of(world) == [("rating-missing", True)]
    assert proof.blocking(world.review, None) == proof.findings(world.review, None)


@pytest.mark.parametrize(
    "narrative", ["{list:objectives}", "{objectives.phrase}, adopted on {objectives.adopted}.", "{table:principles}"]
)
def test_rating_that_the_paper_does_not_print_is_not_asked_for(world, narrative):
    make_section(review=world.review, narrative=narrative)
    make_commitment(partnership=world.partnership, kind="objective")
    assert gaps_of(world) == []


def test_partnership_update_as_started_needs_no_ratings(world):
    """Faults 3: an update was blocked by "is not rated" although it prints no rating."""
    officer = make_membership(council=world.elm).user
    update = start_review(
        world.partnership,
        kind="update",
        title="Update",
        slug="update",
        body=world.body,
        as_at=world.review.as_at,
        by=officer,
        reason="A test",
    )
    assert [row.kind for row in proof.findings(update, None) if row.kind == "rating-missing"] == []


def test_review_date_is_needed_unless_the_source_leaves_it_open(world):
    """X17: a review date of “NA”."""
    change(world.review, review_due_on=None)
    assert gaps_of(world) == [("review-date", True)]
    change(world.review, not_stated={"review_due_on": "The printed paper"})
    assert gaps_of(world) == [("review-date", False)]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"version_label": "Draft 3"}, [("version", False)]),
        ({"author_title": ""}, [("control", False)]),
        ({"publication_route": ""}, [("control", False)]),
    ],
)
def test_document_control_is_looked_at(world, fields, found):
    change(world.review, **fields)
    assert gaps_of(world) == found


def test_option_rejected_without_a_reason_blocks(world):
    """X24: one option, and no reason why the other was rejected."""
    make_option(review=world.review, title="Merge")
    assert gaps_of(world) == []
    make_section(review=world.review, narrative="{list:options}")
    assert gaps_of(world) == [("option-reason", True)]


def test_members_only_text_and_empty_sections_are_pointed_out(world):
    make_section(review=world.review, publication_class="partnership", narrative="Ours.")
    make_section(review=world.review, narrative="")
    assert gaps_of(world) == [("class", False), ("empty-section", False)]


def test_analysis_names_all_four_kinds(world):
    for kind in ("strength", "weakness", "opportunity"):
        make_swot_item(review=world.review, kind=kind)
    make_section(review=world.review, narrative="{table:swot}")
    found = proof.findings(world.review, None)
    assert [row.sentence for row in found] == ["The analysis names no threat."]


def test_cost_not_recorded_is_pointed_out(world):
    """X30: a gross saving that is not net of what it cost."""
    change(world.lines[0], cost_to_achieve=None)
    assert gaps_of(world) == [("cost-not-recorded", False)]


def test_sum_for_several_posts_together_is_pointed_out(world):
    """X31: nobody can check it. One post behind a sum, as the whole paper has it, is left alone."""
    saving = make_saving(
        partnership=world.partnership, title="Two heads", posts=[world.leader, make_post(partnership=world.partnership)]
    )
    make_line(saving=saving, council=world.fir, estimated=1, cost_to_achieve=0, financial_year="2020/21")
    (row,) = [row for row in proof.findings(world.review, None) if row.kind == "not-broken-down"]
    assert row.sentence == "Two heads: one sum for 2 posts, which nobody can check post by post."
    assert (row.is_blocking, row.link) == (False, reverse("saving_detail", args=[saving.pk]))


def test_same_post_behind_two_kinds_of_benefit_is_pointed_out(world):
    """X13: a sum of one kind that may also be inside a sum of another."""
    other = make_saving(
        partnership=world.partnership, title="Avoided", benefit_type="cost avoidance", posts=[world.treasurer]
    )
    make_line(saving=other, council=world.fir, estimated=1, financial_year="2020/21")
    assert gaps_of(world) == [("overlap", False)]
