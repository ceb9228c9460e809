"""The life of a joint post: appointed by the book, titled and ended in order, its cost shared in full."""

from datetime import date
from decimal import Decimal

import pytest

from joint_posts.costs import workflow as costs_workflow
from joint_posts.models import CostShare, JointPost, PostStep
from joint_posts.posts import workflow as posts_workflow
from partnership.models import Agreement
from partnership.records.record import recording
from tests.factories import change
from tests.filled_registers import everything
from tests.portal.test_rules import APPOINTED_BY_COMMITTEE
from tests.two_partnerships import DAY, denied, refused

pytestmark = pytest.mark.django_db

WHY = "A good reason"
CONSULTED = date(2019, 2, 1)


@pytest.fixture
def officer(world):
    return {"by": world.people["officer.alder"], "reason": WHY}


@pytest.fixture
def pay_officer(world):
    return {"by": world.people["pay_officer.alder"], "reason": WHY}


def steps(post):
    return [(step.from_on, step.title, step.status, step.appointment) for step in PostStep.objects.filter(post=post)]


def present(post):
    post = JointPost.objects.get(pk=post.pk)
    return post.title, post.status, post.appointment, post.started_on


def test_life_of_a_post(world, officer):
    ours = world.ours
    post = posts_workflow.enter_post(
        ours.partnership, title="Head of IT", from_on=date(2019, 1, 1), agreement=ours.agreement, **officer
    )
    posts_workflow.agree_post(post, from_on=date(2019, 1, 15), **officer)
    posts_workflow.appoint(
        post,
        appointment="interim",
        from_on=date(2019, 2, 1),
        officer_consulted_on=date(2019, 1, 20),
        home_council=world.birch,
        **officer,
    )
    posts_workflow.make_permanent(post, from_on=date(2019, 3, 1), **officer)
    posts_workflow.retitle(post, title="Head of Digital", from_on=date(2019, 4, 1), **officer)
    posts_workflow.become_vacant(post, from_on=date(2019, 5, 1), **officer)
    posts_workflow.refill(
        post, appointment="permanent", from_on=date(2019, 6, 1), officer_consulted_on=date(2019, 5, 20), **officer
    )
    assert present(post) == ("Head of Digital", "in post", "permanent", date(2019, 6, 1))
    posts_workflow.end_post(post, ended_on=date(2019, 6, 30), **officer)
    assert steps(post) == [
        (date(2019, 1, 1), "Head of IT", "proposed", "not stated"),
        (date(2019, 1, 15), "Head of IT", "agreed", "not stated"),
        (date(2019, 2, 1), "Head of IT", "in post", "interim"),
        (date(2019, 3, 1), "Head of IT", "in post", "permanent"),
        (date(2019, 4, 1), "Head of Digital", "in post", "permanent"),
        (date(2019, 5, 1), "Head of Digital", "vacant", "not stated"),
        (date(2019, 6, 1), "Head of Digital", "in post", "permanent"),
        (date(2019, 7, 1), "Head of Digital", "ended", "permanent"),
    ]
    ended = JointPost.objects.get(pk=post.pk)
    assert (ended.status, ended.ended_on, ended.end_reason) == ("ended", date(2019, 6, 30), WHY)


def test_every_step_keeps_how_exactly_its_day_is_known_and_a_note(world, officer):
    known = {"precision": "month"} | officer
    fill = {"appointment": "interim", "officer_consulted_on": date(2019, 1, 20), "home_council": world.birch}
    given = {"title": "Head of IT", "agreement": world.ours.agreement, "tier": "head of service"}
    post = posts_workflow.enter_post(world.ours.partnership, from_on=date(2019, 1, 1), note="entered", **given, **known)
    assert (post.tier, post.agreement, post.appointment) == ("head of service", world.ours.agreement, "not stated")
    posts_workflow.agree_post(post, from_on=date(2019, 2, 1), note="agreed", **known)
    posts_workflow.appoint(post, from_on=date(2019, 3, 1), note="filled", **fill, **known)
    assert (post.started_on, post.started_precision) == (date(2019, 3, 1), "month")
    posts_workflow.make_permanent(post, from_on=date(2019, 4, 1), note="permanent", **known)
    posts_workflow.retitle(post, title=" Lead ", from_on=date(2019, 5, 1), note="title", **known)
    posts_workflow.become_vacant(post, from_on=date(2019, 6, 1), note="vacant", **known)
    assert (post.started_on, post.started_precision) == (None, "day")
    posts_workflow.refill(post, from_on=date(2019, 7, 1), note="again", **fill, **known)
    posts_workflow.end_post(post, ended_on=date(2019, 7, 1), note="ended", **officer)
    notes = ("entered", "agreed", "filled", "permanent", "title", "vacant", "again", "ended")
    kept = PostStep.objects.filter(post=post).values_list("note", "from_precision", "title")
    assert list(kept) == [
        (note, "day" if note == "ended" else "month", "Lead" if place > 3 else "Head of IT")
        for place, note in enumerate(notes)
    ]


def test_post_entered_as_filled_has_stood_so_since_then(world, officer):
    left_open = dict.fromkeys(("officer_consulted_on", "home_council"), "Review, March 2019")
    given = {"title": "Head of IT", "status": "in post", "appointment": "interim", "agreement": world.ours.agreement}
    post = posts_workflow.enter_post(
        world.ours.partnership, from_on=DAY, precision="by", not_stated=left_open, **given, **officer
    )
    assert present(post) == ("Head of IT", "in post", "interim", DAY)
    assert (post.started_precision, post.not_stated) == ("by", left_open)


def appoint(world, officer, **facts):
    given = {"appointment": "permanent", "from_on": DAY, "officer_consulted_on": CONSULTED, "home_council": world.alder}
    return posts_workflow.appoint(world.ours.posts["agreed"], **(given | facts), **officer)


def test_appointment_needs_the_officer_consulted(world, officer):
    with refused("officer_consulted_on", "Enter when the officer was consulted; section 113(1) requires it."):
        appoint(world, officer, officer_consulted_on=None)


def test_officer_is_consulted_before_the_appointment(world, officer):
    with refused("officer_consulted_on", "The officer must have been consulted before the appointment begins."):
        appoint(world, officer, officer_consulted_on=date(2019, 3, 17))


def test_appointment_in_a_month_may_follow_a_consultation_in_it(world, officer):
    post = appoint(world, officer, officer_consulted_on=date(2019, 3, 20), precision="month")
    assert (post.status, post.started_precision) == ("in post", "month")


def test_appointment_needs_a_home_council(world, officer):
    with refused("home_council", "Choose the council that employs the officer."):
        appoint(world, officer, home_council=None)


def test_home_council_is_a_party(world, officer):
    with refused("home_council", "Choose a council that is party to the partnership on that day."):
        appoint(world, officer, home_council=world.cedar)


def test_appointment_needs_an_agreement(world, officer):
    post = world.ours.posts["agreed"]
    post.agreement = None
    with refused("agreement", "Choose the agreement under which the officer works for the other councils."):
        appoint(world, officer)


def test_agreement_is_of_the_same_partnership(world, officer):
    with refused("agreement", "Choose an agreement of the same partnership."):
        appoint(world, officer, agreement=world.theirs.agreement)


@pytest.mark.parametrize("facts", [{"commenced_on": date(2019, 3, 17)}, {"expires_on": date(2019, 3, 15)}])
def test_agreement_is_in_force_on_the_day(world, officer, facts):
    with recording(by=officer["by"], reason=WHY):
        other = Agreement(
            partnership=world.ours.partnership, title="Other", covers="Any", **facts
        ).full_clean_and_save()
    with refused("agreement", "This agreement is not in force on 16 March 2019."):
        appoint(world, officer, agreement=other)


def test_facts_the_source_leaves_open_do_not_stop_an_appointment(world, officer):
    open_facts = dict.fromkeys(("officer_consulted_on", "home_council"), "Review, March 2019")
    post = appoint(world, officer, officer_consulted_on=None, home_council=None, not_stated=open_facts)
    assert (post.status, post.not_stated) == ("in post", open_facts)


def test_the_next_holder_is_consulted_too(world, officer):
    """A consultation that a source left open says nothing of the next officer."""
    left_open = {"officer_consulted_on": "Review, March 2019"}
    post = appoint(world, officer, officer_consulted_on=None, not_stated=left_open)
    posts_workflow.become_vacant(post, from_on=DAY, **officer)
    with refused("officer_consulted_on", "Enter when the officer was consulted; section 113(1) requires it."):
        posts_workflow.refill(post, appointment="interim", from_on=DAY, **officer)


@pytest.mark.parametrize(
    ("verb", "status", "sentence"),
    [
        ("agree_post", "in post", "A post that is in post cannot become agreed, not yet in post."),
        ("become_vacant", "agreed", "A post that is agreed, not yet in post cannot become vacant."),
        ("become_vacant", "ended", "A post that is ended cannot become vacant."),
        ("make_permanent", "vacant", "Only the appointment to a post that is filled can be made permanent."),
    ],
)
def test_post_only_goes_where_its_status_leads(world, officer, verb, status, sentence):
    with refused("", sentence):
        getattr(posts_workflow, verb)(world.ours.posts[status], from_on=DAY, **officer)


def test_only_a_vacant_post_is_refilled(world, officer):
    with refused("", "Only a vacant post can be filled again."):
        posts_workflow.refill(world.ours.posts["agreed"], appointment="interim", from_on=DAY, **officer)


def test_proposed_post_is_agreed_before_it_is_filled(world, officer):
    with refused("", "A post that is proposed cannot become in post."):
        posts_workflow.appoint(world.ours.posts["proposed"], appointment="interim", from_on=DAY, **officer)


def test_permanent_appointment_is_not_made_permanent_again(world, officer):
    post = posts_workflow.make_permanent(world.ours.posts["in post"], from_on=DAY, **officer)
    with refused("", "The appointment is permanent already."):
        posts_workflow.make_permanent(post, from_on=DAY, **officer)


def test_steps_do_not_go_back(world, officer):
    with refused("from_on", "Enter a day that is not before 1 March 2019, when the last step was recorded."):
        posts_workflow.retitle(world.ours.posts["in post"], title="Other", from_on=date(2019, 2, 28), **officer)


def test_title_changes_to_another(world, officer):
    with refused("title", "That is the title already."):
        posts_workflow.retitle(world.ours.posts["agreed"], title="Post agreed ", from_on=DAY, **officer)


def test_ended_post_keeps_its_title(world, officer):
    with refused("", "The post has ended; its title stays as it was."):
        posts_workflow.retitle(world.ours.posts["ended"], title="Other", from_on=DAY, **officer)


def test_post_does_not_end_before_it_started(world, officer):
    with refused("ended_on", "Enter an end that is not before the start of the post, 1 March 2019."):
        posts_workflow.end_post(world.ours.posts["in post"], ended_on=date(2019, 2, 28), **officer)


def test_post_does_not_end_before_its_last_step(world, officer):
    post = posts_workflow.retitle(world.ours.posts["in post"], title="Other", from_on=date(2019, 4, 1), **officer)
    with refused("ended_on", "Enter a day that is not before 1 April 2019, when the last step was recorded."):
        posts_workflow.end_post(post, ended_on=date(2019, 3, 30), **officer)
    assert posts_workflow.end_post(post, ended_on=date(2019, 3, 31), **officer).status == "ended"


def test_who_keeps_no_posts_is_not_told_how_one_stands(world):
    reader = {"by": world.people["pwg_member.alder"], "reason": WHY}
    with denied("Your roles do not let you enter and change joint posts, services and business cases."):
        posts_workflow.refill(world.ours.posts["agreed"], appointment="interim", from_on=DAY, **reader)


def test_source_may_leave_open_who_appointed_a_chief_officer(world, officer):
    post = world.ours.posts["agreed"]
    left_open = {"appointed_by": "Review, March 2019"}
    post.tier = "chief officer"
    change(post.partnership, appointing_body="joint committee")
    with refused("appointed_by", APPOINTED_BY_COMMITTEE):
        appoint(world, officer)
    assert appoint(world, officer, not_stated=left_open).not_stated == left_open


def test_post_entered_as_filled_needs_what_an_appointment_needs(world, officer):
    with refused("home_council", "Choose the council that employs the officer."):
        posts_workflow.enter_post(
            world.ours.partnership,
            title="Head of IT",
            status="in post",
            from_on=DAY,
            agreement=world.ours.agreement,
            officer_consulted_on=CONSULTED,
            **officer,
        )


# --- What a post costs and how it is shared ------------------------------------------------------------------------


def set_share(world, pay_officer, **facts):
    return costs_workflow.set_share(world.ours.posts["in post"], from_on=DAY, **facts, **pay_officer)


def shares(cost_share):
    rows = cost_share.council_shares.active()
    return [(row.council.short_name, row.percent, row.baseline_cost) for row in rows]


def test_share_is_set_and_set_again_on_the_same_day(world, pay_officer):
    half = (Decimal(50), Decimal(60000))
    first = set_share(world, pay_officer, salary=Decimal(90000), shares={world.alder: half, world.birch: half})
    again = set_share(
        world,
        pay_officer,
        salary=Decimal(90000),
        standing="agreed",
        shares={world.alder: (Decimal("66.667"), Decimal(0)), world.birch: (Decimal("33.333"), None)},
    )
    assert (again.pk, again.standing, CostShare.objects.count()) == (first.pk, "agreed", 1)
    assert shares(again) == [("ACC", Decimal("66.667"), Decimal(0)), ("BDC", Decimal("33.333"), None)]


def test_share_of_another_post_is_not_changed(world, pay_officer):
    stranger = {"by": world.people["stranger"], "reason": WHY}
    theirs = costs_workflow.set_share(world.theirs.posts["in post"], from_on=DAY, salary=Decimal(7), **stranger)
    with refused("", "This cost share belongs to another post."):
        set_share(world, pay_officer, cost_share=theirs)


def test_share_may_be_open_and_opened_again(world, pay_officer):
    half = (Decimal(50), None)
    set_share(world, pay_officer, shares={world.alder: half, world.birch: half})
    opened = set_share(world, pay_officer, note="Not yet settled")
    assert shares(opened) == []
    assert {(row.withdrawn_on, row.withdrawn_reason) for row in opened.council_shares.all()} == {(DAY, WHY)}


def test_share_keeps_what_it_costs_from_which_day_and_what_is_left_open(world, pay_officer):
    cost = {"salary": Decimal(90000), "on_costs_percent": Decimal(25), "note": "Grade 12", "precision": "month"}
    row = set_share(world, pay_officer, standing="agreed", **cost)
    assert (row.salary, row.on_costs_percent, row.on_costs_amount, row.note) == (90000, 25, None, "Grade 12")
    assert (row.from_on, row.from_precision, row.standing, row.annual_cost()) == (DAY, "month", "agreed", 112500)
    moved = costs_workflow.set_share(
        row.post, from_on=date(2019, 4, 1), on_costs_amount=Decimal(500), cost_share=row, **pay_officer
    )
    assert (moved.pk, moved.from_on, moved.salary, moved.on_costs_amount) == (row.pk, date(2019, 4, 1), None, 500)
    assert (moved.from_precision, moved.standing, moved.note) == ("day", "provisional", "")


def test_same_share_again_writes_nothing(world, pay_officer):
    facts = {"salary": Decimal(90000), "shares": {world.alder: (Decimal(40), None), world.birch: (Decimal(60), None)}}
    set_share(world, pay_officer, **facts)
    before = everything()
    set_share(world, pay_officer, **facts)
    assert everything() == before


@pytest.mark.parametrize(("alder", "birch", "total"), [("50", "49.999", "99.999"), ("60", "60", "120")])
def test_shares_total_one_hundred(world, pay_officer, alder, birch, total):
    given = {world.alder: (Decimal(alder), None), world.birch: (Decimal(birch), None)}
    with refused("percent_total", f"The shares total {total} percent. They must total 100."):
        set_share(world, pay_officer, shares=given)


def test_every_party_has_a_share(world, pay_officer):
    with refused("percent_bdc", "Enter the share of Birch District, 0 if it pays nothing."):
        set_share(world, pay_officer, shares={world.alder: (Decimal(100), None)})


def test_stranger_has_no_share(world, pay_officer):
    given = {world.alder: (Decimal(50), None), world.birch: (Decimal(40), None), world.cedar: (Decimal(10), None)}
    with refused("percent_cdx", "Cedar District is not party to the partnership on that day."):
        set_share(world, pay_officer, shares=given)


def test_share_is_not_negative(world, pay_officer):
    given = {world.alder: (Decimal(-1), None), world.birch: (Decimal(100), None)}
    with refused("percent_acc", "Enter a share between 0 and 100 percent."):
        set_share(world, pay_officer, shares=given)


def test_set_share_refuses_a_negative_baseline_at_its_field(world, pay_officer):
    given = {world.alder: (Decimal(50), Decimal(-1)), world.birch: (Decimal(50), None)}
    with refused("baseline_acc", "Enter a baseline of £0 or more."):
        set_share(world, pay_officer, shares=given)


def test_on_costs_are_in_percent_or_in_pounds(world, pay_officer):
    with refused("__all__", "Enter on-costs in percent or in pounds, not both."):
        set_share(world, pay_officer, on_costs_percent=Decimal(25), on_costs_amount=Decimal(1000))
