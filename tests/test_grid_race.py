"""Two people save the same grid at the same moment: the slower one is refused between the check and the write."""

from decimal import Decimal

import pytest
from django.http import QueryDict

from joint_posts import workflow
from joint_posts.forms.grid import Grid, NothingSaved
from partnership.records import Stale
from tests.two_partnerships import DAY, everything

pytestmark = pytest.mark.django_db
YEAR = "2019/20"


@pytest.fixture
def colleague(world):
    return {"by": world.people["officer.birch"], "reason": "Their own"}


def checked(world, **typed):
    """A grid of Alder's officer in which figures were typed, and which passed every check."""
    data = QueryDict(mutable=True)
    data.update({"years": YEAR, "reason": "Monitoring"})
    for council, amount in typed.items():
        data[f"{getattr(world, council).pk}-2019-20-estimated"] = amount
    for line in world.ours.saving.lines.all():
        data[f"{line.council_id}-2019-20-version"] = str(line.version)
    grid = Grid(world.ours.saving, user=world.people["officer.alder"], on=DAY, data=data)
    assert (grid.stale_rows, grid.is_valid()) == ([], True)
    return grid


def test_line_changed_between_the_check_and_the_write_stays(world, colleague):
    workflow.set_line(world.ours.saving, world.birch, YEAR, estimated=Decimal(5), **colleague)
    grid = checked(world, alder="900", birch="800")
    workflow.set_line(world.ours.saving, world.birch, YEAR, estimated=Decimal(700), **colleague)
    before = everything()
    with pytest.raises(Stale):
        grid.record()
    assert everything() == before


def test_line_entered_between_the_check_and_the_write_stays(world, colleague):
    grid = checked(world, alder="900", birch="800")
    workflow.set_line(world.ours.saving, world.birch, YEAR, estimated=Decimal(700), **colleague)
    before = everything()
    with pytest.raises(NothingSaved):
        grid.record()
    assert everything() == before
    (error,) = grid.errors
    sentence = "This saving already has a line for the council and year; change that one."
    assert error.message == f"BDC 2019/20: {sentence}"
