"""Rows 8 and 9: the file that goes out, beside the fastest way out of the database; the file that comes in, beside
rows written one by one.

The peers of the export write the same columns of the same rows, but only as the database keeps them: they look up no
name of a choice, guard no formula, and ask nobody who may see what.
"""

import csv
import io
import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from joint_posts.models import SavingLine
from joint_posts.registers import JOINT_POSTS
from partnership.financial_years import FinancialYear
from partnership.imports.running import run
from partnership.models import Job
from partnership.records.record import bulk_record, recording
from tests.bench.measuring import in_turn, ratio, said
from tests.bench.posts import Looker, Posts, settle
from tests.factories import make_saving
from tests.html_forms import untouched
from tests.spreadsheets import as_csv

OUT, SAVINGS, YEARS, TYPED, ROUNDS = 50_000, 25, 10, 10, 5
SAME = """
SELECT post.title, council.name, post.appointment, post.status, post.started_on, partnership.name, post.tier,
       post.statutory_role, post.purpose, post.areas_led, agreement.title, post.officer_consulted_on,
       post.id, post.version
FROM joint_posts_jointpost post
JOIN partnership_partnership partnership ON partnership.id = post.partnership_id
LEFT JOIN partnership_council council ON council.id = post.home_council_id
LEFT JOIN partnership_agreement agreement ON agreement.id = post.agreement_id
WHERE post.withdrawn_on IS NULL AND post.partnership_id = %d
ORDER BY post.title, post.id
"""


@pytest.mark.django_db(transaction=True)
def test_export(reached, tell):
    posts = Posts(OUT)
    rows = SAME % posts.partnership.pk

    def copied():
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY ({rows}) TO STDOUT WITH CSV HEADER", io.StringIO())

    def read_and_written():
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as plain:
            csv.writer(io.StringIO()).writerows(plain.execute(rows))

    def as_objects():
        file = csv.writer(io.StringIO())
        for row in JOINT_POSTS.with_related(posts.rows()).select_related("agreement").iterator(chunk_size=500):
            file.writerow([str(getattr(row, field.name)) for field in row._meta.concrete_fields])

    peer, name = (copied, "COPY") if connection.vendor == "postgresql" else (read_and_written, "sqlite3 and csv alone")
    works = {"ours": lambda: posts.get("/joint-posts/export.csv"), "peer": peer, "objects": as_objects}
    times = in_turn(works, ROUNDS)
    tell(f"a file of {OUT:,} rows, {said(times)}")
    reached(
        {
            f"export: speed to {name}": ratio(times, "peer", "ours"),
            "export: speed to the same rows as objects, field by field": ratio(times, "objects", "ours"),
        }
    )


@pytest.mark.django_db(transaction=True)
def test_import(reached, tell):
    ledger = Ledger()
    works = {
        "bulk door": ledger.written_at_once,
        "saved": ledger.written_one_by_one,
        "file": ledger.handed_in,
        "typed": ledger.typed,
    }
    times = in_turn(works, ROUNDS)
    tell(f"{ledger.number} rows, {TYPED} of them typed, {said(times)}")
    reached(
        {
            "import: speed of the bulk door to a save for each row": ratio(times, "saved", "bulk door"),
            "import: speed of a whole file to its rows typed in one by one": (
                ratio(times, "typed", "file") * ledger.number / TYPED
            ),
        }
    )


@contextmanager
def taken_back():
    """A transaction whose writes are undone, so that each round writes the same rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Ledger(Looker):
    """Savings without figures, and a line of them for each council and year, to be written in four ways."""

    def __init__(self):
        super().__init__()
        self.savings = [make_saving(partnership=self.partnership, title=f"Saving {n}") for n in range(SAVINGS)]
        self.years = [str(FinancialYear(start)) for start in range(2018, 2018 + YEARS)]
        self.number = len(self.lines())
        settle()

    def lines(self):
        figures = {"estimated": 1_000, "figures_changed_by": self.by}
        return [
            SavingLine(saving=saving, council=council, financial_year=year, **figures)
            for saving in self.savings
            for council in self.councils
            for year in self.years
        ]

    def written_at_once(self):
        with taken_back(), recording(by=self.by, reason="Measured"):
            bulk_record(self.lines())

    def written_one_by_one(self):
        with taken_back(), recording(by=self.by, reason="Measured"):
            for line in self.lines():
                line.full_clean_and_save()

    def handed_in(self):
        """Looked at, confirmed and written, as its process does it."""
        said = [["Saving", "Council", "Financial year", "Estimated"]]
        said += [[str(line.saving), line.council.short_name, line.financial_year, "£1,000"] for line in self.lines()]
        facts = {"by": self.by, "register": "saving", "file_name": "lines.csv", "file": as_csv(said)}
        with taken_back():
            job = Job.objects.create(**facts, created_at=timezone.now(), heard_at=timezone.now())
            run(job.pk)
            Job.objects.move(job, Job.State.READY, to=Job.State.CONFIRMED, at=timezone.now())
            run(job.pk)
            job.refresh_from_db()
            assert (job.state, SavingLine.objects.count()) == (Job.State.DONE, self.number), job.result

    def typed(self):
        """Some of the lines, each in the form's page."""
        with taken_back():
            for line in self.lines()[:TYPED]:
                address = reverse("savingline_create", args=[line.saving.pk])
                fields = untouched(self.get(address).decode()) | {"council": line.council.pk, "estimated": "1000"}
                fields |= {"financial_year": line.financial_year, "reason": "Typed"}
                response = self.client.post(address, fields)
                assert response.status_code == 302, response.context["form"].errors
            assert SavingLine.objects.count() == TYPED
