"""Test when resolutions take effect that depend on one another: the sums alone, without a database."""

from datetime import date
from itertools import permutations

import pytest

from partnership.governance.effects import Effect, Resolved, effects

FIRST = date(2019, 4, 1)
SECOND = date(2019, 4, 23)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_councils_in_a_ring_take_effect_together_in_every_order(order):
    days = [date(2019, 4, 6), date(2019, 5, 1), date(2019, 4, 12)]
    rows = [Resolved(n, f"Body {n}", days[n], answers=((n + 1) % 3,)) for n in range(3)]
    found = effects([rows[n] for n in order])
    assert found == {n: Effect(on=date(2019, 5, 1)) for n in range(3)}


def test_each_of_three_subject_to_both_others():
    days = [date(2019, 4, 6), date(2019, 5, 1), date(2019, 4, 12)]
    rows = [Resolved(n, f"Body {n}", days[n], answers=tuple({0, 1, 2} - {n})) for n in range(3)]
    assert effects(rows) == {n: Effect(on=date(2019, 5, 1)) for n in range(3)}


def test_third_that_has_not_decided_holds_all_up():
    rows = [
        Resolved(0, "A", FIRST, answers=(1,)),
        Resolved(1, "B", SECOND, answers=(0,), unanswered=("C",)),
    ]
    assert effects(rows) == {n: Effect(waits_for=("agreement by C",)) for n in range(2)}


def test_refusal_takes_with_it_what_is_subject_to_it_and_nothing_else():
    rows = [
        Resolved(0, "A", FIRST, answers=(1,)),
        Resolved(1, "B", SECOND, fallen="refused at B"),
        Resolved(2, "C", SECOND, answers=(0,)),
        Resolved(3, "D", SECOND),
    ]
    falls = Effect(falls_with=("refused at B",))
    assert effects(rows) == {0: falls, 1: falls, 2: falls, 3: Effect(on=SECOND)}


def test_one_sided_condition_does_not_hold_up_the_other_side():
    rows = [Resolved(0, "A", FIRST, answers=(1,)), Resolved(1, "B", SECOND)]
    assert effects(rows) == {0: Effect(on=SECOND), 1: Effect(on=SECOND)}
    rows = [Resolved(0, "A", SECOND, answers=(1,)), Resolved(1, "B", FIRST)]
    assert effects(rows) == {0: Effect(on=SECOND), 1: Effect(on=FIRST)}
