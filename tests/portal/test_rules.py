"""The rules R1, R2 and R4 to R6, of posts, cases and decisions: for each, a case that breaks it and one that keeps."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from business_cases import workflow as cases
from business_cases.adoption import in_the_way
from business_cases.models import CaseApproval, ServiceArrangement
from joint_posts.models import JointPost
from joint_posts.posts import workflow as posts
from partnership.governance.effects import effects_in
from partnership.models import Body, Condition, Council, Decision, Meeting, Party, Resolution
from partnership.records import workflow
from tests.factories import (
    change,
    keep,
    make_case,
    make_case_commitment,
    make_commitment,
)
from tests.two_partnerships import refused

pytestmark = pytest.mark.django_db
DAY = date(2019, 5, 1)
APPOINTED_BY_COMMITTEE = "In this partnership a joint committee appoints permanent chief officers. Choose its decision."


def officer(world):
    return {"by": world.people["officer.alder"], "reason": "Trying the rule"}


def resolved(world, council=None, kind="executive", *, on=date(2019, 4, 1), meets=True, standing="agreed", **facts):
    """A resolution of a council's own body, or of a joint one; nothing can call it in, so that it holds at once."""
    own = {"partnership": world.ours.partnership, "council": council, "kind": kind}
    body = Body.objects.filter(**own).first() or keep(Body(**own, name=kind.capitalize()))
    meeting = Meeting.objects.filter(body=body, held_on=on).first()
    if meets and meeting is None:
        meeting = keep(Meeting(body=body, held_on=on, access="public"))
    decision = keep(
        Decision(body=body, meeting=meeting, decided_on=on, title="Case", is_subject_to_call_in=False, **facts)
    )
    since = {} if standing == "agreed" else {"stands_since": on}
    return keep(Resolution(decision=decision, number=1, text="That it be adopted", standing=standing, **since))


def ready_case(world, *, without=()):
    """A case that lacks nothing but what is named: an answer, the committee, or a council's approval."""
    change(world.ours.partnership, service_case_body="joint committee")
    case = make_case(partnership=world.ours.partnership, stage="well advanced")
    objective = make_commitment(
        partnership=world.ours.partnership, kind="objective", number=1, adopted_on=date(2018, 10, 23)
    )
    for commitment, name in ((world.ours.commitment, "principle"), (objective, "objective")):
        if name not in without:
            make_case_commitment(case=case, commitment=commitment)
    approvals = {"committee": (None, "joint committee"), "alder": (world.alder, "executive")}
    for name, (council, kind) in (approvals | {"birch": (world.birch, "executive")}).items():
        if name not in without:
            keep(CaseApproval(case=case, resolution=resolved(world, council, kind)))
    return case


def adopt(world, case, on=DAY):
    return cases.move_case(case, stage="adopted", from_on=on, **officer(world))


# --- R1 No service is shared for good without an adopted business case ---


def test_r1_formal_shared_service_needs_an_adopted_case(world):
    def start(case, **more):
        own = {"kind": "collaboration", "service": "Legal services", "formality": "formal", "business_case": case}
        return cases.start_arrangement(world.ours.partnership, **own, **officer(world), **more)

    sentence = "A formal shared service needs a business case that every council adopted."
    case = ready_case(world)
    for unready in (None, case):
        with refused("business_case", sentence):
            start(unready)
    adopt(world, case)
    assert start(case).formality == "formal"
    informal = {"kind": "collaboration", "service": "Advice", "formality": "informal"}
    assert cases.start_arrangement(world.ours.partnership, **informal, **officer(world)).business_case is None


def test_r1_change_to_formal_needs_it_too(world):
    row = keep(ServiceArrangement(partnership=world.ours.partnership, kind="collaboration", service="Audit"))
    with refused("business_case", "A formal shared service needs a business case that every council adopted."):
        workflow.change(row, formality="formal", **officer(world))


@pytest.mark.parametrize("stage", ["adopted", "implemented"])
def test_r1_case_is_not_opened_as_adopted(world, stage):
    with refused("stage", "Open the case as it was before. It is adopted when every council approved."):
        cases.open_case(world.ours.partnership, title="HR", stage=stage, from_on=DAY, **officer(world))


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("birch", "BDC has not approved it yet."),
        ("alder", "ACC has not approved it yet."),
    ],
)
def test_r1_case_is_adopted_when_every_council_approved(world, missing, sentence):
    case = ready_case(world, without=[missing])
    with refused("stage", sentence):
        adopt(world, case)


def test_r1_third_council_must_approve_too(world):
    party = Party(partnership=world.ours.partnership, council=world.cedar, position=3)
    keep(party)
    case = ready_case(world)
    with refused("stage", "CDX has not approved it yet."):
        adopt(world, case)


def test_r1_refused_approval_is_none(world):
    case = ready_case(world, without=["birch"])
    keep(CaseApproval(case=case, resolution=resolved(world, world.birch, standing="refused")))
    with refused("stage", "The approval by BDC has no effect on 1 May 2019: it falls: refused at BDC Executive."):
        adopt(world, case)


def test_r1_scrutiny_approves_no_case(world):
    case = make_case(partnership=world.ours.partnership)
    with pytest.raises(ValidationError) as caught:
        keep(CaseApproval(case=case, resolution=resolved(world, world.alder, "scrutiny")))
    assert caught.value.message_dict == {
        "resolution": ["Choose a resolution of an executive, a full council or the joint committee."]
    }


# --- R2 A case serves an objective and answers every principle ---


def test_r2_case_that_leaves_a_principle_unanswered_is_not_adopted(world):
    case = ready_case(world, without=["principle"])
    with refused("stage", "It does not say yet how it respects principle 1."):
        adopt(world, case)


def test_r2_case_that_serves_no_objective_is_not_adopted(world):
    case = ready_case(world, without=["objective"])
    with refused("stage", "It serves no objective yet."):
        adopt(world, case)


def test_r2_case_that_lacks_nothing_is_adopted(world):
    assert adopt(world, ready_case(world)).stage == "adopted"


def test_r2_one_objective_is_enough_and_what_is_adopted_later_is_not_asked(world):
    """A second objective need not be served, nor a principle respected that is adopted the day after."""
    case = ready_case(world)
    own = {"partnership": world.ours.partnership, "number": 2}
    make_commitment(**own, kind="objective", adopted_on=DAY)
    make_commitment(**own, kind="principle", adopted_on=date(2019, 5, 2))
    assert adopt(world, case).stage == "adopted"


def test_r2_every_principle_unanswered_is_named(world):
    case = ready_case(world, without=["principle"])
    make_commitment(partnership=world.ours.partnership, kind="principle", number=2, adopted_on=DAY)
    make_commitment(partnership=world.theirs.partnership, kind="principle", number=3, adopted_on=DAY)
    with refused("stage", "It does not say yet how it respects principles 1, 2."):
        adopt(world, case)


# --- R4 A post has one home council ---


def test_r4_post_is_filled_under_one_home_council(world):
    filling = {"appointment": "interim", "from_on": DAY, "officer_consulted_on": date(2019, 4, 1)}
    post = world.ours.posts["agreed"]
    with refused("home_council", "Choose the council that employs the officer."):
        posts.appoint(post, **filling, **officer(world))
    with refused("home_council", "Choose a council that is party to the partnership on that day."):
        posts.appoint(post, home_council=world.cedar, **filling, **officer(world))
    assert posts.appoint(post, home_council=world.birch, **filling, **officer(world)).home_council == world.birch
    assert [field.name for field in JointPost._meta.fields if field.related_model is Council] == ["home_council"]


# --- R5 The joint committee meets for chief officers and shared services ---


def test_r5_shared_service_goes_to_a_meeting_of_the_joint_committee(world):
    case = ready_case(world, without=["committee"])
    with refused("stage", "No meeting of the joint committee has agreed it yet."):
        adopt(world, case)


@pytest.mark.parametrize(("on", "is_in_time"), [(DAY, True), (date(2019, 5, 2), False)])
def test_r5_committee_has_met_by_the_day_of_adoption(world, on, is_in_time):
    case = ready_case(world, without=["committee"])
    keep(CaseApproval(case=case, resolution=resolved(world, None, "joint committee", on=on)))
    found = in_the_way(case, DAY)
    assert found == ([] if is_in_time else ["No meeting of the joint committee has agreed it yet."])


def test_r5_decision_outside_a_meeting_is_not_enough(world):
    case = ready_case(world, without=["committee"])
    keep(CaseApproval(case=case, resolution=resolved(world, None, "joint committee", meets=False)))
    with refused("stage", "No meeting of the joint committee has agreed it yet."):
        adopt(world, case)


def test_r5_project_team_needs_no_joint_committee(world):
    case = ready_case(world, without=["committee"])
    change(case, kind="programme")
    assert adopt(world, case).stage == "adopted"


def test_r5_permanent_chief_officer_is_appointed_by_the_joint_committee(world):
    change(world.ours.partnership, appointing_body="joint committee")
    post = change(world.ours.posts["agreed"], tier="chief officer")
    filling = {"from_on": DAY, "officer_consulted_on": date(2019, 4, 1), "home_council": world.alder}

    def appoint(decision, appointment="permanent"):
        fresh = JointPost.objects.get(pk=post.pk)
        return posts.appoint(fresh, appointment=appointment, appointed_by=decision, **filling, **officer(world))

    for decision, sentence in (
        (None, APPOINTED_BY_COMMITTEE),
        (
            resolved(world, world.alder).decision,
            "Choose a decision that the joint committee took at a meeting.",
        ),
        (
            resolved(world, None, "joint committee", meets=False).decision,
            "Choose a decision that the joint committee took at a meeting.",
        ),
        (
            resolved(world, None, "joint committee", on=date(2019, 5, 2)).decision,
            "Joint committee must have decided before the appointment begins.",
        ),
    ):
        with refused("appointed_by", sentence):
            appoint(decision)
    committee = resolved(world, None, "joint committee", on=date(2019, 4, 30)).decision
    assert appoint(committee).appointed_by == committee


def test_r5_permanent_chief_officer_is_appointed_by_each_councils_own_body(world):
    change(world.ours.partnership, appointing_body="each council")
    post = change(world.ours.posts["agreed"], tier="chief officer")
    filling = {"from_on": DAY, "officer_consulted_on": date(2019, 4, 1), "home_council": world.alder}

    def appoint(decision):
        fresh = JointPost.objects.get(pk=post.pk)
        facts = {"appointment": "permanent", "appointed_by": decision}
        return posts.appoint(fresh, **facts, **filling, **officer(world))

    sentence = "In this partnership each council’s own body appoints permanent chief officers. Choose its decision."
    with refused("appointed_by", sentence):
        appoint(None)
    joint = resolved(world, None, "joint committee").decision
    with refused("appointed_by", "Choose a decision that a council’s own body took at a meeting."):
        appoint(joint)
    own = resolved(world, world.alder, "full council").decision
    assert appoint(own).appointed_by == own


def test_r5_permanent_chief_officer_without_a_rule_needs_no_decision(world):
    post = change(world.ours.posts["agreed"], tier="chief officer")
    filling = {"from_on": DAY, "officer_consulted_on": date(2019, 4, 1), "home_council": world.alder}
    post = JointPost.objects.get(pk=post.pk)
    filled = posts.appoint(post, appointment="permanent", **filling, **officer(world))
    assert (filled.status, filled.appointment, filled.appointed_by) == ("in post", "permanent", None)


def test_r5_shared_service_needs_no_committee_where_no_rule_is_said(world):
    case = ready_case(world, without=["committee"])
    change(case.partnership, service_case_body="")
    assert adopt(world, case).stage == "adopted"


def test_r5_interim_cover_becomes_permanent_only_by_the_joint_committee(world):
    change(world.ours.partnership, appointing_body="joint committee")
    change(world.ours.posts["in post"], tier="chief officer")
    post = JointPost.objects.get(pk=world.ours.posts["in post"].pk)
    with refused("appointed_by", APPOINTED_BY_COMMITTEE):
        posts.make_permanent(post, from_on=DAY, **officer(world))
    committee = resolved(world, None, "joint committee").decision
    post = JointPost.objects.get(pk=post.pk)
    assert posts.make_permanent(post, from_on=DAY, appointed_by=committee, **officer(world)).appointment == "permanent"


# --- R6 What is subject to another council waits for it ---


def test_r6_decision_subject_to_another_council_waits_for_it(world):
    ours = resolved(world, world.alder)
    theirs = resolved(world, world.birch, on=date(2019, 4, 23))
    condition = keep(Condition(resolution=ours, body=theirs.decision.body))
    assert effects_in(world.ours.partnership)[ours.pk].words == "Waits for agreement by BDC Executive"
    change(condition, answered_by=theirs)
    assert effects_in(world.ours.partnership)[ours.pk].on == date(2019, 4, 23)


def test_r6_approval_that_waits_adopts_no_case(world):
    case = ready_case(world)
    own = case.approvals.get(resolution__decision__body__council=world.alder).resolution
    other = keep(Body(partnership=world.ours.partnership, council=world.birch, kind="full council", name="Council"))
    keep(Condition(resolution=own, body=other))
    with refused("stage", "The approval by ACC has no effect on 1 May 2019: it waits for agreement by BDC Council."):
        adopt(world, case)
