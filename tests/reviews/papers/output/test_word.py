"""The Word file: real headings, Word's own numbering, captions with a counting field, and header rows that repeat."""

import io
import zipfile

import docx
import pytest
from django.utils.html import strip_tags
from docx.oxml.ns import qn
from docx.table import Table as DocxTable

from partnership.models import Agreement
from reviews.exit_plans.facts import exit_facts
from reviews.exit_plans.paper import exit_document
from reviews.models import CoverReport, ExitPlan, Review
from reviews.papers.covers.document import build_cover
from reviews.papers.document import build
from reviews.papers.narrative import Paragraph
from reviews.papers.output import html, word
from tests.factories import keep, make_section
from tests.published import make_unpublished

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def document(module_data):
    """A paper with every kind of block."""
    made = make_unpublished()
    make_section(review=made.review, level=1, key="parent", heading="Parent", narrative="A lead.")
    text = "First.\n\nSee {ref:savings} and [the law](https://www.legislation.gov.uk/).\n\n1. One\n2. Two\n\n- A\n- B"
    make_section(review=made.review, level=2, key="child", heading="Child", narrative=text)
    return build(made.review, None)


@pytest.fixture(scope="module")
def file(document):
    return docx.Document(io.BytesIO(word.render(document)))


def headings(file):
    return [(row.style.name, row.text) for row in file.paragraphs if row.style.name.startswith("Heading")]


def test_sections_are_real_headings_numbered_by_word(document, file):
    expected = [("Heading 1", "Document control"), ("Heading 1", "Contents")]
    for section in document.sections:
        text = f"{section.label}: {section.heading}" if section.is_appendix else section.heading
        expected.append(("Heading 2" if section.level == 2 else "Heading 1", text))
    assert headings(file) == expected


def counted(file):
    """Return what Word prints before each heading and paragraph that it counts."""
    numbers = []
    levels = [0, 0, 0, 0]
    own = None
    for row in file.paragraphs:
        properties = row._p.pPr.numPr if row._p.pPr is not None else None
        if properties is None:
            continue
        own = own or properties.numId.val  # the first numbering of the file is that of its sections
        if properties.numId.val == own:
            level = properties.ilvl.val
            levels = [*levels[:level], levels[level] + 1, *([0] * (3 - level))]
            numbers.append(".".join(str(one) for one in levels[: level + 1]))
    return numbers


def test_words_own_numbers_are_those_of_the_document(document, file):
    expected = []
    for section in document.main_sections:
        expected.append(section.label)
        expected += [block.number for block in section.blocks if isinstance(block, Paragraph) and block.number]
    assert counted(file) == expected


def test_tables_have_captions_that_count_and_header_rows_that_repeat(document, file):
    captions = [row.text for row in file.paragraphs if row.style.name == "Caption"]
    expected = []
    for section in document.sections:
        expected += [f"{block.label} {block.caption}" for block in section.captioned]
    assert captions == expected
    fields = [text.text for text in file.element.iter(qn("w:instrText")) if "SEQ" in text.text]
    assert len(fields) == len(captions)
    with_heads = [table for table in file.tables if table.rows[0]._tr.trPr is not None]
    assert len(with_heads) == len(file.tables) - 1  # document control has none
    for table in with_heads:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_links_lead_to_places_that_are_there(file):
    names = {mark.get(qn("w:name")) for mark in file.element.iter(qn("w:bookmarkStart"))}
    wanted = {link.get(qn("w:anchor")) for link in file.element.iter(qn("w:hyperlink"))} - {None}
    assert wanted
    assert wanted - names == set()


def test_properties_name_the_partnership_and_no_person(document, file):
    properties = file.core_properties
    assert (properties.title, properties.author, properties.last_modified_by, properties.language) == (
        document.title,
        document.partnership,
        document.partnership,
        "en-GB",
    )


def test_same_document_gives_the_same_bytes(document):
    assert word.render(document) == word.render(document)
    with zipfile.ZipFile(io.BytesIO(word.render(document))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_draft_is_offered_as_word_and_by_command(document, tmp_path):
    from django.core.management import call_command

    call_command("render_review", "a-review", "--format", "docx", "--output", str(tmp_path / "a.docx"))
    assert headings(docx.Document(tmp_path / "a.docx"))[-1] == ("Heading 2", "Child")


def front_of_word(document):
    """Return what a Word file says before its first section: each paragraph and each row of a table, in order."""
    file = docx.Document(io.BytesIO(word.render(document)))
    first = f"{document.sections[0].label} {document.sections[0].heading}".strip()
    said = []
    for block in file.iter_inner_content():
        if isinstance(block, DocxTable):
            for row in block.rows:
                said.append(" ".join(cell.text for cell in row.cells))
        elif block.style.name.startswith("Heading") and block.text in (first, document.sections[0].heading):
            return said
        else:
            said.append(block.text)
    return said


def front_of_page(document):
    """Return what the page, and so the PDF, says before its first section, as one text."""
    page = html.render(document).partition("<body")[2].partition('<section class="paper-section')[0]
    return " ".join(strip_tags(page.partition(">")[2]).split())


@pytest.fixture(scope="module")
def reports(example):
    """A paper of every kind, of the example: reviews of each kind, a cover report and an exit plan."""
    found = {review.get_kind_display(): build(review, None) for review in Review.objects.all()}
    cover = CoverReport.objects.get(body__name="Cabinet")
    agreement = Agreement.objects.filter(partnership=cover.review.partnership).first()
    plan = keep(ExitPlan(partnership=cover.review.partnership, title="Exit", agreement=agreement))
    found["Cover report"] = build_cover(cover, None)
    found["Exit plan"] = exit_document(exit_facts(plan, cover.review.as_at), "exit", sees_costs=True)
    return found


def test_word_front_of_every_kind_of_paper_says_what_the_pdf_says(reports):
    assert {"Gateway review", "Annual partnerships report", "Cover report", "Exit plan"} <= set(reports)
    for kind, document in reports.items():
        typed, _, contents = " ".join(" ".join(front_of_word(document)).split()).partition(" Contents ")
        printed, _, printed_contents = front_of_page(document).partition(" Contents ")
        assert typed == printed, kind
        # The page lists the appendices last and under a heading of their own, Word with the sections.
        listed = sorted(contents.replace(" ", ""))
        assert listed == sorted(printed_contents.replace("Appendices ", "", 1).replace(" ", "")), kind


def test_word_cover_report_has_its_head_but_no_control_or_contents(reports):
    said = front_of_word(reports["Cover report"])
    assert said == [
        "Oxfordshire County Council",
        "Divisions affected All",
        "Body and date Cabinet, 23 April 2019",
        "Report of Assistant Chief Executive (Interim)",
        "Update from the Oxfordshire County and Cherwell District Councils Partnership Working Group",
        "Draft 2.0, as at 16 March 2019",
        "Example from the public record; not a paper of either council",
    ]


def test_word_paper_says_who_reports_and_to_whom(reports):
    assert "Report of the Partnership Working Group" in front_of_word(reports["Gateway review"])
    assert "Report to the CDC Executive" in front_of_word(reports["Annual partnerships report"])


def test_paper_with_an_author_for_a_councils_body_names_both(db):
    from tests.factories import make_body, make_council, make_partnership, make_review

    elm = make_council(name="Elm Council", short_name="EC")
    partnership = make_partnership(councils=[elm, make_council()])
    body = make_body(partnership=partnership, council=elm, name="Cabinet", kind="executive")
    review = make_review(partnership=partnership, body=body, author_title="Monitoring Officer")
    assert build(review, None).reported == "Report of the Monitoring Officer to the EC Cabinet"
