"""A role over content needs a second person, and an account is looked after by its home council."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnership.accounts import confirmations
from partnership.accounts import workflow as accounts_workflow
from partnership.accounts.permissions import today
from partnership.accounts.roles import RoleName
from partnership.governance import workflow as governance_workflow
from partnership.models import Council, Membership, User
from partnership.records import workflow as records_workflow
from tests.factories import keep, make_council, make_membership, make_partnership, make_user
from tests.html_forms import shown

pytestmark = pytest.mark.django_db
CONTENT = [role for role in RoleName.values if role != "administrator"]
WHY = "A good reason"


@pytest.fixture
def councils():
    """Three councils that share, and one that shares with none of them; each has one administrator of its own."""
    made = [make_council(name=name, short_name=name) for name in ("Elm", "Fir", "Gorse", "Hazel")]
    make_partnership(councils=made[:3], name="Elm, Fir and Gorse")
    for council in made:
        make_administrator(council)
    return made


def make_administrator(council):
    """An administrator made on the server."""
    user = make_user(name=f"Administrator of {council}", council=council)
    make_membership(user=user, council=council, role="administrator")
    return user


def administrator_of(council):
    return User.objects.filter(council=council, memberships__role="administrator").earliest("pk")


def made_by(giver, council, role):
    """An account that an administrator makes."""
    name = f"{role} {User.objects.count()}"
    facts = {"name": name, "username": name.replace(" ", "."), "email": "", "password": "a long enough password"}
    return accounts_workflow.add_person(**facts, council=council, role=role, from_on=today(), by=giver)


def role_of(user, role):
    return Membership.objects.get(user=user, role=role)


def fresh(user):
    return User.objects.get(pk=user.pk)


def confirm(membership, by):
    return accounts_workflow.confirm_role(membership, on=today(), by=fresh(by), reason=WHY)


@pytest.mark.parametrize("role", CONTENT)
def test_give_role_over_content_allows_nothing_until_confirmed(councils, role):
    elm, fir, *_ = councils
    person = made_by(administrator_of(elm), elm, role)
    assert fresh(person).authority.roles == ()
    confirm(role_of(person, role), administrator_of(fir))
    assert fresh(person).authority.roles == ((elm.pk, role),)


def test_give_role_of_administrator_needs_no_second_person(councils):
    elm, *_ = councils
    person = made_by(administrator_of(elm), elm, "administrator")
    assert fresh(person).authority.roles == ((elm.pk, "administrator"),)


def test_administrator_alone_gets_no_role_through_accounts_of_their_own(councils):
    """One account gives, another confirms: all of them were made by the first, or by one that it made."""
    elm, *_ = councils
    ada = administrator_of(elm)
    second, third = (made_by(ada, elm, "administrator") for _ in range(2))
    fourth = made_by(fresh(second), elm, "administrator")
    accounts = [ada, second, third, fourth]
    for giver in (second, third, fourth):
        role = accounts_workflow.give_role(ada, council=elm, role="clerk", from_on=today(), by=fresh(giver), reason=WHY)
        for confirmer in accounts:
            with pytest.raises(PermissionDenied):
                confirm(role, confirmer)
        records_workflow.withdraw(role, on=today(), by=fresh(giver), reason=WHY)
    assert {role for _, role in fresh(ada).authority.roles} == {"administrator"}


def test_confirm_role_refuses_the_giver_the_holder_and_who_the_holder_made(councils):
    elm, *_ = councils
    ada = administrator_of(elm)
    ben = make_administrator(elm)
    alias = made_by(ben, elm, "administrator")
    role = accounts_workflow.give_role(ben, council=elm, role="auditor", from_on=today(), by=fresh(ada), reason=WHY)
    for who in (ada, ben, alias):
        with pytest.raises(PermissionDenied):
            confirm(role, who)
    assert confirm(role, make_administrator(elm)).is_waiting is False


def test_confirm_role_by_partner_only_where_the_council_has_nobody(councils):
    elm, fir, gorse, hazel = councils
    role = role_of(made_by(administrator_of(elm), elm, "clerk"), "clerk")
    with pytest.raises(PermissionDenied):
        confirm(role, administrator_of(hazel))
    assert confirmations.waits_for(role, today()) == "Waiting for confirmation by Fir or Gorse."
    second = make_administrator(elm)
    assert confirmations.waits_for(role, today()) == (
        "Waiting for confirmation by an administrator or the monitoring officer of Elm."
    )
    for council in (fir, gorse):
        with pytest.raises(PermissionDenied):
            confirm(role, administrator_of(council))
    confirm(role, second)


def test_confirm_role_by_monitoring_officer_who_is_independent(councils):
    elm, *_ = councils
    officer = make_user(council=elm)
    make_membership(user=officer, council=elm, role="monitoring_officer")
    role = role_of(made_by(administrator_of(elm), elm, "clerk"), "clerk")
    assert confirm(role, officer).confirmed_by == officer


def test_waiting_role_says_which_council_has_to_be_party_first(councils):
    _, fir, _, hazel = councils
    founder = administrator_of(hazel)
    facts = {"name": "Hazel and Fir", "slug": "hazel-fir", "councils": [hazel, fir], "reason": WHY}
    governance_workflow.found_partnership(**facts, by=founder)
    role = role_of(made_by(founder, hazel, "clerk"), "clerk")
    assert confirmations.waits_for(role, today()) == (
        "Nobody can confirm it yet. Somebody can once Fir is confirmed as party to Hazel and Fir."
    )


def test_confirm_role_of_another_council_leads_to_what_else_waits(councils, client):
    elm, fir, *_ = councils
    role = role_of(made_by(administrator_of(elm), elm, "clerk"), "clerk")
    client.force_login(administrator_of(fir))
    at = f"/roles/{role.pk}/confirm/"
    answer = client.post(at, {"reason": WHY} | shown(client, at), follow=True)
    assert answer.redirect_chain == [("/roles/confirmations/", 302)]
    assert "confirm the role – done" in answer.content.decode()


def test_waiting_role_says_that_nobody_can_confirm_it(councils):
    *_, hazel = councils
    role = role_of(made_by(administrator_of(hazel), hazel, "clerk"), "clerk")
    assert confirmations.waits_for(role, today()) == confirmations.NOBODY_CAN


def test_database_refuses_a_role_confirmed_by_its_giver(councils):
    elm, *_ = councils
    ada = administrator_of(elm)
    role = Membership(user=make_user(), council=elm, role="clerk", from_on=today(), proposed_by=ada)
    role.confirmed_by = ada
    role.confirmed_on = today()
    with pytest.raises(ValidationError):
        keep(role)


def test_waiting_role_is_confirmed_over_the_web_by_who_may_see_it(councils, client):
    elm, fir, _, hazel = councils
    role = role_of(made_by(administrator_of(elm), elm, "clerk"), "clerk")
    at = f"/roles/{role.pk}/confirm/"
    answers = []
    for council in (elm, hazel, fir):
        client.force_login(administrator_of(council))
        answers.append(client.get(at).status_code)
    assert answers == [403, 404, 200]
    page = client.get("/roles/confirmations/").content.decode()
    assert f"{role}" in page
    assert "Confirmations (1 waiting)" in page
    assert client.post(at, {"reason": WHY} | shown(client, at)).status_code == 302
    assert Membership.objects.get(pk=role.pk).confirmed_by == administrator_of(fir)
    assert client.get(at).status_code in (403, 404)


def test_role_entered_in_a_form_waits_and_its_page_says_for_whom(councils, client):
    elm, *_ = councils
    person = make_user(name="Newly Hired")
    client.force_login(administrator_of(elm))
    typed = {"user": person.pk, "council": elm.pk, "role": "officer", "from_on": "1 April 2026"}
    page = client.post("/roles/new/", typed, follow=True).content.decode()
    assert "Waiting for confirmation by Fir or Gorse." in page
    assert Membership.objects.holding(today()).filter(user=person).count() == 0
    assert fresh(person).council == elm


def test_add_council_founder_stands_in_until_it_has_an_administrator(councils):
    elm, *_ = councils
    ada = administrator_of(elm)
    ivy = governance_workflow.add_council(
        Council(name="Ivy", short_name="IVY", tier="district"), on=today(), by=ada, reason=WHY
    )
    assert ivy.pk in fresh(ada).authority.councils()
    made_by(fresh(ada), ivy, "administrator")
    assert ivy.pk not in fresh(ada).authority.councils()


# --- Home councils ------------------------------------------------------------------------------------------------


def test_reset_sign_in_only_by_the_home_council(councils):
    """A role that ended, or that was lent, lets no other council in."""
    elm, fir, *_ = councils
    clerk = make_user(council=fir)
    make_membership(user=clerk, council=fir, role="clerk")
    ended = make_membership(user=clerk, council=elm, role="clerk", until_on=today() - timedelta(days=1))
    lent = make_membership(user=clerk, council=elm, role="auditor")
    facts = {"password": "a long enough password", "on": today(), "reason": WHY}
    for role in (ended, lent):
        with pytest.raises(PermissionDenied):
            accounts_workflow.reset_sign_in(role, **facts, by=fresh(administrator_of(elm)))
    accounts_workflow.reset_sign_in(lent, **facts, by=fresh(administrator_of(fir)))
    assert fresh(clerk).must_choose_password


def test_person_whose_role_ended_is_not_offered_and_gets_no_new_one(councils, client):
    elm, fir, *_ = councils
    clerk = make_user(name="Clerk of Fir")
    make_membership(user=clerk, council=elm, role="clerk", until_on=today() - timedelta(days=1))
    make_membership(user=clerk, council=fir, role="clerk")
    User.objects.filter(pk=clerk.pk).update(council=fir)
    client.force_login(administrator_of(elm))
    assert "Clerk of Fir" not in client.get("/roles/new/").content.decode()
    with pytest.raises(PermissionDenied):
        accounts_workflow.give_role(
            fresh(clerk), council=elm, role="clerk", from_on=today(), by=fresh(administrator_of(elm)), reason=WHY
        )


def test_account_without_home_belongs_to_the_council_of_a_role_that_holds(councils):
    elm, fir, *_ = councils
    clerk = make_user()
    make_membership(user=clerk, council=elm, role="clerk", until_on=today() - timedelta(days=1))
    make_membership(user=clerk, council=fir, role="clerk")
    by = [fresh(administrator_of(council)) for council in (elm, fir)]
    assert [bool(clerk.why_not_manage(by=one, on=today())) for one in by] == [True, False]


def test_home_council_lends_a_person_and_the_other_council_confirms(councils):
    elm, fir, gorse, hazel = councils
    person = make_user(council=elm)
    facts = {"from_on": today(), "by": fresh(administrator_of(elm)), "reason": WHY}
    with pytest.raises(PermissionDenied):
        accounts_workflow.give_role(person, council=hazel, role="officer", **facts)
    lent = accounts_workflow.give_role(person, council=fir, role="administrator", **facts)
    assert lent.is_waiting
    with pytest.raises(PermissionDenied):
        confirm(lent, administrator_of(gorse))
    confirm(lent, administrator_of(fir))
    assert fresh(person).authority.roles == ((fir.pk, "administrator"),)
    ended = accounts_workflow.end_role(lent, until_on=today(), by=fresh(administrator_of(elm)), reason=WHY)
    assert ended.until_on == today()


def test_move_account_only_by_the_council_that_loses_it(councils):
    elm, fir, *_ = councils
    person = make_user(council=elm)
    role = make_membership(user=person, council=elm, role="clerk")
    with pytest.raises(PermissionDenied):
        accounts_workflow.move_account(role, council=fir, on=today(), by=fresh(administrator_of(fir)), reason=WHY)
    accounts_workflow.move_account(role, council=fir, on=today(), by=fresh(administrator_of(elm)), reason=WHY)
    assert fresh(person).council == fir
    latest = role.history.latest("history_id")
    assert (latest.account_moved_on, latest.history_change_reason) == (today(), WHY)
    assert fresh(person).why_not_manage(by=fresh(administrator_of(elm)), on=today())


def test_accounts_made_over_the_web_say_whose_they_are(councils):
    elm, *_ = councils
    ada = administrator_of(elm)
    second = made_by(ada, elm, "administrator")
    third = made_by(fresh(second), elm, "clerk")
    assert (third.council, third.created_by, third.first_creator) == (elm, second, ada)
    assert third.creator_ids == {ada.pk, second.pk}
