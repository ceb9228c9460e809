"""Long words and links in any place of any paper: broken in their own column, so that nothing runs off the page."""

import io
from dataclasses import replace

import docx
import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTContainer

from partnership.models import Agreement
from reviews.exit_plans.facts import exit_facts
from reviews.exit_plans.paper import exit_document
from reviews.models import CoverReport, ExitPlan, Review
from reviews.papers.blocks.general import Cell, Table, head, rows
from reviews.papers.covers.document import build_cover
from reviews.papers.document import BLOCKS, build
from reviews.papers.output import html, pdf, word
from tests.factories import change, keep

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WORD = "Donaudampfschifffahrt" * 5
LINK = "https://www.example.gov.uk/documents/" + "0123456789abcdef" * 10
EDGE = 5 * 72 / 25.4  # points: no printer prints nearer to the edge than 5 mm


@pytest.fixture(scope="module")
def papers(example):
    """A paper with every table, chart and list that there is, a cover report and an exit plan, of the example."""
    review = Review.objects.get(slug="gateway-review-2019-03")
    every = "\n\n".join(f"{{{name}}}" for name in BLOCKS)
    change(review.sections.get(key="summary"), narrative=f"Text. See {{ref:savings}}.\n\n- A\n- B\n\n{every}")
    agreement = Agreement.objects.filter(partnership=review.partnership).first()
    plan = keep(ExitPlan(partnership=review.partnership, title="Exit", agreement=agreement))
    whole = build(review, None)
    few = tuple(section for section in whole.sections if section.heading == "Executive summary")
    return {
        "review": replace(whole, sections=(*few, *whole.appendices)),
        "cover": build_cover(CoverReport.objects.first(), None),
        "exit": exit_document(exit_facts(plan, review.as_at), "exit", sees_costs=True),
    }


def lengthened(value, text):
    """Return a paper, or a part of one, with a text put after each text that comes from a register or an author."""
    if isinstance(value, str):
        return f"{value} {text}"
    if isinstance(value, tuple):
        return tuple(lengthened(one, text) for one in value)
    if isinstance(value, Cell) and value.rating:  # one of five ratings, and nobody's text
        return value
    names = NAMES.get(type(value).__name__, ())
    return replace(value, **{name: lengthened(getattr(value, name), text) for name in names})


NAMES = {
    "Document": ("title", "body", "councils", "partnership", "notice", "version", "control", "sections", "reported"),
    "DocumentSection": ("heading", "blocks"),
    "Paragraph": ("runs",),
    "ListBlock": ("items",),
    "Run": ("text",),
    "Table": ("caption", "head", "rows", "notes", "nothing"),
    "Row": ("cells",),
    "Cell": ("blocks",),
    "ChartBlock": ("caption", "chart", "table"),
    "Chart": ("title", "bars"),
    "Bar": ("label", "words"),
}


def letters(within):
    """Return every letter of a page with its box."""
    for one in within:
        if isinstance(one, LTChar):
            yield one
        elif isinstance(one, LTContainer):
            yield from letters(one)


def off_the_page(content):
    """Return the letters of a PDF that are nearer than 5 mm to an edge of the sheet, or beyond it, by page."""
    found = {}
    for page in extract_pages(io.BytesIO(content)):
        outside = [
            letter.get_text()
            for letter in letters(page)
            if letter.x0 < EDGE or letter.x1 > page.width - EDGE or letter.y0 < EDGE or letter.y1 > page.height - EDGE
        ]
        if outside:
            found[page.pageid] = "".join(outside)
    return found


@pytest.mark.parametrize(("name", "text"), [("review", LINK), ("review", WORD), ("cover", LINK), ("exit", WORD)])
def test_pdf_with_long_words_in_every_place_has_no_text_off_the_page(papers, name, text):
    document = lengthened(papers[name], text)
    assert off_the_page(pdf.render(html.render(document))) == {}


def test_pdf_whose_text_runs_off_the_page_is_noticed():
    page = f"<html lang='en'><title>T</title><body><p style='white-space: nowrap'>{WORD}</p></body></html>"
    assert off_the_page(pdf.render(page)) != {}


@pytest.mark.parametrize("name", ["review", "cover", "exit"])
def test_word_tables_with_long_words_are_as_wide_as_the_text(papers, name):
    file = docx.Document(io.BytesIO(word.render(lengthened(papers[name], WORD))))
    page = file.sections[0]
    room = page.page_width - page.left_margin - page.right_margin
    assert file.tables
    for table in file.tables:
        assert table.autofit is False
        widths = [column.width for column in table.columns]
        assert abs(sum(widths) - room) <= len(widths) * 635  # one twentieth of a point for each
        for row in table.rows:
            assert [one.width for one in row.cells] == widths


def test_shares_follow_the_text_of_the_columns():
    text = "Both councils have agreed a common way to buy, which saves officers’ time and brings better terms. " * 3
    table = Table("x", "X", head("Principle", "Rating", "Assessment"), rows(("4. Trust", "Met", text)))
    assert table.shares == [14, 10, 76]
    assert sum(table.shares) == 100


def test_shares_keep_sums_whole_beside_a_long_word():
    table = Table("x", "X", head("Saving", "ACC", "BDC", numbers=2), rows((WORD, "£1,234,567.89", "£2"), numbers=2))
    assert table.shares == [74, 18, 8]


def test_shares_of_more_columns_than_a_page_holds_add_up_to_the_page():
    titles = tuple(f"Heading{number}" for number in range(20))
    table = Table("x", "X", head(*titles), rows(tuple(WORD for _ in titles)))
    assert sum(table.shares) == 100
    assert min(table.shares) >= 2
