"""Test what each kind of paper holds: every outline draws as it stands, in its order, from the registers alone."""

from datetime import date
from types import SimpleNamespace

import pytest

from reviews.facts import review_facts
from reviews.models.outlines import COVER, COVER_DRAFT, COVER_DRAWN, OUTLINES
from reviews.papers import workflow
from reviews.papers.document import build
from tests.factories import (
    make_assessment,
    make_body,
    make_commitment,
    make_council,
    make_line,
    make_membership,
    make_partnership,
    make_post,
    make_review,
    make_saving,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Elm and Fir with a post, a saving, and a review a year ago that rated three principles."""
    elm = make_council(name="Elm Borough Council", short_name="EBC")
    fir = make_council(name="Fir Town Council", short_name="FTC")
    partnership = make_partnership(councils=[elm, fir])
    body = make_body(partnership=partnership)
    post = make_post(partnership=partnership, title="Treasurer")
    saving = make_saving(partnership=partnership, posts=[post])
    lines = [make_line(saving=saving, council=council, estimated=9_000) for council in (elm, fir)]
    commitments = [make_commitment(partnership=partnership, number=number) for number in (1, 2, 3)]
    last = make_review(partnership=partnership, body=body, title="Last year", as_at=date(2019, 3, 16))
    for commitment, rating in zip(commitments, ("underway", "met", "too soon to say"), strict=True):
        make_assessment(review=last, commitment=commitment, rating=rating)
    officer = make_user()
    make_membership(user=officer, council=elm)
    return SimpleNamespace(**locals())


def start(world, kind):
    """A new review of a kind."""
    facts = {"title": f"This {kind}", "slug": f"this-{kind}", "body": world.body, "as_at": date(2020, 3, 16)}
    return workflow.start_review(world.partnership, kind=kind, **facts, by=world.officer, reason="Due")


@pytest.mark.parametrize("kind", OUTLINES)
def test_outline_draws_as_it_stands(world, kind):
    document = build(start(world, kind), None)
    assert document.unknown == ()
    assert [section.heading for section in document.sections] == [entry.heading for entry in OUTLINES[kind].sections]
    assert document.kind == OUTLINES[kind].name


def test_annual_report_shows_each_rating_with_its_trend(world):
    review = start(world, "annual")
    for commitment, rating in zip(world.commitments[:2], ("met", "at risk"), strict=True):
        make_assessment(review=review, commitment=commitment, rating=rating)
    (table,) = [table for table in build(review, None).tables if table.key == "trends"]
    shown = []
    for row in table.rows:
        shown.append([cell.text for cell in row.cells[1:]])
    assert shown == [
        ["Underway (draft, not published)", "Met", "Better"],
        ["Met (draft, not published)", "At risk", "Worse"],
        ["Too soon to say (draft, not published)", "Not rated", "Not known"],
    ]


def test_first_review_has_nothing_to_compare_with(world):
    assert [rating.before for rating in review_facts(world.last).ratings] == ["", "", ""]


def test_every_section_of_a_cover_is_drafted_or_drawn():
    assert sorted([*COVER_DRAFT, *COVER_DRAWN]) == sorted(COVER)
