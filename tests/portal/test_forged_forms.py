"""A form sent with what its page never offered: another partnership's rows, and fields that are not in it."""

from datetime import date

import pytest
from django import forms
from django.db.models import ForeignKey

from partnership.models import User
from tests.html_forms import FormReader
from tests.matrix import address, digest, rules_of, with_digest
from tests.matrix_world import OWN, UNRELATED, Person, make_world
from tests.route_table import REGISTERS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FORGED = {"DateField": date(2019, 1, 2).isoformat(), "BooleanField": "on"}  # what else is sent is the number 7


@pytest.fixture(scope="module")
def world(module_data):
    return with_digest(make_world())


def opened(world, rule):
    """The form of a page as somebody of Alder opens it who may: their browser, its address, the form, what it sends."""
    who = Person(min(rule.may), OWN)
    client = world.clients[who]
    at = address(world, rule)
    response = client.get(at)
    reader = FormReader()
    reader.feed(response.content.decode())
    sent = {**reader.forms[-1], "reason": "Forged"}
    sent.pop("submission", None)  # the mark of a form that was sent, which would be a row of its own
    return client, at, response.context["form"], sent


def foreign(world, field):
    """A row of the other partnership that the field does not offer; None where it offers all there are."""
    model = field.queryset.model
    if model is User:
        theirs = [world.users[Person("officer", UNRELATED)]]
    else:
        theirs = [row for row in world.theirs.values() if type(row) is model]
    return next((row for row in theirs if not field.queryset.filter(pk=row.pk).exists()), None)


@pytest.mark.parametrize("name", REGISTERS)
def test_another_partnerships_row_is_refused_wherever_it_is_chosen(world, name):
    for rule in rules_of(name):
        if not rule.is_form or rule.route.endswith(("_import", "_job")):
            continue
        if rule.route == "partnership_withdraw":  # opens for nobody while another council is party to it
            continue
        client, at, form, sent = opened(world, rule)
        for field_name, field in form.fields.items():
            row = foreign(world, field) if isinstance(field, forms.ModelChoiceField) else None
            if row is None:
                continue
            response = client.post(at, sent | {form.add_prefix(field_name): row.pk})
            assert (response.status_code, field_name in response.context["form"].errors) == (200, True), rule.route
    assert digest() == world.digest


@pytest.mark.parametrize("name", [name for name, line in REGISTERS.items() if " edit " in line.pages])
def test_field_that_is_not_in_the_form_is_not_written(world, name):
    """Council, status, version, verification, class, withdrawal: sent along with a form that changes nothing."""
    (rule,) = [rule for rule in rules_of(name) if rule.route == f"{name}_edit"]
    client, at, form, sent = opened(world, rule)
    model = world.registers[name].model
    forged = {}
    for field in model._meta.concrete_fields:
        if field.name in form.fields or field.primary_key or field.name == "version":
            continue
        theirs = [row for row in world.theirs.values() if type(row) is field.related_model]
        value = theirs[0].pk if isinstance(field, ForeignKey) and theirs else FORGED.get(type(field).__name__, 7)
        forged |= {field.name: value, field.attname: value}
    assert forged
    response = client.post(at, sent | forged)
    assert response.status_code == 302, response.context["form"].errors
    assert digest() == world.digest
