"""The money on a board and in a paper: what leads, what a total is made of, what it lacks, and lines without a year."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from joint_posts.models import SavingsTarget
from partnership.records.as_at import AsAt
from reviews.dashboards.build import draw_board
from reviews.dashboards.figures import board_figures
from reviews.facts.dashboard import steering_facts
from reviews.papers.document import build
from tests.factories import (
    change,
    keep,
    make_council,
    make_line,
    make_membership,
    make_partnership,
    make_review,
    make_saving,
    make_section,
    make_user,
)
from tests.partnership.generic.test_register import body_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
TODAY = date(2026, 11, 30)
NOTHING_DELIVERED = "; nothing is recorded as delivered"


@pytest.fixture
def councils():
    return [make_council(name=f"Council {name}", short_name=name) for name in ("A", "B", "C")]


@pytest.fixture
def partnership(councils):
    return make_partnership(councils=councils)


@pytest.fixture
def saving(partnership):
    return make_saving(partnership=partnership)


def line(saving, council, year="2026/27", on=None, **figures):
    """A line; what is delivered is so up to the day given, or to the end of the year before today's."""
    amounts = {name: Decimal(amount) for name, amount in figures.items()}
    if "delivered" in amounts:
        amounts["delivered_to_on"] = on or date(2026, 3, 31)
    return make_line(saving=saving, council=council, financial_year=year, **amounts)


def steering(partnership, on=TODAY):
    return steering_facts(partnership, on, None, has_working_papers=True, has_lines=True)


def board(partnership, council=None, on=TODAY):
    found = steering(partnership, on)
    fact = next((row for row in found.facts.councils if council and row.id == council.pk), None)
    return draw_board(found, AsAt(on), fact)


def money_headlines(partnership, council=None):
    """Return those about savings, with their remarks."""
    found = []
    for row in board(partnership, council).headlines:
        found.append(("".join(piece.text for piece in row.pieces), row.remark))
    last = next(number for number, (words, _) in enumerate(found) if "joint post" in words)
    return found[:last]


def bars(partnership):
    chart = board(partnership).chart
    return [(bar.label, bar.words) for bar in chart.bars] if chart else None


def grid(partnership, name):
    found = board(partnership).grids[name]
    rows = []
    for row in found.rows:
        rows.append([cell["text"] for cell in row["cells"]])
    return rows


def paper_table(partnership, key="savings"):
    review = make_review(partnership=partnership, financial_year="2026/27", as_at=TODAY)
    make_section(review=review, narrative="{table:savings}\n\n{chart:savings}")
    document = build(review, None)
    tables = [table for table in document.tables if table.key == key]
    rows = []
    for row in tables[0].rows:
        rows.append([cell.whole_text for cell in row.cells])
    return rows


# --- What leads (1.10, 1.11) ------------------------------------------------------------------------------------------


def test_board_leads_with_the_last_closed_year_when_the_next_is_planned(partnership, saving, councils):
    for council in councils:
        line(saving, council, "2025/26", estimated=50_000, delivered=40_000)
        line(saving, council, "2026/27", estimated=60_000)
        line(saving, council, "2029/30", estimated=99_000)
    assert money_headlines(partnership) == [
        ("£120,000 delivered of £150,000 estimated for 2025/26, all three councils", TOGETHER),
        ("£180,000 estimated for 2026/27, all three councils", TOGETHER + NOTHING_DELIVERED),
    ]
    assert money_headlines(partnership, councils[0])[:2] == [
        ("£40,000 delivered of £50,000 estimated for 2025/26, Council A", ""),
        ("£60,000 estimated for 2026/27, Council A", NOTHING_DELIVERED.removeprefix("; ").capitalize()),
    ]


TOGETHER = "Cashable savings of A, B and C together"


def test_board_leads_with_the_present_year_once_something_is_delivered(partnership, saving, councils):
    for council in councils:
        line(saving, council, "2025/26", estimated=50_000, delivered=40_000)
    line(saving, councils[0], "2026/27", date(2026, 9, 30), estimated=60_000, delivered=20_000)
    line(saving, councils[1], "2026/27", estimated=60_000)
    words = (
        "£20,000, without B and C (not recorded), delivered of £120,000, without C (not recorded), estimated for"
        " 2026/27, all three councils"
    )
    assert money_headlines(partnership) == [(words, TOGETHER)]


def test_board_with_only_delivered_figures_says_what_is_delivered(partnership, saving, councils):
    line(saving, councils[0], "2025/26", delivered=5_690_000)
    line(saving, councils[1], "2025/26", delivered=10_000)
    words = "£5,700,000, without C (not recorded), delivered for 2025/26, all three councils"
    assert money_headlines(partnership) == [(words, TOGETHER + "; no plan is recorded")]
    assert money_headlines(partnership, councils[0]) == [
        ("£5,690,000 delivered for 2025/26, Council A", "No plan is recorded"),
        (
            "£5,690,000 delivered for 2025/26, A on its own: saves",
            "Before the cost of getting there, which is not recorded",
        ),
    ]
    assert bars(partnership) == [
        ("2025/26, A", "£5,690,000 delivered"),
        ("2025/26, B", "£10,000 delivered"),
        ("2025/26, C", "not recorded"),
        ("2025/26, all three councils", "£5,700,000, without C (not recorded), delivered"),
    ]


def test_board_with_older_delivered_figures_says_them_beside_the_plan(partnership, saving, councils):
    line(saving, councils[0], "2019/20", date(2020, 3, 31), delivered=7_000)
    line(saving, councils[0], "2026/27", estimated=9_000)
    assert [words for words, _ in money_headlines(partnership, councils[0])][:2] == [
        "£9,000 estimated for 2026/27, Council A",
        "£7,000 delivered for 2019/20, Council A",
    ]


def test_board_with_only_forecasts_shows_them(partnership, saving, councils):
    for council in councils:
        line(saving, council, forecast=1_000)
    assert money_headlines(partnership) == [
        ("£3,000 forecast for 2026/27, all three councils", TOGETHER + NOTHING_DELIVERED)
    ]
    assert bars(partnership)[-1] == ("2026/27, all three councils", "£3,000 forecast")


def test_board_of_an_empty_partnership_says_that_nothing_is_recorded(partnership):
    assert money_headlines(partnership) == [("Savings for 2026/27, all three councils: not recorded", "")]
    assert bars(partnership) is None
    assert grid(partnership, "outside") == []


def test_board_of_one_council_left_alone_speaks_of_it():
    alone = make_council(name="Alone", short_name="ALO")
    partnership = make_partnership(councils=[alone])
    line(make_saving(partnership=partnership), alone, "2025/26", estimated=500, delivered=-200)
    assert money_headlines(partnership) == [
        ("−£200 delivered of £500 estimated for 2025/26, the one council", "Cashable savings of ALO together")
    ]


# --- What a total is made of (1.12) -----------------------------------------------------------------------------------


def test_chart_draws_estimates_when_one_council_alone_has_a_forecast(partnership, saving, councils):
    line(saving, councils[0], estimated=90_000, forecast=110_000)
    line(saving, councils[1], estimated=80_000)
    line(saving, councils[2], estimated=155_000)
    assert bars(partnership) == [
        ("2026/27, A", "£90,000 estimated"),
        ("2026/27, B", "£80,000 estimated"),
        ("2026/27, C", "£155,000 estimated"),
        ("2026/27, all three councils", "£325,000 estimated"),
    ]


def test_chart_draws_forecasts_when_every_council_has_one(partnership, saving, councils):
    for council, forecast in zip(councils, (110_000, 80_000, 155_000), strict=True):
        line(saving, council, estimated=1, forecast=forecast)
    assert [words for _, words in bars(partnership)] == [
        "£110,000 forecast",
        "£80,000 forecast",
        "£155,000 forecast",
        "£345,000 forecast",
    ]


def test_chart_third_council_without_a_line_forecast_of_others_is_drawn(partnership, saving, councils):
    for council in councils[:2]:
        line(saving, council, estimated=1_000, forecast=2_000)
    assert bars(partnership)[-1] == ("2026/27, all three councils", "£4,000, without C (not recorded), forecast")


@pytest.mark.parametrize(("delivered", "share"), [((-1, 0), "0%"), ((10, -5), "not known"), ((-10, 5), "not known")])
def test_share_verified_is_never_minus_nought_nor_beyond_the_whole(partnership, saving, councils, delivered, share):
    verified = line(saving, councils[0], "2025/26", delivered=delivered[0])
    line(make_saving(partnership=partnership), councils[0], "2025/26", delivered=delivered[1])
    if share == "not known":
        change(verified, verified_by=make_user(), verified_on=date(2026, 4, 1))
    assert board_figures(steering(partnership))["savings.2025-26.a.verified-share"].text == share


# --- Lines without a year (1.20) --------------------------------------------------------------------------------------


@pytest.fixture
def undated(saving, councils):
    line(saving, councils[0], "", estimated=3_000, delivered=-47_595)
    return line(saving, councils[1], "", forecast=2_000)


def test_board_shows_lines_without_a_year_beside_the_totals(partnership, undated):
    assert money_headlines(partnership) == [
        ("Savings for 2026/27, all three councils: not recorded", ""),
        ("−£47,595 delivered with no year given, Council A", "In no year’s total"),
    ]
    assert grid(partnership, "outside") == [
        ["Cashable", "A", "No year given", "£3,000", "not recorded", "−£47,595"],
        ["Cashable", "B", "No year given", "not recorded", "£2,000", "not recorded"],
    ]
    assert board(partnership).grids["savings"].nothing == "No cashable saving has a figure for a year yet."


def test_paper_shows_lines_without_a_year_outside_its_totals(partnership, undated, saving):
    title = f"Cashable, no year given: {saving.title}"
    none = ["not recorded"] * 4
    assert paper_table(partnership) == [
        ["Total estimated saving (gross)", *none],
        ["Cost to achieve", *none],
        ["Net saving", *["not known"] * 4],
        [title, "£3,000", "not recorded", "not recorded", "outside the total"],
        [f"{title}: now forecast", "not recorded", "£2,000", "not recorded", "outside the total"],
        [f"{title}: delivered so far", "−£47,595", "not recorded", "not recorded", "outside the total"],
        [f"{title}: verified", "£0", "not recorded", "not recorded", "outside the total"],
    ]


def test_list_and_file_of_savings_show_lines_without_a_year(client, partnership, undated, councils):
    user = make_user()
    make_membership(user=user, council=councils[0])
    client.force_login(user)
    text = body_of(client.get("/savings/export.csv")).removeprefix("\ufeff")
    headings, row = csv.reader(io.StringIO(text))
    found = {name: cell for name, cell in zip(headings, row, strict=True) if "no year given" in name}
    assert found == {
        "A, estimated with no year given": "3000.00",
        "B, estimated with no year given": "",
        "C, estimated with no year given": "",
        "A, forecast with no year given": "",
        "B, forecast with no year given": "2000.00",
        "C, forecast with no year given": "",
        "A, delivered with no year given": "-47595.00",
        "B, delivered with no year given": "",
        "C, delivered with no year given": "",
    }


# --- The same figures in rows and totals (1.21) -----------------------------------------------------------------------


def test_paper_prints_the_same_figures_in_rows_and_totals(partnership, saving, councils):
    line(saving, councils[0], "2026/27", date(2026, 9, 30), estimated=100, delivered=70, cost_to_achieve=40)
    line(saving, councils[1], "2026/27", estimated=200, forecast=150)
    line(saving, councils[2], "2026/27", date(2026, 9, 30), delivered=-30)
    none = "not recorded"
    assert paper_table(partnership) == [
        [saving.title, "£100", "£200", none, "£300, without C (not recorded)"],
        [f"{saving.title}: now forecast", none, "£150", none, "£150, without A and C (not recorded)"],
        [f"{saving.title}: delivered so far", "£70", none, "−£30", "£40, without B (not recorded)"],
        [f"{saving.title}: verified", "£0", none, "£0", "£0, without B (not recorded)"],
        [f"{saving.title}: cost to achieve", "£40", none, none, "£40, without B and C (not recorded)"],
        [f"{saving.title}: net saving", "£60", none, none, "£60, without B and C (not recorded)"],
        ["Total estimated saving (gross)", "£100", "£200", none, "£300, without C (not recorded)"],
        ["Total now forecast", none, "£150", none, "£150, without A and C (not recorded)"],
        ["Total delivered so far", "£70", none, "−£30", "£40, without B (not recorded)"],
        ["Total verified", "£0", none, "£0", "£0, without B (not recorded)"],
        ["Cost to achieve", "£40", none, none, "£40, without B and C (not recorded)"],
        ["Net saving", "£60", "not known", "not known", "not known"],
    ]


def test_paper_row_of_a_saving_with_only_delivered_figures_says_so(partnership, saving, councils):
    line(saving, councils[0], "2026/27", date(2026, 9, 30), delivered=70)
    rows = paper_table(partnership)
    none = "not recorded"
    assert rows[0] == [f"{saving.title}: delivered so far", "£70", none, none, "£70, without B and C (not recorded)"]


def test_figure_of_a_line_without_a_year_opens_its_line(client, partnership, undated, councils):
    user = make_user()
    make_membership(user=user, council=councils[0])
    client.force_login(user)
    page = client.get(reverse("figure", args=["savings.year-not-stated.a.delivered"]))
    assert page.context["drill"].said == "−£47,595 delivered with no year given, A’s share"
    assert [row.amount for row in page.context["drill"].rows] == [Decimal(-47_595)]


def test_board_with_a_target_alone_does_not_lead_with_the_furthest_year(partnership, councils):
    for year in ("2027/28", "2031/32"):
        keep(
            SavingsTarget(
                partnership=partnership, council=councils[0], financial_year=year, amount=Decimal(1000),
                set_on=date(2016, 4, 1), source="Budget",
            )
        )  # fmt: skip
    assert money_headlines(partnership) == [("Savings for 2027/28, all three councils: not recorded", "")]
