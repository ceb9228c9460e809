"""Rows of the two partnerships in the state that each action needs."""

from datetime import date

from business_cases.models import BusinessCase, CaseStep, ServiceArrangement
from joint_posts.models import CostShare, CouncilShare, SavingLine, Status
from partnership.models import (
    Action,
    AnnualReturn,
    Body,
    Comparator,
    Decision,
    Meeting,
    Referral,
    Resolution,
    SignificantPartnership,
)
from partnership.records.record import recording
from reviews.models import Recommendation
from tests.two_partnerships import DAY


def meeting_in(ours, by):
    with recording(by=by, reason="Set up"):
        return Meeting(body=ours.body, held_on=DAY, access="public").full_clean_and_save()


def body_of_alder(world, by):
    with recording(by=by, reason="Set up"):
        own = {"partnership": world.ours.partnership, "council": world.alder}
        return Body(**own, name="Cabinet", kind="executive").full_clean_and_save()


def decision_in(world, by, **facts):
    """A decision of Alder's executive with one resolution."""
    with recording(by=by, reason="Set up"):
        own = {"partnership": world.ours.partnership, "council": world.alder, "kind": "executive"}
        body = Body(**own, name="Cabinet").full_clean_and_save()
        world.alder.call_in_days = 5
        world.alder.full_clean_and_save()
        parts = dict.fromkeys(("reasons", "alternatives", "conflicts", "dispensations"), "None")
        decision = Decision(body=body, title="Review", decided_on=DAY, **parts, **facts).full_clean_and_save()
        Resolution(decision=decision, number=1, text="That it be noted").full_clean_and_save()
    return decision


def resolution_in(world, by):
    return decision_in(world, by).resolutions.get()


def recommendation_in(world, by):
    with recording(by=by, reason="Set up"):
        own = {"review": world.ours.review, "addressee": world.ours.body}
        return Recommendation(**own, position=1, verb="note", text="it.").full_clean_and_save()


def referral_in(world, by):
    return Referral(decision=decision_in(world, by), to_body=world.ours.body, asked_for="A view", referred_on=DAY)


def action_in(world, by, **facts):
    with recording(by=by, reason="Set up"):
        return Action(partnership=world.ours.partnership, title="Task", owner="Manager", **facts).full_clean_and_save()


def return_in(world, by, status="draft", **facts):
    """A return of Alder's and Birch's partnership; Alder's officer and auditor lead it, Birch's submitted it."""
    submitter = world.people["officer.birch"]
    when = {"submitted_by": submitter, "submitted_on": DAY} if status != "draft" else {}
    with recording(by=world.people["administrator.alder"], reason="Set up"):
        for council, lead in (
            (world.alder, "officer.alder"),
            (world.ours.partnership.parties.last().council, "auditor.alder"),
        ):
            entry = SignificantPartnership(partnership=world.ours.partnership, council=council)
            entry.lead_account = world.people[lead]
            entry.full_clean_and_save()
        parts = dict.fromkeys(("achievements", "governance_progress", "next_actions"), "Much")
        own = {"partnership": world.ours.partnership, "financial_year": "2018/19", "status": status}
        return AnnualReturn(**own, **parts, **when, **facts).full_clean_and_save()


CALLED_IN = {"published_on": DAY, "call_in_days": 5, "called_in_on": DAY, "call_in_reason": "Cost"}


def case_in(ours, by):
    with recording(by=by, reason="Set up"):
        case = BusinessCase(partnership=ours.partnership, title="Finance", stage="proposed").full_clean_and_save()
        CaseStep(case=case, stage="proposed", from_on=DAY).full_clean_and_save()
    return case


def arrangement_in(ours, by):
    with recording(by=by, reason="Set up"):
        return ServiceArrangement(
            partnership=ours.partnership, kind="co-location", service="Desks"
        ).full_clean_and_save()


def delivered_line(world, by):
    with recording(by=by, reason="Set up"):
        line = SavingLine(saving=world.ours.saving, council=world.alder, financial_year="2019/20", delivered=1)
        line.delivered_to_on = DAY
        line.figures_changed_by = world.people["officer.birch"]
        return line.full_clean_and_save()


def costed_post(world, by):
    """A post filled all year, shared in halves, with what each council's own post cost before."""
    with recording(by=by, reason="Set up"):
        post = world.ours.posts[Status.IN_POST]
        posts_own = CostShare(post=post, from_on=date(2019, 1, 1), salary=100).full_clean_and_save()
        for council in (world.alder, world.birch):
            CouncilShare(cost_share=posts_own, council=council, percent=50, baseline_cost=80).full_clean_and_save()
    return post


def aggregate(world, by):
    with recording(by=by, reason="Set up"):
        line = SavingLine(saving=world.ours.saving, council=world.alder, financial_year="2019/20", estimated=9)
        line.figures_changed_by = by
        line.full_clean_and_save()
    return {"saving": world.ours.saving, "parts": {world.ours.posts[Status.IN_POST]: {world.alder: 9}}, "on": DAY}


def renamed(saving):
    saving.title = "Shared senior posts"
    return saving


def comparator(world):
    return Comparator(partnership=world.ours.partnership, name="Elsewhere", source="A paper")
