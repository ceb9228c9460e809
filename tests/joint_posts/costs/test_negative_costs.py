"""Costs, pay and percentages are never negative: by form, file, workflow and in the database. Savings may be."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse

pytestmark = pytest.mark.django_db

# Each sum or percentage that is a cost, and a register's row that has it.
COSTS = [
    ("costshare", "salary"),
    ("costshare", "on_costs_percent"),
    ("costshare", "on_costs_amount"),
    ("councilshare", "baseline_cost"),
    ("councilshare", "percent"),
    ("savingline", "cost_to_achieve"),
    ("saving", "attributed_percent"),
    ("casecost", "amount"),
    ("exitestimate", "amount"),
    ("exitpayment", "amount"),
    ("funding", "amount"),
    ("council", "key_decision_threshold"),
]


@pytest.mark.parametrize(("name", "field"), COSTS)
def test_negative_cost_is_refused_by_the_row_and_by_the_database(filled, name, field):
    row = type(filled.ours[name]).objects.get(pk=filled.ours[name].pk)
    setattr(row, field, Decimal(-5))
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(type(row)).filter(pk=row.pk).update(**{field: Decimal(-5)})


@pytest.mark.parametrize("field", ["estimated", "forecast", "delivered"])
def test_negative_saving_is_kept(filled, field):
    row = type(filled.ours["savingline"]).objects.get(pk=filled.ours["savingline"].pk)
    setattr(row, field, Decimal(-5))
    row.delivered_to_on = date(2019, 9, 30)
    row.full_clean()


def typed(post, **sent):
    return {"from_on": "1 April 2019", "from_precision": "day", "standing": "agreed"} | sent


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("salary", "-130,000", "Enter a salary of £0 or more."),
        ("salary", "(130,000)", "Enter a salary of £0 or more."),
        ("on_costs_percent", "-28", "Enter on-costs of 0 percent or more."),
        ("on_costs_amount", "−1", "Enter on-costs of £0 or more."),
    ],
)
def test_cost_share_form_refuses_negative_pay_at_its_field(client, filled, field, text, sentence):
    post = filled.ours["jointpost"]
    client.force_login(filled.people["pay_officer"])
    answer = client.post(reverse("costshare_create", args=[post.pk]), typed(post, **{field: text}))
    assert answer.context["form"].errors == {field: [sentence]}
    assert post.cost_shares.count() == 1
