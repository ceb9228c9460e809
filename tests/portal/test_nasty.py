"""F7 and F8: what nobody ought to type or ask for. It is kept as typed or refused in words; no page shows its inside.

Some values in every list and in some forms and addresses here; with THOROUGH=1, as `make faults` runs it, all values
in all of them.
"""

import os
import random
import re
from decimal import Decimal
from itertools import cycle
from urllib.parse import quote

import pytest
from django import forms
from django.apps import apps
from django.urls import resolve

from partnership.audit.log import AuditEntry
from partnership.money import MoneyFormField
from partnership.text import one_line, without_controls
from tests.matrix import address, content_of, digest, leaks, rules
from tests.matrix_world import PEOPLE, make_papers, make_world
from tests.nasty import VALUES, urlencoded
from tests.portal.test_forged_forms import opened
from tests.route_table import OTHERS
from tests.spreadsheets import rows_of_csv
from tests.two_partnerships import taken_back

pytestmark = pytest.mark.django_db
SEED = 20190316
THOROUGH = "THOROUGH" in os.environ
URLENCODED = "application/x-www-form-urlencoded"
SUMMARY = re.compile(rb'class="govuk-error-summary".*<li>\s*\S', re.DOTALL)
# Questions that every form asks in the same way: a few values in each form, so that over all of them each had all.
SHARED = {"reason", "submission", "version", "left_open", "left_open_by"}
A_FEW = 3
# Whatever pages read of their address; what a list's own filter reads is tried for each list.
ASKED = ("as_at", "known", "sort", "page", "partnership", "council", "year", "words", "from", "to", "show", "next")
FILES = ("_import", "_job")  # what takes a file is tried by test_import_files.py
ANSWERS = {200, 302, 400, 404, 405}
RULES = {rule.route: rule for rule in rules()}
FORMS = [route for route in RULES if RULES[route].is_form and route not in OTHERS and not route.endswith(FILES)]
LISTED = [route.removesuffix("_list") for route in RULES if route.endswith("_list")]


def some(of, things, count):
    """So many of the things, by chance but always the same for the same purpose; all of them when it is thorough."""
    return list(things) if THOROUGH else random.Random(f"{SEED} {of}").sample(list(things), count)


@pytest.fixture(scope="module")
def world(module_data):
    """Two partnerships with a row in every register; thoroughly, our review published too, which takes its time."""
    return make_papers(make_world()) if THOROUGH else make_world()


def answer(client, ask, *arguments, **more):
    """The answer and what it says, or what a person would have been shown an error page for."""
    try:
        return ask(client, *arguments, **more)
    except Exception as error:
        return [repr(error)[:300]]


# --- F7: every question of every form ---------------------------------------------------------------------------------


def tried(route, names):
    """The questions of a form with the values they are answered with."""
    chance = random.Random(f"{SEED} {route}")
    if not THOROUGH:
        return [(chance.choice(names), chance.choice(VALUES)) for _ in range(A_FEW)]
    rows = []
    for name in names:
        rows += [(name, value) for value in (chance.sample(VALUES, A_FEW) if name in SHARED else VALUES)]
    return rows


def kept_since(last):
    """Return every value of every version that was written since, whichever record it is of."""
    for link in AuditEntry.objects.filter(pk__gt=last):
        row = apps.get_model(link.register).history.model.objects.get(history_id=link.history_id)
        yield from (getattr(row, field.attname) for field in row._meta.concrete_fields)


def meant(field, value):
    """Return what a question is to keep of a value if it takes it; None where it must not."""
    if isinstance(field, forms.DateField):
        return value.day
    if isinstance(field, forms.DecimalField | forms.IntegerField | MoneyFormField):
        is_whole = value.typed.removeprefix("-").isdecimal()
        return Decimal(value.typed) if is_whole and value.number is None else value.number
    if isinstance(field, forms.BooleanField):
        return True
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) or value.text is None:
        return None
    is_long = isinstance(field.widget, forms.Textarea)
    return without_controls(value.text) if is_long else one_line(value.text)


def troubles_of_form(opened_form, name, value):
    """Return what is wrong with the portal's answer to one value."""
    client, at, form, sent = opened_form
    field = form.fields[name]
    last = AuditEntry.objects.latest("pk").pk
    data = urlencoded({**sent, form.add_prefix(name): value.typed})
    response = client.post(at, data, content_type=URLENCODED)
    if b"%00" in data:  # a NUL is refused before any form is asked
        return [] if response.status_code == 400 else [f"answered {response.status_code}"]
    is_hidden = isinstance(field.widget, forms.HiddenInput)
    if response.status_code in (200, 409):
        return [] if is_hidden or SUMMARY.search(response.content) else ["refused without a sentence"]
    if response.status_code != 302:
        return [f"answered {response.status_code}"]
    expected = meant(field, value)
    kept = list(kept_since(last))
    if kept and not is_hidden and (expected is None or expected not in kept):
        return [f"taken, and not kept as {expected!r}"]
    shown = {response.headers["Location"]}
    if value.day:
        shown.add("/")  # a day far away may upset what counts days
    answers = {path: client.get(path).status_code for path in shown}
    return [] if set(answers.values()) <= {200, 302} else [f"pages answer {answers} afterwards"]


@pytest.mark.parametrize("route", some("forms", FORMS, 8))
def test_answer_is_kept_as_typed_or_refused_in_words(world, route, record_property):
    before = digest()
    found = []
    opened_form = opened(world, RULES[route])
    asked = tried(route, [*opened_form[2].fields])
    for question, value in asked:
        with taken_back():
            for trouble in answer(opened_form, troubles_of_form, question, value):
                found.append(f"{question}, {value.typed[:30]!r}: {trouble}")
    record_property("answers", len(asked))
    assert "\n".join(found) == ""
    assert digest() == before


# --- F8: every address, and whatever it may ask -----------------------------------------------------------------------


def who_may(rule):
    """Somebody whom the address lets in; who is not signed in comes first."""
    return next((who for who in PEOPLE if rule.lets_in(who)), PEOPLE[0])


def misasked(world, rule):
    """The address of a route, asking for what it never offered, and with what it names replaced."""
    if not THOROUGH:
        count = 1
    elif rule.is_costly:
        count = 2
    else:
        count = len(VALUES) if rule.route in OTHERS else 12
    chance = random.Random(f"{SEED} {rule.route}")
    at = address(world, rule)
    names = cycle(chance.sample(ASKED, len(ASKED)))
    path, _, query = at.partition("?")
    for value in chance.sample(VALUES, count):
        yield f"{path}?{query}&{urlencoded({next(names): value.typed}).decode()}"
        for key in resolve(path).kwargs.values():
            before, _, after = path.rpartition(str(key))
            yield f"{before}{quote(value.typed, safe='', errors='surrogatepass')}{after}"


def troubles_of_address(world, who, at):
    """Return what is wrong with the answer to an address: also that it holds what the person may not see."""
    response = world.clients[who].get(at)
    if response.status_code not in ANSWERS:
        return [f"answered {response.status_code}"]
    return [str(cell) for cell in leaks(world, who, at, response, content_of(response))]


def test_made_up_address_does_no_harm(world, record_property):
    wanted = some("routes", RULES if THOROUGH else [route for route in RULES if route not in OTHERS], 20)
    asked = []
    for route in wanted:
        asked += [(who_may(RULES[route]), at) for at in misasked(world, RULES[route])]
    record_property("addresses", len(asked))
    found = []
    for who, at in asked:
        found += [f"{at[:200]} as {who}: {said}" for said in answer(world, troubles_of_address, who, at)]
    assert "\n".join(found) == ""


@pytest.mark.parametrize("name", LISTED)
def test_filter_never_shows_more_than_no_filter(world, name, record_property):
    """Whatever a filter is asked for, the list and its file hold no row that they do not hold without it."""
    register = world.registers[name]
    client = world.clients[who_may(RULES[f"{name}_list"])]
    whole = client.get(register.url("list"))
    rows = rows_of_csv(client.get(register.url("export")))
    asked = 0
    for question in some(f"{name} questions", (*whole.context["filter"].form.fields, *ASKED[:4]), 1):
        for value in some(f"{name} {question}", VALUES, 1):
            query = urlencoded({question: value.typed}).decode()
            page, file = (client.get(f"{register.url(view)}?{query}") for view in ("list", "export"))
            refused = {400} if "%00" in query else set()
            assert page.status_code in {200, 404} | refused, query
            assert file.status_code in {200, 302} | refused, query
            if page.status_code == 200:
                assert page.context["paginator"].count <= whole.context["paginator"].count, query
            if file.status_code == 200 and question not in {"as_at", "known"}:
                assert [row for row in rows_of_csv(file) if row not in rows] == [], query
            asked += 2
    record_property("addresses", asked)
