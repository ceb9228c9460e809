"""Resolutions subject to one another: whatever is recorded first, the same comes of it; what falls, falls for all."""

from datetime import date
from itertools import permutations

import pytest

from partnership.governance import workflow
from partnership.models import Body, Condition, Decision, Party, Resolution
from tests.factories import keep
from tests.partnership.governance.test_decisions import SECOND, decided, executive, publish, second, subject, why, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(world):
    """Alder's decision of 1 April and Birch's of 23 April, neither published nor subject to anything yet."""
    alder = executive(world, world.alder, 3)
    birch = executive(world, world.birch, 5)
    return decided(world, alder), decided(world, birch, SECOND)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_mutual_resolutions_take_effect_when_the_later_may_be_implemented(world, pair, order):
    one, two = pair
    steps = (
        lambda: subject(world, second(one), two.body, second(two)),
        lambda: subject(world, second(two), one.body, second(one)),
        lambda: publish(world, one, date(2019, 4, 2)),
        lambda: publish(world, two, date(2019, 4, 24)),
    )
    for step in order:
        steps[step]()
    assert words(world, second(one), second(two)) == ["2 May 2019", "2 May 2019"]


def test_resolution_that_lapses_takes_the_other_with_it(world, pair):
    one, two = pair
    subject(world, second(one), two.body, second(two))
    subject(world, second(two), one.body, second(one))
    workflow.lapse_resolution(second(one), on=date(2019, 6, 1), **why(world))
    assert words(world, second(one), second(two)) == ["Falls: lapsed at ACC Executive"] * 2


def test_three_councils_each_subject_to_both_others_wait_for_the_third(world, pair):
    one, two = pair
    keep(Party(partnership=world.ours.partnership, council=world.cedar, position=3))
    third = keep(Body(partnership=world.ours.partnership, council=world.cedar, kind="executive", name="Board"))
    for own, other in ((one, two), (two, one)):
        subject(world, second(own), other.body, second(other))
        keep(Condition(resolution=second(own), body=third))
    publish(world, one, date(2019, 4, 2))
    publish(world, two, date(2019, 4, 24))
    assert words(world, second(one), second(two)) == ["Waits for agreement by CDX Board"] * 2
    last = keep(Decision(body=third, decided_on=date(2019, 5, 20), title="Review", is_subject_to_call_in=False))
    agreed = keep(Resolution(decision=last, number=1, text="To agree"))
    for own in (one, two):
        keep(Condition(resolution=agreed, body=own.body, answered_by=second(own)))
        condition = second(own).conditions.get(body=third)
        condition.answered_by = agreed
        keep(condition)
    assert words(world, second(one), second(two), agreed) == ["20 May 2019"] * 3
