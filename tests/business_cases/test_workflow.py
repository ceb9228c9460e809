"""Business cases move in order; service arrangements stand between the parties."""

from datetime import date

import pytest

from business_cases import workflow
from business_cases.models import ServiceArrangement
from partnership.models import WorkingModel
from partnership.records.record import recording
from tests.two_partnerships import DAY, refused

pytestmark = pytest.mark.django_db

WHY = "A good reason"


@pytest.fixture
def officer(world):
    return {"by": world.people["officer.alder"], "reason": WHY}


def open_case(world, officer, **facts):
    given = {"title": "Finance", "from_on": DAY}
    return workflow.open_case(world.ours.partnership, **(given | facts), **officer)


def test_case_keeps_the_day_of_each_stage(world, officer):
    case = open_case(world, officer)
    workflow.move_case(case, stage="in development", from_on=date(2019, 4, 1), note="Begun", **officer)
    assert case.stage == "in development"
    assert [(step.stage, step.from_on, step.note) for step in case.steps.all()] == [
        ("proposed", DAY, ""),
        ("in development", date(2019, 4, 1), "Begun"),
    ]


def test_case_of_the_public_record_is_opened_as_its_source_has_it(world, officer):
    left_open = {"stage": "Report of March 2019"}
    day = date(2019, 3, 1)
    told = {"stage": "adopted", "from_on": day, "precision": "month", "note": "Minute 7"}
    case = open_case(world, officer, **told, not_stated=left_open, sponsor="Chief executive")
    assert (case.stage, case.not_stated, case.sponsor) == ("adopted", left_open, "Chief executive")
    (step,) = case.steps.all()
    assert (step.stage, step.from_on, step.from_precision, step.note) == ("adopted", day, "month", "Minute 7")


def test_case_is_not_adopted_without_work(world, officer):
    case = open_case(world, officer)
    with refused("stage", "A case that is proposed cannot become adopted by every council."):
        workflow.move_case(case, stage="adopted", from_on=DAY, **officer)


def test_case_does_not_go_back_in_time(world, officer):
    case = open_case(world, officer)
    with refused("from_on", "Enter a day that is not before 16 March 2019, when the last stage was recorded."):
        workflow.move_case(case, stage="commissioned", from_on=date(2019, 3, 15), **officer)


def test_case_uses_a_model_of_its_partnership(world, officer):
    with recording(by=officer["by"], reason=WHY):
        model = WorkingModel(partnership=world.theirs.partnership, number=1, name="Host")
        model.description = model.key_features = "One serves the other"
        model.full_clean_and_save()
    with refused("working_model", "Choose a model of joint working of the same partnership."):
        open_case(world, officer, working_model=model)


def start(world, officer, **facts):
    given = {"kind": "provision", "service": "Planning", "provider": world.alder, "receiver": world.birch}
    return workflow.start_arrangement(world.ours.partnership, **(given | facts), **officer)


def test_arrangement_stands_between_parties(world, officer):
    with refused("receiver", "Cedar District is not party to the partnership."):
        start(world, officer, receiver=world.cedar)


def test_arrangement_says_what_its_source_leaves_open(world, officer):
    left_open = {"started_on": "Report of March 2019"}
    stored = ServiceArrangement.objects.get(pk=start(world, officer, not_stated=left_open, site="Oak House").pk)
    assert (stored.service, stored.provider, stored.receiver) == ("Planning", world.alder, world.birch)
    assert (stored.not_stated, stored.site) == (left_open, "Oak House")


def test_provision_has_two_sides(world, officer):
    with refused("receiver", "Choose the council that receives the service."):
        start(world, officer, receiver=None)


def test_arrangement_follows_a_case_of_its_partnership(world, officer):
    theirs = workflow.open_case(
        world.theirs.partnership, title="Theirs", from_on=DAY, by=world.people["stranger"], reason=WHY
    )
    with refused("business_case", "Choose a business case of the same partnership."):
        start(world, officer, business_case=theirs)


def test_arrangement_ends_with_day_and_reason(world, officer):
    arrangement = workflow.end_arrangement(start(world, officer, started_on=DAY), ended_on=DAY, **officer)
    stored = ServiceArrangement.objects.get(pk=arrangement.pk)
    assert (stored.ended_on, stored.end_reason) == (DAY, WHY)
    with refused("ended_on", "This arrangement has ended already."):
        workflow.end_arrangement(stored, ended_on=DAY, **officer)


def test_arrangement_does_not_end_before_it_started(world, officer):
    arrangement = start(world, officer, started_on=DAY)
    with refused("ended_on", "Enter an end that is not before the start."):
        workflow.end_arrangement(arrangement, ended_on=date(2019, 3, 15), **officer)
