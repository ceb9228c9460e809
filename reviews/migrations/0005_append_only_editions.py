"""What was published is never changed: the database refuses it, whoever asks."""

from django.db import migrations

from partnership.append_only import guard, release

TABLES = ("reviews_edition", "reviews_editionfile", "reviews_exemptpaper")


def set_triggers(apps, schema_editor):
    guard(TABLES)


def drop_triggers(apps, schema_editor):
    release(TABLES)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_editions")]

    operations = [migrations.RunPython(set_triggers, drop_triggers)]
