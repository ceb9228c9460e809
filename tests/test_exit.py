"""Ending an agreement: notice, what becomes of each post and service, payment in lieu, what it costs and saves whom.

The post costs £98,765 and 23.5% on-costs, £121,974.775 a year; Alder employs the officer and bears 60%, Birch 40%.
"""

import io
import zipfile
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from partnership.models import TerminationNotice
from reviews.exit.facts import exit_facts
from reviews.exit.money import in_lieu, sheet_of, years_of
from reviews.exit.paper import exit_document
from reviews.models import ExitArrangement, ExitEstimate, ExitPayment, ExitPlan, ExitPost
from tests.factories import (
    change,
    keep,
    make_agreement,
    make_arrangement,
    make_cost_share,
    make_council,
    make_council_share,
    make_line,
    make_membership,
    make_partnership,
    make_party,
    make_post,
    make_saving,
    withdraw,
)
from tests.html_forms import untouched

pytestmark = pytest.mark.django_db
TODAY = date(2020, 6, 1)
NOTICE = date(2019, 3, 31)


def make_shared(**agreement):
    """Alder and Birch with a joint chief executive, what it saves, and three services."""
    alder, birch = make_council(name="Alder", short_name="ACC"), make_council(name="Birch", short_name="BDC")
    partnership = make_partnership(councils=[alder, birch], name="Alder and Birch")
    own = {"partnership": partnership}
    made = SimpleNamespace(alder=alder, birch=birch, partnership=partnership)
    made.agreement = make_agreement(**own, **{"notice_months": 12} | agreement)
    made.post = make_post(**own, title="Chief Executive", home_council=alder)
    made.cost = make_cost_share(post=made.post, salary=Decimal(98765), on_costs_percent=Decimal("23.5"))
    make_council_share(cost_share=made.cost, council=alder, percent=Decimal(60), baseline_cost=Decimal(100000))
    make_council_share(cost_share=made.cost, council=birch, percent=Decimal(40), baseline_cost=Decimal(76543))
    provision = {"kind": "provision", "provider": alder, "receiver": birch}
    made.planning = make_arrangement(**own, **provision, service="Emergency planning")
    made.rooms = make_arrangement(**own, kind="co-location", service="Training rooms")
    made.housing = make_arrangement(**own, service="Housing")
    made.saving = make_saving(**own, title="Shared chief executive", recurrence="recurring", posts=[made.post])
    make_line(saving=made.saving, council=alder, estimated=Decimal(30000))
    make_line(saving=made.saving, council=birch, estimated=Decimal(20000), forecast=Decimal(22000))
    return made


def make_plan(made, **facts):
    return keep(ExitPlan(**{"partnership": made.partnership, "title": "Exit", "agreement": made.agreement} | facts))


def give_notice(made, council, on=NOTICE):
    return keep(TerminationNotice(agreement=made.agreement, given_by=council, given_on=on))


def read(plan, as_at=TODAY):
    return exit_facts(plan, as_at)


def sheet(facts, short_name):
    """A council's sheet in words: label → year by year."""
    council = next(council for council in facts.councils if council.short_name == short_name)
    return {line.label: [str(each) for each in line.sums] for line in sheet_of(facts, council, years_of(facts))}


def lieu(facts):
    names = {council.id: council.short_name for council in facts.councils}
    found = in_lieu(facts)
    return None if found is None else [(names[row.paid_by], names[row.paid_to], row.amount) for row in found]


def texts(table):
    """A table's rows as texts."""
    return [[cell.text for cell in row.cells] for row in table.rows]


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
    open_points = [cell.text for cell in response.context["document"].sections[-1].blocks[0].items for cell in cell]
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
    content = client.get(f"/exit-plans/{plan.pk}/paper.pdf").content
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
    said = " ".join(cell for table in document.tables for row in texts(table) for cell in row)
    assert not any(figure in said for figure in ("98,765", "121,974", "76,543", "100,000"))


def test_plan_is_not_for_other_councillors_nor_for_strangers(made, sign_in):
    plan = make_plan(made)
    at = f"/exit-plans/{plan.pk}/paper"
    client = sign_in("councillor", made.alder)
    assert [client.get(f"{at}{end}").status_code for end in ("/", ".pdf", ".docx")] == [403, 403, 403]
    client = sign_in("officer", make_council())
    assert [client.get(f"{at}{end}").status_code for end in ("/", ".pdf", ".docx")] == [404, 404, 404]


def test_notice_by_the_employer_owes_nothing_in_lieu_and_every_share_stops(made):
    """Alder employs the officer: it owes itself nothing, and Birch no longer pays."""
    give_notice(made, made.alder)
    facts = read(make_plan(made, last_day_on=date(2019, 9, 30)))
    assert lieu(facts) == []
    assert sheet(facts, "BDC")["Contributions to joint posts no longer paid"] == ["−£24,394.96", "−£48,789.91"]


def test_first_of_two_notices_to_run_out_ends_it_and_a_void_one_counts_for_nothing(made):
    give_notice(made, made.birch, on=date(2019, 6, 30))
    first = give_notice(made, made.alder)
    plan = make_plan(made)
    assert read(plan).last_day == date(2020, 3, 31)
    withdraw(first, TODAY)
    assert read(plan).last_day == date(2020, 6, 30)


@pytest.mark.parametrize(
    ("given_on", "months", "last_day"),
    [
        (date(2019, 2, 28), 12, date(2020, 2, 28)),  # the corresponding date, not the last of the month
        (date(2020, 2, 29), 12, date(2021, 2, 28)),  # there is no such date in 2021
        (date(2019, 8, 31), 6, date(2020, 2, 29)),
        (date(2022, 2, 28), 6, date(2022, 8, 28)),
    ],
)
def test_notice_runs_to_the_corresponding_date(made, given_on, months, last_day):
    made.agreement.notice_months = months
    assert made.agreement.last_day_by_notice(given_on) == last_day


def test_days_of_a_leap_year_are_counted(made):
    """Notice of 29 February 2020 runs out on 28 February 2021. Last day 31 March 2020: in lieu 334 of the 365 days.

    121,974.775 × 334 ÷ 365 = 111,615.28 (111,615.27685): 60% is 66,969.168, 40% 44,646.112, the penny over is Alder's
    (remainder .008 against .002): £44,646.11. One day later, the last of the leap year is served and owed no more:
    of 2019/20 nothing is left.
    """
    give_notice(made, made.birch, on=date(2020, 2, 29))
    facts = read(make_plan(made, last_day_on=date(2020, 3, 31)))
    assert lieu(facts) == [("BDC", "ACC", Decimal("44646.11"))]
    facts = read(make_plan(made, last_day_on=date(2020, 2, 29), title="Earlier"))
    # 31 days of 2019/20 on top: 121,974.775 × 31 ÷ 366 = 10,331.20 (10,331.197…), 40% is 4,132.48.
    assert lieu(facts) == [("BDC", "ACC", Decimal("44646.11") + Decimal("4132.48"))]


def test_without_a_period_of_notice_nothing_is_made_up():
    made = make_shared(notice_months=None)
    give_notice(made, made.birch)
    plan = make_plan(made)
    facts = read(plan)
    assert (facts.last_day, lieu(facts), years_of(facts)) == (None, None, ())
    document = exit_document(facts, "exit", sees_costs=True)
    said = [block.text for section in document.sections for block in section.blocks if hasattr(block, "text")]
    assert "Not known: the period of notice is not recorded." in said
    assert "Not known: no last day is recorded, and no notice from which it could be reckoned." in said


def test_unknown_costs_and_shares_are_not_known_never_nought(made):
    give_notice(made, made.birch)
    make_post(partnership=made.partnership, title="Head of Finance", home_council=made.birch)
    facts = read(make_plan(made, last_day_on=date(2019, 9, 30)))
    assert lieu(facts) is None
    assert sheet(facts, "BDC") == {
        "Costs of leaving": ["not recorded", "not recorded"],
        "Payment in lieu of notice": ["not known", "£0"],
        "Contributions to joint posts no longer received": ["not known", "not known"],
        "Contributions to joint posts no longer paid": ["not known", "not known"],
        "What leaving costs, net": ["not known", "not known"],
        "Savings of the ledger lost": ["£11,000", "£22,000"],
    }
    document = exit_document(facts, "exit", sees_costs=True)
    said = [block.text for section in document.sections for block in section.blocks if hasattr(block, "text")]
    assert "The payment is not known: what Head of Finance costs and who pays it is not recorded." in said


def test_what_stays_shared_is_not_reckoned_with(made):
    give_notice(made, made.birch)
    plan = make_plan(made, last_day_on=date(2019, 9, 30))
    keep(ExitPost(plan=plan, post=made.post, disposition="shared"))
    keep(ExitArrangement(plan=plan, arrangement=made.housing, disposition="shared"))
    facts = read(plan)
    assert lieu(facts) == []
    assert sheet(facts, "BDC")["Contributions to joint posts no longer paid"] == ["£0", "£0"]
    assert sheet(facts, "BDC")["Savings of the ledger lost"] == ["not recorded", "not recorded"]


def test_saving_of_which_part_goes_on_is_lost_by_an_amount_not_known(made):
    other = make_post(partnership=made.partnership, title="Head of Finance", home_council=made.alder)
    make_line(
        saving=make_saving(partnership=made.partnership, posts=[made.post, other], recurrence="recurring"),
        council=made.birch, estimated=Decimal(500),
    )  # fmt: skip
    give_notice(made, made.birch)
    plan = make_plan(made)
    keep(ExitPost(plan=plan, post=other, disposition="shared"))
    assert sheet(read(plan), "BDC")["Savings of the ledger lost"] == ["not known", "not known"]


def test_post_with_a_day_of_its_own_ends_then(made):
    """In lieu from 1 July 2019, 275 of 366 days: 91,647.71, of which 40% is 36,659.084 and 60% 54,988.626.

    The penny over goes to Alder (remainder .006 against .004): Birch pays £36,659.08.
    """
    give_notice(made, made.birch)
    plan = make_plan(made, last_day_on=date(2019, 9, 30))
    keep(ExitPost(plan=plan, post=made.post, disposition="own", last_day_on=date(2019, 6, 30)))
    assert lieu(read(plan)) == [("BDC", "ACC", Decimal("36659.08"))]


def test_agreed_payment_stands_in_the_place_of_the_one_worked_out(made):
    give_notice(made, made.birch)
    plan = make_plan(made, last_day_on=date(2019, 9, 30))
    keep(
        ExitPayment(
            plan=plan, paid_by=made.birch, paid_to=made.alder, paid_on=date(2020, 4, 30), amount=Decimal("20000.01")
        )
    )
    facts = read(plan)
    assert sheet(facts, "BDC")["Payment in lieu of notice"] == ["£0", "£20,000.01"]
    assert sheet(facts, "ACC")["Payment in lieu of notice"] == ["£0", "−£20,000.01"]


@pytest.fixture
def three(made):
    """Cedar too: Alder bears half, Birch 30% and Cedar 20%."""
    cedar = make_council(name="Cedar", short_name="CDC")
    make_party(partnership=made.partnership, council=cedar, position=3)
    for row, share in zip(made.cost.council_shares.order_by("council__name"), (50, 30), strict=True):
        change(row, percent=Decimal(share))
    make_council_share(cost_share=made.cost, council=cedar, percent=Decimal(20))
    make_line(saving=made.saving, council=cedar, estimated=Decimal(10000))
    made.cedar = cedar
    return made


def test_one_of_three_leaves_and_the_others_go_on(three):
    """60,987.39: half is 30,493.695, 30% 18,296.217, 20% 12,197.478; a penny each to the remainders .008 and .007.

    Cedar leaves and owes 12,197.48 (.478 has remainder .008). Birch's share goes on; what Birch and Alder then save
    depends on new shares that nobody has set.
    """
    give_notice(three, three.cedar)
    facts = read(make_plan(three, last_day_on=date(2019, 9, 30), others_go_on=True))
    assert lieu(facts) == [("CDC", "ACC", Decimal("12197.48"))]
    paid = "Contributions to joint posts no longer paid"
    assert [sheet(facts, name)[paid][0] for name in ("ACC", "BDC", "CDC")] == ["£0", "£0", "−£12,197.48"]
    assert sheet(facts, "ACC")["Contributions to joint posts no longer received"][0] == "£12,197.48"
    lost = [sheet(facts, name)["Savings of the ledger lost"] for name in ("ACC", "BDC", "CDC")]
    assert lost == [["not known"] * 2, ["not known"] * 2, ["£5,000", "£10,000"]]


def test_three_end_it_together(three):
    """Every share stops; the one that gives notice pays in lieu, 18,296.22 being the larger remainder's for Birch."""
    give_notice(three, three.birch)
    facts = read(make_plan(three, last_day_on=date(2019, 9, 30)))
    assert lieu(facts) == [("BDC", "ACC", Decimal("18296.22"))]
    paid = [sheet(facts, name)["Contributions to joint posts no longer paid"][0] for name in ("ACC", "BDC", "CDC")]
    assert paid == ["£0", "−£18,296.22", "−£12,197.48"]


def test_exposure_on_any_day_is_reckoned_from_that_day(made):
    """Before notice is given the plan assumes it, on the day that is asked for unless it names another."""
    plan = make_plan(made, assumed_notice_by=made.birch)
    assert read(plan, date(2019, 1, 31)).last_day == date(2020, 1, 31)
    assert read(plan, date(2019, 11, 30)).last_day == date(2020, 11, 30)
    give_notice(made, made.alder)
    assert read(plan, date(2019, 3, 30)).notices[0].given_by.short_name == "BDC"
    given = read(plan, date(2019, 3, 31))
    assert (given.notices[0].given_by.short_name, given.notices[0].is_given) == ("ACC", True)


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
        ({"financial_year": "2019"}, "“2019” is not a financial year. Write it like 2019/20."),
        ({"amount": "plenty"}, "“plenty” is not an amount of money. Enter pounds like 1,234 or 1,234.50."),
    ],
)
def test_bad_cost_is_refused_with_a_sentence(made, sign_in, typed, sentence):
    plan = make_plan(made)
    client, at = sign_in("officer", made.alder), f"/exit-plans/{plan.pk}/costs/new/"
    right = {"council": made.alder.pk, "financial_year": "2019/20", "kind": "cost", "title": "Systems"}
    response = client.post(at, untouched(client.get(at).content.decode()) | right | typed)
    assert sentence in response.content.decode()
    assert not ExitEstimate.objects.exists()


def test_stranger_to_the_agreement_cannot_give_notice(made, sign_in):
    other = make_council(name="Elsewhere")
    client, at = sign_in("officer", made.alder), f"/agreements/{made.agreement.pk}/notices/new/"
    sent = untouched(client.get(at).content.decode()) | {"given_by": other.pk, "given_on": "31 March 2019"}
    assert f"“{other.pk}” is not a choice for “Given by”" in client.post(at, sent).content.decode()
    assert not TerminationNotice.objects.exists()
