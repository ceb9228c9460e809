""" "Not stated" is an answer: on every form, on a verb's page and in a file, with its source, by who may say so."""

import pytest
from django.urls import reverse

from joint_posts.models import JointPost
from partnership.generic.left_open import BOTH, NAME_IT, OPEN, SOURCE
from partnership.models import Agreement
from partnership.records.record import recording
from tests.factories import make_section
from tests.filled_registers import everything
from tests.html_forms import untouched
from tests.partnership.generic.test_register import EVERY, WHO, address
from tests.spreadsheets import as_csv, imported, rows_of_csv

pytestmark = pytest.mark.django_db

REVIEW = "Gateway review, March 2019"
REPORT = "Report to the Cabinet"
REASON = "As the review has it."


@pytest.fixture
def officer(client, filled):
    client.force_login(filled.people["officer"])
    return filled.people["officer"]


def stored(record):
    return type(record).objects.get(pk=record.pk)


def send(client, at, **typed):
    """The page's form with some of its answers, as a browser sends it."""
    return client.post(at, untouched(client.get(at).content.decode()) | {"reason": REASON} | typed)


def shown_at(answer):
    return {link.target: link.message for link in answer.context["form"].error_summary}


def test_ticked_fact_is_kept_with_its_source_and_everybody_reads_it(client, filled, officer):
    post = filled.ours["agreement"]
    at = address("agreement", "edit", filled.ours)
    answer = send(client, at, **{OPEN: ["made_on", "notice_months"], SOURCE: REVIEW})
    assert answer.status_code == 302
    assert stored(post).not_stated == {"made_on": REVIEW, "notice_months": REVIEW}
    client.force_login(filled.people["councillor"])
    page = client.get(address("agreement", "detail", filled.ours)).content.decode()
    assert page.count(f"Not stated: {REVIEW}") == 2
    history = client.get(address("agreement", "history", filled.ours)).content.decode()
    assert "Not recorded" in history
    assert "Not stated" in history


def test_fact_found_later_is_no_longer_open_and_others_keep_their_source(client, filled, officer):
    agreement = filled.ours["agreement"]
    at = address("agreement", "edit", filled.ours)
    send(client, at, **{OPEN: ["made_on", "notice_months"], SOURCE: REVIEW})
    assert send(client, at, notice_months="6").status_code == 302
    assert stored(agreement).not_stated == {"made_on": REVIEW}
    ticked = {OPEN: ["made_on", "expires_on"], SOURCE: REPORT}
    assert send(client, at, **ticked).status_code == 302
    assert stored(agreement).not_stated == {"made_on": REPORT, "expires_on": REPORT}
    assert send(client, at, **{OPEN: []}).status_code == 302
    assert stored(agreement).not_stated == {}


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({OPEN: ["made_on"], SOURCE: " "}, {f"id_{SOURCE}": NAME_IT}),
        ({OPEN: ["notice_months"], SOURCE: REVIEW, "notice_months": "6"}, {"id_notice_months": BOTH}),
        ({OPEN: ["title"], SOURCE: REVIEW}, {f"id_{OPEN}_0": "“title” is not a choice for “Not stated in the source”"}),
    ],
)
def test_tick_that_cannot_be_is_refused_in_a_sentence(client, filled, officer, typed, wrong):
    at = address("agreement", "edit", filled.ours)
    sent = untouched(client.get(at).content.decode())
    before = everything()
    answer = client.post(at, sent | {"reason": REASON} | typed)
    assert shown_at(answer) == wrong
    assert everything() == before
    assert '<details class="govuk-details portal-fold" open>' in answer.content.decode() or "id_notice" in str(wrong)


def test_others_are_not_asked_and_their_ticks_count_for_nothing(client, filled):
    """The monitoring officer keeps agreements, and does not record from the public record."""
    client.force_login(filled.people["monitoring_officer"])
    at = address("agreement", "edit", filled.ours)
    assert OPEN not in untouched(client.get(at).content.decode())
    before = everything()
    assert send(client, at, **{OPEN: ["made_on"], SOURCE: REVIEW}).status_code == 302
    assert everything() == before
    assert stored(filled.ours["agreement"]).not_stated == {}


def test_what_was_left_open_stays_when_somebody_else_edits(client, filled, officer):
    at = address("agreement", "edit", filled.ours)
    send(client, at, **{OPEN: ["made_on"], SOURCE: REVIEW})
    client.force_login(filled.people["monitoring_officer"])
    assert send(client, at, covers="Every post").status_code == 302
    agreement = stored(filled.ours["agreement"])
    assert (agreement.covers, agreement.not_stated) == ("Every post", {"made_on": REVIEW})


ASKED = [name for name, one in EVERY.items() if one.is_entered and one.is_edited and "officer" in WHO[name][1]]


@pytest.mark.parametrize("name", ASKED)
def test_every_form_that_asks_keeps_the_answer(client, filled, officer, name):
    at = address(name, "edit", filled.ours)
    form = client.get(at).context["form"]
    names = [one for one in form.asked_open if not form[one].value()]
    if not names:
        assert name not in ("agreement", "jointpost", "servicearrangement", "saving", "businesscase", "review")
        return
    answer = send(client, at, **{OPEN: names, SOURCE: REVIEW})
    assert answer.status_code == 302, answer.context["form"].errors
    assert stored(filled.ours[name]).not_stated == dict.fromkeys(names, REVIEW)


def agreed_post(filled, officer):
    with recording(by=officer, reason="Set up"):
        post = JointPost.objects.get(pk=filled.ours["jointpost"].pk)
        post.status = "agreed"
        post.home_council = None
        post.full_clean_and_save()
    return post


def test_verb_that_needs_a_fact_takes_instead_that_its_source_is_silent(client, filled, officer):
    post = agreed_post(filled, officer)
    at = reverse("jointpost_appoint", args=[post.pk])
    typed = {"from_on": "16 March 2019", "agreement": filled.ours["agreement"].pk, "home_council": ""}
    refused = shown_at(send(client, at, **typed))
    assert set(refused) == {"id_officer_consulted_on", "id_home_council"}
    answer = send(client, at, **typed, **{OPEN: ["officer_consulted_on", "home_council"], SOURCE: REVIEW})
    assert answer.status_code == 302, answer.context["form"].errors
    post = stored(post)
    assert (post.status, post.not_stated) == (
        "in post",
        {"officer_consulted_on": REVIEW, "home_council": REVIEW},
    )


def test_new_post_is_entered_with_what_its_source_leaves_open(client, filled, officer):
    typed = {"title": "Head of Parks", "status": "in post", "from_on": "16 March 2019", "from_precision": "by"}
    typed |= {"agreement": filled.ours["agreement"].pk, OPEN: ["home_council", "officer_consulted_on"], SOURCE: REVIEW}
    answer = send(client, reverse("jointpost_create"), **typed)
    assert answer.status_code == 302, answer.context["form"].errors
    post = JointPost.objects.get(title="Head of Parks")
    assert (post.status, post.not_stated) == ("in post", dict.fromkeys(typed[OPEN], REVIEW))


# --- Files ------------------------------------------------------------------------------------------------------------


def agreements(client, **cells):
    rows = rows_of_csv(client.get(reverse("agreement_export")))
    for heading, cell in cells.items():
        rows[1][rows[0].index(heading.replace("_", " "))] = cell
    return as_csv(rows)


def sentences(job):
    return [(found["row"], found["column"], found["sentence"]) for found in job.result["problems"]]


def test_cell_of_a_file_says_it_and_comes_back(client, filled, officer):
    job = imported(client, "agreement", "a.csv", agreements(client, Made_on=f"not stated:  {REVIEW}"))
    assert job.result["counts"] == {"new": 0, "changed": 1, "unchanged": 0, "wrong": 0}
    assert job.result["rows"][0]["changes"] == [f"Made on: Not recorded → not stated:  {REVIEW}"]
    agreement = stored(filled.ours["agreement"])
    assert (agreement.made_on, agreement.not_stated) == (None, {"made_on": REVIEW})
    before = everything()
    job = imported(client, "agreement", "a.csv", agreements(client))
    assert job.result["counts"] == {"new": 0, "changed": 0, "unchanged": 1, "wrong": 0}
    assert everything() == before
    job = imported(client, "agreement", "a.csv", agreements(client, Made_on="1 October 2018"))
    assert job.result["counts"]["changed"] == 1
    assert stored(agreement).not_stated == {}


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        (
            "Made on",
            "Not stated",
            "Say which source leaves it open, such as “Not stated: Report to the Executive, 1 April 2019”.",
        ),
        ("Title", f"Not stated: {REVIEW}", "This cannot be left open. Enter it."),
    ],
)
def test_cell_that_cannot_be_left_open_is_named(client, filled, officer, *, column, cell, sentence):
    content = agreements(client, **{column.replace(" ", "_"): cell})
    before = everything()
    assert sentences(imported(client, "agreement", "a.csv", content)) == [(2, column, sentence)]
    assert everything() == before


def test_file_of_somebody_who_may_not_say_it_is_refused(client, filled, officer):
    own = "Your roles do not let you say what a source leaves open, or that it does so no longer."
    imported(client, "agreement", "a.csv", agreements(client, Made_on=f"Not stated: {REVIEW}"))
    client.force_login(filled.people["monitoring_officer"])
    for cell in (f"Not stated: {REPORT}", ""):
        content = agreements(client, Made_on=cell)
        before = everything()
        assert sentences(imported(client, "agreement", "a.csv", content)) == [(2, "Made on", own)]
        assert everything() == before


def test_page_of_the_import_says_how(client, filled, officer):
    page = client.get(reverse("agreement_import")).content.decode()
    assert "Or “Not stated: ” and the source that does not state it." in page


def test_proof_lists_each_that_its_paper_prints(client, filled, officer):
    send(client, address("agreement", "edit", filled.ours), **{OPEN: ["made_on", "notice_months"], SOURCE: REVIEW})
    send(client, address("businesscase", "edit", filled.ours), **{OPEN: ["expected_on"], SOURCE: REVIEW})
    assert stored(filled.ours["businesscase"]).not_stated == {"expected_on": REVIEW}

    def found():
        page = client.get(reverse("review_proof", args=[filled.ours["review"].slug])).context
        entries = {}
        for _, group, rows in page["groups"]:
            entries[group] = [row["sentence"] for row in rows if row["kind"] == "not-stated"]
        return entries

    assert found() == {"blocking": [], "advisory": []}
    make_section(review=filled.ours["review"], narrative="{table:cases}")
    assert found() == {
        "blocking": [],
        "advisory": [f"Case of Alder: expected at the working group not stated ({REVIEW}); papers say so."],
    }
    assert Agreement.objects.exclude(not_stated={}).count() == 1
