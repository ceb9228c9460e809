"""Nothing in the review was typed: change the registers as officers do, and page and PDF follow everywhere."""

import io
import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from pypdf import PdfReader

from joint_posts.models import JointPost, SavingLine
from partnership.models import User
from reviews import example as story
from reviews.models import Assessment, Review
from tests.html_forms import untouched
from tests.partnership.generic.test_register import body_of

pytestmark = pytest.mark.django_db
SLUG = "gateway-review-2019-03"
OLD = ("314,000", "315,000", "629,000", "8 of 9", "314000", "315000", "629000")
POSTS = [
    ("Chief Executive", "appointment not stated"),
    ("Monitoring Officer", "interim"),
    ("Assistant Chief Executive", "interim"),
    ("Assistant Director Regulatory Services and Community Safety", "permanent"),
    ("Assistant Director Social Care, Commissioning and Housing", "permanent"),
    ("Strategic Lead for HR", "permanent, contribution provisional"),
]


class Tables(HTMLParser):
    """The tables of a page by caption, as rows of cells; and all of its words."""

    def __init__(self, html):
        super().__init__()
        self.found = {}
        self.words = []
        self.rows = None
        self.text = None
        self.feed(html)
        self.close()
        self.words = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.rows = []
            self.caption = ""
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("td", "th", "caption"):
            self.text = []

    def handle_data(self, data):
        self.words.append(data)
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag):
        if tag in ("td", "th", "caption") and self.text is not None:
            said = " ".join(" ".join(self.text).split())
            self.text = None
            if tag == "caption":
                self.caption = said
            else:
                self.rows[-1].append(said)
        elif tag == "table":
            self.found[self.caption] = self.rows
            self.rows = None

    def table(self, words):
        """The one table whose caption holds the words."""
        (rows,) = [rows for caption, rows in self.found.items() if words in caption]
        return rows


def sign_in(client, username):
    client.force_login(User.objects.get(username=username))


def change(client, username, at, **typed):
    """Send the form at an address as that person, with some of it typed over."""
    sign_in(client, username)
    sent = untouched(client.get(at).content.decode())
    response = client.post(at, sent | {"reason": "To see what follows"} | typed)
    assert response.status_code == 302, response.context["form"].errors


def paper(client):
    """The review as a clerk has it: the page and the words of the PDF."""
    sign_in(client, "clerk.occ")
    page = client.get(reverse("review_paper", args=[SLUG])).content.decode()
    response = client.get(reverse("review_pdf", args=[SLUG]))
    assert response.headers["Content-Type"] == "application/pdf"
    content = b"".join(response.streaming_content) if response.streaming else response.content
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return page, " ".join(words.split())


def savings(tables):
    """Return what the savings table says of each kind of line: label → cells."""
    return {row[0]: row[1:] for row in tables.table("Savings 2019/20 by council")}


def test_the_review_holds_the_public_record(client, example):
    page, pdf = paper(client)
    tables = Tables(page)
    posts = next(row[1] for row in tables.table("delivered") if row[0] == "Joint senior appointments")
    assert posts == " ".join(f"{title} – {appointment}" for title, appointment in POSTS)
    for title, appointment in POSTS:
        assert f"{title} – {appointment}" in pdf
    table = savings(tables)
    assert table["Total estimated saving (gross)"] == ["£314,000", "£315,000", "£629,000"]
    assert table["Cost to achieve"] == ["not recorded"] * 3
    assert table["Net saving"] == ["not known"] * 3
    (avoided,) = [cells for label, cells in table.items() if label.startswith("Cost avoidance")]
    assert avoided == ["not recorded", "about £20,000", "outside the total"]
    for words in (page, pdf):
        assert "8 of 9 principles met; 1 too soon to say" in words
        assert "2 of 6 objectives met; 4 underway" in words
        assert not re.search(r"630[,.]?000|649[,.]?000", words)
    assert "Example from the public record; not a paper of either council" in pdf
    assert "Example from the public record; not a paper of either council" in tables.words


def test_what_officers_change_is_changed_everywhere(client, example):
    """OCC's and CDC's line, a post that ended in February, and principle 4."""
    lines = {line.council.short_name: line for line in SavingLine.objects.filter(financial_year="2019/20")}
    change(client, "officer.occ", reverse("savingline_edit", args=[lines["OCC"].pk]), estimated="£401,237")
    change(client, "officer.cdc", reverse("savingline_edit", args=[lines["CDC"].pk]), estimated="87,654")
    chief = JointPost.objects.get(title="Chief Executive")
    change(client, "officer.occ", reverse("jointpost_end", args=[chief.pk]), ended_on="28 February 2019")
    rating = Assessment.objects.get(commitment__kind="principle", commitment__number=4)
    change(client, "officer.occ", reverse("assessment_edit", args=[rating.pk]), rating="met")

    page, pdf = paper(client)
    tables = Tables(page)
    table = savings(tables)
    joint = ["£401,237", "£87,654", "£488,891"]
    assert table["Total estimated saving (gross)"] == joint
    assert [row[1] for row in tables.table("The figures of the chart")[1:]] == joint
    chart = page.partition("<title>Savings 2019/20")[2].partition("</svg>")[0]
    assert all(amount in chart for amount in joint)
    summary = tables.words.partition("Executive summary")[2]
    assert "is estimated to save £488,891" in summary
    assert "five joint posts" in summary
    posts = next(row[1] for row in tables.table("delivered") if row[0] == "Joint senior appointments")
    assert posts == " ".join(f"{title} – {appointment}" for title, appointment in POSTS[1:])
    for words in (tables.words, pdf):
        assert "9 of 9 principles met" in words
        assert words.count("£488,891") >= 4  # table, chart, chart's table and summary
    for old in OLD:
        assert old not in page
        assert old not in pdf
    assert "Chief Executive – appointment not stated" not in pdf


def test_the_ledger_and_its_file_follow_too(client, example):
    line = SavingLine.objects.get(financial_year="2019/20", council__short_name="OCC")
    change(client, "officer.occ", reverse("savingline_edit", args=[line.pk]), estimated="£401,237")
    page = client.get("/savings/").content.decode()
    assert "£401,237" in page
    assert f"£{401_237 + 315_000:,}" in page
    assert "629,000" not in page
    file = body_of(client.get("/savings/export.csv"))
    assert "401237.00" in file
    assert "314000" not in file


def files_of(review):
    """Every byte that was published of a review, by edition and file."""
    rows = {}
    for edition in review.editions.all():
        rows |= {(edition.audience, file.name): bytes(file.content) for file in edition.files.all()}
    return rows


def test_changed_line_reaches_drafts_and_covers_and_no_published_file(client, example):
    """CDC's line becomes £320,000 after publication."""
    assert story.publish()
    review = Review.objects.get(slug=SLUG)
    published = files_of(review)
    assert sorted(name for audience, name in published if "cover" in name and audience == "public") == [
        f"{SLUG}-cdc-executive-cover-report.docx",
        f"{SLUG}-cdc-executive-cover-report.pdf",
        f"{SLUG}-occ-cabinet-cover-report.docx",
        f"{SLUG}-occ-cabinet-cover-report.pdf",
    ]
    line = SavingLine.objects.get(financial_year="2019/20", council__short_name="CDC", estimated=315_000)
    change(client, "officer.cdc", reverse("savingline_edit", args=[line.pk]), estimated="£320,000")

    page, pdf = paper(client)
    tables = Tables(page)
    joint = ["£314,000", "£320,000", "£634,000"]
    assert savings(tables)["Total estimated saving (gross)"] == joint
    assert [row[1] for row in tables.table("The figures of the chart")[1:]] == joint
    assert "is estimated to save £634,000" in tables.words.partition("Executive summary")[2]
    assert pdf.count("£634,000") >= 4
    for cover in review.covers.all():
        said = Tables(client.get(reverse("cover_report", args=[cover.pk])).content.decode()).words
        assert "is estimated to save £634,000" in said
        assert "£320,000 for CDC" in said
    dashboard = client.get("/").content.decode()
    assert "£634,000" in dashboard
    for text in (page, pdf, dashboard):
        assert "315,000" not in text
        assert "629,000" not in text

    assert files_of(review) == published
    for name, content in published.items():
        if name[0] == "public":
            assert client.get(f"/published/{SLUG}/1/{name[1]}").content == content
    proof = client.get(reverse("review_proof", args=[SLUG])).context["changes"]
    found = {row.name: (row.before, row.now) for row in proof["found"]}
    assert (proof["edition"], found["savings.2019-20.joint.estimated"]) == (1, ("£629,000", "£634,000"))
    assert found["savings.2019-20.cdc.estimated"] == ("£315,000", "£320,000")
    assert "savings.2019-20.occ.estimated" not in found
