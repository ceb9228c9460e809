"""No link leads out of a partnership: every choice of every register's form, and every verb through the same rule."""

import pytest
from django import forms

from partnership.accounts.roles import ROLES
from partnership.models import Body
from partnership.records.tenancy import cross_partnership_errors, partnership_of
from tests.factories import make_membership
from tests.filled_registers import everything
from tests.html_forms import untouched
from tests.partnership.generic.test_register import EVERY, address

pytestmark = pytest.mark.django_db
NAMES = {register.model._meta.label: name for name, register in EVERY.items()}


def test_no_form_takes_a_row_of_another_partnership(client, filled):
    neighbour = filled.people["neighbour"]  # who works in both, and here in Alder too
    for role in ROLES:
        make_membership(user=neighbour, council=filled.alder, role=role)
    client.force_login(neighbour)
    before = everything()
    said = {}
    for name, register in EVERY.items():
        if not register.is_entered or partnership_of(filled.ours[name]) is None or name == "party":
            continue  # a party is what lets a council in
        at = address(name, "edit", filled.ours)
        page = client.get(at)
        assert page.status_code == 200, at
        for field, asked in page.context["form"].fields.items():
            stranger = stranger_for(filled, asked)
            if stranger is None:
                continue
            typed = untouched(page.content.decode()) | {field: stranger.pk, "reason": "Try"}
            response = client.post(at, typed)
            form = response.context["form"] if response.status_code == 200 else None
            said[name, field] = " ".join(form.errors.get(field, [])) if form else "Accepted"
    assert said == {}  # no form offers one
    assert everything() == before


def stranger_for(filled, asked):
    """A row of the other partnership that the question offers."""
    if not isinstance(asked, forms.ModelChoiceField):
        return None
    label = asked.queryset.model._meta.label
    row = filled.cedar if label == "partnership.Council" else filled.theirs.get(NAMES.get(label, ""))
    return row if row is not None and asked.queryset.filter(pk=row.pk).exists() else None


def test_every_row_of_the_two_partnerships_belongs(filled):
    rows = []
    for side in (filled.ours, filled.theirs):
        rows += side.values()
    assert len(rows) > 100
    for row in rows:
        assert cross_partnership_errors(row) == {}, type(row).__name__


def test_row_withdrawn_may_be_linked_to_anything(filled):
    body = Body(partnership=filled.ours["partnership"], council=filled.cedar, name="Panel", kind="audit")
    assert cross_partnership_errors(body) == {"council": "Cedar District is not party to the partnership."}
    body.withdrawn_on = filled.ours["review"].as_at
    assert cross_partnership_errors(body) == {}
