"""A council joins a partnership, stays in it and leaves it by its own administrators alone."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnership.accounts.permissions import today
from partnership.governance import workflow as governance_workflow
from partnership.models import Council, Partnership, Party, User
from partnership.records import workflow as records_workflow
from tests.factories import change, make_body, make_council, make_membership, make_partnership, make_user, withdraw
from tests.html_forms import shown

pytestmark = pytest.mark.django_db
WHY = "Agreed by the cabinets"


@pytest.fixture
def councils():
    """Elm and Fir share; Gorse and Hazel are in no partnership. Each has an administrator and an officer."""
    made = [make_council(name=name, short_name=name) for name in ("Elm", "Fir", "Gorse", "Hazel")]
    for council in made:
        for role in ("administrator", "officer"):
            user = make_user(username=f"{role}.{council.name.lower()}", name=f"{role} of {council}", council=council)
            make_membership(user=user, council=council, role=role)
    make_partnership(councils=made[:2], name="Elm and Fir", slug="elm-fir")
    return made


def person(username):
    return User.objects.get(username=username)


def shared():
    return Partnership.objects.get(slug="elm-fir")


def propose(council, by="administrator.elm"):
    party = Party(partnership=shared(), council=council, position=3)
    return governance_workflow.add_party(party, on=today(), by=person(by), reason=WHY)


def consent(party, by):
    return governance_workflow.confirm_party(party, on=today(), by=person(by), reason=WHY)


def reads(username):
    return Partnership.objects.visible_to(person(username)).filter(slug="elm-fir").exists()


@pytest.mark.parametrize("order", [("fir", "gorse"), ("gorse", "fir")])
def test_added_council_gets_no_access_until_every_council_confirmed(councils, order):
    gorse = councils[2]
    party = propose(gorse)
    names = {"fir": "Fir", "gorse": "Gorse"}
    assert party.waits_for(today()) == "Waiting for confirmation by Fir and Gorse."
    for name in order:
        assert not reads("officer.gorse")
        assert gorse not in Council.objects.visible_to(person("officer.elm"))
        assert not party.is_party(today())
        consent(party, f"administrator.{name}")
    assert names
    assert reads("officer.gorse")
    assert gorse in Council.objects.visible_to(person("officer.elm"))
    assert (party.confirmed_on, party.waits_for(today())) == (today(), "")


def test_confirm_party_is_for_the_councils_concerned_alone(councils):
    party = propose(councils[2])
    for username in ("administrator.elm", "administrator.hazel", "officer.fir"):
        with pytest.raises(PermissionDenied):
            consent(party, username)
    consent(party, "administrator.fir")
    with pytest.raises(PermissionDenied):
        consent(party, "administrator.fir")


def test_third_council_joins_a_fourth_only_with_all_three(councils):
    party = propose(councils[2])
    consent(party, "administrator.fir")
    consent(party, "administrator.gorse")
    fourth = propose(councils[3], by="administrator.gorse")
    assert fourth.waits_for(today()) == "Waiting for confirmation by Elm and Fir and Hazel."


def test_another_councils_place_is_not_changed_nor_withdrawn(councils):
    place = Party.objects.get(council=councils[1])
    by = person("administrator.elm")
    with pytest.raises(PermissionDenied):
        records_workflow.change(place, left_on=today(), by=by, reason=WHY)
    with pytest.raises(PermissionDenied):
        records_workflow.withdraw(Party.objects.get(pk=place.pk), on=today(), by=by, reason=WHY)
    own = person("administrator.fir")
    assert (
        records_workflow.change(Party.objects.get(pk=place.pk), left_on=today(), by=own, reason=WHY).left_on == today()
    )


def test_another_councils_place_answers_403_over_the_web(councils, client):
    place = Party.objects.get(council=councils[1])
    client.force_login(person("administrator.elm"))
    at = f"/partnerships/parties/{place.pk}"
    typed = {
        "position": 2,
        "joined_precision": "day",
        "left_on": "1 April 2026",
        "version": place.version,
        "reason": WHY,
    }
    answers = [
        client.get(f"{at}/edit/"),
        client.post(f"{at}/edit/", typed),
        client.post(f"{at}/withdraw/", {"reason": WHY}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    client.force_login(person("administrator.fir"))
    assert client.get(f"{at}/edit/").status_code == 200


def test_place_stays_that_of_its_council(councils):
    place = Party.objects.get(council=councils[0])
    with pytest.raises(ValidationError, match="A place stays that of its council"):
        change(place, council=councils[2])


def test_new_partnership_waits_for_councils_that_its_founder_is_not_of(councils):
    elm, fir, gorse, _ = councils
    facts = {"name": "New", "slug": "new", "councils": [elm, fir, gorse], "reason": WHY}
    new = governance_workflow.found_partnership(**facts, by=person("administrator.elm"))
    assert list(new.parties.active().values_list("council__name", flat=True)) == ["Elm"]
    place = new.parties.get(council=fir)
    assert place.waits_for(today()) == "Waiting for confirmation by Fir."
    consent(place, "administrator.fir")
    assert list(new.parties.active().values_list("council__name", flat=True)) == ["Elm", "Fir"]
    assert new.parties.get(council=gorse).waits_for(today()) == "Waiting for confirmation by Fir and Gorse."


def test_founder_of_an_empty_portal_adds_the_councils_that_they_entered(councils):
    by = person("administrator.elm")
    ivy = governance_workflow.add_council(
        Council(name="Ivy", short_name="IVY", tier="district"), on=today(), by=by, reason=WHY
    )
    facts = {"name": "New", "slug": "new", "councils": [councils[0], ivy], "reason": WHY}
    new = governance_workflow.found_partnership(**facts, by=person("administrator.elm"))
    assert new.parties.active().count() == 2


def test_proposal_is_withdrawn_by_who_made_it_and_not_by_others(councils):
    party = propose(councils[2])
    with pytest.raises(PermissionDenied):
        records_workflow.withdraw(party, on=today(), by=person("administrator.fir"), reason=WHY)
    records_workflow.withdraw(Party.objects.get(pk=party.pk), on=today(), by=person("administrator.elm"), reason=WHY)
    with pytest.raises(ValidationError):
        consent(Party.objects.get(pk=party.pk), "administrator.fir")


def test_partnership_is_withdrawn_only_when_no_other_council_is_party(councils):
    with pytest.raises(PermissionDenied, match="Fir has to leave it first"):
        records_workflow.withdraw(shared(), on=today(), by=person("administrator.elm"), reason=WHY)


def test_waiting_council_is_confirmed_over_the_web(councils, client):
    client.force_login(person("administrator.elm"))
    at = f"/partnerships/{shared().pk}/parties/new/"
    typed = {"council": councils[2].pk, "position": 3, "joined_precision": "day"}
    assert client.post(at, typed).status_code == 302
    page = client.get(f"/partnerships/{shared().pk}/").content.decode()
    assert "Waiting for confirmation by Fir and Gorse." in page
    party = Party.objects.get(council=councils[2])
    for name in ("fir", "gorse"):
        client.force_login(person(f"administrator.{name}"))
        assert "Gorse in Elm and Fir" in client.get("/roles/confirmations/").content.decode()
        confirm = f"/partnerships/parties/{party.pk}/confirm/"
        assert client.post(confirm, {"reason": WHY} | shown(client, confirm)).status_code == 302
    assert reads("officer.gorse")


def test_council_withdrawn_or_never_confirmed_is_visible_to_nobody(councils):
    elm, fir, gorse, hazel = councils
    propose(gorse)
    place = Party(partnership=shared(), council=hazel, position=4)
    from tests.factories import keep

    withdraw(keep(place), on=today())
    seen = Council.objects.visible_to(person("officer.elm"))
    assert list(seen) == [elm, fir]
    for name in ("gorse", "hazel"):
        assert elm not in Council.objects.visible_to(person(f"officer.{name}"))


def test_people_of_a_withdrawn_council_are_in_no_pick_list(councils, client):
    from tests.factories import keep

    hazel = councils[3]
    withdraw(keep(Party(partnership=shared(), council=hazel, position=4)), on=today())
    make_body(partnership=shared())
    client.force_login(person("officer.elm"))
    page = client.get("/actions/new/").content.decode()
    assert ("officer of Fir" in page, "officer of Hazel" in page, "officer of Gorse" in page) == (True, False, False)
