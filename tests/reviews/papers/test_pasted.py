"""A review and its cover report typed in by hand elsewhere, pasted section by section in Chromium without a script.

Every sentence comes out in the PDF, in order, and the proof page names what is wrong with them. Other papers of the
same shape can be tried: PASTED_REVIEW=review.txt PASTED_COVER=cover.txt name them, and -s prints what was found.
"""

import io
import itertools
import os
import re
import sys
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import reverse
from pypdf import PdfReader

from reviews.models import CoverReport, Implication, Review
from reviews.models.outlines import COVER
from tests import pasted
from tests.factories import (
    make_assessment,
    make_body,
    make_commitment,
    make_council,
    make_line,
    make_membership,
    make_partnership,
    make_saving,
    make_user,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.browser_context_args(java_script_enabled=False),
]
PAPERS = Path(__file__).resolve().parents[2] / "papers"
HEADINGS = {heading.lower(): key for key, heading in COVER.items()} | {
    str(label).lower(): value for value, label in Implication.Kind.choices
}
# What the proof names, by the fault that it is: the kind of the finding and a word of what it shows.
NAMED = {
    "X1": ("typed-money", r"\d\d,\d00"),
    "X7": ("other-executive", "Executive"),
    "X10": ("proposal", "is recommended|is proposed|is therefore proposed"),
    "X11 too much": ("ratings", "met the objectives"),
    "X11 too little": ("ratings", "cannot be argued that any of the objectives"),
    "X12": ("savings-made", "savings (?:realised|delivered)"),
    "X17": ("review-date", ""),
    "X18": ("typed-number", "Table 1"),
    "X19": ("empty-item", ""),
    "X20": ("typed-money", r"\d\dm"),
    "X21": ("spelling", "Service Legal Agreement"),
    "X22": ("nearly-a-name|spelling", "Group|expediate"),
    "X23": ("clearance", "no legal implications|none"),
    "X24": ("cover-section", "N/A"),
    "X28": ("mixed-cycles", "annual/quarterly"),
}


@pytest.fixture
def papers():
    """The papers, and whose they are as they say it themselves."""
    review, cover = (
        Path(os.environ.get(name) or PAPERS / file).read_text(encoding="utf-8")
        for name, file in (("PASTED_REVIEW", "review.txt"), ("PASTED_COVER", "cover.txt"))
    )
    found = re.search(r"^Date\t(\d+)/(\d+)/(\d\d)$", review, re.MULTILINE)
    first, other = next(line for line in review.splitlines() if line.strip()).split(" and ")
    return SimpleNamespace(
        review=review,
        cover=cover,
        parts=pasted.parts(review),
        covers=pasted.cover_parts(cover, HEADINGS),
        councils={name: re.search(rf"{name} \((\w+)\)", review)[1] for name in (first, other)},
        executives={
            first: re.search(r"^([A-Z]+) ?-", cover, re.MULTILINE)[1].capitalize(),
            other: re.search(rf"{other} ([A-Z]\w+)", cover)[1],
        },
        group=re.search(r"Report of the (.+)", review)[1],
        as_at=date(2000 + int(found[3]), int(found[2]), int(found[1])),
    )


@pytest.fixture
def world(papers, live_server, transactional_db):
    """The two councils with their executives and the group, one saving, and three aims of which one is not met."""
    councils = [
        make_council(name=name, short_name=short, executive_name=papers.executives[name], numbering="letters")
        for name, short in papers.councils.items()
    ]
    partnership = make_partnership(councils=councils, started_on=papers.as_at - timedelta(days=165))
    group = make_body(partnership=partnership, name=papers.group, kind="working group")
    bodies = [
        make_body(partnership=partnership, council=one, name=papers.executives[one.name], kind="executive")
        for one in councils
    ]
    saving = make_saving(partnership=partnership, title="Shared posts")
    for council in councils:
        make_line(saving=saving, council=council, estimated=1)
    for number, kind in enumerate(("principle", "objective", "objective"), start=1):
        make_commitment(
            partnership=partnership, number=number, kind=kind, adopted_on=papers.as_at - timedelta(days=150)
        )
    officer = make_user(username="officer")
    make_membership(user=officer, council=councils[0])
    return SimpleNamespace(**locals())


def fill_in(page, address, button, **typed):
    """Open a form, type, and send it. It is taken, or the test ends with what it says."""
    page.goto(address)
    for name, text in typed.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)
    page.get_by_role("button", name=button, exact=True).click()
    refused = page.locator(".govuk-error-summary")
    assert not refused.count(), refused.inner_text()


def paste_review(page, papers, world):
    """A gateway review, each section of its outline filled with the pasted one."""
    facts = {"kind": "gateway", "title": "A pasted review", "slug": "pasted", "body": str(world.group.pk)}
    fill_in(page, reverse("review_create"), "Save", **facts, as_at=str(papers.as_at), version_label="Draft 2.0")
    review = Review.objects.get(slug="pasted")
    for commitment, rating in zip(
        world.partnership.commitments.order_by("number"), ("too soon to say", "met", "underway"), strict=True
    ):
        make_assessment(review=review, commitment=commitment, rating=rating)
    sections = list(review.sections.order_by("position"))
    for section, part in zip(sections, papers.parts, strict=True):
        write(page, section, part.text, heading=part.heading)
    return review


def write(page, section, narrative, **more):
    typed = {"narrative": narrative, "reason": "Pasted"} | more
    fill_in(page, reverse("section_edit", args=[section.pk]), "Tidy pasted text", **typed)
    page.get_by_role("button", name="Save the changes", exact=True).click()


def paste_cover(page, papers, world, review):
    """The cover report for the first council's executive."""
    facts = {"body": str(world.bodies[0].pk), "title": "News", "areas": "All", "report_of": "Deputy", "contact": "Them"}
    at = reverse("coverreport_create", args=[review.slug])
    fill_in(page, at, "Save", **facts, meeting_on=str(papers.as_at + timedelta(days=38)))
    cover = CoverReport.objects.get()
    for heading, part in papers.covers.items():
        key = HEADINGS.get(heading)
        if section := review.sections.filter(key=f"cover-{key}").first():
            write(page, section, part.text)
        elif row := cover.implications.filter(kind=key or "").first():
            at = reverse("implication_edit", args=[row.pk])
            fill_in(page, at, "Save the changes", text=without_signature(part), reason="Pasted")
    return cover


def without_signature(part):
    """The text up to the name in capitals, which has fields of its own."""
    return re.split(r"^[A-Z]{2,} [A-Z]{2,}$", part.text, maxsplit=1, flags=re.MULTILINE)[0].strip()


def read_pdf(page, address):
    response = page.request.get(address)
    assert response.headers["content-type"] == "application/pdf"
    return pasted.words_of(PdfReader(io.BytesIO(response.body())))


def unnamed_in(found):
    """The faults of `NAMED` that none of the findings of a proof page names."""
    found = list(found)
    rows = []
    for fault, (kind, said) in NAMED.items():
        if not any(re.fullmatch(kind, row["kind"]) and re.search(said, row["words"]) for row in found):
            rows.append(fault)
    return rows


def test_pasted_papers_come_out_whole_and_the_proof_names_their_faults(
    page, as_person, papers, world
):  # fmt: skip
    client = as_person("officer")
    review = paste_review(page, papers, world)
    cover = paste_cover(page, papers, world, review)
    words = read_pdf(page, reverse("review_pdf", args=[review.slug]))
    sentences = []
    for part in papers.parts:
        sentences += (part.heading, *pasted.said(part.text))
    typed = []
    for part in papers.parts:
        typed += [f"{number}{start}" for number, start in pasted.numbered(part)]
    of_cover = []
    for name, part in papers.covers.items():
        if name:
            of_cover += pasted.said(without_signature(part))
    groups = client.get(reverse("review_proof", args=[review.slug])).context["groups"]
    missing = {
        "sentences": pasted.in_order(sentences, words),
        "numbers": [number for number in typed if number not in words],
        "sentences of the cover": pasted.in_order(of_cover, read_pdf(page, reverse("cover_pdf", args=[cover.pk]))),
        "faults": unnamed_in(itertools.chain.from_iterable(findings for _, _, findings in groups)),
    }
    for (what, lacking), all_of_it in zip(missing.items(), (sentences, typed, of_cover, NAMED), strict=True):
        assert all_of_it, what
        sys.stdout.write(f"{what}: {len(all_of_it) - len(lacking)} of {len(all_of_it)}\n")
    assert not any(missing.values()), missing
