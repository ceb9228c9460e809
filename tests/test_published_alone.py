"""Only published editions speak in another paper: ratings of last time and earlier recommendations."""

from datetime import date

import pytest

from reviews.document import build
from reviews.facts import review_facts
from reviews.publication import publishing
from tests.factories import (
    change,
    make_assessment,
    make_commitment,
    make_recommendation,
    make_review,
    make_section,
)
from tests.published import AT, make_unpublished

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_data):
    """A review published as "met"; a later one, never published, says "not met"; a third is being written."""
    made = make_unpublished()
    publishing.publish(made.review, by=made.clerk, at=AT)
    made.commitment = made.partnership.commitments.get()
    own = {"partnership": made.partnership, "body": made.review.body}
    made.draft = make_review(title="Draft", as_at=date(2019, 9, 16), **own)
    make_assessment(review=made.draft, commitment=made.commitment, rating="not met")
    make_recommendation(review=made.draft, text="stop at once.", addressee=made.review.body)
    made.annual = make_review(title="Annual", as_at=date(2020, 3, 16), **own)
    make_assessment(review=made.annual, commitment=made.commitment, rating="met")
    tables = "{table:trends}\n\n{table:earlier-recommendations}"
    make_section(review=made.annual, key="all", narrative=tables)
    return made


def rows(document, key):
    return [[cell.text for cell in row.cells] for table in document.tables if table.key == key for row in table.rows]


@pytest.mark.parametrize("audience", ["public", "members"])
def test_edition_takes_last_times_rating_from_the_published_one(made, audience):
    document = publishing.printed(review_facts(made.annual), audience)
    assert [row[1:] for row in rows(document, "trends")] == [["Met", "Met", "Unchanged"]]
    assert "stop at once" not in " ".join(row[0] for row in rows(document, "earlier-recommendations"))


def test_draft_shows_its_authors_the_draft_before_it_and_marks_it(made):
    document = build(made.annual, None)
    assert [row[1:] for row in rows(document, "trends")] == [["Not met (draft, not published)", "Met", "Better"]]
    names = [row[0] for row in rows(document, "earlier-recommendations")]
    assert any(name.startswith("Draft (draft, not published), September 2019") for name in names)
    assert any(name.startswith("A review, March 2019") for name in names)


def test_public_draft_takes_last_times_rating_from_the_published_one(made):
    assert [row[1] for row in rows(build(made.annual, None, audience="public"), "trends")] == ["Met"]


def test_edition_after_the_register_changed_prints_what_was_published(made):
    change(made.review.assessments.get(), rating="at risk")
    document = publishing.printed(review_facts(made.annual), "public")
    assert [row[1] for row in rows(document, "trends")] == ["Met"]


def test_principle_that_no_edition_rated_has_no_rating_of_last_time(made):
    other = make_commitment(partnership=made.partnership, number=2, short_title="Two", adopted_on=date(2018, 10, 1))
    make_assessment(review=made.annual, commitment=other, rating="met")
    document = publishing.printed(review_facts(made.annual), "public")
    assert sorted(row[1] for row in rows(document, "trends")) == ["Met", "Not rated"]
