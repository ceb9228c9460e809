"""Costs, pay and percentages are never negative: by form, file, workflow and in the database. Savings may be."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from tests.filled_registers import everything
from tests.html_forms import untouched
from tests.spreadsheets import as_csv, as_workbook, imported, rows_of_csv, rows_of_workbook

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


# --- The same by grid, pasted rows and files --------------------------------------------------------------------------

COST_SENTENCE = "Enter a cost of £0 or more."


@pytest.fixture
def grid(client, filled):
    client.force_login(filled.people["officer"])
    return reverse("saving_grid", args=[filled.ours["saving"].pk])


def cell_of(filled, column, year="2019-20"):
    return f"{filled.birch.pk}-{year}-{column}"


@pytest.mark.parametrize("text", ["-500", "(500)", "−500", "-£0.01"])
@pytest.mark.parametrize("way", ["typed", "pasted"])
def test_grid_refuses_a_negative_cost_at_its_own_cell(client, filled, grid, way, text):
    before = everything()
    form = untouched(client.get(grid).content.decode()) | {"years": ["2019/20"], "reason": "Monitoring"}
    if way == "typed":
        sent = form | {cell_of(filled, "cost_to_achieve"): text, "do": "save"}
    else:
        sent = form | {"pasted": f"BDC\t2019/20\t-40\t\t\t\t{text}", "do": "fill and save"}
    answer = client.post(grid, sent)
    assert answer.status_code == 200
    target = f"id_{cell_of(filled, 'cost_to_achieve')}"
    errors = [(error.message, error.target) for error in answer.context["form"].errors]
    assert errors == [(f"BDC 2019/20, cost to achieve: {COST_SENTENCE}", target)]
    assert untouched(answer.content.decode())[cell_of(filled, "cost_to_achieve")] == [text]
    assert everything() == before


def test_grid_keeps_negative_savings(client, filled, grid):
    form = untouched(client.get(grid).content.decode()) | {"years": ["2019/20"], "reason": "Monitoring"}
    sent = {cell_of(filled, "estimated"): "-40", cell_of(filled, "forecast"): "(50)"}
    assert client.post(grid, form | sent | {"do": "save"}).status_code == 302
    line = filled.ours["saving"].lines.get(council=filled.birch, financial_year="2019/20")
    assert (line.estimated, line.forecast) == (-40, -50)


# The kind of row, the register that takes the file, who hands it in, the column, what stands in it, the sentence.
IN_FILES = [
    ("costshare", "jointpost", "pay_officer", "Salary", -130_000, "Enter a salary of £0 or more."),
    ("costshare", "jointpost", "pay_officer", "On-costs in percent", -28, "Enter on-costs of 0 percent or more."),
    ("costshare", "jointpost", "pay_officer", "On-costs in pounds", -1, "Enter on-costs of £0 or more."),
    ("costshare", "jointpost", "pay_officer", "ACC’s baseline", -1, "Enter a baseline of £0 or more."),
    ("costshare", "jointpost", "pay_officer", "ACC’s share", -10, "Enter a share between 0 and 100 percent."),
    ("savingline", "saving", "officer", "Cost to achieve", -500, COST_SENTENCE),
]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(("kind", "register", "person", "column", "value", "sentence"), IN_FILES)
def test_file_with_a_negative_cost_is_refused(
    client, filled, *, ending, kind, register, person, column, value, sentence
):
    client.force_login(filled.people[person])
    page = reverse(f"{kind}_export" if ending == "csv" else f"{kind}_export_xlsx")
    rows = rows_of_csv(client.get(page)) if ending == "csv" else rows_of_workbook(client.get(page))
    rows[1][rows[0].index(column)] = value
    file = as_csv(rows) if ending == "csv" else as_workbook(rows)
    before = everything()
    job = imported(client, register, f"{kind}.{ending}", file)
    found = [(problem["row"], problem["column"], problem["sentence"]) for problem in job.result["problems"]]
    assert found == [(2, column, sentence)]
    assert everything() == before


@pytest.mark.parametrize(
    ("kind", "column", "text", "sentence"),
    [
        ("savingline", "cost_to_achieve", "-500", COST_SENTENCE),
        (
            "saving",
            "attributed_percent",
            "-5",
            "The partnership's part is more than 0 and at most 100 percent.",
        ),
    ],
)
def test_edit_form_refuses_a_negative_cost_at_its_field(client, filled, *, kind, column, text, sentence):
    client.force_login(filled.people["officer"])
    at = reverse(f"{kind}_edit", args=[filled.ours[kind].pk])
    before = everything()
    answer = client.post(at, untouched(client.get(at).content.decode()) | {column: text, "reason": "Monitoring"})
    assert answer.context["form"].errors[column] == [sentence]
    assert everything() == before
