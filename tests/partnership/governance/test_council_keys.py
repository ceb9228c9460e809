"""A council's key: it names one council alone in figures, form fields and addresses, whatever its short name."""

import importlib
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partnership.governance import workflow
from partnership.models import Council
from reviews.facts import facts
from reviews.facts.figures import figures
from tests.factories import (
    change,
    make_body,
    make_council,
    make_line,
    make_membership,
    make_partnership,
    make_saving,
    make_user,
)
from tests.html_forms import untouched
from tests.spreadsheets import as_csv, imported

pytestmark = pytest.mark.django_db

# Short names whose keys would collide, and reserved words; names that look the same are refused before that.
SHORT_NAMES = ["ACC", "A.C.C", "JOINT", "TOTAL", "Posts", "ВСС", "A B", "A-B", "&", "İstanbul"]
KEYS = [
    "acc",
    "acc-2",
    "joint-council",
    "total-council",
    "posts-council",
    "council",
    "a-b",
    "a-b-2",
    "council-2",
    "istanbul",
]


@pytest.fixture
def administrator():
    user = make_user()
    make_membership(user=user, council=make_council(short_name="HOME"), role="administrator")
    return user


def added(short_name, by):
    council = Council(name=f"Council of {short_name}", short_name=short_name, tier="district")
    return workflow.add_council(council, on=date(2019, 4, 1), by=by, reason="Entered")


def test_add_council_gives_each_short_name_a_key_of_its_own(administrator):
    assert [added(short_name, administrator).key for short_name in SHORT_NAMES] == KEYS


def test_figures_of_councils_with_alike_short_names_are_their_own():
    councils = [make_council(short_name=short_name) for short_name in SHORT_NAMES]
    partnership = make_partnership(councils=councils)
    saving = make_saving(partnership=partnership)
    for number, council in enumerate(councils, start=1):
        make_line(saving=saving, council=council, estimated=Decimal(1000 * number))
    found = figures(facts(partnership, date(2019, 4, 1)))
    own = [found[f"savings.2019-20.{council.key}.estimated"].text for council in councils]
    assert own == [f"£{number},000" for number in range(1, 11)]
    assert found["savings.2019-20.joint.estimated"].text == "£55,000"
    names = [found[f"council.{council.key}.short-name"].text for council in councils]
    assert names == SHORT_NAMES


@pytest.mark.parametrize("typed", ["acc", "Acc", "ＡＣＣ", " ACC "])
def test_add_council_short_name_differing_by_case_or_width_is_refused(typed, administrator):
    added("ACC", administrator)
    twin = Council(name="Twin", short_name=typed, tier="district")
    with pytest.raises(ValidationError) as caught:
        workflow.add_council(twin, on=date(2019, 4, 1), by=administrator, reason="Entered")
    assert caught.value.message_dict == {
        "short_name": ["Council of ACC already has the short name “ACC”. Choose another."]
    }


def test_form_of_a_council_says_that_a_short_name_is_taken(client, administrator):
    added("ACC", administrator)
    client.force_login(administrator)
    at = reverse("council_create")
    typed = untouched(client.get(at).content.decode()) | {"name": "Another", "short_name": "acc", "tier": "district"}
    page = client.post(at, typed)
    assert page.context["form"].errors == {
        "short_name": ["Council of ACC already has the short name “ACC”. Choose another."]
    }


def test_form_of_a_council_called_joint_gives_it_another_key(client, administrator):
    client.force_login(administrator)
    at = reverse("council_create")
    typed = untouched(client.get(at).content.decode()) | {"name": "Joint", "short_name": "JOINT", "tier": "district"}
    assert client.post(at, typed).status_code == 302
    assert Council.objects.get(short_name="JOINT").key == "joint-council"


def test_import_of_councils_gives_each_a_key_and_refuses_twins(client, administrator):
    client.force_login(administrator)
    headings = ["Name", "Short name", "Tier", "Name of its executive", "Name of its electoral areas"]
    headings.append("Numbering of recommendations")
    rest = ["District", "Cabinet", "Ward", "(1), (2), (3)"]
    rows = [[f"Council of {name}", name, *rest] for name in ("ACC", "A.C.C", "JOINT")]
    imported(client, "council", "councils.csv", as_csv([headings, *rows]))
    keys = dict(Council.objects.values_list("short_name", "key"))
    assert keys == {"HOME": "home", "ACC": "acc", "A.C.C": "acc-2", "JOINT": "joint-council"}
    job = imported(client, "council", "councils.csv", as_csv([headings, ["Twin", "acc", *rest]]))
    assert [problem["sentence"] for problem in job.result["problems"]] == [
        "Council of ACC already has the short name “ACC”. Choose another."
    ]


def test_key_of_a_council_stays_when_its_short_name_changes():
    council = make_council(short_name="OCC")
    change(council, short_name="OXC")
    assert Council.objects.get(pk=council.pk).key == "occ"
    assert make_council(short_name="OCC").key == "occ-2"


@pytest.mark.parametrize("key", ["acc", "joint", "ACD", ""])
def test_database_refuses_a_key_that_is_taken_reserved_or_in_capitals(key):
    make_council(short_name="ACC")
    other = make_council(short_name="BDC")
    with pytest.raises(IntegrityError), transaction.atomic():
        Council._base_manager.filter(pk=other.pk).update(key=key)


def test_database_taken_short_name_is_refused_whatever_its_case():
    make_council(short_name="ACC")
    other = make_council(short_name="BDC")
    with pytest.raises(IntegrityError), transaction.atomic():
        Council._base_manager.filter(pk=other.pk).update(short_name="acc", short_name_folded="acc")


def test_bodies_of_one_name_have_figures_of_their_own():
    council = make_council(short_name="ACC")
    partnership = make_partnership(councils=[council, make_council()])
    first = make_body(partnership=partnership, name="Working Group", short_name="WG")
    second = make_body(partnership=partnership, name="Wider Group", short_name="W.G")
    found = figures(facts(partnership, date(2019, 4, 1)))
    assert found["body.wg.name"].text == "Working Group"
    assert found[f"body.wg-{second.pk}.name"].text == "Wider Group"
    assert first.pk < second.pk


def test_migration_gives_councils_of_one_short_name_keys_of_their_own():
    """As a database of the release before may hold them: "ACC" and "acc", which one partnership may have let in."""
    councils = [make_council(short_name=short_name) for short_name in ("ACC", "B1", "JOINT", "OCC")]
    Council._base_manager.filter(pk=councils[1].pk).update(short_name="acc")
    for council in councils:
        Council._base_manager.filter(pk=council.pk).update(key=f"x{council.pk}", short_name_folded=f"x{council.pk}")
    migration = importlib.import_module("partnership.migrations.0016_council_keys")
    migration.name_councils(apps, SimpleNamespace())
    found = list(Council._base_manager.order_by("pk").values_list("short_name", "key", "short_name_folded"))
    assert found == [
        ("ACC", "acc", "acc"),
        ("acc", "acc-2", f"acc #{councils[1].pk}"),
        ("JOINT", "joint-council", "joint"),
        ("OCC", "occ", "occ"),
    ]


def test_past_facts_name_councils_recorded_before_keys_were_kept():
    """Their history is sealed and has no key; it is taken from the council as it is today."""
    council = make_council(short_name="ACC")
    partnership = make_partnership(councils=[council, make_council(short_name="BDC")])
    row = Council.history.get(id=council.pk)
    row.history_id = None
    row.history_date = timezone.now()
    row.key = row.short_name_folded = ""
    row.save()
    assert Council.objects.get(pk=council.pk).differs_from(row.instance) is False
    assert [council.key for council in facts(partnership, date(2019, 4, 1), timezone.now()).councils] == ["acc", "bdc"]
