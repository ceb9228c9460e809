"""A council's papers on its significant partnerships: whose, of which year, what is printed, and who reads it."""

import io
import itertools
import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import docx
import pytest
from django.core.management import call_command
from django.urls import reverse
from pypdf import PdfReader

from partnership.models import (
    AnnualReturn,
    Decision,
    Funding,
    InformationSharing,
    Meeting,
    Partner,
    Partnership,
    Referral,
    Resolution,
    Risk,
    SignificantPartnership,
    User,
)
from reviews import example as story
from reviews.facts import review_facts
from reviews.models import AgendaItem, Audience, Review
from reviews.papers import workflow
from reviews.papers.document import build
from reviews.papers.narrative import ListBlock
from tests.factories import change, keep, make_body, make_council, make_membership, make_partnership, make_user
from tests.partnership.generic.test_register import body_of

pytestmark = pytest.mark.django_db
DAY = date(2020, 3, 16)
REPORT = "annual-partnerships-report-2009"
RESOLUTIONS = 6
PROPOSALS = 9


# --- Any council's papers ---------------------------------------------------------------------------------------------


@pytest.fixture
def world():
    """Elm's framework; a partnership of Elm, Fir and the police on Elm's register; one of Elm and Gorse on both's."""
    elm, fir, gorse = (
        make_council(name=f"{n} Council", short_name=n, county="Loamshire") for n in ("Elm", "Fir", "Gorse")
    )
    framework = make_partnership(councils=[elm], kind="framework", name="Own")
    safer = make_partnership(councils=[elm, fir, gorse], kind="wider", name="Safer Loamshire")
    roads = make_partnership(councils=[elm, gorse], kind="wider", name="Roads")
    officer = make_user()
    lead = make_user()
    for user in (officer, lead):
        make_membership(user=user, council=elm)
    texts = {"criteria": "Money\nReputation", "priorities": "Safe streets", "lead_member": "Leader"}
    entry(safer, elm, **texts, lead_officer="Director", governance="A board", exit_strategy="Six months’ notice")
    entry(roads, elm)
    entry(roads, gorse, criteria="Of Gorse alone")
    keep(Partner(partnership=safer, name="Police", kind="police"))
    keep(Risk(partnership=safer, title="Fire", likelihood="low", impact="high", assessed_on=date(2020, 1, 1)))
    keep(
        Risk(partnership=safer, title="Old", likelihood="low", impact="low", assessed_on=date(2019, 1, 1), ended_on=DAY)
    )
    keep(InformationSharing(partnership=safer, title="Protocol"))
    money = {"partnership": safer, "financial_year": "2019/20"}
    keep(Funding(**money, council=elm, amount=Decimal(20_000), is_about=True))
    keep(Funding(**money, payer="Home Office"))
    reported(safer, "2019/20", officer, lead, next_actions="Fewer floods")
    reported(safer, "2018/19", officer, lead, next_actions="Fewer fires")
    keep(AnnualReturn(partnership=roads, financial_year="2019/20", achievements="Draft of Roads"))
    body = make_body(partnership=framework, name="Cabinet", kind="executive", council=elm)
    return SimpleNamespace(**locals())


def entry(partnership, council, **facts):
    return keep(SignificantPartnership(partnership=partnership, council=council, **facts))


def reported(partnership, year, submitter, approver, **facts):
    """An approved return."""
    texts = {"achievements": f"Success of {year}", "governance_progress": "A chair", "next_actions": "Go on"} | facts
    who = {"submitted_by": submitter, "submitted_on": DAY, "approved_by": approver, "approved_on": DAY}
    return keep(AnnualReturn(partnership=partnership, financial_year=year, status="approved", **texts, **who))


def start(world, kind="partnerships", partnership=None, body=None, **facts):
    """A new paper."""
    officer = User.objects.get(pk=world.officer.pk)  # what they may do is read anew
    given = {"title": "Our partnerships", "slug": f"our-{kind}", "body": body or world.body, "as_at": DAY} | facts
    return workflow.start_review(partnership or world.framework, kind=kind, **given, by=officer, reason="Due")


def tables(review):
    """The tables of a paper by their keys, as rows of whole cells."""
    rows = {}
    for table in build(review, None).tables:
        rows[table.key] = []
        for row in table.rows:
            rows[table.key].append([cell.whole_text for cell in row.cells])
    return rows


def texts_of(block):
    """Return what the items of a list say, each with what is listed under it."""
    rows = []
    for item in block.items:
        rows.append("; ".join(itertools.chain.from_iterable(map(said, item))))
    return rows


def said(block):
    return texts_of(block) if isinstance(block, ListBlock) else [block.text]


def section(document, key):
    """The blocks of a section."""
    return next(found.blocks for found in document.sections if found.anchor == f"section-{key}")


def test_tables_are_drawn_from_the_register(world):
    found = tables(start(world))
    assert found["significant-partnerships"] == [
        ["Roads", "Elm Council; Gorse Council", "Not stated", "Not stated", "Not stated"],
        ["Safer Loamshire", "Elm Council; Fir Council; Gorse Council; Police", "Safe streets", "Leader", "Director"],
    ]
    assert found["partnership-governance"] == [
        ["Roads", "Not stated", "Not stated", "Not stated", "Not recorded"],
        ["Safer Loamshire", "Money; Reputation", "A board", "Six months’ notice", "Protocol"],
    ]
    assert found["partnership-risks"] == [["Fire", "Safer Loamshire", "Low", "High", "Not recorded", "Not recorded"]]
    assert found["partnership-funding"] == [
        ["Safer Loamshire", "Elm", "–", "About £20,000"],
        ["Safer Loamshire", "Home Office", "–", "Not recorded"],
    ]
    assert [row[0] for row in found["completeness"]] == ["Roads"]


def test_only_approved_returns_are_reported_and_the_others_named(world):
    document = build(start(world), None)
    (achieved, late) = section(document, "achievements")
    assert texts_of(achieved) == ["Safer Loamshire; Success of 2019/20"]
    assert late.text == "No approved return for 2019/20 is in from: Roads."
    assert "Draft of Roads" not in repr(document)
    summary = section(document, "summary")[0].text
    assert summary.endswith("Annual returns for 2019/20 that are in and approved: 1 of 2.")


def test_common_partnerships_are_those_of_every_council_of_the_county(world):
    councils, common = section(build(start(world), None), "common")
    assert councils.text == "Councils of Loamshire recorded here: Elm Council, Fir Council and Gorse Council."
    assert texts_of(common) == ["Safer Loamshire"]


def test_quarterly_extract_shows_what_was_set_out_for_this_year(world):
    review = start(world, "quarterly", as_at=date(2019, 9, 30))
    (actions, late) = section(build(review, None), "actions")
    assert texts_of(actions) == ["Safer Loamshire; Fewer fires"]
    assert late.text == "No approved return for 2018/19 is in from: Roads."


def test_paper_of_two_councils_speaks_only_of_what_both_take_part_in(world):
    """Fir is no party to Roads, so nobody of Fir reads of it; Elm's and Gorse's paper names whose entry each is."""
    with_fir = make_partnership(councils=[world.elm, world.fir], name="Elm and Fir")
    paper = start(world, partnership=with_fir, body=make_body(partnership=with_fir))
    assert "Roads" not in repr(build(paper, None))
    assert [row[0] for row in tables(paper)["significant-partnerships"]] == ["Safer Loamshire"]
    with_gorse = make_partnership(councils=[world.elm, world.gorse], name="Elm and Gorse")
    paper = start(world, partnership=with_gorse, body=make_body(partnership=with_gorse), slug="both")
    shown = [row[0] for row in tables(paper)["significant-partnerships"]]
    assert shown == ["Roads (Elm)", "Roads (Gorse)", "Safer Loamshire (Elm)"]


def test_paper_follows_its_day_on_both_clocks(world):
    own = world.safer.significance.get()
    before = story.noon(date(2020, 3, 15))
    assert review_facts(start(world), None, as_at=DAY).circle.entries[1].title == "Safer Loamshire"
    change(own, until_on=date(2020, 3, 15))
    circle = review_facts(Review.objects.get(), None).circle
    assert [found.title for found in circle.entries] == ["Roads"]
    circle = review_facts(Review.objects.get(), None, as_at=date(2020, 3, 15)).circle
    assert [found.title for found in circle.entries] == ["Roads", "Safer Loamshire"]
    assert not SignificantPartnership.history.filter(history_date__lt=before).exists()


@pytest.mark.parametrize("typed", ["", "last year", "2018/19"])
def test_year_is_the_one_stated_else_that_of_the_day(world, typed):
    review = start(world, financial_year="")
    change(review, financial_year=typed[:7])
    assert review_facts(review).circle.year == (typed if "/" in typed else "2019/20")


def test_decision_of_an_agenda_item_is_on_the_paper_of_any_report(world):
    review = start(world)
    meeting = keep(Meeting(body=world.body, held_on=DAY, access="public"))
    own = {"body": world.body, "meeting": meeting, "report_title": "Title as the clerk wrote it", "decided_on": DAY}
    keep(AgendaItem(meeting=meeting, review=review, decision=keep(Decision(**own, title="Noted"))))
    keep(Decision(**own, title="On something else"))
    assert [decision.title for decision in review_facts(review).outcomes] == ["Noted"]


def test_what_was_decided_in_private_is_in_no_paper(world):
    own = {"body": world.body, "report_title": "our partnerships", "decided_on": DAY}
    public = keep(Decision(**own, title="In public"))
    keep(Resolution(decision=public, number=1, text="That it be noted"))
    scrutiny = make_body(partnership=world.framework, name="Scrutiny", kind="scrutiny", council=world.elm)
    asked = {"to_body": scrutiny, "asked_for": "A view"}
    keep(Referral(decision=public, referred_on=DAY, **asked))
    keep(Referral(decision=public, referred_on=date(2020, 3, 17), **asked))
    keep(Decision(**own, title="Behind doors", no_public_access_reason="Paragraph 3"))
    keep(Decision(**own | {"decided_on": date(2020, 3, 17)}, title="Tomorrow"))
    keep(Decision(**own | {"report_title": "Another"}, title="Of another report"))
    facts = review_facts(start(world))
    assert [decision.title for decision in facts.outcomes] == ["In public"]
    assert tables(Review.objects.get())["referrals"] == [
        ["Elm Scrutiny", "A view", "16 March 2020", "No answer recorded"]
    ]
    change(world.body, meets_in_public=False)
    assert review_facts(Review.objects.get()).outcomes == ()


# --- The report of 2009 -----------------------------------------------------------------------------------------------


@pytest.fixture
def report(example):
    return Review.objects.get(slug=REPORT)


def rendered(tmp_path, ending):
    """The report as the command writes it for the public."""
    file = tmp_path / f"report.{ending}"
    call_command("render_review", REPORT, format=ending, audience="public", output=file, stdout=io.StringIO())
    return file.read_bytes()


@pytest.mark.parametrize("audience", Audience)
def test_report_of_2009_has_its_resolutions_and_proposals(report, audience):
    document = build(report, None, audience=audience)
    assert document.unknown == ()
    (resolved,) = [block for block in section(document, "outcome") if isinstance(block, ListBlock)]
    assert resolved.numbers == tuple(range(1, RESOLUTIONS + 1))
    (proposed,) = [block for block in section(document, "proposals") if isinstance(block, ListBlock)]
    assert len(proposed.items) == PROPOSALS
    decision = Decision.objects.get(body=report.body)
    assert texts_of(resolved) == list(decision.resolutions.order_by("number").values_list("text", flat=True))
    assert [str(row.to_body) for row in decision.referrals.all()] == ["CDC Overview and Scrutiny"]


@pytest.mark.parametrize("ending", ["html", "pdf", "docx"])
def test_report_of_2009_prints_every_resolution_and_proposal(report, tmp_path, ending):
    document = build(report, None, audience=Audience.PUBLIC)
    lists = []
    for key in ("outcome", "proposals"):
        lists += section(document, key)
    texts = []
    for block in lists:
        if isinstance(block, ListBlock):
            texts += texts_of(block)
    assert len(texts) == RESOLUTIONS + PROPOSALS
    words = squeezed(words_of(rendered(tmp_path, ending), ending))
    assert [text for text in texts if squeezed(text) not in words] == []


def words_of(file, ending):
    """All the words of a file."""
    if ending == "pdf":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)
    if ending == "docx":
        return " ".join(row.text for row in docx.Document(io.BytesIO(file)).paragraphs)
    return re.sub(r"<[^>]+>", " ", file.decode())


def squeezed(text):
    """The text without space, for a line of a page may end anywhere."""
    return re.sub(r"\s+", "", text)


def test_what_the_record_leaves_open_is_not_stated(report):
    found = {entry.title: entry for entry in review_facts(report).circle.entries}
    (entry,) = found.values()
    assert (entry.lead_member, entry.lead_officer, entry.governance, entry.exit_strategy) == ("Not stated",) * 4
    assert (entry.priorities, entry.annual_return.achievements) == ((), ("Not stated",))
    assert entry.is_common
    assert entry.missing == (
        "Assess the risks.",
        "Record how information is shared.",
        "Record who pays what in 2008/09.",
    )


def test_report_of_2009_is_read_by_its_own_council_alone(client, report):
    at = {name: reverse(name, args=[REPORT]) for name in ("review_paper", "review_pdf", "review_proof")}
    for username, status in (("clerk.occ", 404), ("officer.other", 404), ("councillor.occ", 403)):
        client.force_login(User.objects.get(username=username))
        assert {client.get(address).status_code for address in at.values()} == {status}, username
    client.force_login(User.objects.get(username="clerk.cdc"))
    assert "Overview and Scrutiny" in body_of(client.get(at["review_paper"]))
    client.force_login(User.objects.get(username="officer.occ"))
    assert "Overview and Scrutiny" not in body_of(client.get(reverse("body_list")))
    shown = [row["cells"][0]["text"] for row in client.get(reverse("partnership_list")).context["rows"]]
    assert shown == ["Countywide partnerships of Oxfordshire", "Oxfordshire and Cherwell partnership"]


def test_story_of_2009_is_dated_as_it_happened(report):
    told = {f"{row.history_date:%Y-%m-%d}" for row in report.sections.first().history.all()}
    assert told == {"2009-03-20"}
    framework = Partnership.objects.get(slug="cherwell-framework")
    assert f"{framework.history.earliest().history_date:%Y-%m}" == "2008-03"


def test_dashboard_stays_that_of_the_councils_that_share(client, report):
    for username in ("officer.cdc", "officer.occ"):
        client.force_login(User.objects.get(username=username))
        response = client.get("/")
        assert response.context["page_title"] == "Oxfordshire and Cherwell partnership"
        assert "Countywide" not in body_of(response)
