"""Every register, every page of it, every role: who gets which page, and whose rows stand on it.

Who may what is written here by hand, apart from roles.py: a permission moved by mistake shows.
"""

import pytest
from django.urls import reverse

from partnership.navigation import registers
from partnership.roles import ROLES, permissions_of
from tests.filled_registers import BASELINE, SALARY, everything

EVERY = {register.name: register for register in registers().values()}
for register in list(EVERY.values()):
    for part in register.part_registers:
        EVERY |= {part.name: part} | {deeper.name: deeper for deeper in part.part_registers}
LISTED = [name for name, register in EVERY.items() if register.above is None]

REGISTER_READERS = {
    "officer", "pay_officer", "finance_verifier", "pwg_member", "councillor", "clerk", "monitoring_officer", "auditor"
}  # fmt: skip
PAPER_READERS = REGISTER_READERS - {"councillor"}
COST_READERS = {"pay_officer", "finance_verifier", "monitoring_officer", "auditor"}
PEOPLE_READERS = {"monitoring_officer", "auditor", "administrator"}
SET_UP_READERS = REGISTER_READERS | {"administrator"}
OFFICERS = {"officer"}
GOVERNANCE = {"officer", "monitoring_officer"}
WRITERS = {"officer", "clerk"}
CLERKS = {"clerk", "monitoring_officer"}
ACTIVE = {"officer", "clerk", "monitoring_officer"}
ADMINISTRATORS = {"administrator"}

# For each register: who reads it, who keeps it, and what Alder's row of it is called where it is listed.
WHO = {
    "jointpost": (REGISTER_READERS, OFFICERS, "Post of Alder"),
    "poststep": (REGISTER_READERS, OFFICERS, "Post of Alder"),
    "costshare": (COST_READERS, {"pay_officer"}, "Cost of Alder"),
    "councilshare": (COST_READERS, {"pay_officer"}, "Alder County"),
    "saving": (REGISTER_READERS, OFFICERS, "Saving of Alder"),
    "savingline": (REGISTER_READERS, OFFICERS, "2019/20"),
    "savingpost": (REGISTER_READERS, OFFICERS, "Post of Alder"),
    "savingarrangement": (REGISTER_READERS, OFFICERS, "Service of Alder"),
    "savingstarget": (REGISTER_READERS, OFFICERS, "Alder County"),
    "businesscase": (REGISTER_READERS, OFFICERS, "Case of Alder"),
    "casestep": (REGISTER_READERS, OFFICERS, "Step of Alder"),
    "caseoption": (REGISTER_READERS, OFFICERS, "Option of Alder"),
    "casecommitment": (REGISTER_READERS, OFFICERS, "Way of Alder"),
    "caseapproval": (REGISTER_READERS, OFFICERS, "Executive of Alder"),
    "casecost": (REGISTER_READERS, OFFICERS, "Reserve of Alder"),
    "servicearrangement": (REGISTER_READERS, OFFICERS, "Service of Alder"),
    "workingmodel": (REGISTER_READERS, OFFICERS, "Model of Alder"),
    "comparator": (REGISTER_READERS, OFFICERS, "Example of Alder"),
    "review": (PAPER_READERS, WRITERS, "Review of Alder"),
    "section": (PAPER_READERS, WRITERS, "Summary of Alder"),
    "assessment": (PAPER_READERS, WRITERS, "Reason of Alder"),
    "evidence": (PAPER_READERS, WRITERS, "Proof of Alder"),
    "recommendation": (PAPER_READERS, WRITERS, "the work of Alder"),
    "answer": (PAPER_READERS, ACTIVE, "Executive of Alder"),
    "followup": (PAPER_READERS, ACTIVE, "Task of Alder"),
    "outcome": (PAPER_READERS, ACTIVE, "Result of Alder"),
    "option": (PAPER_READERS, WRITERS, "Way forward of Alder"),
    "swotitem": (PAPER_READERS, WRITERS, "Trust of Alder"),
    "agendaitem": (REGISTER_READERS, CLERKS, "Case of Alder"),
    "coverreport": (PAPER_READERS, WRITERS, "Cover of Alder"),
    "implication": (PAPER_READERS, WRITERS, "Law of Alder"),
    "coverstyle": (PAPER_READERS, WRITERS, "Alder County"),
    "commitment": (REGISTER_READERS, GOVERNANCE, "Principle of Alder"),
    "agreement": (REGISTER_READERS, GOVERNANCE, "Agreement of Alder"),
    "agreementterm": (REGISTER_READERS, GOVERNANCE, "Notice of Alder"),
    "body": (REGISTER_READERS, GOVERNANCE, "Working group of Alder"),
    "seat": (REGISTER_READERS, CLERKS, "Member of Alder"),
    "meeting": (REGISTER_READERS, CLERKS, "Hall of Alder"),
    "decision": (REGISTER_READERS, CLERKS, "Issue of Alder"),
    "resolution": (REGISTER_READERS, CLERKS, "text of Alder"),
    "condition": (REGISTER_READERS, CLERKS, "Scrutiny of Alder"),
    "referral": (REGISTER_READERS, CLERKS, "View of Alder"),
    "action": (REGISTER_READERS, ACTIVE, "Task of Alder"),
    "actionnote": (REGISTER_READERS, ACTIVE, "Progress of Alder"),
    "partner": (REGISTER_READERS, GOVERNANCE, "Trust of Alder"),
    "significantpartnership": (REGISTER_READERS, GOVERNANCE, "Weight of Alder"),
    "risk": (REGISTER_READERS, GOVERNANCE, "Loss of Alder"),
    "informationsharing": (REGISTER_READERS, GOVERNANCE, "Protocol of Alder"),
    "funding": (REGISTER_READERS, GOVERNANCE, "Grant of Alder"),
    "annualreturn": (PAPER_READERS, GOVERNANCE, "Success of Alder"),
    "agreementreview": (REGISTER_READERS, GOVERNANCE, "Clear of Alder"),
    "terminationnotice": (REGISTER_READERS, GOVERNANCE, "Letter of Alder"),
    "auditcoverage": (PAPER_READERS, GOVERNANCE, "Audit of Alder"),
    "auditaction": (PAPER_READERS, GOVERNANCE, "Task of Alder"),
    "outsidebodyappointment": (REGISTER_READERS, CLERKS, "Trust of Alder"),
    "trainingsession": (REGISTER_READERS, CLERKS, "Duties of Alder"),
    "feedbacknote": (PAPER_READERS, CLERKS, "News of Alder"),
    "exitplan": (PAPER_READERS, GOVERNANCE, "Exit of Alder"),
    "exitpost": (PAPER_READERS, GOVERNANCE, "Return of Alder"),
    "exitarrangement": (PAPER_READERS, GOVERNANCE, "End of Alder"),
    "exitestimate": (PAPER_READERS, GOVERNANCE, "Recruitment of Alder"),
    "exitpayment": (COST_READERS, {"pay_officer"}, "34567.89"),
    "partnership": (SET_UP_READERS, ADMINISTRATORS, "Partnership of Alder"),
    "party": (SET_UP_READERS, ADMINISTRATORS, "Alder County"),
    "council": (SET_UP_READERS, ADMINISTRATORS, "Alder County"),
    "membership": (PEOPLE_READERS, ADMINISTRATORS, "Administrator of the tests"),
}
OWN_OF_STRANGER = {
    "membership": "Stranger of the tests",
    "council": "Cedar District",
    "savingstarget": "Cedar District",
    "coverstyle": "Cedar District",
}
READING = ("list", "export", "detail", "history")

pytestmark = pytest.mark.django_db


def pages_of(register):
    """The names of a register's pages."""
    listed = ["list", "export"] if register.above is None else []
    forms = {"create": register.is_added, "edit": register.is_edited}
    entered = [view for view, is_there in forms.items() if is_there and register.is_entered]
    return [*listed, *entered, "detail", "history", *(verb.name for verb in register.all_verbs)]


PAGES = [(name, view) for name, register in EVERY.items() for view in pages_of(register)]


def address(name, view, rows):
    """Where a page is, for the rows of one partnership."""
    register = EVERY[name]
    if view in ("list", "export"):
        return register.url(view)
    if view == "create":
        above = register.above
        return reverse(f"{name}_create", args=[getattr(rows[above.name], above.key)] if above else [])
    return register.url(view, rows[name])


def body_of(response):
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def is_open(name, view, rows):
    """Whether the row can take the verb as it stands; every other page always opens."""
    return all(verb.is_open(rows[name]) for verb in EVERY[name].all_verbs if verb.name == view)


def performers(name, view):
    """The roles that may use a verb which asks for a permission of its own."""
    asked = [verb.form_class.permission for verb in EVERY[name].all_verbs if verb.name == view]
    return {role for role in ROLES for permission in asked if permission in permissions_of(role)}


def test_every_register_is_in_the_table():
    assert set(WHO) == set(EVERY)


@pytest.mark.parametrize(("name", "view"), PAGES)
def test_page_opens_for_the_roles_that_may_and_for_no_other(client, filled, name, view):
    readers, keepers, title = WHO[name]
    writers = performers(name, view) or keepers
    allowed = readers | keepers if view in READING else writers if is_open(name, view, filled.ours) else set()
    found = {}
    for role in ROLES:
        client.force_login(filled.people[role])
        response = client.get(address(name, view, filled.ours))
        found[role] = response.status_code
        body = body_of(response)
        assert "of Cedar" not in body, role
        # Whoever administers councils may enter a party, and so chooses among all of them.
        assert "Cedar" not in body or role == "administrator", role
        if view in ("list", "export") and role in allowed:
            assert title in body, role
    assert found == {role: 200 if role in allowed else 403 for role in ROLES}


@pytest.mark.parametrize(("name", "view"), PAGES)
def test_page_keeps_another_partnership_to_itself(client, filled, name, view):
    register = EVERY[name]
    client.force_login(filled.people["stranger"])
    response = client.get(address(name, view, filled.ours))
    # Whoever administers councils sees the names of all of them, and keeps only their own.
    seen = 200 if view in READING or view == "create" else 403
    alone = view in ("list", "export") or (view == "create" and register.above is None)
    assert response.status_code == (seen if name == "council" else 200 if alone else 404)
    body = body_of(response)
    assert "of Alder" not in body or name == "council"
    if view in ("list", "export"):
        assert OWN_OF_STRANGER.get(name, WHO[name][2].replace("Alder", "Cedar")) in body


@pytest.mark.parametrize(("name", "view"), PAGES)
def test_page_asks_who_is_there_first(client, filled, name, view):
    at = address(name, view, filled.ours)
    assert client.get(at).headers["Location"] == f"{reverse('sign_in')}?next={at}"


@pytest.mark.parametrize("who", ["former", "newcomer"])
@pytest.mark.parametrize("name", LISTED)
def test_register_is_shut_before_a_role_begins_and_after_it_ends(client, filled, name, who):
    client.force_login(filled.people[who])
    assert client.get(address(name, "list", filled.ours)).status_code == 403
    assert client.get(address(name, "detail", filled.ours)).status_code == 403


@pytest.mark.parametrize("name", list(EVERY))
def test_register_is_written_by_nobody_else(client, filled, name):
    """Every way of writing, by everybody who may not: refused, and nothing moves."""
    register, (_, keepers, _) = EVERY[name], WHO[name]
    pages = [view for view in pages_of(register) if view not in READING]
    before = everything()
    for role in [*(set(ROLES) - keepers), "stranger", "former"]:
        client.force_login(filled.people[role])
        refusals = {client.post(address(name, view, filled.ours), {"reason": "Try"}).status_code for view in pages}
        if role == "stranger" and register.above is None:
            refusals -= {200}  # their own form, which says that it is empty
        assert refusals <= {403, 404}, role
    assert everything() == before


@pytest.mark.parametrize(("name", "view"), [(name, view) for name, view in PAGES if view in READING])
def test_page_that_is_read_takes_no_other_method(client, filled, name, view):
    keeper = sorted(WHO[name][1])[0]
    client.force_login(filled.people[keeper])
    for send in (client.post, client.put, client.patch, client.delete):
        assert send(address(name, view, filled.ours)).status_code == 405


def test_pay_is_written_for_the_employers_pay_officers_alone(client, filled):
    """The salary stands for the home council's; the note for everybody who sees costs."""
    at = address("costshare", "detail", filled.ours)
    shown = {}
    for role in (*sorted(COST_READERS), "neighbour"):
        client.force_login(filled.people[role])
        body = body_of(client.get(at))
        assert "Cost of Alder" in body, role
        shown[role] = f"£{SALARY:,}" in body
    assert shown == {
        "auditor": True,
        "finance_verifier": False,
        "monitoring_officer": True,
        "neighbour": False,
        "pay_officer": True,
    }


@pytest.mark.parametrize("view", ["detail", "history"])
@pytest.mark.parametrize("name", ["jointpost", "costshare", "councilshare"])
def test_what_is_restricted_is_nowhere_for_the_others(client, filled, name, view):
    """Neither the salary nor a council's own baseline, in figures of any spelling."""
    client.force_login(filled.people["neighbour"])
    body = body_of(client.get(address(name, view, filled.ours))).replace(",", "")
    assert str(SALARY) not in body
    if name == "councilshare":
        assert str(BASELINE) not in body


def test_register_that_a_role_cannot_open_is_not_in_its_menu(client, filled):
    for role in ROLES:
        client.force_login(filled.people[role])
        body = body_of(client.get("/", follow=True))
        offered = {name for name in LISTED if f'href="{EVERY[name].url("list")}"' in body}
        assert offered == {name for name in LISTED if role in WHO[name][0] | WHO[name][1]}, role
