"""A post that was shared before the portal knew of it is entered as it stands, on screen and from a file."""

from datetime import date

import pytest
from django.urls import reverse

from joint_posts.models import JointPost, PostStep
from partnership.models import Agreement
from partnership.records.record import recording
from tests.filled_registers import everything
from tests.html_forms import untouched
from tests.spreadsheets import as_csv, imported

pytestmark = pytest.mark.django_db

CONSULT = "Enter when the officer was consulted; section 113(1) requires it."
CHOOSE_HOME = "Choose the council that employs the officer."
CHOOSE_AGREEMENT = "Choose the agreement under which the officer works for the other councils."


@pytest.fixture
def agreement(filled):
    row = Agreement.objects.get(pk=filled.ours["agreement"].pk)
    row.commenced_on = date(2018, 10, 1)
    with recording(by=filled.people["officer"], reason="Set up"):
        return row.full_clean_and_save()


@pytest.fixture
def form(client, filled):
    """The form of a new post, signed in as an officer: what it sends untouched."""
    client.force_login(filled.people["officer"])
    return untouched(client.get(reverse("jointpost_create")).content.decode())


def filled_post(filled, rests_on, **other):
    facts = {
        "title": "Head of Estates", "status": "in post", "appointment": "permanent", "from_on": "16 March 2019",
        "from_precision": "by", "home_council": filled.alder.pk, "agreement": rests_on.pk,
        "officer_consulted_on": "1 March 2019",
    }  # fmt: skip
    return facts | other


def test_filled_post_is_entered_in_one_go(client, filled, agreement, form):
    answer = client.post(reverse("jointpost_create"), form | filled_post(filled, agreement))
    assert answer.status_code == 302, answer.context["form"].errors
    post = JointPost.objects.get(title="Head of Estates")
    assert (post.status, post.appointment, post.started_on, post.started_precision, post.officer_consulted_on) == (
        "in post", "permanent", date(2019, 3, 16), "by", date(2019, 3, 1)
    )  # fmt: skip
    assert (post.home_council, post.agreement) == (filled.alder, agreement)
    [step] = PostStep.objects.filter(post=post)
    assert (step.status, step.from_on, step.from_precision) == ("in post", date(2019, 3, 16), "by")
    assert "In post" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("other", "wrong"),
    [
        (
            {"officer_consulted_on": "", "home_council": "", "agreement": ""},
            {"officer_consulted_on": [CONSULT], "home_council": [CHOOSE_HOME], "agreement": [CHOOSE_AGREEMENT]},
        ),
        (
            {"officer_consulted_on": "17 March 2019"},
            {"officer_consulted_on": ["The officer must have been consulted before the appointment begins."]},
        ),
        ({"from_on": "30 September 2018"}, {"agreement": ["This agreement is not in force on 30 September 2018."]}),
    ],
)
def test_filled_post_needs_what_an_appointment_needs(client, filled, agreement, form, *, other, wrong):
    before = everything()
    typed = filled_post(filled, agreement, **other)
    if "from_on" in other:
        typed["officer_consulted_on"] = "1 September 2018"
    answer = client.post(reverse("jointpost_create"), form | typed)
    assert dict(answer.context["form"].errors) == wrong
    assert everything() == before


def test_posts_come_in_from_a_file_as_they_stand(client, filled, agreement):
    client.force_login(filled.people["officer"])
    rows = [
        ["Title", "Status", "Appointment", "Since", "Home council", "Agreement", "Officer consulted on"],
        ["Head of Estates", "In post", "Interim", "16/03/2019", "ACC", "Agreement of Alder", "1 March 2019"],
        ["Head of Parks", "Agreed, not yet in post", "", "16/03/2019", "", "", ""],
        ["Head of Trees", "", "", "16/03/2019", "", "", ""],
    ]
    job = imported(client, "jointpost", "posts.csv", as_csv(rows))
    assert (job.state, job.result["counts"]["new"]) == ("done", 3), job.result
    posts = {}
    for post in JointPost.objects.filter(title__in=[row[0] for row in rows]):
        posts[post.title] = post
    assert {title: (post.status, post.started_on) for title, post in posts.items()} == {
        "Head of Estates": ("in post", date(2019, 3, 16)),
        "Head of Parks": ("agreed", None),
        "Head of Trees": ("proposed", None),
    }
    rows[1][6] = ""
    before = everything()
    job = imported(client, "jointpost", "posts.csv", as_csv([rows[0], ["Head of Roads", *rows[1][1:]]]))
    assert [(found["row"], found["column"], found["sentence"]) for found in job.result["problems"]] == [
        (2, "Officer consulted on", CONSULT)
    ]
    assert everything() == before
