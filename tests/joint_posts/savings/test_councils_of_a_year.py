"""A council belongs to every financial year in which it was party on any day, whatever the day of the page or paper.

Alder and Birch stay, Cedar's last day is 30 September 2026, Dover joins on 1 April 2027, and Elm was entered as
a party by mistake and withdrawn, so it was never one: its figure of 2024/25 stands all the same. One saving, in pounds:

              Alder       Birch       Cedar       Dover       Elm       together
    2024/25   10.00       20.00       30.00                   5.00      65.00
    2026/27   44,016.44   37,516.44   20,054.79                         101,587.67
    2027/28   38,000.00   31,500.00               12,000.00             81,500.00

Before 31 March 2026 Alder has delivered 4,000, Birch 3,000 and Cedar 2,000 of 2024/25: 9,000 together.
"""

import csv
import io
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse

from joint_posts.models import SavingsTarget
from joint_posts.savings.summary import saving_summary
from partnership.records.as_at import AsAt
from reviews.dashboards.build import draw_board
from reviews.dashboards.drill_downs import drill_down
from reviews.facts import facts, review_facts
from reviews.facts.dashboard import steering_facts
from reviews.facts.figures import figures
from reviews.papers.document import build
from reviews.papers.output import html
from reviews.publishing.published_facts import published_facts
from tests.factories import (
    change,
    keep,
    make_council,
    make_line,
    make_membership,
    make_partnership,
    make_party,
    make_post,
    make_review,
    make_saving,
    make_section,
    withdraw,
)
from tests.html_forms import untouched
from tests.partnership.generic.test_register import body_of
from tests.reviews.papers.test_document import flat
from tests.reviews.papers.test_document import texts as texts_of

pytestmark = pytest.mark.django_db
ON_ITS_LAST_DAY = date(2026, 9, 30)
AFTER_LEAVING = date(2026, 10, 1)
LATER = date(2028, 3, 31)
DAYS = pytest.mark.parametrize("as_at", [ON_ITS_LAST_DAY, AFTER_LEAVING, LATER])
ESTIMATES = {
    "2024/25": {"Alder": "10", "Birch": "20", "Cedar": "30", "Elm": "5"},
    "2026/27": {"Alder": "44016.44", "Birch": "37516.44", "Cedar": "20054.79"},
    "2027/28": {"Alder": "38000", "Birch": "31500", "Dover": "12000"},
}
DELIVERED = {"Alder": 4_000, "Birch": 3_000, "Cedar": 2_000}


@pytest.fixture
def world():
    councils = {name: make_council(name=f"{name} Council", short_name=name) for name in ("Alder", "Birch", "Cedar")}
    partnership = make_partnership()
    days = {"Alder": {}, "Birch": {}, "Cedar": {"left_on": ON_ITS_LAST_DAY}}
    for position, (name, given) in enumerate(days.items(), 1):
        make_party(partnership=partnership, council=councils[name], position=position, **given)
    councils |= {name: make_council(name=f"{name} Council", short_name=name) for name in ("Dover", "Elm")}
    make_party(partnership=partnership, council=councils["Dover"], position=4, joined_on=date(2027, 4, 1))
    mistaken = make_party(partnership=partnership, council=councils["Elm"], position=5)
    posts = [make_post(partnership=partnership, title=f"Head of {what}") for what in ("Law", "Tax", "Roads")]
    saving = make_saving(partnership=partnership, title="Shared heads", posts=posts)
    for year, amounts in ESTIMATES.items():
        for name, amount in amounts.items():
            given = {"estimated": Decimal(amount)}
            if year == "2024/25" and name in DELIVERED:
                given |= {"delivered": Decimal(DELIVERED[name]), "delivered_to_on": date(2025, 3, 31)}
            make_line(saving=saving, council=councils[name], financial_year=year, **given)
    withdraw(mistaken, ON_ITS_LAST_DAY)
    return SimpleNamespace(partnership=partnership, saving=saving, **councils)


def texts(world, as_at, year, figure="estimated", has_lines=True):
    """Return each council's total of a year and that of all together, to the penny, by name."""
    ledger = facts(world.partnership, as_at, has_lines=has_lines).savings
    scopes = {council.short_name: council for council in ledger.councils_of(year)} | {"together": None}
    return {name: ledger.total(year, figure, council).to_the_penny for name, council in scopes.items()}


def withdraw_other_years(world, year):
    for line in world.saving.lines.exclude(financial_year=year):
        withdraw(line, LATER)


@DAYS
@pytest.mark.parametrize("has_lines", [True, False])
def test_total_of_a_year_has_every_council_of_the_year(world, as_at, has_lines):
    assert texts(world, as_at, "2024/25", has_lines=has_lines) == {
        "Alder": "£10",
        "Birch": "£20",
        "Cedar": "£30",
        "Elm": "£5",
        "together": "£65",
    }
    assert texts(world, as_at, "2026/27", has_lines=has_lines) == {
        "Alder": "£44,016.44",
        "Birch": "£37,516.44",
        "Cedar": "£20,054.79",
        "together": "£101,587.67",
    }
    assert texts(world, as_at, "2027/28", has_lines=has_lines) == {
        "Alder": "£38,000",
        "Birch": "£31,500",
        "Dover": "£12,000",
        "together": "£81,500",
    }


@DAYS
def test_total_misses_a_council_only_in_its_own_years(world, as_at):
    make_saving(partnership=world.partnership)
    delivered = texts(world, as_at, "2024/25", "delivered")
    assert delivered == {
        "Alder": "£4,000",
        "Birch": "£3,000",
        "Cedar": "£2,000",
        "Elm": "not recorded",
        "together": "£9,000, without Elm (not recorded)",
    }, "Elm has a line of the year that does not say what was delivered"
    withdraw(world.saving.lines.get(council=world.Cedar, financial_year="2026/27"), LATER)
    withdraw(world.saving.lines.get(council=world.Alder, financial_year="2027/28"), LATER)
    assert texts(world, as_at, "2026/27")["together"] == "£81,532.88, without Cedar (not recorded)"
    assert texts(world, as_at, "2027/28")["together"] == "£43,500, without Alder (not recorded)"


@DAYS
def test_figures_of_a_council_that_left_keep_their_names(world, as_at):
    found = figures(facts(world.partnership, as_at))
    assert {
        name: found[f"savings.{name}.estimated"].text
        for name in ("2026-27.cedar", "2024-25.cedar", "2024-25.elm", "2027-28.cedar", "2026-27.dover")
    } == {
        "2026-27.cedar": "£20,055",
        "2024-25.cedar": "£30",
        "2024-25.elm": "£5",
        "2027-28.cedar": "not recorded",
        "2026-27.dover": "not recorded",
    }
    assert found["savings.2026-27.joint.estimated.full"].text == "£101,588 estimated for 2026/27, all three councils"
    assert found["council.cedar.name"].text == "Cedar Council"
    names = {ON_ITS_LAST_DAY: "Alder, Birch and Cedar", AFTER_LEAVING: "Alder and Birch"}
    assert found["councils.short-names"].text == names.get(as_at, "Alder, Birch and Dover")


def test_target_of_a_council_counts_in_the_years_in_which_it_is_party(world):
    for council, year, amount in ((world.Alder, "2026/27", 40_000), (world.Cedar, "2026/27", 20_000.5)):
        given = {"set_on": date(2024, 4, 1), "source": "Budget", "amount": Decimal(amount)}
        keep(SavingsTarget(partnership=world.partnership, council=council, financial_year=year, **given))
    given = {"set_on": date(2024, 4, 1), "source": "Budget", "amount": Decimal(7_000)}
    keep(SavingsTarget(partnership=world.partnership, council=world.Cedar, financial_year="2027/28", **given))
    for as_at in (ON_ITS_LAST_DAY, AFTER_LEAVING):
        ledger = facts(world.partnership, as_at).savings
        assert ledger.target("2026/27").to_the_penny == "£60,000.50, without Birch (not recorded)"
        assert ledger.target("2027/28").pounds is None


@pytest.mark.parametrize("as_at", [ON_ITS_LAST_DAY, AFTER_LEAVING])
def test_board_shows_the_councils_of_each_year(world, as_at):
    steering = steering_facts(world.partnership, as_at, None, has_working_papers=True)
    board = draw_board(steering, AsAt(as_at), None)
    rows = {row["cells"][0]["text"]: row["cells"][2]["text"] for row in board.grids["savings"].rows}
    assert rows == {
        "2024/25, Alder": "£10",
        "2024/25, Birch": "£20",
        "2024/25, Cedar": "£30",
        "2024/25, Elm": "£5",
        "2024/25, all four councils": "£65",
        "2026/27, Alder": "£44,016",
        "2026/27, Birch": "£37,516",
        "2026/27, Cedar": "£20,055",
        "2026/27, all three councils": "£101,588",
        "2027/28, Alder": "£38,000",
        "2027/28, Birch": "£31,500",
        "2027/28, Dover": "£12,000",
        "2027/28, all three councils": "£81,500",
    }
    assert [bar.label for bar in board.chart.bars] == list(rows)
    assert [row["cells"][0]["text"] for row in board.grids["better_off"].rows] == [
        "Alder Council",
        "Birch Council",
        "Cedar Council",
    ]


@pytest.mark.parametrize("as_at", [ON_ITS_LAST_DAY, AFTER_LEAVING])
def test_drill_down_has_the_line_of_a_council_that_left(world, as_at):
    steering = steering_facts(world.partnership, as_at, None, has_working_papers=True, has_lines=True)
    found = drill_down(figures(steering.facts)["savings.2026-27.joint.estimated"], steering)
    assert [(row.line.council.short_name, row.amount) for row in found.rows] == [
        ("Alder", Decimal("44016.44")),
        ("Birch", Decimal("37516.44")),
        ("Cedar", Decimal("20054.79")),
    ]


@pytest.mark.parametrize("as_at", [ON_ITS_LAST_DAY, AFTER_LEAVING])
def test_paper_and_open_data_have_the_council_that_left(world, as_at):
    review = make_review(partnership=world.partnership, title="A review", as_at=as_at, financial_year="2026/27")
    text = "Cedar is to save {savings.2026-27.cedar.estimated}.\n\n{table:savings}\n\n{chart:savings}"
    make_section(review=review, narrative=text)
    document = build(review, None)
    tables = {table.key: table for table in document.tables}
    head = [flat(cell.blocks) for cell in tables["savings"].head]
    assert head == ["Saving", "Alder", "Birch", "Cedar", "All three councils"]
    total = next(row for row in texts_of(tables["savings"]) if row[0] == "Total estimated saving (gross)")
    assert total[1:] == ["£44,016", "£37,516", "£20,055", "£101,588"]
    (chart,) = document.charts
    assert [bar.label for bar in chart.chart.bars] == ["Alder", "Birch", "Cedar", "All three councils"]
    assert "Cedar is to save £20,055." in html.render(document)
    published = published_facts(review_facts(review), document)["savings"]
    assert [(row["council"], row["financial_year"], row["estimated"]) for row in published] == [
        ("Alder Council", "2026/27", Decimal("44016.44")),
        ("Birch Council", "2026/27", Decimal("37516.44")),
        ("Cedar Council", "2026/27", Decimal("20054.79")),
    ]


@pytest.mark.parametrize(
    ("year", "columns", "sums"),
    [
        ("2024/25", ["Alder", "Birch", "Cedar", "Elm", "All councils"], ["10.00", "20.00", "30.00", "5.00", "65.00"]),
        (
            "2026/27",
            ["Alder", "Birch", "Cedar", "All councils"],
            ["44016.44", "37516.44", "20054.79", "101587.67"],
        ),
    ],
)
def test_list_and_file_have_the_councils_of_the_year(client, world, year, columns, sums):
    withdraw_other_years(world, year)
    client.force_login(make_membership(council=world.Alder, role="officer").user)
    headings, row = csv.reader(io.StringIO(body_of(client.get("/savings/export.csv")).removeprefix("\ufeff")))
    own = {heading: value for heading, value in zip(headings, row, strict=True) if "estimated" in heading}
    assert own == {f"{name}, estimated {year}": each for name, each in zip(columns, sums, strict=True)}
    page = client.get("/savings/").content.decode()
    assert f"Cedar, estimated {year}" in page
    assert "Dover, estimated" not in page


def test_list_with_two_partnerships_misses_no_council_of_the_other(client, world):
    withdraw_other_years(world, "2026/27")
    fir = make_council(name="Fir Council", short_name="Fir")
    other = make_saving(partnership=make_partnership(councils=[world.Alder, fir]), title="Another")
    make_line(saving=other, council=world.Alder, financial_year="2026/27", estimated=100)
    make_line(saving=other, council=fir, financial_year="2026/27", estimated=200)
    client.force_login(make_membership(council=world.Alder, role="officer").user)
    headings, *rows = csv.reader(io.StringIO(body_of(client.get("/savings/export.csv")).removeprefix("\ufeff")))
    place = headings.index("All councils, estimated 2026/27")
    assert {row[headings.index("Title")]: row[place] for row in rows} == {
        "Shared heads": "101587.67",
        "Another": "300.00",
    }


def test_saving_page_misses_no_council_after_it_left(world):
    user = make_membership(council=world.Alder, role="officer").user
    tables = {table.label: table for table in saving_summary(world.saving, user).years}
    together = {year: table.rows[-1]["cells"][1]["text"] for year, table in tables.items()}
    assert together == {"2024/25": "£65", "2026/27": "£101,587.67", "2027/28": "£81,500"}


def test_grid_has_rows_for_the_councils_of_each_year(client, world):
    client.force_login(make_membership(council=world.Alder, role="officer").user)
    page = untouched(client.get(reverse("saving_grid", args=[world.saving.pk])).content.decode())
    rows = {name.removesuffix("-estimated") for name in page if name.endswith("-estimated")}
    years = {}
    for year, names in GRID_ROWS.items():
        years[year] = [f"{getattr(world, name).pk}-{year}" for name in names]
    for year, expected in years.items():
        assert {row for row in rows if row.endswith(year)} == set(expected)


GRID_ROWS = {
    "2024-25": ("Alder", "Birch", "Cedar", "Elm"),
    "2026-27": ("Alder", "Birch", "Cedar"),
    "2027-28": ("Alder", "Birch", "Dover"),
}


@pytest.mark.parametrize(
    ("year", "names"),
    [
        ("2023/24", ("Alder", "Birch", "Cedar")),  # before Dover joins
        ("2028/29", ("Alder", "Birch", "Dover")),  # after Cedar left
    ],
)
def test_grid_offers_another_year_to_its_own_councils_alone(client, world, year, names):
    client.force_login(make_membership(council=world.Alder, role="officer").user)
    at = reverse("saving_grid", args=[world.saving.pk])
    page = untouched(client.get(at).content.decode())
    answer = client.post(at, page | {"do": "year", "another_year": year})
    shown = untouched(answer.content.decode())
    rows = {name for name in shown if name.endswith(f"-{year.replace('/', '-')}-estimated")}
    assert rows == {f"{getattr(world, name).pk}-{year.replace('/', '-')}-estimated" for name in names}
    assert answer.context["note"].startswith("3 rows added.")


def test_grid_copies_no_estimate_to_a_council_that_left(client, world):
    """2026/27 is copied forward: Cedar left in it, so that it has no row in 2027/28 to copy to."""
    withdraw_other_years(world, "2026/27")
    client.force_login(make_membership(council=world.Alder, role="officer").user)
    at = reverse("saving_grid", args=[world.saving.pk])
    page = untouched(client.get(at).content.decode())
    answer = client.post(at, page | {"do": "copy"})
    shown = untouched(answer.content.decode())
    copied = {name: value for name, value in shown.items() if name.endswith("-2027-28-estimated")}
    assert copied == {
        f"{world.Alder.pk}-2027-28-estimated": ["44,016.44"],
        f"{world.Birch.pk}-2027-28-estimated": ["37,516.44"],
        f"{world.Dover.pk}-2027-28-estimated": [""],
    }


def test_grid_refuses_a_year_in_which_no_council_is_party(client, world):
    for party in world.partnership.parties.all():
        if party.joined_on is None and party.withdrawn_on is None:
            change(party, joined_on=date(2020, 4, 1))
    client.force_login(make_membership(council=world.Alder, role="officer").user)
    at = reverse("saving_grid", args=[world.saving.pk])
    page = untouched(client.get(at).content.decode())
    answer = client.post(at, page | {"do": "save", "another_year": "2019/20", "reason": "Budget"})
    assert [error.message for error in answer.context["form"].errors] == [
        "No council is party to the partnership in 2019/20"
    ]
    assert untouched(answer.content.decode())["another_year"] == ["2019/20"]
