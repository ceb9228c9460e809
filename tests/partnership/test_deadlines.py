"""Dates that follow from a meeting or a publication, each counted by hand on a calendar."""

from datetime import date

import pytest

from partnership.deadlines import (
    implementable_after_call_in,
    is_working_day,
    last_day_for_clearance,
    last_day_for_key_decision_notice,
    last_day_for_papers,
    last_day_to_call_in,
)

# Bank holidays the cases turn on: Good Friday and Easter Monday 19 and 22 April 2019, 10 and 13 April 2020, 29 March
# and 1 April 2024; early May 6 May 2019, but Friday 8 May in 2020; spring 27 May 2019; the jubilee of 2022 on Thursday
# 2 and Friday 3 June; Christmas 25 and 26 December, moved to 27 and 28 December 2021; New Year 1 January.


@pytest.mark.parametrize(
    ("held_on", "papers_by"),
    [
        (date(2019, 4, 23), date(2019, 4, 11)),  # the Cabinet of the review: 12, 15, 16, 17, 18 are clear
        (date(2019, 4, 1), date(2019, 3, 22)),  # the Executive: 25, 26, 27, 28, 29 March
        (date(2019, 4, 24), date(2019, 4, 12)),  # 15, 16, 17, 18, 23
        (date(2020, 4, 14), date(2020, 4, 2)),  # 3, 6, 7, 8, 9; Good Friday to Easter Monday do not count
        (date(2019, 5, 13), date(2019, 5, 2)),  # 3, 7, 8, 9, 10; the 6th does not count
        (date(2020, 5, 12), date(2020, 5, 1)),  # 4, 5, 6, 7, 11; that year the holiday was on Friday the 8th
        (date(2022, 6, 7), date(2022, 5, 26)),  # 27, 30, 31 May, 1 and 6 June
        (date(2019, 1, 3), date(2018, 12, 21)),  # 24, 27, 28, 31 December, 2 January
        (date(2022, 1, 5), date(2021, 12, 23)),  # 24, 29, 30, 31 December, 4 January; the 3rd stands for New Year
    ],
)
def test_papers_are_published_five_clear_working_days_before(held_on, papers_by):
    assert last_day_for_papers(held_on) == papers_by


@pytest.mark.parametrize(
    ("held_on", "notice_by"),
    [
        (date(2019, 4, 23), date(2019, 3, 25)),  # 26 March to 22 April are 6 and 22 days
        (date(2019, 4, 1), date(2019, 3, 3)),  # a Sunday: calendar days count, whatever day it is
        (date(2020, 3, 10), date(2020, 2, 10)),  # 11 to 29 February of a leap year and 1 to 9 March are 19 and 9
        (date(2019, 1, 7), date(2018, 12, 9)),  # over Christmas, which makes no difference
    ],
)
def test_key_decision_is_announced_28_clear_days_before(held_on, notice_by):
    assert last_day_for_key_decision_notice(held_on) == notice_by


@pytest.mark.parametrize(
    ("published_on", "days", "implementable_on"),
    [
        (date(2019, 4, 2), 3, date(2019, 4, 6)),  # 3, 4, 5 April; a Saturday
        (date(2020, 9, 16), 5, date(2020, 9, 24)),  # 17, 18, 21, 22, 23 September
        (date(2019, 4, 17), 3, date(2019, 4, 25)),  # 18, 23, 24 April
        (date(2019, 5, 3), 5, date(2019, 5, 14)),  # 7, 8, 9, 10, 13 May
        (date(2018, 12, 21), 5, date(2019, 1, 3)),  # 24, 27, 28, 31 December, 2 January
        (date(2021, 12, 24), 3, date(2022, 1, 1)),  # 29, 30, 31 December; 27 and 28 stood for the weekend's holidays
        (date(2019, 4, 6), 1, date(2019, 4, 9)),  # published on a Saturday: Monday counts
        (date(2019, 4, 2), 0, date(2019, 4, 3)),  # no call-in period
    ],
)
def test_decision_may_be_implemented_the_day_after_the_call_in_period(published_on, days, implementable_on):
    assert implementable_after_call_in(published_on, days) == implementable_on


@pytest.mark.parametrize(
    ("days", "cleared_by"),
    [(7, date(2019, 4, 10)), (10, date(2019, 4, 5)), (0, date(2019, 4, 23))],
)
def test_clearance_follows_the_rule_of_the_house(days, cleared_by):
    assert last_day_for_clearance(date(2019, 4, 23), days) == cleared_by


def test_last_day_to_call_in_is_a_working_day():
    assert last_day_to_call_in(date(2019, 4, 17), 3) == date(2019, 4, 24)


@pytest.mark.parametrize(
    ("on", "is_working"),
    [
        (date(2019, 4, 18), True),  # Maundy Thursday
        (date(2019, 4, 19), False),
        (date(2019, 4, 20), False),
        (date(2019, 4, 22), False),
        (date(2019, 12, 24), True),
        (date(2022, 9, 19), False),  # the state funeral
        (date(2019, 1, 2), True),  # a holiday in Scotland alone
    ],
)
def test_working_day_is_a_weekday_without_a_bank_holiday_in_england(on, is_working):
    assert is_working_day(on) is is_working


def test_date_among_holidays_not_announced_is_not_known():
    assert last_day_for_papers(date(2099, 4, 1)) is None
    assert last_day_for_papers(date(1999, 4, 1)) is None
    assert implementable_after_call_in(date(2099, 4, 1), 3) is None
    assert last_day_for_key_decision_notice(date(2099, 4, 1)) == date(2099, 3, 3)
