"""Names that a reader cannot tell apart: refused for user names and councils, by form, workflow and import."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from partnership.accounts import workflow
from partnership.models import Council, User
from partnership.text import is_look_alike
from tests.spreadsheets import as_csv, hand_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("clerk.partner", "clerk.pаrtner"),
        ("clerk.partner", "Clerk.Partner"),
        ("clerk.partner", "ｃｌｅｒｋ.partner"),
        ("clerk.partner", "clerk.ρartner"),
        ("Alder County", "Alder\u200b County"),
        ("Alder County", "AIder County"),
        ("Alder County", "A1der County"),
        ("Alder County", "Аlder  Соunty"),
        ("Stow-on-the-Wold", "Stow‑on‑the‑Wold"),
        ("BDC", "bdc"),
        ("OCC", "0CC"),
    ],
)
def test_names_that_look_the_same_are_told(name, other):
    assert is_look_alike(name, other)
    assert is_look_alike(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [("LCC", "ICC"), ("Alder County", "Elder County"), ("jane.smith", "jan.smith"), ("ann.ali", "ann.alan")],
)
def test_names_that_look_different_are_both_taken(name, other):
    assert not is_look_alike(name, other)


@pytest.mark.parametrize("username", ["Officer", "оfficer", "offіcer"])
def test_user_name_like_another_is_refused(username, filled):
    before = User.objects.count()
    with pytest.raises(ValidationError) as refused:
        workflow.add_person(
            username=username,
            name="Somebody",
            email="",
            password="a long enough password for a test",
            council=filled.ours["partnership"].parties.first().council,
            role="officer",
            from_on=date(2026, 1, 1),
            by=filled.people["administrator"],
        )
    assert refused.value.message_dict == {
        "username": [f"“{filled.people['officer'].username}” is taken, and this looks the same. Choose another."]
    }
    assert User.objects.count() == before


@pytest.mark.parametrize("name", ["Alder\u200bCounty", "ALDER COUNTY", "Alder Соunty", "AIder County", "Alder  County"])
def test_council_with_the_name_of_another_is_refused_in_a_file(name, client, filled):
    client.force_login(filled.people["administrator"])
    name = name.replace("\u200b", "\u200b ")
    content = as_csv([["Name", "Short name", "Tier"], [name, "NEWC", "County"]])
    job = hand_in(client, "council", "c.csv", content)
    assert [(found["column"], found["sentence"]) for found in job.result["problems"]] == [
        ("Name", "“Alder County” is another council’s. Choose one that looks different.")
    ]
    assert Council.objects.filter(short_name="NEWC").count() == 0
