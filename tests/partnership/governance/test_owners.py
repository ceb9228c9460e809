"""Whose a record is: no edit form asks it, and only somebody of the council that loses it hands it over."""

import pytest
from django.core.exceptions import PermissionDenied

from joint_posts.savings import workflow as posts
from partnership.models import Body
from partnership.records import workflow
from partnership.records.record import Record, recording
from tests.filled_registers import everything
from tests.html_forms import untouched
from tests.partnership.generic.test_predicates import every_register
from tests.two_partnerships import denied, make_person

pytestmark = pytest.mark.django_db
WHY = "Put right"


@pytest.fixture
def cabinet(world):
    """The cabinet of Alder."""
    own = {"partnership": world.ours.partnership, "council": world.alder}
    with recording(by=world.people["officer.alder"], reason="Set up"):
        return Body(**own, name="Cabinet", kind="executive").full_clean_and_save()


@pytest.fixture
def both(world):
    """An officer of both councils."""
    return make_person("both", (world.alder, "officer"), (world.birch, "officer"))


OWNED = [name for name, register in every_register().items() if register.form_class and register.model.owner_fields]


def test_models_whose_council_decides_who_keeps_them_declare_it():
    assert [
        name
        for name, register in every_register().items()
        if name in {"savingline", "coverstyle", "body", "auditcoverage", "significantpartnership"}
        or name == "outsidebodyappointment"
    ] == OWNED


def test_hand_over_body_by_council_that_gains_it_is_denied(world, cabinet):
    with denied("Only somebody of Alder County hands it over, which would lose it."):
        workflow.hand_over(cabinet, council=world.birch, by=world.people["officer.birch"], reason=WHY)


def test_hand_over_joint_body_by_council_that_gains_it_is_denied(world):
    with denied("Only somebody of Alder County hands it over, which would lose it."):
        workflow.hand_over(world.ours.body, council=world.birch, by=world.people["officer.birch"], reason=WHY)


def test_hand_over_body_by_council_that_loses_it_is_done(world, cabinet):
    handed = workflow.hand_over(cabinet, council=world.birch, by=world.people["officer.alder"], reason=WHY)
    assert Body.objects.get(pk=handed.pk).council == world.birch


def test_hand_over_body_to_council_outside_the_partnership_is_refused(world, cabinet, both):
    before = everything()
    with pytest.raises(Exception, match="Cedar District is not party to the partnership"):
        workflow.hand_over(cabinet, council=world.cedar, by=both, reason=WHY)
    assert everything() == before


def test_change_does_not_hand_a_record_over(world, cabinet):
    with pytest.raises(ValueError, match="only when it is handed over"):
        workflow.change(cabinet, council=world.birch, by=world.people["officer.alder"], reason=WHY)


def test_birch_clerk_cannot_take_the_cabinet_of_alder_on_the_pages(client, world, cabinet):
    client.force_login(world.people["officer.birch"])
    at = f"/bodies/{cabinet.pk}/edit/"

    sent = untouched(client.get(at).content.decode()) | {"reason": WHY}
    assert client.post(at, sent | {"council": world.birch.pk, "purpose": "To decide"}).status_code == 302
    cabinet.refresh_from_db()
    assert (cabinet.council, cabinet.purpose) == (world.alder, "To decide")
    assert client.get(f"/bodies/{cabinet.pk}/hand-over/").status_code == 403


def test_set_line_of_another_council_to_ones_own_is_denied(world):
    """A line's council verifies it and sees its arithmetic."""
    officer = {"by": world.people["officer.alder"], "reason": WHY}
    line = posts.set_line(world.ours.saving, world.alder, "2019/20", estimated=5, **officer)
    taker = {"by": world.people["officer.birch"], "reason": WHY}
    before = everything()
    with pytest.raises(PermissionDenied):
        posts.set_line(world.ours.saving, world.birch, "2019/20", line=line, **taker)
    assert everything() == before


def test_owner_councils_of_a_joint_row_are_all_parties(world):
    assert world.ours.body.owner_councils() == {world.alder.pk, world.birch.pk}
    assert Record.owner_fields == ()
