"""Nobody can rewrite what was recorded without `verify_audit` naming the place."""

import io
import os
import random
from contextlib import suppress

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from partnership import chain
from partnership.append_only import guarded, lifted
from partnership.data_versions import DataVersion
from partnership.models import AuditEntry, Body
from partnership.records import bulk_record, recording
from tests.factories import make_body, make_partnership, make_user

pytestmark = pytest.mark.django_db

TAMPERINGS = 1_000 if "THOROUGH" in os.environ else 55  # `make faults` takes the thousand
ROWS = 30


@pytest.fixture(scope="module")
def chained(module_data):
    """A partnership whose bodies were entered, renamed and imported."""
    by, partnership = make_user(), make_partnership()
    for number in range(ROWS // 3):
        body = make_body(partnership=partnership, name=f"Body {number}")
        with recording(by=by, reason="Renamed"):
            body.name = f"Renamed {number}"
            body.put_on_record()
    with recording(by=by, reason="Imported"):
        bulk_record([Body(partnership=partnership, name=f"Imported {n}", kind=body.kind) for n in range(ROWS // 3)])
    return partnership


def test_chain_as_recorded_holds(chained):
    assert list(chain.broken_places()) == []
    head = chain.heads()[chained.pk]
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
    by, before = make_user(), chain.heads()[chained.pk]
    with recording(by=by, reason="Two, of which one fails"):
        with suppress(ZeroDivisionError), recording(by=by, reason="Fails"):
            Body(partnership=chained, name="Rolled back", kind="scrutiny").put_on_record()
            raise ZeroDivisionError
        Body(partnership=chained, name="Kept", kind="scrutiny").put_on_record()
    assert chain.heads()[chained.pk].length == before.length + 1
    assert list(chain.broken_places()) == []


HISTORY = Body.history.model
TABLE, LINKS = HISTORY._meta.db_table, AuditEntry._meta.db_table


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
    cut_off_end,
)


def test_every_forgery_is_found(chained):
    chance, missed = random.Random(20190316), []
    with lifted():
        for number in range(TAMPERINGS):
            forge = FORGERIES[number % len(FORGERIES)]
            statement = forge(chance)
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                    assert cursor.rowcount >= 1, statement
                if not any(True for _ in chain.broken_places()):
                    missed.append(statement)
                transaction.set_rollback(True)
    assert missed == []


def test_command_names_the_place_and_what_to_do(chained):
    said = io.StringIO()
    number = HISTORY.objects.filter(name="Body 3").get().pk
    with lifted(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {TABLE} SET name = 'Forged' WHERE history_id = {number}")
        with pytest.raises(CommandError, match=r"^The record does not hold, in 1 place\. Change nothing"):
            call_command("verify_audit", stderr=said)
        transaction.set_rollback(True)
    assert said.getvalue().endswith(f"row {number} of the history of partnership.body is not what was recorded.\n")


def test_history_older_than_the_chain_is_sealed_once(chained):
    """As on the first `migrate` of an installation that is older than the chain."""
    rows = sum(model.history.count() for model in chain.remembered_models())
    with lifted():
        AuditEntry.objects.all().delete()
        DataVersion.objects.update(chain_length=0, chain_seal=chain.NOTHING)
    DataVersion.begin_chains()
    assert AuditEntry.objects.count() == rows
    assert list(chain.broken_places()) == []
    DataVersion.begin_chains()
    assert AuditEntry.objects.count() == rows


def test_every_history_and_what_is_published_is_append_only():
    """Also after a migration built a table anew, which on SQLite drops its triggers."""
    histories = {model.history.model._meta.db_table for model in apps.get_models() if hasattr(model, "history")}
    once = {"partnership_auditentry", "partnership_redaction"}
    once |= {f"reviews_{name}" for name in ("edition", "editionfile", "exemptpaper")}
    assert guarded() == dict.fromkeys(histories | once, 2)


@pytest.mark.parametrize("table", [TABLE, LINKS])
def test_database_refuses_to_change_or_remove_what_was_recorded(chained, table):
    key = "history_id" if table == TABLE else "id"
    for statement in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):
        refused = pytest.raises(DatabaseError, match="What was recorded stays as it is")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
