"""Test who may perform each verb: everybody tries each, and those may whom tests/route_table.py lets in on its page."""

import copy
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from business_cases import workflow as cases
from business_cases.models import CaseCost
from joint_posts.costs import workflow as costs
from joint_posts.models import SavingPost, SavingsTarget, Status
from joint_posts.posts import workflow as posts
from joint_posts.savings import calculations
from joint_posts.savings import workflow as savings
from partnership.accounts import workflow as accounts
from partnership.financial_years import FinancialYear
from partnership.governance import workflow as governance
from partnership.models import (
    AgreementReview,
    AnnualReturn,
    Body,
    Council,
    Decision,
    Membership,
    Party,
    User,
)
from partnership.records import workflow as register
from partnership.records.record import recording
from partnership.significant import workflow as significant
from reviews.models import AgendaItem, Outcome
from reviews.papers import workflow as reviews
from reviews.papers.outcomes import workflow as outcomes
from tests.filled_registers import everything
from tests.matrix import rules
from tests.matrix_world import OWN, PARTNER, Person
from tests.two_partnerships import DAY, records, taken_back
from tests.verb_subjects import (
    CALLED_IN,
    action_in,
    aggregate,
    arrangement_in,
    body_of_alder,
    case_in,
    comparator,
    costed_post,
    decision_in,
    delivered_line,
    meeting_in,
    recommendation_in,
    referral_in,
    renamed,
    resolution_in,
    return_in,
)

pytestmark = pytest.mark.django_db

NEW = {"username": "new", "name": "New", "email": "", "password": "a long enough password", "role": "clerk"}
CONSULTED = {"officer_consulted_on": date(2019, 2, 1), "appointment": "permanent", "from_on": DAY}


def proposed_party(world, recorder):
    """A third council's place, to which nobody has consented."""
    elm = Council(name="Elm", short_name="ELM", tier="district")
    giver = User.objects.create(username="giver", name="Giver")
    with recording(by=recorder, reason="A good reason"):
        elm.full_clean_and_save()
        return Party(partnership=world.ours.partnership, council=elm, proposed_by=giver).full_clean_and_save()


def proposed(world):
    """A role in Alder that somebody outside gave, and that waits."""
    giver = User.objects.create(username="giver", name="Giver")
    role = Membership(user=world.people["officer.birch"], council=world.alder, role="auditor", from_on=DAY)
    role.proposed_by = giver
    with recording(by=giver, reason="Proposed"):
        return role.full_clean_and_save()


# The verb, the page of it in tests/route_table.py, which says who may, and one right use of it. `why` says who does it
# and for what reason.
VERBS = {
    "enter": ("comparator_create", lambda w, why: register.enter(comparator(w), **why)),
    "change": ("body_edit", lambda w, why: register.change(w.ours.body, purpose="To oversee", **why)),
    "hand_over": (
        "body_hand-over",
        lambda w, why: register.hand_over(body_of_alder(w, why["by"]), council=w.birch, **why),
    ),
    "withdraw": ("commitment_withdraw", lambda w, why: register.withdraw(w.ours.commitment, on=DAY, **why)),
    "found_partnership": (
        "partnership_create",
        lambda w, why: governance.found_partnership(name="New", slug="new", councils=[w.alder, w.birch], **why),
    ),
    "adopt_commitments": (
        "paste_commitments",
        lambda w, why: governance.adopt_commitments(
            w.ours.partnership, kind="objective", adopted_on=DAY, statements=[("Money", "Save it.")], **why
        ),
    ),
    "add_council": (
        "council_create",
        lambda w, why: governance.add_council(Council(name="Elm", short_name="ELM", tier="district"), on=DAY, **why),
    ),
    "add_person": (
        "new_person",
        lambda w, why: accounts.add_person(**NEW, council=w.alder, from_on=DAY, by=why["by"]),
    ),
    "give_role": (
        "membership_create",
        lambda w, why: accounts.give_role(
            w.people["officer.birch"], council=w.alder, role="auditor", from_on=DAY, **why
        ),
    ),
    "end_role": (
        "membership_end",
        lambda w, why: accounts.end_role(Membership.objects.get(user=w.people["clerk.alder"]), until_on=DAY, **why),
    ),
    "add_party": (
        "party_create",
        lambda w, why: governance.add_party(Party(partnership=w.ours.partnership, council=w.cedar), on=DAY, **why),
    ),
    "confirm_party": (
        "party_confirm",
        lambda w, why: governance.confirm_party(proposed_party(w, why["by"]), on=DAY, **why),
    ),
    "confirm_role": (
        "membership_confirm",
        lambda w, why: accounts.confirm_role(proposed(w), on=DAY, **why),
    ),
    "move_account": (
        "membership_move-account",
        lambda w, why: accounts.move_account(
            Membership.objects.get(user=w.people["clerk.alder"]), council=w.birch, on=DAY, **why
        ),
    ),
    "reset_sign_in": (
        "membership_reset-sign-in",
        lambda w, why: accounts.reset_sign_in(
            Membership.objects.get(user=w.people["clerk.alder"]), password="a long enough password", on=DAY, **why
        ),
    ),
    "end_agreement": ("agreement_end", lambda w, why: governance.end_agreement(w.ours.agreement, ended_on=DAY, **why)),
    "record_agreement_review": (
        "agreementreview_create",
        lambda w, why: governance.record_agreement_review(
            AgreementReview(agreement=w.ours.agreement, held_on=DAY, outcome="stands"), **why
        ),
    ),
    "call_off": ("meeting_call-off", lambda w, why: governance.call_off(meeting_in(w.ours, why["by"]), on=DAY, **why)),
    "record_decision": (
        "decision_create",
        lambda w, why: governance.record_decision(
            Decision(body=w.ours.body, title="Review", decided_on=DAY), resolutions=["To note"], **why
        ),
    ),
    "make_subject": (
        "condition_create",
        lambda w, why: governance.make_subject(resolution_in(w, why["by"]), to=w.ours.body, **why),
    ),
    "publish_decision": (
        "decision_publish",
        lambda w, why: governance.publish_decision(decision_in(w, why["by"]), on=DAY, **why),
    ),
    "call_in": (
        "decision_call-in",
        lambda w, why: governance.call_in(decision_in(w, why["by"], published_on=DAY, call_in_days=5), on=DAY, **why),
    ),
    "resolve_call_in": (
        "decision_resolve-call-in",
        lambda w, why: governance.resolve_call_in(
            decision_in(w, why["by"], **CALLED_IN), outcome="sent back", on=DAY, **why
        ),
    ),
    "refuse_resolution": (
        "resolution_refuse",
        lambda w, why: governance.refuse_resolution(resolution_in(w, why["by"]), on=DAY, **why),
    ),
    "lapse_resolution": (
        "resolution_lapse",
        lambda w, why: governance.lapse_resolution(resolution_in(w, why["by"]), on=DAY, **why),
    ),
    "refer_decision": ("referral_create", lambda w, why: governance.refer_decision(referral_in(w, why["by"]), **why)),
    "complete_action": (
        "action_complete",
        lambda w, why: governance.complete_action(action_in(w, why["by"]), on=DAY, evidence="Paper 7", **why),
    ),
    "reopen_action": (
        "action_reopen",
        lambda w, why: governance.reopen_action(action_in(w, why["by"], done_on=DAY, evidence="Paper 7"), **why),
    ),
    "begin_return": (
        "annualreturn_create",
        lambda w, why: significant.begin_return(
            AnnualReturn(partnership=w.ours.partnership, financial_year="2018/19"), **why
        ),
    ),
    "write_return": (
        "annualreturn_edit",
        lambda w, why: significant.write_return(return_in(w, why["by"]), achievements="More", **why),
    ),
    "submit_return": (
        "annualreturn_submit",
        lambda w, why: significant.submit_return(return_in(w, why["by"]), on=DAY, **why),
    ),
    "approve_return": (
        "annualreturn_approve",
        lambda w, why: significant.approve_return(return_in(w, why["by"], "submitted"), on=DAY, **why),
    ),
    "send_back_return": (
        "annualreturn_send-back",
        lambda w, why: significant.send_back_return(return_in(w, why["by"], "submitted"), **why),
    ),
    "open_case": (
        "businesscase_create",
        lambda w, why: cases.open_case(w.ours.partnership, title="HR", from_on=DAY, **why),
    ),
    "move_case": (
        "businesscase_move",
        lambda w, why: cases.move_case(case_in(w.ours, why["by"]), stage="commissioned", from_on=DAY, **why),
    ),
    "set_cost": (
        "casecost_create",
        lambda w, why: cases.set_cost(
            CaseCost(
                case=case_in(w.ours, why["by"]),
                council=w.alder,
                financial_year="2019/20",
                amount=5,
                funding_source="Service budget",
            ),
            **why,
        ),
    ),
    "start_arrangement": (
        "servicearrangement_create",
        lambda w, why: cases.start_arrangement(
            w.ours.partnership, kind="provision", service="Planning", provider=w.alder, receiver=w.birch, **why
        ),
    ),
    "end_arrangement": (
        "servicearrangement_end",
        lambda w, why: cases.end_arrangement(arrangement_in(w.ours, why["by"]), ended_on=DAY, **why),
    ),
    "enter_post": (
        "jointpost_create",
        lambda w, why: posts.enter_post(w.ours.partnership, title="A", from_on=DAY, **why),
    ),
    "agree_post": (
        "jointpost_agree",
        lambda w, why: posts.agree_post(w.ours.posts[Status.PROPOSED], from_on=DAY, **why),
    ),
    "appoint": (
        "jointpost_appoint",
        lambda w, why: posts.appoint(w.ours.posts[Status.AGREED], home_council=w.alder, **CONSULTED, **why),
    ),
    "refill": (
        "jointpost_refill",
        lambda w, why: posts.refill(w.ours.posts[Status.VACANT], home_council=w.alder, **CONSULTED, **why),
    ),
    "make_permanent": (
        "jointpost_make-permanent",
        lambda w, why: posts.make_permanent(w.ours.posts[Status.IN_POST], from_on=DAY, **why),
    ),
    "become_vacant": (
        "jointpost_become-vacant",
        lambda w, why: posts.become_vacant(w.ours.posts[Status.IN_POST], from_on=DAY, **why),
    ),
    "retitle": (
        "jointpost_retitle",
        lambda w, why: posts.retitle(w.ours.posts[Status.AGREED], title="B", from_on=DAY, **why),
    ),
    "change_employer": (
        "jointpost_change-employer",
        lambda w, why: posts.change_employer(w.ours.posts[Status.AGREED], council=w.alder, from_on=DAY, **why),
    ),
    "end_post": ("jointpost_end", lambda w, why: posts.end_post(w.ours.posts[Status.IN_POST], ended_on=DAY, **why)),
    "set_share": (
        "costshare_create",
        lambda w, why: costs.set_share(w.ours.posts[Status.IN_POST], from_on=DAY, salary=100, **why),
    ),
    "record_saving": (
        "saving_create",
        lambda w, why: savings.record_saving(
            w.ours.partnership,
            title="Paper",
            category="procurement",
            benefit_type="cashable",
            basis="Invoices",
            identified_on=DAY,
            **why,
        ),
    ),
    "set_line": (
        "savingline_create",
        lambda w, why: savings.set_line(w.ours.saving, w.alder, "2019/20", estimated=5, **why),
    ),
    "set_target": (
        "savingstarget_create",
        lambda w, why: savings.set_target(
            SavingsTarget(
                partnership=w.ours.partnership,
                council=w.alder,
                financial_year="2019/20",
                amount=5,
                set_on=DAY,
                source="Budget",
            ),
            **why,
        ),
    ),
    "put_into_ledger": (
        "jointpost_put-into-ledger",
        lambda w, why: calculations.put_into_ledger(costed_post(w, why["by"]), year=FinancialYear(2019), on=DAY, **why),
    ),
    "break_down": (
        "saving_break-down",
        lambda w, why: calculations.break_down(**aggregate(w, why["by"]), financial_year="2019/20", **why),
    ),
    "change_saving": ("saving_edit", lambda w, why: savings.change_saving(renamed(w.ours.saving), **why)),
    "link_post": (
        "savingpost_create",
        lambda w, why: savings.link_post(SavingPost(saving=w.ours.saving, post=w.ours.posts["vacant"]), **why),
    ),
    "verify_line": (
        "savingline_verify",
        lambda w, why: savings.verify_line(delivered_line(w, why["by"]), on=DAY, by=why["by"]),
    ),
    "verify_lines": (
        "savingline_verify",
        lambda w, why: savings.verify_lines([delivered_line(w, why["by"])], on=DAY, note=why["reason"], by=why["by"]),
    ),
    "start_review": (
        "review_create",
        lambda w, why: reviews.start_review(
            w.ours.partnership, kind="gateway", title="R", slug="r", body=w.ours.body, as_at=DAY, **why
        ),
    ),
    "take_to_meeting": (
        "agendaitem_create",
        lambda w, why: outcomes.take_to_meeting(
            AgendaItem(meeting=meeting_in(w.ours, why["by"]), review=w.ours.review), **why
        ),
    ),
    "record_outcome": (
        "outcome_create",
        lambda w, why: outcomes.record_outcome(
            Outcome(recommendation=recommendation_in(w, why["by"]), noted_on=DAY, standing="done", text="It is."), **why
        ),
    ),
    "add_section": (
        "section_create",
        lambda w, why: reviews.add_section(w.ours.review, key="x", level=9, heading="X", **why),
    ),
    "move_section": ("section_move", lambda w, why: reviews.move_section(w.ours.section, after=None, **why)),
    "write_section": ("section_edit", lambda w, why: reviews.write_section(w.ours.section, narrative="Text.", **why)),
    "rate": (
        "assessment_create",
        lambda w, why: reviews.rate(w.ours.review, w.ours.commitment, rating="met", commentary="So.", **why),
    ),
    "recommend": (
        "recommendation_create",
        lambda w, why: reviews.recommend(w.ours.review, addressee=w.ours.body, verb="note", text="it.", **why),
    ),
    "add_option": (
        "option_create",
        lambda w, why: reviews.add_option(w.ours.review, title="Go on", description="So.", **why),
    ),
    "add_swot_item": (
        "swotitem_create",
        lambda w, why: reviews.add_swot_item(w.ours.review, kind="threat", text="Time", **why),
    ),
}


RULES = {rule.route: rule for rule in rules()}
# Verbs that are tried here on another row than the table's.
ON_ANOTHER_ROW = {
    "add_council": {"administrator.alder", "stranger"},  # a council is nobody's, so Cedar's administrator may too
    "approve_return": {"officer.alder"},  # who leads here, beside the auditor, who leads but keeps nothing
    "change_employer": {"officer.alder", "officer.birch"},  # nobody employs this post yet
}


def who_may(verb, world):
    """Return the names of the people who may, as the table says of the page. Who is unrelated never may."""
    if verb in ON_ANOTHER_ROW:
        return ON_ANOTHER_ROW[verb]
    places = {"alder": OWN, "birch": PARTNER}
    names = set()
    for name in world.people.keys() - {"stranger"}:
        role, _, council = name.partition(".")
        if RULES[VERBS[verb][0]].lets_in(Person(role, places[council])):
            names.add(name)
    return names


# Verbs that say themselves why they were used.
OWN_REASONS = {"add_person": "Account made for New", "verify_line": "Delivered figure verified"}
# What the workflow modules have beside verbs, which writes nothing.
NO_VERBS = {
    "Baseline",
    "Counted",
    "difference_in_words",
    "is_out_of_date",
    "last_years",
    "set_not_stated",
    "ready_line",
    "left_out",
    "left_out_in_words",
}


def attempt(verb, world, person):
    """Return whether the person may, with everything put back afterwards, whichever it was."""
    with taken_back():
        try:
            VERBS[verb][1](copy.deepcopy(world), {"by": person, "reason": "Trying"})
        except PermissionDenied:
            return False
    return True


@pytest.mark.parametrize("verb", VERBS)
def test_verb_is_for_those_who_may(verb, world):
    may = {name for name, person in world.people.items() if attempt(verb, world, person)}
    assert may == who_may(verb, world)
    assert may


@pytest.mark.parametrize("verb", VERBS)
def test_verb_writes_with_person_and_reason(verb, world):
    before = everything()
    person = world.people[min(who_may(verb, world))]
    VERBS[verb][1](world, {"by": person, "reason": "A good reason"})
    after = everything()
    changed = [model for model in records() if after[model.__name__] != before[model.__name__]]
    latest = [model.history.order_by("history_id").last() for model in changed]
    rows = [row for row in latest if row.history_change_reason != "Set up"]
    assert {(row.person, row.history_user_id) for row in rows} == {(person.name, person.pk)}
    reason = OWN_REASONS.get(verb, "A good reason")
    assert {row.history_change_reason.partition(" (")[0] for row in rows} == {reason}


def test_every_verb_is_tried():
    modules = (
        register,
        accounts,
        governance,
        significant,
        cases,
        posts,
        costs,
        savings,
        calculations,
        reviews,
        outcomes,
    )
    public = set()
    for module in modules:
        public |= {
            name
            for name, value in vars(module).items()
            if callable(value) and getattr(value, "__module__", "").startswith(module.__name__) and name[0] != "_"
        }
    assert public - NO_VERBS == set(VERBS)


def test_body_cannot_move_to_where_the_person_has_no_say(world):
    before = everything()
    with pytest.raises(PermissionDenied):
        register.change(
            world.ours.body,
            partnership=world.theirs.partnership,
            by=world.people["officer.alder"],
            reason="Moving",
        )
    assert everything() == before
    assert Body.objects.get(pk=world.ours.body.pk).partnership == world.ours.partnership
