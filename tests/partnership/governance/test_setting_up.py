"""From an empty portal to one that officers can use, over the web, as the first administrator does it."""

import re
from datetime import date
from io import StringIO

import pytest
from django.contrib.messages import get_messages
from django.core.management import CommandError, call_command
from django.test import Client

from partnership.governance import first_steps
from partnership.models import Commitment, Council, Membership, Partnership, User
from tests.codes import set_up_app
from tests.factories import make_council, make_membership, make_post, make_user
from tests.html_forms import shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashing")]


@pytest.fixture
def administrator(client):
    call_command(
        "create_administrator",
        "ada",
        name="Ada Adams",
        council="Alder County Council",
        short_name="ACC",
        tier="county",
        stdout=StringIO(),
    )
    user = User.objects.get(username="ada")
    assert user.must_choose_password
    user.set_password("three words of her own")
    user.must_choose_password = False
    user.save()
    client.force_login(user)
    return user


def confirm_role_of(username):
    """The administrator of the other council, made on the server, confirms a role over the web."""
    facts = {"name": "Bob Brown", "council": "Birch District Council", "short_name": "BDC"}
    call_command("create_administrator", "bob", **facts, stdout=StringIO())
    User.objects.filter(username="bob").update(must_choose_password=False)
    bob = Client()
    bob.force_login(User.objects.get(username="bob"))
    role = Membership.objects.get(user__username=username)
    at = f"/roles/{role.pk}/confirm/"
    assert bob.post(at, {"reason": "Met at the handover"} | shown(bob, at)).status_code == 302


def state_of(client):
    """The titles of the steps that are done."""
    page = client.get("/first-steps/").content.decode()
    steps = re.findall(r'portal-step__title">([^<]+)</h2>.*?portal-step__state">(.*?)</p>', page, re.DOTALL)
    return [title for title, state in steps if "Done" in state]


def test_first_account_is_made_by_one_command(administrator):
    assert [str(held) for held in Membership.objects.all()] == ["Ada Adams, Administrator, ACC"]
    assert administrator.has_usable_password()


def test_command_says_why_it_refuses(administrator):
    with pytest.raises(CommandError, match="User name already exists"):
        call_command("create_administrator", "ada", name="Another", council="X", short_name="X")
    assert Council.objects.count() == 1


def test_first_sign_in_leads_through_the_second_step_to_the_first_steps(administrator, client):
    client.logout()
    answer = client.post("/sign-in/", {"username": "ada", "password": "three words of her own"})
    assert (answer.status_code, answer["Location"]) == (302, "/first-steps/")
    assert client.get("/first-steps/")["Location"] == "/your-sign-in/"
    set_up_app(client)
    assert client.get("/first-steps/").status_code == 200


def test_steps_can_be_taken_up_again_by_whoever_takes_any(administrator, client):
    """They stand in the menu of who keeps a register that they fill, and of nobody else."""
    assert 'href="/first-steps/"' in client.get("/councils/").content.decode()
    auditor = make_membership(council=Council.objects.get(), role="auditor").user
    client.force_login(auditor)
    assert "First steps" not in client.get("/", follow=True).content.decode()


def test_officer_is_led_to_the_steps_until_there_is_a_post(administrator, client):
    test_administrator_sets_up_councils_partnership_and_people(administrator, client)
    olu = User.objects.get(username="olu")
    assert first_steps.are_to_begin(olu)
    make_post(partnership=Partnership.objects.get())
    assert not first_steps.are_to_begin(User.objects.get(pk=olu.pk))


def test_administrator_sets_up_councils_partnership_and_people(administrator, client):
    assert state_of(client) == []
    birch = {"name": "Birch District Council", "short_name": "BDC", "tier": "district", "numbering": "numbers"}
    assert (
        client.post("/councils/new/", birch | {"executive_name": "Executive", "area_name": "Ward"}).status_code == 302
    )
    assert state_of(client) == ["Enter the councils"]

    councils = [council.pk for council in Council.objects.order_by("name")]
    founded = {"name": "Alder and Birch", "slug": "alder-birch", "kind": "sharing", "councils": councils}
    precision = {"agreed_precision": "day", "started_precision": "day"}
    assert client.post("/partnerships/new/", founded | precision).status_code == 302
    assert [party.council.short_name for party in Partnership.objects.get().parties.all()] == ["ACC", "BDC"]

    person = {"name": "Olu Officer", "username": "olu", "email": "", "council": councils[0], "role": "officer"}
    answer = client.post("/roles/new-person/", person | {"from_on": "1 April 2026"})
    assert answer["Location"] == "/roles/"
    password = str(list(get_messages(answer.wsgi_request))[-1]).rpartition(": ")[2]
    olu = User.objects.get(username="olu")
    assert olu.check_password(password)
    assert olu.must_choose_password
    User.objects.filter(pk=olu.pk).update(must_choose_password=False)  # as after the first sign-in
    assert Membership.objects.get(user__username="olu").from_on == date(2026, 4, 1)
    client.force_login(olu)
    assert client.get("/commitments/paste/").status_code == 403  # the role waits for a second person
    client.force_login(administrator)
    assert state_of(client) == ["Enter the councils", "Found the partnership"]  # the role waits for confirmation
    confirm_role_of("olu")
    client.force_login(administrator)
    assert state_of(client) == ["Enter the councils", "Found the partnership", "Give people their roles"]


def test_officer_takes_over_and_pastes_the_principles(administrator, client):
    test_administrator_sets_up_councils_partnership_and_people(administrator, client)
    client.force_login(User.objects.get(username="olu"))
    pasted = {
        "partnership": Partnership.objects.get().pk,
        "kind": "principle",
        "adopted_on": "23 October 2026",
        "statements": "1. Each council keeps its own constitution\r\n\r\n(2) Both show that they save, or at least"
        " pay no more than they did before\r\nc) Nothing is rushed",
    }
    assert client.post("/commitments/paste/", pasted)["Location"] == "/commitments/"
    entered = Commitment.objects.order_by("number").values_list("number", "short_title", "statement")
    assert list(entered) == [
        (1, "Each council keeps its own constitution", "Each council keeps its own constitution"),
        (
            2,
            "Both show that they save, or at least…",
            "Both show that they save, or at least pay no more than they did before",
        ),
        (3, "Nothing is rushed", "Nothing is rushed"),
    ]


def test_nobody_gives_themself_a_role_over_content(administrator, client):
    role = {"user": administrator.pk, "council": Council.objects.get().pk, "role": "officer", "from_on": "1 April 2026"}
    answer = client.post("/roles/new/", role)
    assert answer.status_code == 200
    assert "You cannot give yourself a role. Ask another administrator." in answer.content.decode()
    assert Membership.objects.count() == 1


def test_taken_user_name_is_refused_and_nothing_half_made(administrator, client):
    person = {"name": "Another Ada", "username": "ada", "council": Council.objects.get().pk, "role": "officer"}
    answer = client.post("/roles/new-person/", person | {"from_on": "1 April 2026"})
    assert "User with this User name already exists." in answer.content.decode()
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)


def test_another_role_neither_adds_people_nor_pastes(administrator, client):
    test_administrator_sets_up_councils_partnership_and_people(administrator, client)
    assert client.get("/commitments/paste/").status_code == 403  # the administrator keeps no commitments
    client.force_login(User.objects.get(username="olu"))
    assert client.get("/roles/new-person/").status_code == 403
    assert client.get("/commitments/paste/").status_code == 200


def test_people_of_other_councils_are_not_offered(administrator, client):
    elsewhere = make_membership(council=make_council(name="Cedar District Council")).user
    without_role = make_user(name="Newly Hired")
    page = client.get("/roles/new/").content.decode()
    assert (elsewhere.name in page, without_role.name in page, "Ada Adams" in page) == (False, True, True)


def test_pages_of_councils_and_places_show_no_internal_field(administrator, client):
    test_administrator_sets_up_councils_partnership_and_people(administrator, client)
    council = Council.objects.get(name="Alder County Council")
    place = Partnership.objects.get().parties.get(council=council)
    shown_labels = []
    for address in (council.get_absolute_url(), place.get_absolute_url()):
        for page in (address, f"{address}history/"):
            shown_labels += re.findall(r'summary-list__key">\s*([^<]+?)\s*<', client.get(page).content.decode())
    assert "Short name" in shown_labels
    assert {"Short name folded", "Key", "Consents"} & set(shown_labels) == set()
    assert "{&#x27;" not in client.get(place.get_absolute_url()).content.decode()
