"""Names are blanked when the schedule says so, in records and histories; rows stay, and the audit chain still holds."""

import io
import json
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from partnership.accounts import retention
from partnership.audit import log
from partnership.audit.triggers import triggers_disabled
from partnership.models import Redaction, Seat
from partnership.records.record import recording
from tests.factories import make_body, make_council, make_membership, make_partnership, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

LAST_DAY = date(2020, 5, 31)
SIX_YEARS_ON = date(2026, 5, 31)


def make_seat(by, body, council, holder, year="2019/20", **facts):
    seat = Seat(
        body=body, council=council, municipal_year=year, from_on=date(int(year[:4]), 5, 20), holder=holder, **facts
    )
    with recording(by=by, reason="Elected"):
        seat.full_clean_and_save()
    return seat


@pytest.fixture
def seats():
    """Two places of 2019/20, one of them renamed since, and one of 2024/25."""
    by = make_user(username="keeper", name="Kit Keeper")
    council = make_council()
    body = make_body(partnership=make_partnership(councils=[council]))
    old = make_seat(by, body, council, "Councilor Ash")
    with recording(by=by, reason="Spelling"):
        old.holder = "Councillor Ash"
        old.full_clean_and_save()
    make_seat(by, body, council, "Councillor Birch")
    make_seat(by, body, council, "Councillor Cedar", year="2024/25")
    return by


def run(*arguments):
    said = io.StringIO()
    call_command("retention", *arguments, stdout=said)
    return said.getvalue()


def kept_names():
    """Return every holder's name in the records and in their history."""
    return [list(rows.order_by("pk").values_list("holder", flat=True)) for rows in (Seat.objects, Seat.history)]


AS_ENTERED = [
    ["Councillor Ash", "Councillor Birch", "Councillor Cedar"],
    ["Councilor Ash", "Councillor Ash", "Councillor Birch", "Councillor Cedar"],
]


def test_nothing_is_blanked_a_day_early(seats):
    assert run("--by", "keeper", "--on", "2026-05-30") == "0 blanked.\n"
    assert kept_names() == AS_ENTERED


def test_a_dry_run_says_what_is_due_and_changes_nothing(seats):
    why = "Kept for 6 years after 31 May 2020, as the schedule says."
    first, second = Seat.objects.order_by("pk").values_list("pk", flat=True)[:2]
    assert run("--dry-run", "--on", "2026-05-31").splitlines() == [
        f"place on the body {first}: holder. {why}",
        f"place on the body {second}: holder. {why}",
        "2 due; nothing was changed.",
    ]
    assert kept_names() == AS_ENTERED
    assert Redaction.objects.count() == 0


def test_names_go_rows_stay_and_the_chain_holds(seats):
    rows = Seat.history.count()
    assert run("--by", "keeper", "--on", "2026-05-31").splitlines()[-1] == "2 blanked."
    assert kept_names() == [["", "", "Councillor Cedar"], ["", "", "", "Councillor Cedar", "", ""]]
    assert Seat.history.count() == rows + 2
    assert list(log.integrity_errors()) == []
    assert list(Redaction.objects.order_by("pk").values_list("register", "fields", "versions", "by_name", "on")) == [
        ("partnership.seat", ["holder"], 2, "Kit Keeper", SIX_YEARS_ON),
        ("partnership.seat", ["holder"], 1, "Kit Keeper", SIX_YEARS_ON),
    ]
    assert run("--by", "keeper", "--on", "2026-05-31") == "0 blanked.\n"


def test_no_digest_of_a_blanked_name_can_be_guessed(seats):
    """With the salt gone, trying every name there is leads nowhere."""
    names = {row.holder for row in Seat.history.all()}
    sealed = {link.personal["holder"] for link in log.AuditEntry.objects.filter(register="partnership.seat")}
    guessed = set()
    for row in Seat.history.all():
        guessed |= {log.sha256(row.salt, "holder", name) for name in names}
    assert sealed <= guessed
    run("--by", "keeper", "--on", "2026-05-31")
    salts = {row.salt for row in Seat.history.all()}
    links = list(log.AuditEntry.objects.filter(register="partnership.seat").order_by("number"))
    rows = log.rows_sealed_by(links)
    blanked = {link.personal["holder"] for link, row in zip(links, rows, strict=True) if not row.salt}
    assert len(blanked) == 3
    for salt in salts:
        assert not blanked & {log.sha256(salt, "holder", name) for name in names}


def test_a_name_put_back_or_taken_away_without_a_word_is_found(seats):
    run("--by", "keeper", "--on", "2026-05-31")
    table = Seat.history.model._meta.db_table
    with triggers_disabled(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET holder = 'Councillor Forged' WHERE salt = ''")
    assert len(list(log.integrity_errors())) == 3
    with triggers_disabled(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET holder = ''")
        cursor.execute(f"UPDATE {table} SET salt = ''")
    number = Seat.history.filter(id=Seat.objects.get(municipal_year="2024/25").pk).get().history_id
    assert f"Row {number} of the history of partnership.seat was blanked, and no redaction says why." in list(
        log.integrity_errors()
    )


@pytest.mark.parametrize("arguments", [[], ["--by", "nobody"]])
def test_somebody_answers_for_it(seats, arguments):
    with pytest.raises(CommandError, match=r"^Say who answers for it"):
        run(*arguments, "--on", "2026-05-31")
    assert kept_names() == AS_ENTERED


# Words in the name of a field that may hold a person's name, and the fields that hold something else.
SUSPECT = re.compile(
    r"holder|member|officer|person|lead|chair|contact|sponsor|author|owner|signed|submitted|_by$|report_of"
)
NOT_A_NAME = {
    "business_cases.businesscase.lead": "a post",
    "business_cases.businesscase.sponsor": "a post or body",
    "partnership.action.owner": "a post",
    "partnership.decision.submitted_by": "a post",
    "partnership.outsidebodyappointment.support_officer": "a post",
    "partnership.significantpartnership.lead_member": "an office",
    "partnership.significantpartnership.lead_officer": "a post",
    "partnership.risk.owner": "a post",
    "reviews.coverreport.report_of": "a post",
    "reviews.implication.cleared_by": "a post",
    "reviews.review.author_title": "a post",
    "reviews.section.class_decided_by": "a post",
}


def test_every_field_that_may_hold_a_name_is_declared():
    texts = {}
    for model in log.remembered_models():
        texts |= {
            f"{model._meta.label_lower}.{field.name}": field.name in model.personal
            for field in model._meta.concrete_fields
            if field.get_internal_type() in ("CharField", "TextField")
            and not field.choices
            and SUSPECT.search(field.name)
        }
    assert {name for name, declared in texts.items() if not declared} == set(NOT_A_NAME)


def test_what_is_personal_can_be_blanked():
    personal = []
    for model in log.remembered_models():
        personal += [(model, name) for name in model.personal]
    assert len(personal) >= 4
    for model, name in personal:
        assert retention.nothing(model(), name) in (None, "", log.BLANKED), (model, name)


def test_a_person_is_told_everything_that_names_them(seats, tmp_path):
    ash = make_user(username="ash", name="Ash Able", email="ash@example.org")
    make_membership(user=ash, council=make_council(), role="officer")
    with recording(by=ash, reason="Resigned"):
        seat = Seat.objects.get(holder="Councillor Ash")
        seat.until_on = LAST_DAY
        seat.full_clean_and_save()
    path = tmp_path / "found.json"
    said = io.StringIO()
    call_command("subject_access", "ash", "--account", "ash", "--output", path, stdout=said)
    found = json.loads(path.read_text())
    assert [(one["register"], one["version"], one["fields"]) for one in found["records"]] == [
        ("place on the body", 1, {"held by": "Councilor Ash"}),
        ("place on the body", 2, {"held by": "Councillor Ash"}),
        ("place on the body", 3, {"held by": "Councillor Ash"}),
    ]
    assert (found["account"]["e_mail"], len(found["account"]["roles"])) == ("ash@example.org", 1)
    assert [(one["register"], one["reason"]) for one in found["changes_made"]] == [("place on the body", "Resigned")]
    assert "Birch" not in path.read_text()
    assert said.getvalue() == f"{path}: 3 versions of records name them, 1 changes are theirs.\n"
