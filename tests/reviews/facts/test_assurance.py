"""Internal audit, reviews of agreements and the governance statement drawn from them; members on outside bodies."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from partnership.financial_years import FinancialYear
from partnership.models import (
    Action,
    Agreement,
    AgreementReview,
    AuditAction,
    AuditCoverage,
    FeedbackNote,
    Meeting,
    OutsideBodyAppointment,
    TerminationNotice,
)
from reviews.dashboards.governance_statement import paragraph
from reviews.facts.assurance import governance_facts
from tests.factories import (
    change,
    keep,
    make_agreement,
    make_arrangement,
    make_body,
    make_council,
    make_line,
    make_membership,
    make_partnership,
    make_post,
    make_saving,
    make_user,
)
from tests.html_forms import untouched

pytestmark = pytest.mark.django_db
YEAR = FinancialYear(2019)


@pytest.fixture
def made():
    alder = make_council(name="Alder", short_name="ACC")
    birch = make_council(name="Birch", short_name="BDC")
    partnership = make_partnership(councils=[alder, birch], name="Alder and Birch")
    agreement = make_agreement(partnership=partnership)
    return SimpleNamespace(alder=alder, birch=birch, partnership=partnership, agreement=agreement)


@pytest.fixture
def sign_in(client):
    def as_role(role, council):
        client.force_login(make_membership(council=council, role=role).user)
        return client

    return as_role


def said_of(made, council="acc", on=date(2026, 1, 1), year=YEAR):
    return paragraph(governance_facts(made.partnership, council, year, on))


def audit(made, council, title, **facts):
    own = {"partnership": made.partnership, "council": council, "financial_year": "2019/20"}
    return keep(AuditCoverage(**own, title=title, **facts))


def test_statement_of_a_year_of_which_nothing_is_recorded_says_so(made):
    assert said_of(made) == (
        "On 31 March 2020 Alder was in partnership with Birch: no joint posts were recorded as filled, with no shared "
        "service arrangements. No meeting of the bodies that oversee the partnership is recorded in 2019/20. The "
        "records hold no review of an agreement, held or due, in 2019/20. The records hold no internal audit of "
        "the shared arrangements in the council’s plan for 2019/20. No saving of the council from joint working is "
        "recorded as delivered in 2019/20."
    )


def test_statement_is_drawn_from_the_councils_own_records(made):
    """Two meetings of the joint body and one of Alder's own; Birch's meeting and Birch's audit are in Birch's."""
    own = {"partnership": made.partnership}
    make_post(**own)
    make_arrangement(**own)
    group = make_body(**own)
    cabinet = make_body(**own, name="Cabinet", kind="executive", council=made.alder)
    executive = make_body(**own, name="Executive", kind="executive", council=made.birch)
    for body, on in ((group, date(2019, 5, 1)), (group, date(2019, 9, 1)), (cabinet, date(2019, 6, 1))):
        keep(Meeting(body=body, held_on=on, access="public"))
    keep(Meeting(body=executive, held_on=date(2019, 6, 2), access="public"))
    keep(Meeting(body=group, held_on=date(2020, 4, 1), access="public"))
    change(made.agreement, review_due_on=date(2019, 10, 1))
    late = {"due_on": date(2019, 6, 1), "held_on": date(2019, 7, 1)}
    keep(AgreementReview(agreement=made.agreement, outcome="amend", **late))
    for council, on in ((made.birch, date(2020, 2, 1)), (made.alder, date(2020, 5, 1))):
        keep(TerminationNotice(agreement=made.agreement, given_by=council, given_on=on))
    reported = audit(made, made.alder, "Recharges", opinion="reasonable", reported_on=date(2020, 2, 3))
    audit(made, made.alder, "Shared law service")
    audit(made, made.birch, "Payroll", opinion="limited", reported_on=date(2020, 2, 3))
    for title, due_on, done_on in (
        ("Agree shares", date(2020, 3, 1), date(2020, 2, 20)),
        ("Reconcile", date(2020, 3, 1), date(2020, 4, 20)),  # done, but not by the day
        ("Publish", None, None),
    ):
        done = {"done_on": done_on, "evidence": "Paper 7"} if done_on else {}
        action = keep(Action(**own, title=title, owner="Manager", due_on=due_on, **done))
        keep(AuditAction(audit=reported, action=action))
    line = {"delivered": Decimal(500), "delivered_to_on": date(2020, 3, 31), "verified_on": date(2020, 3, 31)}
    make_line(saving=make_saving(**own), council=made.alder, verified_by=make_user(), **line)
    assert said_of(made) == (
        "On 31 March 2020 Alder was in partnership with Birch: one joint post was recorded as filled, with one shared "
        "service arrangement. For 2019/20 the records hold two meetings of the Working Group and one meeting of the "
        "Cabinet. The Section 113 "
        "agreement was reviewed on 1 July 2019, after the day on which it was due; outcome: to be amended. Birch gave "
        "notice on 1 February 2020 to end the Section 113 agreement. A review of "
        "the Section 113 agreement was due on 1 October 2019 and is not recorded. Internal audit reported on Recharges "
        "(reasonable assurance, 3 February 2020). Still to report on that day: Shared law service. Three actions "
        "follow from it; one is done. Overdue: Reconcile. Its finance has verified £500 of delivered savings "
        "from joint working in 2019/20."
    )
    assert "Payroll (limited assurance, 3 February 2020)" in said_of(made, "bdc")


def test_year_counts_from_its_first_day_to_its_last(made):
    own = {"agreement": made.agreement, "outcome": "stands"}
    group = make_body(partnership=made.partnership)
    days = [date(2019, 3, 31), date(2019, 4, 1), date(2020, 3, 31), date(2020, 4, 1)]
    for on in days:
        keep(AgreementReview(**own, held_on=on))
        keep(Meeting(body=group, held_on=on, access="public"))
    off = {"cancelled_on": days[0], "cancel_reason": "No business"}
    keep(Meeting(body=group, held_on=date(2019, 6, 1), access="public", **off))
    for council, on in zip((made.alder, made.birch), days[1:3], strict=True):
        keep(TerminationNotice(agreement=made.agreement, given_by=council, given_on=on))
    found = governance_facts(made.partnership, "acc", YEAR, date(2026, 1, 1))
    assert [review.held_on for review in found.reviews] == days[1:3]
    assert [notice.given_on for notice in found.notices] == days[1:3]
    assert found.meetings == (("Working Group", 2),)


def test_year_that_still_runs_is_told_as_far_as_it_has_come(made):
    audit(made, made.alder, "Recharges", opinion="substantial", reported_on=date(2020, 2, 3))
    told = said_of(made, on=date(2019, 12, 31))
    assert "On 31 December 2019" in told
    assert "Still to report on that day: Recharges." in told


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("?council=acc&year=2019/20", "Alder, 2019/20"),
        ("?council=acc&year=nonsense", "“nonsense” is not a financial year. Write it like 2019/20."),
        ("?council=acc&year=2098/99", "2098/99 has not begun."),
        ("?council=xyz&year=2019/20", "No such council was party to the partnership in that year."),
    ],
)
def test_statement_page_answers_what_is_asked(made, sign_in, asked, sentence):
    page = sign_in("clerk", made.birch).get(f"/governance-statement/{asked}").content.decode()
    assert sentence in page


def test_statement_page_is_for_who_reads_working_papers(made, sign_in):
    found = {
        role: sign_in(role, made.alder).get("/governance-statement/").status_code for role in ("auditor", "councillor")
    }
    assert found == {"auditor": 200, "councillor": 403}
    stranger = sign_in("officer", make_partnership(councils=[make_council(), make_council()]).parties.first().council)
    assert stranger.get(f"/governance-statement/?partnership={made.partnership.slug}").status_code == 404


def test_review_of_an_agreement_moves_its_next_day_on(made, sign_in):
    """The form asks against the day that the agreement names; an older review, entered later, leaves it alone."""
    change(made.agreement, review_due_on=date(2019, 10, 1))
    client = sign_in("officer", made.alder)
    at = f"/agreements/{made.agreement.pk}/reviews/new/"
    page = client.get(f"/agreements/{made.agreement.pk}/").content.decode()
    assert "A review was due on 1 October 2019 and is not recorded." in page
    sent = untouched(client.get(at).content.decode())
    assert sent["due_on"] == ["1 October 2019"]
    answers = {"held_on": "3 October 2019", "outcome": "stands", "next_due_on": "1 October 2030"}
    assert client.post(at, sent | answers).status_code == 302
    assert AgreementReview.objects.get().was_late
    assert Agreement.objects.get(pk=made.agreement.pk).review_due_on == date(2030, 10, 1)
    sent = untouched(client.get(at).content.decode()) | {"due_on": "", "next_due_on": "1 October 2019"}
    assert client.post(at, sent | {"held_on": "1 October 2018", "outcome": "stands"}).status_code == 302
    assert Agreement.objects.get(pk=made.agreement.pk).review_due_on == date(2030, 10, 1)
    page = client.get(f"/agreements/{made.agreement.pk}/").content.decode()
    assert "is not recorded." not in page.partition("<main")[2].partition("Titles")[0].split("Reviews of the")[0]


def test_audit_of_another_council_is_not_ones_own_to_keep(made, sign_in):
    theirs = audit(made, made.birch, "Payroll")
    client = sign_in("officer", made.alder)
    assert client.get(f"/internal-audit/{theirs.pk}/").status_code == 200
    assert client.get(f"/internal-audit/{theirs.pk}/edit/").status_code == 403
    assert client.get(f"/internal-audit/{theirs.pk}/actions/new/").status_code == 403
    sent = untouched(client.get("/internal-audit/new/").content.decode())
    typed = {"council": made.birch.pk, "financial_year": "2019/20", "title": "Theirs"}
    assert client.post("/internal-audit/new/", sent | typed).status_code == 200
    assert AuditCoverage.objects.count() == 1


def test_opinion_and_report_go_together(made, sign_in):
    client = sign_in("monitoring_officer", made.alder)
    sent = untouched(client.get("/internal-audit/new/").content.decode())
    typed = {"council": made.alder.pk, "financial_year": "2019/20", "title": "Recharges", "opinion": "limited"}
    page = client.post("/internal-audit/new/", sent | typed).content.decode()
    assert "Enter both the day of the report and its opinion, or neither." in page


def test_member_on_an_outside_body_with_what_waits_for_the_council(made, sign_in):
    appointment = keep(
        OutsideBodyAppointment(
            council=made.alder, outside_body="Canal Trust", member="Cllr Hill", from_on=date(2019, 5, 14)
        )
    )
    asked = {"reported": "The lock needs mending.", "asked": "Whether the council pays half."}
    note = keep(FeedbackNote(appointment=appointment, reported_on=date(2019, 7, 1), **asked))
    client = sign_in("clerk", made.alder)
    at = f"/outside-bodies/{appointment.pk}/"
    page = client.get(at).content.decode()
    assert "No support officer is named." in page
    assert "1 report back waits for an answer of the council." in page
    sent = untouched(client.get(f"/outside-bodies/feedback/{note.pk}/edit/").content.decode())
    typed = {"answered_on": "1 June 2019", "answer": "It does.", "reason": "Executive of June"}
    refused = client.post(f"/outside-bodies/feedback/{note.pk}/edit/", sent | typed).content.decode()
    assert "Enter a day that is not before the report." in refused
    typed |= {"answered_on": "1 August 2019"}
    assert client.post(f"/outside-bodies/feedback/{note.pk}/edit/", sent | typed).status_code == 302
    assert "waits for an answer" not in client.get(at).content.decode()


def test_what_members_report_back_is_not_for_every_councillor(made, sign_in):
    appointment = keep(OutsideBodyAppointment(council=made.alder, outside_body="Canal Trust", member="Cllr Hill"))
    keep(FeedbackNote(appointment=appointment, reported_on=date(2019, 7, 1), reported="A canary sings.", asked="Why?"))
    for council, role, seen in ((made.alder, "councillor", False), (made.alder, "pwg_member", True)):
        client = sign_in(role, council)
        pages = [client.get(f"/outside-bodies/{appointment.pk}/{end}").content.decode() for end in ("", "history/")]
        pages.append(client.get("/find/?words=canary").content.decode())
        assert any("A canary sings" in page for page in pages) is seen, role
        assert ("waits for an answer" in pages[0]) is seen, role


def test_appointments_are_the_own_councils(made, sign_in):
    appointment = keep(OutsideBodyAppointment(council=made.alder, outside_body="Canal Trust", member="Cllr Hill"))
    client = sign_in("clerk", made.birch)
    assert "Canal Trust" not in client.get("/outside-bodies/").content.decode()
    assert client.get(f"/outside-bodies/{appointment.pk}/").status_code == 404


@pytest.mark.parametrize(("held", "found"), [("now", ["Open"]), ("over", ["Over"]), ("", ["Open", "Over"])])
def test_appointments_are_found_by_whether_they_are_held(made, sign_in, held, found):
    for body, until_on in (("Open", None), ("Over", date(2019, 5, 1))):
        keep(OutsideBodyAppointment(council=made.alder, outside_body=body, member="Cllr Hill", until_on=until_on))
    response = sign_in("clerk", made.alder).get(f"/outside-bodies/?held={held}")
    assert [row.outside_body for row in response.context["object_list"]] == found


def test_governance_statement_offers_every_year_with_records(made):
    from reviews.dashboards.statements import years_of_records

    body = make_body(partnership=made.partnership)
    keep(Meeting(body=body, held_on=date(2009, 3, 20), access="public"))
    years = [str(year) for year in years_of_records(made.partnership, date(2026, 1, 1))]
    assert (years[0], years[-1], len(years)) == ("2025/26", "2008/09", 18)
