"""Moving a business case on its own page: only where the order of stages leads, with its day and its reason."""

import re

import pytest

from business_cases.models import Stage
from tests.filled_registers import everything
from tests.html_forms import shown
from tests.portal.test_workflow_permissions import case_in

pytestmark = pytest.mark.django_db

WHY = {"from_on": "1 May 2026", "precision": "day", "note": "", "reason": "The working group asked for it"}


@pytest.fixture
def case(world, client):
    client.force_login(world.people["officer.alder"])
    return case_in(world.ours, world.people["officer.alder"])


def test_only_the_stages_that_may_follow_are_offered(case, client):
    page = client.get(f"/business-cases/{case.pk}/move/").content.decode()
    stages = re.search(r'<select name="stage".*?</select>', page, re.DOTALL)[0]
    offered = re.findall(r'<option value="([^"]+)"', stages)
    assert offered == [Stage.COMMISSIONED, Stage.IN_DEVELOPMENT, Stage.REJECTED, Stage.PAUSED]


def test_move_is_kept_with_its_day(case, client):
    at = f"/business-cases/{case.pk}/move/"
    answer = client.post(at, shown(client, at) | WHY | {"stage": Stage.COMMISSIONED})
    assert answer["Location"] == f"/business-cases/{case.pk}/"
    case.refresh_from_db()
    assert (case.stage, [step.stage for step in case.steps.all()]) == (
        Stage.COMMISSIONED,
        [Stage.PROPOSED, Stage.COMMISSIONED],
    )


def test_stage_that_cannot_follow_is_refused(case, client):
    before = everything()
    at = f"/business-cases/{case.pk}/move/"
    answer = client.post(at, shown(client, at) | WHY | {"stage": Stage.IMPLEMENTED})
    assert "is not a choice for “Stage it moves to”" in answer.content.decode()
    assert everything() == before


def test_who_keeps_no_posts_has_no_such_page(case, world, client):
    client.force_login(world.people["clerk.alder"])
    assert client.get(f"/business-cases/{case.pk}/move/").status_code == 403
