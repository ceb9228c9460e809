"""Test who sees and may do what: by role, council and day, and only in what the record belongs to."""

from datetime import date, timedelta
from functools import reduce

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from joint_posts.models import JointPost
from joint_posts.registers import JOINT_POSTS
from partnership.accounts.permissions import NO_AUTHORITY, authority_of, may_read, require, today
from partnership.accounts.roles import ROLES, Permission
from partnership.models import Body, Comparator, Council, Membership, Partnership, Party, User
from partnership.records.record import recording
from tests.factories import make_council, make_membership, make_partnership
from tests.filled_registers import everything
from tests.html_forms import untouched

pytestmark = pytest.mark.django_db
P = Permission
MARCH = date(2019, 3, 16)


@pytest.fixture
def change(filled):
    """Changes a record, as set-up."""

    def save(record, **facts):
        fresh = type(record).objects.get(pk=record.pk)
        for name, fact in facts.items():
            setattr(fresh, name, fact)
        with recording(by=filled.people["officer"], reason="Set up"):
            return fresh.full_clean_and_save()

    return save


def authority(user, on):
    person = User.objects.get(pk=user.pk)
    return authority_of(person, Membership.objects.held_on(person, on), on)


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2019, 2, 28), False),
        (date(2019, 3, 1), True),
        (date(2019, 3, 31), True),
        (date(2019, 4, 1), False),
    ],
)
def test_role_holds_from_its_first_day_to_its_last(filled, change, on, holds):
    role = filled.people["officer"].memberships.get()
    change(role, from_on=date(2019, 3, 1), until_on=date(2019, 3, 31))
    found = authority(filled.people["officer"], on)
    assert found.may(P.KEEP_POSTS) is holds
    assert found.partnerships() == ({filled.ours["partnership"].pk} if holds else set())


def test_withdrawn_role_gives_nothing(filled, change):
    role = filled.people["officer"].memberships.get()
    change(role, withdrawn_on=MARCH, withdrawn_reason="Given by mistake")
    assert authority(filled.people["officer"], MARCH) == NO_AUTHORITY


def test_deactivated_account_gives_nothing(client, filled):
    user = User.objects.get(username="officer")
    client.force_login(user)
    assert client.get("/joint-posts/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert authority(user, MARCH) == NO_AUTHORITY
    assert client.get("/joint-posts/").headers["Location"].startswith("/sign-in/")


def test_nobody_signed_in_reads_no_register_and_sees_no_row(filled):
    assert may_read(AnonymousUser(), JointPost) is False
    assert JointPost.objects.exists()
    assert list(JointPost.objects.visible_to(AnonymousUser())) == []


def test_council_that_left_keeps_its_people_out_from_the_next_day(client, filled, change):
    party = Party.objects.get(partnership=filled.ours["partnership"], council=filled.alder)
    change(party, left_on=today())
    client.force_login(filled.people["officer"])
    assert "Post of Alder" in client.get("/joint-posts/").content.decode()
    change(party, left_on=today() - timedelta(days=1))
    assert "Post of Alder" not in client.get("/joint-posts/").content.decode()
    assert client.get(filled.ours["jointpost"].get_absolute_url()).status_code == 404


def test_council_that_is_yet_to_join_keeps_its_people_out_until_then(filled, change):
    party = Party.objects.get(partnership=filled.ours["partnership"], council=filled.alder)
    change(party, joined_on=date(2019, 4, 1))
    assert authority(filled.people["officer"], date(2019, 3, 31)).partnerships() == set()
    assert authority(filled.people["officer"], date(2019, 4, 1)).partnerships() == {filled.ours["partnership"].pk}


def test_withdrawn_party_lets_nobody_in(filled, change):
    party = Party.objects.get(partnership=filled.ours["partnership"], council=filled.alder)
    change(party, withdrawn_on=MARCH, withdrawn_reason="Never joined")
    assert authority(filled.people["officer"], MARCH).partnerships() == set()


def test_roles_count_in_the_council_they_are_held_in(filled):
    """Officer in Alder and councillor in Cedar: keeps Alder's posts, only reads Cedar's."""
    both = User.objects.create(username="both", name="Both of the tests")
    with recording(by=both, reason="Set up"):
        for council, role in ((filled.alder, "officer"), (filled.cedar, "councillor")):
            Membership(user=both, council=council, role=role, from_on=MARCH).full_clean_and_save()
    both = User.objects.get(pk=both.pk)
    ours = filled.ours["jointpost"]
    theirs = filled.theirs["jointpost"]
    assert set(JointPost.objects.visible_to(both)) == {ours, theirs}
    assert both.has_perm(P.KEEP_POSTS, ours)
    assert not both.has_perm(P.KEEP_POSTS, theirs)
    assert both.has_perm(P.READ_REGISTERS, theirs)
    assert not both.has_perm(P.READ_WORKING_PAPERS, filled.theirs["review"])
    hidden = [JOINT_POSTS.policy.hidden_fields(both, post) for post in (ours, theirs)]
    assert hidden == [frozenset(), {"appointed_by"}]  # the joint committee's decision is a working paper


def test_reader_of_one_council_may_not_write_in_it_by_keeping_another(client, filled):
    """The same over HTTP: the edit page of the other partnership is refused, and its row stays."""
    both = User.objects.create(username="both", name="Both of the tests")
    with recording(by=both, reason="Set up"):
        for council, role in ((filled.alder, "officer"), (filled.cedar, "councillor")):
            Membership(user=both, council=council, role=role, from_on=MARCH).full_clean_and_save()
    client.force_login(both)
    before = everything()
    at = f"{filled.theirs['jointpost'].get_absolute_url()}edit/"
    assert client.get(at).status_code == 403
    assert client.post(at, {"version": "1", "reason": "Try"}).status_code == 403
    assert everything() == before


def test_partner_councils_are_seen_and_others_are_not(filled):
    def seen(who):
        return {council.short_name for council in Council.objects.visible_to(User.objects.get(username=who))}

    assert seen("councillor") == {"ACC", "BDC"}
    assert seen("neighbour") == {"ACC", "BDC", "CDX"}
    assert seen("former") == set()


def test_every_visible_row_is_of_a_partnership_or_council_of_ones_own(filled):
    """By the scope each model declares, over every model and role."""
    seen = set()
    for rows in (filled.ours, filled.theirs):
        for name, record in rows.items():
            for who, user in filled.people.items():
                user = User.objects.get(pk=user.pk)  # noqa: PLW2901 -- as a request reads it
                if record.pk in set(type(record).objects.visible_to(user).values_list("pk", flat=True)):
                    seen.add(who)
                    place = reduce(getattr, record.scope.split("__") if record.scope else (), record)
                    kind = place._meta.model_name
                    authority = user.authority
                    own = authority.councils() if kind == "council" else authority.partnerships()
                    assert name == "council" or place.pk in own, (who, name)  # councils: see the test above
    assert seen == set(filled.people) - {"former", "newcomer"}


# Of what is read and published; who may write what, the verbs are asked in test_workflow_permissions.py.
INSIDERS = {"officer", "pay_officer", "finance_verifier", "pwg_member", "clerk", "monitoring_officer", "auditor"}
HOLDERS = {
    P.READ_REGISTERS: INSIDERS | {"councillor"},
    P.READ_WORKING_PAPERS: INSIDERS,
    P.SEE_COSTS: {"pay_officer", "finance_verifier", "monitoring_officer", "auditor"},
    P.SEE_PAY: {"pay_officer", "monitoring_officer", "auditor"},
    P.READ_PEOPLE: {"monitoring_officer", "auditor", "administrator"},
    P.PUBLISH: {"clerk"},
}


@pytest.mark.parametrize("permission", HOLDERS)
def test_permission_is_held_by_these_roles_and_no_other(filled, permission):
    people = {role: User.objects.get(username=role) for role in ROLES}
    post = filled.ours["jointpost"]
    assert {role for role, person in people.items() if person.has_perm(permission, post)} == HOLDERS[permission]


def test_what_the_role_does_not_read_is_not_visible_either(filled):
    """`visible_to` itself, on which searches, drop-downs and drill-downs rest."""
    for who, readable in (("councillor", False), ("pwg_member", True), ("administrator", False)):
        user = User.objects.get(username=who)
        review = filled.ours["review"]
        assert may_read(user, type(review)) is readable
        assert type(review).objects.visible_to(user).exists() is readable
        assert type(filled.ours["section"]).objects.visible_to(user).exists() is readable


def test_refusal_says_what_is_not_allowed(filled):
    with pytest.raises(PermissionDenied) as caught:
        require(User.objects.get(username="councillor"), P.KEEP_POSTS, filled.ours["jointpost"])
    assert str(caught.value) == "Your roles do not let you enter and change joint posts, services and business cases."


def test_unknown_permission_is_never_granted(filled):
    assert not User.objects.get(username="stranger").has_perm("partnership.view_council")


def test_record_cannot_be_moved_where_the_person_has_no_say(client, filled):
    """Another partnership in a forged field: refused by the choices, and nothing is written."""
    client.force_login(filled.people["officer"])
    sent = untouched(client.get("/bodies/new/").content.decode())
    sent |= {"name": "Smuggled", "kind": "executive", "partnership": filled.theirs["partnership"].pk}
    before = everything()
    response = client.post("/bodies/new/", sent)
    assert response.status_code == 200
    assert everything() == before


def test_what_a_form_puts_out_of_its_writers_sight_is_put_back(client, filled):
    """The look after writing: an administrator who lets their own council leave in the past."""
    client.force_login(filled.people["administrator"])
    at = f"/partnerships/parties/{Party.objects.get(council=filled.alder).pk}/edit/"
    sent = untouched(client.get(at).content.decode())
    before = everything()
    response = client.post(at, sent | {"left_on": "1 January 2019", "reason": "It left"})
    assert response.status_code == 403
    assert everything() == before


def test_new_partnership_is_seen_by_whoever_founds_it(client, filled):
    client.force_login(filled.people["administrator"])
    sent = untouched(client.get("/partnerships/new/").content.decode())
    sent |= {"name": "New one", "slug": "new-one", "councils": [filled.alder.pk, filled.birch.pk]}
    response = client.post("/partnerships/new/", sent)
    founded = Partnership.objects.get(slug="new-one")
    assert response.headers["Location"] == founded.get_absolute_url()
    assert "New one" in client.get(founded.get_absolute_url()).content.decode()


def test_drop_downs_offer_only_ones_own(client, filled):
    with recording(by=filled.people["officer"], reason="Set up"):
        gone = Body(partnership=filled.ours["partnership"], name="Gone", kind="executive")
        gone.withdrawn_on = MARCH
        gone.withdrawn_reason = "Entered twice"
        gone.full_clean_and_save()
    client.force_login(filled.people["clerk"])
    page = client.get("/reviews/new/").content.decode()
    assert "Working group of Alder" in page
    assert "Working group of Cedar" not in page
    assert "Gone" not in page


def test_signed_in_pages_are_kept_out_of_every_cache(client, filled):
    client.force_login(filled.people["officer"])
    for at in ("/", "/joint-posts/", "/joint-posts/export.csv", filled.ours["saving"].get_absolute_url()):
        assert client.get(at).headers["Cache-Control"] == "no-store"


def test_role_in_one_partnership_gives_no_right_to_change_another(client):
    ours, theirs = (make_partnership(councils=[make_council(), make_council()]) for _ in range(2))
    keeper = make_membership(council=ours.parties.first().council, role="officer").user
    make_membership(council=theirs.parties.first().council, role="councillor", user=keeper)
    client.force_login(keeper)
    facts = {"name": "Elsewhere", "currency": "GBP", "source": "A paper"}
    refused = client.post("/comparators/new/", facts | {"partnership": theirs.pk})
    assert (refused.status_code, refused.context["form"].errors.keys()) == (200, {"partnership"})
    assert client.post("/comparators/new/", facts | {"partnership": ours.pk}).status_code == 302
    entered = Comparator.objects.filter(partnership__in=[ours, theirs])
    assert [row.partnership for row in entered] == [ours]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_answered_before_any_page_is_asked(client, filled, method):
    """Even for whoever may change the row: a form page of Django takes a PUT for a POST."""
    client.force_login(filled.people["officer"])
    response = client.generic(method, f"{filled.ours['jointpost'].get_absolute_url()}edit/")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
