"""An act is bound to what the person saw: both versions are shown when it changed meanwhile."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from joint_posts.models import SavingLine
from joint_posts.savings import workflow
from partnership.records.workflow import withdraw
from tests.html_forms import untouched
from tests.two_partnerships import DAY, everything, make_person

pytestmark = pytest.mark.django_db
WHY = {"reason": "Budget monitoring"}
YEAR = "2019/20"


@pytest.fixture
def officer(world):
    return {"by": world.people["officer.alder"], **WHY}


@pytest.fixture
def line(world, officer):
    """A delivered figure of Alder's, entered by Alder's officer."""
    figures = {"delivered": Decimal(5005), "delivered_to_on": date(2019, 9, 30)}
    return workflow.set_line(world.ours.saving, world.alder, YEAR, **figures, **officer)


def opened(client, line, user):
    """The verify page of a line as somebody opens it: its address and what its form sends."""
    client.force_login(user)
    at = reverse("savingline_verify", args=[line.pk])
    return at, untouched(client.get(at).content.decode()) | {"reason": "Budget code seen"}


def compared(answer):
    """The fields of a refused act, as they were on its page and as they are now."""
    return [(row["label"], row["seen"], row["now"]) for row in answer.context["overtaken"]["rows"]]


def test_verify_figure_raised_meanwhile_is_refused_with_both_figures(client, world, line, officer):
    at, sent = opened(client, line, world.people["finance_verifier.alder"])
    workflow.set_line(world.ours.saving, world.alder, YEAR, delivered=Decimal(987654), **officer)
    before = everything()
    answer = client.post(at, sent)
    assert answer.status_code == 409
    assert compared(answer) == [("Delivered", "£5,005", "£987,654")]
    body = answer.content.decode()
    assert "officer.alder of the tests saved on" in body
    assert "£987,654" in body
    assert everything() == before
    assert client.post(at, untouched(body) | {"reason": "Seen anew"}).status_code == 302
    line.refresh_from_db()
    assert (line.delivered, line.verified_by) == (987654, world.people["finance_verifier.alder"])


def test_verify_restated_meaning_meanwhile_is_refused(client, world, line, officer):
    """The basis stands on the saving, whose change restates its lines."""
    at, sent = opened(client, line, world.people["finance_verifier.alder"])
    world.ours.saving.basis = "Salary and pension"
    workflow.change_saving(world.ours.saving, by=world.people["officer.birch"], reason="Put right")
    assert client.post(at, sent).status_code == 409
    line.refresh_from_db()
    assert line.verified_by is None


def test_verify_figure_verified_meanwhile_is_refused_with_who(client, world, line):
    second = make_person("second", (world.alder, "finance_verifier"))
    at, sent = opened(client, line, second)
    workflow.verify_line(line, on=DAY, note="Seen first", by=world.people["finance_verifier.alder"])
    before = everything()
    answer = client.post(at, sent)
    assert answer.status_code == 409
    assert "finance_verifier.alder of the tests verified this figure on 16 March 2019." in answer.content.decode()
    assert everything() == before


def test_act_without_a_version_is_refused(client, world, line):
    at, sent = opened(client, line, world.people["finance_verifier.alder"])
    del sent["version"]
    before = everything()
    assert client.post(at, sent).status_code == 409
    assert everything() == before


def test_withdraw_saving_with_a_line_added_meanwhile_is_refused(client, world, officer):
    """What is withdrawn with the saving is what the person saw."""
    workflow.set_line(world.ours.saving, world.alder, YEAR, estimated=Decimal(1), **officer)
    client.force_login(officer["by"])
    at = reverse("saving_withdraw", args=[world.ours.saving.pk])
    sent = untouched(client.get(at).content.decode()) | WHY
    workflow.set_line(world.ours.saving, world.birch, YEAR, estimated=Decimal(7000), **officer)
    answer = client.post(at, sent)
    assert answer.status_code == 409
    assert ("Line “BDC 2019/20”: Estimated", "Not there", "£7,000") in compared(answer)
    assert not SavingLine.objects.filter(withdrawn_on__isnull=False).exists()


def test_break_down_lines_changed_meanwhile_is_refused(client, world, officer):
    workflow.set_line(world.ours.saving, world.alder, YEAR, estimated=Decimal(900), **officer)
    client.force_login(officer["by"])
    at = reverse("saving_break-down", args=[world.ours.saving.pk])
    sent = untouched(client.get(at).content.decode()) | WHY
    post = world.ours.posts["in post"]
    sent |= {name: "900" for name in sent if name.startswith(f"part_{post.pk}_")}
    workflow.set_line(world.ours.saving, world.alder, YEAR, estimated=Decimal(950), **officer)
    before = everything()
    answer = client.post(at, sent)
    assert (answer.status_code, compared(answer)) == (409, [("Line “ACC 2019/20”: Estimated", "£900", "£950")])
    assert everything() == before


def test_withdraw_line_withdrawn_meanwhile_is_refused(client, world, line, officer):
    client.force_login(officer["by"])
    at = reverse("savingline_withdraw", args=[line.pk])
    sent = untouched(client.get(at).content.decode()) | WHY
    withdraw(line, on=DAY, by=world.people["officer.birch"], reason="Entered twice")
    before = everything()
    answer = client.post(at, sent)
    assert (answer.status_code, everything()) == (409, before)
    assert "This was withdrawn before." in answer.content.decode()
