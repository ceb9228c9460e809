"""The rules R3 and R7 to R16, about figures and papers: for each, a case that breaks it and one that keeps it."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from business_cases.models import CaseCost
from joint_posts.models import JointPost, Saving, SavingPost
from joint_posts.savings import workflow as posts
from partnership.models import Body, Decision, Meeting
from reviews.facts import facts, review_facts
from reviews.facts.value_for_money import better_off, payback
from reviews.models import AgendaItem, Audience, Review
from reviews.papers.checks.gaps import gaps
from reviews.papers.document import build, compose
from tests.factories import (
    change,
    keep,
    make_assessment,
    make_case,
    make_commitment,
    make_line,
    make_post,
    make_review,
    make_saving,
    make_section,
)
from tests.filled_registers import everything
from tests.portal.test_rules import DAY, officer, resolved

pytestmark = pytest.mark.django_db
YEAR = "2019/20"


def ledger(world):
    return facts(world.ours.partnership, date(2019, 6, 1)).savings


# --- R3 Each council by itself is no worse off ---


def test_r3_council_that_pays_is_flagged_though_together_they_save(world):
    saving = make_saving(partnership=world.ours.partnership)
    make_line(saving=saving, council=world.alder, estimated=90_000)
    make_line(saving=saving, council=world.birch, estimated=-1_000)
    found = ledger(world)
    tests = [better_off(found, council, YEAR) for council in found.councils]
    assert [(row.council.short_name, row.verdict, row.is_flagged) for row in tests] == [
        ("ACC", "saves", False),
        ("BDC", "costs", True),
    ]
    assert found.total(YEAR, "estimated").pounds == Decimal(89_000)


def test_r3_neutral_is_no_worse(world):
    make_line(saving=make_saving(partnership=world.ours.partnership), council=world.birch, estimated=0)
    found = ledger(world)
    assert [better_off(found, council, YEAR).verdict for council in found.councils] == ["not known", "neutral"]


# --- R7 to R9 What no total contains ---


def test_r7_estimate_of_a_proposal_is_in_no_total(world):
    make_case(partnership=world.ours.partnership, estimated_saving=Decimal(630_000))
    make_line(saving=make_saving(partnership=world.ours.partnership), council=world.alder, estimated=5, forecast=4)
    found = facts(world.ours.partnership, date(2019, 6, 1))
    assert [row.estimated_saving for row in found.pipeline] == [Decimal(630_000)]
    totals = [found.savings.total(YEAR, figure).pounds for figure in ("estimated", "forecast", "delivered")]
    assert totals == [Decimal(5), Decimal(4), None]


def test_r8_cost_avoidance_stands_on_a_line_of_its_own(world):
    make_line(saving=make_saving(partnership=world.ours.partnership), council=world.alder, estimated=300)
    avoided = make_saving(partnership=world.ours.partnership, title="Not hired", benefit_type="cost avoidance")
    make_line(saving=avoided, council=world.birch, estimated=20)
    make_section(review=world.ours.review, narrative="{table:savings}")
    change(world.ours.review, financial_year=YEAR, as_at=date(2019, 6, 1))
    (table,) = build(world.ours.review, None).tables
    said = {}
    for row in table.rows:
        said[row.cells[0].text] = [cell.text for cell in row.cells[1:]]
    assert said["Cost avoidance, 2019/20: Not hired"] == ["not recorded", "£20", "outside the total"]
    assert ledger(world).total(YEAR, "estimated").pounds == Decimal(300)


def test_r9_shared_attribution_names_who_counts_the_rest(world):
    own = {"partnership": world.ours.partnership, "title": "IT", "category": "services", "benefit_type": "cashable"}
    half = {"basis": "Contract", "identified_on": DAY, "attributed_percent": Decimal(40)}
    with pytest.raises(ValidationError) as caught:
        keep(Saving(**own, **half))
    assert caught.value.messages == ["Name the other programme when the partnership counts less than 100 percent."]
    saving = keep(Saving(**own, **half, shared_with_programme="Transformation"))
    make_line(saving=saving, council=world.alder, estimated=1_000)
    assert ledger(world).total(YEAR, "estimated").pounds == Decimal(400)


def test_r9_saving_of_a_post_is_counted_once(world):
    first = world.ours.saving
    second = make_saving(partnership=world.ours.partnership, title="Again")
    posts.set_line(first, world.alder, YEAR, estimated=5, **officer(world))
    posts.set_line(second, world.alder, YEAR, estimated=5, **officer(world))
    before = everything()
    with pytest.raises(ValidationError) as caught:
        posts.link_post(SavingPost(saving=second, post=world.ours.posts["in post"]), **officer(world))
    assert caught.value.message_dict == {
        "post": ["Post in post already counts for Alder County in 2019/20, in the saving “Shared posts”."]
    }
    assert everything() == before


# --- R10 A project team pays for itself ---


@pytest.mark.parametrize(
    ("saved", "verdict", "is_flagged"),
    [
        (None, "no saving is linked to it yet", True),
        (49_999, "does not pay for itself", True),
        (50_000, "does not pay for itself", True),
        (50_001, "pays for itself", False),
    ],
)
def test_r10_project_team_saves_more_than_it_costs(world, saved, verdict, is_flagged):
    team = make_case(partnership=world.ours.partnership, kind="programme")
    for council, amount in ((world.alder, 30_000), (world.birch, 20_000)):
        keep(CaseCost(case=team, council=council, financial_year=YEAR, amount=amount, funding_source="Reserve"))
    if saved is not None:
        saving = make_saving(partnership=world.ours.partnership, business_case=team)
        make_line(saving=saving, council=world.alder, estimated=saved)
        make_line(saving=saving, council=world.birch, estimated=0)
    found = facts(world.ours.partnership, date(2019, 6, 1))
    (case,) = found.cases
    result = payback(case, found.savings)
    assert (result.verdict, result.is_flagged) == (verdict, is_flagged)


# --- R11 Ratings are held against what was adopted ---


def test_r11_review_rates_what_was_in_force_on_its_day(world):
    old = world.ours.commitment
    later = make_commitment(partnership=world.ours.partnership, number=2, adopted_on=date(2019, 3, 17))
    make_assessment(review=world.ours.review, commitment=old, rating="met")
    make_assessment(review=world.ours.review, commitment=later, rating="met")
    assert [row.commitment.number for row in review_facts(world.ours.review).ratings] == [1]
    day_after = review_facts(world.ours.review, as_at=date(2019, 3, 17))
    assert [row.commitment.number for row in day_after.ratings] == [1, 2]


# --- R12, R13 What is not for everybody ---


def test_r12_exempt_text_is_in_no_public_edition_and_leaves_no_gap(world):
    review = make_review(partnership=world.ours.partnership, title="Paper")
    held = {"publication_class": "exempt", "public_title": "A note", "exempt_paragraph": 1, "level": 9}
    for heading, more in (("One", {}), ("Secret", held), ("Three", {"level": 9})):
        make_section(review=review, heading=heading, narrative=f"Text of {heading}.", **more)
    paper = compose(review_facts(review), Audience.PUBLIC)
    assert [(row.label, row.heading) for row in paper.sections] == [
        ("1", "One"),
        ("Appendix 1", "A note"),
        ("Appendix 2", "Three"),
    ]
    assert "Secret" not in repr(paper)


def test_r13_working_groups_papers_are_for_its_members(world):
    group = change(world.ours.body, meets_in_public=False)
    private = keep(Meeting(body=group, held_on=DAY, access="private"))
    decision = keep(Decision(body=group, meeting=private, decided_on=DAY, title="Advice"))
    item = keep(AgendaItem(meeting=private, review=world.ours.review))
    rows = (private, decision, item, world.ours.review)
    seen = {}
    for role in ("pwg_member", "councillor"):
        seen[role] = [
            type(row).objects.visible_to(world.people[f"{role}.alder"]).filter(pk=row.pk).exists() for row in rows
        ]
    assert seen == {"pwg_member": [True] * 4, "councillor": [False] * 4}
    with pytest.raises(ValidationError) as caught:
        keep(Meeting(body=group, held_on=date(2019, 6, 1), access="public"))
    assert caught.value.message_dict == {"access": ["This body meets in private."]}
    assert JointPost.objects.visible_to(world.people["councillor.alder"]).exists()


# --- R14 to R16 What papers say of themselves ---


@pytest.mark.parametrize(
    ("started", "as_at", "said"),
    [
        (date(2018, 10, 1), date(2019, 3, 10), "just over five months"),
        (date(2018, 10, 1), date(2019, 3, 16), "just under six months"),
        (date(2018, 10, 1), date(2019, 4, 1), "six months"),
        (None, date(2019, 4, 1), "a time that is not stated"),
    ],
)
def test_r14_length_of_operation_is_worked_out_from_the_start(world, started, as_at, said):
    change(world.ours.partnership, started_on=started)
    change(world.ours.review, as_at=as_at)
    make_section(review=world.ours.review, heading="Length", narrative="In operation for {partnership.operation}.")
    paper = build(Review.objects.get(pk=world.ours.review.pk), None)
    (length,) = [row for row in paper.sections if row.heading == "Length"]
    assert [block.text for block in length.blocks] == [f"In operation for {said}."]
    assert paper.as_at == f"{as_at.day} {as_at:%B %Y}"


def test_r15_annual_report_goes_to_a_public_meeting_of_the_joint_committee(world):
    change(world.ours.partnership, annual_report_body="joint committee")
    review = make_review(partnership=world.ours.partnership, kind="annual", title="Annual")

    def lacking():
        return [row.sentence for row in gaps(review_facts(review), frozenset()) if row.kind == "annual-report"]

    sentence = "No public meeting of the joint committee takes this annual report yet. Take it to one."
    assert lacking() == [sentence]
    resolved(world, world.alder)
    executive = Meeting.objects.get(body__kind="executive")
    committee = keep(Body(partnership=world.ours.partnership, kind="joint committee", name="Joint committee"))
    private = keep(Meeting(body=committee, held_on=DAY, access="private"))
    for meeting in (executive, private):
        keep(AgendaItem(meeting=meeting, review=review))
    assert lacking() == [sentence]
    public = keep(Meeting(body=committee, held_on=date(2019, 6, 3), access="public"))
    keep(AgendaItem(meeting=public, review=review))
    assert lacking() == []
    change(public, cancelled_on=date(2019, 6, 1), cancel_reason="No business")
    assert lacking() == [sentence]


def test_r15_annual_report_goes_to_each_councils_body_under_its_rules(world):
    change(world.ours.partnership, annual_report_body="each council")
    review = make_review(partnership=world.ours.partnership, kind="annual", title="Annual")

    def found():
        rows = gaps(review_facts(review), frozenset())
        return [(row.sentence, row.is_blocking) for row in rows if row.kind == "annual-report"]

    def take_to(council):
        body = keep(Body(partnership=world.ours.partnership, council=council, kind="executive", name="Executive"))
        meeting = keep(Meeting(body=body, held_on=DAY, access="public"))
        keep(AgendaItem(meeting=meeting, review=review))

    sentence = "No public meeting of {} takes this annual report yet. Take it to one of each."
    assert found() == [(sentence.format("ACC and BDC"), True)]
    take_to(world.alder)
    assert found() == [(sentence.format("BDC"), True)]
    take_to(world.birch)
    assert found() == []


def test_r15_annual_report_is_advised_on_where_no_rule_is_said(world):
    review = make_review(partnership=world.ours.partnership, kind="annual", title="Annual")
    rows = [row for row in gaps(review_facts(review), frozenset()) if row.kind == "annual-report"]
    assert [(row.sentence, row.is_blocking) for row in rows] == [
        (
            "No meeting takes this annual report yet, and the partnership has not said who considers it. Enter the"
            " meeting, or say on the partnership’s page which body it is.",
            False,
        )
    ]


def test_r15_other_reviews_need_not(world):
    found = gaps(review_facts(world.ours.review), frozenset())
    assert [row for row in found if row.kind == "annual-report"] == []


def test_r16_figure_that_rests_on_interim_posts_says_so(world):
    settled = make_post(partnership=world.ours.partnership, title="Head of Law")
    interim = make_post(partnership=world.ours.partnership, title="Monitoring Officer", appointment="interim")
    for title, behind in (("Shared posts now", [settled, interim]), ("Settled", [settled])):
        saving = make_saving(partnership=world.ours.partnership, title=title, posts=behind)
        make_line(saving=saving, council=world.alder, estimated=10)
    make_section(review=world.ours.review, narrative="{table:savings}")
    change(world.ours.review, financial_year=YEAR, as_at=date(2019, 6, 1))
    (table,) = build(Review.objects.get(pk=world.ours.review.pk), None).tables
    assert [note for note in table.notes if "assumes" in note] == [
        "Shared posts now: this assumes that interim appointments go on (Monitoring Officer)."
    ]
