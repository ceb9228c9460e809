"""Bad input: the sentence, where it leads, and that not one row, version or history row moved."""

import re
from html import unescape

import pytest

from tests.filled_registers import everything
from tests.html_forms import untouched
from tests.partnership.generic.test_register import EVERY, LISTED, WHO, address

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a href="#([^"]+)">([^<]+)</a>')


@pytest.fixture
def send(client, filled):
    """Sends a form as somebody, with some of its fields typed over; nothing may be written by it."""

    def submit(who, at, **typed):
        client.force_login(filled.people[who])
        sent = untouched(client.get(at).content.decode())
        before = everything()
        response = client.post(at, sent | {"reason": "As the minutes say"} | typed)
        assert everything() == before
        return response

    return submit


def complaints(response):
    """The links of the error summary: sentence → id; and each id is that of a control on the page."""
    page = response.content.decode()
    summary = page.partition('class="govuk-error-summary"')[2].partition("</ul>")[0]
    links = {unescape(sentence): target for target, sentence in LINK.findall(summary)}
    assert "There is a problem" in summary
    assert len(links) == summary.count("<li>"), "a sentence leads nowhere"
    assert [target for target in links.values() if page.count(f' id="{target}"') != 1] == []
    assert "<title>Error: " in page
    return links


def edit(filled, name):
    return address(name, "edit", filled.ours)


# Whose form, who sends it, what they type, where the sentence leads, and the sentence.
WRONG = [
    (
        "agreement",
        "officer",
        {"commenced_on": "1 October 2018", "expires_on": "30 September 2018"},
        "expires_on",
        "Enter an expiry that is not before the agreement's start on 1 October 2018.",
    ),
    (
        "partnership",
        "administrator",
        {"started_on": "1 October 2018", "ended_on": "1 September 2018", "end_reason": "Over"},
        "ended_on",
        "Enter an end that is not before the start.",
    ),
    (
        "commitment",
        "officer",
        {"adopted_on": "31/02/2026"},
        "adopted_on",
        "“31/02/2026” is not a date: February 2026 has 28 days.",
    ),
    ("agreement", "officer", {"review_due_on": "31/12/9999"}, "review_due_on", "Enter a date from 1900 to 2999."),
    ("commitment", "officer", {"adopted_on": "31 December 1899"}, "adopted_on", "Enter a date from 1900 to 2999."),
    (
        "commitment",
        "officer",
        {"number": "nine"},
        "number",
        "“Number” must be a number",
    ),
    ("saving", "officer", {"title": "  "}, "title", "Fill in “Title”"),
    ("saving", "officer", {"reason": " "}, "reason", "Say why you are changing this"),
    (
        "savingline",
        "officer",
        {"estimated": "lots"},
        "estimated",
        "“lots” is not an amount of money. Enter pounds like 1,234 or 1,234.50.",
    ),
    (
        "savingline",
        "officer",
        {"financial_year": "2019/21"},
        "financial_year",
        "“2019/21” is not a financial year. Write it like 2019/20.",
    ),
    (
        "savingline",
        "officer",
        {"delivered": "100"},
        "delivered_to_on",
        "Enter the last day that the delivered figure covers.",
    ),
    (
        "comparator",
        "officer",
        {"amount": "£20,000,000", "period": ""},
        "period",
        "Enter the period that the amount covers, for example “over 10 years”.",
    ),
    (
        "servicearrangement",
        "officer",
        {"provider": ""},
        "provider",
        "Choose the council that provides the service.",
    ),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case[0]}-{case[3]}")
def test_wrong_answer_is_named_and_led_to(filled, send, case):
    name, who, typed, field, sentence = case
    response = send(who, edit(filled, name), **typed)
    assert response.status_code == 200
    assert complaints(response) == {sentence: f"id_{field}"}


@pytest.mark.parametrize("percents", [("60", "30"), ("60", "40.001"), ("100", "100"), ("0", "0")])
def test_shares_that_do_not_total_100_are_refused(filled, send, percents):
    at = edit(filled, "costshare")
    response = send("pay_officer", at, percent_acc=percents[0], percent_bdc=percents[1])
    ((sentence, target),) = complaints(response).items()
    assert re.fullmatch(r"The shares total [\d.]+ percent. They must total 100\.", sentence)
    assert target == "id_percent_acc"


def test_share_below_nought_is_refused_at_its_council(filled, send):
    response = send("pay_officer", edit(filled, "costshare"), percent_acc="100", percent_bdc="-10")
    assert complaints(response) == {"Enter a share between 0 and 100 percent.": "id_percent_bdc"}


def test_share_that_is_missing_is_asked_for(filled, send):
    response = send("pay_officer", edit(filled, "costshare"), percent_acc="100", percent_bdc="")
    assert complaints(response) == {"Enter the share of Birch District, 0 if it pays nothing.": "id_percent_bdc"}


@pytest.mark.parametrize("name", ["commitment", "workingmodel"])
def test_number_that_stands_already_is_refused(client, filled, send, name):
    """The rule spans fields that an edit does not show; it must speak all the same."""
    like = filled.ours[name]
    typed = {"kind": "principle", "short_title": "Twin", "statement": "Again", "adopted_on": "1 April 2019"}
    typed |= {"name": "Twin", "description": "Again", "key_features": "None", "number": str(like.number)}
    response = send("officer", EVERY[name].url("create"), **typed)
    ((sentence, target),) = complaints(response).items()
    assert sentence.startswith("There is already ")
    assert target == "id_number"


@pytest.mark.parametrize("name", LISTED)
def test_unknown_value_of_a_filter_lists_nothing(client, filled, name):
    """An error at its control, no rows on the page, and no file either."""
    readers, keepers, _ = WHO[name]
    client.force_login(filled.people[sorted(readers | keepers)[-1]])
    register = EVERY[name]
    offered = client.get(register.url("list")).context["filter"].form.fields
    before = everything()
    for key in (key for key, field in offered.items() if hasattr(field, "choices")):
        page = client.get(register.url("list"), {key: "nonsense"})
        assert page.status_code == 200
        links = complaints(page)
        assert list(links.values()) == [f"id_{key}"]
        assert "nonsense" in page.content.decode()
        assert "<tbody" not in page.content.decode()
        assert page.context["paginator"].count == 0
        file = client.get(register.url("export"), {key: "nonsense"})
        assert file.status_code == 302
        assert file.headers["Location"] == f"{register.url('list')}?{key}=nonsense"
    assert everything() == before


@pytest.mark.parametrize("name", LISTED)
def test_filter_that_fits_nothing_says_so(client, filled, name):
    readers, _, title = WHO[name]
    client.force_login(filled.people[sorted(readers)[0]])
    page = client.get(EVERY[name].url("list"), {"words": "zebra"}).content.decode()
    assert "Nothing matches these filters." in page
    assert title not in page.partition("<main")[2].partition("<select")[0]
    assert "<tbody" not in page


@pytest.mark.parametrize(
    "at",
    [
        "/reviews/no-such-review/",
        "/reviews/no-such-review.pdf",
        "/reviews/no-such-review/write/",
        "/reviews/no-such-review/history/",
        "/joint-posts/999999/",
        "/joint-posts/999999/edit/",
        "/joint-posts/999999/cost-shares/new/",
        "/joint-posts/cost-shares/999999/",
        "/joint-posts/99999999999999999999/",
        "/nowhere/",
    ],
)
def test_address_that_leads_nowhere_says_so_plainly(client, filled, at):
    client.force_login(filled.people["stranger"])
    response = client.get(at)
    assert response.status_code == 404
    page = response.content.decode()
    assert "There is no such page" in page
    assert "Traceback" not in page


@pytest.mark.parametrize("query", ["page=0", "page=999", "page=x", "sort=nonsense", "sort=-salary", "words=%00"])
def test_list_takes_no_harm_from_a_made_up_address(client, filled, query):
    client.force_login(filled.people["officer"])
    response = client.get(f"/joint-posts/?{query}")
    assert response.status_code in (200, 400, 404)
    assert "Traceback" not in response.content.decode()


def test_stale_edit_shows_both_versions_and_keeps_what_was_typed(client, filled):
    """The neighbour opens the form, the officer saves, the neighbour saves: refused, twice told, nothing lost."""
    at = edit(filled, "saving")
    client.force_login(filled.people["neighbour"])
    sent = untouched(client.get(at).content.decode())
    client.force_login(filled.people["officer"])
    client.post(at, sent | {"title": "The officer's title", "reason": "Renamed by the officer"})
    before = everything()
    client.force_login(filled.people["neighbour"])
    typed = {"title": "The neighbour's title", "caveats": "A caveat long to type", "reason": "Renamed next door"}
    response = client.post(at, sent | typed)
    assert response.status_code == 409
    assert everything() == before
    page = unescape(response.content.decode())
    for words in (*typed.values(), "The officer's title", "Officer of the tests", "Renamed by the officer"):
        assert words in page
    again = untouched(response.content.decode())
    assert {name: again[name] for name in typed} == {name: [words] for name, words in typed.items()}
    # Knowing both, the neighbour saves again, and it stands.
    assert client.post(at, again).status_code == 302
    filled.ours["saving"].refresh_from_db()
    assert filled.ours["saving"].title == "The neighbour's title"


@pytest.mark.parametrize("version", ["", "x", "0", "99"])
def test_form_without_the_version_it_was_read_at_writes_nothing(filled, send, version):
    response = send("officer", edit(filled, "saving"), title="Other", version=version)
    assert response.status_code in (200, 409)


def test_form_of_another_site_is_refused_with_a_way_on(filled):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(filled.people["officer"])
    before = everything()
    response = client.post(edit(filled, "saving"), {"title": "Other", "reason": "Try", "version": "1"})
    assert response.status_code == 403
    assert "expired" in response.content.decode()
    assert everything() == before
