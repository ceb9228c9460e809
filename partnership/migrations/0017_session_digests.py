from django.db import migrations, models


def end_every_session(apps, schema_editor):
    """Remove the sessions whose keys were kept as they are: whoever read them could go on with them."""
    apps.get_model("partnership", "SignIn").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("partnership", "0016_council_keys")]

    operations = [
        migrations.RunPython(end_every_session, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="signin",
            name="session_key",
            field=models.CharField(
                max_length=64, primary_key=True, serialize=False, verbose_name="digest of the session key"
            ),
        ),
    ]
