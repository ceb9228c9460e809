"""Nobody can rewrite what was recorded without `verify_audit` naming the place."""

import io
import json
import os
import random
from contextlib import suppress

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from partnership.audit import heads, log
from partnership.audit.triggers import installed_triggers, trigger_errors, triggers_disabled
from partnership.models import AuditEntry, Body
from partnership.records.data_versions import DataVersion
from partnership.records.record import bulk_record, recording
from tests.factories import make_body, make_partnership, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

TAMPERINGS = 1_000 if "THOROUGH" in os.environ else 60  # `make faults` takes the thousand
ROWS = 30


@pytest.fixture(scope="module")
def chained(module_data):
    """A partnership whose bodies were entered, renamed and imported."""
    by = make_user()
    partnership = make_partnership()
    for number in range(ROWS // 3):
        body = make_body(partnership=partnership, name=f"Body {number}")
        with recording(by=by, reason="Renamed"):
            body.name = f"Renamed {number}"
            body.full_clean_and_save()
    with recording(by=by, reason="Imported"):
        bulk_record([Body(partnership=partnership, name=f"Imported {n}", kind=body.kind) for n in range(ROWS // 3)])
    return partnership


def test_chain_as_recorded_holds(chained):
    assert list(log.integrity_errors()) == []
    head = log.heads()[chained.pk]
    assert head.length == AuditEntry.objects.filter(partnership=chained).count() >= ROWS
    said = io.StringIO()
    call_command("verify_audit", stdout=said)
    assert head.seal in said.getvalue()


@pytest.mark.parametrize("part", ["partnership_id", "number", "register", "history_id", "digest", "previous"])
def test_seal_changes_with_every_part_of_a_link(chained, part):
    """Were the link before left out, whoever forges one link would not have to forge all that follow."""
    link = AuditEntry.objects.filter(partnership=chained).last()
    assert link.sealed() == link.seal
    said = getattr(link, part)
    setattr(link, part, said + 1 if isinstance(said, int) else said[::-1])
    assert link.sealed() != link.seal


def test_what_was_rolled_back_is_not_sealed(chained):
    by = make_user()
    before = log.heads()[chained.pk]
    with recording(by=by, reason="Two, of which one fails"):
        with suppress(ZeroDivisionError), recording(by=by, reason="Fails"):
            Body(partnership=chained, name="Rolled back", kind="scrutiny").full_clean_and_save()
            raise ZeroDivisionError
        Body(partnership=chained, name="Kept", kind="scrutiny").full_clean_and_save()
    assert log.heads()[chained.pk].length == before.length + 1
    assert list(log.integrity_errors()) == []


HISTORY = Body.history.model
TABLE = HISTORY._meta.db_table
LINKS = AuditEntry._meta.db_table


def some(chance, rows):
    """One of the rows, by chance."""
    return chance.choice(list(rows.order_by("pk").values_list("pk", flat=True)))


def altered_row(chance):
    return f"UPDATE {TABLE} SET name = 'Forged' WHERE history_id = {some(chance, HISTORY.objects)}"


def altered_author(chance):
    return f"UPDATE {TABLE} SET person = 'Somebody else' WHERE history_id = {some(chance, HISTORY.objects)}"


def altered_reason(chance):
    return f"UPDATE {TABLE} SET history_change_reason = 'Forged' WHERE history_id = {some(chance, HISTORY.objects)}"


def altered_day(chance):
    day = "2001-01-01 00:00:00"
    return f"UPDATE {TABLE} SET history_date = '{day}' WHERE history_id = {some(chance, HISTORY.objects)}"


def removed_row(chance):
    return f"DELETE FROM {TABLE} WHERE history_id = {some(chance, HISTORY.objects)}"


def altered_link(chance):
    return f"UPDATE {LINKS} SET digest = '{chance.randbytes(32).hex()}' WHERE id = {some(chance, AuditEntry.objects)}"


def removed_link(chance):
    return f"DELETE FROM {LINKS} WHERE id = {some(chance, AuditEntry.objects)}"


def swapped_links(chance):
    ours = AuditEntry.objects.filter(register="partnership.body")
    one, other = (
        AuditEntry.objects.get(pk=number) for number in chance.sample(list(ours.values_list("pk", flat=True)), 2)
    )
    digests = f"CASE id WHEN {one.pk} THEN '{other.digest}' ELSE '{one.digest}' END"
    return f"UPDATE {LINKS} SET digest = {digests} WHERE id IN ({one.pk}, {other.pk})"


def slipped_in_row(chance):
    columns = ", ".join(field.column for field in HISTORY._meta.concrete_fields if field.name != "history_id")
    row = some(chance, HISTORY.objects)
    return f"INSERT INTO {TABLE} ({columns}) SELECT {columns} FROM {TABLE} WHERE history_id = {row}"


def record_changed_past_the_portal(chance):
    return f"UPDATE partnership_body SET name = 'Forged' WHERE id = {some(chance, Body.objects)}"


def record_deleted_outright(chance):
    return f"DELETE FROM partnership_body WHERE id = {some(chance, Body.objects)}"


def cut_off_end(chance):
    last = AuditEntry.objects.filter(register="partnership.body").order_by("-number")[chance.randrange(5)]
    return f"DELETE FROM {LINKS} WHERE id >= {last.pk}"


FORGERIES = (
    altered_row,
    altered_author,
    altered_reason,
    altered_day,
    removed_row,
    altered_link,
    removed_link,
    swapped_links,
    slipped_in_row,
    record_changed_past_the_portal,
    record_deleted_outright,
    cut_off_end,
)


def test_every_forgery_is_found(chained):
    chance = random.Random(20190316)
    missed = []
    with triggers_disabled():
        for number in range(TAMPERINGS):
            forge = FORGERIES[number % len(FORGERIES)]
            statement = forge(chance)
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                    assert cursor.rowcount >= 1, statement
                if not any(True for _ in log.integrity_errors()):
                    missed.append(statement)
                transaction.set_rollback(True)
    assert missed == []


def test_command_names_the_place_and_what_to_do(chained):
    said = io.StringIO()
    number = HISTORY.objects.filter(name="Body 3").get().pk
    with triggers_disabled(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET name = 'Forged' WHERE history_id = {number}")
    with pytest.raises(CommandError, match=r"^The record does not hold, in 1 place\. Change nothing"):
        call_command("verify_audit", stderr=said)
    assert said.getvalue().endswith(f"row {number} of the history of partnership.body is not what was recorded.\n")


def test_history_older_than_the_chain_is_sealed_once(chained):
    """As on the first `migrate` of an installation that is older than the chain."""
    rows = sum(model.history.count() for model in log.remembered_models())
    with triggers_disabled():
        AuditEntry.objects.all().delete()
        DataVersion.objects.update(chain_length=0, chain_seal=log.FIRST_SEAL)
    DataVersion.begin_chains()
    assert AuditEntry.objects.count() == rows
    assert list(log.integrity_errors()) == []
    DataVersion.begin_chains()
    assert AuditEntry.objects.count() == rows


def test_every_history_and_what_is_published_is_append_only():
    """Also after a migration built a table anew, which on SQLite drops its triggers."""
    histories = {model.history.model._meta.db_table for model in apps.get_models() if hasattr(model, "history")}
    once = {"partnership_auditentry", "partnership_redaction"}
    once |= {f"reviews_{name}" for name in ("edition", "editionfile", "editiondata", "exemptpaper")}
    records = {model._meta.db_table for model in apps.get_models() if hasattr(model, "history")}
    change, deletion = {
        "postgresql": (("no_change", "no_emptying"), ("no_deletion", "no_emptying")),
        "sqlite": (("no_update", "no_delete"), ("no_delete",)),
    }[connection.vendor]
    wanted = set()
    for table in histories | once:
        wanted |= {f"{table}_{suffix}" for suffix in change}
    for table in records:
        wanted |= {f"{table}_{suffix}" for suffix in deletion}
    assert set(installed_triggers()) == wanted
    assert list(trigger_errors()) == []


def test_every_table_written_once_but_the_chain_is_sealed_in_the_chain():
    once = {model for model in apps.get_models() if getattr(model, "append_only", False)}
    assert once - {AuditEntry} == set(log.sealed_models())


@pytest.mark.parametrize("table", [TABLE, LINKS])
def test_database_refuses_to_change_or_remove_what_was_recorded(chained, table):
    key = "history_id" if table == TABLE else "id"
    for statement in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):
        refused = pytest.raises(DatabaseError, match="What was recorded stays as it is")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_database_refuses_to_delete_a_record(chained):
    statements = ["DELETE FROM partnership_body"]
    if connection.vendor == "postgresql":
        statements.append("TRUNCATE partnership_body CASCADE")
    connection.check_constraints()  # PostgreSQL does not empty a table while foreign keys wait to be checked
    for statement in statements:
        refused = pytest.raises(DatabaseError, match=r"Nothing is deleted from|What was recorded stays as it is")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Body.objects.count() == 2 * ROWS // 3


SWITCHED_OFF = {
    "postgresql": [
        ("DROP TRIGGER partnership_body_no_deletion ON partnership_body", "is missing or switched off"),
        ("ALTER TABLE partnership_body DISABLE TRIGGER partnership_body_no_deletion", "is missing or switched off"),
        (
            "CREATE OR REPLACE TRIGGER partnership_body_no_deletion BEFORE INSERT ON partnership_body"
            " FOR EACH ROW EXECUTE FUNCTION refuse_deletion()",
            "was altered",
        ),
    ],
    "sqlite": [
        ("DROP TRIGGER partnership_body_no_delete", "is missing or switched off"),
        (
            "DROP TRIGGER partnership_body_no_delete;"
            "CREATE TRIGGER partnership_body_no_delete BEFORE DELETE ON partnership_body BEGIN SELECT 1; END",
            "was altered",
        ),
    ],
}


@pytest.mark.parametrize("number", range(3))
def test_verify_audit_trigger_switched_off_is_named(chained, number):
    cases = SWITCHED_OFF[connection.vendor]
    if number >= len(cases):
        pytest.skip("this engine has fewer ways")
    statements, words = cases[number]
    connection.check_constraints()  # PostgreSQL does not alter a table while foreign keys wait to be checked
    with connection.cursor() as cursor:
        for statement in statements.split(";", 1):
            cursor.execute(statement)
    suffix = "no_deletion" if connection.vendor == "postgresql" else "no_delete"
    said = io.StringIO()
    with pytest.raises(CommandError, match="in 1 place"):
        call_command("verify_audit", stderr=said)
    assert said.getvalue() == f"The trigger partnership_body_{suffix}, which protects partnership_body, {words}.\n"


def test_verify_audit_emptied_trigger_function_is_named(chained):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no functions in the database")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ BEGIN RETURN OLD; END $$ LANGUAGE plpgsql"
        )
    assert list(trigger_errors()) == ["The function refuse_change, which the triggers call, is missing or was altered."]


@pytest.fixture(scope="module")
def registers(filled):
    """Rows of every register, each with its history."""
    return filled


@pytest.mark.parametrize("label", ["partnership.membership", "joint_posts.savingline", "joint_posts.poststep"])
def test_verify_audit_row_deleted_outright_is_named(registers, label):
    model = apps.get_model(label)
    pk = model.objects.order_by("pk").values_list("pk", flat=True).first()
    said = io.StringIO()
    with triggers_disabled(), connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = {pk}")
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", stderr=said)
    assert f"Row {pk} of {label} was deleted; its history is still there.\n" in said.getvalue()
    # So that the end of the test does not find links that lead nowhere.
    columns = ", ".join(field.column for field in model._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {columns} FROM {model.history.model._meta.db_table}"
            f" WHERE id = {pk} ORDER BY history_id DESC LIMIT 1"
        )
    assert list(log.integrity_errors()) == []


def test_every_register_knows_of_rows_deleted_outright(registers):
    """Every kind of record, not only those named above: each is compared with its history."""
    models = [model for model in log.remembered_models() if model.objects.exists()]
    assert len(models) > 50
    for model in models:
        assert list(log.deleted_outright(model)) == []
        history = model.history.model
        columns = ", ".join(field.column for field in history._meta.concrete_fields if field.name != "history_id")
        row = history.objects.order_by("history_id").first()
        others = columns.replace("id", str(row.id + 1_000_000), 1) if columns.startswith("id,") else None
        assert others, model
        with transaction.atomic(), connection.cursor() as cursor:
            table = history._meta.db_table
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {others} FROM {table} WHERE history_id = {row.history_id}"
            )
            label = model._meta.label_lower
            assert list(log.deleted_outright(model)) == [
                f"Row {row.id + 1_000_000} of {label} was deleted; its history is still there."
            ]
            transaction.set_rollback(True)


SIGNING_KEY = "11" * 32
ANOTHER_KEY = "22" * 32


@pytest.fixture
def exported(chained, settings, tmp_path):
    """A file of signed heads."""
    settings.AUDIT_SIGNING_KEY = SIGNING_KEY
    path = tmp_path / "heads.json"
    call_command("export_audit_head", output=path, stdout=io.StringIO())
    return path


def test_verify_audit_head_holds_after_more_was_recorded(chained, exported):
    with recording(by=make_user(), reason="Entered later"):
        Body(partnership=chained, name="Later", kind="scrutiny").full_clean_and_save()
    said = io.StringIO()
    call_command("verify_audit", head=[exported], stdout=said)
    assert "The chains hold the seals that were exported at" in said.getvalue()


def test_verify_audit_head_public_key_is_enough(exported, settings):
    settings.AUDIT_SIGNING_KEY = ""
    settings.AUDIT_PUBLIC_KEY = heads.public_key_of(SIGNING_KEY)
    call_command("verify_audit", head=[exported], stdout=io.StringIO())


def rewrite_chain(scope):
    """Return what somebody with every right in the database does: other words in a row, and new seals throughout."""
    with triggers_disabled():
        HISTORY.objects.filter(name="Body 3").update(name="Forged")
        links = list(AuditEntry.objects.filter(partnership_id=scope).order_by("number"))
        head = log.BEGINNING
        for link, row in zip(links, log.rows_sealed_by(links), strict=True):
            link.digest = log.digest_of(row, log.personal_digests(row))
            link.previous = head.seal
            link.seal = link.sealed()
            link.save()
            head = log.Head(link.number, link.seal)
        DataVersion.objects.filter(partnership_id=scope).update(chain_length=head.length, chain_seal=head.seal)


def test_verify_audit_head_chain_rewritten_whole_is_found(chained, exported):
    before = log.heads()[chained.pk]
    rewrite_chain(chained.pk)
    assert list(log.integrity_errors()) == []  # nothing shows from the inside
    said = io.StringIO()
    with pytest.raises(CommandError, match="in 1 place"):
        call_command("verify_audit", head=[exported], stderr=said)
    at = json.loads(exported.read_text())["exported_at"]
    assert said.getvalue() == (
        f"The chain of partnership {chained.pk} does not have the seal that was exported at {at}:"
        f" link {before.length} was sealed by {before.seal}.\n"
    )


def test_verify_audit_head_chain_cut_off_with_its_head_is_found(chained, exported):
    with triggers_disabled():
        last = AuditEntry.objects.filter(partnership=chained).order_by("-number")[0]
        row = log.rows_sealed_by([last])[0]
        AuditEntry.objects.filter(pk=last.pk).delete()
        HISTORY.objects.filter(pk=row.pk).delete()
        Body.objects.model._base_manager.filter(pk=row.id)._raw_delete(using="default")
    DataVersion.objects.filter(partnership=chained).update(chain_length=last.number - 1, chain_seal=last.previous)
    assert list(log.integrity_errors()) == []
    with pytest.raises(CommandError, match="in 1 place"):
        call_command("verify_audit", head=[exported], stderr=io.StringIO())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace('"exported_at": "', '"exported_at": "1'), "was changed after it was exported"),
        (lambda text: text[:-30], "is not a file that export_audit_head wrote"),
        (lambda text: "[]", "is not a file that export_audit_head wrote"),
        (lambda text: heads.export(timezone.now(), ANOTHER_KEY), "signed with another key"),
    ],
)
def test_verify_audit_head_forged_file_is_refused(exported, change, sentence):
    exported.write_text(change(exported.read_text()))
    with pytest.raises(CommandError, match=sentence):
        call_command("verify_audit", head=[exported])


def test_export_audit_head_without_a_key_says_what_to_set(settings):
    settings.AUDIT_SIGNING_KEY = ""
    with pytest.raises(CommandError, match=r"^Set AUDIT_SIGNING_KEY to 64 hexadecimal digits"):
        call_command("export_audit_head")
    settings.AUDIT_SIGNING_KEY = "short"
    with pytest.raises(CommandError, match=r"^AUDIT_SIGNING_KEY must be 64 hexadecimal digits\."):
        call_command("export_audit_head")
