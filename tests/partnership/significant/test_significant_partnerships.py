"""Significant partnerships: who may take part, what is missing of them, and their annual returns."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from partnership.governance import workflow as governance_workflow
from partnership.models import (
    AnnualReturn,
    Funding,
    InformationSharing,
    Partner,
    Partnership,
    Party,
    Risk,
    SignificantPartnership,
    User,
)
from partnership.records import workflow as records_workflow
from partnership.records.record import recording
from partnership.significant import workflow as significant_workflow
from partnership.significant.completeness import Held, checks, how_many_wait, missing
from tests.factories import change, keep, make_council, make_partnership, make_party
from tests.html_forms import untouched
from tests.two_partnerships import DAY, denied, refused

pytestmark = pytest.mark.django_db
WHY = "Due every year"
FILLED = {"achievements": "Fewer fires", "governance_progress": "A board", "next_actions": "Fewer floods"}


@pytest.fixture
def leading(world):
    """Alder's entry for the partnership, led by its officer, whom the monitoring officer named."""
    with recording(by=world.people["monitoring_officer.alder"], reason="Set up"):
        entry = SignificantPartnership(partnership=world.ours.partnership, council=world.alder)
        entry.lead_account = world.people["officer.alder"]
        return entry.full_clean_and_save()


def begun(world, by="officer.birch", year="2018/19", **facts):
    found = AnnualReturn(partnership=world.ours.partnership, financial_year=year, **facts)
    return significant_workflow.begin_return(found, by=world.people[by], reason=WHY)


def submitted(world, **facts):
    found = begun(world, **FILLED | facts)
    return significant_workflow.submit_return(found, on=DAY, by=world.people["officer.birch"], reason=WHY)


# --- Who takes part ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "number", "sentence"),
    [
        ("sharing", 1, "Choose at least two councils."),
        ("sharing", 2, ""),
        ("wider", 0, "Choose at least one council."),
        ("wider", 1, ""),
        ("wider", 3, ""),
        ("framework", 1, ""),
        ("framework", 2, "A council’s own framework has that council alone."),
    ],
)
def test_kind_says_how_many_councils_there_are(kind, number, sentence):
    assert Partnership(kind=kind).wrong_with(number) == sentence


def test_framework_takes_no_second_council(world):
    administrator = {"by": world.people["administrator.alder"], "reason": WHY}
    found = governance_workflow.found_partnership(
        name="Own", slug="own", kind="framework", councils=[world.alder], **administrator
    )
    user = User.objects.get(username="administrator.alder")  # what it may do is read anew
    with refused("council", "A council’s own framework has that council alone."):
        keep(Party(partnership=found, council=world.cedar))
    with refused("kind", "Choose at least two councils."):
        records_workflow.change(found, kind="sharing", by=user, reason=WHY)


def test_common_partnerships_are_those_of_every_council_of_the_county():
    shire, vale, dale = (make_council(county="Loamshire") for _ in range(3))
    make_council(county="Loamshire", tier="other")  # no local authority
    abroad = make_council(county="Sandshire")
    everybody = make_partnership(councils=[dale, abroad, shire, vale], kind="wider")
    two = make_partnership(councils=[shire, vale])
    left = make_partnership(councils=[shire, vale], kind="wider")
    make_party(partnership=left, council=dale, left_on=date(2019, 3, 15))
    councils = type(shire).objects.of_county("Loamshire")
    assert list(Partnership.objects.common_to(councils, DAY)) == [everybody]
    assert set(Partnership.objects.common_to(councils, date(2019, 3, 15))) == {everybody, left}
    assert set(Partnership.objects.common_to([shire, vale], DAY)) == {everybody, two, left}
    assert list(Partnership.objects.common_to([], DAY)) == []
    assert list(type(shire).objects.of_county("")) == []


def test_partnerships_are_filtered_by_what_holds_today(client, world, leading):
    for party in world.ours.partnership.parties.all():
        change(party.council, county="Loamshire")
    client.force_login(world.people["officer.alder"])

    def found(**query):
        rows = client.get(reverse("partnership_list"), query).context["rows"]
        return [[row["cells"][0]["text"], row["cells"][2]["text"]] for row in rows]

    row = ["Alder and Birch", "ACC"]
    assert (found(significant_to=world.alder.pk), found(common_to="Loamshire")) == ([row], [row])
    change(leading, until_on=DAY)
    change(world.ours.partnership.parties.get(council=world.birch), left_on=DAY)
    assert (found(significant_to=world.alder.pk), found(common_to="Loamshire")) == ([], [])
    assert found() == [["Alder and Birch", "–"]]  # it has left the register of Alder


# --- The annual return ------------------------------------------------------------------------------------------------


def test_what_is_missing_of_a_return_is_named(world):
    found = begun(world, achievements="Fewer fires", next_actions=" ")
    assert found.missing_parts() == {
        "governance_progress": "Fill in the progress of governance.",
        "next_actions": "Fill in the actions for next year.",
    }
    significant_workflow.write_return(
        found, governance_progress="A board", by=world.people["officer.birch"], reason=WHY
    )
    with refused("next_actions", "Fill in the actions for next year."):
        significant_workflow.submit_return(found, on=DAY, by=world.people["officer.birch"], reason=WHY)


def test_return_begins_with_last_years_and_is_not_submitted_unchanged(world):
    by = {"by": world.people["officer.birch"], "reason": WHY}
    last = begun(world, year="2017/18", **FILLED)
    found = AnnualReturn(partnership=world.ours.partnership, financial_year="2018/19", achievements="Fewer thefts")
    significant_workflow.begin_return(found, copy_last=True, **by)
    assert (found.achievements, found.governance_progress, found.next_actions) == (
        "Fewer thefts",
        "A board",
        "Fewer floods",
    )
    assert found.parts_as_in(last) == ["governance_progress", "next_actions"]
    significant_workflow.write_return(found, achievements="Fewer fires", **by)
    with refused("", "The return says word for word what last year’s says. Say what is new."):
        significant_workflow.submit_return(found, on=DAY, **by)


def test_part_that_is_left_open_makes_a_copied_return_no_new_one(world):
    by = {"by": world.people["officer.birch"], "reason": WHY}
    begun(world, year="2017/18", **FILLED)
    found = AnnualReturn(partnership=world.ours.partnership, financial_year="2018/19")
    significant_workflow.begin_return(found, copy_last=True, not_stated={"achievements": "Minutes"}, **by)
    assert found.achievements == ""
    with refused("", "The return says word for word what last year’s says. Say what is new."):
        significant_workflow.submit_return(found, on=DAY, **by)


def test_another_partnerships_return_is_not_last_years(world):
    by = {"by": world.people["officer.birch"], "reason": WHY}
    keep(AnnualReturn(partnership=world.theirs.partnership, financial_year="2017/18", **FILLED))
    found = AnnualReturn(partnership=world.ours.partnership, financial_year="2018/19", achievements="Fewer thefts")
    significant_workflow.begin_return(found, copy_last=True, **by)
    assert (found.achievements, found.governance_progress, found.next_actions) == ("Fewer thefts", "", "")


def test_return_is_approved_by_the_lead_who_did_not_submit_it(world, leading):
    found = submitted(world)
    with denied("Only a lead officer of the partnership approves its returns."):
        significant_workflow.approve_return(found, on=DAY, by=world.people["officer.birch"], reason=WHY)
    with refused("on", "Enter a day that is not before it was submitted."):
        significant_workflow.approve_return(found, on=date(2019, 3, 15), by=world.people["officer.alder"], reason=WHY)
    significant_workflow.approve_return(found, on=DAY, by=world.people["officer.alder"], reason=WHY)
    assert (found.status, found.submitted_by, found.approved_by, found.approved_on) == (
        "approved",
        world.people["officer.birch"],
        world.people["officer.alder"],
        DAY,
    )


def test_lead_does_not_approve_what_they_submitted(world, leading):
    lead = {"by": world.people["officer.alder"], "reason": WHY}
    found = significant_workflow.submit_return(begun(world, **FILLED), on=DAY, **lead)
    with denied("You submitted this return, so somebody else approves it."):
        significant_workflow.approve_return(found, on=DAY, **lead)


SELF_NAMED = "You named yourself as lead officer, so you do not approve returns. Ask a colleague to name you."


def test_approve_return_lead_named_by_themself_is_denied(world, leading):
    """Also when a colleague has since changed something else of the entry."""
    officer = world.people["officer.alder"]
    colleague = world.people["monitoring_officer.alder"]
    found = submitted(world)
    records_workflow.change(leading, lead_account=None, by=colleague, reason="Left")
    records_workflow.change(leading, lead_account=officer, by=officer, reason="I lead now")
    records_workflow.change(leading, governance="A board", by=colleague, reason="Board set up")
    with denied(SELF_NAMED):
        significant_workflow.approve_return(found, on=DAY, by=officer, reason=WHY)
    assert how_many_wait(officer) == 0


def test_approve_return_lead_named_anew_by_a_colleague_is_accepted(world, leading):
    officer = world.people["officer.alder"]
    colleague = world.people["monitoring_officer.alder"]
    found = submitted(world)
    records_workflow.change(leading, lead_account=None, by=officer, reason="A mistake")
    records_workflow.change(leading, lead_account=officer, by=colleague, reason="The officer leads")
    assert how_many_wait(officer) == 1
    assert significant_workflow.approve_return(found, on=DAY, by=officer, reason=WHY).approved_by == officer


def test_submitted_return_is_changed_only_after_it_was_sent_back(world, leading):
    birch = {"by": world.people["officer.birch"], "reason": WHY}
    found = submitted(world)
    with refused("", "Send the return back first; what is submitted or approved is not changed."):
        significant_workflow.write_return(found, achievements="More", **birch)
    with refused("", "This return was submitted before."):
        significant_workflow.submit_return(found, on=DAY, **birch)
    significant_workflow.approve_return(found, on=DAY, by=world.people["officer.alder"], reason=WHY)
    significant_workflow.send_back_return(found, **birch)
    assert (found.status, found.submitted_by, found.approved_by) == ("draft", None, None)
    with refused("", "This return is a draft."):
        significant_workflow.send_back_return(found, **birch)
    significant_workflow.write_return(found, achievements="More", **birch)
    assert found.achievements == "More"


def test_return_waits_for_its_lead_alone(world, leading):
    found = submitted(world)
    waits = {name: how_many_wait(person) for name, person in world.people.items() if how_many_wait(person)}
    assert waits == {"officer.alder": 1}
    significant_workflow.approve_return(found, on=DAY, by=world.people["officer.alder"], reason=WHY)
    assert how_many_wait(world.people["officer.alder"]) == 0


def test_year_has_one_return(world):
    begun(world)
    with refused("__all__", "The partnership has a return for this year already; change that one."):
        begun(world)


def test_entry_is_kept_by_its_own_council(world, leading):
    with denied(
        "Your roles do not let you enter and change what is recorded of significant partnerships, and their annual "
        "returns."
    ):
        records_workflow.change(leading, exit_strategy="None", by=world.people["officer.birch"], reason=WHY)


# --- What is not on record --------------------------------------------------------------------------------------------


def complete():
    """Everything that ought to be known of a partnership in 2018/19."""
    texts = dict.fromkeys(
        ("criteria", "priorities", "lead_member", "lead_officer", "governance", "exit_strategy"), "Known"
    )
    return {
        "entry": SignificantPartnership(**texts),
        "parties": (Party(),),
        "partners": (Partner(name="Trust"),),
        "risks": (Risk(assessed_on=date(2018, 3, 16)),),
        "sharing": (InformationSharing(),),
        "funding": (Funding(financial_year="2018/19", amount=Decimal(0)),),
        "returns": (AnnualReturn(financial_year="2018/19", status="approved"),),
    }


def test_nothing_is_missing_of_a_complete_entry():
    held = Held(**complete())
    assert missing(held, "2018/19", DAY) == ()
    assert [check.state for check in checks(held, "2018/19", DAY)] == ["Recorded"] * 11


GAPS = [
    ({"parties": ()}, "partners", "One member is listed. Add the other partners."),
    ({"parties": (), "partners": ()}, "partners", "No member is listed. Add the other partners."),
    ({"partners": (Partner(until_on=date(2019, 3, 15)),)}, "partners", "One member is listed. Add the other partners."),
    ({"risks": ()}, "risks", "Assess the risks."),
    ({"risks": (Risk(assessed_on=date(2018, 4, 1), ended_on=DAY),)}, "risks", "Assess the risks."),
    ({"risks": (Risk(assessed_on=date(2019, 3, 17)),)}, "risks", "Assess the risks."),
    (
        {"risks": (Risk(assessed_on=date(2018, 3, 15)),)},
        "risks",
        "Assess the risks again: the last time was 15 March 2018.",
    ),
    ({"sharing": ()}, "information-sharing", "Record how information is shared."),
    (
        {"sharing": (InformationSharing(ended_on=date(2019, 3, 15)),)},
        "information-sharing",
        "Record how information is shared.",
    ),
    ({"funding": (Funding(financial_year="2017/18"),)}, "funding", "Record who pays what in 2018/19."),
    (
        {"returns": (AnnualReturn(financial_year="2017/18", status="approved"),)},
        "returns",
        "Begin the return for 2018/19.",
    ),
    (
        {"returns": (AnnualReturn(financial_year="2018/19"),)},
        "returns",
        "The return for 2018/19 is a draft: complete and submit it.",
    ),
    (
        {"returns": (AnnualReturn(financial_year="2018/19", status="submitted"),)},
        "returns",
        "The return for 2018/19 waits for the lead officer’s approval.",
    ),
]


@pytest.mark.parametrize(("without", "where", "sentence"), GAPS)
def test_what_is_missing_is_named_with_where_it_is_mended(without, where, sentence):
    (gap,) = missing(Held(**complete() | without), "2018/19", DAY)
    assert (gap.mended_at, gap.sentence) == (where, sentence)


def test_empty_entry_lacks_its_fields_unless_the_source_leaves_them_open():
    entry = SignificantPartnership(not_stated={"exit_strategy": "A paper"}, lead_officer="Director")
    gaps = missing(Held(**complete() | {"entry": entry}), "2018/19", DAY)
    assert [(gap.what, gap.mended_at) for gap in gaps] == [
        ("Criteria", ""),
        ("Corporate priorities served", ""),
        ("Lead member", ""),
        ("Governance arrangements", ""),
    ]


def test_officer_mends_what_the_page_names(client, world, leading):
    """From the page to the form and back: what was entered is no longer missing."""
    client.force_login(world.people["officer.alder"])
    at = reverse("completeness")
    page = client.get(at).context["entries"]
    assert [(entry["title"], entry["council"]) for entry in page] == [("Alder and Birch", "Alder County")]
    urls = {gap["what"]: gap["url"] for gap in page[0]["missing"]}
    partnership = reverse("partnership_detail", args=[world.ours.partnership.pk])
    edit = reverse("significantpartnership_edit", args=[leading.pk])
    assert (urls["Exit strategy"], urls["Risk assessment"]) == (edit, f"{partnership}#risks")
    html = client.get(edit).content.decode()
    typed = {"exit_strategy": "Six months’ notice", "reason": "Agreed by the board"}
    assert client.post(edit, untouched(html) | typed).status_code == 302
    new = reverse("risk_create", args=[world.ours.partnership.pk])
    risk = {"title": "A partner leaves", "likelihood": "low", "impact": "high", "assessed_on": "1 March 2026"}
    client.post(new, untouched(client.get(new).content.decode()) | risk)
    left = {gap["what"] for gap in client.get(at).context["entries"][0]["missing"]}
    assert set(urls) - left == {"Exit strategy", "Risk assessment"}


@pytest.mark.parametrize("who", ["stranger", "officer.birch"])
def test_page_shows_the_own_councils_entries_alone(client, world, leading, who):
    client.force_login(world.people[who])
    response = client.get(reverse("completeness"))
    assert (response.status_code, response.context["entries"]) == (200, [])


@pytest.mark.parametrize("who", ["councillor.alder", "administrator.alder"])
def test_page_is_not_for_who_reads_no_working_papers(client, world, leading, who):
    client.force_login(world.people[who])
    assert client.get(reverse("completeness")).status_code == 403


def test_partnerships_are_found_by_council_and_by_county(client, world, leading):
    client.force_login(world.people["officer.alder"])

    def found(**query):
        return [row["cells"][0]["text"] for row in client.get(reverse("partnership_list"), query).context["rows"]]

    assert found(significant_to=world.alder.pk) == ["Alder and Birch"]
    birch = world.ours.partnership.parties.last().council
    assert found(significant_to=birch.pk) == []
    with recording(by=world.people["administrator.alder"], reason="Set up"):
        for council in (world.alder, birch, world.cedar):
            council.county = "Loamshire"
            council.full_clean_and_save()
    assert found(common_to="Loamshire") == []
    with recording(by=world.people["administrator.alder"], reason="Set up"):
        world.cedar.county = "Sandshire"
        world.cedar.full_clean_and_save()
    assert found(common_to="Loamshire") == ["Alder and Birch"]
    assert found(common_to="Sandshire") == []
