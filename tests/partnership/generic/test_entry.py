"""Test every register's form, as a browser would send it: what is typed is kept once, with who and why."""

from datetime import date

import pytest

from partnership.generic.left_open import OPEN, SOURCE
from partnership.records.tenancy import active_dependents
from tests.factories import withdraw
from tests.filled_registers import everything
from tests.html_forms import shown, untouched
from tests.partnership.generic.test_register import EVERY, WHO, address

pytestmark = pytest.mark.django_db
# A style is entered in test_covers, since every council has at most one.
ELSEWHERE = ("coverstyle",)
ENTERED = [name for name, register in EVERY.items() if register.is_entered and name not in ELSEWHERE]
EDITED = [name for name in ENTERED if EVERY[name].is_edited]
REASON = "The minutes of 12 March say so."


def new_rows(filled):
    """For each register, what a keeper types for a new row; the rest stays as the empty form has it."""
    ours = filled.ours
    return {
        "jointpost": {"title": "New post", "from_on": "1 April 2019"},
        "costshare": {
            "from_on": "2019-04-01", "salary": "£60,000", "on_costs_percent": "25", "percent_acc": "60",
            "percent_bdc": "40", "baseline_acc": "500",
        },
        "saving": {
            "title": "New saving", "category": "services", "benefit_type": "cashable", "basis": "Pay",
            "identified_on": "1/4/2019",
        },
        "savingline": {"council": filled.birch.pk, "financial_year": "2019/20", "estimated": "£315,000.50"},
        "savingpost": {"post": ours["second_post"].pk},
        "savingarrangement": {"arrangement": ours["second_service"].pk},
        "businesscase": {"title": "New case", "stage": "proposed", "from_on": "1 April 2019"},
        "caseoption": {"title": "New option", "is_preferred": "on"},
        "casecommitment": {"commitment": ours["second_commitment"].pk, "how": "By saving"},
        "caseapproval": {"resolution": ours["second_approving"].pk},
        "casecost": {
            "council": filled.birch.pk, "financial_year": "2019/20", "amount": "£1,000", "funding_source": "Reserve"
        },
        "savingstarget": {
            "council": filled.birch.pk, "financial_year": "2019/20", "amount": "£700,000", "set_on": "1 March 2019",
            "source": "Budget report",
        },
        "servicearrangement": {"kind": "collaboration", "service": "New service"},
        "workingmodel": {"number": "2", "name": "New model", "description": "Pooled", "key_features": "One team"},
        "comparator": {"name": "New example", "source": "A paper"},
        "review": {
            "kind": "gateway", "title": "New review", "slug": "new-review", "body": ours["body"].pk,
            "as_at": "16 March 2019",
        },
        "section": {"level": "1", "heading": "New section"},
        "assessment": {"commitment": ours["second_commitment"].pk, "rating": "underway", "commentary": "Begun"},
        "evidence": {"post": ours["second_post"].pk},
        "recommendation": {"position": "2", "addressee": ours["body"].pk, "verb": "agree", "text": "to go on"},
        "answer": {"resolution": ours["second_approving"].pk},
        "followup": {"action": ours["second_action"].pk},
        "outcome": {"standing": "in hand", "text": "Begun", "noted_on": "23 April 2019"},
        "option": {"position": "2", "title": "Cease", "description": "Stop"},
        "swotitem": {"kind": "threat", "position": "1", "text": "Cuts"},
        "agendaitem": {"meeting": ours["meeting"].pk, "review": ours["review"].pk},
        "coverreport": {"body": ours["second_body"].pk, "title": "New cover", "report_of": "Chief officer"},
        "implication": {"kind": "risk", "text": "Small."},
        "commitment": {
            "kind": "objective", "number": "7", "short_title": "New", "statement": "Do more", "adopted_on": "1.4.2019"
        },
        "agreement": {"title": "New agreement", "kind": "s113", "covers": "Posts"},
        "agreementterm": {"heading": "Disputes", "summary": "Talk first"},
        "body": {"name": "New body", "kind": "scrutiny"},
        "seat": {
            "holder": "Councillor New", "council": filled.alder.pk, "office": "member", "municipal_year": "2019/20",
            "from_on": "14 May 2019",
        },
        "meeting": {"body": ours["body"].pk, "held_on": "23 April 2019", "access": "public"},
        "decision": {
            "body": ours["body"].pk, "decided_on": "23 April 2019", "title": "New issue", "resolved": "To note it",
            "key_or_not": "not key",
        },
        "resolution": {"number": "2", "text": "To agree it"},
        "condition": {"body": ours["second_body"].pk},
        "referral": {"to_body": ours["second_body"].pk, "asked_for": "A view", "referred_on": "23 April 2019"},
        "action": {"title": "New task", "owner": "Manager"},
        "actionnote": {"noted_on": "23 April 2019", "text": "Begun"},
        "partner": {"name": "New partner", "kind": "police"},
        "significantpartnership": {"council": filled.alder.pk, "criteria": "New weight", "until_on": "1 April 2018"},
        "risk": {"title": "New risk", "likelihood": "high", "impact": "low", "assessed_on": "1 April 2019"},
        "informationsharing": {"title": "New protocol"},
        "funding": {"financial_year": "2019/20", "council": filled.birch.pk, "amount": "£2,468"},
        "annualreturn": {"financial_year": "2020/21", "achievements": "New success"},
        "agreementreview": {"held_on": "1 October 2019", "outcome": "amend", "next_due_on": "1 October 2020"},
        "terminationnotice": {"given_by": filled.birch.pk, "given_on": "1 April 2019"},
        "auditcoverage": {"council": filled.alder.pk, "financial_year": "2019/20", "title": "New audit"},
        "auditaction": {"action": ours["second_action"].pk},
        "outsidebodyappointment": {"council": filled.alder.pk, "outside_body": "New trust", "member": "Councillor"},
        "trainingsession": {"title": "Charity law", "held_on": "1 April 2019"},
        "feedbacknote": {"reported_on": "1 April 2019", "reported": "It met.", "asked": "Whether to go on"},
        "exitplan": {"title": "New exit", "agreement": ours["agreement"].pk},
        "exitpost": {"post": ours["second_post"].pk, "disposition": "own"},
        "exitarrangement": {"arrangement": ours["second_service"].pk, "disposition": "agreed"},
        "exitestimate": {"council": filled.alder.pk, "financial_year": "2020/21", "kind": "cost", "title": "Systems"},
        "exitpayment": {
            "paid_by": filled.birch.pk, "paid_to": filled.alder.pk, "paid_on": "31 March 2020", "amount": "£1,234.56"
        },
        "partnership": {"name": "New partnership", "slug": "new", "councils": [filled.alder.pk, filled.birch.pk]},
        "party": {"council": filled.cedar.pk, "position": "3", "joined_on": "1 April 2019"},
        "council": {"name": "Elm District", "short_name": "EDC", "tier": "district"},
        "membership": {
            "user": filled.people["former"].pk, "council": filled.alder.pk, "role": "clerk", "from_on": "1 April 2019"
        },
    }  # fmt: skip


# For each register, the field that a keeper changes, what they type and what is then kept.
CHANGES = {
    "jointpost": ("purpose", "To save", "To save"),
    "costshare": ("salary", "£61,000.50", 61000.5),
    "saving": ("caveats", "Interim", "Interim"),
    "savingline": ("estimated", "(1,500)", -1500),
    "savingpost": ("post", "second_post", None),
    "savingarrangement": ("arrangement", "second_service", None),
    "businesscase": ("estimated_saving", "£630,000", 630000),
    "caseoption": ("rejected_because", "Too dear", "Too dear"),
    "casecommitment": ("how", "By sharing", "By sharing"),
    "caseapproval": ("resolution", "second_approving", None),
    "casecost": ("amount", "£2,000.50", 2000.5),
    "savingstarget": ("is_about", "on", True),
    "servicearrangement": ("site", "Town hall", "Town hall"),
    "workingmodel": ("number", "9", 9),
    "comparator": ("amount", "−7,000", -7000),
    "review": ("as_at", "31 March 2019", date(2019, 3, 31)),
    "section": ("heading", "New heading", "New heading"),
    "assessment": ("rating", "not met", "not met"),
    "evidence": ("shows", "It is shared", "It is shared"),
    "recommendation": ("text", "the delay", "the delay"),
    "answer": ("resolution", "second_approving", None),
    "followup": ("action", "second_action", None),
    "outcome": ("text", "It was done", "It was done"),
    "option": ("reasons", "It works", "It works"),
    "swotitem": ("kind", "threat", "threat"),
    "agendaitem": ("number", "9", 9),
    "coverreport": ("contact", "The clerk", "The clerk"),
    "implication": ("text", "It stays lawful.", "It stays lawful."),
    "commitment": ("is_paraphrased", "on", True),
    "agreement": ("notice_months", "6", 6),
    "agreementterm": ("clause", "4.2", "4.2"),
    "body": ("meets_in_public", None, False),
    "seat": ("holder", "Councillor Other", "Councillor Other"),
    "meeting": ("place_or_link", "Town hall", "Town hall"),
    "decision": ("reference", "2019/039", "2019/039"),
    "resolution": ("text", "To agree it", "To agree it"),
    "condition": ("answered_by", "second_resolution", "second_resolution"),
    "referral": ("asked_for", "Another view", "Another view"),
    "action": ("owner", "Monitoring officer", "Monitoring officer"),
    "actionnote": ("text", "Half done", "Half done"),
    "partner": ("contribution", "Nurses", "Nurses"),
    "significantpartnership": ("exit_strategy", "Six months’ notice", "Six months’ notice"),
    "risk": ("controls", "Watch it", "Watch it"),
    "informationsharing": ("legal_basis", "Consent", "Consent"),
    "funding": ("amount", "£3,000.50", 3000.5),
    "annualreturn": ("next_actions", "Go on", "Go on"),
    "agreementreview": ("outcome", "replace", "replace"),
    "terminationnotice": ("given_on", "1 May 2019", date(2019, 5, 1)),
    "auditcoverage": ("auditor", "Own team", "Own team"),
    "auditaction": ("action", "second_action", "second_action"),
    "outsidebodyappointment": ("support_officer", "Manager", "Manager"),
    "trainingsession": ("held_on", "2 May 2019", date(2019, 5, 2)),
    "feedbacknote": ("asked", "Whether to pay", "Whether to pay"),
    "exitplan": ("last_day_on", "31 March 2020", date(2020, 3, 31)),
    "exitpost": ("phase", "2", 2),
    "exitarrangement": ("what_follows", "A new agreement", "A new agreement"),
    "exitestimate": ("amount", "£2,500.50", 2500.5),
    "exitpayment": ("paid_on", "1 April 2020", date(2020, 4, 1)),
    "partnership": ("orientation", "vertical", "vertical"),
    "party": ("position", "7", 7),
    "council": ("call_in_days", "5", 5),
}


@pytest.fixture(scope="module")
def with_seconds(filled):
    """A second post, service and commitment to choose."""
    from business_cases.models import ServiceArrangement
    from joint_posts.models import JointPost
    from partnership.models import Action, Body, Commitment, Decision, Resolution, User
    from partnership.records.record import recording

    own = {"partnership": filled.ours["partnership"]}
    User.objects.filter(pk=filled.people["former"].pk).update(council=filled.alder)
    with recording(by=filled.people["officer"], reason="Set up"):
        filled.ours["second_post"] = JointPost(**own, title="Second post").full_clean_and_save()
        second = Body(**own, name="Second body", kind="executive", council=filled.alder)
        filled.ours["second_body"] = second.full_clean_and_save()
        second = ServiceArrangement(**own, kind="collaboration", service="Second service")
        filled.ours["second_service"] = second.full_clean_and_save()
        filled.ours["second_action"] = Action(**own, title="Second task", owner="Manager").full_clean_and_save()
        second = Commitment(**own, kind="objective", number=1, short_title="Second", statement="Save")
        second.adopted_on = date(2018, 10, 23)
        filled.ours["second_commitment"] = second.full_clean_and_save()
        approving = filled.ours["approving"]
        second = Resolution(decision=approving.decision, number=2, text="That it be adopted")
        filled.ours["second_approving"] = second.full_clean_and_save()
        filled.ours["second_action"] = Action(**own, title="Second task", owner="Manager").full_clean_and_save()
        answer = Decision(body=filled.ours["condition"].body, title="Answer", decided_on=date(2019, 4, 1))
        answer.full_clean_and_save()
        filled.ours["second_resolution"] = Resolution(decision=answer, number=1, text="Agreed").full_clean_and_save()
    return filled


@pytest.fixture
def keeper(client, with_seconds):
    """Signs in whoever keeps a register; gives the page's address and what its form sends untouched."""

    def open_form(name, view):
        client.force_login(with_seconds.people[sorted(WHO[name][1])[-1]])
        at = address(name, view, with_seconds.ours)
        return at, untouched(client.get(at).content.decode())

    return open_form


def test_every_register_that_people_enter_is_in_both_tables(with_seconds):
    assert (set(new_rows(with_seconds)), set(CHANGES)) == (set(ENTERED), set(EDITED))


@pytest.mark.parametrize("name", ENTERED)
def test_new_row_is_kept_as_typed_with_who_entered_it(client, keeper, with_seconds, name):
    at, sent = keeper(name, "create")
    model = EVERY[name].model
    before = set(model.objects.values_list("pk", flat=True))
    typed = new_rows(with_seconds)[name]
    form = client.get(at).context["form"]
    left_open = [one for one in form.asked_open if one not in typed and not form[one].value()]
    response = client.post(at, sent | typed | {OPEN: left_open, SOURCE: "The minutes"})
    assert response.status_code == 302, response.context["form"].errors
    (record,) = model.objects.exclude(pk__in=before)
    assert record.version == 1
    assert record.not_stated == dict.fromkeys(left_open, "The minutes")
    (row,) = record.history.all()
    assert (row.person, row.history_type) == (response.wsgi_request.user.name, "+")
    assert row.history_change_reason
    if EVERY[name].above is None:
        assert response.headers["Location"] == EVERY[name].url("detail", record)
        assert client.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize("name", EDITED)
def test_change_is_one_version_and_one_history_row_with_its_reason(client, keeper, with_seconds, name):
    at, sent = keeper(name, "edit")
    field, typed, kept = CHANGES[name]
    if typed in with_seconds.ours:
        typed = with_seconds.ours[typed].pk
        field = f"{field}_id"
        kept = typed
    sent |= {field.removesuffix("_id"): typed, "reason": REASON}
    before = everything()
    response = client.post(at, {key: value for key, value in sent.items() if value is not None})
    assert response.status_code == 302, response.context["form"].errors
    register = EVERY[name]
    record = register.model.objects.get(pk=with_seconds.ours[name].pk)
    assert getattr(record, field) == kept
    row = record.history.latest("history_id")
    assert (row.person, row.history_change_reason) == (response.wsgi_request.user.name, REASON)
    after = everything()
    rows, history = before.pop(register.model.__name__)
    changed = sorted((pk, version + (pk == record.pk)) for pk, version in rows)
    assert after.pop(register.model.__name__) == (changed, history + 1)
    assert after == before
    page = client.get(address(name, "history", with_seconds.ours)).content.decode()
    assert REASON in page


@pytest.mark.parametrize("name", EDITED)
def test_saving_a_form_untouched_changes_nothing(client, keeper, name):
    at, sent = keeper(name, "edit")
    before = everything()
    response = client.post(at, sent | {"reason": REASON})
    assert response.status_code == 302, response.context["form"].errors
    assert everything() == before


def clear_away(record):
    """Withdraw all that needs the record, and what needs that."""
    for rows in active_dependents(record):
        for row in rows:
            clear_away(row)
            withdraw(type(row).objects.get(pk=row.pk), date(2019, 4, 1))


@pytest.mark.parametrize("name", ENTERED)
def test_withdrawn_row_leaves_the_list_and_keeps_its_page(client, keeper, with_seconds, name):
    if name == "partnership":  # every other council has to leave it first
        partner = with_seconds.ours["partnership"].parties.get(council=with_seconds.birch)
        clear_away(partner)
        withdraw(partner, date(2019, 4, 1))
    at, _ = keeper(name, "withdraw")
    register = EVERY[name]
    record = with_seconds.ours[name]
    rows = with_seconds.ours
    above = register.above
    listing = register.url("list") if above is None else address(above.name, "detail", rows)
    link = f'href="{register.url("detail", record)}"'
    if name not in ("review", "membership"):  # a review's list leads to the paper; a role may be one's own
        assert link in client.get(listing).content.decode()
    clear_away(record)
    response = client.post(at, shown(client, at) | {"reason": REASON})
    assert response.status_code == 302, response.context["form"].errors
    if name == "membership":
        return
    if name == "party":  # the council has left, so that the pages are the other council's
        assert client.get(register.url("detail", record)).status_code == 404
        client.force_login(with_seconds.people["neighbour"])
        assert client.get(listing).status_code == 200
    assert link not in client.get(listing).content.decode()
    page = client.get(register.url("detail", record)).content.decode()
    assert "Withdrawn on" in page
    assert REASON in page
    assert client.get(register.url("edit", record)).status_code in (302, 403)


@pytest.mark.parametrize("name", EDITED)
def test_reason_is_asked_for(client, keeper, name):
    at, sent = keeper(name, "edit")
    before = everything()
    response = client.post(at, sent | {"reason": "   "})
    assert response.status_code == 200
    assert '<a href="#id_reason">Say why you are changing this</a>' in response.content.decode()
    assert 'id="id_reason"' in response.content.decode()
    assert everything() == before
