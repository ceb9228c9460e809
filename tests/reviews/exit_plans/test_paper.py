"""Ending an agreement as people see it: entered in forms, read on a page and in files, by those who may."""

import io
import itertools
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from partnership.models import TerminationNotice
from reviews.exit_plans.paper import exit_document
from reviews.models import ExitEstimate, ExitPayment, ExitPlan
from reviews.papers.output import html, pdf
from tests.exits import TODAY, give_notice, make_plan, make_shared, read, texts
from tests.factories import (
    keep,
    make_council,
    make_membership,
    withdraw,
)
from tests.html_forms import untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return make_shared()


@pytest.fixture
def sign_in(client, made):
    def as_role(role, council):
        client.force_login(make_membership(council=council, role=role).user)
        return client

    return as_role


def enter(client, at, **typed):
    """Open a form, type, send."""
    response = client.post(at, untouched(client.get(at).content.decode()) | typed)
    assert response.status_code == 302, response.context["form"].errors


def test_termination_as_a_user_enters_it(made, sign_in):
    """Birch gives twelve months' notice on 31 March 2019: it would run to 31 March 2020. The last day is 30 September.

    In lieu, 1 October to 31 March, 183 of the 366 days of 2019/20: 121,974.775 × 183 ÷ 366 = 60,987.39, of which 60% is
    36,592.43 and 40% 24,394.95, and the penny over goes to the larger remainder, Birch: £24,394.96. Its contributions
    of those days stop too, so that 2019/20 costs it the £1,500 of advice. From 2020/21 it saves its share of a year,
    121,974.78, that is 48,789.91 (the penny over is Alder's). The ledger loses half of 2019/20 and then all of it:
    22,000 × 183 ÷ 366 = 11,000, and 22,000 at the rate of 2019/20.
    """
    client = sign_in("monitoring_officer", made.birch)
    given = {"given_by": made.birch.pk, "given_on": "31 March 2019"}
    enter(client, f"/agreements/{made.agreement.pk}/notices/new/", **given)
    page = client.get(f"/agreements/{made.agreement.pk}/").content.decode()
    assert "Birch gave notice on 31 March 2019: the last day is 31 March 2020." in page
    enter(
        client, "/exit-plans/new/", title="Leaving", agreement=made.agreement.pk, last_day_on="30 September 2019",
        relationship="Good neighbours.",
    )  # fmt: skip
    plan = ExitPlan.objects.get()
    at = f"/exit-plans/{plan.pk}"
    returns = {"disposition": "returns", "employed_by": made.alder.pk, "phase": "1"}
    enter(client, f"{at}/posts/new/", post=made.post.pk, **returns)
    goes_on = {"disposition": "agreed", "phase": "2", "what_follows": "A service level agreement."}
    enter(client, f"{at}/services/new/", arrangement=made.planning.pk, employed_by=made.alder.pk, **goes_on)
    enter(client, f"{at}/services/new/", arrangement=made.rooms.pk, disposition="ends", phase="1")
    for council, year, amount in (("birch", "2019/20", "1,500"), ("birch", "2020/21", "0"), ("alder", "2019/20", "")):
        cost = {"council": getattr(made, council).pk, "financial_year": year, "amount": amount}
        enter(client, f"{at}/costs/new/", kind="cost", title="Legal advice", **cost)

    response = client.get(f"{at}/paper/")
    posts, services, lieu_paid, alder, birch = map(texts, response.context["document"].tables)
    assert posts == [
        ["Chief Executive", "ACC", "Returns to the home council alone", "ACC", "1", "30 September 2019"],
    ]
    assert services == [
        ["Training rooms", "Not stated", "Ends", "–", "1", "30 September 2019"],
        [
            "Emergency planning", "ACC to BDC", "Goes on under an agreement of its own A service level agreement.",
            "ACC", "2", "30 September 2019",
        ],
        ["Housing", "Not stated", "Not decided yet", "–", "–", "30 September 2019"],
    ]  # fmt: skip
    assert lieu_paid == [["Chief Executive", "BDC", "ACC", "£24,394.96"]]
    assert birch == [
        ["Costs of leaving", "£1,500.00", "£0.00"],
        ["Payment in lieu of notice", "£24,394.96", "£0.00"],
        ["Contributions to joint posts no longer received", "£0.00", "£0.00"],
        ["Contributions to joint posts no longer paid", "−£24,394.96", "−£48,789.91"],
        ["What leaving costs, net", "£1,500.00", "−£48,789.91"],
        ["Savings of the ledger lost", "£11,000.00", "£22,000.00"],
    ]
    assert alder == [
        ["Costs of leaving", "not known", "not recorded"],
        ["Payment in lieu of notice", "−£24,394.96", "£0.00"],
        ["Contributions to joint posts no longer received", "£24,394.96", "£48,789.91"],
        ["Contributions to joint posts no longer paid", "£0.00", "£0.00"],
        ["What leaving costs, net", "not known", "not known"],
        ["Savings of the ledger lost", "£15,000.00", "£30,000.00"],
    ]
    open_points = []
    for cell in response.context["document"].sections[-1].blocks[0].items:
        open_points += [cell.text for cell in cell]
    assert open_points == [
        "What becomes of these is not decided: Housing.",
        "The amount is not known yet of: Legal advice.",
    ]
    page = response.content.decode()
    for sentence in (
        "Notice would run for another 183 days, 1 October 2019 to 31 March 2020.",
        "The councils take 30 September 2019 as the last day.",
        "Good neighbours.",
    ):
        assert sentence in page


def test_files_say_what_the_page_says(made, sign_in):
    give_notice(made, made.birch)
    plan = make_plan(made, last_day_on=date(2019, 9, 30))
    client = sign_in("finance_verifier", made.alder)
    # Drawn here: the portal draws in a process with a limit of seconds, which a busy machine may not keep.
    content = pdf.render(html.render(exit_document(read(plan), "exit", sees_costs=True)))
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    with zipfile.ZipFile(io.BytesIO(client.get(f"/exit-plans/{plan.pk}/paper.docx").content)) as file:
        typed = file.read("word/document.xml").decode()
    for text in ("£24,394.96", "Emergency planning", "Not for publication."):
        assert (text in printed, text in typed) == (True, True), text


@pytest.mark.parametrize("role", ["officer", "pwg_member", "clerk"])
def test_contributions_are_for_those_who_see_costs(made, sign_in, role):
    """Neither a share nor what is made of it, nor the agreed payment, nor a net from which it could be taken."""
    give_notice(made, made.birch)
    plan = make_plan(made, last_day_on=date(2019, 9, 30))
    money = {"paid_by": made.birch, "paid_to": made.alder, "paid_on": date(2019, 9, 30), "amount": Decimal("23456.78")}
    client = sign_in(role, made.birch)
    pages = [client.get(f"/exit-plans/{plan.pk}/paper/").content.decode()]
    keep(ExitPayment(plan=plan, **money))
    for ending in ("", "paper/", "history/"):
        pages.append(client.get(f"/exit-plans/{plan.pk}/{ending}").content.decode())
    with zipfile.ZipFile(io.BytesIO(client.get(f"/exit-plans/{plan.pk}/paper.docx").content)) as file:
        pages.append(file.read("word/document.xml").decode())
    for page in pages:
        for figure in ("24,394", "48,789", "23,456", "98,765", "121,974", "76,543", "100,000"):
            assert figure not in page, figure
    assert "seen by finance" in pages[0]
    assert "£11,000.00" in pages[0]  # the ledger is read by all


def test_baselines_and_pay_are_on_no_paper(made):
    give_notice(made, made.birch)
    document = exit_document(read(make_plan(made)), "exit", sees_costs=True)
    said = " ".join(" ".join(row) for row in itertools.chain.from_iterable(map(texts, document.tables)))
    assert "Chief Executive" in said
    assert [figure for figure in ("98,765", "121,974", "76,543", "100,000") if figure in said] == []


def test_plan_is_not_for_other_councillors_nor_for_strangers(made, sign_in):
    plan = make_plan(made)
    at = f"/exit-plans/{plan.pk}/paper"
    client = sign_in("councillor", made.alder)
    assert [client.get(f"{at}{end}").status_code for end in ("/", ".pdf", ".docx")] == [403, 403, 403]
    client = sign_in("officer", make_council())
    assert [client.get(f"{at}{end}").status_code for end in ("/", ".pdf", ".docx")] == [404, 404, 404]


def test_page_shows_an_earlier_day_and_refuses_what_was_not_begun(made, sign_in):
    plan = make_plan(made, assumed_notice_by=made.birch)
    client = sign_in("auditor", made.alder)
    page = client.get(f"/exit-plans/{plan.pk}/paper/?as_at=2019-01-31&known=now").content.decode()
    assert "The last day is 31 January 2020, on which notice runs out." in page
    assert f"/exit-plans/{plan.pk}/paper.pdf?as_at=2019-01-31&amp;known=now" in page
    page = client.get(f"/exit-plans/{plan.pk}/paper/?as_at=2019-01-31").content.decode()
    assert "The plan was not begun by then. This page shows today." in page


def test_withdrawn_plan_leads_to_its_own_page(made, sign_in):
    plan = make_plan(made)
    withdraw(plan, TODAY)
    client = sign_in("officer", made.alder)
    assert client.get(f"/exit-plans/{plan.pk}/paper/").headers["Location"] == f"/exit-plans/{plan.pk}/"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "-5"}, "Enter a sum of nought or more, and choose whether it is a cost or a saving."),
        ({"financial_year": "2019"}, "“2019” is not a financial year. Write 2018/19 or 2019/20."),
        ({"amount": "plenty"}, "“plenty” is not an amount of money. Enter pounds like 1,234 or 1,234.50."),
    ],
)
def test_bad_cost_is_refused_with_a_sentence(made, sign_in, typed, sentence):
    plan = make_plan(made)
    client = sign_in("officer", made.alder)
    at = f"/exit-plans/{plan.pk}/costs/new/"
    right = {"council": made.alder.pk, "financial_year": "2019/20", "kind": "cost", "title": "Systems"}
    response = client.post(at, untouched(client.get(at).content.decode()) | right | typed)
    assert sentence in response.content.decode()
    assert not ExitEstimate.objects.exists()


def test_stranger_to_the_agreement_cannot_give_notice(made, sign_in):
    other = make_council(name="Elsewhere")
    client = sign_in("officer", made.alder)
    at = f"/agreements/{made.agreement.pk}/notices/new/"
    sent = untouched(client.get(at).content.decode()) | {"given_by": other.pk, "given_on": "31 March 2019"}
    assert f"“{other.pk}” is not a choice for “Given by”" in client.post(at, sent).content.decode()
    assert not TerminationNotice.objects.exists()
