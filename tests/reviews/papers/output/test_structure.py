"""The structure of the PDFs, checked by our own rules (tests/pdf_rules.py); without the mending they find plenty."""

import io

import pikepdf
import pytest

from reviews.papers.document import build
from reviews.papers.output import html, pdf, structure
from tests.factories import make_comparator, make_section
from tests.pdf_rules import RULES, of_kind, wrong_in
from tests.published import make_unpublished

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def bare(module_data):
    """A paper with every kind of block, a table over several pages and links, as the engine alone draws it."""
    from weasyprint import HTML

    made = make_unpublished()
    for number in range(45):
        make_comparator(partnership=made.partnership, name=f"Far council {number}")
    linked = "See {ref:savings} and [the law](https://www.legislation.gov.uk/).\n\n1. One\n2. Two\n\n- A\n- B\n  - C"
    make_section(review=made.review, heading="Links and lists", narrative=linked)
    make_section(review=made.review, heading="Elsewhere", narrative="{table:comparators}\n\n{table:swot}")
    page = html.render(build(made.review, None))
    return HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")


@pytest.fixture(scope="module")
def paper(bare):
    """The same with its structure mended."""
    return pikepdf.open(io.BytesIO(structure.mend(bare)))


@pytest.mark.parametrize("check", RULES, ids=lambda check: check.__name__)
def test_rule_is_kept(paper, check):
    assert list(check(paper)) == []


def test_the_rules_notice_what_the_engine_leaves_out(bare):
    assert set(wrong_in(pikepdf.open(io.BytesIO(bare)))) == {
        "header_cells_have_a_scope",
        "cells_name_their_headers",
        "table_is_one_element",
        "lists_are_whole",
        "links_say_where_they_lead",
        "everything_drawn_is_in_the_tree_or_an_artifact",
    }


def test_a_figure_s_box_is_turned_from_pixels_to_points(bare, paper):
    file = pikepdf.open(io.BytesIO(bare))
    left, top, right, bottom = (float(number) for number in of_kind(file, "/Figure")[0].A.BBox)
    height = float(paper.pages[0].MediaBox[3])
    expected = [left * 0.75, height - bottom * 0.75, right * 0.75, height - top * 0.75]
    found = [float(number) for number in of_kind(paper, "/Figure")[0].A.BBox]
    assert found == pytest.approx(expected, abs=0.01)


def test_a_table_over_several_pages_keeps_all_of_its_rows(paper):
    rows = []
    for table in of_kind(paper, "/Table"):
        rows.append(sum(len(part.K) for part in table.K if part.S == "/TBody"))
    assert 45 in rows


def test_mending_gives_the_same_bytes_for_the_same_bytes(bare):
    assert structure.mend(bare) == structure.mend(bare)


def test_mending_moves_no_letter(bare, paper):
    from pypdf import PdfReader

    made = io.BytesIO()
    paper.save(made)
    before, after = (PdfReader(io.BytesIO(content)) for content in (bare, made.getvalue()))
    assert [page.extract_text() for page in after.pages] == [page.extract_text() for page in before.pages]


def test_what_is_drawn_apart_is_the_same(bare):
    page = '<html lang="en-GB"><title>T</title><h1>Title</h1><p>Text.'
    assert pdf.render_apart(page) == pdf.render(page)


def test_a_render_that_runs_away_ends_with_a_sentence():
    nested = "<div style='display:flex'>" * 12 + "x" + "</div>" * 12
    with pytest.raises(pdf.CannotDraw, match="takes more time or memory"):
        pdf.render_apart(f'<html lang="en-GB"><title>T</title>{nested}', longest=4)


def test_paper_that_is_published_may_wait_for_its_turn(monkeypatch):
    """On a busy machine the clock runs on while the paper does not get on: what it works is limited all the same."""
    assert pdf.LONGEST_UNHURRIED >= 5 * pdf.LONGEST_CPU
    monkeypatch.setattr(pdf, "LONGEST_UNHURRIED", 0.01)
    with pytest.raises(pdf.CannotDraw):
        pdf.render_each_apart(['<html lang="en-GB"><title>T</title>T'])
