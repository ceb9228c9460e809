"""What the example's review costs as PDF, against the same page drawn bare; a long annex; and a file once published.

Ratios of processor time, taken in turn within one run, medians of several rounds. The lean sheet holds what a report of
this kind cannot do without: pages with numbers, a list of contents with theirs, and tables with lines.
"""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from weasyprint import HTML

from reviews.blocks import Table, head, rows
from reviews.document import DocumentSection, compose
from reviews.facts import review_facts
from reviews.models import Review
from reviews.output import html, pdf
from reviews.publication import editions
from reviews.views.public import PublishedFile
from tests.published import make_published

ROUNDS, SHORT, LONG, COLUMNS = 5, 1_000, 5_000, 6
GIGABYTE = 1024 * 1024  # in the kilobytes that the system counts
LEAN = """
@page { size: A4; margin: 25mm 20mm; @top-left { content: "Report" } @bottom-center { content: counter(page) " of " counter(pages) } }
body { font-family: "Source Sans 3", sans-serif; font-size: 11pt; line-height: 1.4 }
h1, h2, h3 { break-after: avoid } table { border-collapse: collapse; width: 100% } caption { text-align: left }
th, td { border-bottom: 0.5pt solid #999; padding: 3pt 4pt; text-align: left; vertical-align: top }
thead { display: table-header-group } tr { break-inside: avoid } .paper-contents a { color: inherit }
.paper-contents a[href^="#"] .paper-contents__page::after { content: leader(".") target-counter(attr(href), page) }
.paper-cover { break-after: page } svg { max-width: 100% }
"""  # noqa: E501 -- a rule to a line is easier to read
CHILD = """
import json, resource, sys
from reviews.output import pdf
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


def report(capsys, measured):
    """Write each ratio beside its goal, and fail where one was missed."""
    lines = [f"{name:60} {ratio:6.2f}   at most {goal}" for name, (ratio, goal) in measured.items()]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines, ""]))
    assert [name for name, (ratio, goal) in measured.items() if ratio > goal] == []


def in_turn(*works, clock=process_time):
    """Seconds that each piece of work takes, in turn in every round; the first round counts for nothing."""
    taken = [[] for _ in works]
    for _ in range(ROUNDS + 1):
        for work, seconds in zip(works, taken, strict=True):
            before = clock()
            work()
            seconds.append(clock() - before)
    return [median(seconds[1:]) for seconds in taken]


def test_paper_from_its_facts(review, capsys):
    """Rows 1, 2 and 4: the whole way to the tagged file, the shipped sheet, and the same bytes twice."""
    page = html.render(compose(review_facts(review)))
    lean = page.replace(html.style(), LEAN)
    assert lean != page
    whole, untagged, tagged, plain = in_turn(
        lambda: pdf.render(html.render(compose(review_facts(review)))),
        lambda: HTML(string=page).write_pdf(),
        lambda: HTML(string=page).write_pdf(pdf_variant="pdf/ua-1"),
        lambda: HTML(string=lean).write_pdf(),
    )
    measured = {
        "facts to tagged PDF, to the bare untagged one": (whole / untagged, 1.25),
        "facts to tagged PDF, to the bare tagged one": (whole / tagged, 1.15),
        "the shipped sheet to a lean one, by page": (by_page(untagged, page) / by_page(plain, lean), 1.1),
    }
    assert pdf.render(page) == pdf.render(page)
    report(capsys, measured)


def by_page(seconds, page):
    return seconds / len(HTML(string=page).render().pages)


def test_long_annex(review, capsys):
    """Row 3: an annex of thousands of rows costs as much a row as one of a thousand, and stays in memory."""
    (short, _), (long, memory) = (drawn_apart(annex(review, number)) for number in (SHORT, LONG))
    nothing, _ = drawn_apart(annex(review, 1))
    report(
        capsys,
        {
            f"a row of {LONG:,} to a row of {SHORT:,}": ((long - nothing) / LONG / ((short - nothing) / SHORT), 1.3),
            f"gigabytes at {LONG:,} rows": (memory / GIGABYTE, 1),
        },
    )


def annex(review, number):
    """The page of a paper that is one long table."""
    cells = (tuple(f"Cell {row}.{column}" for column in range(COLUMNS)) for row in range(number))
    table = Table("annex", "Annex", head(*(f"Column {column}" for column in range(COLUMNS))), rows(*cells), number=1)
    section = DocumentSection("section-annex", "1", "Annex", 1, (table,))
    return html.render(replace(compose(review_facts(review)), sections=(section,)))


def drawn_apart(page):
    """The seconds and the most kilobytes that a process of its own takes to draw the page."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=page.encode(), capture_output=True, check=True, cwd=Path.cwd()
    )
    return json.loads(done.stdout)


def test_published_file(review, capsys):
    """Row 4: an edition drawn again from its facts is the same; a stored file costs what its bytes cost to send."""
    made = make_published()
    drawn = {one.name: one.content for one in editions.draw(made.public.facts)}
    assert drawn == {file.name: bytes(file.content) for file in made.public.files.all()}
    content = drawn["a-review.pdf"]
    request, client = RequestFactory().get("/published/a-review.pdf"), Client()
    view = PublishedFile.as_view(ending="pdf")
    stored, bare, asked = in_turn(
        lambda: [view(request, slug="a-review") for _ in range(50)],
        lambda: [HttpResponse(content, content_type="application/pdf") for _ in range(50)],
        lambda: [client.get("/published/a-review.pdf") for _ in range(50)],
        clock=perf_counter,
    )
    with capsys.disabled():
        sys.stdout.write(
            f"\nmilliseconds for a published file: {stored * 20:.2f} in its view, {asked * 20:.2f} with all before it;"
            f" for the same bytes in a response: {bare * 20:.2f}\n"
        )
