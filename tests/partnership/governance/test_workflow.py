"""The verbs of the core: what they write and what they refuse."""

from contextlib import suppress
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from partnership.accounts import workflow as accounts_workflow
from partnership.governance import workflow as governance_workflow
from partnership.models import Agreement, Comparator, Council, Membership, Partnership, User
from partnership.records import workflow as records_workflow
from partnership.records.record import recording
from tests.filled_registers import everything
from tests.two_partnerships import DAY, denied, make_person, refused

pytestmark = pytest.mark.django_db

WHY = "A good reason"


@pytest.fixture
def officer(world):
    return {"by": world.people["officer.alder"], "reason": WHY}


@pytest.fixture
def administrator(world):
    return {"by": world.people["administrator.alder"], "reason": WHY}


@pytest.fixture
def recorder(world):
    """Somebody who keeps posts and may also say what a source leaves open."""
    return {"by": make_person("recorder", (world.alder, "officer"), (world.alder, "administrator")), "reason": WHY}


def agreement_of(world):
    return Agreement(partnership=world.ours.partnership, title="Section 101", kind="s101", covers="Parking")


def test_enter_keeps_what_the_source_leaves_open(world, recorder):
    entered = records_workflow.enter(agreement_of(world), not_stated={"made_on": "Review, March 2019"}, **recorder)
    assert Agreement.objects.get(pk=entered.pk).not_stated == {"made_on": "Review, March 2019"}


def test_not_stated_is_for_who_records_from_the_public_record(world):
    keeper = {"by": world.people["monitoring_officer.alder"], "reason": WHY}
    with denied("Your roles do not let you record facts from the public record that the sources leave open."):
        records_workflow.enter(agreement_of(world), not_stated={"made_on": "Review, March 2019"}, **keeper)


def test_only_officers_and_administrators_say_what_a_source_leaves_open(world):
    may = set()
    for name, person in world.people.items():
        with suppress(PermissionDenied):
            records_workflow.set_not_stated(agreement_of(world), {"made_on": "Review, March 2019"}, by=person)
            may.add(name)
    assert may == {"officer.alder", "officer.birch", "administrator.alder"}


def test_not_stated_names_its_source(world, recorder):
    with refused("made_on", "Name the source that leaves this open."):
        records_workflow.enter(agreement_of(world), not_stated={"made_on": " "}, **recorder)


def test_enter_checks_the_record(world, officer):
    row = Comparator(partnership=world.ours.partnership, name="Elsewhere", source="A paper", amount=5)
    with refused("period", "Enter the period that the amount covers, for example “over 10 years”."):
        records_workflow.enter(row, **officer)


def test_change_writes_once_and_leaves_the_rest(world, officer):
    changed = records_workflow.change(world.ours.body, purpose="To oversee", **officer)
    assert (changed.purpose, changed.name, changed.version) == ("To oversee", "Working group", 2)


def test_change_refuses_what_only_a_verb_may(world, officer):
    before = everything()
    with pytest.raises(ValueError, match="“status” changes only through its own verb"):
        records_workflow.change(world.ours.posts["agreed"], status="in post", **officer)
    assert everything() == before


def test_change_without_a_reason_changes_nothing(world, officer):
    before = everything()
    with pytest.raises(ValueError, match="Say why"):
        records_workflow.change(world.ours.body, purpose="To oversee", by=officer["by"], reason=" ")
    assert everything() == before


def test_withdrawn_stands_in_history_with_the_reason(world, officer):
    row = records_workflow.withdraw(world.ours.commitment, on=DAY, **officer)
    assert (row.withdrawn_on, row.withdrawn_reason) == (DAY, WHY)
    assert row.history.count() == 2
    with refused("", "This was withdrawn before."):
        records_workflow.withdraw(row, on=DAY, **officer)


def test_partnership_has_at_least_two_councils(world, administrator):
    with refused("councils", "Choose at least two councils."):
        governance_workflow.found_partnership(
            name="Alone", slug="alone", councils=[world.alder, world.alder], **administrator
        )


def test_partnership_name_taken_leaves_no_half(world, administrator):
    with refused("slug", "Partnership with this Slug already exists."):
        governance_workflow.found_partnership(
            name="Again", slug="alder", councils=[world.alder, world.birch], **administrator
        )
    assert Partnership.objects.count() == 2


def test_founding_orders_the_columns(world, administrator):
    councils = [world.cedar, world.alder, world.cedar]
    founded = governance_workflow.found_partnership(name="New", slug="new", councils=councils, **administrator)
    assert [(party.position, party.council) for party in founded.parties.all()] == [
        (1, world.cedar),
        (2, world.alder),
    ]


def test_founding_says_what_its_source_leaves_open(world, administrator):
    left_open = {"started_on": "Review, March 2019"}
    councils = {"councils": [world.alder, world.birch], "not_stated": left_open}
    founded = governance_workflow.found_partnership(
        name="New", slug="new", purpose="To save", **councils, **administrator
    )
    stored = Partnership.objects.get(pk=founded.pk)
    assert (stored.name, stored.slug, stored.purpose, stored.not_stated) == ("New", "new", "To save", left_open)


def test_new_council_is_administered_by_whoever_entered_it(world, administrator):
    elm = governance_workflow.add_council(
        Council(name="Elm", short_name="ELM", tier="district"), on=DAY, **administrator
    )
    (held,) = Membership.objects.filter(council=elm)
    assert (held.user, held.role, held.from_on, held.until_on) == (administrator["by"], "administrator", DAY, None)


def test_new_person_has_an_account_and_a_role(world, administrator):
    told = {"username": "new", "name": "New Person", "email": "new@example.org"}
    given = {"council": world.alder, "role": "clerk", "from_on": DAY, "by": administrator["by"]}
    made = accounts_workflow.add_person(**told, password="a long enough password", **given)
    stored = User.objects.get(pk=made.pk)
    assert {name: getattr(stored, name) for name in told} == told
    assert (stored.check_password("a long enough password"), stored.must_choose_password) == (True, True)
    (held,) = stored.memberships.all()
    assert (held.council, held.role, held.from_on) == (world.alder, "clerk", DAY)
    with refused("username", "User with this User name already exists."):
        accounts_workflow.add_person(**told, password="a long enough password", **given)
    with denied("Your roles do not let you give and end people's roles."):  # nor to find out who has an account
        accounts_workflow.add_person(**told, password="any", **given | {"by": world.people["officer.alder"]})


def test_commitments_are_numbered_in_order(world, officer):
    adopted = governance_workflow.adopt_commitments(
        world.ours.partnership,
        kind="objective",
        adopted_on=DAY,
        statements=[("Money", "Save it."), ("People", "Keep them.")],
        is_paraphrased=True,
        **officer,
    )
    assert [(row.number, row.short_title, row.is_paraphrased) for row in adopted] == [
        (1, "Money", True),
        (2, "People", True),
    ]


def test_commitments_adopted_twice_are_refused_whole(world, officer):
    with refused("__all__", "There is already one of this kind with this number."):
        governance_workflow.adopt_commitments(
            world.ours.partnership, kind="principle", adopted_on=DAY, statements=[("One", "One.")], **officer
        )


def test_role_is_given_once(world, administrator):
    person = world.people["clerk.alder"]
    with refused("role", f"{person} already holds this role in Alder County."):
        accounts_workflow.give_role(person, council=world.alder, role="clerk", from_on=DAY, **administrator)


def test_person_may_hold_several_roles_and_one_in_several_councils(world, administrator):
    person = make_person("of.birch", (world.birch, "clerk"))
    for role in ("clerk", "auditor"):
        accounts_workflow.give_role(person, council=world.alder, role=role, from_on=DAY, **administrator)
    held = {(row.council, row.role) for row in person.memberships.all()}
    assert held == {(world.birch, "clerk"), (world.alder, "clerk"), (world.alder, "auditor")}
    mine = {"council": world.alder, "role": "administrator", "from_on": DAY}
    with refused("role", f"{administrator['by']} already holds this role in Alder County."):
        accounts_workflow.give_role(administrator["by"], **mine, **administrator)


def test_nobody_gives_themself_a_role(world, administrator):
    with refused("user", "You cannot give yourself a role. Ask another administrator."):
        accounts_workflow.give_role(
            administrator["by"], council=world.alder, role="auditor", from_on=DAY, **administrator
        )


def test_role_in_another_council_is_not_ours_to_give(world, administrator):
    with denied("Your roles do not let you give and end people's roles."):
        accounts_workflow.give_role(
            world.people["clerk.alder"], council=world.birch, role="clerk", from_on=DAY, **administrator
        )


def test_role_ends_on_its_last_day(world, administrator):
    person = world.people["clerk.alder"]
    accounts_workflow.end_role(Membership.objects.get(user=person), until_on=DAY, **administrator)
    held = [Membership.objects.held_on(person, on).exists() for on in (DAY, date(2019, 3, 17))]
    assert held == [True, False]
    with refused("until_on", "This role ends before that day already."):
        accounts_workflow.end_role(Membership.objects.get(user=person), until_on=date(2019, 4, 1), **administrator)


def test_reset_sign_in_applies_to_every_role_and_asks_for_a_new_password(world, administrator):
    person = make_person("both", (world.alder, "clerk"), (world.birch, "clerk"), (world.alder, "auditor"))
    ended = person.memberships.get(role="auditor")
    accounts_workflow.end_role(ended, until_on=date(2019, 3, 15), **administrator)
    reset = {"password": "a long enough password", "on": DAY} | administrator
    found = accounts_workflow.reset_sign_in(person.memberships.get(council=world.alder, role="clerk"), **reset)
    stored = User.objects.get(pk=person.pk)
    assert (found, stored.check_password("a long enough password"), stored.must_choose_password) == (stored, True, True)
    noted = {(row.council.short_name, row.role): row.sign_in_reset_on for row in stored.memberships.all()}
    assert noted == {("ACC", "clerk"): DAY, ("BDC", "clerk"): DAY, ("ACC", "auditor"): None}
    with refused("", f"{person} does not hold this role on that day."):
        accounts_workflow.reset_sign_in(ended, **reset)
    with refused("", "You cannot reset your own sign-in. Ask another administrator."):
        accounts_workflow.reset_sign_in(Membership.objects.get(user=administrator["by"]), **reset)
    of_birch = make_person("of.birch.first", (world.birch, "clerk"), (world.alder, "clerk"))
    with denied("Only an administrator of the home council of of.birch.first of the tests may do this."):
        accounts_workflow.reset_sign_in(of_birch.memberships.get(council=world.alder), **reset)


def test_agreement_ends_after_its_last_day(world, officer):
    ended = governance_workflow.end_agreement(world.ours.agreement, ended_on=DAY, **officer)
    assert [ended.is_in_force(on) for on in (DAY, date(2019, 3, 17))] == [True, False]
    with refused("ended_on", "This agreement has ended already."):
        governance_workflow.end_agreement(ended, ended_on=DAY, **officer)


def test_agreement_cannot_end_before_it_began(world, officer):
    with recording(by=officer["by"], reason=WHY):
        world.ours.agreement.commenced_on = DAY
        world.ours.agreement.full_clean_and_save()
    with refused("ended_on", "Enter an end that is not before the agreement's start on 16 March 2019."):
        governance_workflow.end_agreement(world.ours.agreement, ended_on=date(2019, 3, 15), **officer)
