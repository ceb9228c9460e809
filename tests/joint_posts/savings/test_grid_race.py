"""Test faults found while rows are written: somebody was faster by a moment, or the workflow refuses a row."""

from decimal import Decimal

import pytest
from django.http import QueryDict

from joint_posts.savings import workflow
from joint_posts.savings.forms.grid import Grid, NothingSaved
from partnership.records.record import Stale
from tests.html_forms import untouched
from tests.two_partnerships import DAY, everything

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
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
        grid.save()
    assert everything() == before


def test_line_entered_between_the_check_and_the_write_stays(world, colleague):
    grid = checked(world, alder="900", birch="800")
    workflow.set_line(world.ours.saving, world.birch, YEAR, estimated=Decimal(700), **colleague)
    before = everything()
    with pytest.raises(NothingSaved):
        grid.save()
    assert everything() == before
    (error,) = grid.errors
    sentence = "This saving already has a line for the council and year; change that one."
    assert error.message == f"BDC 2019/20: {sentence}"


def test_refused_row_of_an_active_line_takes_the_others_with_it(client, world, colleague):
    """Birch's line has a delivered figure without its day; Alder's new line, written before, is taken back."""
    line = workflow.set_line(world.ours.saving, world.birch, YEAR, estimated=Decimal(5), **colleague)
    before = everything()
    client.force_login(world.people["officer.alder"])
    typed = {
        "years": [YEAR],
        "reason": "Monitoring",
        "do": "save",
        f"{world.alder.pk}-2019-20-estimated": "900",
        f"{line.council_id}-2019-20-version": str(line.version),
        f"{line.council_id}-2019-20-estimated": "5",
        f"{line.council_id}-2019-20-delivered": "4",
    }
    response = client.post(f"/savings/{world.ours.saving.pk}/grid/", typed)
    said = "BDC 2019/20, delivered up to: Enter the last day that the delivered figure covers."
    assert (response.status_code, said in response.content.decode()) == (200, True)
    assert everything() == before


def test_version_of_a_line_that_never_was_is_stale(client, world):
    client.force_login(world.people["officer.alder"])
    row = f"{world.alder.pk}-2019-20"
    typed = {"years": [YEAR], "reason": "Monitoring", "do": "save", f"{row}-version": "3", f"{row}-estimated": "900"}
    response = client.post(f"/savings/{world.ours.saving.pk}/grid/", typed)
    assert (response.status_code, "Somebody changed this" in response.content.decode()) == (409, True)
    assert world.ours.saving.lines.count() == 0


def test_page_shown_again_has_a_colleagues_change_where_nothing_was_typed(client, world, colleague):
    line = workflow.set_line(world.ours.saving, world.birch, YEAR, estimated=Decimal(5), **colleague)
    client.force_login(world.people["officer.alder"])
    at = f"/savings/{world.ours.saving.pk}/grid/"
    row = f"{world.birch.pk}-2019-20"
    form = untouched(client.get(at).content.decode())
    workflow.set_line(world.ours.saving, world.birch, YEAR, estimated=Decimal(700), line=line, **colleague)
    again = untouched(client.post(at, form | {"do": "year", "another_year": "2020/21"}).content.decode())
    assert (again[f"{row}-estimated"], again[f"{row}-version"]) == (["700"], ["2"])
