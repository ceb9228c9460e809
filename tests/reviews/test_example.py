"""The example holds the facts of the public record, dated as the story happened, and loads once."""

import re
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from business_cases.models import BusinessCase, ServiceArrangement
from joint_posts.models import CostShare, JointPost, PostStep, Saving, SavingLine
from partnership.accounts.roles import Permission
from partnership.models import Agreement, Body, Commitment, Comparator, Decision, Partnership, User, WorkingModel
from partnership.records.record import known
from reviews import example as story
from reviews.models import Assessment, Option, Recommendation, Review, Section, SwotItem
from tests.filled_registers import everything

REVIEW = "gateway-review-2019-03"
REVIEW_DAY = date(2019, 3, 16)
UPDATE_DAY = date(2019, 11, 12)
ACCOUNTS = [
    "admin",
    "auditor",
    "clerk.cdc",
    "clerk.occ",
    "councillor.occ",
    "finance.cdc",
    "finance.occ",
    "member.cdc",
    "member.occ",
    "monitoring.cdc",
    "monitoring.occ",
    "officer.cdc",
    "officer.occ",
    "officer.other",
    "pay.cdc",
    "pay.occ",
]
NUMBERS = "two|three|four|five|six|seven|eight|nine"


pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def load():
    said = StringIO()
    with override_settings(EXAMPLE=True):
        call_command("load_example", stdout=said)
    return said.getvalue()


@pytest.fixture
def loaded(example):
    """Loaded once for the whole module."""


def standing_on(on):
    """Title, status, appointment and how exact the date is, of every post on a day, from the steps alone."""
    last = {}
    for step in PostStep.objects.filter(from_on__lte=on).order_by("from_on", "pk"):
        last[step.post_id] = (step.title, step.status, step.appointment)
    return sorted(last.values())


SIX = [
    ("Assistant Chief Executive", "in post", "interim"),
    ("Assistant Director Regulatory Services and Community Safety", "in post", "permanent"),
    ("Assistant Director Social Care, Commissioning and Housing", "in post", "permanent"),
    ("Chief Executive", "in post", "not stated"),
    ("Monitoring Officer", "in post", "interim"),
    ("Strategic Lead for HR", "in post", "permanent"),
]
TWELVE = [
    ("Assistant Director Regulatory Services and Community Safety", "in post", "permanent"),
    ("Assistant Director Social Care, Commissioning and Housing", "in post", "permanent"),
    ("Chief Executive", "in post", "not stated"),
    ("Corporate Director: Commercial Development, Property and Assets", "agreed", "not stated"),
    ("Corporate Director: Communities", "in post", "interim"),
    ("Corporate Director: Customers and Organisational Development", "in post", "interim"),
    ("Deputy Director: HR", "in post", "permanent"),
    ("Director for Customers and Digital", "agreed", "not stated"),
    ("Director for Strategy and Communications", "agreed", "not stated"),
    ("Director of Cultural Services (CDC Chief Operating Officer)", "in post", "interim"),
    ("Director of Law and Governance (Monitoring Officer)", "in post", "interim"),
    ("Head of Procurement and Contract Management", "in post", "not stated"),
]


def test_posts_stand_as_the_sources_say(loaded):
    assert standing_on(date(2018, 9, 30)) == []
    assert standing_on(date(2018, 12, 1)) == [("Chief Executive", "in post", "not stated")]
    assert standing_on(REVIEW_DAY) == SIX
    assert standing_on(UPDATE_DAY) == TWELVE


def test_posts_leave_open_what_the_sources_do(loaded):
    posts = JointPost.objects.all()
    assert {post.home_council for post in posts} == {None}
    assert all("home_council" in post.not_stated for post in posts)
    filled = posts.filter(status="in post")
    assert all("officer_consulted_on" in post.not_stated for post in filled)
    exact = {post.title: (post.started_on, post.started_precision) for post in filled}
    assert exact.pop("Chief Executive") == (date(2018, 10, 1), "month")
    assert set(exact.values()) == {(REVIEW_DAY, "by"), (UPDATE_DAY, "by")}


def test_contribution_to_one_post_is_provisional(loaded):
    share = CostShare.objects.get()
    assert (share.post.title, share.standing, share.salary) == ("Deputy Director: HR", "provisional", None)
    assert share.council_shares.count() == 0


def test_savings_are_two_lines_for_the_year_and_one_outside(loaded):
    lines = SavingLine.objects.values_list(
        "saving__benefit_type", "council__short_name", "financial_year", "estimated", "figures_are_about"
    )
    assert sorted(lines) == [
        ("cashable", "CDC", "2019/20", Decimal(315000), False),
        ("cashable", "OCC", "2019/20", Decimal(314000), False),
        ("cost avoidance", "CDC", "", Decimal(20000), True),
    ]
    assert set(SavingLine.objects.values_list("cost_to_achieve", "forecast", "delivered")) == {(None, None, None)}


def test_savings_come_from_six_posts_and_two_services(loaded):
    shared, avoided = Saving.objects.order_by("-title")
    steps = PostStep.objects.filter(post__in=shared.posts.values("post"), from_on__lte=REVIEW_DAY)
    assert sorted(step.title for step in steps) == [title for title, _, _ in SIX]
    assert len(shared.caveat_list) == 2
    assert sorted(str(link) for link in avoided.arrangements.all()) == ["Business Continuity", "Emergency Planning"]


def test_cases_and_services_are_those_of_the_review(loaded):
    cases = BusinessCase.objects.filter(steps__from_on__lte=REVIEW_DAY)
    assert sorted((case.title, case.stage) for case in cases) == [
        ("Corporate Services", "in development"),
        ("Finance", "in development"),
        ("Human Resources", "in development"),
        ("Law and Governance", "in development"),
        ("Regulatory Services, Community Safety and Public Protection", "in development"),
    ]
    rows = ServiceArrangement.objects.filter(started_on__lte=REVIEW_DAY).order_by("kind", "service")
    assert [
        (row.kind, row.service, str(row.provider or ""), str(row.receiver or ""), row.formality, row.site)
        for row in rows
    ] == [
        ("co-location", "Hotdesking", "", "Oxfordshire County Council", "", "Bodicote House"),
        ("co-location", "Training area", "", "Oxfordshire County Council", "", "Bodicote House"),
        ("collaboration", "Family Safeguarding", "", "", "feasibility", ""),
        ("collaboration", "Housing and commissioning", "", "", "early stage", ""),
        (
            "collaboration",
            "IT project assurance",
            "Cherwell District Council",
            "Oxfordshire County Council",
            "informal",
            "",
        ),
        ("collaboration", "Junior management and organisational development", "", "", "", ""),
        ("provision", "Business Continuity", "Oxfordshire County Council", "Cherwell District Council", "", ""),
        ("provision", "Emergency Planning", "Oxfordshire County Council", "Cherwell District Council", "", ""),
    ]


def test_pipeline_holds_the_later_proposal(loaded):
    case = BusinessCase.objects.get(estimated_saving__isnull=False)
    assert (case.title, case.stage) == ("Joint communications, policy and performance", "under consultation")
    assert (case.estimated_saving, case.estimated_saving_is_about) == (Decimal(630000), True)
    assert [(step.from_on, step.from_precision) for step in case.steps.all()] == [(UPDATE_DAY, "by")]


def test_ratings_are_those_of_the_review(loaded):
    rated = {}
    for row in Assessment.objects.select_related("commitment"):
        rated.setdefault((row.commitment.kind, row.rating), []).append(row.commitment.number)
    assert rated == {
        ("principle", "met"): [1, 2, 3, 5, 6, 7, 8, 9],
        ("principle", "too soon to say"): [4],
        ("objective", "met"): [2, 3],
        ("objective", "underway"): [1, 4, 5, 6],
    }


def test_commitments_are_paraphrased_and_dated(loaded):
    adopted = Commitment.objects.values_list("kind", "number", "is_paraphrased", "adopted_on")
    assert list(adopted) == [
        *(("principle", number, True, date(2018, 10, 23)) for number in range(1, 10)),
        *(("objective", number, True, date(2018, 10, 23)) for number in range(1, 7)),
    ]


def test_comparators_have_their_money(loaded):
    rows = Comparator.objects.order_by("pk").values_list("amount", "amount_is_about", "currency", "period")
    assert [(amount and int(amount), *rest) for amount, *rest in rows] == [
        (20000000, True, "GBP", "over 10 years"),
        (805000, False, "GBP", "a year, estimated"),
        (None, False, "GBP", ""),
        (13000000, False, "GBP", "since 2011"),
        (1500000, False, "GBP", "in the first three years"),
        (None, False, "GBP", ""),
    ]


def test_review_is_complete(loaded):
    review = Review.objects.get(slug=REVIEW)
    assert (review.slug, review.as_at, review.version_label) == ("gateway-review-2019-03", REVIEW_DAY, "Draft 2.0")
    assert (review.review_due_on, "review_due_on" in review.not_stated) == (None, True)
    kinds = [SwotItem.objects.filter(kind=kind).count() for kind in SwotItem.Kind.values]
    counts = [model.objects.count() for model in (WorkingModel, Option, Recommendation)]
    assert (kinds, counts) == ([7, 3, 6, 4], [3, 2, 7])
    lessons = review.sections.get(key="operations").narrative
    assert len(re.findall(r"(?m)^\d\. ", lessons)) == 9


def test_sections_are_public_but_for_the_exempt_one(loaded):
    sections = Section.objects.exclude(publication_class="public")
    assert [(row.publication_class, row.public_title, row.exempt_paragraph) for row in sections] == [
        ("exempt", "Chief Executive appraisal: summary of feedback relating to partnership working", 1)
    ]
    assert Section.objects.filter(narrative="").count() == 0


def test_agreement_and_bodies(loaded):
    agreement = Agreement.objects.get()
    assert (agreement.kind, agreement.made_on, agreement.commenced_on, agreement.notice_months) == (
        "s113",
        None,
        None,
        None,
    )
    assert {"made_on", "commenced_on", "notice_months"} <= set(agreement.not_stated)
    private = Body.objects.filter(meets_in_public=False)
    assert [(body.short_name, body.name) for body in private] == [("PWG", "Partnership Working Group")]


def test_decision_of_the_executive_names_its_report_and_its_author(loaded):
    decision = Decision.objects.get(decided_on=date(2019, 4, 1))
    assert (decision.report_title, decision.submitted_by) == (
        "Partnership Review, Evaluation and Next Steps",
        "Director of Law and Governance / Monitoring Officer",
    )
    assert {"report_title", "submitted_by"} & set(decision.open_facts()) == set()


def test_history_is_dated_as_the_story_happened(loaded):
    partnership = Partnership.objects.get(slug=story.SLUG)
    told = {str(timezone.localtime(row.history_date)) for row in PostStep.history.all()}
    assert told == {"2018-10-01 12:00:00+01:00", "2019-03-16 12:00:00+00:00", "2019-11-12 12:00:00+00:00"}
    title = {}
    for on in (REVIEW_DAY, UPDATE_DAY):
        rows = known(JointPost, story.noon(on), partnership_id=partnership.pk)
        title[on] = sorted(row.title for row in rows if "HR" in row.title)
    assert title == {REVIEW_DAY: ["Strategic Lead for HR"], UPDATE_DAY: ["Deputy Director: HR"]}
    before_publication = known(Section, story.noon(REVIEW_DAY), review_id=Review.objects.get(slug=REVIEW).pk)
    assert {row.publication_class for row in before_publication} == {"partnership", "exempt"}


def test_every_change_names_its_source(loaded):
    rows = SavingLine.history.all()
    assert {(row.person, row.history_change_reason) for row in rows} == {
        ("Recorded from the public record", "Partnership review, evaluation and next steps, 16 March 2019")
    }


def test_second_run_changes_nothing(loaded):
    before = everything()
    people = User.objects.count()
    assert load().splitlines()[0] == "The example is already there."
    assert (everything(), User.objects.count()) == (before, people)


def test_accounts_are_the_promised_ones(loaded, settings):
    said = load()
    people = User.objects.exclude(username="public.record").order_by("username")
    assert [person.username for person in people] == ACCOUNTS
    assert all(person.name.endswith("(example)") for person in people)
    assert all(f"  {person.username} " in said for person in people)
    assert people.first().check_password(settings.EXAMPLE_PASSWORD)
    assert not User.objects.get(username="public.record").has_usable_password()


def test_accounts_reach_what_their_roles_say(loaded):
    post = JointPost.objects.first()
    reach = {
        person.username
        for person in User.objects.exclude(username="public.record")
        if person.has_perm(Permission.READ_REGISTERS, post)
    }
    everybody = set(User.objects.exclude(username="public.record").values_list("username", flat=True))
    assert everybody - reach == {"officer.other", "admin"}


def narratives():
    return sorted(Path(story.FOLDER).glob("*/*.md"))


@pytest.mark.parametrize("path", narratives(), ids=lambda path: path.stem)
def test_no_figure_is_typed_in_a_narrative(path):
    """Sums, ratings and counts come from the registers; only the days of others' plans are typed."""
    text = re.sub(r"\{[^}]*\}|(?m:^\d\. )|Section 113|section 113|20(?:18|19)", "", path.read_text())
    assert re.findall(rf"£|\d|\b(?:{NUMBERS})\b", text) == []
