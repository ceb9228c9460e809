"""One predicate for each act: every verb of every register names it, and the workflow refuses what the button hides."""

import inspect

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from business_cases import workflow as cases
from joint_posts.posts import workflow as posts_workflow
from joint_posts.savings import calculations
from joint_posts.savings import workflow as savings_workflow
from partnership.accounts import workflow as accounts_workflow
from partnership.accounts.permissions import today
from partnership.financial_years import FinancialYear
from partnership.generic.seen import rows_along
from partnership.governance import workflow as governance_workflow
from partnership.models import Council
from partnership.records import workflow as records_workflow
from partnership.records.record import recording
from partnership.records.refusals import Refusal
from partnership.significant import workflow as significant_workflow
from reviews.models import Implication
from reviews.papers import workflow as reviews
from reviews.papers.covers import covering
from reviews.publishing import classing, exempt_files
from tests.factories import keep
from tests.filled_registers import everything
from tests.html_forms import untouched
from tests.matrix_world import OWN, PARTNER, UNRELATED, Person, every_register, make_world
from tests.two_partnerships import taken_back

pytestmark = pytest.mark.django_db

# Each act by the name of its page: a call with the record, and with who does it and why.
FILLED = {"appointment": "interim", "officer_consulted_on": today()}
ACTS = {
    "action_complete": lambda row, why: governance_workflow.complete_action(row, on=today(), evidence="Paper 7", **why),
    "action_reopen": lambda row, why: governance_workflow.reopen_action(row, **why),
    "agreement_end": lambda row, why: governance_workflow.end_agreement(row, ended_on=today(), **why),
    "annualreturn_approve": lambda row, why: significant_workflow.approve_return(row, on=today(), **why),
    "annualreturn_send-back": lambda row, why: significant_workflow.send_back_return(row, **why),
    "annualreturn_submit": lambda row, why: significant_workflow.submit_return(row, on=today(), **why),
    "body_hand-over": lambda row, why: records_workflow.hand_over(row, council=partner_of(row), **why),
    "businesscase_move": lambda row, why: cases.move_case(row, stage="commissioned", from_on=today(), **why),
    "decision_call-in": lambda row, why: governance_workflow.call_in(row, on=today(), **why),
    "decision_publish": lambda row, why: governance_workflow.publish_decision(row, on=today(), **why),
    "decision_resolve-call-in": lambda row, why: governance_workflow.resolve_call_in(
        row, outcome="stands", on=today(), **why
    ),
    "implication_clear": lambda row, why: covering.clear_implication(row, post="Solicitor", on=today(), **why),
    "implication_record-clearance": lambda row, why: covering.record_clearance(
        row, cleared_by="Chief finance officer", cleared_on=today(), evidence="E-mail 7", on=today(), **why
    ),
    "jointpost_agree": lambda row, why: posts_workflow.agree_post(row, from_on=today(), **why),
    "jointpost_appoint": lambda row, why: posts_workflow.appoint(
        row, from_on=today(), home_council=council_of(row), **FILLED, **why
    ),
    "jointpost_become-vacant": lambda row, why: posts_workflow.become_vacant(row, from_on=today(), **why),
    "jointpost_change-employer": lambda row, why: posts_workflow.change_employer(
        row, council=row.partnership.parties.last().council, from_on=today(), **why
    ),
    "jointpost_end": lambda row, why: posts_workflow.end_post(row, ended_on=today(), **why),
    "jointpost_make-permanent": lambda row, why: posts_workflow.make_permanent(row, from_on=today(), **why),
    "jointpost_put-into-ledger": lambda row, why: calculations.put_into_ledger(
        row, year=FinancialYear(2019), on=today(), **why
    ),
    "jointpost_refill": lambda row, why: posts_workflow.refill(
        row, from_on=today(), home_council=council_of(row), **FILLED, **why
    ),
    "jointpost_retitle": lambda row, why: posts_workflow.retitle(row, title="Another", from_on=today(), **why),
    "meeting_call-off": lambda row, why: governance_workflow.call_off(row, on=today(), **why),
    "membership_confirm": lambda row, why: accounts_workflow.confirm_role(row, on=today(), **why),
    "membership_move-account": lambda row, why: accounts_workflow.move_account(
        row, council=Council.objects.exclude(pk=row.user.council_id).first(), on=today(), **why
    ),
    "party_confirm": lambda row, why: governance_workflow.confirm_party(row, on=today(), **why),
    "membership_end": lambda row, why: accounts_workflow.end_role(row, until_on=today(), **why),
    "membership_reset-sign-in": lambda row, why: accounts_workflow.reset_sign_in(
        row, password="a long enough password", on=today(), **why
    ),
    "resolution_lapse": lambda row, why: governance_workflow.lapse_resolution(row, on=today(), **why),
    "resolution_refuse": lambda row, why: governance_workflow.refuse_resolution(row, on=today(), **why),
    "saving_break-down": lambda row, why: calculations.break_down(
        row, financial_year="2019/20", parts={}, on=today(), **why
    ),
    "savingline_verify": lambda row, why: savings_workflow.verify_line(row, on=today(), by=why["by"]),
    "section_add-file": lambda row, why: exempt_files.keep_file(
        row, title="Appraisal", content=b"%PDF-1.7\n%%EOF\n", file_name="a.pdf", at=timezone.now(), **why
    ),
    "section_confirm-class": lambda row, why: classing.confirm_class(proposal_of(row), **why),
    "section_hold-closer": lambda row, why: classing.restrict(row, publication_class="confidential", **why),
    "section_let-read": lambda row, why: classing.grant_access(row, reader=why["by"], **why),
    "section_move": lambda row, why: reviews.move_section(row, after=None, **why),
    "section_propose-class": lambda row, why: classing.propose_class(row, publication_class="public", **why),
    "section_refuse-class": lambda row, why: classing.refuse_class(proposal_of(row), **why),
    "section_stop-reading": lambda row, why: classing.revoke_access(row.readers.active().last(), on=today(), **why),
    "servicearrangement_end": lambda row, why: cases.end_arrangement(row, ended_on=today(), **why),
}
# What is refused though there is a button: a question that the page asks, and whose answer decides.
ASKED_ON_THE_PAGE = {
    "annualreturn_submit": "Fill in the",
    "jointpost_put-into-ledger": "",
    "saving_break-down": "",
    "section_let-read": "This person may already read it.",
    "section_move": "Appendices stand behind all sections.",
    "jointpost_appoint": "The officer",
    "jointpost_refill": "The officer",
}
PEOPLE = [
    *(Person(role, OWN) for role in ("officer", "clerk", "monitoring_officer", "finance_verifier", "administrator")),
    *(Person(role, PARTNER) for role in ("officer", "clerk", "finance_verifier", "administrator")),
    Person("pwg_member", OWN),
    Person("clerk", UNRELATED),
]
WITHDRAWAL = "withdraw"


def council_of(post):
    return post.partnership.parties.first().council


def partner_of(body):
    """The other council of the partnership."""
    return body.partnership.parties.active().exclude(council=body.council).first().council


def proposal_of(section):
    return section.class_proposals.filter(outcome="").first()


def act_of(name):
    """The call for an act; every register withdraws its rows in the same way."""
    if name.endswith(f"_{WITHDRAWAL}"):
        return lambda row, why: records_workflow.withdraw(row, on=today(), **why)
    return ACTS[name]


@pytest.fixture(scope="module")
def world(module_data):
    made = make_world()
    made.ready["implication_clear"] = keep(Implication(cover=made.ours["coverreport"], kind="risk", text="Small."))
    return made


VERBS = {}
for name, register in every_register().items():
    for verb in register.all_actions:
        if "takedown" not in verb.name.replace("-", ""):  # these need a published edition, and have tests of their own
            VERBS[f"{name}_{verb.name}"] = (register, verb)


def rows_of(world, name):
    """The rows of a register that an act is tried on: the plain one, and each made ready for one of its acts."""
    register = name.partition("_")[0]
    ready = [row for key, row in world.ready.items() if key.partition("_")[0] == register]
    numbers = {row.pk for row in (world.ours[register], *ready)}
    return list(VERBS[name][0].model.objects.filter(pk__in=numbers).order_by("pk"))


def refusal_of(act, row, by):
    """The sentence by which the workflow refuses the act; empty when it did it, which is taken back."""
    found = Refusal()
    with taken_back():
        try:
            act(row, {"by": by, "reason": "Tried by the test"})
        except PermissionDenied as error:
            found = Refusal(str(error), is_about_person=True)
        except ValidationError as error:
            found = Refusal(" ".join(error.messages))
    return found


def test_every_act_of_every_register_is_tried():
    assert sorted(ACTS) == sorted(name for name in VERBS if not name.endswith(f"_{WITHDRAWAL}"))


@pytest.mark.parametrize("name", VERBS)
def test_verb_names_predicate_of_its_model(name):
    register, verb = VERBS[name]
    assert verb.refusal.__name__.startswith("why_not_")
    assert callable(getattr(register.model, verb.refusal.__name__))
    assert {"by", "on"} <= set(inspect.signature(verb.refusal).parameters)
    assert not hasattr(verb, "is_open")
    assert not hasattr(verb, "allows")


@pytest.mark.parametrize("name", VERBS)
def test_workflow_refuses_exactly_what_the_button_hides(world, name):
    """For every row and person, in the same words; where there is a button, the act is done."""
    verb = VERBS[name][1]
    act = act_of(name)
    wrong = []
    done = 0
    for who in PEOPLE:
        user = world.users[who]
        for number in [row.pk for row in rows_of(world, name)]:
            row = VERBS[name][0].model.objects.get(pk=number)
            hidden = verb.why_not(user, row)
            if hidden and name.startswith("section_") and _has_nothing_to_call(row, name):
                continue
            before = everything()
            found = refusal_of(act, row, user)
            done += not found
            if hidden and (found, found.is_about_person) != (hidden, hidden.is_about_person):
                wrong.append((str(who), str(row), hidden, found))
            if not hidden and (found.is_about_person or (found and not _is_about_answers(name, found))):
                wrong.append((str(who), str(row), "a button", found))
            assert everything() == before
    assert wrong == []
    assert done or name in DONE_BY_NOBODY or name.endswith(f"_{WITHDRAWAL}")


def _has_nothing_to_call(section, name):
    """Return whether the act is on a proposal or a reader that the section does not have."""
    if name in ("section_confirm-class", "section_refuse-class"):
        return proposal_of(section) is None
    return name == "section_stop-reading" and not section.readers.active().exists()


def _is_about_answers(name, sentence):
    """Return whether the refusal is about what was answered on the act's page."""
    if name.endswith(f"_{WITHDRAWAL}"):
        return sentence.startswith("Still linked to it: ")
    return name in ASKED_ON_THE_PAGE and sentence.startswith(ASKED_ON_THE_PAGE[name])


# Nothing in the world is ready for these: they are done in the tests of their own subject.
DONE_BY_NOBODY = ("annualreturn_submit", "saving_break-down", "section_let-read")


# --- Acts are bound to what the person saw ----------------------------------------------------------------------------

NOTHING_DONE = "This changed after you opened the page, so nothing was done"


def somebody_who_may(world, name):
    """Somebody who may do it, and a row that they may do it to."""
    verb = VERBS[name][1]
    everybody = [*PEOPLE, Person("pay_officer", OWN)]
    found = []
    for who in everybody:
        found += [(world.users[who], row) for row in rows_of(world, name)]
    return next((user, row) for user, row in found if verb.may(user, row))


# Nobody withdraws a partnership while another council is party to it: test_register_entry does it afterwards.
@pytest.mark.parametrize("name", [name for name in VERBS if name != "partnership_withdraw"])
def test_act_on_record_changed_since_its_page_was_opened_is_refused(world, client, name):
    register, verb = VERBS[name]
    user, row = somebody_who_may(world, name)
    client.force_login(user)
    at = register.url(verb.name, row)
    sent = untouched(client.get(at).content.decode())
    assert sent["version"] == [str(row.version)]
    with recording(by=world.setter, reason="Changed meanwhile"):
        row.not_stated = {**row.not_stated, "version": "Somebody else"}
        row.save()
    before = everything()
    answer = client.post(at, sent | {"reason": "As I saw it"})
    assert (answer.status_code, NOTHING_DONE in answer.content.decode()) == (409, True)
    assert everything() == before
    if not answer.context["refusal"]:
        assert untouched(answer.content.decode())["version"] == [str(row.version)]


TAKING = [name for name, (register, verb) in VERBS.items() if verb.takes]


@pytest.mark.parametrize("name", TAKING)
def test_act_on_rows_changed_since_its_page_was_opened_is_refused(world, client, name):
    """The rows that the act takes along are what the person saw as well: the lines that are broken down, the costs."""
    register, verb = VERBS[name]
    user, row = somebody_who_may(world, name)
    client.force_login(user)
    at = register.url(verb.name, row)
    sent = untouched(client.get(at).content.decode())
    rows = []
    for path in verb.takes:
        rows += rows_along(row, path)
    if not rows:
        rows = [type(row).objects.get(pk=row.pk)]
    with recording(by=world.setter, reason="Changed meanwhile"):
        rows[-1].not_stated = {"version": "Somebody else"}
        rows[-1].save()
    before = everything()
    answer = client.post(at, sent | {"reason": "As I saw it"})
    assert (answer.status_code, NOTHING_DONE in answer.content.decode()) == (409, True)
    assert everything() == before


def test_refusal_is_an_empty_text_when_the_act_may_be_done():
    assert (Refusal(), bool(Refusal()), bool(Refusal("No."))) == ("", False, True)
    assert Refusal().check() is None
