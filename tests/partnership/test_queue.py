"""The queue of jobs: bounds, places in it, what is handed back, and what its pages say."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from partnership.models import Job
from partnership.models.jobs import LONGEST_WAIT, LOST_TOO_OFTEN, MOST_LOSSES, MOST_WAITING, SILENCE, WAITED_TOO_LONG
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def waiting(by, **facts):
    """A job in the queue."""
    now = timezone.now()
    given = {"register": "saving", "file_name": "lines.csv", "created_at": now, "heard_at": now}
    return Job.objects.create(by=by, **given | facts)


def claim(most=2, at=None):
    return Job.objects.claim(worker="a", at=at or timezone.now(), most=most)


def test_claim_takes_the_oldest_job_of_each_person_within_both_bounds():
    ann = make_user()
    ben = make_user()
    cat = make_user()
    first = waiting(ann)
    second = waiting(ann)
    third = waiting(ben)
    fourth = waiting(cat)
    assert claim() == first
    assert claim() == third  # Ann has one at work already
    assert claim() is None  # two are at work
    assert claim(most=3) == fourth
    assert claim(most=4) is None  # what is left is Ann's
    Job.objects.held(Job.objects.get(pk=first.pk)).update(state=Job.State.READY)
    assert claim(most=4) == second


def test_claim_reads_what_waits_and_writes_what_was_confirmed():
    job = claim() if waiting(make_user()) else None
    assert (job.state, job.run, job.worker) == (Job.State.READING, 1, "a")
    waiting(make_user(), state=Job.State.CONFIRMED)
    assert claim().state == Job.State.WRITING


def test_claim_silent_job_is_handed_back_and_given_up_at_the_third_loss():
    job = waiting(make_user(), state=Job.State.CONFIRMED, file=b"rows")
    at = timezone.now()
    for run in range(1, MOST_LOSSES + 1):
        assert claim(at=at).run == run
        assert claim(at=at + SILENCE) is None  # not silent for long enough
        at += SILENCE + timedelta(seconds=1)
    assert claim(at=at) is None
    job.refresh_from_db()
    assert (job.state, job.result, job.file) == (Job.State.REFUSED, {"refusal": LOST_TOO_OFTEN}, None)


def test_claim_does_not_begin_what_waited_for_more_than_a_day():
    at = timezone.now()
    job = waiting(make_user(), heard_at=at - LONGEST_WAIT - timedelta(minutes=1))
    assert claim(at=at) is None
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.REFUSED, {"refusal": WAITED_TOO_LONG})


def test_earlier_run_writes_nothing_once_another_has_begun():
    waiting(make_user())
    at = timezone.now()
    earlier = claim(at=at)
    later = claim(at=at + SILENCE + timedelta(seconds=1))
    assert (earlier.pk, later.run) == (later.pk, 2)
    assert not Job.objects.held(earlier).update(progress=7)
    assert Job.objects.held(later).update(progress=7)


def test_person_with_too_many_waiting_is_refused_and_others_are_not():
    ann = make_user()
    ben = make_user()
    states = (Job.State.WAITING, Job.State.READING, Job.State.CONFIRMED, Job.State.WRITING, Job.State.WAITING)
    assert len(states) == MOST_WAITING
    for state in states:
        Job.objects.refuse_too_many(ann)
        waiting(ann, state=state)
    waiting(ann, state=Job.State.READY)
    with pytest.raises(ValidationError, match=r"5 of your files and publications are waiting or being worked on"):
        Job.objects.refuse_too_many(ann)
    Job.objects.refuse_too_many(ben)


@pytest.fixture
def officer(filled, client):
    person = filled.people["officer"]
    client.force_login(person)
    return person


def test_import_page_sixth_file_is_refused_with_a_sentence(officer, client):
    for _ in range(MOST_WAITING):
        waiting(officer)
    before = Job.objects.count()
    answer = client.post(reverse("saving_import"), {"file": SimpleUploadedFile("a.csv", b"Saving\r\nOne\r\n")})
    assert Job.objects.count() == before
    sentence = "5 of your files and publications are waiting or being worked on. Wait until one is done."
    assert sentence in answer.content.decode()


def test_import_page_confirming_is_refused_while_too_many_wait(officer, client):
    result = {"counts": {"new": 1}, "kind_label": "Savings", "rows": [], "notes": []}
    job = waiting(officer, state=Job.State.READY, result=result)
    for _ in range(MOST_WAITING):
        waiting(officer)
    answer = client.post(reverse("saving_job", args=[job.pk]), follow=True)
    job.refresh_from_db()
    assert job.state == Job.State.READY
    assert "Wait until one is done." in answer.content.decode()


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (0, "It is next in the queue."),
        (1, "1 other piece of work is ahead of it in the queue."),
        (3, "3 other pieces of work are ahead of it in the queue."),
    ],
)
def test_import_page_says_the_place_in_the_queue(before, sentence, officer, client):
    for _ in range(before):
        waiting(make_user())
    job = waiting(officer)
    waiting(make_user())
    page = client.get(reverse("saving_job", args=[job.pk])).content.decode()
    assert "Your file is waiting to be read." in page
    assert sentence in " ".join(page.split())


def test_import_page_says_when_no_worker_is_there(officer, client):
    job = waiting(officer, heard_at=timezone.now() - 4 * SILENCE)
    at = reverse("saving_job", args=[job.pk])
    assert "Nothing is being worked on at the moment." in client.get(at).content.decode()
    waiting(make_user(), state=Job.State.READING)  # somebody's is at work, so this one is only waiting
    assert "It is next in the queue." in client.get(at).content.decode()
