"""Two people edit one record at once: each one's own changes survive, and nobody puts back what they did not touch."""

from datetime import date

import pytest

from joint_posts.models import Saving
from tests.factories import make_council, make_membership, make_partnership, make_saving, make_user
from tests.html_forms import untouched

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def saving():
    elm = make_council(name="Elm Borough")
    fir = make_council(name="Fir Town")
    partnership = make_partnership(councils=[elm, fir])
    for name, council in (("Olive", elm), ("Otto", fir)):
        make_membership(user=make_user(username=name.lower(), name=name), council=council)
    return make_saving(partnership=partnership, title="One treasurer", basis="Two posts become one.", caveats="None.")


def sign_in(client, username):
    from partnership.models import User

    client.force_login(User.objects.get(username=username))


def opened_at(client, at):
    """Return what a browser would send of the form at an address when nothing is touched."""
    return untouched(client.get(at).content.decode())


def test_edit_after_somebody_else_offers_only_what_was_typed(saving, client):
    """Faults 2.4: the second person's save put back the first person's change."""
    at = f"/savings/{saving.pk}/edit/"
    sign_in(client, "olive")
    opened = opened_at(client, at)
    sign_in(client, "otto")
    client.post(at, opened_at(client, at) | {"title": "One shared treasurer", "reason": "Clearer"})
    sign_in(client, "olive")
    answer = client.post(at, opened | {"caveats": "Until 2021.", "reason": "The end is known"})
    assert answer.status_code == 409
    rows = [(row["label"], row["typed"], row["now"]) for row in answer.context["conflict"]["rows"]]
    assert rows == [("Caveats", "Until 2021.", "None.")]
    form = answer.context["form"]
    assert (form["title"].value(), form["caveats"].value()) == ("One shared treasurer", "Until 2021.")
    again = untouched(answer.content.decode()) | {"reason": "The end is known"}
    assert client.post(at, again).status_code == 302
    kept = Saving.objects.get()
    assert (kept.title, kept.caveats, kept.version) == ("One shared treasurer", "Until 2021.", 3)


def test_edit_of_the_same_field_shows_both_and_keeps_the_typed_one(saving, client):
    at = f"/savings/{saving.pk}/edit/"
    sign_in(client, "olive")
    opened = opened_at(client, at)
    sign_in(client, "otto")
    client.post(at, opened_at(client, at) | {"title": "Otto's", "identified_on": "2019-05-02", "reason": "Clearer"})
    sign_in(client, "olive")
    answer = client.post(at, opened | {"title": "Olive's", "reason": "Clearer"})
    rows = [(row["label"], row["typed"], row["now"]) for row in answer.context["conflict"]["rows"]]
    assert rows == [("Title", "Olive's", "Otto's")]
    assert answer.context["form"]["title"].value() == "Olive's"
    assert answer.context["form"]["reason"].value() == "Clearer"
    assert answer.context["form"]["identified_on"].value() == date(2019, 5, 2)
