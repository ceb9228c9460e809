"""Test that pages which print nothing of a hidden row or field do not reveal it in another way either."""

import csv
import io
import itertools
from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from partnership.models import Action, Condition, Decision, Meeting, Resolution
from partnership.records.as_at import end_of
from reviews.facts.dashboard import steering_facts
from reviews.models import Section, SectionReader
from tests.factories import (
    change,
    keep,
    make_body,
    make_case,
    make_cost_share,
    make_council,
    make_council_share,
    make_membership,
    make_partnership,
    make_post,
    make_review,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
THEN = datetime(2019, 5, 1, 12, tzinfo=ZoneInfo("Europe/London"))
ASKED = {"as_at": "2019-06-01"}
EXEMPT = {
    "publication_class": "exempt",
    "public_title": "A note",
    "exempt_paragraph": 3,
    "public_interest_reason": "Personal.",
    "class_decided_by": "Officer",
    "class_decided_on": date(2019, 5, 2),
}
OPEN = {name: None if name in ("exempt_paragraph", "class_decided_on") else "" for name in EXEMPT}


@pytest.fixture
def past(db):
    """A partnership of two councils on record since May 2019, with a review and people to read it."""
    councils = [make_council(THEN, name=name, short_name=name[:1]) for name in ("Alder", "Birch")]
    partnership = make_partnership(THEN, councils=councils, name="Alder and Birch")
    review = make_review(THEN, partnership=partnership, title="Review")
    roles = ("officer", "clerk", "pay_officer", "finance_verifier", "councillor")
    people = {}
    for role, council in itertools.product(roles, councils):
        people[f"{role}.{council.name.lower()}"] = make_user(username=f"{role}.{council.name}")
    for name, person in people.items():
        role, _, where = name.partition(".")
        make_membership(user=person, council=councils[where == "birch"], role=role)
    return SimpleNamespace(alder=councils[0], birch=councils[1], partnership=partnership, review=review, people=people)


def held(section, reader, **changes):
    """The section, exempt, with one named reader."""
    keep(SectionReader(section=section, reader=reader))
    return change(section, **EXEMPT | changes)


def found_at(client, *addresses, **query):
    """Return which of the addresses say "canary" of what is asked for; an address that is not found says nothing."""
    said = {}
    for address in addresses:
        response = client.get(address, query)
        assert response.status_code in (200, 404), address
        said[address] = "canary" in response.content.decode()
    return [address for address in addresses if said[address]]


def past_pages(review, section):
    return [
        reverse("review_paper", args=[review.slug]),
        reverse("review_detail", args=[review.slug]),
        reverse("section_detail", args=[section.pk]),
        reverse("section_history", args=[section.pk]),
    ]


def test_text_held_closely_by_now_is_on_no_page_of_an_earlier_day(client, past):
    section = make_section(THEN, review=past.review, heading="canary", narrative="A canary.", position=1)
    pages = past_pages(past.review, section)
    client.force_login(past.people["officer.alder"])
    assert found_at(client, *pages, **ASKED) == pages
    held(section, past.people["clerk.alder"])
    assert found_at(client, *pages, **ASKED) == []
    paper = client.get(pages[0], ASKED).context["document"]
    assert [(one.label, one.heading, one.is_exempt) for one in paper.sections] == [("1", "A note", True)]
    client.force_login(past.people["clerk.alder"])
    assert found_at(client, *pages, **ASKED) == pages[1:]  # papers hold no exempt text, whoever reads them


def test_text_written_while_restricted_is_not_opened_with_the_section(client, past):
    section = make_section(THEN, review=past.review, heading="canary", narrative="A canary.", position=1, **EXEMPT)
    pages = past_pages(past.review, section)
    change(section, **OPEN | {"publication_class": "public", "heading": "Open", "narrative": "Open."})
    client.force_login(past.people["officer.alder"])
    assert found_at(client, *pages, **ASKED) == []
    assert client.get(reverse("review_list"), {"words": "canary"}).context["rows"] == []
    assert Section.objects.filter(pk=section.pk).history_rows().count() == 1


def test_text_of_one_council_does_not_open_what_was_exempt_before(client, past):
    section = make_section(THEN, review=past.review, heading="canary", narrative="A canary.", position=1, **EXEMPT)
    pages = past_pages(past.review, section)
    own = {"publication_class": "council", "council": past.alder, "heading": "Ours", "narrative": "Ours."}
    change(section, **OPEN | own)
    client.force_login(past.people["officer.alder"])
    assert found_at(client, *pages, **ASKED) == []
    assert found_at(client, *pages) == []
    change(section, narrative="A canary of ours.")
    assert found_at(client, *pages) == pages[2:]
    change(section, narrative="Over.")
    assert found_at(client, *pages) == pages[3:]  # in the history, which is theirs
    change(section, council=past.birch)
    client.force_login(past.people["officer.birch"])
    assert client.get(pages[3]).status_code == 200
    assert found_at(client, *pages) == []


def rows_of(client, name, **query):
    """The rows of a register's file, each by its headings."""
    content = b"".join(client.get(reverse(f"{name}_export"), query).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_no_file_is_sorted_by_what_some_of_its_rows_hide(client, past):
    """Between two salaries that one sees, the place of a third would say what it is."""
    for title, council, salary in (("A", past.alder, 50_000), ("B", past.birch, 60_000), ("C", past.alder, 40_000)):
        post = make_post(THEN, partnership=past.partnership, title=title, home_council=council)
        cost = make_cost_share(THEN, post=post, salary=salary)
        for place, sharing in enumerate((past.alder, past.birch)):
            make_council_share(THEN, cost_share=cost, council=sharing, baseline_cost=salary // 2 + place)
    for person, name, field, heading in (
        ("pay_officer.alder", "costshare", "salary", "Salary"),
        ("finance_verifier.alder", "councilshare", "baseline_cost", "Baseline cost"),
    ):
        client.force_login(past.people[person])
        plain = rows_of(client, name)
        seen = [row[heading] for row in plain if row[heading] not in ("Restricted", "")]
        assert len(plain) > len(seen) > 1
        for order in (field, f"-{field}"):
            assert rows_of(client, name, sort=order) == plain


def test_pay_of_an_earlier_day_is_seen_by_whom_it_concerns_today(client, past):
    """While no council is named that employs the officer, pay officers of every party see the salary."""
    post = make_post(THEN, partnership=past.partnership, title="A")
    cost = make_cost_share(THEN, post=post, salary=51_234)
    pages = [reverse("costshare_detail", args=[cost.pk]), reverse("jointpost_detail", args=[post.pk])]

    def seen(person, **asked):
        client.force_login(past.people[f"pay_officer.{person}"])
        return ["51,234" in client.get(page, asked).content.decode() for page in pages]

    assert seen("birch", **ASKED) == [True, True]
    assert [row["Salary"] for row in rows_of(client, "costshare")] == ["51234.00"]
    change(post, home_council=past.alder)
    assert seen("alder", **ASKED) == [True, True]
    assert [row["Salary"] for row in rows_of(client, "costshare")] == ["51234.00"]
    for asked in ({}, ASKED, ASKED | {"known": "now"}):
        assert seen("birch", **asked) == [False, False]
    assert [row["Salary"] for row in rows_of(client, "costshare")] == ["Restricted"]


@pytest.fixture
def answered(past):
    """Alder's resolution, subject to Birch's executive, which agreed in private."""
    alder, birch = (
        make_body(partnership=past.partnership, council=council, name="Executive", kind="executive")
        for council in (past.alder, past.birch)
    )
    ours = keep(Decision(body=alder, title="Open", decided_on=date(2019, 6, 1)))
    past.private = keep(
        Decision(body=birch, title="Canary", decided_on=date(2019, 6, 2), no_public_access_reason="Paragraph 3")
    )
    past.ours, theirs = (keep(Resolution(decision=one, number=1, text="Agreed")) for one in (ours, past.private))
    past.condition = keep(Condition(resolution=past.ours, body=birch))
    change(past.condition, answered_by=theirs)
    return past


def test_answer_given_in_private_is_told_by_no_decision_that_waits_for_it(client, answered):
    decision = answered.ours.decision
    pages = {name: reverse(f"decision_{name}", args=[decision.pk]) for name in ("detail", "sheet")}
    part, history = (reverse(f"condition_{page}", args=[answered.condition.pk]) for page in ("detail", "history"))

    def told(person):
        client.force_login(answered.people[person])
        (effect,) = client.get(pages["detail"]).context["effect"]["rows"]
        sheet = client.get(pages["sheet"]).context["text"].rpartition("\n")[2]
        fields = {field["label"]: field["text"] for field in client.get(part).context["fields"]}
        entry = client.get(history).context["entries"][0]["changes"]
        return effect["cells"][2]["text"], sheet, fields.get("Answered by"), [change["new"] for change in entry]

    waits = "Waits for publication or call-in at A Executive; publication or call-in at B Executive"
    name = "B Executive, 2 June 2019, resolution (1)"
    for insider in ("officer.alder", "officer.birch"):
        assert told(insider) == (waits, f"(1) {waits}", name, [name])
    private = "Depends on what was decided in private"
    assert told("councillor.alder") == (private, f"(1) {private}", None, [])
    change(answered.private, no_public_access_reason="")
    assert told("councillor.alder") == (waits, f"(1) {waits}", name, [name])


def test_history_names_no_record_that_is_not_the_readers(client, answered):
    """An action that once followed from a private decision is open by now; the decision is not."""
    action = keep(Action(partnership=answered.partnership, title="Do it", owner="Manager", decision=answered.private))
    change(action, decision=answered.ours.decision)
    addresses = [reverse("action_history", args=[action.pk]), "/changes/"]

    def said(person):
        client.force_login(answered.people[person])
        found = []
        for address in addresses:
            found += client.get(address).context["entries"]
        words = []
        for entry in found:
            words += [(one["old"], one["new"]) for one in entry["changes"] if one["label"] == "Decision" and one["old"]]
        return words

    assert said("officer.alder") == [("Canary", "Open")] * 2
    assert said("councillor.alder") == [("Restricted", "Open")] * 2


def test_gaps_of_a_case_are_for_who_sees_approvals_given_in_private(client, past):
    change(past.partnership, service_case_body="joint committee")
    case = make_case(partnership=past.partnership, stage="well advanced")
    facts = {}
    for role in ("officer", "councillor"):
        client.force_login(past.people[f"{role}.alder"])
        facts[role] = client.get(reverse("businesscase_detail", args=[case.pk])).context["facts"]
    assert facts == {
        "officer": [
            "Before it can be adopted: No meeting of the joint committee has agreed it yet.",
            "Before it can be adopted: A has not approved it yet.",
            "Before it can be adopted: B has not approved it yet.",
        ],
        "councillor": [],
    }


def test_board_of_an_earlier_day_asks_today_what_is_private(past):
    body = make_body(THEN, partnership=past.partnership, council=past.alder, name="Cabinet", kind="executive")
    meeting = keep(Meeting(body=body, held_on=date(2019, 7, 1), access="public"), THEN)
    decision = keep(Decision(body=body, title="Deal", decided_on=THEN.date()), THEN)
    for title, follows in (("Plain", None), ("Follows", decision)):
        day = date(2019, 8, 1)
        keep(Action(partnership=past.partnership, title=title, owner="Manager", decision=follows, due_on=day), THEN)

    def told(*, has_working_papers):
        day = date(2019, 6, 1)
        facts = steering_facts(past.partnership, day, end_of(day), has_working_papers=has_working_papers)
        return sorted({row.whose for row in facts.dates})

    everything = ["A Cabinet", "Follows", "Plain"]
    assert [told(has_working_papers=papers) for papers in (True, False)] == [everything, everything]
    change(meeting, access="private")
    change(decision, no_public_access_reason="Paragraph 3")
    assert [told(has_working_papers=papers) for papers in (True, False)] == [everything, ["Plain"]]
