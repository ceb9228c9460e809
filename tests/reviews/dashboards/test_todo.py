"""Test what waits for a person on the first page: only what they themselves can settle or confirm."""

from datetime import date

import pytest
from django.urls import reverse

from partnership.models import Membership
from partnership.records.record import recording
from reviews.dashboards.todo import to_confirm, to_settle
from reviews.publishing import classing
from reviews.publishing.takedowns import propose_takedown
from tests.factories import make_user
from tests.published import make_person, make_published

pytestmark = pytest.mark.django_db
DAY = date(2019, 5, 2)


@pytest.fixture
def published():
    made = make_published()
    made.second = make_person("second", made.birch, "clerk")
    return made


def test_to_settle_class_proposal_waits_for_the_second_clerk_alone(published):
    section = published.review.sections.get(heading="Working notes")
    classing.propose_class(section, publication_class="public", by=published.clerk, reason="Ready")
    partnership = published.review.partnership_id
    words = "proposal to let more people read “Working notes”"
    link = {"count": "1", "words": words, "url": reverse("section_detail", args=[section.pk])}
    people = (published.clerk, published.second, published.officer)
    assert [to_settle(person, partnership, DAY) for person in people] == [[], [link], []]
    assert to_settle(published.second, partnership + 1, DAY) == []


def test_to_settle_takedown_waits_for_the_second_clerk_alone(published):
    facts = {"editions": [published.public], "statement": "A name", "reason": "A name"}
    propose_takedown(published.review, by=published.clerk, **facts)
    url = reverse("review_editions", args=["a-review"])
    link = {"count": "1", "words": "proposal to take an edition of “A review” down", "url": url}
    partnership = published.review.partnership_id
    assert to_settle(published.clerk, partnership, DAY) == []
    assert to_settle(published.second, partnership, DAY) == [link]


def test_to_confirm_counts_the_roles_that_wait_for_this_administrator(published, client):
    council = published.clerk.memberships.get().council
    administrators = [make_user(username=name, name=name) for name in ("first", "other")]
    with recording(by=published.clerk, reason="Set up"):
        for person in administrators:
            Membership(user=person, council=council, role="administrator", from_on=DAY).full_clean_and_save()
        new = make_user(username="new", name="New")
        giver = administrators[0]
        Membership(user=new, council=council, role="officer", from_on=DAY, proposed_by=giver).full_clean_and_save()
    waiting = [{"count": "1", "words": "role or place in a partnership to confirm", "url": reverse("confirmations")}]
    assert [to_confirm(person) for person in (*administrators, new)] == [[], waiting, []]
    client.force_login(administrators[1])
    assert client.get(reverse("registers")).context["to_confirm"] == 1
