"""Each figure of a saving line is declared once, and every form, page, file, named figure and paper follows."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from joint_posts.models import SavingLine
from joint_posts.models.figures import BENEFITS, BY_NAME, ENTERED, FIELDS, OPEN_DATA, LineFigure
from joint_posts.savings.forms.pasted import COLUMNS
from joint_posts.savings.forms.savings import SavingLineForm
from joint_posts.savings.workflow import set_line
from partnership.models import Partnership, User
from reviews.facts.figures import figures, outside_name
from reviews.facts.partnership import facts as facts_of
from reviews.models import Review
from reviews.publishing.open_data import KINDS
from tests.factories import change
from tests.html_forms import untouched
from tests.spreadsheets import rows_of_csv

pytestmark = pytest.mark.django_db
YEAR = "2018/19"
DAY = date(2019, 3, 1)
# A sum for each figure that stands nowhere else in the example: £41,001, £41,002, …
SUMS = {figure.name: Decimal(41_000 + number) for number, figure in enumerate(ENTERED, 1)}
EACH = pytest.mark.parametrize("figure", ENTERED, ids=[figure.name for figure in ENTERED])


@pytest.fixture
def line(example):
    """A line of the county's with every figure, in a year for which the example has none."""
    saving = SavingLine.objects.filter(saving__benefit_type="cashable").first().saving
    council = saving.partnership.parties.active().get(council__short_name="OCC").council
    officer = User.objects.get(username="officer.occ")
    days = {figure.day_field: DAY for figure in ENTERED if figure.day_field}
    return set_line(saving, council, YEAR, **SUMS, **days, on=DAY, by=officer, reason="Every figure")


@pytest.fixture
def officer(client, line):
    client.force_login(User.objects.get(username="officer.occ"))
    return client


def page(client, at):
    return client.get(at).content.decode()


def test_fields_of_the_declaration_are_those_of_the_model():
    assert set(FIELDS) <= {field.name for field in SavingLine._meta.fields}
    sums = {field.name for field in SavingLine._meta.fields if field.get_internal_type() == "DecimalField"}
    assert sums == {figure.name for figure in ENTERED}


@EACH
def test_figure_is_asked_in_form_and_grid(officer, line, figure):
    assert figure.name in SavingLineForm.Meta.fields
    assert untouched(page(officer, reverse("savingline_edit", args=[line.pk])))[figure.name] == [
        f"{SUMS[figure.name]}.00"
    ]
    grid = untouched(page(officer, reverse("saving_grid", args=[line.saving_id])))
    assert grid[f"{line.council_id}-2018-19-{figure.name}"] == [f"{SUMS[figure.name]:,.0f}"]


@EACH
def test_pasted_figure_fills_its_cell(officer, line, figure):
    at = reverse("saving_grid", args=[line.saving_id])
    pasted = f"council\tyear\t{COLUMNS[figure.name]}\nOCC\t{YEAR}\t77,123"
    filled = officer.post(at, untouched(page(officer, at)) | {"pasted": pasted, "do": "fill"})
    cell = untouched(filled.content.decode())[f"{line.council_id}-2018-19-{figure.name}"]
    assert cell == ["77,123"]


@EACH
def test_figure_is_on_the_savings_page_and_in_its_files(officer, line, figure):
    assert f"£{SUMS[figure.name]:,}" in page(officer, reverse("saving_detail", args=[line.saving_id]))
    heading = str(SavingLine._meta.get_field(figure.name).verbose_name).capitalize()
    (header,) = rows_of_csv(officer.get(reverse("savingline_template_csv")))
    assert heading in header
    header, *rows = rows_of_csv(officer.get(reverse("savingline_export")))
    assert f"{SUMS[figure.name]:.2f}" in [row[header.index(heading)] for row in rows]


@EACH
def test_figure_is_a_total_and_a_named_figure_of_the_facts(line, figure):
    facts = facts_of(Partnership.objects.get(pk=line.saving.partnership_id), date(2019, 3, 16))
    assert facts.savings.total(YEAR, figure.name).pounds == SUMS[figure.name]
    assert figures(facts)[f"savings.2018-19.occ.{figure.key}"].amount == SUMS[figure.name]


@EACH
def test_figure_is_on_the_board(client, line, figure):
    client.force_login(User.objects.get(username="member.occ"))
    assert f"£{SUMS[figure.name]:,}" in page(client, "/?as_at=2019-03-16&known=now")


@EACH
def test_figure_is_in_the_papers_table_of_savings(client, line, figure):
    review = change(Review.objects.get(slug="gateway-review-2019-03"), financial_year=YEAR)
    client.force_login(User.objects.get(username="clerk.occ"))
    words = " ".join(page(client, reverse("review_paper", args=[review.slug])).split())
    title = f"{line.saving.title}: {figure.row_words}" if figure.row_words else line.saving.title
    assert title in words
    assert figure.total_label in words
    assert f"£{SUMS[figure.name]:,}" in words


def test_open_data_has_a_column_for_each_published_figure():
    columns = [column.name for column in KINDS["savings"][1]]
    assert [name for name in columns if name in SUMS] == [figure.name for figure in OPEN_DATA]


def test_costs_stand_beside_no_benefit_outside_the_totals():
    assert [figure.name for figure in ENTERED if figure not in BENEFITS] == ["cost_to_achieve"]


def test_outside_name_of_two_words_has_hyphens():
    figure = LineFigure("paid_back", "Paid back", "Total paid back", "paid back")
    assert outside_name("2018/19", None, "income", figure) == "savings.2018-19.joint.income.paid-back"
    assert outside_name("", None, "", figure) == "savings.year-not-stated.joint.paid-back"


def test_outside_name_of_an_estimate_has_its_kind_alone():
    assert outside_name("2018/19", None, "income", BY_NAME["estimated"]) == "savings.2018-19.joint.income"
