"""Test what waits for a council's own finance verifier, who may not verify it, and what clears it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import F

from joint_posts.models import SavingLine
from joint_posts.savings import workflow
from joint_posts.savings.verification import how_many_wait, verified_lately, waiting_for
from partnership.accounts.roles import ROLES
from partnership.records.workflow import withdraw
from tests.html_forms import untouched
from tests.two_partnerships import DAY, everything, make_person

pytestmark = pytest.mark.django_db
WHY = "Budget monitoring"
IN_2020 = {"delivered_to_on": date(2020, 9, 30)}
YEAR = "2019/20"
ON = date(2019, 10, 1)


@pytest.fixture
def officer(world):
    return {"by": world.people["officer.alder"], "reason": WHY}


@pytest.fixture
def line(world, officer):
    """A delivered figure of Alder's, entered by Alder's officer."""
    figures = {"delivered": Decimal(500), "delivered_to_on": date(2019, 9, 30)}
    return workflow.set_line(world.ours.saving, world.alder, YEAR, **figures, **officer)


def queue(client, user):
    """The queue as a person sees it: what waits for them, what waits for somebody else, what is done."""
    client.force_login(user)
    response = client.get("/verification/")
    assert response.status_code == 200
    waiting, _, rest = response.content.decode().partition('id="done"')
    waiting, _, own = waiting.partition('id="own"')
    return waiting, own, rest


def verify_page(line):
    return f"/savings/lines/{line.pk}/verify/"


def test_queue_leads_the_councils_verifier_to_the_page_that_verifies(client, world, line):
    verifier = world.people["finance_verifier.alder"]
    waiting, own, done = queue(client, verifier)
    assert f'href="{verify_page(line)}"' in waiting
    assert [text in waiting for text in ("£500", "30 September 2019", "officer.alder of the tests")] == [True] * 3
    assert (own, "Nothing has been verified yet" in done) == ("", True)
    form = untouched(client.get(verify_page(line)).content.decode())
    assert client.post(verify_page(line), form | {"reason": "Budget code seen"}).status_code == 302
    line.refresh_from_db()
    assert (line.verified_by, line.verification_note) == (verifier, "Budget code seen")
    waiting, _, done = queue(client, verifier)
    assert "Nothing waits for you." in waiting
    assert "Budget code seen" in done


def test_page_that_verifies_shows_the_figure(client, world, line):
    client.force_login(world.people["finance_verifier.alder"])
    answer = client.get(f"/savings/lines/{line.pk}/verify/")
    shown = {field["label"]: field["text"] for field in answer.context["fields"]}
    assert shown["Council"] == "Alder County"
    assert shown["Delivered"] == f"£{line.delivered:,.0f}"
    assert '<dd class="govuk-summary-list__value">' in answer.content.decode()


def test_another_councils_verifier_is_not_asked_and_is_refused(client, world, line):
    waiting, own, _ = queue(client, world.people["finance_verifier.birch"])
    assert ("Nothing waits for you." in waiting, own) == (True, "")
    before = everything()
    assert client.get(verify_page(line)).status_code == 403
    assert client.post(verify_page(line), {"reason": "Mine"}).status_code == 403
    assert everything() == before


def test_stranger_verifies_their_own_partnership_alone(client, world, line):
    stranger = world.people["stranger"]
    by = {"by": make_person("cedar", (world.cedar, "officer")), "reason": WHY}
    theirs = workflow.set_line(
        world.theirs.saving, world.cedar, YEAR, delivered=Decimal(7), delivered_to_on=date(2019, 9, 30), **by
    )
    waiting, *_ = queue(client, stranger)
    assert (verify_page(theirs) in waiting, verify_page(line) in waiting) == (True, False)
    assert client.get(verify_page(line)).status_code == 404


def test_as_many_wait_as_the_person_may_verify(world, line, officer):
    """Of all partnerships, or of one; without what they entered themself and what is verified."""
    both = make_person("both", (world.alder, "officer"), (world.alder, "finance_verifier"))
    verifier = world.people["finance_verifier.alder"]
    ours = world.ours.partnership
    theirs = world.theirs.partnership
    figures = {"delivered": Decimal(500), "delivered_to_on": date(2019, 9, 30)}
    own = workflow.set_line(world.ours.saving, world.alder, "2020/21", **figures | IN_2020, by=both, reason=WHY)
    workflow.set_line(world.ours.saving, world.birch, YEAR, **figures, **officer)
    assert (how_many_wait(verifier), how_many_wait(both)) == (2, 1)
    assert [how_many_wait(verifier, saving__partnership=one) for one in (ours, theirs)] == [2, 0]
    assert waiting_for(both) == ([line], [own])
    workflow.verify_line(own, on=ON, by=verifier)
    workflow.verify_line(line, on=date(2019, 10, 2), by=verifier)
    assert (how_many_wait(verifier), verified_lately(verifier)) == (0, [line, own])


def test_own_entry_waits_for_somebody_else_and_says_why(client, world):
    both = make_person("both", (world.alder, "officer"), (world.alder, "finance_verifier"))
    figures = {"delivered": Decimal(500), "delivered_to_on": date(2019, 9, 30)}
    line = workflow.set_line(world.ours.saving, world.alder, YEAR, **figures, by=both, reason=WHY)
    waiting, own, _ = queue(client, both)
    assert verify_page(line) not in waiting + own
    assert "You entered or last changed these figures" in own
    assert f'href="/savings/lines/{line.pk}/"' in own
    before = everything()
    assert client.post(verify_page(line), {"reason": "Mine"}).status_code == 403
    assert everything() == before
    assert "Verification (" not in client.get("/verification/").content.decode()
    waiting, *_ = queue(client, world.people["finance_verifier.alder"])
    assert verify_page(line) in waiting


def test_database_refuses_the_same_person_too(line):
    with pytest.raises(IntegrityError, match="line_verified_by_somebody_else"), transaction.atomic():
        models.QuerySet(SavingLine).filter(pk=line.pk).update(verified_by=F("figures_changed_by"), verified_on=ON)


def test_what_does_not_wait_is_not_in_the_queue(client, world, officer):
    """Nothing delivered, a withdrawn line, the line of a withdrawn saving."""
    figures = {"delivered": Decimal(500), "delivered_to_on": date(2019, 9, 30)}
    workflow.set_line(world.ours.saving, world.alder, "2018/19", estimated=Decimal(500), **officer)
    line = workflow.set_line(world.ours.saving, world.alder, YEAR, **figures, **officer)
    withdraw(line, on=DAY, **officer)
    workflow.set_line(world.ours.saving, world.alder, "2020/21", **figures | IN_2020, **officer)
    withdraw(world.ours.saving, on=DAY, **officer)
    waiting, *_ = queue(client, world.people["finance_verifier.alder"])
    assert "Nothing waits for you." in waiting


@pytest.mark.parametrize("change", [{"delivered": Decimal(501)}, {"delivered_to_on": date(2019, 8, 31)}])
def test_edit_clears_it_and_the_page_says_until_when_it_was_verified(client, world, line, officer, change):
    verifier = world.people["finance_verifier.alder"]
    workflow.verify_line(line, on=ON, note="Seen", by=verifier)
    at = f"/savings/{world.ours.saving.pk}/"
    client.force_login(officer["by"])
    assert "Verified by finance_verifier.alder of the tests on 1 October 2019: Seen" in client.get(at).content.decode()
    workflow.set_line(world.ours.saving, world.alder, YEAR, **change, **officer)
    said = "Waits for verification. Verified by finance_verifier.alder of the tests on 1 October 2019 until the figure"
    assert said in client.get(at).content.decode()
    waiting, *_ = queue(client, verifier)
    assert verify_page(line) in waiting


def test_edit_in_the_grid_clears_it(client, world, line, officer):
    workflow.verify_line(line, on=ON, by=world.people["finance_verifier.alder"])
    client.force_login(officer["by"])
    at = f"/savings/{world.ours.saving.pk}/grid/"
    form = untouched(client.get(at).content.decode())
    cell = f"{world.alder.pk}-2019-20-delivered"
    client.post(at, form | {"do": "save", "reason": WHY, cell: "600"})
    line.refresh_from_db()
    assert (line.delivered, line.verified_by, line.verified_on) == (600, None, None)


def test_menu_offers_the_queue_to_verifiers_with_what_waits(client, world, line):
    offered = {}
    for role in ROLES:
        client.force_login(world.people[f"{role}.alder"])
        body = client.get("/joint-posts/").content.decode()
        offered[role] = 'href="/verification/"' in body
        assert ("Verification (1 waiting)" in body) == (role == "finance_verifier"), role
        assert client.get("/verification/").status_code == (200 if role == "finance_verifier" else 403), role
    assert [role for role, found in offered.items() if found] == ["finance_verifier"]
    client.logout()
    assert client.get("/verification/").headers["Location"] == "/sign-in/?next=/verification/"


def test_list_of_savings_says_what_waits(client, world, line, officer):
    client.force_login(officer["by"])
    assert "Waits for verification" in client.get("/savings/").content.decode()
    workflow.verify_line(line, on=ON, by=world.people["finance_verifier.alder"])
    body = client.get("/savings/").content.decode()
    assert ("Waits for verification" in body, ">Verified<" in body) == (False, True)


def test_queue_costs_the_same_for_one_line_and_for_many(client, world, line, officer, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(world.people["finance_verifier.alder"])
    client.get("/verification/")
    with CaptureQueriesContext(connection) as for_one:
        client.get("/verification/")
    for start in range(2020, 2030):
        figures = {"delivered": Decimal(5), "delivered_to_on": date(start, 9, 30)}
        workflow.set_line(world.ours.saving, world.alder, f"{start}/{start - 1999}", **figures, **officer)
    with django_assert_num_queries(len(for_one)):
        client.get("/verification/")


# --- Several at once ------------------------------------------------------------------------------------------------


@pytest.fixture
def ten(world, officer):
    """Ten delivered figures of Alder's, of ten financial years, entered by Alder's officer."""
    lines = []
    for start in range(2010, 2020):
        figures = {"delivered": Decimal(start), "delivered_to_on": date(start, 9, 30), "estimated": Decimal(start + 5)}
        year = f"{start}/{(start + 1) % 100:02}"
        lines.append(workflow.set_line(world.ours.saving, world.alder, year, **figures, **officer))
    return lines


def choose(client, lines, note="Budget codes seen"):
    """Choose lines on the page as it stands now and send it."""
    form = untouched(client.get("/verification/").content.decode())
    chosen = [f"{line.pk}-{line.version}" for line in lines]
    return client.post("/verification/", form | {"lines": chosen, "note": note})


def test_queue_ten_figures_are_verified_on_one_page_with_one_note(client, world, ten):
    verifier = world.people["finance_verifier.alder"]
    client.force_login(verifier)
    response = choose(client, ten)
    assert (response.status_code, response.headers["Location"]) == (302, "/verification/")
    rows = SavingLine.objects.filter(pk__in=[line.pk for line in ten])
    assert {(row.verified_by, row.verification_note) for row in rows} == {(verifier, "Budget codes seen")}
    assert how_many_wait(verifier) == 0


def test_queue_shows_plan_difference_and_the_reason_given(client, world, ten):
    waiting, _, _ = queue(client, world.people["finance_verifier.alder"])
    for label, shown in (("Estimated", "£2,015"), ("Delivered", "£2,010"), ("Reason given", WHY)):
        assert f'data-label="{label}"' in waiting
        assert f">{shown}</td>" in waiting
    assert waiting.count(">−£5</td>") == len(ten)


def test_queue_figure_changed_since_the_page_was_opened_verifies_none(client, world, officer, ten):
    client.force_login(world.people["finance_verifier.alder"])
    workflow.set_line(world.ours.saving, world.alder, "2010/11", delivered=Decimal(9), **officer)
    response = choose(client, ten)  # the first of them in the version before
    assert response.status_code == 200
    assert "nothing was verified" in response.content.decode()
    assert SavingLine.objects.filter(verified_by__isnull=False).count() == 0


def test_queue_another_councils_line_is_no_choice(client, world, ten):
    figures = {"delivered": Decimal(7), "delivered_to_on": date(2019, 9, 30)}
    by = {"by": world.people["officer.birch"], "reason": WHY}
    theirs = workflow.set_line(world.ours.saving, world.birch, YEAR, **figures, **by)
    client.force_login(world.people["finance_verifier.alder"])
    response = choose(client, [*ten, theirs])
    assert response.status_code == 200
    assert SavingLine.objects.filter(verified_by__isnull=False).count() == 0


def test_queue_without_a_choice_or_note_is_refused_and_keeps_the_rest(client, world, ten):
    client.force_login(world.people["finance_verifier.alder"])
    page = choose(client, ten[:2], note="").content.decode()
    assert "Say what you checked." in page
    boxes = untouched(page)["lines"]
    assert sorted(boxes) == sorted(f"{line.pk}-{line.version}" for line in ten[:2])
    page = choose(client, [], note="Seen").content.decode()
    assert "Choose the figures that you checked." in page
    assert "Seen</textarea>" in page


def test_queue_form_sent_twice_verifies_once(client, world, ten):
    client.force_login(world.people["finance_verifier.alder"])
    form = untouched(client.get("/verification/").content.decode())
    chosen = form | {"lines": [f"{line.pk}-{line.version}" for line in ten[:3]], "note": "Seen"}
    for _ in range(2):
        assert client.post("/verification/", chosen).status_code == 302
    assert SavingLine.history.filter(verified_by__isnull=False).count() == 3
