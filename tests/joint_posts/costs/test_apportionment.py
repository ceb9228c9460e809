"""Compare what a joint post costs and saves with sums worked by hand, in pounds; each docstring has the arithmetic."""

from datetime import date
from decimal import Decimal

import pytest

from joint_posts.costs.apportionment import (
    CostTerms,
    Employer,
    Inputs,
    Member,
    Period,
    Recharge,
    between,
    calculate,
    inputs_of,
    split,
)
from joint_posts.models.posts import Pay
from partnership.financial_years import FinancialYear
from partnership.models import Council
from tests.factories import make_cost_share, make_council, make_partnership, make_post, make_post_step

ALDER = Council(pk=1, name="Alder County Council", short_name="ACC")
BIRCH = Council(pk=2, name="Birch District Council", short_name="BDC")
CEDAR = Council(pk=3, name="Cedar District Council", short_name="CDC")
YEAR_2018 = FinancialYear(2018)
YEAR_2019 = FinancialYear(2019)  # holds 29 February 2020
LONG_AGO = date(2018, 1, 1)


def term(from_on=LONG_AGO, cost="120000", percents=(50, 50), baselines=("100000", "90000"), **facts):
    keys = range(1, len(percents) + 1)
    return CostTerms(
        from_on=from_on,
        annual_cost=None if cost is None else Decimal(cost),
        percents={key: Decimal(str(percent)) for key, percent in zip(keys, percents, strict=True)},
        baselines={key: None if one is None else Decimal(one) for key, one in zip(keys, baselines, strict=True)},
        **facts,
    )


def inputs(*terms, filled=((LONG_AGO, None),), councils=(ALDER, BIRCH), home=ALDER, unclear=()):
    members = tuple(council if isinstance(council, Member) else Member(council) for council in councils)
    employers = home if isinstance(home, tuple) else (Employer(None, home),)
    return Inputs("Chief Executive", employers, members, tuple(Period(*days) for days in filled), terms, unclear)


def shares(worked):
    return [part.share for part in worked.councils]


def savings(worked):
    return [part.saving for part in worked.councils]


def test_full_year():
    """120,000 a year, half each: 60,000. Savings: 100,000 − 60,000 and 90,000 − 60,000."""
    worked = calculate(inputs(term()), YEAR_2018)
    assert shares(worked) == [Decimal("60000.00"), Decimal("60000.00")]
    assert savings(worked) == [Decimal("40000.00"), Decimal("30000.00")]
    assert worked.cost == Decimal("120000.00")
    assert worked.missing == ()


def test_start_on_1_january_in_a_leap_financial_year():
    """1 January to 31 March 2020 is 31 + 29 + 31 = 91 of 366 days.

    Cost 120,000 × 91 ÷ 366 = 29,836.07; halves 14,918.035, the odd penny to the first council. Baselines
    100,000 × 91 ÷ 366 = 24,863.39 and 90,000 × 91 ÷ 366 = 22,377.05. Full-year effect 40,000 and 30,000.
    """
    worked = calculate(inputs(term(), filled=((date(2020, 1, 1), None),)), YEAR_2019)
    assert [(s.days, s.days_in_year) for s in worked.councils[0].segments] == [(91, 366)]
    assert shares(worked) == [Decimal("14918.04"), Decimal("14918.03")]
    assert savings(worked) == [Decimal("9945.35"), Decimal("7459.02")]
    assert [part.full_year_effect for part in worked.councils] == [Decimal("40000.00"), Decimal("30000.00")]


def test_share_changes_in_the_middle_of_a_month():
    """Half each to 15 September (168 days), then 60/40 (197 days).

    120,000 × 168 ÷ 365 = 55,232.88, halves 27,616.44. 120,000 × 197 ÷ 365 = 64,767.12: 60% is 38,860.272, 40% is
    25,906.848, and the penny left over goes to the larger remainder. The two councils' shares add up to 120,000.00.
    """
    worked = calculate(inputs(term(), term(date(2018, 9, 16), percents=(60, 40))), YEAR_2018)
    first, second = worked.councils[0].segments
    assert (first.last, first.days, second.first, second.days) == (date(2018, 9, 15), 168, date(2018, 9, 16), 197)
    assert shares(worked) == [Decimal("66476.71"), Decimal("53523.29")]
    assert worked.cost == Decimal("120000.00")


def test_interim_ended_on_31_march_counts_in_its_year_alone():
    """In post to the last day of 2018/19: 365 of 365 days there, and none of 366 in 2019/20.

    120,000 × 365 ÷ 365, half each: 60,000. Savings: 100,000 − 60,000 = 40,000 and 90,000 − 60,000 = 30,000.
    """
    ended = inputs(term(), filled=((LONG_AGO, date(2019, 3, 31)),))
    assert savings(calculate(ended, YEAR_2018)) == [Decimal("40000.00"), Decimal("30000.00")]
    after = calculate(ended, YEAR_2019)
    assert (shares(after), savings(after), after.recharges) == ([0, 0], [0, 0], ())


def test_vacant_baseline_saves_nothing():
    """The second council had nobody before: 0 − 60,000 is a cost of 60,000; the first saves 100,000 − 60,000."""
    worked = calculate(inputs(term(baselines=("100000", "0"))), YEAR_2018)
    assert savings(worked) == [Decimal("40000.00"), Decimal("-60000.00")]


def test_backdated_pay_award_cuts_the_year():
    """In post from 1 October (61 days at 120,000); from 1 December 122,400 a year (121 days).

    120,000 × 61 ÷ 365 = 20,054.79 (10,027.40 and 10,027.39); 122,400 × 121 ÷ 365 = 40,576.44 (20,288.22 each).
    """
    award = term(date(2018, 12, 1), cost="122400")
    worked = calculate(inputs(term(), award, filled=((date(2018, 10, 1), None),)), YEAR_2018)
    assert shares(worked) == [Decimal("30315.62"), Decimal("30315.61")]
    assert worked.cost == Decimal("60631.23")


def test_three_councils_share_to_the_penny():
    """A third of 100,000.01 each, as 33.334, 33.333 and 33.333 percent.

    33,334.003334, 33,333.003333 and 33,333.003333: pennies 33,334.00, 33,333.00, 33,333.00 and one left for the first.
    """
    three = term(cost="100000.01", percents=("33.334", "33.333", "33.333"), baselines=("50000", "40000", "30000"))
    worked = calculate(inputs(three, councils=(ALDER, BIRCH, CEDAR)), YEAR_2018)
    assert shares(worked) == [Decimal("33334.01"), Decimal("33333.00"), Decimal("33333.00")]
    assert savings(worked) == [Decimal("16665.99"), Decimal("6667.00"), Decimal("-3333.00")]
    owed = [Recharge(BIRCH, ALDER, Decimal("33333.00")), Recharge(CEDAR, ALDER, Decimal("33333.00"))]
    assert list(worked.recharges) == owed


@pytest.mark.parametrize("cost", ["100000.01", "99999.97", "61234.56"])
@pytest.mark.parametrize(
    "percents", [("33.334", "33.333", "33.333"), ("16.667", "16.667", "66.666"), ("0", "0.001", "99.999")]
)
def test_shares_recharges_and_savings_add_up_to_the_penny(cost, percents):
    """A whole year: the shares are the cost, the recharges all shares but the home council's, the savings what is left
    of 50,000 + 40,000 + 30,000 = 120,000 after the cost.
    """
    three = term(cost=cost, percents=percents, baselines=("50000", "40000", "30000"))
    worked = calculate(inputs(three, councils=(ALDER, BIRCH, CEDAR)), YEAR_2018)
    assert sum(shares(worked)) == Decimal(cost)
    assert sum(owed.amount for owed in worked.recharges) == Decimal(cost) - shares(worked)[0]
    assert sum(savings(worked)) == 120000 - Decimal(cost)


def test_negative_for_one_council_though_positive_together():
    """100,000 − 60,000 = 40,000 and 50,000 − 60,000 = −10,000."""
    worked = calculate(inputs(term(baselines=("100000", "50000"))), YEAR_2018)
    assert savings(worked) == [Decimal("40000.00"), Decimal("-10000.00")]


def test_recharge_is_what_the_others_owe_the_home_council():
    worked = calculate(inputs(term(percents=(30, 70)), home=BIRCH), YEAR_2018)
    assert worked.recharges == (Recharge(ALDER, BIRCH, Decimal("36000.00")),)


def test_recharge_is_not_known_without_a_home_council():
    worked = calculate(inputs(term(), home=None), YEAR_2018)
    assert worked.recharges == ()
    assert worked.missing == ("Who owes whom is not known: the post has no home council on record.",)
    assert worked.cost == Decimal("120000.00")


def test_vacancy_in_the_year_costs_nobody_anything():
    """In post to 30 June (91 days) and again from 1 January (90 days): 120,000 × 181 ÷ 365, in two pieces.

    29,917.81 and 29,589.04: halves 14,958.905 and 14,794.52.
    """
    twice = ((LONG_AGO, date(2018, 6, 30)), (date(2019, 1, 1), None))
    worked = calculate(inputs(term(), filled=twice), YEAR_2018)
    assert [s.days for s in worked.councils[0].segments] == [91, 90]
    assert shares(worked) == [Decimal("29753.43"), Decimal("29753.42")]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (inputs(), "No cost share is recorded for 1 April 2018 to 31 March 2019."),
        (inputs(term(cost=None)), "The cost is not recorded for 1 April 2018 to 31 March 2019."),
        (
            inputs(term(percents=(), baselines=())),
            "How the cost is shared is not recorded for 1 April 2018 to 31 March 2019.",
        ),
        (inputs(term(), unclear=("The start is not stated.",)), "The start is not stated."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_guessed(given, sentence):
    worked = calculate(given, YEAR_2018)
    assert (worked.missing, worked.councils, worked.recharges) == ((sentence,), (), ())


def test_work_out_without_a_cost_share_until_october_shows_the_days_after():
    """182 of 365 days from 1 October: 120,000 × 182 ÷ 365 = 59,835.62, halves 29,917.81; the year is not known."""
    worked = calculate(inputs(term(date(2018, 10, 1))), YEAR_2018)
    assert worked.missing == ("No cost share is recorded for 1 April 2018 to 30 September 2018.",)
    for part in worked.councils:
        assert [segment.share for segment in part.segments] == [Decimal("29917.81")]
    assert (worked.cost, shares(worked), savings(worked)) == (None, [None, None], [None, None])
    assert worked.recharges == (Recharge(BIRCH, ALDER, Decimal("29917.81")),)


def test_unknown_baseline_leaves_only_that_saving_unknown():
    worked = calculate(inputs(term(baselines=("100000", None))), YEAR_2018)
    assert savings(worked) == [Decimal("40000.00"), None]
    assert worked.councils[1].segments[0].saving_in_words == "Not known: the baseline is not recorded."


def test_arithmetic_can_be_followed():
    segment = calculate(inputs(term()), YEAR_2018).councils[0].segments[0]
    assert segment.share_in_words == "£120,000.00 × 50% × 365 ÷ 365 days = £60,000.00"
    assert segment.saving_in_words == (
        "£100,000.00 × 365 ÷ 365 days = £100,000.00, less the share of £60,000.00 = £40,000.00"
    )


def test_key_changes_with_whatever_the_figures_depend_on():
    key = inputs(term()).key
    assert key == inputs(term()).key
    assert key != inputs(term(cost="120000.01")).key
    assert key != inputs(term(percents=(49, 51))).key
    assert key != inputs(term(baselines=("100000", None))).key
    assert key != inputs(term(), filled=((LONG_AGO, date(2020, 1, 1)),)).key


@pytest.mark.parametrize(
    ("salary", "percent", "cost"),
    [
        ("41418.37", "21.3", "50240.48"),  # 8,822.11281 on top: 8,822.11
        ("50000.10", "27.35", "63675.13"),  # 13,675.02735: 13,675.03
        ("33333.30", "22.5", "40833.29"),  # 7,499.9925: 7,499.99
        ("12345.00", "17.30", "14480.69"),  # 2,135.685: half a penny goes up, 2,135.69
    ],
)
def test_annual_cost_rounds_on_costs_in_percent_before_adding_them(salary, percent, cost):
    assert Pay(Decimal(salary), Decimal(percent)).annual_cost() == Decimal(cost)


def test_calculate_charges_a_segment_from_on_costs_rounded_to_the_penny():
    """23.85% of 40,000.10 is 9,540.02385, rounded 9,540.02: 49,540.12 a year.

    49,540.12 × 183 ÷ 365 = 24,837.9232. Left unrounded, 49,540.12385 would come to 24,837.9251, a penny more.
    """
    cost = Pay(Decimal("40000.10"), Decimal("23.85")).annual_cost()
    half = ((date(2018, 4, 1), date(2018, 9, 30)),)
    assert calculate(inputs(term(cost=cost), filled=half), YEAR_2018).cost == Decimal("24837.92")


# --- Councils that join and leave -----------------------------------------------------------------------------------

LEFT = Member(CEDAR, last=date(2018, 9, 30))
THREE_WAYS = {"percents": (40, 40, 20), "baselines": ("98000", "91500", "64000")}


def test_work_out_for_a_council_that_left_charges_its_own_days_alone():
    """20% of 120,000 × 183 ÷ 365 = 60,164.38 is 12,032.88; baseline 64,000 × 183 ÷ 365 = 32,087.67."""
    worked = calculate(inputs(term(**THREE_WAYS), councils=(ALDER, BIRCH, LEFT)), YEAR_2018)
    assert shares(worked) == [None, None, Decimal("12032.88")]
    assert savings(worked) == [None, None, Decimal("20054.79")]
    assert worked.missing == ("No cost share is recorded from 1 October 2018.",)
    assert worked.cost is None
    assert worked.recharges == (
        Recharge(BIRCH, ALDER, Decimal("24065.75")),
        Recharge(CEDAR, ALDER, Decimal("12032.88")),
    )


def test_work_out_later_year_says_since_when_no_cost_share_is_recorded():
    worked = calculate(inputs(term(**THREE_WAYS), councils=(ALDER, BIRCH, LEFT)), YEAR_2019)
    assert (worked.missing, worked.councils) == (("No cost share is recorded from 1 October 2018.",), ())


def test_work_out_names_both_ends_before_a_later_cost_share_or_end():
    later = term(date(2018, 12, 1))
    worked = calculate(inputs(term(**THREE_WAYS), later, councils=(ALDER, BIRCH, LEFT)), YEAR_2018)
    assert worked.missing == ("No cost share is recorded for 1 October 2018 to 30 November 2018.",)
    ended = ((LONG_AGO, date(2018, 12, 31)),)
    worked = calculate(inputs(term(**THREE_WAYS), councils=(ALDER, BIRCH, LEFT), filled=ended), YEAR_2018)
    assert worked.missing == ("No cost share is recorded for 1 October 2018 to 31 December 2018.",)


def test_work_out_never_charges_the_percent_of_a_council_that_joins_later():
    """Its 25% are entered from April, but it joins in October: until then only 75% is shared out."""
    joins = Member(CEDAR, first=date(2018, 10, 1))
    split_early = term(percents=(45, 30, 25), baselines=("88400", "79900", "52000"))
    worked = calculate(inputs(split_early, councils=(ALDER, BIRCH, joins)), YEAR_2018)
    assert [part.share for part in worked.councils] == [None, None, Decimal("14958.90")]
    assert worked.missing == ("No cost share is recorded for 1 April 2018 to 30 September 2018.",)


def test_work_out_asks_a_council_that_joins_after_the_year_for_nothing():
    joins = Member(CEDAR, first=date(2019, 4, 1))
    part = calculate(inputs(term(), councils=(ALDER, BIRCH, joins)), YEAR_2018).of(CEDAR)
    assert (part.segments, part.share, part.saving, part.lacks_baseline) == ((), 0, 0, False)


def test_work_out_prints_the_penny_that_the_last_segment_takes():
    """93, 136 and 136 days of 100,000: 25,479.45 + 37,260.27 + 37,260.27 = 99,999.99, so the last one has 37,260.28."""
    terms = [term(cost="100000", baselines=("100000", None))]
    terms += [term(date(2018, 7, 3), "100000", (60, 40), ("100000", None))]
    terms += [term(date(2018, 11, 16), "100000", (55, 45), ("100000", None))]
    alder, birch = calculate(inputs(*terms), YEAR_2018).councils
    assert [segment.share_in_words for segment in (alder.segments[2], birch.segments[2])] == [
        "£100,000.00 × 55% × 136 ÷ 365 days = £20,493.15",
        "£100,000.00 × 45% × 136 ÷ 365 days = £16,767.13 with 1p of rounding",
    ]
    assert alder.segments[2].saving_in_words == (
        "£100,000.00 × 136 ÷ 365 days = £37,260.28 with 1p of rounding, less the share of £20,493.15 = £16,767.13"
    )
    assert sum(segment.baseline_part for segment in alder.segments) == 100000


def test_full_year_effect_after_the_last_day_of_a_post_is_none():
    ended = inputs(term(), filled=((LONG_AGO, date(2018, 12, 31)),))
    worked = [calculate(ended, YEAR_2018, as_at=day) for day in (date(2018, 12, 31), date(2019, 1, 1))]
    assert [each.councils[0].full_year_effect for each in worked] == [Decimal("40000.00"), None]


def test_split_gives_the_odd_penny_to_the_council_that_stands_first():
    halves = {2: Decimal(50), 1: Decimal(50)}
    assert split(Decimal("0.01"), halves) == {2: Decimal("0.01"), 1: Decimal("0.00")}


@pytest.mark.parametrize("amount", ["0.01", "0.02", "100.00", "33333.33", "-0.01", "-250.07"])
def test_split_adds_up(amount):
    parts = split(Decimal(amount), {1: Decimal("33.334"), 2: Decimal("33.333"), 3: Decimal("33.333")})
    assert sum(parts.values()) == Decimal(amount)


# --- What the records say ---------------------------------------------------------------------------------------------


@pytest.fixture
def moved_post(db):
    """A post agreed on, filled by some day, given another title, vacant by some day and filled again."""
    councils = [make_council(name=name, short_name=name) for name in ("Alder", "Birch")]
    partnership = make_partnership(councils=councils)
    post = make_post(partnership=partnership, title="Clerk", status="agreed", from_on=date(2018, 4, 1))
    step = {"title": "Clerk", "appointment": "permanent"}
    for from_on, status, precision in (
        (date(2018, 6, 1), "in post", "by"),
        (date(2018, 7, 1), "in post", "by"),
        (date(2018, 9, 1), "vacant", "by"),
        (date(2018, 10, 1), "vacant", "by"),
        (date(2019, 1, 1), "in post", "day"),
    ):
        make_post_step(post=post, **step, status=status, from_on=from_on, from_precision=precision)
    make_cost_share(post=post, from_on=date(2018, 5, 1), from_precision="by")
    make_cost_share(post=post, from_on=date(2018, 8, 1), from_precision="month")
    return post


def test_post_costs_while_somebody_holds_it(moved_post):
    assert inputs_of(moved_post).filled == (
        Period(date(2018, 6, 1), date(2018, 8, 31)),
        Period(date(2019, 1, 1), None),
    )


def test_days_known_only_as_by_some_day_are_said_to_be_unclear(moved_post):
    assert inputs_of(moved_post).unclear == (
        "The day from which the post was filled is not stated (by 1 June 2018).",
        "The day from which the post was no longer filled is not stated (by 1 September 2018).",
        "The day from which its cost is shared is not stated (by 1 May 2018).",
    )


JUNE = date(2018, 6, 30)
JANUARY = (date(2019, 1, 1), date(2019, 1, 31))


@pytest.mark.parametrize(
    ("first", "last", "filled"),
    [
        (date(2018, 5, 1), JANUARY[1], [(date(2018, 5, 1), JUNE), JANUARY]),
        (JUNE, None, [(JUNE, JUNE), (JANUARY[0], None)]),
        (date(2018, 7, 1), date(2018, 12, 31), []),
        (date(2019, 2, 1), None, [(date(2019, 2, 1), None)]),
    ],
)
def test_between_two_days_no_other_day_counts(first, last, filled):
    twice = inputs(term(), filled=((LONG_AGO, JUNE), (JANUARY[0], None)))
    assert between(twice, first, last).filled == tuple(Period(*days) for days in filled)
