"""No text is longer than the portal can check and draw while somebody waits."""

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from partnership.audit.log import remembered_models
from partnership.records.record import bulk_record, recording
from partnership.text import LONGEST_TEXT
from reviews.models import Section

pytestmark = pytest.mark.django_db

SENTENCE = "A text has at most 100,000 characters; this one has 100,001. Divide it."


def test_every_text_of_every_record_has_the_same_maximum(filled):
    """Asked of the model, so that forms, imports and verbs all refuse it."""
    asked = 0
    for model in remembered_models():
        row = model.objects.order_by("pk").first()
        if row is None:
            continue
        for field in (field for field in model._meta.concrete_fields if isinstance(field, models.TextField)):
            setattr(row, field.attname, "x" * (LONGEST_TEXT + 1))
            with pytest.raises(ValidationError) as refused:
                row.clean_fields()
            assert SENTENCE in refused.value.message_dict[field.name], (model, field)
            setattr(row, field.attname, "")
            asked += 1
    assert asked > 60


def test_text_of_the_greatest_length_is_kept(filled):
    section = Section.objects.order_by("pk").first()
    with recording(by=filled.people["officer"], reason="Written"):
        section.narrative = "x" * LONGEST_TEXT
        section.clean_fields()
        section.save()
    assert len(Section.objects.get(pk=section.pk).narrative) == LONGEST_TEXT


def test_bulk_record_too_long_text_is_refused(filled):
    section = Section.objects.order_by("pk").first()
    section.narrative = "x" * (LONGEST_TEXT + 1)
    with pytest.raises(ValidationError), recording(by=filled.people["officer"], reason="Imported"):
        bulk_record([section])


def test_section_form_too_long_text_is_refused_and_kept_on_screen(filled, client):
    client.force_login(filled.people["officer"])
    section = Section.objects.filter(review__partnership=filled.ours["partnership"]).order_by("pk").first()
    at = reverse("section_edit", args=[section.pk])
    typed = "word " * 20_001
    form = client.get(at).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    answer = client.post(at, data | {"narrative": typed, "reason": "Written"})
    sentence = "A text has at most 100,000 characters; this one has 100,005. Divide it."
    assert answer.context["form"].errors == {"narrative": [sentence]}
    assert answer.context["form"]["narrative"].value().strip() == typed.strip()
    assert [finding["sentence"] for finding in answer.context["found"]] == [
        sentence.replace("100,005", f"{len(answer.context['form']['narrative'].value()):,}")
    ]


def test_reason_too_long_is_refused(filled, client):
    client.force_login(filled.people["officer"])
    section = Section.objects.filter(review__partnership=filled.ours["partnership"]).order_by("pk").first()
    at = reverse("section_edit", args=[section.pk])
    form = client.get(at).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    answer = client.post(at, data | {"reason": "x" * (LONGEST_TEXT + 1)})
    assert answer.context["form"].errors["reason"] == [SENTENCE]
