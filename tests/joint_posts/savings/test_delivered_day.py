"""Test the limits of a saving line: delivered up to a day of its year that has come, and no large sum by mistake."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from joint_posts.models import SavingLine
from joint_posts.savings import workflow
from partnership.accounts.permissions import today
from partnership.dates import in_words
from partnership.financial_years import FinancialYear
from tests.html_forms import untouched
from tests.spreadsheets import as_csv, hand_in, imported

pytestmark = pytest.mark.django_db
OUTSIDE = "Enter a day of 2019/20, from 1 April 2019 to 31 March 2020."
LARGE = "You entered £999,999,999,999. Is that right? Correct it, or tick “The large sum is right”."


def entered(world, year, day, on=date(2026, 11, 30)):
    facts = {"delivered": Decimal(5), "delivered_to_on": day, "by": world.people["officer.alder"], "reason": "Entered"}
    return workflow.set_line(world.ours.saving, world.alder, year, on=on, **facts)


@pytest.mark.parametrize(
    ("year", "day", "sentence"),
    [
        ("2019/20", date(2012, 3, 31), OUTSIDE),
        ("2019/20", date(2020, 4, 1), OUTSIDE),
        ("2026/27", date(2035, 3, 31), "Enter a day of 2026/27, from 1 April 2026 to 31 March 2027."),
        ("2026/27", date(2026, 12, 1), "Enter a day that is not after today, 30 November 2026."),
        ("", date(2026, 12, 1), "Enter a day that is not after today, 30 November 2026."),
    ],
)
def test_set_line_refuses_a_delivered_day_outside_the_year_or_to_come(world, year, day, sentence):
    with pytest.raises(ValidationError) as caught:
        entered(world, year, day)
    assert caught.value.message_dict == {"delivered_to_on": [sentence]}


@pytest.mark.parametrize(
    ("year", "day"),
    [
        ("2021/22", date(2021, 4, 1)),
        ("2021/22", date(2022, 3, 31)),
        ("2026/27", date(2026, 11, 30)),
        ("", date(2012, 1, 1)),
    ],
)
def test_set_line_takes_a_delivered_day_of_the_year_that_has_come(world, year, day):
    assert entered(world, year, day).delivered_to_on == day


@pytest.fixture
def saving(client, world):
    client.force_login(world.people["officer.alder"])
    return world.ours.saving


def posted(client, saving, **typed):
    at = reverse("savingline_create", args=[saving.pk])
    council = saving.partnership.parties.first().council
    usual = {"council": council.pk, "financial_year": "2031/32"}
    return client.post(at, untouched(client.get(at).content.decode()) | usual | typed)


def test_form_of_a_line_refuses_a_day_that_has_not_come(client, saving):
    year = FinancialYear.containing(today())
    page = posted(
        client, saving, financial_year=str(year.next()), delivered="5", delivered_to_on=str(year.next().last_day)
    )
    assert page.context["form"].errors == {
        "delivered_to_on": [f"Enter a day that is not after today, {in_words(today())}."]
    }


def test_form_of_a_line_asks_about_a_large_sum_and_takes_it_once_confirmed(client, saving):
    typed = {"estimated": "£999,999,999,999", "forecast": "100,000,000"}
    page = posted(client, saving, **typed)
    assert page.context["form"].errors == {"estimated": [LARGE]}
    assert 'name="large_sums_are_right"' in page.content.decode()
    assert not SavingLine.objects.filter(financial_year="2031/32").exists()
    assert posted(client, saving, **typed, large_sums_are_right="on").status_code == 302
    assert SavingLine.objects.get(financial_year="2031/32").estimated == 999_999_999_999


def test_form_of_a_line_asks_nothing_about_usual_sums(client, saving):
    page = client.get(reverse("savingline_create", args=[saving.pk])).content.decode()
    assert "large_sums_are_right" not in page
    assert posted(client, saving, estimated="-100,000,000").status_code == 302


def test_grid_asks_about_a_large_sum_and_takes_it_once_confirmed(client, saving):
    at = reverse("saving_grid", args=[saving.pk])
    council = saving.partnership.parties.first().council
    year = FinancialYear.containing(today()).next()
    row = f"{council.pk}-{year.key}"
    typed = untouched(client.get(at).content.decode()) | {f"{row}-estimated": "999,999,999,999", "do": "save"}
    typed["reason"] = "Entered"
    page = client.post(at, typed)
    assert LARGE in page.content.decode()
    assert f'name="{row}-large_sums_are_right"' in page.content.decode()
    assert client.post(at, typed | {f"{row}-large_sums_are_right": "on"}).status_code == 302
    assert SavingLine.objects.get(council=council, financial_year=str(year)).estimated == 999_999_999_999


def test_import_refuses_large_sums_and_days_outside_the_year(client, saving):
    council = saving.partnership.parties.first().council
    headings = ["Saving", "Council", "Financial year", "Estimated", "Delivered", "Delivered up to"]
    rows = [
        [saving.title, council.name, "2015/16", "999999999999", "", ""],
        [saving.title, council.name, "2016/17", "", "5", "31 March 2035"],
    ]
    job = hand_in(client, "saving", "lines.csv", as_csv([headings, *rows]))
    assert [(found["column"], found["sentence"]) for found in job.result["problems"]] == [
        (
            "Estimated",
            "Is £999,999,999,999 right? Enter a sum above £100,000,000 on the record’s own page and confirm it there.",
        ),
        ("Delivered up to", "Enter a day of 2016/17, from 1 April 2016 to 31 March 2017."),
    ]
    imported(client, "saving", "lines.csv", as_csv([headings, [*rows[0][:3], "100000000", "", ""]]))
    assert SavingLine.objects.get(financial_year="2015/16").estimated == 100_000_000
