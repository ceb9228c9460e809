"""A dashboard with little on it: a target without lines, a saving withdrawn, shares of a sum, nothing published yet."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from joint_posts.models import SavingsTarget
from tests.factories import (
    keep,
    make_council,
    make_line,
    make_membership,
    make_partnership,
    make_saving,
    make_user,
    withdraw,
)
from tests.published import make_unpublished

pytestmark = pytest.mark.django_db


@pytest.fixture
def alder(client):
    """Alder, that shares with Birch; somebody of Alder is signed in."""
    alder = make_council(name="Alder", short_name="ACC")
    birch = make_council(name="Birch", short_name="BDC")
    make_partnership(councils=(alder, birch))
    user = make_user()
    make_membership(user=user, council=alder)
    client.force_login(user)
    return alder


def first_headline(client, **query):
    response = client.get("/", query)
    assert response.status_code == 200
    return "".join(piece.text for piece in response.context["board"].headlines[0].pieces)


def target(council, year):
    return keep(
        SavingsTarget(
            partnership=council.parties.get().partnership, council=council, financial_year=year, amount=Decimal(1000),
            set_on=date(2016, 4, 1), source="Budget",
        )
    )  # fmt: skip


@pytest.mark.parametrize("year", ["2017/18", "2019/20", "2031/32"])
def test_target_for_a_year_without_lines(client, alder, year):
    target(alder, year)
    asked = {"as_at": "2019-03-20", "known": "now"}
    assert first_headline(client, **asked) == f"Savings for {year}, both councils: not recorded"
    assert first_headline(client, council="acc", **asked) == f"Savings for {year}, Alder: not recorded"


@pytest.mark.parametrize("what", ["saving", "line"])
def test_only_saving_withdrawn(client, alder, what):
    target(alder, "2019/20")
    saving = make_saving(partnership=alder.parties.get().partnership)
    line = make_line(saving=saving, council=alder, estimated=Decimal(500))
    asked = {"as_at": "2019-03-20", "known": "now", "council": "acc"}
    assert first_headline(client, **asked) == "£500 estimated for 2019/20, Alder"
    withdraw(saving if what == "saving" else line, date(2019, 4, 1))
    assert first_headline(client, **asked) == "Savings for 2019/20, Alder: not recorded"


def test_share_of_a_sum_stands_in_a_file_with_pennies(client, alder):
    shared = {"attributed_percent": Decimal("33.333"), "shared_with_programme": "Digital"}
    saving = make_saving(partnership=alder.parties.get().partnership, **shared)
    make_line(saving=saving, council=alder, estimated=Decimal("100000.50"))
    at = reverse("figure_export", args=["savings.2019-20.acc.estimated"])
    lines = b"".join(client.get(at).streaming_content).decode("utf-8-sig").splitlines()
    assert [row["Amount in pounds"] for row in csv.DictReader(lines)] == ["33333.17"]


def test_other_councillor_sees_ratings_from_their_publication_alone(client):
    made = make_unpublished()
    client.force_login(made.councillor)
    assert "principles" not in client.get("/").context["board"].grids
    assert client.get("/figures/principles.count/").status_code == 404
