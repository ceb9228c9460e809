"""The dashboard of the example: what it says at three dates, that every figure opens its lines, and who sees what."""

import io
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from joint_posts.models import CostShare, CouncilShare, SavingLine, SavingsTarget
from partnership.models import Council, Partnership, User
from partnership.records.record import recording
from tests.boards import amount, made_of, read, rows_of
from tests.factories import change, keep

pytestmark = pytest.mark.django_db
DATES = ("2019-03-16", "2019-11-12", "")
VIEWS = ("", "occ", "cdc")
YEAR_OF_VIEW = {"": "£629,000", "occ": "£314,000", "cdc": "£315,000"}
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def member(client, example):
    return sign_in(client, "member.occ")


def sign_in(client, username):
    client.force_login(User.objects.get(username=username))
    return client


def board(client, **query):
    response = client.get("/", {name: value for name, value in query.items() if value})
    assert response.status_code == 200
    return response.content.decode()


def said(page, words):
    """The figures whose link says exactly this."""
    return [text for _, text in page.figures if text == words]


def headlines(client, **query):
    shown = []
    for headline in client.get("/", query).context["board"].headlines:
        shown.append("".join(piece.text for piece in headline.pieces))
    return shown


def test_dashboard_in_march_2019(member):
    assert headlines(member, as_at="2019-03-16") == [
        "£629,000 estimated for 2019/20, both councils",
        "6 joint posts in post: 3 permanent, 2 interim, 1 not stated",
        "8 of 9 principles met; 1 too soon to say",
        "2 of 6 objectives met; 4 underway",
        "5 open business cases, none with an estimate",
        "0 overdue, 1 due within six months",
    ]
    page = read(board(member, as_at="2019-03-16"))
    assert [len(said(page, sum_)) > 0 for sum_ in ("£629,000", "£314,000", "£315,000", "about £20,000")] == [True] * 4
    assert not [words for _, words in page.links if "630,000" in words]


def test_dashboard_in_november_2019(member):
    html = board(member, as_at="2019-11-12")
    assert "9 joint posts in post: 3 permanent, 4 interim, 2 not stated" in headlines(member, as_at="2019-11-12")
    for title in (
        "Head of Procurement and Contract Management",
        "Deputy Director: HR",
        "Director of Law and Governance (Monitoring Officer)",
        "Director for Customers and Digital",
    ):
        assert title in html
    sums = {href.split("/")[2] for href, words in read(html).figures if "630,000" in words}
    assert {name.rpartition(".")[2] for name in sums} == {"amount", "pipeline"}, "a proposal is in no savings total"


@pytest.mark.parametrize("as_at", DATES)
@pytest.mark.parametrize("council", VIEWS)
def test_every_figure_is_a_link_to_lines_that_add_up_to_it(member, as_at, council):
    page = read(board(member, as_at=as_at, council=council))
    assert page.bare == []
    assert len(page.figures) >= 25
    wrong = {href: words for href, words in page.figures if made_of(rows_of(member, href), words) != amount(words)}
    assert wrong == {}


def test_line_edited_later_shows_old_value_before_and_new_one_known_today(member):
    line = SavingLine.objects.get(council__short_name="CDC", financial_year="2019/20")
    change(line, at=datetime(2019, 5, 1, 9, tzinfo=LONDON), estimated=Decimal(320_000))
    assert headlines(member, as_at="2019-04-30")[0].startswith("£629,000")
    assert headlines(member, as_at="2019-05-01")[0].startswith("£634,000")
    assert headlines(member, as_at="2019-04-30", known="now")[0].startswith("£634,000")
    changed = member.get("/changes/", {"from": "2019-04-30", "to": "2019-05-01"}).context["figures"]
    texts = []
    for row in changed:
        texts.append([cell["text"] for cell in row["cells"]])
    assert ["Savings 2019/20, estimated, CDC’s share", "£315,000", "£320,000"] in texts
    assert ["Savings 2019/20, estimated, both councils", "£629,000", "£634,000"] in texts


def test_own_column_comes_first_and_each_council_is_judged_on_its_own(member):
    line = SavingLine.objects.get(council__short_name="CDC", financial_year="2019/20")
    change(line, estimated=Decimal(-1_000))
    shown = member.get("/", {"council": "cdc"}).context["board"]
    rows = shown.grids["better_off"].rows
    assert [(row["cells"][0]["text"], row["cells"][1]["text"], row["is_flagged"]) for row in rows] == [
        ("Cherwell District Council", "Worse off", True),
        ("Oxfordshire County Council", "Saves", False),
    ]
    assert rows[0]["cells"][2]["text"] == "−£1,000"
    assert shown.headlines[1].is_flagged


def test_target_stands_beside_what_is_estimated(member):
    council = Council.objects.get(short_name="OCC")
    target = SavingsTarget(
        partnership=Partnership.objects.get(slug="oxfordshire-cherwell"), council=council, financial_year="2019/20"
    )
    target.amount = Decimal(300_000)
    target.set_on = date(2019, 2, 12)
    target.source = "Budget report"
    keep(target)
    page = read(board(member, as_at="2019-03-16", known="now"))
    assert said(page, "£300,000")
    assert said(page, "£300,000, without CDC (not recorded)")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("31/02/2019", "Enter a date like 2019-03-16. This page shows today."),
        ("2019-02-30", "Enter a date like 2019-03-16. This page shows today."),
        ("9999-12-31", "31 December 9999 has not come yet. This page shows today."),
        ("0001-01-01", "Enter a date from 1900 on. This page shows today."),
    ],
)
def test_wrong_date_gets_a_sentence_and_todays_page(member, typed, sentence):
    response = member.get("/", {"as_at": typed})
    assert response.context["problem"] == sentence
    assert sentence in response.content.decode()
    assert response.context["moment"].is_today


def test_before_anything_was_recorded_the_page_says_so(member):
    assert "Nothing was recorded of this partnership by then." in board(member, as_at="2018-01-01")


@pytest.mark.parametrize("council", VIEWS)
def test_board_is_two_pages_of_a4_as_pdf(member, council):
    response = member.get("/dashboard.pdf", {"as_at": "2019-11-12", "council": council})
    pages = PdfReader(io.BytesIO(response.content)).pages
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages] == [(595, 842)] * 2
    words = " ".join("".join(page.extract_text() for page in pages).split())
    assert YEAR_OF_VIEW[council] in words
    assert "about £630,000 in the pipeline" in words
    assert "as known at the end of that day" in words


def test_unchanged_page_is_not_sent_again_and_a_changed_one_is(member):
    first = member.get("/")
    again = member.get("/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    line = SavingLine.objects.filter(financial_year="2019/20").first()
    change(line, forecast=Decimal(1))
    changed = member.get("/", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_another_person_gets_another_tag(client, example):
    tags = [sign_in(client, name).get("/")["ETag"] for name in ("member.occ", "councillor.occ", "member.cdc")]
    assert len(set(tags)) == 3


def test_kept_board_costs_no_more_queries_than_who_asks_and_the_version(member):
    member.get("/")
    with CaptureQueriesContext(connection) as queries:
        member.get("/")
    assert len(queries) > 0
    tables = [query["sql"] for query in queries if "savingline" in query["sql"] or "jointpost" in query["sql"]]
    assert tables == []


def test_lines_behind_figures_are_read_once_and_anew_after_a_change(member):
    href = next(
        href for href, words in read(board(member, as_at="2019-03-16", known="now")).figures if "£629,000" in words
    )
    assert made_of(rows_of(member, href), "£") == Decimal(629_000)
    with CaptureQueriesContext(connection) as queries:
        rows_of(member, href)
    assert [query["sql"] for query in queries if "savingline" in query["sql"]] == []
    change(SavingLine.objects.get(council__short_name="CDC", financial_year="2019/20"), estimated=Decimal(320_000))
    assert made_of(rows_of(member, href), "£") == Decimal(634_000)


def test_lines_cached_for_a_reader_of_drafts_are_not_shown_to_others(client, example):
    at = "/figures/principles.met.count/"
    day = {"as_at": "2019-03-16"}
    assert sign_in(client, "member.occ").get(at, day).status_code == 200
    assert sign_in(client, "councillor.occ").get(at, day).status_code == 404


def test_other_councillor_sees_no_rating_of_a_draft_on_or_behind_the_board(client, example):
    sign_in(client, "councillor.occ")
    html = board(client, as_at="2019-03-16")
    assert "principles met" not in html
    assert client.get("/figures/principles.met.count/", {"as_at": "2019-03-16"}).status_code == 404
    assert client.get("/figures/principles.met.count/export.csv").status_code == 404


def test_strangers_know_nothing_of_the_partnership(client, example):
    sign_in(client, "officer.other")
    assert client.get("/", {"partnership": "oxfordshire-cherwell"}).status_code in (302, 404)
    assert client.get("/figures/posts.in-post.count/").status_code == 403
    assert client.get("/figures/posts.in-post.count/", {"partnership": "oxfordshire-cherwell"}).status_code == 404
    assert client.get("/changes/").status_code == 403


def test_administrator_is_led_to_the_registers(client, example):
    sign_in(client, "admin")
    assert client.get("/").url == "/registers/"


# Numbers and words that stand in one council's private fields, as pages and files would write them.
PRIVATE = ("98,765", "98765", "12,345", "12345", "87,654", "87654", "76,543", "76543", "perspicacious arithmetic")


@pytest.mark.parametrize("username", ["member.cdc", "finance.cdc", "pay.cdc", "councillor.occ"])
def test_private_fields_of_the_other_council_are_in_no_file_or_picture(client, example, username):
    keep_private_fields_of_the_county()
    sign_in(client, username)
    html = board(client)
    pages = [html, *(board(client, council=council, as_at="2019-11-12", known="now") for council in ("occ", "cdc"))]
    pages.append(client.get("/changes/", {"from": "2019-01-01"}).content.decode())
    paper = PdfReader(io.BytesIO(client.get("/dashboard.pdf", {"council": "occ"}).content))
    pages.append(" ".join(page.extract_text() for page in paper.pages))
    for href, _ in read(html).figures:
        path, _, query = href.partition("?")
        pages.append(client.get(href).content.decode())
        pages.append(b"".join(client.get(f"{path}export.csv?{query}").streaming_content).decode())
    assert [secret for secret in PRIVATE if secret in "\n".join(pages)] == []


def keep_private_fields_of_the_county():
    """Record a cost, a baseline of each council and the basis of a saving for a post of the county."""
    share = CostShare.objects.get()
    councils = {row.short_name: row for row in Council.objects.all()}
    line = SavingLine.objects.get(council__short_name="OCC", financial_year="2019/20")
    with recording(by=User.objects.get(username="member.occ"), reason="Figures nobody else may read"):
        share.post.home_council = councils["OCC"]
        share.post.save()
        share.salary = Decimal("98765.43")
        share.on_costs_amount = Decimal("12345.67")
        share.full_clean_and_save()
        for short_name, cost in (("OCC", "87654.32"), ("CDC", "0")):
            part = CouncilShare(cost_share=share, council=councils[short_name], percent=50, baseline_cost=Decimal(cost))
            part.full_clean_and_save()
        line.calculated_from = share.post
        line.calculation = "£76,543 by perspicacious arithmetic"
        line.save()


def test_lines_waiting_for_a_verifier_are_own_ones_entered_by_others(client, example):
    officer = User.objects.get(username="officer.cdc")
    for council in ("OCC", "CDC"):
        line = SavingLine.objects.get(council__short_name=council, financial_year="2019/20")
        change(line, delivered=Decimal(100_000), delivered_to_on=date(2019, 9, 30), figures_changed_by=officer)
    sign_in(client, "finance.cdc")
    first = client.get("/").context["waiting"][0]
    assert (first["count"], first["words"], first["url"]) == ("1", "delivered figure to verify", "/verification/")
    waiting = client.get(first["url"]).context["waiting"]
    assert [row["cells"][0]["text"].rpartition(": ")[2] for row in waiting["rows"]] == ["CDC 2019/20"]
    assert "waits for you" not in board(client, as_at="2019-11-12")
