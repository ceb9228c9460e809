"""Test databases that earlier migrations made."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField

from partnership.audit.log import EMPTY

pytestmark = pytest.mark.both_engines

OURS = ("partnership", "business_cases", "joint_posts", "reviews")


def put_back(executor):
    """Note of the portal's tables that the migrations which were drawn together made them; how many those were."""
    squashed = {key: one.replaces for key, one in executor.loader.disk_migrations.items() if one.replaces}
    assert {app for app, _ in squashed} == set(OURS)
    for key, replaced in squashed.items():
        executor.recorder.record_unapplied(*key)
        for earlier in replaced:
            executor.recorder.record_applied(*earlier)
    return sum(len(replaced) for replaced in squashed.values())


def plan():
    """Return the migrations that `migrate` would apply now."""
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def test_squashed_migrations_find_nothing_to_do_after_the_earlier_ones(db):
    assert put_back(MigrationExecutor(connection)) == 40
    assert plan() == []


def test_database_half_way_through_the_earlier_migrations_is_refused(db):
    """Django would say that there is nothing to do, and tables would be missing."""
    executor = MigrationExecutor(connection)
    put_back(executor)
    executor.recorder.record_unapplied("reviews", "0015_outcomes_order")
    with pytest.raises(CommandError, match=r"the release before first: reviews\.0015_outcomes_order\.$"):
        call_command("migrate", verbosity=0)


def columns_added_to_history():
    """Every column that a migration adds to a table of history, with what it holds in the rows that are there."""
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app not in OURS or migration.replaces:
            continue
        for operation in migration.operations:
            if isinstance(operation, AddField) and operation.model_name.startswith("historical"):
                field = operation.field
                held = None if field.is_relation else field.get_default()
                yield f"{app}.{name}: {operation.model_name}.{operation.name}", held


def test_columns_added_to_history_are_empty_in_earlier_rows():
    """What is empty is left out of a row's seal, so rows sealed before the column was there keep theirs."""
    added = dict(columns_added_to_history())
    assert "partnership.0015_partnership_rules: historicalpartnership.appointing_body" in added
    assert {column: held for column, held in added.items() if held not in EMPTY} == {}
