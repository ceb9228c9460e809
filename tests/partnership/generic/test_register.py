"""Test what a register says to those who may read it. Who may is in the matrix (test_routes_matrix.py)."""

from datetime import date

import pytest
from django.urls import reverse

from partnership.accounts.roles import ROLES
from partnership.generic.pages import RegisterList
from tests.factories import make_option, make_post, make_recommendation, make_swot_item, withdraw
from tests.filled_registers import SALARY
from tests.matrix_world import every_register
from tests.route_table import REGISTERS

EVERY = every_register()
LISTED = [name for name, register in EVERY.items() if register.above is None]
# For each register who reads it, who keeps it, and what Alder's row of it is called where it is listed.
WHO = {
    name: (set(line.readers.split()), set(line.keepers.split()), line.row.format("Alder"))
    for name, line in REGISTERS.items()
}

pytestmark = pytest.mark.django_db


def address(name, view, rows):
    """Return where a page is, for the rows of one partnership."""
    register = EVERY[name]
    if view in ("list", "export"):
        return register.url(view)
    if view == "create":
        above = register.above
        return reverse(f"{name}_create", args=[getattr(rows[above.name], above.key)] if above else [])
    return register.url(view, rows[name])


def body_of(response):
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def test_pay_is_written_for_the_employers_pay_officers_alone(client, filled):
    """The salary stands for the home council's; the note for everybody who sees costs."""
    at = address("costshare", "detail", filled.ours)
    shown = {}
    for role in (*sorted(WHO["costshare"][0]), "neighbour"):
        client.force_login(filled.people[role])
        body = body_of(client.get(at))
        assert "Cost of Alder" in body, role
        shown[role] = f"£{SALARY:,}" in body
    assert shown == {
        "auditor": True,
        "finance_verifier": False,
        "monitoring_officer": True,
        "neighbour": False,
        "pay_officer": True,
    }


def test_share_stands_in_its_form_as_people_write_it(client, filled):
    client.force_login(filled.people["pay_officer"])
    assert 'name="percent_acc" value="50"' in body_of(client.get(address("costshare", "edit", filled.ours)))


def test_register_that_a_role_cannot_open_is_not_in_its_menu(client, filled):
    for role in ROLES:
        client.force_login(filled.people[role])
        body = body_of(client.get("/", follow=True))
        offered = {name for name in LISTED if f'href="{EVERY[name].url("list")}"' in body}
        assert offered == {name for name in LISTED if role in WHO[name][0] | WHO[name][1]}, role


def test_list_counts_every_row_and_shows_a_page(client, filled, monkeypatch):
    for title in ("Birch", "Cedar"):
        make_post(partnership=filled.ours["partnership"], title=title)
    client.force_login(filled.people["officer"])
    assert counted(client) == ("3 joint posts", ["Birch", "Cedar", "Post of Alder"])
    monkeypatch.setattr(RegisterList, "paginate_by", 2)
    assert counted(client) == ("3 joint posts", ["Birch", "Cedar"])
    assert counted(client, "?sort=-title") == ("3 joint posts", ["Post of Alder", "Cedar"])
    assert counted(client, "?page=2") == ("3 joint posts", ["Post of Alder"])
    assert counted(client, "?words=cedar") == ("1 joint post", ["Cedar"])
    assert client.get(f"{EVERY['jointpost'].url('list')}?page=3").status_code == 404


def counted(client, query=""):
    response = client.get(f"{EVERY['jointpost'].url('list')}{query}")
    context = response.context
    assert f'<p class="portal-results__count">{context["count_text"]}</p>' in body_of(response)
    return context["count_text"], [row["cells"][0]["text"] for row in context["rows"]]


def test_review_is_found_by_words_of_any_part_once_and_not_when_withdrawn(client, filled):
    review = filled.ours["review"]
    parts = {
        "kestrel": make_recommendation(review=review, text="the kestrel report."),
        "merlin": make_option(review=review, title="Merlin", description="A merlin"),
        "osprey": make_swot_item(review=review, text="An osprey"),
    }
    make_recommendation(review=review, text="the second kestrel report.")
    client.force_login(filled.people["officer"])

    def found(words):
        groups = client.get("/find/", {"words": words}).context["found"]
        rows = []
        for group in groups:
            rows.append((group["label"], [row["title"] for row in group["rows"]]))
        return rows

    title = [("Reviews", [str(review)])]
    assert [found(words) for words in ("Kestrel", "merlin", "kestrel osprey", "kestrel falcon")] == [title] * 3 + [[]]
    withdraw(parts["osprey"], date(2019, 5, 1))
    assert found("kestrel osprey") == []
