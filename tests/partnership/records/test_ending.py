"""Test that records end by an action with its own page, and a party stays while its partnership's records name it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnership.accounts.permissions import today
from partnership.governance.workflow import add_party
from partnership.models import Council, Membership, Party
from partnership.records.record import recording
from tests.filled_registers import everything
from tests.html_forms import shown, untouched
from tests.partnership.generic.test_register import address

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

# For each: who ends it, the question, the last day, and how a day before its start is refused.
ENDS = {
    "agreement": (
        "officer",
        "ended_on",
        "Enter an end that is not before the agreement's start on 1 October 2018.",
    ),
    "servicearrangement": ("officer", "ended_on", "Enter an end that is not before the start."),
    "membership": ("administrator", "until_on", "Enter a last day that is not before the first day."),
}
STARTS = {"agreement": "commenced_on", "servicearrangement": "started_on"}
WHY = "Notice was given by both."


@pytest.fixture
def begun(filled):
    """The rows, each begun on a day."""
    with recording(by=filled.people["officer"], reason="Set up"):
        for name, field in STARTS.items():
            row = filled.ours[name]
            row.refresh_from_db()
            setattr(row, field, date(2018, 10, 1))
            row.full_clean_and_save()
    filled.ours["membership"] = Membership.objects.get(user=filled.people["clerk"])
    return filled


@pytest.mark.parametrize("name", ENDS)
def test_it_ends_on_its_own_page_after_its_last_day_with_the_reason(name, client, begun):
    who, field, _ = ENDS[name]
    client.force_login(begun.people[who])
    at = address(name, "end", begun.ours)
    record = begun.ours[name]
    assert f'href="{at}"' in client.get(address(name, "detail", begun.ours)).content.decode()
    sent = untouched(client.get(at).content.decode())
    answer = client.post(at, sent | {field: "31 March 2026", "reason": WHY})
    assert answer.status_code == 302, answer.context["form"].errors
    record.refresh_from_db()
    assert getattr(record, field) == date(2026, 3, 31)
    latest = record.history.latest("history_id")
    assert (latest.person, latest.history_change_reason) == (begun.people[who].name, WHY)
    if name in STARTS:
        assert record.end_reason == WHY
    assert client.get(at).status_code == 403
    assert f'href="{at}"' not in client.get(address(name, "detail", begun.ours)).content.decode()


@pytest.mark.parametrize("name", ENDS)
def test_end_before_the_start_is_refused_at_its_question(name, client, begun):
    who, field, sentence = ENDS[name]
    client.force_login(begun.people[who])
    at = address(name, "end", begun.ours)
    sent = untouched(client.get(at).content.decode())
    before = everything()
    answer = client.post(at, sent | {field: "31 December 2017", "reason": WHY})
    assert [(link.message, link.target) for link in answer.context["form"].error_summary] == [(sentence, f"id_{field}")]
    assert everything() == before


@pytest.mark.parametrize("name", STARTS)
def test_form_does_not_end_it(name, client, begun):
    client.force_login(begun.people["officer"])
    at = address(name, "edit", begun.ours)
    record = begun.ours[name]
    sent = untouched(client.get(at).content.decode())
    assert {"ended_on", "end_reason"} & set(sent) == set()
    before = everything()
    assert client.post(at, sent | {"ended_on": "1 April 2026", "end_reason": "So", "reason": WHY}).status_code == 302
    assert everything() == before
    record.refresh_from_db()
    assert record.ended_on is None


def test_role_has_no_form_that_changes_it(client, begun):
    client.force_login(begun.people["administrator"])
    role = begun.ours["membership"]
    page = client.get(reverse("membership_detail", args=[role.pk])).content.decode()
    assert "End the role" in page
    assert f"/roles/{role.pk}/edit/" not in page
    assert client.get(f"/roles/{role.pk}/edit/").status_code == 404


@pytest.fixture
def party(client, filled):
    """Alder's place in the partnership, with its administrator signed in."""
    client.force_login(filled.people["administrator"])
    return Party.objects.get(partnership=filled.ours["partnership"], council=filled.alder)


def test_party_is_not_withdrawn_while_records_name_its_council(client, filled, party):
    before = everything()
    at = reverse("party_withdraw", args=[party.pk])
    answer = client.post(at, shown(client, at) | {"reason": "It left"})
    [sentence] = answer.context["form"].non_field_errors()
    assert sentence.startswith("Still linked to it: ")
    assert sentence.endswith(" more. Change or withdraw what is linked first.")
    assert everything() == before


def test_party_does_not_become_another_council(client, filled, party):
    at = reverse("party_edit", args=[party.pk])
    sent = untouched(client.get(at).content.decode())
    assert "council" not in sent
    client.post(at, sent | {"council": filled.cedar.pk, "reason": "Put right"})
    assert Party.objects.get(pk=party.pk).council == filled.alder
    party.council = filled.cedar
    with pytest.raises(ValidationError) as refused:
        party.clean()
    assert refused.value.message_dict == {
        "council": ["Records of the partnership name Alder County, so it stays. Add the other council."]
    }


def test_party_proposed_by_mistake_is_withdrawn(client, filled):
    administrator = filled.people["administrator"]
    with recording(by=administrator, reason="Set up"):
        wrong = Council(name="Wrong", short_name="Wrong", tier="district").full_clean_and_save()
    party = Party(partnership=filled.ours["partnership"], council=wrong, position=3)
    add_party(party, on=today(), by=administrator, reason="Set up")
    client.force_login(administrator)
    at = reverse("party_withdraw", args=[party.pk])
    assert client.post(at, shown(client, at) | {"reason": "Never joined"}).status_code == 302
