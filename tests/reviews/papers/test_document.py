"""The paper as data and as a page: numbering, blocks, audiences, and that nothing in it was typed."""

import html as html_library
import io
import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from reviews.facts.figures import UnknownFigure
from reviews.models import Assessment
from reviews.papers.blocks.general import ChartBlock, Table
from reviews.papers.charts import Bar, Chart
from reviews.papers.document import BLOCKS, build
from reviews.papers.narrative import ListBlock, Paragraph
from reviews.papers.output import html
from tests.factories import (
    change,
    make_arrangement,
    make_assessment,
    make_case,
    make_commitment,
    make_comparator,
    make_council,
    make_line,
    make_option,
    make_partnership,
    make_party,
    make_post,
    make_post_step,
    make_recommendation,
    make_review,
    make_saving,
    make_section,
    make_swot_item,
    make_working_model,
)

pytestmark = pytest.mark.django_db
SUMMARY = (
    "{posts.in-post.phrase} save {savings.2019-20.joint.estimated}: ACC {savings.2019-20.acc.estimated}, "
    "BDC {savings.2019-20.bdc.estimated}. {principles.summary}. {ref:savings} and {ref:section:swot} tell more."
)
MONEY = "First.\n\nSecond:\n\n1. one\n2. two\n\n{table:savings}\n\n{chart:savings}\n\nThird, {ref:chart:savings}."


@pytest.fixture
def world():
    """A review of Alder and Birch with everything the gateway outline places."""
    alder = make_council(name="Alder County Council", short_name="ACC")
    birch = make_council(name="Birch District Council", short_name="BDC")
    partnership = make_partnership(councils=[alder, birch], notice="Only for tests")
    posts = [make_post(partnership=partnership, title=f"Lead {letter}") for letter in "ABC"]
    saving = make_saving(partnership=partnership, title="Shared posts", posts=posts, caveats="Still interim")
    lines = [make_line(saving=saving, council=c, estimated=e) for c, e in ((alder, 111_111), (birch, 222_222))]
    avoided = make_saving(partnership=partnership, title="Planning", benefit_type="cost avoidance")
    make_line(saving=avoided, council=birch, financial_year="", estimated=77_000, figures_are_about=True)
    review = make_review(partnership=partnership, title="Review of Alder", author_title="Chief Officer")
    ratings = []
    for number, rating in ((1, "met"), (2, "too soon to say")):
        commitment = make_commitment(partnership=partnership, number=number, is_paraphrased=number == 1)
        ratings.append(make_assessment(review=review, commitment=commitment, rating=rating))
    make_sections(review)
    return SimpleNamespace(**locals())


def make_sections(review):
    """Four sections, one of them with two sub-sections, and three appendices."""
    for key, level, narrative in (
        ("summary", 1, SUMMARY),
        ("recommendations", 1, "{list:recommendations}"),
        ("progress", 1, "A lead.\n\nAnother."),
        ("money", 2, MONEY),
        ("commitments", 2, "{table:principles}"),
        ("close", 1, "The end, as {ref:section:money} says."),
        ("adopted", 9, "{list:principles}"),
        ("swot", 9, "Before.\n\n{table:swot}"),
    ):
        make_section(review=review, key=key, level=level, narrative=narrative, heading=key.capitalize())


def section(document, key):
    """A section of a document by its key."""
    return next(found for found in document.sections if found.anchor == f"section-{key}")


def visible(page):
    """Return what a reader of the page reads, without tags, style sheet and extra space."""
    body = page[page.index("<body") :]
    return html_library.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def test_sections_and_paragraphs_are_numbered_and_leads_are_not(world):
    document = build(world.review, None)
    assert [(found.label, found.heading) for found in document.sections] == [
        ("1", "Summary"),
        ("2", "Recommendations"),
        ("3", "Progress"),
        ("3.1", "Money"),
        ("3.2", "Commitments"),
        ("4", "Close"),
        ("Appendix 1", "Adopted"),
        ("Appendix 2", "Swot"),
    ]
    numbers = {}
    for found in document.sections:
        numbers[found.anchor] = [block.number for block in found.blocks if isinstance(block, Paragraph)]
    assert numbers["section-summary"] == ["1.1"]
    assert numbers["section-progress"] == ["", ""]
    assert numbers["section-money"] == ["3.1.1", "3.1.2", "3.1.3"]
    assert numbers["section-close"] == ["4.1"]
    assert numbers["section-swot"] == [""]


def test_an_ordered_list_in_a_paragraph_is_lettered(world):
    found = section(build(world.review, None), "money").blocks[2]
    assert isinstance(found, ListBlock)
    assert found.style == "letters"


def test_tables_and_charts_are_numbered_as_they_stand(world):
    document = build(world.review, None)
    assert [(found.number, found.key) for found in document.tables] == [(1, "savings"), (2, "principles"), (3, "swot")]
    assert [(found.number, found.key) for found in document.charts] == [(1, "savings")]


def test_references_follow_the_numbers(world):
    document = build(world.review, None)
    assert section(document, "summary").blocks[0].text.endswith("Table 1 and appendix 2 tell more.")
    assert section(document, "money").blocks[-1].text == "Third, chart 1."
    assert section(document, "close").blocks[0].text == "The end, as section 3.1 says."
    make_section(review=world.review, key="earlier", position=1, narrative="{table:posts}")
    document = build(world.review, None)
    assert section(document, "summary").blocks[0].text.endswith("Table 2 and appendix 2 tell more.")
    assert section(document, "close").blocks[0].text == "The end, as section 4.1 says."


def test_recommendations_run_through_under_who_is_asked(world):
    for verb, text in (("note", "the progress in {ref:section:money}."), ("agree", "to go on.")):
        make_recommendation(review=world.review, verb=verb, text=text)
    intro, listing = section(build(world.review, None), "recommendations").blocks
    assert intro.text == "Working Group is recommended to:"
    assert [(number, item[0].text) for number, item in listing.numbered_items] == [
        (1, "Note the progress in section 3.1."),
        (2, "Agree to go on."),
    ]


def texts(table):
    """The rows of a table as text."""
    rows = []
    for row in table.rows:
        rows.append([flat(cell.blocks) for cell in row.cells])
    return rows


def flat(found):
    """Return the text of paragraphs and lists."""
    texts = []
    for block in found:
        if isinstance(block, Paragraph):
            texts.append(block.text)
        else:
            texts += map(flat, block.items)
    return " / ".join(texts)


def test_the_savings_table_shows_gross_cost_and_net_and_what_is_outside(world):
    table = build(world.review, None).tables[0]
    assert [flat(cell.blocks) for cell in table.head] == ["Saving", "ACC", "BDC", "Both councils"]
    assert texts(table) == [
        ["Shared posts / Lead A / Lead B / Lead C", "£111,111", "£222,222", "£333,333"],
        ["Total estimated saving (gross)", "£111,111", "£222,222", "£333,333"],
        ["Cost to achieve", "not recorded", "not recorded", "not recorded"],
        ["Net saving", "not known", "not known", "not known"],
        ["Cost avoidance, no year given: Planning", "not recorded", "about £77,000", "outside the total"],
    ]
    assert [row.kind for row in table.rows] == ["", "total", "", "total", "outside"]


def test_what_was_delivered_has_its_own_total(world):
    change(world.lines[0], delivered=Decimal(50_000), delivered_to_on=date(2019, 3, 1))
    rows = {row[0]: row[1:] for row in texts(build(world.review, None).tables[0])}
    assert rows["Total delivered so far"] == ["£50,000", "not recorded", "£50,000, without BDC (not recorded)"]


def test_a_third_council_gets_its_own_column_and_share(world):
    cedar = make_council(name="Cedar District Council", short_name="CDX")
    make_party(partnership=world.partnership, council=cedar, position=3)
    make_line(saving=world.saving, council=cedar, estimated=333_333)
    document = build(world.review, None)
    table = document.tables[0]
    chart = document.charts[0]
    assert [flat(cell.blocks) for cell in table.head] == ["Saving", "ACC", "BDC", "CDX", "All three councils"]
    assert texts(table)[1][1:] == ["£111,111", "£222,222", "£333,333", "£666,666"]
    assert [bar.label for bar in chart.chart.bars] == ["ACC", "BDC", "CDX", "All three councils"]
    page = visible(html.render(document))
    assert page.count("£333,333") == 5  # row, total, chart, its description and its table
    assert "Cedar District Council" in page
    assert "save £666,666 (all three councils)" in page


def test_nothing_was_typed(world):
    before = visible(html.render(build(world.review, None)))
    assert "Three joint posts save £333,333 (both councils): ACC £111,111, BDC £222,222." in before
    assert "1 of 2 principles met; 1 too soon to say" in before
    change(world.lines[0], estimated=Decimal(401_237))
    change(world.lines[1], estimated=Decimal(87_654))
    change(world.ratings[1], rating=Assessment.Rating.MET)
    post = world.posts[0]
    make_post_step(post=post, from_on=date(2019, 3, 1), title=post.title, status="ended", appointment="permanent")
    after = visible(html.render(build(world.review, None)))
    assert "Two joint posts save £488,891 (both councils): ACC £401,237, BDC £87,654." in after
    assert after.count("£488,891") == 6  # summary, row, total, chart, its description and its table
    assert "2 of 2 principles met" in after
    assert "Lead A (ended)" in after
    for stale in ("111,111", "222,222", "333,333", "1 of 2", "Three joint posts", "Too soon"):
        assert stale not in after


def test_each_block_says_in_words_that_it_is_empty(world):
    empty = make_review(partnership=make_partnership(councils=[world.alder, world.birch]))
    for name in BLOCKS:
        make_section(review=empty, narrative=f"{{{name}}}")
    document = build(empty, None)
    for found in document.sections:
        assert found.blocks, found.heading
    page = visible(html.render(document))
    assert "None on this date." in page
    assert "There are no recommendations." in page


def test_each_block_shows_its_rows(world):
    partnership = world.partnership
    review = world.review
    make_working_model(partnership=partnership, number=1, name="Host authority", source="A consultant, 2019")
    make_comparator(partnership=partnership, name="Far", orientation="vertical", amount=1_500_000, period="in a year")
    make_case(partnership=partnership, title="Legal", estimated_saving=9_000, estimated_saving_is_about=True)
    make_arrangement(
        partnership=partnership, kind="provision", service="Planning", provider=world.alder, receiver=world.birch
    )
    make_arrangement(partnership=partnership, kind="co-location", service="Desks", site="The House")
    make_arrangement(partnership=partnership, kind="procurement", service="Paper", formality="informal")
    make_option(review=review, title="Go on", is_preferred=True, reasons="It works.")
    make_swot_item(review=review, kind="threat", text="Distraction")
    for name in BLOCKS.keys() - {"table:savings", "chart:savings", "table:swot", "table:principles"}:
        make_section(review=review, level=1, narrative=f"{{{name}}}")
    page = visible(html.render(build(review, None)))
    for words in (
        "1. Host authority",
        "Source: A consultant, 2019.",
        "£1.5 million in a year",
        "Legal – in development",
        "about £9,000",
        "Planning (ACC to BDC)",
        "Desks at The House",
        "Paper (informal)",
        "Go on (preferred)",
        "Distraction",
        "Still interim",
        "(paraphrased)",
    ):
        assert words in page, words


def test_an_unknown_name_is_refused_with_its_section(world):
    make_section(
        review=world.review, heading="Money", narrative="{no.such} and\n\n{table:no-such}\n\n{list:posts} here"
    )
    document = build(world.review, None)
    assert [found.name for found in document.unknown] == ["no.such", "table:no-such", "list:posts"]
    assert "[unknown figure: no.such]" in html.render(document)
    with pytest.raises(UnknownFigure, match=re.escape("The section “Money” names “{no.such}”, which")):
        document.refuse_unknown()


CANARY = "canary-7f3a"


@pytest.mark.parametrize("audience", ["public", "members"])
def test_of_an_exempt_appendix_only_label_title_and_paragraph_are_printed(world, audience):
    make_section(
        review=world.review,
        key=f"{CANARY}-heading",
        level=9,
        heading=f"{CANARY} heading",
        narrative=f"{CANARY} narrative {{no.such}}",
        publication_class="exempt",
        public_title="Appraisal",
        exempt_paragraph=1,
    )
    make_section(review=world.review, level=9, heading="Next", narrative=f"As {{ref:section:{CANARY}-heading}} says.")
    document = build(world.review, None, audience=audience)
    appendices = [(found.label, found.heading) for found in document.appendices[2:]]
    assert appendices == [("Appendix 3", "Appraisal"), ("Appendix 4", "Next")]
    (said,) = document.appendices[3].blocks
    assert [run.href for run in said.runs] == ["", "#exempt-appendix-3", ""]
    page = html.render(document)
    assert CANARY not in page
    assert CANARY not in repr(document)
    assert "exempt information under paragraph 1 of Part 1 of Schedule 12A" in page


@pytest.mark.parametrize(
    ("publication_class", "public", "members"),
    [("public", True, True), ("partnership", False, True), ("council", False, False), ("confidential", False, False)],
)
def test_an_edition_holds_only_the_classes_on_its_list(world, publication_class, public, members):
    whose = {"council": world.alder} if publication_class == "council" else {}
    make_section(review=world.review, heading=CANARY, narrative=CANARY, publication_class=publication_class, **whose)
    make_section(review=world.review, level=2, heading="Under it", narrative="Public below")
    for audience, shown in (("public", public), ("members", members)):
        page = html.render(build(world.review, None, audience=audience))
        assert (CANARY in page) == shown
        assert ("Public below" in page) == shown


def test_a_page_needs_nothing_from_elsewhere(world):
    page = html.render(build(world.review, None))
    assert re.findall(r'(?:src|href)="(?!#)', page) == []
    assert [
        address
        for address in re.findall(r"url\([\"']?([^)]{0,15})", page)
        if not address.startswith(("data:font", "#"))
    ] == []
    assert re.findall(r"<[^>]+ style=", page) == []
    assert "<script" not in page
    identities = re.findall(r' id="([^"]+)"', page)
    assert len(identities) == len(set(identities))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(identities)


def test_the_cover_and_the_control_table_say_what_it_is(world):
    document = build(world.review, None)
    assert (document.councils, document.body) == (("Alder County Council", "Birch District Council"), "Working Group")
    assert (document.month, document.notice) == ("March 2019", "Only for tests")
    assert dict(document.control) == {
        "Date": "16 March 2019",
        "Version": "Draft 1.0",
        "Report author": "Chief Officer",
        "Circulation": "Not stated",
        "Review date": "Not stated",
        "Publication": "Not stated",
    }


def test_a_bar_is_solid_where_delivered_and_hatched_for_the_rest():
    chart = Chart(
        "x", "x", "s", "h", (Bar("a", "", Decimal(100), Decimal(25)), Bar("b", "", Decimal(50), Decimal(60))), 402
    )
    first, second = chart.drawn
    assert (first.solid_x, first.solid_width, first.hatched_x, first.hatched_width) == (1, 100, 101, 300)
    assert (second.solid_width, second.hatched_width) == (240, 0)


def test_a_negative_bar_runs_to_the_left_of_nought():
    chart = Chart(
        "x", "x", "s", "h", (Bar("a", "", Decimal(100)), Bar("b", "", Decimal(-100)), Bar("c", "", None)), 402
    )
    first, second, third = chart.drawn
    assert (first.hatched_x, first.hatched_width) == (201, 200)
    assert (second.hatched_x, second.hatched_width) == (1, 200)
    assert (third.solid_width, third.hatched_width) == (0, 0)


def test_long_words_stand_below_their_label():
    short, long = (Chart("x", "x", "s", "h", (Bar("All three councils", words, None),)) for words in ("£1", "£1 " * 20))
    assert not short.has_long_words
    assert long.has_long_words
    assert [y for y, _ in short.drawn[0].words_lines] == [16]
    assert [y for y, _ in long.drawn[0].words_lines] == [35, 54]
    assert long.height - short.height == long.drawn[0].bar_y - short.drawn[0].bar_y == 38


def test_render_review_writes_the_page(world, tmp_path):
    file = tmp_path / "out" / "review.html"
    call_command("render_review", "review-of-alder", format="html", output=file, stdout=io.StringIO())
    assert file.read_text() == html.render(build(world.review, None))


def test_render_review_reports_another_day(world, tmp_path):
    make_post(partnership=world.partnership, title="Newcomer", from_on=date(2019, 11, 12))
    make_section(review=world.review, narrative="{list:posts}")
    for day, shown in ((None, False), (date(2019, 11, 12), True)):
        file = tmp_path / "review.html"
        call_command("render_review", "review-of-alder", format="html", as_at=day, output=file, stdout=io.StringIO())
        assert ("Newcomer" in file.read_text()) == shown


def test_render_review_refuses_with_a_sentence(world, tmp_path):
    with pytest.raises(CommandError, match=re.escape("There is no review “nowhere”. There is: review-of-alder.")):
        call_command("render_review", "nowhere", format="html", output=tmp_path / "x.html")
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("render_review", "review-of-alder", format="html", output=tmp_path / "file" / "x.html")
    make_section(review=world.review, heading="Money", narrative="{no.such}")
    with pytest.raises(CommandError, match=re.escape("The section “Money” names “{no.such}”, which")):
        call_command("render_review", "review-of-alder", format="html", output=tmp_path / "x.html")
    assert not (tmp_path / "x.html").exists()


def test_blocks_are_tables_lists_or_charts_as_they_are_named(world):
    document = build(world.review, None)
    kinds = set()
    for found in document.sections:
        kinds |= {type(block) for block in found.blocks}
    assert kinds == {Paragraph, ListBlock, Table, ChartBlock}
