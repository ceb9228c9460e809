"""Test what a review holds and what a board says of ratings, of days and of worth, worked by hand."""

import json
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from business_cases.models import CaseCost
from partnership.models import Council, Meeting, TerminationNotice, User
from reviews.facts import facts, review_facts
from reviews.facts.dashboard import steering_facts
from reviews.facts.ratings import editions_by, published_ratings, rating_words, reviews_by, standing_ratings, trend
from reviews.facts.reading import Reader
from reviews.facts.value_for_money import better_off, payback, verified_share
from reviews.models import AgendaItem, Edition
from tests.factories import (
    change,
    keep,
    make_agreement,
    make_arrangement,
    make_assessment,
    make_body,
    make_case,
    make_commitment,
    make_council,
    make_line,
    make_option,
    make_partnership,
    make_post,
    make_post_step,
    make_recommendation,
    make_review,
    make_saving,
    make_section,
    make_swot_item,
    make_user,
    withdraw,
)

pytestmark = pytest.mark.django_db
DAY = date(2019, 3, 16)
YEAR = "2019/20"


@pytest.fixture
def world():
    """Alder and Birch, and a principle."""
    alder, birch = (make_council(short_name=name) for name in ("ACC", "BDC"))
    partnership = make_partnership(councils=[alder, birch])
    principle = make_commitment(partnership=partnership, number=1, adopted_on=date(2018, 10, 1))
    return SimpleNamespace(alder=alder, birch=birch, partnership=partnership, principle=principle)


def test_row_is_read_by_its_number_alone(world):
    found = Reader(world.partnership.pk, None).numbered(Council, [world.birch.pk, world.birch.pk])
    assert found == {world.birch.pk: world.birch}


# --- What a review holds ----------------------------------------------------------------------------------------------


def test_body_withdrawn_since_stands_on_its_papers_with_its_initials(world):
    cabinet = make_body(partnership=world.partnership, name="Cabinet", short_name="", council=world.alder)
    group = make_body(partnership=world.partnership, name="Joint group", short_name="")
    papers = [make_review(partnership=world.partnership, body=body) for body in (cabinet, group)]
    before = [review_facts(paper).body for paper in papers]
    assert [body.name for body in before] == ["ACC Cabinet", "Joint group"]
    for body in (cabinet, group):
        withdraw(body, DAY)
    assert [review_facts(paper).body for paper in papers] == before


def test_draft_of_the_covers_stands_apart_from_the_sections(world):
    review = make_review(partnership=world.partnership)
    for key, level, position in (("purpose", 20, 300), ("b", 2, 200), ("a", 1, 100)):
        make_section(review=review, key=key, level=level, position=position)
    found = review_facts(review)
    assert [section.key for section in found.sections] == ["a", "b"]
    assert [section.key for section in found.cover_sections] == ["purpose"]


def test_what_a_review_weighs_stands_in_its_order(world):
    review = make_review(partnership=world.partnership)
    for position, title in ((2, "Stop"), (1, "Go on")):
        make_option(review=review, title=title, position=position)
        make_swot_item(review=review, kind="threat", text=title, position=position)
        make_recommendation(review=review, text=title, position=position)
    make_swot_item(review=review, kind="strength", text="Trust", position=9)
    found = review_facts(review)
    assert [option.title for option in found.options] == ["Go on", "Stop"]
    assert [item.text for item in found.swot] == ["Trust", "Go on", "Stop"]
    assert [row.text for row in found.recommendations] == ["Go on", "Stop"]


def test_rating_before_is_that_of_the_last_review_before(world):
    for month, rating in ((12, "at risk"), (1, "not met")):
        on = date(2018 if month > 1 else 2019, month, 1)
        make_assessment(
            review=make_review(partnership=world.partnership, as_at=on), commitment=world.principle, rating=rating
        )
    later = make_review(partnership=world.partnership, as_at=date(2019, 4, 1))
    make_assessment(review=later, commitment=world.principle, rating="met")
    (rating,) = review_facts(make_review(partnership=world.partnership)).ratings
    assert (rating.words, rating.before) == ("not rated", "not met")


def test_meetings_of_a_review_are_those_not_called_off_earliest_first(world):
    review = make_review(partnership=world.partnership)
    committee = make_body(partnership=world.partnership, name="Committee", kind="joint committee")
    for held_on, access, called_off in ((5, "public", None), (4, "private", None), (3, "public", DAY)):
        meeting = Meeting(body=committee, held_on=date(2019, held_on, 1), access=access)
        meeting.cancelled_on = called_off
        meeting.cancel_reason = "No business" if called_off else ""
        keep(AgendaItem(meeting=keep(meeting), review=review))
    taking = review_facts(review).meetings
    assert [(one.body_kind, one.held_on.month, one.is_public_joint_committee) for one in taking] == [
        ("joint committee", 4, False),
        ("joint committee", 5, True),
    ]


# --- What a board says of ratings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rating", "before", "words"),
    [
        ("met", "at risk", "better"),
        ("at risk", "underway", "worse"),
        ("met", "met", "unchanged"),
        ("met", "", "first rating"),
        ("too soon to say", "met", "no longer judged"),
        ("met", "too soon to say", "judged for the first time"),
        ("not rated", "met", ""),
    ],
)
def test_rating_says_which_way_it_went(rating, before, words):
    assert trend(rating, before) == words


def test_principle_has_its_latest_rating_by_the_day_and_the_one_before(world):
    """Whatever was recorded first; one of a later review, or of what is no longer asked for, is none."""
    unrated = make_commitment(partnership=world.partnership, number=2, adopted_on=date(2018, 10, 1))
    for title, as_at, rating in (
        ("March", DAY, "at risk"),
        ("December", date(2018, 12, 1), "met"),
        ("April", date(2019, 4, 1), "not met"),
    ):
        review = make_review(partnership=world.partnership, title=title, as_at=as_at)
        make_assessment(review=review, commitment=world.principle, rating=rating, commentary=f"Said in {title}")
    read = Reader(world.partnership.pk, None)
    reviews = reviews_by(read, DAY)
    assert [review.title for review in reviews] == ["December", "March"]
    one, other = standing_ratings(read, reviews, facts(world.partnership, DAY).commitments)
    assert (one.words, one.before_words, one.trend, one.is_in_danger) == ("At risk", "Met", "worse", True)
    assert (one.commentary, one.review, one.rated_on) == ("Said in March", "March", DAY)
    assert (other.id, other.words, other.before_words, other.trend) == (unrated.id, "Not rated", "", "")
    assert (other.is_in_danger, other.review, other.rated_on) == (False, "", None)
    told = [steering_facts(world.partnership, DAY, None, has_working_papers=papers).ratings for papers in (True, False)]
    assert told == [(one, other), ()]
    assert [rating_words(rating) for rating in ("not rated", "underway")] == ["Not rated", "Underway"]


def published(review, on, rating, audience="public", replaces=None):
    """An edition that rates the first principle, of which no more is asked here."""
    rows = [{"kind": "principle", "number": 1, "title": "Fairness", "rating": rating}]
    again = {"number": 2, "replaces": replaces, "correction": "Wrong"} if replaces else {"number": 1}
    facts = json.dumps({"facts": {"ratings": rows}})
    by = User.objects.get(username="recorder")
    told = {"title": review.title, "kind": "Review", "slug": review.slug, "as_at": review.as_at, "facts": facts}
    at = datetime(*on, 12, tzinfo=UTC)
    return Edition.objects.create(review=review, audience=audience, published_at=at, published_by=by, **told | again)


def test_ratings_that_everybody_reads_are_those_of_the_last_public_edition(world):
    change(world.principle, short_title="Fairness")
    unrated = make_commitment(partnership=world.partnership, number=2, adopted_on=date(2018, 10, 1))
    december = make_review(partnership=world.partnership, title="December", as_at=date(2018, 12, 1))
    march = make_review(partnership=world.partnership, title="March", as_at=DAY)
    first = published(march, (2019, 4, 1), "At risk")
    published(march, (2019, 5, 1), "Met", replaces=first)
    published(march, (2019, 4, 1), "Not met", audience="members")
    published(december, (2019, 1, 1), "Underway")
    published(make_review(partnership=world.partnership, as_at=date(2019, 2, 1)), (2019, 2, 2), "not rated")
    published(make_review(partnership=world.partnership, as_at=date(2019, 3, 17)), (2019, 3, 17), "Not met")
    commitments = facts(world.partnership, DAY).commitments

    def told(known_at):
        editions = editions_by(Reader(world.partnership.pk, known_at), DAY)
        return [(row.id, row.words, row.before_words, row.review) for row in published_ratings(editions, commitments)]

    nothing = (unrated.id, "Not rated", "", "")
    known = [datetime(2019, month, 15, tzinfo=UTC) for month in (4, 1)]
    assert told(None) == [(world.principle.id, "Met", "Underway", "March"), nothing]
    assert told(known[0]) == [(world.principle.id, "At risk", "Underway", "March"), nothing]
    assert told(known[1]) == [(world.principle.id, "Underway", "", "December"), nothing]
    assert told(datetime(2018, 12, 31, tzinfo=UTC)) == []


# --- What a board says of days ----------------------------------------------------------------------------------------


def test_dates_that_nobody_may_miss(world):
    own = {"partnership": world.partnership}
    ends = {"expires_on": date(2020, 3, 31), "notice_months": 6, "review_due_on": date(2019, 9, 1)}
    agreement = make_agreement(**own, title="Section 113", **ends)
    notice = keep(TerminationNotice(agreement=agreement, given_by=world.alder, given_on=date(2019, 3, 1)))
    post = make_post(**own, title="Lead")
    make_post_step(post=post, from_on=date(2019, 5, 1), status="ended", title="Lead", appointment="permanent")
    expected = {"expected_on": date(2019, 6, 1), "expected_precision": "month"}
    case = make_case(**own, title="HR", **expected)
    _ = make_case(**own, stage="adopted", **expected)
    make_agreement(**own, title="Without an end", notice_months=3)
    review = make_review(**own, title="March", review_due_on=date(2019, 12, 1))
    found = steering_facts(world.partnership, DAY, None, has_working_papers=True)
    by_notice = "Last day of the agreement, by notice from ACC"
    agreed = ("Section 113", "agreement", agreement.id)
    expected = {
        f"jointpost-{post.id}-end": (
            "30 April 2019",
            "Last day of the joint post",
            "Lead",
            "jointpost",
            post.id,
            False,
        ),
        f"businesscase-{case.id}-expected": (
            *("June 2019", "Business case expected at the working group"),
            *("HR", "businesscase", case.id, True),
        ),
        f"agreement-{agreement.id}-notice-{notice.id}": ("1 September 2019", by_notice, *agreed, True),
        f"agreement-{agreement.id}-review": ("1 September 2019", "Review of the agreement", *agreed, True),
        f"agreement-{agreement.id}-notice": (
            *("30 September 2019", "Last day for notice before it expires"),
            *(*agreed, False),
        ),
        f"review-{review.id}-review": (
            *("1 December 2019", "Review to be looked at again"),
            *("March", "review", review.id, True),
        ),
        f"agreement-{agreement.id}-expiry": ("31 March 2020", "Last day of the agreement", *agreed, False),
    }
    told = {row.id: (row.when, row.what, row.whose, row.of, row.record_id, row.is_duty) for row in found.dates}
    assert told == expected
    assert list(told) == list(expected)
    assert [row.id for row in found.coming] == list(expected)[:4]
    assert [one.id for one in found.posts_ending] == [post.id]
    later = steering_facts(world.partnership, date(2019, 7, 1), None, has_working_papers=True)
    assert [row.id for row in later.overdue] == [f"businesscase-{case.id}-expected"]
    assert later.posts_ending == ()
    public = steering_facts(world.partnership, DAY, None, has_working_papers=False)
    assert [row.of for row in public.dates] == [row.of for row in found.dates if row.of != "review"]


@pytest.mark.parametrize(
    ("expires_on", "given_on", "words"),
    [
        (None, None, ""),
        (date(2020, 3, 31), None, "31 March 2020"),
        (None, date(2019, 3, 1), "1 September 2019, by notice from ACC"),
        (date(2020, 3, 31), date(2019, 3, 1), "1 September 2019, by notice from ACC"),
        (date(2019, 8, 1), date(2019, 3, 1), "1 August 2019"),
    ],
)
def test_agreement_ends_by_expiry_or_by_notice_whichever_comes_first(world, expires_on, given_on, words):
    agreement = make_agreement(partnership=world.partnership, expires_on=expires_on, notice_months=6)
    if given_on:
        keep(TerminationNotice(agreement=agreement, given_by=world.alder, given_on=given_on))
    assert [one.ends for one in facts(world.partnership, DAY).agreements] == [words]


@pytest.mark.parametrize(
    ("years", "spoken_of"),
    [
        ([], "2018/19"),
        (["2017/18"], "2017/18"),
        (["2017/18", "2018/19", "2019/20"], "2018/19"),
        (["2017/18", "2020/21", "2019/20"], "2017/18"),
        (["2016/17", "2020/21", "2019/20"], "2019/20"),
    ],
)
def test_board_leads_with_the_present_or_last_closed_year_else_the_next(world, years, spoken_of):
    for year in years:
        line = {"council": world.alder, "financial_year": year, "estimated": 5}
        make_line(saving=make_saving(partnership=world.partnership), **line)
    assert steering_facts(world.partnership, DAY, None, has_working_papers=True).year == spoken_of


def test_service_says_who_provides_it_to_whom_how_formally_and_since_when(world):
    both = {"provider": world.alder, "receiver": world.birch, "site": "Oak House"}
    given = {"started_on": date(2019, 1, 1), "started_precision": "month", "formality": "informal"}
    make_arrangement(partnership=world.partnership, kind="provision", service="Law", **both, **given)
    make_arrangement(partnership=world.partnership, kind="collaboration", service="IT", started_on=None)
    found = facts(world.partnership, DAY).services
    told = [(one.service, one.provider, one.receiver, one.formality, one.site, one.started) for one in found]
    assert told == [
        ("Law", "ACC", "BDC", "informal", "Oak House", "January 2019"),
        ("IT", "", "", "", "", "not recorded"),
    ]


# --- What savings are worth -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "verdict", "is_flagged"),
    [
        ({"estimated": 10, "cost_to_achieve": 9}, "saves", False),
        ({"estimated": 10, "cost_to_achieve": 10}, "neutral", False),
        ({"estimated": 10, "forecast": 9, "cost_to_achieve": 10}, "costs", True),
        ({"estimated": 10, "forecast": 12, "cost_to_achieve": 11}, "saves", False),
        ({"estimated": 10}, "saves", False),
        ({"cost_to_achieve": 5}, "not known", True),
    ],
)
def test_council_is_better_off_by_what_is_expected_less_its_own_cost(world, figures, verdict, is_flagged):
    saving = make_saving(partnership=world.partnership)
    make_line(saving=saving, council=world.alder, **figures)
    make_line(saving=saving, council=world.birch, estimated=1_000)
    ledger = facts(world.partnership, DAY).savings
    found = better_off(ledger, ledger.councils[0], YEAR)
    assert (found.verdict, found.is_flagged) == (verdict, is_flagged)


def test_share_that_is_verified_is_rounded_down(world):
    """199 of 200 pounds are 99.5 percent: 99. Of Birch nothing is delivered."""
    for delivered, verified_on in ((199, date(2019, 7, 1)), (1, None)):
        given = {"delivered": delivered, "delivered_to_on": date(2019, 6, 30), "verified_on": verified_on}
        given["verified_by"] = make_user() if verified_on else None
        make_line(saving=make_saving(partnership=world.partnership), council=world.alder, **given)
    ledger = facts(world.partnership, date(2019, 7, 1)).savings
    assert [verified_share(ledger, YEAR, council) for council in (*ledger.councils, None)] == [99, None, 99]


def test_case_pays_for_itself_by_the_cashable_savings_linked_to_it(world):
    """It costs Alder 100 and Birch 50; linked are 90 and 60 cashable, and 1,000 that are not, or of no year."""
    case, free = (make_case(partnership=world.partnership) for _ in range(2))
    linked = {"partnership": world.partnership, "business_case": case}
    for council, cost, saved in ((world.alder, 100, 90), (world.birch, 50, 60)):
        keep(CaseCost(case=case, council=council, financial_year=YEAR, amount=cost, funding_source="Reserves"))
        make_line(saving=make_saving(**linked), council=council, estimated=saved)
    make_line(saving=make_saving(**linked, benefit_type="cost avoidance"), council=world.alder, estimated=1_000)
    make_line(saving=make_saving(**linked), council=world.alder, estimated=1_000, financial_year="")
    make_line(saving=make_saving(partnership=world.partnership), council=world.alder, estimated=1_000)
    found = facts(world.partnership, DAY)
    cases = {row.id: row for row in found.cases}
    paying = cases[case.id]
    nothing = cases[free.id]
    alder, birch = found.savings.councils
    said = [payback(paying, found.savings, council) for council in (alder, birch, None)]
    assert [(str(one.cost), str(one.savings), one.verdict) for one in said] == [
        ("£100", "£90", "does not pay for itself"),
        ("£50", "£60", "pays for itself"),
        ("£150", "£150", "does not pay for itself"),
    ]
    assert [one.is_flagged for one in said] == [True, False, True]
    assert payback(nothing, found.savings) is None
