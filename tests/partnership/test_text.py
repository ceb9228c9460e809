"""Test what people type into forms: nothing is cut, months go with their precision, names hold nothing invisible."""

from datetime import date

import pytest

from joint_posts.models import JointPost, Saving
from partnership.models import Agreement
from partnership.records.record import recording
from partnership.text import folded, one_line, visibly_different, without_controls
from tests.html_forms import untouched
from tests.partnership.generic.test_register import EVERY, address

pytestmark = pytest.mark.django_db

UNSEEN = "\u200b\u200d\u2060\ufeff\u00ad\u202e\u2066\u200f\u3164\u034f\x07"


@pytest.fixture
def send(client, filled):
    def submit(at, **typed):
        client.force_login(filled.people["officer"])
        sent = untouched(client.get(at).content.decode())
        return client.post(at, sent | {"reason": "As the minutes say"} | typed, follow=True)

    return submit


def errors(response):
    return [link.message for link in response.context["form"].error_summary]


# --- Nothing is cut ---------------------------------------------------------------------------------------------------


def test_no_form_of_a_register_lets_the_browser_cut_what_is_typed(client, filled):
    asked = 0
    for name, register in EVERY.items():
        for who in ("officer", "pay_officer", "administrator", "clerk", "writer"):
            if name in filled.ours and who in filled.people and register.is_entered and register.is_edited:
                client.force_login(filled.people[who])
                response = client.get(address(register.name, "edit", filled.ours))
                if response.status_code == 200:
                    asked += 1
                    assert "maxlength" not in response.content.decode(), name
    assert asked > 20


def test_text_that_is_too_long_is_refused_with_both_numbers(send, filled):
    title = "Joint management of waste and highways " * 6
    response = send(address("saving", "edit", filled.ours), title=title)
    assert errors(response) == [f"“Title”: at most 160 characters; you entered {len(title.strip())}"]
    assert response.context["form"]["title"].value() == title.strip()


# --- Months -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["April 2007", "Apr-07", "04/2007", "2007-04"])
def test_month_with_month_only_is_kept_as_a_month(typed, send, filled):
    response = send(address("agreement", "edit", filled.ours), made_on=typed, made_precision="month")
    assert response.redirect_chain
    agreement = Agreement.objects.get(pk=filled.ours["agreement"].pk)
    assert (agreement.made_on, agreement.made_precision) == (date(2007, 4, 1), "month")


@pytest.mark.parametrize("precision", ["day", "by"])
def test_month_with_an_exact_day_is_refused(precision, send, filled):
    response = send(address("agreement", "edit", filled.ours), made_on="April 2007", made_precision=precision)
    assert errors(response) == ["“April 2007” names no day. Enter the day, or choose “month only”."]


def test_month_where_a_day_is_needed_is_refused(send, filled):
    response = send(address("agreement", "edit", filled.ours), review_due_on="Apr-27")
    assert errors(response) == ["“Apr-27” names no day. Enter the day as well, like 23 April 2019."]


# --- Names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept", "is_seen"),
    [
        ("Head of  Legal", "Head of Legal", False),
        ("Head\u00a0of Legal", "Head of Legal", False),
        ("Cafe\u0301", "Café", False),
        (f"Head{UNSEEN} of Legal", "Head of Legal", True),
        ("Head\u200b of Legal", "Head of Legal", False),
        ("Head of\r\nLegal", "Head of Legal", True),
        ("Head of\u2028Legal", "Head of Legal", True),
        ("\u202eHead of Legal", "Head of Legal", True),
        ("  Head of Legal \n", "Head of Legal", False),
        (UNSEEN, "", True),
    ],
)
def test_one_line_keeps_what_can_be_seen(typed, kept, is_seen):
    assert one_line(typed) == kept
    assert one_line(kept) == kept
    assert visibly_different(typed, kept) is is_seen


def test_text_of_several_lines_loses_control_characters_alone():
    typed = "  One\r\n\ttwo\u200d \u202ethree\x07\x0bfour\n\n"
    assert without_controls(typed) == "  One\n\ttwo\u200d \u202ethree\nfour\n\n"


@pytest.mark.parametrize(
    "name",
    ["Alder\u00a0County", "ALDER  county", "Alder\u200b County", "Ａｌｄｅｒ County", "A\u0301lder County"],
)
def test_folded_names_are_one(name):
    assert folded(name) == folded("Alder County")


def test_folded_apostrophes_and_dashes_are_one():
    assert folded("King’s Lynn – West") == folded("king's lynn - west") == folded("King‘s Lynn ‑ West")


@pytest.mark.parametrize(
    "name", ["Thornbury and Wold", "THORNBURY&WOLD", "Thornbury ＆ Wold", "Thornbury  &\u00a0Wold"]
)
def test_folded_ampersand_is_and(name):
    assert folded(name) == folded("Thornbury & Wold") == "thornbury and wold"


def test_title_with_hidden_characters_is_kept_without_them_and_says_so(send, filled):
    response = send(address("saving", "edit", filled.ours), title="\u202eSaving\u200b of\u00a0Alder again")
    saving = Saving.objects.get(pk=filled.ours["saving"].pk)
    assert saving.title == "Saving of Alder again"
    assert [str(message) for message in response.context["messages"]] == [
        "Saving “Saving of Alder again” saved. Line breaks or hidden characters were removed from “Title”."
    ]


def test_title_of_nothing_but_hidden_characters_is_asked_for(send, filled):
    assert errors(send(address("saving", "edit", filled.ours), title="\u200b\u3164")) == ["Fill in “Title”"]


def test_record_written_without_a_form_is_tidied_too(filled):
    post = JointPost.objects.get(pk=filled.ours["jointpost"].pk)
    post.title = "Head\u200b of\r\nLegal"
    post.purpose = "One\n\ntwo\x07"
    with recording(by=filled.people["officer"], reason="Set up"):
        post.full_clean_and_save()
    post.refresh_from_db()
    assert (post.title, post.purpose) == ("Head of Legal", "One\n\ntwo")
    assert post.history.latest("history_id").title == "Head of Legal"


def test_commas_in_a_form_are_read_as_in_a_file(send, filled):
    response = send(address("savingline", "edit", filled.ours), estimated="1234,50")
    assert errors(response) == [
        "“1234,50” is not an amount of money. Write a comma only between thousands, and a point before pence, like"
        " 1,234.50."
    ]
    response = send(address("saving", "edit", filled.ours), attributed_percent="27,5")
    assert errors(response) == ["“27,5” is not a percentage. Write a point before the decimal, like 27.5."]
