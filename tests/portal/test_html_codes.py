"""No page of any register shows HTML codes for what was typed: text is escaped once."""

import re

import pytest
from django.db import models

from tests.factories import change
from tests.matrix_world import every_register

pytestmark = pytest.mark.django_db
TYPED = """Smith & Sons' "own" <b>plan</b>"""
TWICE = re.compile(r"&amp;(?:amp|lt|gt|quot|#x27|#39|apos);")
REGISTERS = sorted(every_register())
PAGES = ("list", "detail", "edit", "history")


def texts_of(record):
    """The names of the one-line and longer texts that people type."""
    return [
        field.name
        for field in record._meta.fields
        if isinstance(field, (models.CharField, models.TextField))
        and not isinstance(field, (models.SlugField, models.URLField, models.EmailField))
        and not field.choices
        and field.editable
        and field.name != "sections"  # the order of a cover report, not free text
        and (field.max_length is None or field.max_length >= len(TYPED))
        and not field.validators[1:]
    ]


@pytest.mark.parametrize("name", REGISTERS)
def test_register_pages_show_typed_signs_once_escaped(name, filled, client):
    register = every_register()[name]
    record = filled.ours[name]
    changes = {field: TYPED for field in texts_of(record) if getattr(record, field)}
    if changes:
        change(record, **changes)
    shown = 0
    for user in filled.people.values():
        client.force_login(user)
        for page in PAGES:
            if register.above and page == "list":
                continue
            if page == "edit" and not (register.is_entered and register.is_edited):
                continue
            address = register.url("list") if page == "list" else register.url(page, record)
            answer = client.get(address)
            if answer.status_code == 200:
                text = answer.content.decode()
                assert TWICE.findall(text) == [], address
                shown += TYPED.split(maxsplit=1)[0] in text
    assert shown or not changes
