"""Money, dates and years: how they are typed, kept, shown and put into a file."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from partnership.dates import Precision, TypedDate, add_months, in_words, months_between, read_date
from partnership.financial_years import (
    FinancialYear,
    FinancialYearField,
    MunicipalYear,
    MunicipalYearField,
    validate_financial_year,
)
from partnership.generic.exports import cell
from partnership.money import (
    MoneyField,
    MoneyFormField,
    MoneyInput,
    PercentField,
    band,
    has_percent_sign,
    percent,
    pounds,
    read_pounds,
    to_pennies,
)
from partnership.records.record import recording
from tests.partnership.generic.test_register import body_of

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
        ("+500", "500"),
        ("+ 500", "500"),
        ("500£", "500"),
        ("GBP 500", "500"),
        ("500 gbp", "500"),
        ("￡1,234", "1234"),
        ("₤5", "5"),
        ("9" * 40, "9" * 40),
    ],
)
def test_money_is_read_as_people_type_it(typed, amount):
    assert read_pounds(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed", ["lots", "£", "1e5", "NaN", "Infinity", "--5", "(5", "5)", "5²", "½", "££5", "£5£", "9" * 41]
)
def test_what_is_no_money_is_refused_with_what_was_typed(typed):
    with pytest.raises(ValueError, match="is not an amount of money") as caught:
        read_pounds(typed)
    shown = typed if len(typed) < 41 else f"{typed[:40]}…"
    assert str(caught.value) == f"“{shown}” is not an amount of money. Enter pounds like 1,234 or 1,234.50."


COMMAS = "Write a comma only between thousands, and a point before pence, like 1,234.50."
PENCE = "Write at most two figures after the point, and commas between thousands, like 1,234.50."
OTHER_WAYS = {
    "1234,50": COMMAS,
    "12,5": COMMAS,
    "1,23,456": COMMAS,
    "1234,567": COMMAS,
    "0,500": COMMAS,
    "1.234,50": COMMAS,
    "1.234.567": COMMAS,
    "1'234": COMMAS,
    "1’234.50": COMMAS,
    "12 34": COMMAS,
    "1 234,50": COMMAS,
    "1,2.3.4": COMMAS,
    "1.234": PENCE,
    "1,234.567": PENCE,
    "£1.2m": "Write the figure in full, like 1,200,000.",
    "12k": "Write the figure in full, like 12,000.",
    "-1.5 million": "Write the figure in full, like 1,500,000.",
    "£2bn": "Write the figure in full, like 2,000,000,000.",
    "1,2m": "Write the figure in full, like 1,200,000.",
    "€500": "Enter the amount in pounds.",
    "$1,000": "Enter the amount in pounds.",
    "500-": "Write the minus sign before the figure, like -500.",
    "500-600": "Enter one figure, not a range.",
    "500 to 600": "Enter one figure, not a range.",
    "500 EUR": "Enter the amount in pounds.",
    "(+500)": "Write a negative figure as -500 or as (500), not both.",
    "(-500)": "Write a negative figure as -500 or as (500), not both.",
}


@pytest.mark.parametrize("typed", OTHER_WAYS)
def test_read_pounds_of_another_notation_is_refused_with_what_to_type(typed):
    with pytest.raises(ValueError, match="is not an amount of money") as caught:
        read_pounds(typed)
    assert str(caught.value) == f"“{typed}” is not an amount of money. {OTHER_WAYS[typed]}"


@given(
    st.decimals(min_value=-(10**11), max_value=10**11, places=2),
    st.sampled_from(["{:f}", "{:,.2f}", "£{:,.2f}", "£ {:,.2f}", "\u202a{:,.2f}\u202c"]),
)
def test_read_pounds_written_the_british_way_is_itself(amount, written):
    assert read_pounds(written.format(amount)) == amount


@given(st.text(alphabet="0123456789,.' -()£", min_size=1, max_size=14))
def test_read_pounds_never_moves_a_comma(typed):
    """What is read is what stays when commas before exactly three digits are left out; anything else is refused."""
    try:
        amount = read_pounds(typed)
    except ValueError:
        return
    figures = re.sub(r"[£()\s+-]", "", typed)
    assert re.fullmatch(r"(\d+|\d{1,3}(,\d{3})+)?(\.\d{1,2})?", figures)
    assert abs(amount) == Decimal(figures.replace(",", ""))


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("27.5", "27.5"),
        ("27.5%", "27.5"),
        (" 50 % ", "50"),
        ("50 per cent", "50"),
        ("１２.５％", "12.5"),
        ("-3", "-3"),
        ("50 Per Cent.", "50"),
        ("50 PERCENT", "50"),
        ("50pc", "50"),
        ("12.5﹪", "12.5"),
        ("+3", "3"),
    ],
)
def test_percentage_is_read_with_and_without_its_sign(typed, share):
    assert PercentField().formfield().clean(typed) == Decimal(share)


@pytest.mark.parametrize(
    "typed", ["27%", "27 %", "27％", "27﹪", "27 per cent", "27 Per cent.", "27 PERCENT", "27 pc "]
)
def test_has_percent_sign_of_a_percentage_is_true(typed):
    assert has_percent_sign(typed)


@pytest.mark.parametrize("typed", ["27", "£27", "% of 27", "27 per centum", ""])
def test_has_percent_sign_of_another_text_is_false(typed):
    assert not has_percent_sign(typed)


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("27,5", "Write a point before the decimal, like 27.5."),
        ("27,500", "Write a point before the decimal, like 27.5."),
        ("half", "Enter a number like 27.5."),
    ],
)
def test_percentage_with_a_comma_is_refused(typed, advice):
    with pytest.raises(ValidationError) as caught:
        PercentField().formfield().clean(typed)
    assert caught.value.messages == [f"“{typed}” is not a percentage. {advice}"]


DATES = {
    "1 October 2026": date(2026, 10, 1),
    "1st October 2026": date(2026, 10, 1),
    "1st of October 2026": date(2026, 10, 1),
    "Thursday 1 October 2026": date(2026, 10, 1),
    "1 Oct 26": date(2026, 10, 1),
    "1-Oct-26": date(2026, 10, 1),
    "1Oct2026": date(2026, 10, 1),
    "3 Sept 2019": date(2019, 9, 3),
    "October 1, 2026": date(2026, 10, 1),
    "01-10-2026": date(2026, 10, 1),
    "1/4/19": date(2019, 4, 1),
    "1.4.2019": date(2019, 4, 1),
    "1 / 4 / 2019": date(2019, 4, 1),
    "1‑4‑2019": date(2019, 4, 1),
    "2026-10-01": date(2026, 10, 1),
    "2026/10/01": date(2026, 10, 1),
    "2026-10-01T00:00:00": date(2026, 10, 1),
    "01/10/2026 00:00": date(2026, 10, 1),
    "１/４/２０１９": date(2019, 4, 1),
    "1/4/49": date(2049, 4, 1),
    "1/4/69": date(1969, 4, 1),
    "29 February 2024": date(2024, 2, 29),
}
MONTHS = {
    "April 2007": date(2007, 4, 1),
    "april, 2007": date(2007, 4, 1),
    "Apr-19": date(2019, 4, 1),
    "Apr 2019": date(2019, 4, 1),
    "Sept 19": date(2019, 9, 1),
    "04/2019": date(2019, 4, 1),
    "2019-04": date(2019, 4, 1),
}
NO_DATES = {
    "32 March 2019": "“32 March 2019” is not a date: March 2019 has 31 days.",
    "32 March": "“32 March” names no year. Enter a date like 23 April 2019 or 23/04/2019.",
    "0 March 2019": "“0 March 2019” is not a date: March 2019 has 31 days.",
    "29 February 2023": "“29 February 2023” is not a date: February 2023 has 28 days.",
    "04/13/2019": "“04/13/2019” is not a date: there is no month 13. Write the day first, like 13/04/2019.",
    "13/2019": "“13/2019” is not a date: there is no month 13. Enter a date like 23 April 2019 or 23/04/2019.",
    "1 Octember 2019": "“1 Octember 2019” is not a date. Enter a date like 23 April 2019 or 23/04/2019.",
    "Friday 1 October 2026": "“Friday 1 October 2026” is not a date: 1 October 2026 is a Thursday.",
    "2019": "“2019” is not a date. Enter a date like 23 April 2019 or 23/04/2019.",
    "43556": "“43556” is not a date. Enter a date like 23 April 2019 or 23/04/2019.",
    "soon": "“soon” is not a date. Enter a date like 23 April 2019 or 23/04/2019.",
    "1/4/55": "“1/4/55” could be of two centuries. Write the year with four figures. Of two, 00 to 49 are read as 2000"
    " to 2049, and 69 to 99 as 1969 to 1999.",
}


@pytest.mark.parametrize("typed", DATES)
def test_read_date_reads_days_as_people_write_them(typed):
    assert read_date(typed) == TypedDate(DATES[typed])


@pytest.mark.parametrize("typed", MONTHS)
def test_read_date_of_a_month_says_that_no_day_was_given(typed):
    assert read_date(typed) == TypedDate(MONTHS[typed], is_month=True)


@pytest.mark.parametrize("typed", NO_DATES)
def test_read_date_of_no_day_is_refused_with_the_reason(typed):
    with pytest.raises(ValueError, match="“") as caught:
        read_date(typed)
    assert str(caught.value) == NO_DATES[typed]


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


@pytest.mark.parametrize("typed", ["2019/21", "201920", "2019/2021", "1819/20", "2019 20", "20/2021"])
def test_what_is_no_financial_year_is_refused(typed):
    with pytest.raises(ValueError, match="Write it like 2019/20"):
        FinancialYear.read(typed)


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("FY2009/10", "2009/10"),
        ("FY 09/10", "2009/10"),
        ("2009-10", "2009/10"),
        ("2009–10", "2009/10"),
        ("2009/2010", "2009/10"),
        ("2009 to 2010", "2009/10"),
        ("09/10", "2009/10"),
        ("99/00", "1999/00"),
        ("\u200b2009/10\u00a0", "2009/10"),
    ],
)
def test_financial_year_is_read_as_people_write_it(typed, year):
    assert FinancialYearField().formfield().clean(typed) == year
    assert MunicipalYearField().formfield().clean(typed) == year


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2007/08-2011/12", "“2007/08-2011/12” is more than one financial year. Enter one year, like 2019/20."),
        ("2007/08 and 2008/09", "“2007/08 and 2008/09” is more than one financial year. Enter one year, like 2019/20."),
        ("2019", "“2019” is not a financial year. Write 2018/19 or 2019/20."),
        ("FY24/26", "“FY24/26” is not a financial year. Write it like 2019/20."),
    ],
)
def test_financial_year_field_never_cuts_what_is_typed(typed, sentence):
    field = FinancialYearField().formfield()
    assert "maxlength" not in field.widget_attrs(field.widget)
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    assert caught.value.messages == [sentence]


def test_register_keeps_a_year_as_it_is_written_and_no_otherwise():
    assert validate_financial_year("2019/20") is None
    for typed, sentence in (
        ("2019-20", "Write the financial year as 2019/20."),
        ("2019/21", "“2019/21” is not a financial year. Write it like 2019/20."),
    ):
        with pytest.raises(ValidationError) as caught:
            FinancialYearField().clean(typed, None)
        assert caught.value.messages == [sentence]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2019-20", "Write the municipal year as 2019/20."),
        ("2019/21", "“2019/21” is not a municipal year. Write it like 2019/20."),
    ],
)
def test_municipal_year_written_otherwise_is_refused(typed, sentence):
    with pytest.raises(ValidationError) as caught:
        MunicipalYearField().clean(typed, None)
    assert caught.value.messages == [sentence]


def test_municipal_year_form_field_refuses_with_a_sentence():
    with pytest.raises(ValidationError) as caught:
        MunicipalYearField().formfield().clean("2019/21")
    assert caught.value.messages == ["“2019/21” is not a municipal year. Write it like 2019/20."]


@pytest.mark.parametrize(
    ("on", "may"),
    [
        (date(2019, 2, 28), False),
        (date(2019, 3, 1), True),
        (date(2020, 5, 31), True),
        (date(2020, 6, 1), False),
    ],
)
def test_municipal_year_may_include_days_from_march_to_may(on, may):
    assert MunicipalYear(2019).may_include(on) is may


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
    record.name = '=HYPERLINK("http://example.org")'
    record.source = "£1 for each resident – café"
    with recording(by=filled.people["officer"], reason="Set up"):
        record.full_clean_and_save()
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
