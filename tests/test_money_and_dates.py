"""Money, dates and years: how they are typed, kept, shown and put into a file."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from partnership.dates import Precision, add_months, in_words, months_between
from partnership.financial_years import FinancialYear, FinancialYearField, validate_financial_year
from partnership.generic.exports import cell
from partnership.money import (
    MoneyField,
    MoneyFormField,
    MoneyInput,
    PercentField,
    band,
    percent,
    pounds,
    read_pounds,
    to_pennies,
)
from partnership.records import recording
from tests.test_registers import body_of

FORMULAS = ["=1+1", "+44 1865", "-1 day", "@sum(1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", '=HYPERLINK("x")']


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1234", "1234"),
        ("£1,234.50", "1234.50"),
        (" £ 1 234 ", "1234"),
        ("1\u00a0234", "1234"),
        ("-500", "-500"),
        ("−£5,000", "-5000"),
        ("(500)", "-500"),
        ("(£1,500.25)", "-1500.25"),
        (".50", "0.50"),
        ("0", "0"),
    ],
)
def test_money_is_read_as_people_type_it(typed, amount):
    assert read_pounds(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["lots", "1.234", "12k", "£", "1e5", "NaN", "Infinity", "--5", "(5", "5)", "1,2.3.4"])
def test_what_is_no_money_is_refused_with_what_was_typed(typed):
    with pytest.raises(ValueError, match="is not an amount of money") as caught:
        read_pounds(typed)
    assert str(caught.value) == f"“{typed}” is not an amount of money. Enter pounds like 1,234 or 1,234.50."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1,000,000,000,000", "Ensure that there are no more than 12 digits before the decimal point."),
        ("lots", "“lots” is not an amount of money. Enter pounds like 1,234 or 1,234.50."),
    ],
)
def test_form_refuses_a_sum_that_the_register_cannot_keep(typed, sentence):
    with pytest.raises(ValidationError) as caught:
        MoneyFormField().clean(typed)
    assert caught.value.messages == [sentence]
    assert MoneyFormField().clean("999,999,999,999.99") == Decimal("999999999999.99")


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [(Decimal(1234), "£1,234.00", False), (Decimal(1234), "1,235", True), (None, "", False), (None, "lots", True)],
)
def test_sum_typed_otherwise_is_no_change(initial, typed, changed):
    assert MoneyFormField().has_changed(initial, typed) is changed


def test_boxes_for_sums_and_shares_say_their_unit_and_ask_for_digits():
    """A telephone shows digits; the browser proposes nothing that was typed elsewhere."""
    common = {"inputmode": "decimal", "autocomplete": "off"}
    assert MoneyField().formfield().widget.attrs == common | {"data-prefix": "£"}
    assert PercentField().formfield().widget.attrs == common | {"data-suffix": "%"}
    assert MoneyInput({"autocomplete": "on"}).attrs["autocomplete"] == "on"


def test_sums_have_two_places_and_shares_three():
    assert (MoneyField().max_digits, MoneyField().decimal_places) == (14, 2)
    assert (PercentField().max_digits, PercentField().decimal_places) == (6, 3)
    assert FinancialYearField().max_length == len("2019/20")
    assert [to_pennies(amount) for amount in (Decimal("10.005"), None)] == [Decimal("10.01"), None]


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "£0 to £4,999"),
        ("4999.99", "£0 to £4,999"),
        ("5000", "£5,000 to £9,999"),
        ("124999", "£120,000 to £124,999"),
        (None, "not recorded"),
    ],
)
def test_sum_that_may_not_be_seen_is_shown_as_its_band(amount, shown):
    assert band(amount and Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "options", "shown"),
    [
        (Decimal("629000"), {}, "£629,000"),
        (Decimal("-5000"), {}, "−£5,000"),
        (Decimal("20000"), {"about": True}, "about £20,000"),
        (Decimal("0"), {}, "£0"),
        (Decimal("-0.40"), {}, "£0"),
        (Decimal("0.50"), {}, "£1"),
        (Decimal("1234.5"), {"pence": True}, "£1,234.50"),
        (None, {}, "not recorded"),
        (None, {"unknown": "not known"}, "not known"),
    ],
)
def test_money_is_shown_as_members_read_it(amount, options, shown):
    assert pounds(amount, **options) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [("50", "50%"), ("33.300", "33.3%"), ("100.000", "100%"), ("0", "0%"), (None, "not recorded")]
)
def test_share_is_shown_without_idle_noughts(share, shown):
    assert percent(share and Decimal(share)) == shown


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        (Precision.DAY, "6 October 2018"),
        (Precision.MONTH, "October 2018"),
        (Precision.BY, "not stated (by 6 October 2018)"),
    ],
)
def test_date_says_no_more_than_is_known(precision, shown):
    assert in_words(date(2018, 10, 6), precision) == shown


def test_date_that_is_open_is_not_stated():
    assert in_words(None) == "not stated"


@pytest.mark.parametrize(
    ("on", "year", "days"),
    [
        (date(2019, 3, 31), "2018/19", 365),
        (date(2019, 4, 1), "2019/20", 366),
        (date(2020, 2, 29), "2019/20", 366),
        (date(1999, 4, 1), "1999/00", 366),
    ],
)
def test_financial_year_begins_on_1_april(on, year, days):
    found = FinancialYear.containing(on)
    assert (str(found), found.days) == (year, days)
    assert FinancialYear.read(year) == found == FinancialYear.read(found.key)
    assert (found.next().previous(), found.previous().start) == (found, found.start - 1)


@pytest.mark.parametrize("typed", ["2019/21", "2019", "19/20", "2019/2020", "1819/20", "2019 20"])
def test_what_is_no_financial_year_is_refused(typed):
    with pytest.raises(ValueError, match="Write it like 2019/20"):
        FinancialYear.read(typed)


def test_register_keeps_a_year_as_it_is_written_and_no_otherwise():
    assert validate_financial_year("2019/20") is None
    for typed, sentence in (
        ("2019-20", "Write the financial year as 2019/20."),
        ("2019/21", "“2019/21” is not a financial year. Write it like 2019/20."),
    ):
        with pytest.raises(ValidationError) as caught:
            FinancialYearField().clean(typed, None)
        assert caught.value.messages == [sentence]


def test_month_after_the_31st_is_its_last_day():
    assert add_months(date(2019, 1, 31), 1) == date(2019, 2, 28)
    assert add_months(date(2019, 11, 30), 3) == date(2020, 2, 29)
    assert months_between(date(2018, 10, 31), date(2019, 3, 1)) == (4, 1)


@pytest.mark.parametrize("text", FORMULAS)
def test_text_in_a_file_is_never_a_formula(text):
    written = cell(text)
    assert written.startswith("'")
    assert written.endswith(text)


@pytest.mark.parametrize("value", [Decimal("-5000.00"), Decimal("0.00"), -3])
def test_number_in_a_file_stays_a_number(value):
    assert cell(value) == value
    assert not isinstance(cell(value), str)


@pytest.mark.django_db
def test_exported_file_is_safe_and_readable(client, filled):
    """A formula in a title, a loss and a pound sign: each as a spreadsheet must have it."""
    record = filled.ours["comparator"]
    record.refresh_from_db()
    record.name, record.source = '=HYPERLINK("http://example.org")', "£1 for each resident – café"
    with recording(by=filled.people["officer"], reason="Set up"):
        record.put_on_record()
    client.force_login(filled.people["officer"])
    response = client.get("/comparators/export.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="comparators.csv"'
    content = body_of(response)
    assert content.startswith("\ufeff")
    headings, row = csv.reader(io.StringIO(content.removeprefix("\ufeff")))
    line = dict(zip(headings, row, strict=True))
    assert line["Name"] == '\'=HYPERLINK("http://example.org")'
    assert line["Savings reported"] == "-5000.00"
    assert "£1 for each resident – café" in row
