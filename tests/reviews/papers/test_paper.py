"""The PDF of a review: what the example's says, and how any is built."""

import io
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings
from pypdf import PdfReader

from reviews.models import Review
from reviews.papers.document import build
from reviews.papers.output import html, pdf
from tests.factories import make_comparator, make_council, make_partnership, make_review, make_section

pytestmark = pytest.mark.slow

MM = 72 / 25.4  # points in a millimetre
WIDTH = 210 * MM
HEIGHT = 297 * MM


def drawn(document):
    """The PDF of a document, as bytes and read."""
    content = pdf.render(html.render(document))
    reader = PdfReader(io.BytesIO(content))
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]
    return SimpleNamespace(content=content, reader=reader, pages=pages, text=" ".join(pages), document=document)


@pytest.fixture(scope="module")
def paper(example):
    """The example's gateway review."""
    return drawn(build(Review.objects.get(slug="gateway-review-2019-03"), None))


@pytest.fixture
def review(db):
    """A small review of two councils."""
    councils = [make_council(name="Alder County Council"), make_council(name="Birch District Council")]
    return make_review(partnership=make_partnership(councils=councils), title="A review")


def test_the_file_says_its_language_title_and_standard(paper):
    catalogue = paper.reader.trailer["/Root"]
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert catalogue["/MarkInfo"]["/Marked"].value
    assert paper.reader.metadata.title == "Partnership Review, Evaluation and Next Steps"
    assert "pdfuaid" in catalogue["/Metadata"].get_data().decode()


def tags(element, found=None):
    """Return how often each kind of element stands in the structure tree."""
    found = {} if found is None else found
    if isinstance(element, list):
        for child in element:
            tags(child.get_object(), found)
    elif isinstance(element, dict) and "/K" in element:
        if "/S" in element:
            found[element["/S"]] = found.get(element["/S"], 0) + 1
        tags(element["/K"], found)
    return found


def test_headings_tables_lists_and_the_chart_are_tagged(paper):
    found = tags(paper.reader.trailer["/Root"]["/StructTreeRoot"])
    assert found["/H1"] == 1
    assert found["/H2"] == 2 + sum(section.level != 2 for section in paper.document.sections)
    # A table over several pages is several elements.
    assert found["/Table"] >= len(paper.document.tables) + 2
    assert found["/Figure"] == 1
    assert found["/TH"] > 60
    assert found["/L"] > 20


def test_the_bookmarks_are_the_headings(paper):
    def flat(outline):
        rows = []
        for item in outline:
            rows += flat(item) if isinstance(item, list) else [item.title]
        return rows

    headings = [
        f"{section.label}{':' if section.is_appendix else ''} {section.heading}" for section in paper.document.sections
    ]
    assert flat(paper.reader.outline)[-len(headings) :] == headings


def test_every_page_is_a4_with_a_footer_and_the_notice(paper):
    assert len(paper.pages) >= 12
    for number, (page, text) in enumerate(zip(paper.reader.pages, paper.pages, strict=True), start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (round(WIDTH), round(HEIGHT))
        assert "Example from the public record; not a paper of either council" in text
        assert "Partnership Review, Evaluation and Next Steps, Draft 2.0, as at 16 March 2019" in text
        assert f"Page {number} of {len(paper.pages)}" in text


def places(page):
    """Return where each piece of text of a page begins, in points from its lower left corner."""
    found = []

    def note(text, outer, inner, *_):
        if text.strip():
            across = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
            up = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
            found.append((across, up, text))

    page.extract_text(visitor_text=note)
    return found


def test_no_text_stands_where_committee_systems_stamp(paper):
    # The chart's own words are placed within the picture; how it is painted is looked at below.
    drawn_words = set()
    for chart in paper.document.charts:
        for bar in chart.chart.bars:
            drawn_words.update((bar.label, bar.words))
    for chart in paper.document.charts:
        drawn_words.update((chart.chart.solid_words, chart.chart.hatched_words))
    assert len(paper.reader.pages) > 5
    for page in paper.reader.pages:
        found = [place for place in places(page) if place[2].strip() not in drawn_words]
        assert len(found) > 3
        assert [text for x, y, text in found if x > WIDTH - 70 * MM and y > HEIGHT - 20 * MM] == []
        assert min(y for _, y, _ in found) >= 15 * MM


def test_nothing_is_painted_where_committee_systems_stamp(paper):
    assert_blank_corners(paper.content)


def assert_blank_corners(content):
    """Nothing is painted in the top right 70 × 20 mm, nor in the lowest 12 mm; footers end 15 mm above the edge."""
    if not shutil.which("pdftoppm"):
        pytest.skip("no pdftoppm here: apt-get install poppler-utils")
    painted = subprocess.run(["pdftoppm", "-gray", "-r", "50.8", "-"], input=content, capture_output=True, check=True)
    for picture in pictures(painted.stdout):
        width, height, rows = picture
        dots = 2  # in a millimetre
        assert all(row[width - 70 * dots :] == b"\xff" * 70 * dots for row in rows[: 20 * dots])
        assert all(row == b"\xff" * width for row in rows[height - 15 * dots + 1 :])


def pictures(stream):
    """The grey pictures of a stream of them, as width, height and rows of bytes."""
    while stream:
        head = re.match(rb"P5\s(\d+) (\d+)\s255\s", stream)
        width = int(head[1])
        height = int(head[2])
        body = stream[head.end() : head.end() + width * height]
        yield width, height, [body[place * width : (place + 1) * width] for place in range(height)]
        stream = stream[head.end() + width * height :]


POSTS = (
    ("Chief Executive", "appointment not stated"),
    ("Monitoring Officer", "interim"),
    ("Assistant Chief Executive", "interim"),
    ("Assistant Director Regulatory Services and Community Safety", "permanent"),
    ("Assistant Director Social Care, Commissioning and Housing", "permanent"),
    ("Strategic Lead for HR", "permanent, contribution provisional"),
)


def rows(paper, key):
    """A table's rows, each cell as the lines it holds."""
    table = next(table for table in paper.document.tables if table.key == key)
    rows = []
    for row in table.rows:
        rows.append([lines(cell.blocks) for cell in row.cells])
    return rows


def lines(blocks):
    """Paragraphs and list items as lines."""
    all_lines = []
    for block in blocks:
        all_lines += [block.text] if block.kind == "paragraph" else map(single, block.items)
    return all_lines


def single(item):
    """A list item's one line."""
    return " ".join(lines(item))


def test_the_example_lists_each_post_with_its_appointment(paper):
    (appointments,) = [row[1] for row in rows(paper, "deliverables") if row[0] == ["Joint senior appointments"]]
    assert appointments == [f"{title} – {appointment}" for title, appointment in POSTS]
    for line in appointments:
        assert line in paper.text


def test_the_example_adds_up_its_savings(paper):
    table = {}
    for row in rows(paper, "savings"):
        table[row[0][0]] = [" ".join(cell) for cell in row[1:]]
    (avoided,) = [cells for label, cells in table.items() if label.startswith("Cost avoidance, no year given")]
    assert table["Total estimated saving (gross)"] == ["£314,000", "£315,000", "£629,000"]
    assert table["Cost to achieve"] == ["not recorded"] * 3
    assert table["Net saving"] == ["not known"] * 3
    assert avoided == ["not recorded", "about £20,000", "outside the total"]
    assert "630,000" not in paper.text
    assert "649,000" not in paper.text


def test_the_example_rates_its_principles_and_objectives(paper):
    assert [row[1] for row in rows(paper, "principles")] == [["Met"]] * 3 + [["Too soon to say"]] + [["Met"]] * 5
    assert [row[1][0] for row in rows(paper, "objectives")] == ["Underway", "Met", "Met", *["Underway"] * 3]
    assert "8 of 9 principles met; 1 too soon to say" in paper.text
    assert "2 of 6 objectives met; 4 underway" in paper.text


def test_the_example_lists_everything_else(paper):
    deliverables = {row[0][0]: row[1] for row in rows(paper, "deliverables")}
    assert [len(items) for items in deliverables.values()] == [6, 5, 2, 4, 2]
    assert [len(row[1]) for row in rows(paper, "swot")] == [7, 3, 6, 4]
    assert len(rows(paper, "comparators")) == 6
    assert len(rows(paper, "working-models")) == 3
    assert [table.number for table in paper.document.tables] == list(range(1, 8))
    assert "Emergency Planning (OCC to CDC)" in deliverables["Services provided by one council for another"]
    (asked,) = [section for section in paper.document.sections if section.heading == "Recommendations"]
    assert asked.blocks[1].numbers == tuple(range(1, 8))
    for line in lines(asked.blocks[1:]):
        assert line in paper.text


def test_exempt_appendix_of_the_example_prints_label_and_paragraph_alone(paper):
    assert (
        "Appendix 3: Chief Executive appraisal: summary of feedback relating to partnership working "
        "Not for publication: exempt information under paragraph 1 of Part 1 of Schedule 12A"
    ) in paper.text


def everything_in(reader):
    """Return every string and every stream of a file, so that nothing can hide in it."""
    found = []
    for number in range(1, int(reader.trailer["/Size"])):
        thing = reader.get_object(number)
        found.append(repr(thing))
        if hasattr(thing, "get_data"):
            found.append(thing.get_data().decode("latin-1"))
    return "\n".join(found)


def test_no_byte_of_an_exempt_narrative_is_in_the_file(review):
    common = {"review": review, "level": 9, "publication_class": "exempt", "exempt_paragraph": 3}
    make_section(heading="canary-one", narrative="canary-two", public_title="Open title", **common)
    found = drawn(build(review, None, audience="public"))
    assert "Open title" in found.text
    assert "canary" not in found.text + everything_in(found.reader) + found.content.decode("latin-1")


def test_the_head_of_a_table_repeats_on_each_of_its_pages(review):
    for number in range(60):
        make_comparator(partnership=review.partnership, name=f"Far council {number}")
    make_section(review=review, narrative="{table:comparators}")
    pages = [text for text in drawn(build(review, None)).pages if re.search(r"Far council \d", text)]
    assert len(pages) >= 2
    assert all("Councils What they share" in text for text in pages)


def test_the_same_page_gives_the_same_bytes(review):
    make_section(review=review, narrative="{chart:savings}\n\n{table:savings}")
    page = html.render(build(review, None))
    assert pdf.render(page) == pdf.render(page)


def test_nothing_is_fetched_from_file_or_address(tmp_path):
    style = tmp_path / "style.css"
    style.write_text("p::before { content: 'fetched' }")
    link = f'<link rel="stylesheet" href="{style.as_uri()}">'
    page = f'<html lang="en">{link}<p>Text <img src="http://127.0.0.1:9/x" alt="x">'
    (text,) = [found.extract_text() for found in PdfReader(io.BytesIO(pdf.render(page))).pages]
    assert "Text" in text
    assert "fetched" not in text


def test_a_machine_without_pango_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(pdf.CannotDraw, match="apt install libpango"):
        pdf.render("<p>")


def rules_of(style):
    """The rules of a style sheet that a paper is drawn with: those for screens left out."""
    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return re.sub(r"@media screen[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", bare)


LAID_OUT_SLOWLY = re.compile(r"display:\s*(?:inline-)?(?:flex|grid)\b|\bcolumns?:|\bfloat:")


@pytest.mark.parametrize("sheet", [(), ("dashboards/board.css",)], ids=["papers", "the board"])
def test_what_flows_over_pages_is_laid_out_in_blocks(sheet):
    """Flex and grid there take ten times as long to draw."""
    rules = rules_of(html.style(*sheet))
    assert len(re.findall(r"\{[^}]+\}", rules)) > 20
    assert LAID_OUT_SLOWLY.findall(rules) == []


def test_slow_layouts_would_be_found():
    style = "@media screen and (max-width: 9rem) { .a { display: flex; } }\n.b { display:flex }\n.c { display: grid; }"
    assert LAID_OUT_SLOWLY.findall(rules_of(style)) == ["display:flex", "display: grid"]


def test_templates_of_papers_hold_no_style_of_their_own():
    folder = settings.BASE_DIR / "templates" / "reviews" / "papers"
    papers = [*folder.glob("document*.html"), folder / "cover_body.html"]
    assert len(papers) >= 9
    assert [path.name for path in papers if 'style="' in path.read_text(encoding="utf-8")] == []


def test_pages_link_the_sheets_in_the_order_in_which_papers_hold_them():
    linked = (settings.BASE_DIR / "templates" / "components" / "paper_styles.html").read_text(encoding="utf-8")
    assert re.findall(r"static 'paper/(\w+)\.css'", linked) == list(html.PAPER)
    folder = settings.BASE_DIR / "static" / "paper"
    assert sorted(path.stem for path in folder.iterdir()) == sorted(html.PAPER)
