"""Only published editions speak in another paper: ratings of last time and earlier recommendations."""

import json
from copy import copy
from datetime import date, timedelta

import pytest

from reviews.facts import ratings, review_facts
from reviews.facts.reading import Reader
from reviews.models import Edition
from reviews.models.editions import checksum
from reviews.papers.document import build
from reviews.publishing import publish
from reviews.publishing.takedowns import confirm_takedowns, propose_takedown
from tests.factories import (
    change,
    make_assessment,
    make_commitment,
    make_recommendation,
    make_review,
    make_section,
    withdraw,
)
from tests.published import AT, make_person, make_unpublished

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_data):
    """A review published as "met"; a later one, never published, says "not met"; a third is being written."""
    made = make_unpublished()
    publish.publish(made.review, by=made.clerk, at=AT)
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
    rows = []
    for table in document.tables:
        if table.key == key:
            for row in table.rows:
                rows.append([cell.text for cell in row.cells])
    return rows


@pytest.mark.parametrize("audience", ["public", "members"])
def test_edition_takes_last_times_rating_from_the_published_one(made, audience):
    document = publish.printed(review_facts(made.annual), audience)
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
    document = publish.printed(review_facts(made.annual), "public")
    assert [row[1] for row in rows(document, "trends")] == ["Met"]


def test_principle_that_no_edition_rated_has_no_rating_of_last_time(made):
    other = make_commitment(partnership=made.partnership, number=2, short_title="Two", adopted_on=date(2018, 10, 1))
    make_assessment(review=made.annual, commitment=other, rating="met")
    document = publish.printed(review_facts(made.annual), "public")
    assert sorted(row[1] for row in rows(document, "trends")) == ["Met", "Not rated"]


def earlier(document):
    return [row[0] for row in rows(document, "earlier-recommendations")]


@pytest.mark.parametrize("audience", ["public", "members"])
def test_edition_after_a_recommendation_changed_prints_published_text(made, audience):
    make_recommendation(review=made.review, position=0, text="say this first.", addressee=made.review.body)
    published = made.review.recommendations.order_by("pk").first()
    said = str(published)
    change(published, text="changed since.")
    facts = review_facts(made.annual)
    assert earlier(publish.printed(facts, audience)) == [f"A review, March 2019, 1: {said}"]
    assert "changed since." in " ".join(earlier(build(made.annual, None)))


def test_edition_older_than_kept_recommendations_is_read_from_history(made):
    last = Edition.objects.get(review=made.review, audience="public")
    facts = json.loads(last.facts)
    del facts["document"]["recommendations"]
    older = copy(last)
    older.pk = None
    older.number = 2
    older.replaces = last
    older.correction = "A name"
    older.facts = json.dumps(facts, ensure_ascii=False)
    older.facts_sha256 = checksum(older.facts.encode())
    older.save(force_insert=True)
    published = made.review.recommendations.get()
    said = str(published)
    change(published, text="changed since.")
    document = publish.printed(review_facts(made.annual), "public")
    assert earlier(document) == [f"A review, March 2019, 1: {said}"]


def test_recommendation_that_only_members_read_is_in_no_public_paper(made):
    own = {"partnership": made.partnership, "body": made.review.body, "at": AT}
    due = date(2020, 6, 1)
    inside = make_review(title="Inside", slug="inside", as_at=date(2019, 6, 1), review_due_on=due, **own)
    make_section(review=inside, key="open", heading="Open", narrative="Open text.", at=AT)
    placed = "{list:recommendations}"
    make_section(review=inside, key="asked", heading="Asked", narrative=placed, publication_class="partnership", at=AT)
    make_recommendation(review=inside, text="keep this among members.", addressee=made.review.body, at=AT)
    publish.publish(inside, by=made.clerk, at=AT + timedelta(days=60))
    facts = review_facts(made.annual)
    assert "keep this" not in " ".join(earlier(publish.printed(facts, "public")))
    assert "Inside, June 2019, 1: Note keep this among members." in earlier(publish.printed(facts, "members"))


def take_down(edition, made):
    second = make_person("second", made.alder, "clerk")
    proposals = propose_takedown(
        made.review, editions=[edition], statement="It held a name.", by=made.clerk, reason="Seen"
    )
    confirm_takedowns(proposals, on=date(2019, 5, 2), by=second, reason="Seen")


def test_edition_that_was_taken_down_speaks_in_no_other_paper(made):
    for edition in Edition.objects.filter(review=made.review, audience="public"):
        take_down(edition, made)
    document = publish.printed(review_facts(made.annual), "public")
    assert earlier(document) == []
    assert [row[1] for row in rows(document, "trends")] == ["Not rated"]
    assert ratings.editions_by(Reader(made.partnership.pk, None), date(2021, 1, 1)) == ()


def test_review_that_was_withdrawn_speaks_in_no_other_paper(made):
    withdraw(made.review, date(2019, 6, 1))
    document = publish.printed(review_facts(made.annual), "members")
    assert earlier(document) == []
    assert [row[1] for row in rows(document, "trends")] == ["Not rated"]
    assert ratings.editions_by(Reader(made.partnership.pk, None), date(2021, 1, 1)) == ()
