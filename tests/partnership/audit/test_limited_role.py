"""On PostgreSQL the portal runs as a role that can add to the record, and neither change nor empty it."""

import io
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from partnership.audit import log
from partnership.models import Body
from partnership.records.record import recording
from tests.factories import make_body, make_partnership, make_user

pytestmark = pytest.mark.django_db

ROLE = "portal_web"


@contextmanager
def as_the_portal():
    """Return what is done inside is done with the rights of the limited role."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
        call_command("limit_role", ROLE, stdout=io.StringIO())
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        yield cursor
        transaction.set_rollback(True)


@pytest.fixture
def body():
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has roles")
    return make_body(partnership=make_partnership(), name="Scrutiny")


def test_the_portal_writes_and_seals_as_ever(body):
    by = make_user()
    with as_the_portal():
        with recording(by=by, reason="Renamed"):
            body.name = "Overview and scrutiny"
            body.full_clean_and_save()
        assert Body.objects.get().name == "Overview and scrutiny"
        assert list(log.integrity_errors()) == []


HISTORY = Body.history.model._meta.db_table
LINKS = "partnership_auditentry"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {HISTORY} SET name = 'Forged'",
        f"DELETE FROM {HISTORY}",
        f"TRUNCATE {HISTORY}",
        f"ALTER TABLE {HISTORY} DISABLE TRIGGER USER",
        f"DROP TRIGGER {HISTORY}_no_change ON {HISTORY}",
        f"DROP TABLE {HISTORY}",
        f"DELETE FROM {LINKS}",
        "UPDATE reviews_edition SET title = 'Forged'",
        "DELETE FROM django_migrations",
        "TRUNCATE partnership_body CASCADE",
        "DELETE FROM partnership_body",
        "DELETE FROM partnership_membership",
        "DELETE FROM partnership_user",
        "DELETE FROM partnership_dataversion",
        "DELETE FROM joint_posts_savingline",
        "DELETE FROM reviews_editionfile",
        "TRUNCATE partnership_attempt",
        "CREATE TABLE forged (id int)",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql",
        "SET session_replication_role = replica",
    ],
)
def test_the_portal_cannot_touch_what_was_recorded(body, statement):
    with as_the_portal() as cursor, pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        cursor.execute(statement)


def test_role_of_the_portal_deletes_what_comes_and_goes_and_no_records(body):
    """The whole list, by hand."""
    with as_the_portal() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(%s, oid, 'DELETE')",
            [ROLE],
        )
        found = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND has_table_privilege(%s, oid, 'TRUNCATE')", [ROLE]
        )
        assert cursor.fetchone() == (0,)
    assert found == DELETED


DELETED = {
    "django_session",
    "mfa_authenticator",
    "partnership_attempt",
    "partnership_keptform",
    "partnership_signin",
    "partnership_submission",
    "reviews_sectiondraft",
    "socialaccount_socialaccount",
    "socialaccount_socialtoken",
}


def test_a_role_that_may_do_everything_is_refused(body):
    with pytest.raises(CommandError, match=r"^postgres may do everything"):
        call_command("limit_role", "postgres")
    with pytest.raises(CommandError, match=r"^There is no role nobody_here; make it first"):
        call_command("limit_role", "nobody_here")


def test_sqlite_has_no_roles():
    if connection.vendor == "postgresql":
        pytest.skip("about SQLite")
    with pytest.raises(CommandError, match=r"^Only PostgreSQL has roles"):
        call_command("limit_role", ROLE)
