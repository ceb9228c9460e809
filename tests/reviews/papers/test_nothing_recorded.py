"""Sentences about all of something: nothing recorded is said as such, and never as "every one is met"."""

import itertools
import re
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from partnership.records.as_at import AsAt
from reviews.dashboards.build import draw_board
from reviews.facts.councils import notice_words
from reviews.facts.dashboard import steering_facts
from reviews.papers.document import build
from tests.factories import (
    make_agreement,
    make_assessment,
    make_commitment,
    make_council,
    make_membership,
    make_partnership,
    make_post,
    make_review,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
ON = date(2019, 3, 16)


@pytest.fixture
def partnership():
    return make_partnership(councils=[make_council(short_name=name) for name in ("A", "B", "C")])


def commitments(partnership, *titles):
    return [
        make_commitment(partnership=partnership, kind="principle", number=number, short_title=title)
        for number, title in enumerate(titles, start=1)
    ]


def not_met(partnership, ratings=()):
    """Return what the list of principles and objectives not met says, with these ratings."""
    review = make_review(partnership=partnership)
    make_section(review=review, narrative="{list:commitments-not-met}\n\n{principles.summary}")
    for commitment, rating in ratings:
        make_assessment(review=review, commitment=commitment, rating=rating, commentary="Why.")
    document = build(review, None)
    blocks = []
    for section in document.sections:
        blocks += section.blocks
    rows = []
    for block in blocks:
        rows += texts(block)
    return rows


def texts(block):
    block = getattr(block, "block", block)
    if hasattr(block, "items"):
        rows = []
        for item in block.items:
            rows.append(" ".join(itertools.chain.from_iterable(map(texts, item))))
        return rows
    return [block.text]


def headlines(partnership):
    steering = steering_facts(partnership, ON, None, has_working_papers=True)
    found = draw_board(steering, AsAt(ON), None).headlines
    shown = []
    for row in found:
        shown.append("".join(piece.text for piece in row.pieces))
    return shown


def test_paper_without_principles_says_that_none_is_recorded(partnership):
    assert not_met(partnership) == ["No principle or objective is recorded.", "No principle recorded"]


def test_paper_with_nothing_rated_says_so(partnership):
    commitments(partnership, "Trust", "Staffing")
    assert not_met(partnership)[0] == "No principle or objective is rated yet."


def test_paper_lists_unrated_principles_apart_from_those_not_met(partnership):
    trust, staffing, _ = commitments(partnership, "Trust", "Staffing", "Cost")
    assert not_met(partnership, [(trust, "met"), (staffing, "at risk")])[:2] == [
        "Principle 2, Staffing – at risk. Why.",
        "Not yet rated: principle 3, Cost.",
    ]


def test_paper_with_every_rated_principle_met_names_those_not_rated(partnership):
    trust, _ = commitments(partnership, "Trust", "Staffing")
    assert not_met(partnership, [(trust, "met")])[:2] == [
        "Every principle and objective that is rated is met.",
        "Not yet rated: principle 2, Staffing.",
    ]


def test_paper_with_every_principle_met_says_so(partnership):
    (trust,) = commitments(partnership, "Trust")
    assert not_met(partnership, [(trust, "met")]) == [
        "Every principle and objective is met.",
        "1 of 1 principle met",
    ]


def test_board_of_an_empty_partnership_claims_nothing(partnership):
    assert headlines(partnership) == [
        "Savings for 2018/19, all three councils: not recorded",
        "0 joint posts in post",
        "No principle in force is recorded",
        "No objective in force is recorded",
        "No open business case is recorded",
        "No date to keep is recorded",
    ]


def test_board_with_unrated_principles_says_that_they_are_not_rated(partnership):
    trust, _ = commitments(partnership, "Trust", "Staffing")
    assert headlines(partnership)[2] == "2 principles, none rated yet"
    make_assessment(review=make_review(partnership=partnership), commitment=trust, rating="met")
    assert headlines(partnership)[2] == "1 of 2 principles met; 1 not yet rated"


def test_first_steps_counts_every_step_it_lists(client, partnership):
    user = make_user()
    make_membership(user=user, council=partnership.parties.first().council)
    client.force_login(user)
    page = client.get(reverse("first_steps"))
    assert page.context["total"] == len(page.context["steps"]) == 8
    assert page.context["unknown"] == sum(not step["is_known"] for step in page.context["steps"])
    assert f"{page.context['done']} of 8 done" in " ".join(page.content.decode().split())


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "not recorded"),
        ({"not_stated": {"notice_months": "Report of 2018"}}, "not stated"),
        ({"notice_months": 0}, "0 months"),
        ({"notice_months": 1}, "1 month"),
        ({"notice_months": 6}, "6 months"),
    ],
)
def test_notice_of_an_agreement_is_said_alike_on_page_and_board(client, partnership, facts, words):
    user = make_user()
    make_membership(user=user, council=partnership.parties.first().council)
    agreement = make_agreement(partnership=partnership, commenced_on=date(2018, 10, 1), **facts)
    assert notice_words(agreement) == words
    steering = steering_facts(partnership, ON, None, has_working_papers=True)
    (row,) = draw_board(steering, AsAt(ON), None).grids["agreements"].rows
    assert row["cells"][1]["text"] == words.capitalize()
    if "notice_months" not in facts:
        client.force_login(user)
        assert words.capitalize() in client.get(agreement.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("status", "look", "words"),
    [
        ("proposed", "outline", "Not in post"),
        ("agreed", "outline", "Not in post"),
        ("vacant", "outline", "Not in post"),
        ("in post", "solid", "Running"),
    ],
)
def test_timeline_draws_a_post_as_its_key_says(partnership, status, look, words):
    make_post(partnership=partnership, status=status, from_on=date(2019, 1, 1))
    steering = steering_facts(partnership, ON, None, has_working_papers=True)
    timeline = draw_board(steering, AsAt(ON), None).timeline
    (track,) = timeline.drawn
    assert [span.look for span in track.spans] == [look]
    picture = render_to_string("reviews/papers/timeline.html", {"timeline": timeline, "anchor": "timeline"})
    found = re.findall(r'fill="([^"]+)"[^>]*/>\s*<text[^>]*>([^<]+)</text>', picture)
    key = {words: fill for fill, words in found}
    (bar,) = re.findall(rf'<rect x="{track.spans[0].x}" y="{track.bar_y}"[^>]* fill="([^"]+)"', picture)
    assert key[words] == bar
