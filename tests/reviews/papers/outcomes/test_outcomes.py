"""Test results of recommendations: who decided, who did what, with what result; and next year's report of them."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.models import Action, Body, Decision, Resolution, User
from reviews.facts import review_facts
from reviews.models import Answer, Audience, Edition, FollowUp, Outcome, Review
from reviews.papers.document import build, compose
from reviews.papers.outcomes.workflow import record_outcome
from reviews.publishing import publish
from tests.factories import change, keep, make_recommendation, make_review, make_section
from tests.two_partnerships import refused

pytestmark = pytest.mark.django_db
DECIDED = date(2019, 4, 1)
NEXT_YEAR = date(2020, 3, 16)


def note(recommendation, standing, on, text):
    return keep(Outcome(recommendation=recommendation, standing=standing, noted_on=on, text=text))


@pytest.fixture
def asked(world):
    """A recommendation of last year's review that Alder's executive agreed, with one action."""
    own = {"partnership": world.ours.partnership}
    world.recommendation = make_recommendation(
        review=world.ours.review, text="what was done ({ref:section:summary}), {posts.count} posts."
    )
    world.executive = keep(Body(**own, council=world.alder, kind="executive", name="Cabinet"))
    world.decision = keep(Decision(body=world.executive, decided_on=DECIDED, title="Review"))
    resolution = keep(Resolution(decision=world.decision, number=1, text="That it be noted"))
    world.action = keep(Action(**own, title="Report on it", owner="Manager", due_on=date(2019, 9, 1)))
    keep(Answer(recommendation=world.recommendation, resolution=resolution))
    keep(FollowUp(recommendation=world.recommendation, action=world.action))
    return world


def annual(world, as_at=NEXT_YEAR):
    review = make_review(partnership=world.ours.partnership, kind="annual", title="Annual", as_at=as_at)
    make_section(review=review, narrative="{table:earlier-recommendations}")
    return review


def cells(document):
    (table,) = [table for table in document.tables if table.key == "earlier-recommendations"]
    rows = []
    for row in table.rows:
        rows.append([cell.whole_text for cell in row.cells])
    return rows


def published(review, at=datetime(2019, 4, 1, tzinfo=UTC), audience=Audience.PUBLIC):
    """An edition that prints the review's recommendations, and nothing else that is asked for here."""
    printed = [[row.pk, place, str(row)] for place, row in enumerate(review.recommendations.order_by("position"), 1)]
    frozen = json.dumps({"document": {"recommendations": printed}})
    facts = {"title": review.title, "kind": "Review", "slug": review.slug, "as_at": review.as_at, "facts": frozen}
    by = User.objects.get(username="recorder")
    return Edition.objects.create(review=review, audience=audience, number=1, published_at=at, published_by=by, **facts)


def test_annual_report_lists_every_earlier_recommendation_with_its_outcome(asked):
    make_recommendation(review=asked.ours.review, verb="agree", text="nothing more.")
    note(asked.recommendation, "in hand", date(2019, 6, 1), "Begun.")
    note(asked.recommendation, "done", date(2020, 3, 1), "Reported in February.")
    note(asked.recommendation, "overtaken", date(2020, 4, 1), "After the day of the report.")
    assert cells(build(annual(asked), None)) == [
        [
            "Review (draft, not published), March 2019, 1: Note what was done, (see there) posts.",
            "ACC Cabinet, 1 April 2019, (1): agreed",
            "Report on it (Manager): overdue",
            "Done. Reported in February.",
        ],
        [
            "Review (draft, not published), March 2019, 2: Agree nothing more.",
            "No decision is recorded.",
            "No action is recorded.",
            "Not noted yet.",
        ],
    ]


def test_report_says_what_had_come_of_it_by_its_day(asked):
    note(asked.recommendation, "done", date(2019, 6, 2), "Done.")
    asked.action.done_on = date(2019, 8, 1)
    asked.action.evidence = "Paper 7"
    keep(asked.action)
    review = annual(asked)
    found = {}
    for on in (date(2019, 3, 31), date(2019, 6, 2), date(2019, 8, 1)):
        (row,) = review_facts(review, as_at=on).earlier
        found[on.month] = (len(row.answers), row.follow_ups[0].standing, row.standing)
    assert found == {3: (0, "open", "not noted yet"), 6: (1, "open", "Done"), 8: (1, "done", "Done")}


def test_joint_body_numbers_what_it_resolved(asked):
    decision = keep(Decision(body=asked.ours.body, decided_on=DECIDED, title="Review"))
    resolution = keep(Resolution(decision=decision, number=3, text="That it be noted"))
    keep(Answer(recommendation=asked.recommendation, resolution=resolution))
    (row,) = review_facts(annual(asked)).earlier
    assert row.answers[1].words == f"{asked.ours.body.name}, 1 April 2019, (3): agreed"


def test_paper_numbers_what_was_decided_on_it_as_its_council_does(asked):
    change(asked.alder, numbering="letters")
    paper = make_review(partnership=asked.ours.partnership, body=asked.executive, title="Paper")
    keep(Decision(body=asked.executive, decided_on=DECIDED, title="On it", report_title="Paper"))
    (row,) = review_facts(paper, as_at=NEXT_YEAR).outcomes
    assert (row.title, row.numbering) == ("On it", "letters")


def test_first_review_and_later_ones_are_no_earlier_ones(asked):
    later = make_review(partnership=asked.ours.partnership, as_at=date(2021, 1, 1))
    make_recommendation(review=later)
    assert review_facts(asked.ours.review).earlier == ()
    assert [row.review for row in review_facts(annual(asked)).earlier] == ["Review"]


def test_public_report_speaks_of_published_reviews_and_public_decisions(asked):
    review = annual(asked)
    published(asked.ours.review, audience=Audience.MEMBERS)
    assert cells(compose(review_facts(review), Audience.PUBLIC)) == []
    published(asked.ours.review)
    private = keep(
        Decision(body=asked.executive, decided_on=DECIDED, title="Pay", no_public_access_reason="Paragraph 1")
    )
    secret = keep(Resolution(decision=private, number=2, text="Pay"))
    keep(Answer(recommendation=asked.recommendation, resolution=secret))
    hush = keep(Action(partnership=asked.ours.partnership, title="Pay it", owner="Manager", decision=private))
    keep(FollowUp(recommendation=asked.recommendation, action=hush))
    (row,) = cells(compose(review_facts(review), Audience.PUBLIC))
    assert row[1:3] == ["ACC Cabinet, 1 April 2019, (1): agreed", "Report on it (Manager): overdue"]
    (row,) = cells(publish.printed(review_facts(review), Audience.MEMBERS))  # for all councillors, as the draft is not
    assert row[1:3] == ["ACC Cabinet, 1 April 2019, (1): agreed", "Report on it (Manager): overdue"]
    (row,) = cells(compose(review_facts(review), Audience.MEMBERS))
    assert row[1:3] == [
        "ACC Cabinet, 1 April 2019, (1): agreed; ACC Cabinet, 1 April 2019, (2): agreed",
        "Report on it (Manager): overdue; Pay it (Manager): open",
    ]


def test_outcome_refused(asked):
    def outcome(**facts):
        given = {"standing": "done", "text": "Done.", "noted_on": NEXT_YEAR}
        row = Outcome(recommendation=asked.recommendation, **given | facts)
        return record_outcome(row, by=asked.people["clerk.alder"], reason="Reported")

    with refused("noted_on", "Enter a day that is not before that of the review, 16 March 2019."):
        outcome(noted_on=date(2019, 3, 15))
    with refused("text", "This field cannot be blank."):
        outcome(text="")
    assert outcome().pk


def test_recommendation_elsewhere_is_read_without_its_papers_own_names(client, asked):
    client.force_login(asked.people["pwg_member.alder"])
    page = client.get(reverse("decision_detail", args=[asked.decision.pk])).content.decode()
    assert "Note what was done, (see there) posts." in page
    assert "{" not in page.split("<main")[1].split("</main>")[0]


def test_outcome_is_shown_on_the_review_the_decision_and_the_action(client, asked):
    note(asked.recommendation, "done", date(2019, 6, 1), "Reported in May.")
    client.force_login(asked.people["pwg_member.alder"])

    def said(name, key, path):
        context = client.get(reverse(f"{name}_detail", args=[key])).context
        (table,) = [table for table in (*context["parts"], *context["listings"]) if table["id"] == path]
        return [row["cells"][-1]["text"] for row in table["rows"]]

    words = ["Done: Reported in May."]
    assert said("review", asked.ours.review.slug, "recommendations") == words
    assert said("decision", asked.decision.pk, "answers") == words
    assert said("action", asked.action.pk, "follow-ups") == words
    client.force_login(asked.people["councillor.alder"])
    listings = client.get(reverse("decision_detail", args=[asked.decision.pk])).context["listings"]
    assert "answers" not in {table["id"] for table in listings}


def test_report_costs_no_more_for_twenty_recommendations(asked, django_assert_num_queries):
    review = annual(asked)
    with CaptureQueriesContext(connection) as few:
        review_facts(review)
    resolution = Resolution.objects.get()
    for _ in range(19):
        more = make_recommendation(review=asked.ours.review)
        keep(Answer(recommendation=more, resolution=resolution))
        keep(FollowUp(recommendation=more, action=asked.action))
        note(more, "done", NEXT_YEAR, "Done.")
    with django_assert_num_queries(len(few)):
        assert len(review_facts(review).earlier) == 20


def test_example_recommendations_are_endorsed_and_four_have_an_action(example):
    review = Review.objects.get(slug="gateway-review-2019-03")
    found = []
    for row in review.recommendations.order_by("position"):
        found.append(
            (
                row.position,
                [answer.resolution.decision.body.name for answer in row.answers.order_by("pk")],
                [link.action.title[:10] for link in row.follow_ups.all()],
                row.outcomes.count(),
            )
        )
    both = ["Executive", "Cabinet"]
    done = {3: ["Work up wa"], 4: ["Report eve"], 5: ["Hold a joi"], 6: ["Watch whet"]}
    assert found == [(number, both, done.get(number, []), 0) for number in range(1, 8)]
