"""A clerk takes a review from the agenda to next year's report, in Chromium."""

import io
from datetime import date

import pytest
from django.core import mail
from django.core.management import call_command

from partnership.models import Action, Decision, Meeting, User
from reviews.models import Recommendation, Review
from reviews.papers import workflow

pytestmark = [pytest.mark.browser]
PARTS = ("Reasons", "Alternatives considered and rejected", "Conflicts of interest declared", "Dispensations")


def saved(page):
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("saved.").first.wait_for(timeout=8000)


def add(page, words, **choices):
    """Follow a link that adds a row, choose what it asks for, and save."""
    page.get_by_role("link", name=words, exact=True).click()
    for label, choice in choices.items():
        page.get_by_label(label.replace("_", " ").capitalize(), exact=True).select_option(label=choice)
    saved(page)


def test_clerk_takes_review_to_a_meeting_and_next_report_answers_for_it(page, as_person, example_served):
    as_person("clerk.occ")
    User.objects.filter(username="officer.occ").update(email="officer@example.org")
    review = Review.objects.get(slug="gateway-review-2019-03")
    set_up_the_meeting(page)
    take(page, review)
    decide(page)
    act(page)
    call_command("send_reminders", "--on=2019-09-02", stdout=io.StringIO())
    (digest,) = mail.outbox
    assert digest.to == ["officer@example.org"]
    assert "* Publish the timetable of the seminar (Programme manager; due: 1 September 2019)" in digest.body
    follow_up(page, review.recommendations.get(position=5))
    report(page, review)


def set_up_the_meeting(page):
    page.goto("/meetings/new/")
    page.get_by_label("Body").select_option(label="OCC Cabinet")
    page.get_by_label("Date").fill("21 May 2019")
    page.get_by_label("Public or private").select_option(label="In public")
    saved(page)
    assert "Monday 13 May 2019" in page.locator("main").inner_text()  # 14, 15, 16, 17, 20 are clear


def take(page, review):
    page.goto(f"/reviews/{review.slug}/write/")
    add(page, "Take it to a meeting", meeting="OCC Cabinet, 21 May 2019")
    meeting = Meeting.objects.get(held_on=date(2019, 5, 21))
    page.goto(f"/meetings/{meeting.pk}/")
    assert page.get_by_role("region", name="What it takes").get_by_role("link").inner_text() == review.title


def decide(page):
    page.get_by_role("link", name="Record a decision").click()
    assert page.get_by_label("Date of the decision").input_value() == "21 May 2019"
    page.get_by_label("Issue").fill("The seminar for members")
    page.get_by_label("Resolutions").fill("To hold it in the autumn")
    for label in PARTS:
        page.get_by_label(label).fill("None")
    saved(page)


def act(page):
    page.get_by_role("link", name="Add an action").click()
    page.get_by_label("What is to be done").fill("Publish the timetable of the seminar")
    page.get_by_label("Due").fill("1 September 2019")
    page.get_by_label("Owner").fill("Programme manager")
    page.get_by_label("Reminders go to").select_option(label="Officer, Oxfordshire (example)")
    saved(page)
    action = Action.objects.get(title="Publish the timetable of the seminar")
    assert action.decision == Decision.objects.get(title="The seminar for members")


def follow_up(page, recommendation):
    page.goto(f"/reviews/recommendations/{recommendation.pk}/")
    add(page, "Add a resolution on it", resolution="OCC Cabinet, 21 May 2019, resolution (a)")
    add(page, "Add an action on it", action="Publish the timetable of the seminar")
    page.get_by_role("link", name="Add an outcome").click()
    page.get_by_label("How it stands").select_option(label="Done")
    page.get_by_label("What came of it").fill("Sixty members came.")
    page.get_by_label("As at").fill("1 November 2019")
    saved(page)


def report(page, review):
    officer = User.objects.get(username="officer.occ")
    facts = {"kind": "annual", "title": "Annual report", "slug": "annual-2019", "as_at": date(2019, 12, 1)}
    workflow.start_review(review.partnership, body=review.body, **facts, by=officer, reason="Due")
    page.goto("/reviews/annual-2019/")
    table = page.locator("#table-earlier-recommendations")
    assert table.get_by_role("row").count() == Recommendation.objects.filter(review=review).count() + 1
    (row,) = [row for row in table.get_by_role("row").all_inner_texts() if "Sixty members came." in row]
    assert "OCC Cabinet, 21 May 2019, (a): agreed" in row
    assert "Publish the timetable of the seminar (Programme manager): overdue" in row
