"""Rows 1 to 4: the example's review as PDF, beside the same page drawn bare; a long annex; and a file once published.

The lean sheet holds what a report of this kind cannot do without: pages with numbers, a list of contents with theirs,
and tables with lines.
"""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from weasyprint import HTML

from quality.bench.measuring import in_turn, ratio, said
from reviews.facts import review_facts
from reviews.models import Review
from reviews.papers.blocks.general import Table, head, rows
from reviews.papers.document import DocumentSection, compose
from reviews.papers.output import html, pdf
from reviews.publishing import editions
from tests.published import make_published

pytestmark = pytest.mark.django_db

ROUNDS = 3
MANY_TIMES = 50
SHORT = 1_000
LONG = 5_000
COLUMNS = 6
GIGABYTE = 1024 * 1024  # in the kilobytes that the system counts
LEAN = """
@page { size: A4; margin: 25mm 20mm; @top-left { content: "Report" } @bottom-center { content: counter(page) " of " counter(pages) } }
body { font-family: "Source Sans 3", sans-serif; font-size: 11pt; line-height: 1.4 }
h1, h2, h3 { break-after: avoid } table { border-collapse: collapse; width: 100% } caption { text-align: left }
th, td { border-bottom: 0.5pt solid #999; padding: 3pt 4pt; text-align: left; vertical-align: top }
thead { display: table-header-group } tr { break-inside: avoid } .paper-contents a { color: inherit }
.paper-contents__page::before { content: leader(".") target-counter(attr(data-page url), page) }
.paper-cover { break-after: page } svg { max-width: 100% }
"""  # noqa: E501 -- a rule to a line is easier to read
CHILD = """
import json, resource, sys
from reviews.papers.output import pdf
pdf.render(sys.stdin.buffer.read().decode())
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


@pytest.fixture(scope="module", autouse=True)
def review(django_db_setup, django_db_blocker):
    """The example's review."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(EXAMPLE=True):
            call_command("load_example", stdout=io.StringIO())
        yield Review.objects.get(slug="gateway-review-2019-03")
        transaction.set_rollback(True)


def test_paper_from_its_facts(review, reached, tell):
    """Rows 1 and 2: the whole way to the tagged file, and the shipped sheet."""
    page = html.render(compose(review_facts(review)))
    lean = page.replace(html.style(), LEAN)
    assert lean != page
    works = {
        "whole": lambda: pdf.render(html.render(compose(review_facts(review)))),
        "untagged": lambda: HTML(string=page).write_pdf(),
        "tagged": lambda: HTML(string=page).write_pdf(pdf_variant="pdf/ua-1"),
        "lean": lambda: HTML(string=lean).write_pdf(),
    }
    times = in_turn(works, ROUNDS)
    pages = {sheet: len(HTML(string=drawn).render().pages) for sheet, drawn in (("shipped", page), ("lean", lean))}
    tell(f"a paper, {said(times)}; pages {pages}")
    reached(
        {
            "report: facts to tagged PDF, to the bare untagged one": ratio(times, "whole", "untagged"),
            "report: facts to tagged PDF, to the bare tagged one": ratio(times, "whole", "tagged"),
            "report: the shipped sheet to a lean one, by page": (
                ratio(times, "untagged", "lean") * pages["lean"] / pages["shipped"]
            ),
        }
    )


def test_long_annex(review, reached):
    """Row 3: an annex of thousands of rows costs as much a row as one of a thousand, and stays in memory."""
    (short, _), (long, memory) = (drawn_apart(annex(review, number)) for number in (SHORT, LONG))
    nothing, _ = drawn_apart(annex(review, 1))
    reached(
        {
            "annex: a row of 5,000 to a row of 1,000": (long - nothing) / LONG / ((short - nothing) / SHORT),
            "annex: gigabytes at 5,000 rows": memory / GIGABYTE,
        }
    )


def annex(review, number):
    """The page of a paper that is one long table."""
    cells = []
    for row in range(number):
        cells.append(tuple(f"Cell {row}.{column}" for column in range(COLUMNS)))
    table = Table("annex", "Annex", head(*(f"Column {column}" for column in range(COLUMNS))), rows(*cells), number=1)
    section = DocumentSection("section-annex", "1", "Annex", 1, (table,))
    return html.render(replace(compose(review_facts(review)), sections=(section,)))


def drawn_apart(page):
    """The seconds and the most kilobytes that a process of its own takes to draw the page."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=page.encode(), capture_output=True, check=True, cwd=Path.cwd()
    )
    return json.loads(done.stdout)


def test_published_file(review, reached, tell):
    """Row 4: an edition drawn again from its facts is the same; a stored file costs what its bytes cost to send."""
    made = make_published()
    drawn = {one.name: one.content for one in editions.draw(made.public.facts)}
    kept = {file.name: bytes(file.content) for file in made.public.files.all()}
    client = Client()
    works = {"stored": lambda: client.get("/published/a-review.pdf"), "bare": lambda: client.get("/bare.pdf")}
    with override_settings(ROOT_URLCONF=with_bare(drawn["a-review.pdf"])):
        assert works["stored"]().content == works["bare"]().content
        times = in_turn({name: many_times(work) for name, work in works.items()}, ROUNDS)
    tell(f"{MANY_TIMES} times a published file, {said(times)}")
    reached(
        {
            "edition: drawn again, byte for byte the same": sum(drawn.get(n) == kept[n] for n in kept) / len(kept),
            "published file: to the same bytes in a bare response": ratio(times, "stored", "bare"),
        }
    )


def with_bare(content):
    """The portal's own addresses, and after them one that answers anybody with the bytes, nothing looked up."""

    @login_not_required
    def bare(request):
        return HttpResponse(content, content_type="application/pdf")

    return (path("", include("partnership.urls")), path("bare.pdf", bare))


def many_times(work):
    """Return what is too quick for the clock."""

    def do():
        for _ in range(MANY_TIMES):
            work()

    return do
