"""Test every text that a paper prints is read: a wrong sum in any field of any record is named with its place."""

import re
from collections import Counter
from datetime import date

import pytest
from django.urls import reverse

from partnership.models import Council, Partnership
from partnership.records.as_at import rows_read
from reviews.facts import review_facts
from reviews.facts.covers import cover_facts
from reviews.models import CoverReport, Review
from reviews.papers.checks import proof
from reviews.papers.checks.printed import Printed, display_value, text_fields
from reviews.papers.covers.document import compose_cover
from reviews.papers.document import BLOCKS, compose
from tests.factories import (
    change,
    keep,
    make_agreement,
    make_arrangement,
    make_case,
    make_commitment,
    make_comparator,
    make_cost_share,
    make_line,
    make_saving,
    make_section,
    make_swot_item,
    make_working_model,
)
from tests.proofed import make_whole_paper

pytestmark = pytest.mark.django_db

# Each canary is a sum of its own, so that the finding that names it says which field it stood in.
FIRST = 700_001


@pytest.fixture
def world():
    """A paper that prints every block, with a cover, and a record behind each of them."""
    made = make_whole_paper()
    within = {"partnership": made.partnership}
    make_agreement(**within)
    make_working_model(**within)
    make_comparator(**within, description="They share.", benefits="Trust.", period="a year")
    make_case(**within, title="Parks")
    make_arrangement(**within, kind="collaboration", service="Payroll")
    make_arrangement(**within, kind="co-location", service="Depot", site="Elm House")
    make_cost_share(post=made.treasurer)
    make_swot_item(review=made.review)
    saving = make_saving(**within, title="Depots", caveats="It may change.\nIt may last.")
    make_line(saving=saving, council=made.fir, estimated=9_000, financial_year="2020/21")
    narrative = "\n\n".join(f"{{{name}}}" for name in BLOCKS)
    make_section(review=made.review, heading="Everything", narrative=narrative)
    keep(
        CoverReport(
            review=made.review,
            body=made.body,
            title="Cover",
            report_of="Director of Places",
            areas="All",
            contact="The clerk",
            signed_by="Clerk",
            meeting_on=date(2020, 9, 1),
        )
    )
    return made


def documents(review):
    """The paper and its covers, and the records that they were drawn from."""
    with rows_read() as rows:
        facts = review_facts(review)
        covers = cover_facts(facts)
    return [compose(facts), *(compose_cover(facts, cover) for cover in covers)], rows


def plant(rows, papers):
    """Put a sum of its own into every text field that the papers print; say which sum stands where."""
    printed = Printed(papers)
    planted = {}
    for row in {(type(row), row.pk): row for row in rows}.values():
        for field in text_fields(type(row)):
            text = display_value(row, field)
            if not text.strip() or not printed.holds(text) or is_a_name(row, field):
                continue
            number = f"£{FIRST + len(planted):,}"
            fresh = type(row)._base_manager.get(pk=row.pk)
            value = f"{text} saves {number}"[-(field.max_length or 10_000) :]
            change(fresh, **{field.name: value})
            planted[number] = (type(row), row.pk, field.name)
    return planted


def is_a_name(row, field):
    """Return whether the field names councils in figures, which a sum would only make unreadable."""
    return isinstance(row, Council) and field.name in ("short_name", "executive_name", "area_name", "county")


def test_wrong_sum_in_any_printed_field_is_named_with_its_place(world):
    papers, rows = documents(world.review)
    planted = plant(rows, papers)
    kinds = {(model.__name__, field) for model, _, field in planted.values()}
    assert len(kinds) >= 30, sorted(kinds)
    world.review.refresh_from_db()
    after, _ = documents(world.review)
    printed = Printed(after)
    found = {}
    for finding in proof.findings(world.review, None):
        for number in re.findall(r"£7\d\d,\d{3}", finding.words):
            found.setdefault(number, []).append(finding)
    missing = {number: at for number, at in planted.items() if number not in found and printed.holds(number)}
    assert missing == {}
    assert len(found) >= 30
    for number, places in found.items():
        model, _, field = planted[number]
        assert all(place.link for place in places), (number, model, field)


@pytest.mark.parametrize(
    ("model", "field", "place"),
    [
        ("review", "title", "Review “Paper saves £315,001”, title"),
        ("review", "circulation", "Review “Elm and Fir”, circulation"),
        ("review", "publication_route", "Review “Elm and Fir”, publication"),
    ],
)
def test_wrong_sum_in_the_control_table_blocks(world, model, field, place):
    change(world.review, **{field: "Paper saves £315,001"})
    (found,) = [row for row in proof.findings(world.review, None) if "£315,001" in row.words]
    assert (found.place, found.is_blocking) == (place, True)
    assert found.link == reverse("review_edit", args=[world.review.slug])
    assert "£94,350" in found.sentence


def test_heading_is_read_and_leads_to_its_section(world):
    section = make_section(review=world.review, heading="Savings of £315,001", narrative="Text.")
    (found,) = [row for row in proof.findings(world.review, None) if "£315,001" in row.words]
    assert (found.place.endswith(", heading"), found.section_id, found.is_blocking) == (True, section.pk, True)


def test_text_that_the_paper_does_not_print_is_not_read(world):
    change(Partnership.objects.get(pk=world.partnership.pk), purpose="To save £315,001.")
    make_comparator(partnership=world.partnership, description="They saved £5m.")
    assert "£5m" in {row.words for row in proof.findings(world.review, None)}
    change(world.review.sections.get(heading="Everything"), narrative="Nothing is placed.")
    assert not any("£" in row.words for row in proof.findings(world.review, None))


def test_sum_in_an_adopted_objective_is_pointed_out_and_does_not_block(world):
    statement = "Save £1m between the councils by 2028."
    make_commitment(partnership=world.partnership, kind="objective", short_title="Save £1m", statement=statement)
    change(world.review.sections.get(heading="Everything"), narrative="{list:objectives}\n\nWe saved £2m.")
    found = [row for row in proof.findings(world.review, None) if row.kind == "typed-money"]
    said = {(row.words, row.place, row.is_blocking) for row in found if row.words in ("£1m", "£2m")}
    objective = "Principle or objective “Save £1m”"
    narrative = next(row.place for row in found if row.words == "£2m")
    assert said == {
        ("£1m", f"{objective}, short title", False),
        ("£1m", f"{objective}, statement", False),
        ("£2m", narrative, True),
    }
    assert {row.sentence for row in found if row.words == "£1m"} == {
        "A sum stands here. These words are on record. Compare them with their source and leave them if they agree."
    }


def test_adopted_objective_is_still_held_against_the_registers(world):
    statement = "The councils share 14 joint posts."
    make_commitment(partnership=world.partnership, kind="objective", short_title="Posts", statement=statement)
    change(world.review.sections.get(heading="Everything"), narrative="{list:objectives}")
    found = [row for row in proof.findings(world.review, None) if "Posts" in row.place]
    assert [(row.kind, row.is_blocking) for row in found] == [("typed-count", False)]


def test_findings_of_the_example_are_about_its_own_records_alone(example):
    """Faults 3: 79 findings stood here, half of them about other papers and other days."""
    review = Review.objects.get(slug="gateway-review-2019-03")
    kinds = Counter(row.kind for row in proof.findings(review, None))
    assert kinds == {
        "not-stated": 13,
        "proposal": 7,
        "appointments": 2,
        "stage": 2,
        "cost-not-recorded": 1,
        "cover-contact": 1,
        "interim-post": 1,
        "none-doubtful": 1,
        "not-broken-down": 1,
        "review-date": 1,
        "version": 1,
    }
