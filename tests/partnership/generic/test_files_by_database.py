"""Files that the database says by itself: cell by cell what is made of records, whatever stands in the fields."""

import csv
import io
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import IntegrityError, models, transaction

from partnership.imports.columns import RegisterFile
from tests.partnership.generic.test_register import EVERY, WHO

pytestmark = pytest.mark.django_db

# Where every cell is a field, with nothing hidden from anybody and no row named by more than one field.
BY_DATABASE = {
    "actionnote",
    "agreement",
    "agreementreview",
    "agreementterm",
    "auditcoverage",
    "casestep",
    "council",
    "coverstyle",
    "exitarrangement",
    "exitpayment",
    "exitpost",
    "informationsharing",
    "jointpost",
    "outsidebodyappointment",
    "partner",
    "partnership",
    "employerchange",
    "poststep",
    "risk",
    "savingarrangement",
    "savingpost",
    "servicearrangement",
    "swotitem",
    "workingmodel",
}
TEXTS = (
    "plain",
    "=1+1",
    "''=1+1",
    "'quoted",
    "'''",
    "-5",
    "+5",
    "@sum",
    "\tx",
    "\rx",
    "\nx",
    "＝x",
    "＋x",
    "－x",
    "＠x",
    'a, "b"',
    "two\nlines",
    "100%",
    "%s",
    "\\.",
    " x ",
    "Ünïcödé",
)


WORDS = (models.CharField, models.TextField)


def files(filled):
    """Each register's file for somebody who reads it."""
    return {name: RegisterFile(EVERY[name], filled.people[min(WHO[name][0])]) for name in WHO if WHO[name][0]}


def by_database(file):
    return list(csv.reader(io.StringIO(b"".join(map(as_bytes, file.csv())).decode("utf-8-sig"), newline="")))


def as_bytes(piece):
    return piece if isinstance(piece, bytes) else piece.encode()


def by_records(file):
    return [file.headings, *([str(value) for value in line] for line in file.lines())]


def test_which_files_the_database_says(filled):
    assert {name for name, file in files(filled).items() if file._said_by_database()} == BY_DATABASE


@pytest.mark.parametrize("name", sorted(BY_DATABASE))
def test_file_by_database_is_the_file_by_records(name, filled):
    """For everybody who reads it, and whatever stands in a field of a row."""
    rows = [len(same_both_ways(RegisterFile(EVERY[name], filled.people[role]))) for role in sorted(WHO[name][0])]
    assert min(rows) > 1
    file, row = files(filled)[name], filled.ours[name]
    for facts in entries([row._meta.get_field(column.name) for column in file.columns if hasattr(row, column.name)]):
        with suppress(IntegrityError), transaction.atomic():
            models.QuerySet(type(row)).filter(pk=row.pk).update(**facts)
            same_both_ways(file)
            transaction.set_rollback(True)


def entries(fields):
    """What to put into a row: each text into all fields for words; sums; and nothing, open for a reason or not."""
    words = [field for field in fields if isinstance(field, WORDS) and not field.choices and not field.unique]
    yield from ({field.name: text[: field.max_length] for field in words} for text in TEXTS if words)
    sums = [field for field in fields if isinstance(field, models.DecimalField)]
    yield from ({field.name: number for field in sums} for number in (Decimal("-0.50"), Decimal(1_234)) if sums)
    for field in fields:
        nothing = "" if isinstance(field, WORDS) else None
        yield from ({field.name: nothing, "not_stated": {field.name: source}} for source in ("", "=the minutes"))


def same_both_ways(file):
    said = by_database(file)
    assert said == by_records(file)
    return said
