"""Test what the proof names before a paper is published, and that a clean twin of it is left alone.

Numbers, councils and bodies here are none of the example's: a check that knew those would fail.
"""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from reviews.papers.checks import proof
from reviews.publishing import publish
from tests.factories import (
    change,
    make_assessment,
    make_commitment,
    make_comparator,
    make_membership,
    make_section,
    make_user,
)
from tests.proofed import make_whole_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A paper that lacks nothing."""
    return make_whole_paper()


def found_in(world, narrative):
    """Return what is found in a section of this text: (kind, words, blocks)."""
    section = make_section(review=world.review, narrative=narrative)
    return [
        (row.kind, row.words, row.is_blocking)
        for row in proof.findings(world.review, None)
        if row.section_id == section.pk
    ]


# The fault, what is named, whether it blocks; then a clean twin.
PROSE = [
    pytest.param(
        "Sharing has 47,100 already identified.",
        [("typed-money", "47,100", True)],
        "There are 47,100 residents, and sharing saves {savings.2020-21.ebc.estimated} for EBC.",
        id="X1 a typed sum without currency, council or year",
    ),
    pytest.param(
        "The year brings over {savings.2020-21.joint.estimated}.",
        [("rounded-figure", "over {savings.2020-21.joint.estimated}", False)],
        "The year brings {savings.2020-21.joint.estimated}.",
        id="X2 a figure rounded in words",
    ),
    pytest.param(
        "There are {savings.2020-21.joint.estimated} and {pipeline.joint.amount} to come.",
        [("ledger-and-pipeline", "savings and proposals", False)],
        "There are {savings.2020-21.joint.estimated}. Proposals come to {pipeline.joint.amount}.",
        id="X3 the ledger and the pipeline in one breath",
    ),
    pytest.param(
        "The panel agreed the plan in November 2020.",
        [("after-as-at", "November 2020", False)],
        "The panel agreed the plan in May 2020 and will meet again in November 2020.",
        id="X4 an event after the day of the paper",
    ),
    pytest.param(
        "Savings run ahead of this target.",
        [("no-target", "target", False)],
        "Savings run ahead of this estimate.",
        id="X5 and X6 an estimate called a target",
    ),
    pytest.param(
        "The Committee is asked to agree.",
        [("other-executive", "Committee", False)],
        "The Board is asked to agree, and so is the Fir Town Council Committee.",
        id="X7 another council's word",
    ),
    pytest.param(
        "The Head of Parks wrote this.",
        [("past-title", "Head of Parks", False)],
        "The Director of Places wrote this.",
        id="X8 and X9 a title of the past",
    ),
    pytest.param(
        "It is proposed that a yearly report is made.",
        [("proposal", "It is proposed that a yearly report is made.", False)],
        "It is proposed that a yearly report is made ({ref:recommendation:note-it}).",
        id="X10 a proposal that nobody decides",
    ),
    pytest.param(
        "Proposal: a yearly report.",
        [("proposal", "Proposal: a yearly report.", True)],
        "Proposal: a yearly report ({ref:recommendation:note-it}).",
        id="X10 a marked proposal blocks",
    ),
    pytest.param(
        "In summary the partnership has met the principles it set out.",
        [("ratings", "met the principles", False)],
        "In summary {principles.summary}; most of the principles are met.",
        id="X11 more than the ratings say",
    ),
    pytest.param(
        "It cannot be argued that any of the principles have been met.",
        [("ratings", "cannot be argued that any of the principles have been met", False)],
        "How far any of the principles have been met is another question.",
        id="X11 less than the ratings say",
    ),
    pytest.param(
        "In year savings realised.",
        [("savings-made", "In year savings realised", False)],
        "In year savings are expected to be realised.",
        id="X12 saved, with nothing delivered",
    ),
    pytest.param(
        "To date no permanent chief officer appointments were made.",
        [("appointments", "no permanent", False)],
        "To date no temporary chief officer appointments were made.",
        id="X14 none permanent",
    ),
    pytest.param(
        "The Treasurer is shared.",
        [("interim-post", "Treasurer", False)],
        "The interim Treasurer is shared.",
        id="X15 the interim left out",
    ),
    pytest.param(
        "They share {posts.in-post.phrase}, as table 3 shows.",
        [("typed-number", "table 3", False)],
        "They share {posts.in-post.phrase} under section 113, as the table shows.",
        id="X16 and X18 a typed number of a table",
    ),
    pytest.param(
        "They share five joint posts.",
        [("typed-count", "five joint posts", False)],
        "They share {posts.in-post.phrase}.",
        id="X16 a count that the registers deny",
    ),
    pytest.param(
        "| Post | Saving |\n| Clerk | none |",
        [("typed-table", "| Post | Saving |", False)],
        "A post | a saving.",
        id="X18 a table typed by hand",
    ),
    pytest.param("Threats:\n- \n- cost", [("empty-item", "-", False)], "Threats:\n- cost", id="X19 an empty point"),
    pytest.param(
        "Others made 26m since 2009.",
        [("typed-money", "26m", True)],
        "Others made {external: £26 million | their report of 2019 | since 2009}, in a 25m pool.",
        id="X20 no currency",
    ),
    pytest.param(
        "Others made {external: £26 million | their report}.",
        [("unknown-figure", "{external: £26 million | their report}", True)],
        "Others made {external: £26 million | their report | over 10 years}.",
        id="X20 no period",
    ),
    pytest.param(
        "Others made {external: 26m | their report | since 2009}.",
        [("external-currency", "26m", True)],
        "Others made {external: €26m | their report | since 2009}.",
        id="X20 an external figure without currency",
    ),
    pytest.param(
        "A service legal agreement was signed.",
        [("spelling", "service legal agreement", False)],
        "A service level agreement was signed.",
        id="X21 a term gone wrong",
    ),
    pytest.param(
        "The Joint Oversite Panel met with regard to to this.",
        [("doubled-word", "to to", False), ("nearly-a-name", "Joint Oversite Panel", False)],
        "The Joint Oversight Panel met; it had had to.",
        id="X22 a name nearly right and a word twice",
    ),
    pytest.param(
        "After ten months in operation it stands.",
        [("typed-age", "After ten months", False)],
        "After {partnership.operation} it stands.",
        id="X27 a length of operation that the dates deny",
    ),
    pytest.param(
        "It goes into the monthly/quarterly statements.",
        [("mixed-cycles", "monthly/quarterly", False)],
        "It goes into the quarterly statements and the annual report.",
        id="X28 two cycles of reporting mixed",
    ),
    pytest.param(
        "It met on 3/2/20 and again on June 4.",
        [("date-format", "3/2/20", False), ("date-format", "June 4", False)],
        "It met on 3 February 2020.",
        id="X29 dates in other forms",
    ),
    pytest.param(
        "Savings of one treasurer are identified.",
        [("status-word", "Savings of one treasurer are identified", False)],
        "Savings of one treasurer are estimated; further savings were identified.",
        id="X32 a status the register does not know",
    ),
    pytest.param(
        "They save {savings.2020-21.joint.estimate}.",
        [("unknown-figure", "{savings.2020-21.joint.estimate}", True)],
        "They save {savings.2020-21.joint.estimated}.",
        id="a name that nothing answers to",
    ),
]


@pytest.mark.parametrize(("fault", "named", "clean"), PROSE)
def test_prose_is_held_against_the_facts(world, fault, named, clean):
    assert found_in(world, fault) == named
    assert found_in(world, clean) == []


def test_claim_stands_once_something_is_delivered(world):
    change(world.lines[0], delivered=5_000, delivered_to_on=date(2020, 7, 1))
    assert found_in(world, "In year savings realised.") == []
    assert [kind for kind, *_ in found_in(world, "Savings were delivered in 2021/22.")] == ["savings-made"]


def test_ratings_may_be_claimed_once_all_are_met(world):
    change(world.ratings[2], rating="met")
    assert found_in(world, "The partnership has met the principles it set out.") == []


def test_other_councils_word_may_stand_in_a_joint_paper(world):
    change(world.review, body=world.panel)
    assert found_in(world, "The Committee and the Board are asked to agree.") == []


def test_place_is_the_paragraph_as_the_paper_numbers_it(world):
    make_section(review=world.review, narrative="A lead.\n\n- a\n- b\n\n{table:savings}\n\nIt costs £9.")
    places = [row.place for row in proof.findings(world.review, None) if row.kind == "typed-money"]
    assert places == ["Section 1, paragraph 2"]


def test_finding_leads_to_where_it_is_mended(world):
    section = make_section(review=world.review, narrative="It costs £9.")
    rating = make_assessment(
        review=world.review, commitment=make_commitment(partnership=world.partnership), commentary="It saves 9k."
    )
    yardstick = make_comparator(partnership=world.partnership, benefits="7m a year")
    make_section(review=world.review, narrative="{table:comparators}")
    links = {row.words: row.link for row in proof.findings(world.review, None) if row.kind == "typed-money"}
    assert links == {
        "£9": reverse("section_edit", args=[section.pk]),
        "9k": reverse("assessment_edit", args=[rating.pk]),
        "7m": reverse("comparator_edit", args=[yardstick.pk]),
    }


def test_figures_name_their_places_and_rows(world):
    make_section(
        review=world.review,
        narrative="{savings.2020-21.joint.estimated} is saved.\n\nYes, {savings.2020-21.joint.estimated}.",
    )
    (use,) = proof.proof_of(world.review, None).figures
    assert (use.figure.text, use.places) == ("£85,350", ("Section 1, paragraph 1", "Section 1, paragraph 2"))
    assert use.figure.rows == tuple(sorted(line.pk for line in world.lines))


def sign_in(client, world, role="officer"):
    """Somebody of Elm."""
    user = make_user()
    make_membership(user=user, council=world.elm, role=role)
    client.force_login(user)
    return user


def test_proof_page_tells_blocking_from_advisory(world, client):
    sign_in(client, world)
    make_section(review=world.review, narrative="It costs £9.")
    change(world.review, version_label="Draft 3")
    page = client.get(reverse("review_proof", args=[world.review.slug]))
    groups = []
    for _, kind, found in page.context["groups"]:
        groups.append((kind, [row["words"] for row in found]))
    assert groups == [("blocking", ["£9"]), ("advisory", ["Draft 3"])]


def test_words_of_a_section_are_shown_only_to_who_may_read_it(world, client):
    sign_in(client, world)
    text = "It costs £9.\n\nIt costs £8 and saves {savings.2020-21.joint.estimated}."
    make_section(review=world.review, narrative=text, publication_class="council", council=world.fir, level=9)
    page = client.get(reverse("review_proof", args=[world.review.slug]))
    blocking = [(row["place"], row["words"], row["link"], row["sentence"]) for row in page.context["groups"][0][2]]
    sentence = "Something in a section that you may not read."
    assert blocking == [("Appendix 1", "", "", sentence)]
    assert page.context["figures"] == []
    with pytest.raises(ValidationError) as refused:
        publish.check_publication(world.review, by=sign_in(client, world, "clerk"), at=timezone.now())
    assert refused.value.messages == ["2 things on the proof page stand in the way.", f"Appendix 1: {sentence}"]


def test_proof_page_is_not_for_who_reads_no_working_papers(world, client):
    sign_in(client, world, "councillor")
    assert client.get(reverse("review_proof", args=[world.review.slug])).status_code == 403


def test_next_draft_shows_what_changed_since_the_edition(world):
    make_section(review=world.review, narrative="They save {savings.2020-21.joint.estimated}.")
    before = proof.proof_of(world.review, timezone.now())
    change(world.lines[1], estimated=40_000)
    found = {row.name: (row.before, row.now) for row in proof.changes(before, proof.proof_of(world.review, None))}
    assert found["savings.2020-21.joint.estimated"] == ("£85,350", "£87,100")
    assert found["savings.2020-21.ftc.estimated"] == ("£38,250", "£40,000")
    assert "savings.2020-21.ebc.estimated" not in found
