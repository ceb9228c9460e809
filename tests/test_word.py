"""The Word file: real headings, Word's own numbering, captions with a counting field, and header rows that repeat."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from reviews.document import build
from reviews.narrative import Paragraph
from reviews.output import word
from tests.factories import make_section
from tests.published import make_unpublished

pytestmark = [pytest.mark.django_db, pytest.mark.once("postgresql")]


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
    """What Word prints before each heading and paragraph that it counts."""
    numbers, levels = [], [0, 0, 0, 0]
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
    assert captions == [
        f"{block.label} {block.caption}" for section in document.sections for block in section.captioned
    ]
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
