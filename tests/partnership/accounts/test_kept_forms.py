"""Test what is typed survives a sign-in that ended: kept for the same person alone, for an hour, and offered back."""

import html
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.accounts import kept_forms
from partnership.accounts.permissions import today
from partnership.accounts.sign_in.urls import urlpatterns as sign_in_urls
from partnership.models import Comparator, KeptForm, Membership, User
from partnership.records.record import recording
from tests.html_forms import untouched
from tests.partnership.accounts.sign_in.test_sessions import wind_back
from tests.sign_in import PASSWORD, enrolled, send, with_password

pytestmark = pytest.mark.django_db

KEPT_PAGE = "/sign-in/kept/"
TEXT = "1. Fish & chips <b>'daily'</b> {{ name }}\r\n\r\n  two spaces before, and a zwölf €  "
OFFERED = "You were signed out while you were writing. What you typed is below; nothing is saved yet."


@pytest.fixture
def officer(filled, client):
    client.force_login(filled.people["officer"])
    return filled.people["officer"]


# Kind of form → its address, the field that is typed into, and what its form saves there.
FORMS = {
    "a new record": ("comparator_create", None, "benefits"),
    "an edit": ("comparator_edit", "comparator", "benefits"),
    "an act": ("comparator_withdraw", "comparator", "reason"),
    "a grid": ("saving_grid", "saving", "pasted"),
    "a section": ("section_edit", "section", "narrative"),
    "a list that is pasted": ("paste_commitments", None, "statements"),
}


def address(filled, kind):
    route, register, _ = FORMS[kind]
    return reverse(route, args=[filled.ours[register].pk] if register else [])


def fields_on(client, at):
    """Return what a browser would send of the page's form."""
    return untouched(client.get(at).content.decode())


def without_tokens(fields):
    """Return the fields that a person sees, and the marks of the version that they saw. A browser sends CR and LF."""
    own = {name: values for name, values in fields.items() if name not in kept_forms.SENT_ANEW}
    kept = {}
    for name, values in own.items():
        kept[name] = [value.replace("\r\n", "\n") for value in values]
    return kept


def end_by_time(client, filled):
    wind_back(client, 31 * 60, "seen")


def end_by_age(client, filled):
    wind_back(client, 12 * 3600 + 60, "began")


def end_other_sessions(client, filled):
    filled.people["officer"].sign_ins.all().delete()


def end_by_signing_out(client, filled):
    client.post("/sign-out/")


def end_by_role(client, filled):
    with recording(by=filled.people["administrator"], reason="A second role, that ends"):
        role = Membership(user=filled.people["officer"], council=filled.alder, role="clerk", from_on=today())
        role.full_clean_and_save()
    client.get("/joint-posts/")
    with recording(by=filled.people["administrator"], reason="Given by mistake"):
        role.withdrawn_on = today()
        role.withdrawn_reason = "Given by mistake"
        role.full_clean_and_save()


ENDS = [end_by_time, end_by_age, end_other_sessions, end_by_signing_out, end_by_role]


def send_after(end, client, filled, at, **typed):
    """Send a form, with these texts typed, after the sign-in has ended; return what was sent and the answer."""
    sent = fields_on(client, at) | {name: [text] for name, text in typed.items()}
    end(client, filled)
    return sent, client.post(at, sent)


def said_on(client, answer):
    """Return the text of the page that an answer leads to."""
    return html.unescape(client.get(answer["Location"]).content.decode())


def link_on(client):
    """Return the address of the form, from the page that offers what is kept."""
    page = client.get(KEPT_PAGE).content.decode()
    return html.unescape(re.search(r'href="([^"]+[?&]kept=\d+)"', page)[1])


@pytest.mark.parametrize("kind", FORMS)
def test_form_sent_after_the_sign_in_ended_comes_back_as_typed(officer, client, filled, kind):
    at = address(filled, kind)
    sent, answer = send_after(end_by_time, client, filled, at, **{FORMS[kind][2]: TEXT})
    assert answer["Location"].startswith("/sign-in/?next=")
    assert kept_forms.KEPT in said_on(client, answer)
    client.force_login(officer)
    assert TEXT in html.unescape(client.get(KEPT_PAGE).content.decode())
    page = client.get(link_on(client)).content.decode()
    assert OFFERED in page
    assert without_tokens(untouched(page)) == without_tokens(sent)


@pytest.mark.parametrize("end", ENDS)
def test_form_is_kept_however_the_sign_in_ended(officer, client, filled, end):
    _, answer = send_after(end, client, filled, address(filled, "an edit"), benefits=TEXT)
    assert kept_forms.KEPT in said_on(client, answer)
    row = KeptForm.objects.get()
    assert (row.person, row.path) == (officer, address(filled, "an edit"))
    assert kept_forms.fields_of(row)["benefits"] == [TEXT]


def test_kept_form_is_saved_by_its_button_and_not_offered_again(officer, client, filled):
    send_after(end_by_time, client, filled, address(filled, "an edit"), benefits="Better", reason="Read again")
    client.force_login(officer)
    at = link_on(client)
    assert client.post(at, fields_on(client, at)).status_code == 302
    assert Comparator.objects.get(pk=filled.ours["comparator"].pk).benefits == "Better"
    assert not KeptForm.objects.exists()
    assert "Nothing is kept for you." in client.get(KEPT_PAGE).content.decode()


def test_kept_form_that_is_refused_stays_kept(officer, client, filled):
    send_after(end_by_time, client, filled, address(filled, "an edit"), benefits="Better", reason="")
    client.force_login(officer)
    at = link_on(client)
    assert client.post(at, fields_on(client, at)).status_code == 200
    assert KeptForm.objects.count() == 1


def test_kept_edit_of_a_record_that_changed_meets_the_conflict(officer, client, filled):
    send_after(end_by_time, client, filled, address(filled, "an edit"), benefits="Mine", reason="Mine")
    with recording(by=filled.people["administrator"], reason="Meanwhile"):
        stored = Comparator.objects.get(pk=filled.ours["comparator"].pk)
        stored.benefits = "Theirs"
        stored.full_clean_and_save()
    client.force_login(officer)
    at = link_on(client)
    assert client.post(at, fields_on(client, at)).status_code == 409
    assert Comparator.objects.get(pk=stored.pk).benefits == "Theirs"
    assert KeptForm.objects.count() == 1


def test_kept_form_is_discarded_by_its_button(officer, client, filled):
    send_after(end_by_time, client, filled, address(filled, "an edit"), benefits=TEXT)
    client.force_login(officer)
    number = KeptForm.objects.get().pk
    assert client.post(KEPT_PAGE, {"discard": number})["Location"] == "/"
    assert client.post(KEPT_PAGE, {"discard": number}).status_code == 404
    assert not KeptForm.objects.exists()


def test_kept_form_is_known_to_nobody_else(officer, client, filled):
    """Their colleague of the same role and the administrator too."""
    at = address(filled, "an edit")
    send_after(end_by_time, client, filled, at, benefits="Only mine to read")
    row = KeptForm.objects.get()
    colleague = User.objects.create(username="colleague", name="Colleague")
    with recording(by=filled.people["administrator"], reason="Set up"):
        Membership(user=colleague, council=filled.alder, role="officer", from_on=today()).full_clean_and_save()
    for other in (colleague, *(one for name, one in filled.people.items() if name != "officer")):
        browser = Client()
        browser.force_login(other)
        shown = [browser.get(KEPT_PAGE), browser.get(f"{at}?kept={row.pk}"), browser.get("/joint-posts/")]
        assert [page.status_code for page in shown if b"Only mine to read" in page.content] == []
        assert OFFERED not in shown[1].content.decode()
        assert browser.post(KEPT_PAGE, {"discard": row.pk}).status_code == 404
    assert KeptForm.objects.get() == row


def test_kept_form_shows_on_its_own_page_alone(officer, client, filled):
    send_after(end_by_time, client, filled, address(filled, "an edit"), benefits=TEXT)
    client.force_login(officer)
    page = client.get(f"/comparators/new/?kept={KeptForm.objects.get().pk}").content.decode()
    assert "Add a" in page or "New" in page
    assert OFFERED not in page
    assert "Fish" not in page


def test_kept_form_cannot_be_read_in_the_database(officer, client, filled):
    send_after(end_by_time, client, filled, address(filled, "an edit"), benefits=TEXT)
    row = KeptForm.objects.get()
    assert "Fish" in kept_forms.fields_of(row)["benefits"][0]
    assert "Fish" not in row.typed


FORGED = {
    "none": lambda user: "",
    "a number": lambda user: str(user.pk),
    "another purpose": lambda user: signing.dumps(user.pk, salt="something else"),
    "another key": lambda user: signing.dumps(user.pk, key="guessed", salt=kept_forms.PURPOSE),
}


@pytest.mark.parametrize("how", FORGED)
def test_form_without_a_true_statement_is_not_kept(filled, how):
    fields = {"benefits": "Planted", kept_forms.STATEMENT: FORGED[how](filled.people["officer"])}
    answer = Client().post("/comparators/new/", fields)
    assert answer["Location"] == "/sign-in/?next=/comparators/new/"
    assert not KeptForm.objects.exists()


def test_form_of_a_closed_account_is_not_kept(officer, client, filled):
    sent = fields_on(client, "/comparators/new/") | {"benefits": ["Typed"]}
    User.objects.filter(pk=officer.pk).update(is_active=False)
    client.post("/comparators/new/", sent)
    assert not KeptForm.objects.exists()


def test_kept_form_is_gone_after_an_hour(officer, client, filled):
    at = address(filled, "an edit")
    send_after(end_by_time, client, filled, at, benefits=TEXT)
    number = KeptForm.objects.get().pk
    KeptForm.objects.update(kept_at=timezone.now() - timedelta(minutes=61))
    client.force_login(officer)
    assert OFFERED not in client.get(f"{at}?kept={number}").content.decode()
    assert "Nothing is kept for you." in client.get(KEPT_PAGE).content.decode()
    assert not KeptForm.objects.exists()


def test_kept_form_is_there_after_fifty_nine_minutes(officer, client, filled):
    send_after(end_by_time, client, filled, address(filled, "an edit"), benefits=TEXT)
    KeptForm.objects.update(kept_at=timezone.now() - timedelta(minutes=59))
    client.force_login(officer)
    assert OFFERED in client.get(link_on(client)).content.decode()


def test_form_that_is_too_long_is_not_kept_and_says_so(officer, client, filled):
    text = "x" * (kept_forms.LARGEST + 1)
    _, answer = send_after(end_by_time, client, filled, address(filled, "an edit"), benefits=text)
    assert kept_forms.TOO_LONG in said_on(client, answer)
    assert not KeptForm.objects.exists()


def test_only_the_ten_newest_forms_of_a_person_are_kept(officer, client, filled):
    sent = fields_on(client, "/comparators/new/")
    end_by_time(client, filled)
    for number in range(12):
        client.post("/comparators/new/", sent | {"benefits": [f"Text {number}"]})
    kept = [kept_forms.fields_of(row)["benefits"] for row in KeptForm.objects.all()]
    assert kept == [[f"Text {number}"] for number in range(11, 1, -1)]


def test_form_sent_twice_without_a_sign_in_is_kept_once(officer, client, filled):
    sent, _ = send_after(end_by_time, client, filled, address(filled, "an edit"), benefits=TEXT)
    client.post(address(filled, "an edit"), sent)
    assert KeptForm.objects.count() == 1


def test_passwords_and_codes_are_never_kept(officer, client, filled):
    secrets = {"password": "s", "new_password1": "s", "Old_Password": "s", "code": "1", "credential": "{}"}
    send_after(end_by_time, client, filled, address(filled, "an edit"), benefits="Kept", ons_code="E07", **secrets)
    kept = kept_forms.fields_of(KeptForm.objects.get())
    assert (secrets.keys() & kept.keys(), kept["benefits"], kept["ons_code"]) == (set(), ["Kept"], ["E07"])


def test_nothing_is_kept_of_how_one_signs_in(officer, client, filled):
    """The prefixes in the code cover every page of signing in; none of their forms says whose it is."""
    pages = [f"/{pattern.pattern}" for pattern in sign_in_urls] + ["/sign-out/"]
    assert [page for page in pages if not page.startswith(kept_forms.UNKEPT)] == []
    assert kept_forms.STATEMENT not in client.get("/password/").content.decode()
    statement = fields_on(client, "/comparators/new/")[kept_forms.STATEMENT]
    end_by_time(client, filled)
    client.post("/password/", {kept_forms.STATEMENT: statement, "old": "typed"})
    assert not KeptForm.objects.exists()


def test_button_without_a_word_typed_keeps_nothing(officer, client, filled):
    _, answer = send_after(end_by_time, client, filled, address(filled, "an act"))
    assert "You have been signed out because" in said_on(client, answer)
    assert not KeptForm.objects.exists()


def test_form_that_a_script_sends_is_not_kept(officer, client, filled):
    sent = fields_on(client, address(filled, "a section"))
    end_by_time(client, filled)
    client.post(address(filled, "a section"), sent, headers={"sec-fetch-dest": "empty"})
    assert not KeptForm.objects.exists()


def stale_form(client, filled):
    """Return a form of before the sign-in ended, as a browser sends it that has a new token since."""
    sent = fields_on(client, address(filled, "an edit")) | {"benefits": [TEXT]}
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    return strict, sent


def test_form_of_before_a_new_sign_in_leads_its_person_to_what_they_typed(officer, client, filled):
    strict, sent = stale_form(client, filled)
    strict.force_login(officer)
    answer = strict.post(address(filled, "an edit"), sent)
    assert answer["Location"] == KEPT_PAGE
    assert "Fish &amp; chips" in strict.get(KEPT_PAGE).content.decode()


def test_form_of_before_a_new_sign_in_is_kept_from_another_person(officer, client, filled):
    strict, sent = stale_form(client, filled)
    strict.force_login(filled.people["clerk"])
    answer = strict.post(address(filled, "an edit"), sent)
    assert answer.status_code == 403
    assert kept_forms.KEPT in html.unescape(answer.content.decode())
    assert "Nothing is kept for you." in strict.get(KEPT_PAGE).content.decode()
    assert KeptForm.objects.get().person == officer


def test_signing_in_again_leads_to_what_is_kept_until_it_is_discarded(filled, quick_hashing):
    user = with_password(filled.people["officer"])
    client = Client()
    secret = enrolled(client, user)
    client.force_login(user)
    send_after(end_by_time, client, filled, address(filled, "an edit"), benefits=TEXT)
    answer = by_password_and_code(client, secret)
    assert answer["Location"] == KEPT_PAGE
    assert "See what you typed" in client.get("/joint-posts/").content.decode()
    client.post(KEPT_PAGE, {"discard": KeptForm.objects.get().pk})
    assert "See what you typed" not in client.get("/joint-posts/").content.decode()


def by_password_and_code(client, secret):
    from tests.codes import code_of

    assert send(client, password=PASSWORD)["Location"] == "/sign-in/second-step/"
    return client.post("/sign-in/second-step/", {"code": code_of(secret, ahead=1)})


def test_page_says_when_the_sign_in_ends(officer, client, filled):
    """Without scripts too."""
    page = " ".join(client.get("/comparators/new/").content.decode().split())
    assert "You are signed out after 30 minutes without opening a page, and 12 hours after you signed in." in page
    assert 'data-sign-in-ends="1800"' in page or 'data-sign-in-ends="1799"' in page


def test_staying_signed_in_puts_the_end_off_but_not_beyond_twelve_hours(officer, client, filled):
    client.get("/joint-posts/")
    wind_back(client, 29 * 60, "seen")
    left = client.get("/sign-in/stay/").json()
    assert left["can_stay"]
    assert 1790 <= left["seconds"] <= 1800
    wind_back(client, 11 * 3600 + 50 * 60, "began")
    left = client.get("/sign-in/stay/").json()
    assert not left["can_stay"]
    assert 590 <= left["seconds"] <= 600


def test_every_form_of_typed_fields_says_whose_it_is(settings):
    """A template that draws a form's fields says whose form it is, beside its token."""
    templates = [path for path in (settings.BASE_DIR / "templates").rglob("*.html") if "csrf_token" in path.read_text()]
    typed = re.compile(r"{{ form }}|as_field_group|<textarea(?![^>]*readonly)")
    with_fields = [path for path in templates if typed.search(path.read_text())]
    assert len(with_fields) >= 3
    assert [path.name for path in with_fields if "form_owner" not in path.read_text()] == []
