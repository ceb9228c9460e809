"""Two partnerships that grow and shrink, walked in a real browser from cost share to dashboard and report.

Alder, Birch and Cedar share a chief executive of £120,000 a year 40/40/20; Cedar's last day is 30 September 2026. From
1 October it is 50/50, and Birch employs the officer. 183 days are £120,000 × 183 ÷ 365 = £60,164.38, 182 days the rest
of the year, £59,835.62.

    Alder   40% of 60,164.38 = 24,065.75, 50% of 59,835.62 = 29,917.81: 53,983.56; 98,000.00 less it = 44,016.44
    Birch   the same: 53,983.56; 91,500.00 less it = 37,516.44
    Cedar   20% of 60,164.38 = 12,032.88; 64,000 × 183 ÷ 365 = 32,087.67 less it = 20,054.79
    Owed    to Alder until September: Birch 24,065.75, Cedar 12,032.88; to Birch from October: Alder 29,917.81

Elm and Fir share a head of audit of £104,250 a year 60/40; Gorse joins on 1 October 2021, then it is 45/30/25. 183
days are £52,267.81, 182 days £51,982.19; odd pennies go to the largest remainders.

    Gorse   25% is 12,995.55; 52,000 × 182 ÷ 365 = 25,928.77 less it = 12,933.22
    Elm     31,360.69 + 23,391.98 = 54,752.67; 88,400 less it = 33,647.33
    Fir     20,907.12 + 15,594.66 = 36,501.78; 79,900 less it = 43,398.22
    2020/21 Elm 88,400 − 62,550 = 25,850; Fir 79,900 − 41,700 = 38,200

Boards and papers print whole pounds, and a total is the sum of the pence, rounded once: in 2026/27 44,016.44 +
37,516.44 + 20,054.79 = 101,587.67; in 2021/22 33,647.33 + 43,398.22 + 12,933.22 = 89,978.77.
"""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from docx import Document
from pypdf import PdfReader

from joint_posts.models import SavingLine
from partnership.accounts.permissions import today
from partnership.dates import in_words
from reviews.models import Review
from tests.factories import change, make_agreement, make_body, make_council, make_partnership, make_party, make_post
from tests.two_partnerships import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "Why are you changing this?"


@pytest.fixture
def enter(new_context, base_url):
    """A page of a person's own, signed in."""

    def enter(person):
        client = Client()
        client.force_login(person)
        context = new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base_url}])
        return context.new_page()

    return enter


def found(name, title, parties, from_on, home):
    """A partnership with a post filled since a day; ``parties`` have their days of joining and leaving."""
    partnership = make_partnership(name=name)
    councils = {}
    for position, (council, days) in enumerate(parties.items(), 1):
        councils[council] = make_council(name=f"{council} Council", short_name=council)
        make_party(partnership=partnership, council=councils[council], position=position, **days)
    agreement = make_agreement(partnership=partnership)
    post = make_post(
        partnership=partnership, title=title, from_on=from_on, home_council=councils[home], agreement=agreement
    )
    return post, councils


def keeper(name, council):
    return make_person(name, *((council, role) for role in ("officer", "pay_officer", "finance_verifier")))


def save(page, button="Save"):
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()
    assert page.locator(".govuk-error-summary").count() == 0, page.locator(".govuk-error-summary").all_inner_texts()


def type_in(page, answers):
    for label, text in answers.items():
        page.get_by_label(label, exact=False).first.fill(text)


def cost_share(page, post, answers):
    page.goto(f"/joint-posts/{post.pk}/cost-shares/new/")
    type_in(page, answers)
    save(page)


def baseline(page, post, council, amount):
    """A council's own finance enters what its post cost before; the rest of the cost share stays as it is."""
    page.goto(f"/joint-posts/cost-shares/{post.cost_shares.order_by('from_on').last().pk}/edit/")
    type_in(page, {f"{council}’s baseline": amount, WHY: "Budget of the council"})
    save(page, "Save the changes")


def put_into_ledger(page, post, year):
    page.goto(f"/joint-posts/{post.pk}/put-into-ledger/")
    type_in(page, {"Financial year": year, WHY: "Worked saving"})
    save(page, "Put the saving into the ledger")


def on_the_board(page, partnership, year, moment=""):
    """The estimates of a year in the board's table, by council; "all" for all of them together."""
    page.goto(f"/?partnership={partnership.slug}{moment}")
    table = page.get_by_role("table", name="Savings by year and council")
    rows = table.get_by_role("row", name=f"{year}, ")
    cells = [row.locator("th, td").all_inner_texts() for row in rows.all()]
    return {name.partition(", ")[2].partition(" ")[0]: estimated for name, _, estimated, *_ in cells}


def in_the_report(page, partnership, year, as_at):
    """A partnership update as at a day, started on the page: its savings table on the page, as PDF and as Word."""
    body = make_body(partnership=partnership)
    page.goto("/reviews/new/")
    page.locator("select[name=kind]").select_option("update")
    page.locator("select[name=body]").select_option(str(body.pk))
    type_in(page, {"Title": f"Update of {partnership}", "As at": as_at, "Financial year": year, "Version": "Draft"})
    page.locator("[name=slug]").fill("update")
    save(page)
    review = Review.objects.get(partnership=partnership)
    page.goto(f"/reviews/{review.slug}/")
    shown = page.locator("main").inner_text()
    pdf = PdfReader(io.BytesIO(page.request.get(f"/reviews/{review.slug}.pdf").body()))
    word = Document(io.BytesIO(page.request.get(f"/reviews/{review.slug}.docx").body()))
    printed = " ".join(sheet.extract_text() for sheet in pdf.pages)
    return shown, printed, word.element.xpath("string(.)")


def ledger(post, year):
    lines = SavingLine.objects.active().filter(calculated_from=post, financial_year=year)
    return {line.council.short_name: line.estimated for line in lines}


def test_partnership_that_a_council_leaves_goes_from_cost_share_to_ledger(enter):
    parties = {"Alder": {}, "Birch": {}, "Cedar": {"left_on": date(2026, 9, 30)}}
    post, councils = found("Three councils", "Chief Executive", parties, date(2024, 4, 1), "Alder")
    pages = {name: enter(keeper(f"of.{name}", councils[name])) for name in ("Alder", "Birch")}
    shares = {"Alder’s share": "40", "Birch’s share": "40", "Cedar’s share": "20"}
    alder = pages["Alder"]
    birch = pages["Birch"]
    cost_share(alder, post, {"From": "1 April 2024", "Salary": "120,000", "Alder’s baseline": "98,000"} | shares)
    baseline(birch, post, "Birch", "91,500")
    # Cedar left, so that its baseline was entered before, by its own finance.
    row = post.cost_shares.get().council_shares.get(council=councils["Cedar"])
    change(row, baseline_cost=Decimal(64000))

    alder.goto(f"/joint-posts/{post.pk}/?year=2026/27")
    text = alder.locator("main").inner_text()
    assert "No cost share is recorded from 1 October 2026." in text
    assert "£12,032.88 (20%)" in text
    assert "£24,840" not in text

    alder.goto(f"/joint-posts/{post.pk}/change-employer/")
    alder.get_by_label("New employer").select_option(label="Birch Council")
    type_in(alder, {"From": "1 October 2026", WHY: "Transfer of staff"})
    save(alder, "Change the employer")
    # The new employer enters the new split: pay and baselines carry on, and the shares start from those that were.
    cost_share(birch, post, {"From": "1 October 2026", "Alder’s share": "50", "Birch’s share": "50"})

    birch.goto(f"/joint-posts/{post.pk}/?year=2026/27")
    text = birch.locator("main").inner_text()
    for sentence in (
        "£53,983.56 (40% then 50%)",
        "£12,032.88 (20%)",
        "£37,516.44",
        "£120,000.00",
        "Alder Council owes Birch Council £29,917.81 for 2026/27.",
        "Birch Council owes Alder Council £24,065.75 for 2026/27.",
        "Cedar Council owes Alder Council £12,032.88 for 2026/27.",
    ):
        assert sentence in text
    put_into_ledger(alder, post, "2026/27")
    assert ledger(post, "2026/27") == {
        "Alder": Decimal("44016.44"),
        "Birch": Decimal("37516.44"),
        "Cedar": Decimal("20054.79"),
    }
    put_into_ledger(alder, post, "2027/28")
    assert ledger(post, "2027/28") == {"Alder": Decimal("38000.00"), "Birch": Decimal("31500.00")}

    moment = "&as_at=2027-03-31&known=now"
    estimates = {"Alder": "£44,016", "Birch": "£37,516", "Cedar": "£20,055", "all": "£101,588"}
    assert on_the_board(alder, post.partnership, "2026/27", moment) == estimates
    for text in in_the_report(alder, post.partnership, "2026/27", "31 March 2027"):
        assert [sum_ for sum_ in estimates.values() if sum_ not in text] == []
        assert "£24,840" not in text


def test_partnership_that_a_council_joins_goes_from_cost_share_to_ledger(enter):
    parties = {"Elm": {}, "Fir": {}, "Gorse": {"joined_on": date(2021, 10, 1)}}
    post, councils = found("Growing councils", "Head of Audit", parties, date(2020, 4, 1), "Fir")
    pages = {name: enter(keeper(f"of.{name}", council)) for name, council in councils.items()}
    fir = pages["Fir"]
    first = {"From": "1 April 2020", "Salary": "104,250", "Fir’s baseline": "79,900"}
    cost_share(fir, post, first | {"Elm’s share": "60", "Fir’s share": "40", "Gorse’s share": ""})
    baseline(pages["Elm"], post, "Elm", "88,400")
    put_into_ledger(fir, post, "2020/21")  # Gorse joins later and is asked for nothing
    assert ledger(post, "2020/21") == {"Elm": Decimal("25850.00"), "Fir": Decimal("38200.00")}
    cost_share(fir, post, {"From": "1 October 2021", "Elm’s share": "45", "Fir’s share": "30", "Gorse’s share": "25"})
    baseline(pages["Gorse"], post, "Gorse", "52,000")
    put_into_ledger(fir, post, "2021/22")
    assert ledger(post, "2021/22") == {
        "Elm": Decimal("33647.33"),
        "Fir": Decimal("43398.22"),
        "Gorse": Decimal("12933.22"),
    }

    # The saving was identified today, so it is on the board and in the report of today and not of an earlier day.
    estimates = {"Elm": "£33,647", "Fir": "£43,398", "Gorse": "£12,933", "all": "£89,979"}
    assert on_the_board(fir, post.partnership, "2021/22") == estimates
    for text in in_the_report(fir, post.partnership, "2021/22", in_words(today())):
        assert [sum_ for sum_ in estimates.values() if sum_ not in text] == []
