"""Give every council the key that names it, and refuse short names that differ by letter case alone.

Existing councils keep the key they had in narratives and addresses; where two had the same one, the council entered
later gets another. The history is sealed and stays as it was: versions recorded earlier have no key.
"""

from django.db import migrations, models
from django.db.models.functions import Lower
from django.db.models import Q

from partnership.models.councils import folded, free_key

RESERVED_KEYS = (
    "all",
    "amount",
    "both",
    "cost",
    "count",
    "joint",
    "none",
    "phrase",
    "pipeline",
    "posts",
    "titles",
    "total",
    "year-not-stated",
)


def name_councils(apps, schema_editor):
    """Fill in both columns, the council entered first before the others."""
    councils = apps.get_model("partnership", "Council")._base_manager
    keys = []
    short_names = set()
    for number, short_name in councils.order_by("pk").values_list("pk", "short_name"):
        key = free_key(short_name, keys)
        keys.append(key)
        unique = folded(short_name)
        if unique in short_names:
            # Two councils that were let in with the same initials: the second is asked for others when it is edited.
            unique = f"{unique} #{number}"
        short_names.add(unique)
        councils.filter(pk=number).update(key=key, short_name_folded=unique)


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0015_partnership_rules"),
    ]

    operations = [
        migrations.AddField(
            model_name="council",
            name="key",
            field=models.CharField(default="", editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name="council",
            name="short_name_folded",
            field=models.CharField(default="", editable=False, max_length=60),
        ),
        migrations.AddField(
            model_name="historicalcouncil",
            name="key",
            field=models.CharField(db_index=True, default="", editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name="historicalcouncil",
            name="short_name_folded",
            field=models.CharField(db_index=True, default="", editable=False, max_length=60),
        ),
        migrations.RunPython(name_councils, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="council",
            name="key",
            field=models.CharField(default="", editable=False, max_length=40, unique=True),
        ),
        migrations.AlterField(
            model_name="council",
            name="short_name_folded",
            field=models.CharField(default="", editable=False, max_length=60, unique=True),
        ),
        migrations.AddConstraint(
            model_name="council",
            constraint=models.CheckConstraint(
                condition=Q(key=Lower("key")) & ~Q(key="") & ~Q(key__in=RESERVED_KEYS),
                name="council_key_names_it_alone",
                violation_error_message="A council’s key is in lower case and is not a reserved word.",
            ),
        ),
    ]
