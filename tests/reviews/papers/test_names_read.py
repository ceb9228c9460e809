"""No page shows a name in braces: it is read as its paper prints it, or as a label; other texts refuse it."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from partnership.records.record import recording
from partnership.text import in_words, why_no_name
from tests.factories import change, make_recommendation, make_swot_item
from tests.matrix_world import every_register

pytestmark = pytest.mark.django_db
NAMES = "{savings.2019-20.joint.estimated} {ref:annex} {list:options} {external: £2 | Audit | in 2018}"
RAW = re.compile(r"\{(?:savings|ref|list|external|posts)[.:]")
REGISTERS = sorted(every_register())
NARRATED = [name for name in REGISTERS if every_register()[name].model.narrated]


def typed_texts(model):
    """The texts of a model that people type, long enough to hold a name."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField))
        and not isinstance(field, (models.SlugField, models.URLField, models.EmailField))
        and not field.choices
        and field.editable
        and (field.max_length is None or field.max_length >= len(NAMES))
    ]


def not_narrated(name):
    """The texts of a register that no paper narrates."""
    model = every_register()[name].model
    return sorted(set(typed_texts(model)) - set(model.narrated))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{savings.2019-20.joint.estimated}", "[figure: savings 2019/20, joint, estimated]"),
        ("see {ref:annex}.", "see [reference: annex]."),
        ("{ref:section:proposals}", "[reference: section, proposals]"),
        ("{list:recommendations}", "[list: recommendations]"),
        (
            "{external: £20 million | PwC, March 2019 | over 10 years}",
            "£20 million over 10 years (source: PwC, March 2019)",
        ),
        ("{posts.in-post.count}", "[figure: posts, in post, count]"),
        ("nothing { to replace", "nothing { to replace"),
    ],
)
def test_in_words_without_a_paper_gives_a_label(text, words):
    assert in_words(text) == words


@pytest.mark.parametrize(
    "text", ["{ref:annex}", "{savings.2019-20.joint.net}", "{ list:options }", "{External: a | b | c}"]
)
def test_text_that_prints_as_typed_refuses_a_name(text):
    assert why_no_name(f"See {text}") == f"This text prints as it is typed. Write the words in place of “{text}”."


@pytest.mark.parametrize("text", ["{a, b}", "{}", "set {x}", "{see note 3}"])
def test_text_that_prints_as_typed_keeps_other_braces(text):
    assert why_no_name(text) == ""


@pytest.mark.parametrize("name", [name for name in REGISTERS if not_narrated(name)])
def test_field_that_no_paper_narrates_refuses_a_name(name, filled):
    record = fresh(filled, name)
    for field in not_narrated(name):
        setattr(record, field, NAMES)
        with pytest.raises(ValidationError) as refused:
            record.clean_fields()
        assert refused.value.message_dict[field] == [why_no_name(NAMES)], field


@pytest.mark.parametrize("name", NARRATED)
def test_register_pages_show_no_name_in_braces(name, filled, client):
    register = every_register()[name]
    record = fresh(filled, name)
    change(record, **dict.fromkeys(record.narrated, NAMES))
    addresses = [register.url(page, record) for page in ("detail", "history")]
    addresses.append(register.above.url("detail", getattr(record, register.parent)))
    shown = 0
    for user in filled.people.values():
        client.force_login(user)
        for address in addresses:
            page = client.get(address).content.decode()
            assert [page[max(0, f.start() - 90) : f.end()] for f in RAW.finditer(page)] == [], address
            shown += "£2 in 2018 (source: Audit)" in page
    assert shown


def test_history_shows_no_name_in_braces_of_a_reason(filled, client):
    record = fresh(filled, "option")
    record.title = "Another"
    with recording(by=filled.people["officer"], reason=NAMES):
        record.save()
    client.force_login(filled.people["officer"])
    page = client.get(every_register()["option"].url("history", record)).content.decode()
    assert RAW.findall(page) == []
    assert "[reference: annex]" in page


def fresh(filled, name):
    """The row as it is stored."""
    return type(filled.ours[name]).objects.get(pk=filled.ours[name].pk)


def page_of(client, filled, name):
    client.force_login(filled.people["officer"])
    return client.get(every_register()[name].url("detail", filled.ours[name])).content.decode()


def test_implications_page_reads_names_as_the_cover_prints_them(filled, client):
    change(fresh(filled, "implication"), text="Money is saved ({ref:annex}) by the {this-council.name}.")
    name = filled.ours["implication"].cover.body.council.name
    assert f"Money is saved (Annex A) by the {name}." in page_of(client, filled, "implication")
    assert f"Money is saved (Annex A) by the {name}." in page_of(client, filled, "coverreport")


def test_ratings_page_reads_names_as_the_review_prints_them(filled, client):
    change(fresh(filled, "assessment"), commentary="{partnership.name}: {no.such-figure} & <b>.")
    said = f"{filled.ours['partnership'].name}: [figure: no, such figure] &amp; &lt;b&gt;."
    assert said in page_of(client, filled, "assessment")


def test_reviews_page_costs_the_same_for_one_text_with_names_and_for_fifty(filled, client):
    own = {"review": filled.ours["review"], "text": "{partnership.name}"}
    client.force_login(filled.people["officer"])
    address = every_register()["review"].url("detail", own["review"])
    make_recommendation(addressee=own["review"].body, **own)
    make_swot_item(**own)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(49):
        make_swot_item(**own)
        make_recommendation(addressee=own["review"].body, **own)
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
