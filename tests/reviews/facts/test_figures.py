"""Named figures and the sentences they stand in."""

from datetime import date
from types import SimpleNamespace

import pytest

from partnership.wording import capitalised, in_number_words, large_sum, listed, ordinal
from reviews.facts import facts, review_facts
from reviews.facts.figures import figures
from reviews.facts.review_figures import review_figures
from reviews.papers.narrative import ListBlock, Narrator, Paragraph
from tests.factories import (
    make_arrangement,
    make_assessment,
    make_body,
    make_case,
    make_commitment,
    make_comparator,
    make_council,
    make_line,
    make_partnership,
    make_party,
    make_post,
    make_recommendation,
    make_review,
    make_saving,
)

pytestmark = pytest.mark.django_db
DAY = date(2019, 3, 16)


@pytest.fixture
def world():
    """Alder and Birch with a post, a saving and a benefit outside every total."""
    alder = make_council(name="Alder County Council", short_name="ACC")
    birch = make_council(name="Birch District Council", short_name="BDC", executive_name="Executive")
    partnership = make_partnership(councils=[alder, birch])
    post = make_post(partnership=partnership, title="Lead", appointment="interim")
    saving = make_saving(partnership=partnership, posts=[post])
    lines = [make_line(saving=saving, council=c, estimated=e) for c, e in ((alder, 314_000), (birch, 315_000))]
    avoided = make_saving(partnership=partnership, benefit_type="cost avoidance")
    make_line(saving=avoided, council=birch, financial_year="", estimated=20_000, figures_are_about=True)
    return SimpleNamespace(alder=alder, birch=birch, partnership=partnership, post=post, lines=lines)


def said(world, name):
    """Return what a name prints."""
    return figures(facts(world.partnership, DAY))[name].text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("savings.2019-20.acc.estimated", "£314,000"),
        ("savings.2019-20.joint.estimated", "£629,000"),
        ("savings.2019-20.joint.estimated.full", "£629,000 estimated for 2019/20, both councils"),
        ("savings.2019-20.joint.cost-to-achieve", "not recorded"),
        ("savings.2019-20.bdc.net", "not known"),
        ("savings.2019-20.joint.delivered", "not recorded"),
        ("savings.year-not-stated.bdc.cost-avoidance", "about £20,000"),
        ("savings.year-not-stated.acc.cost-avoidance", "not recorded"),
        ("savings.2019-20.posts.phrase", "one joint post"),
        ("savings.2019-20.posts.titles", "Lead"),
        ("pipeline.joint.amount", "none"),
        ("posts.in-post.count", "1"),
        ("posts.interim.count.words", "one"),
        ("posts.permanent.phrase", "no permanent posts"),
        ("posts.summary", "one joint post is filled: one interim"),
        ("cases.in-development.phrase", "no business cases in development"),
        ("partnership.started", "1 October 2018"),
        ("partnership.operation", "just under six months"),
        ("partnership.operation.month", "sixth"),
        ("councils.names", "Alder County Council and Birch District Council"),
        ("council.bdc.executive", "Executive"),
    ],
)
def test_a_name_prints_its_figure(world, name, text):
    assert said(world, name) == text


def test_no_figure_adds_up_lines_without_a_year(world):
    named = figures(facts(world.partnership, DAY))
    assert "savings.2019-20.joint.estimated" in named
    assert [name for name in named if name.startswith("savings.year-not-stated.joint")] == []
    assert not any(figure.amount == 649_000 for figure in named.values())


def test_a_figure_keeps_the_rows_it_is_made_of(world):
    figure = figures(facts(world.partnership, DAY))["savings.2019-20.joint.estimated"]
    assert (figure.of, figure.rows) == ("savingline", tuple(line.id for line in world.lines))
    assert (figure.scope, figure.status, figure.amount) == ("both councils", "estimated", 629_000)


def test_scope_words_follow_the_number_of_councils(world):
    make_party(partnership=world.partnership, council=make_council(short_name="CDX"), position=3)
    assert said(world, "councils.scope") == "all three councils"
    assert said(world, "savings.2019-20.joint.estimated") == "£629,000, without CDX (not recorded)"


def test_the_pipeline_has_a_sum_of_its_own(world):
    make_case(partnership=world.partnership, estimated_saving=630_000, estimated_saving_is_about=True)
    assert said(world, "pipeline.joint.amount") == "about £630,000"
    assert said(world, "pipeline.phrase") == "one proposal with an estimate"
    assert said(world, "savings.2019-20.joint.estimated") == "£629,000"


def test_yardsticks_bodies_and_services_have_names(world):
    make_comparator(
        partnership=world.partnership, name="Far Away", amount=20_000_000, amount_is_about=True, period="a year"
    )
    make_body(partnership=world.partnership, name="Cabinet", short_name="", council=world.alder)
    make_arrangement(partnership=world.partnership, service="Legal, and more")
    make_arrangement(partnership=world.partnership, service="IT")
    assert said(world, "comparators.far-away.amount") == "about £20 million"
    assert said(world, "body.acc-cabinet.name") == "ACC Cabinet"
    assert said(world, "services.collaborations.titles") == "Legal, and more; and IT"
    assert said(world, "councils.names") == " and ".join(council.name for council in (world.alder, world.birch))


def test_the_summary_of_ratings_is_computed(world):
    review = make_review(partnership=world.partnership)
    for number, rating in ((1, "met"), (2, "too soon to say"), (3, "met"), (4, None)):
        commitment = make_commitment(partnership=world.partnership, number=number, short_title=f"Part {number}")
        if rating:
            make_assessment(review=review, commitment=commitment, rating=rating)
    make_recommendation(review=review)
    named = review_figures(review_facts(review))
    assert named["principles.summary"].text == "2 of 4 principles met; 1 too soon to say; 1 not rated"
    assert named["principles.too-soon.titles"].text == "principle 2 (part 2)"
    assert named["principles.met.phrase"].text == "two principles"
    assert named["objectives.summary"].text == "no objective recorded"
    assert named["recommendations.phrase"].text == "one recommendation"
    assert named["review.as-at"].text == "16 March 2019"


@pytest.fixture
def narrator(world):
    """Reads narratives about Alder and Birch."""
    found = facts(world.partnership, DAY)
    return Narrator(figures(found), found.councils, {"savings": ("table 4", "table-savings")})


OWN, OTHER, JOINT = (f"{{savings.2019-20.{scope}.estimated}}" for scope in ("acc", "bdc", "joint"))


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (f"Savings of {OTHER} are expected.", "Savings of £315,000 (BDC’s share) are expected."),
        (f"Savings of {JOINT} are expected.", "Savings of £629,000 (both councils) are expected."),
        (f"Birch District Council saves {OTHER}.", "Birch District Council saves £315,000."),
        (f"Both councils save {OTHER}.", "Both councils save £315,000 (BDC’s share)."),
        (f"ACC and BDC save {OTHER}.", "ACC and BDC save £315,000 (BDC’s share)."),
        (f"ACC saves {OWN}, BDC {OTHER}.", "ACC saves £314,000, BDC £315,000."),
        (f"For both councils it is {JOINT}.", "For both councils it is £629,000."),
        (f"BDC gains. It is {OTHER}.", "BDC gains. It is £315,000 (BDC’s share)."),
        ("{posts.in-post.phrase} helps. {posts.in-post.phrase} stays.", "One joint post helps. One joint post stays."),
        ("See {ref:savings}. {ref:savings} says so.", "See table 4. Table 4 says so."),
        ("Net is {savings.2019-20.joint.net}.", "Net is not known."),
    ],
)
def test_a_sum_prints_its_scope_unless_the_sentence_makes_it_plain(narrator, written, printed):
    (paragraph,) = narrator.read(written, "Money")
    assert paragraph.text == printed


def test_unknown_name_is_shown_and_remembered_with_its_section(narrator):
    (paragraph,) = narrator.read("It is {savings.nowhere} and {ref:nothing}.", "Money")
    assert paragraph.text == "It is [unknown figure: savings.nowhere] and [unknown figure: ref:nothing]."
    assert [(row.name, row.section) for row in narrator.unknown] == [
        ("savings.nowhere", "Money"),
        ("ref:nothing", "Money"),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src="https://evil.example/x" onerror=alert(1)>',
        "[x](javascript:alert(1))",
        "[x](//evil.example)",
        "[x](data:text/html,x)",
        "[x](#nowhere)",
        "![x](https://evil.example/x.png)",
        "<style>body{display:none}</style>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_no_markup_and_no_strange_address_passes(narrator, hostile):
    markup = "".join(block.markup for block in narrator.read(hostile, "Money"))
    assert "<script" not in markup
    assert "<img" not in markup
    assert "<style" not in markup
    assert 'href="javascript' not in markup
    assert [address for address in ("//evil.example", "#nowhere", "data:") if f'href="{address}' in markup] == []


def test_emphasis_links_and_lists_pass(narrator):
    text, listing = narrator.read(
        "A **b** *c* [d](https://e.example).\n\n1. One\n2. {posts.in-post.phrase}\n   - deep", "x"
    )
    assert text.markup == 'A <strong>b</strong> <em>c</em> <a href="https://e.example">d</a>.'
    assert isinstance(listing, ListBlock)
    assert listing.style == "letters"
    first, second = listing.items
    assert [block.text for block in first] == ["One"]
    assert isinstance(second[0], Paragraph)
    assert second[0].text == "One joint post"
    assert second[1].style == "bullets"


def test_a_name_with_marks_of_markdown_prints_as_it_is(world):
    make_post(partnership=world.partnership, title="Head of *IT* & [web]_<b>")
    found = facts(world.partnership, DAY)
    (paragraph,) = Narrator(figures(found), found.councils).read("We have {posts.permanent.titles}.", "x")
    assert paragraph.text == "We have Head of *IT* & [web]_<b>."
    assert paragraph.markup == "We have Head of *IT* &amp; [web]_&lt;b&gt;."


def test_small_words():
    assert [in_number_words(number) for number in (0, 1, 9, 10)] == ["no", "one", "nine", "10"]
    assert [ordinal(number) for number in (1, 11, 22, 103)] == ["first", "11th", "22nd", "103rd"]
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "none",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert large_sum(1_500_000) == "£1.5 million"
    assert large_sum(805_000) == "£805,000"
    assert large_sum(13_000_001, currency="EUR") == "€13,000,001"
    assert large_sum(None) == ""
    assert capitalised("éa B") == "Éa B"
