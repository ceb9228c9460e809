"""Cost shares by form and file: councils that have left, backdated pay awards, and baselines cleared on purpose.

Alder, Birch and Cedar share an officer of £120,000 a year 40/40/20; Cedar's last day is 30 September 2026, and from
1 October it is 50/50.
"""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse

from joint_posts.costs.apportionment import post_year
from joint_posts.models import SavingLine
from joint_posts.savings import calculations
from partnership.financial_years import FinancialYear
from tests.factories import (
    make_agreement,
    make_cost_share,
    make_council,
    make_council_share,
    make_partnership,
    make_party,
    make_post,
)
from tests.filled_registers import everything
from tests.html_forms import untouched
from tests.spreadsheets import as_csv, as_workbook, imported, rows_of_csv, rows_of_workbook
from tests.two_partnerships import make_person

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 9, 30)
AFTER = date(2026, 10, 1)
YEAR = FinancialYear(2026)
BASELINES = {"Alder": 98_000, "Birch": 91_500, "Cedar": 64_000}
ENDINGS = pytest.mark.parametrize("ending", ["csv", "xlsx"])


@pytest.fixture
def shared():
    councils = {name: make_council(name=f"{name} Council", short_name=name) for name in BASELINES}
    partnership = make_partnership()
    for position, council in enumerate(councils.values(), 1):
        left_on = LAST_DAY if council.short_name == "Cedar" else None
        make_party(partnership=partnership, council=council, position=position, left_on=left_on)
    agreement = make_agreement(partnership=partnership)
    post = make_post(
        partnership=partnership,
        title="Chief Executive",
        from_on=date(2024, 4, 1),
        home_council=councils["Alder"],
        agreement=agreement,
    )
    first = make_cost_share(post=post, from_on=date(2024, 4, 1), salary=Decimal(120_000))
    for name, percent in {"Alder": 40, "Birch": 40, "Cedar": 20}.items():
        baseline = Decimal(BASELINES[name])
        make_council_share(cost_share=first, council=councils[name], percent=Decimal(percent), baseline_cost=baseline)
    second = make_cost_share(post=post, from_on=AFTER)
    for name in ("Alder", "Birch"):
        make_council_share(cost_share=second, council=councils[name], percent=Decimal(50))
    people = {}
    for name in ("Alder", "Birch"):
        roles = ((councils[name], role) for role in ("officer", "pay_officer"))
        people[name] = make_person(f"of.{name}", *roles)
    return SimpleNamespace(post=post, first=first, second=second, people=people, **councils)


def exported(client, ending):
    """The rows of the file of cost shares, the earliest day first, with the headings."""
    page = "costshare_export" if ending == "csv" else "costshare_export_xlsx"
    answer = client.get(reverse(page))
    headings, *rows = rows_of_csv(answer) if ending == "csv" else rows_of_workbook(answer)
    place = headings.index("ID")
    return headings, sorted(rows, key=lambda row: int(row[place]))


def hand_in(client, headings, rows, ending):
    file = as_csv([headings, *rows]) if ending == "csv" else as_workbook([headings, *rows])
    return imported(client, "jointpost", f"shares.{ending}", file)


def new_row(headings, **cells):
    named = {name.replace("_", " "): cell for name, cell in cells.items()}
    given = {"Joint post": "Chief Executive"} | named
    return [given.get(heading) for heading in headings]


def problems(job):
    return [(found["row"], found["column"], found["sentence"]) for found in job.result["problems"]]


def shares_of(row):
    return {share.council.short_name: share.percent for share in row.standing_shares()}


# --- Files -----------------------------------------------------------------------------------------------------------


@ENDINGS
def test_file_of_cost_shares_keeps_the_column_of_a_council_that_left(client, shared, ending):
    client.force_login(shared.people["Alder"])
    headings, rows = exported(client, ending)
    place = headings.index("Cedar’s share")
    first, second = (row[place] for row in rows)
    assert Decimal(first) == 20
    assert second in ("", None)
    before = everything()
    job = hand_in(client, headings, rows, ending)
    assert problems(job) == []
    assert job.result["counts"] == {"new": 0, "changed": 0, "unchanged": 2, "wrong": 0}
    assert everything() == before


@ENDINGS
def test_file_enters_a_backdated_award_with_the_council_that_left(client, shared, ending):
    """From 1 April 2026 £123,600: 183 ÷ 365 of it is £61,969.32, of which 20% is £12,393.86."""
    client.force_login(shared.people["Alder"])
    headings, _ = exported(client, ending)
    shares = {"Alder’s share": 40, "Birch’s share": 40, "Cedar’s share": 20}
    row = new_row(headings, From="1 April 2026", Salary=123_600, **shares)
    job = hand_in(client, headings, [row], ending)
    assert problems(job) == []
    award = shared.post.cost_shares.get(from_on=date(2026, 4, 1))
    assert shares_of(award) == {"Alder": 40, "Birch": 40, "Cedar": 20}
    cedar = post_year(shared.post, YEAR).of(shared.Cedar)
    assert (cedar.share, cedar.segments[0].baseline) == (Decimal("12393.86"), 64_000)


@ENDINGS
@pytest.mark.parametrize(
    ("day", "cedar", "sentence"),
    [
        ("30 September 2026", None, "Enter the share of Cedar Council, 0 if it pays nothing."),
        ("2 October 2026", 20, "Cedar Council is not party to the partnership on that day."),
    ],
)
def test_file_asks_for_the_councils_of_the_day_of_the_share(client, shared, ending, *, day, cedar, sentence):
    client.force_login(shared.people["Alder"])
    headings, _ = exported(client, ending)
    shares = {"Alder’s share": 40, "Birch’s share": 40, "Cedar’s share": cedar}
    before = everything()
    job = hand_in(client, headings, [new_row(headings, From=day, **shares)], ending)
    assert problems(job) == [(2, "Cedar’s share", sentence)]
    assert everything() == before


# --- Forms -----------------------------------------------------------------------------------------------------------


def send_share(client, shared, **typed):
    at = reverse("costshare_create", args=[shared.post.pk])
    page = untouched(client.get(at).content.decode())
    return client.post(at, page | typed)


def test_form_enters_a_backdated_award_with_the_council_that_left(client, shared):
    """The form starts from the 50/50 of today; the share of the day is 40/40/20."""
    client.force_login(shared.people["Alder"])
    typed = {"from_on": "1 April 2026", "salary": "123,600"}
    for council, percent in ((shared.Alder, "40"), (shared.Birch, "40"), (shared.Cedar, "20")):
        typed[f"percent_{council.key}"] = percent
    answer = send_share(client, shared, **typed)
    assert answer.status_code == 302, answer.context["form"].errors
    assert shares_of(shared.post.cost_shares.get(from_on=date(2026, 4, 1))) == {"Alder": 40, "Birch": 40, "Cedar": 20}
    assert post_year(shared.post, YEAR).of(shared.Cedar).share == Decimal("12393.86")


def test_form_starts_from_the_share_before_and_other_baselines_stand(client, shared):
    """An award from April 2027: £126,000 shared 50/50 is £63,000; Alder saves 98,000 less it, Birch 91,500 less it."""
    client.force_login(shared.people["Alder"])
    form = client.get(reverse("costshare_create", args=[shared.post.pk])).context["form"]
    assert {name: Decimal(form[f"percent_{getattr(shared, name).key}"].value()) for name in ("Alder", "Birch")} == {
        "Alder": 50,
        "Birch": 50,
    }
    answer = send_share(client, shared, from_on="1 April 2027", salary="126,000")
    assert answer.status_code == 302, answer.context["form"].errors
    assert shares_of(shared.post.cost_shares.get(from_on=date(2027, 4, 1))) == {"Alder": 50, "Birch": 50}
    worked = post_year(shared.post, YEAR.next())
    assert (worked.of(shared.Alder).saving, worked.of(shared.Birch).saving) == (35_000, 28_500)
    assert calculations.left_out(worked) == []


def test_form_refuses_a_share_of_a_council_after_its_last_day(client, shared):
    client.force_login(shared.people["Alder"])
    answer = send_share(client, shared, from_on="2 October 2026", **{f"percent_{shared.Cedar.key}": "20"})
    sentence = "Cedar Council is not party to the partnership on that day."
    assert answer.context["form"].errors == {f"percent_{shared.Cedar.key}": [sentence]}
    assert shared.post.cost_shares.count() == 2


# --- Clearing a baseline ---------------------------------------------------------------------------------------------


def clear_baseline(client, shared):
    """Birch's own finance says on the form of the second share that its baseline is no longer known."""
    client.force_login(shared.people["Birch"])
    at = reverse("costshare_edit", args=[shared.second.pk])
    page = untouched(client.get(at).content.decode())
    typed = {f"baseline_{shared.Birch.key}": "", f"cleared_{shared.Birch.key}": "on", "reason": "Source not found"}
    return client.post(at, page | typed)


def test_form_clears_a_baseline_that_is_then_not_recorded(client, shared):
    """Birch saves 91,500 less 60,000, 31,500 in 2027/28; without its baseline that is not known, and not −60,000."""
    year = YEAR.next()
    assert post_year(shared.post, year).of(shared.Birch).saving == 31_500
    answer = clear_baseline(client, shared)
    assert answer.status_code == 302, answer.context["form"].errors
    row = shared.second.council_shares.get(council=shared.Birch)
    assert (row.baseline_cost, row.is_baseline_cleared, row.percent) == (None, True, 50)
    worked = post_year(shared.post, year)
    assert (worked.of(shared.Birch).saving, worked.of(shared.Birch).share) == (None, 60_000)
    assert worked.of(shared.Alder).saving == 38_000, "the other council's baseline stands"
    assert calculations.left_out(worked) == ["The baseline of Birch Council is not recorded."]
    page = client.get(reverse("jointpost_detail", args=[shared.post.pk]), {"year": str(year)}).content.decode()
    assert "Not known: the baseline is not recorded." in page
    share_page = client.get(reverse("costshare_detail", args=[shared.second.pk])).context["parts"][0]["rows"]
    cells = {row["cells"][0]["text"]: row["cells"][2]["text"] for row in share_page}
    assert cells["Birch Council"].startswith("Not stated")


def test_cleared_baseline_leaves_the_days_before_it_as_they_were(client, shared):
    """Until September 91,500 × 183 ÷ 365 = 45,875.34 less 24,065.75; from October nothing is known."""
    clear_baseline(client, shared)
    first, second = post_year(shared.post, YEAR).of(shared.Birch).segments
    assert (first.saving, second.saving) == (Decimal("21809.59"), None)


def test_ledger_leaves_out_a_council_whose_baseline_was_cleared(client, shared):
    clear_baseline(client, shared)
    who = {"by": shared.people["Alder"], "reason": "Worked saving"}
    calculations.put_into_ledger(shared.post, year=YEAR.next(), on=AFTER, **who)
    lines = SavingLine.objects.filter(calculated_from=shared.post)
    assert {line.council.short_name: line.estimated for line in lines} == {"Alder": 38_000}


def test_form_asks_no_other_council_to_clear_a_baseline(client, shared):
    client.force_login(shared.people["Alder"])
    at = reverse("costshare_edit", args=[shared.second.pk])
    page = untouched(client.get(at).content.decode())
    assert f"baseline_{shared.Birch.key}" not in page
    sent = {f"cleared_{shared.Birch.key}": "on", "reason": "Tidying"}
    assert client.post(at, page | sent).status_code == 302
    assert not shared.second.council_shares.get(council=shared.Birch).is_baseline_cleared
    assert post_year(shared.post, YEAR.next()).of(shared.Birch).saving == 31_500


@ENDINGS
def test_file_clears_a_baseline_that_is_then_not_recorded(client, shared, ending):
    client.force_login(shared.people["Birch"])
    headings, rows = exported(client, ending)
    rows[1][headings.index("Birch’s baseline is no longer known")] = "Yes"
    job = hand_in(client, headings, rows, ending)
    assert problems(job) == []
    row = shared.second.council_shares.get(council=shared.Birch)
    assert (row.baseline_cost, row.is_baseline_cleared) == (None, True)
    assert post_year(shared.post, YEAR.next()).of(shared.Birch).saving is None
    headings, rows = exported(client, ending)
    assert hand_in(client, headings, rows, ending).result["counts"]["unchanged"] == 2
