"""Row 9: a file that comes in, beside rows written one by one."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from joint_posts.models import SavingLine
from partnership.financial_years import FinancialYear
from partnership.imports.job import run
from partnership.models import Job
from partnership.records.record import bulk_record, recording
from quality.bench.measuring import in_turn, ratio, said
from quality.bench.posts import Looker, settle
from tests.factories import make_saving
from tests.html_forms import untouched
from tests.spreadsheets import as_csv

SAVINGS = 25
YEARS = 10
TYPED = 10
ROUNDS = 5


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
        all_lines = []
        for saving in self.savings:
            for council in self.councils:
                all_lines += [
                    SavingLine(saving=saving, council=council, financial_year=year, **figures) for year in self.years
                ]
        return all_lines

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
