"""The grid of a saving's figures: typed, pasted or copied forward; saved all or nothing, with nothing lost."""

import itertools
from datetime import date
from decimal import Decimal

import pytest

from joint_posts.models import SavingLine
from joint_posts.savings import workflow
from partnership.accounts.permissions import today
from partnership.financial_years import FinancialYear
from partnership.records.workflow import withdraw
from tests.factories import make_party
from tests.html_forms import untouched
from tests.two_partnerships import DAY, everything

pytestmark = pytest.mark.django_db
WHY = "Budget monitoring"
YEAR = "2019/20"


@pytest.fixture
def officer(world):
    return {"by": world.people["officer.alder"], "reason": WHY}


@pytest.fixture
def at(client, world, officer):
    """The grid of a saving with one line of Alder's, opened by Alder's officer."""
    workflow.set_line(world.ours.saving, world.alder, YEAR, estimated=Decimal(900), **officer)
    client.force_login(officer["by"])
    return f"/savings/{world.ours.saving.pk}/grid/"


def name_of(council, year, column):
    return f"{council.pk}-{year.replace('/', '-')}-{column}"


def cells(*typed):
    """Return what is typed: (council, year, column, text) each."""
    return {name_of(council, year, column): text for council, year, column, text in typed}


def form_of(response):
    return untouched(response.content.decode())


def send(client, at, typed, *, do="save", reason=WHY, form=None, **more):
    """Type into the grid (or into the form of an earlier page) and press a button."""
    form = form or form_of(client.get(at))
    return client.post(at, form | typed | {"do": do, "reason": reason} | more)


def summary(response):
    """The error summary of the page, its links and sentences."""
    return response.content.decode().partition("There is a problem")[2].partition("</ul>")[0]


def figures(council, year=YEAR):
    line = SavingLine.objects.active().get(council=council, financial_year=year)
    return line.estimated, line.forecast, line.delivered, line.delivered_to_on, line.cost_to_achieve


def test_grid_has_a_row_for_every_council_and_year(client, world, at, officer):
    make_party(partnership=world.ours.partnership, council=world.cedar, position=3)
    workflow.set_line(world.ours.saving, world.birch, "", estimated=Decimal(7), **officer)
    assert "with no year given" in client.get(at).content.decode()
    form = form_of(client.get(at))
    now = FinancialYear.containing(today())
    assert form["years"] == [YEAR, str(now), str(now.next())]
    rows = []
    for year in form["years"]:
        rows += [(council, year) for council in (world.alder, world.birch, world.cedar)]
    names = [name_of(council, year, "estimated") for council, year in rows]
    assert [name for name in form if name.endswith("-estimated")] == names
    assert form[names[0]] == ["900"]


def test_every_box_has_a_label_of_its_own(client, world, at):
    body = client.get(at).content.decode()
    for column in ("estimated", "forecast", "delivered", "delivered up to", "cost to achieve", "about"):
        assert f"BDC {YEAR}, {column}</" in body, column


def test_ten_lines_take_two_page_loads(client, world, at, officer):
    """The grid, and the saving's page after the rows were pasted and saved."""
    years = [f"{start}/{start - 1999}" for start in range(2019, 2024)]
    rows = itertools.product(years, ("ACC", "Birch District"))
    block = "\n".join(f"{council}\t{year}\t£1,000" for year, council in rows)
    first = client.get(at)
    second = send(client, at, {}, do="fill and save", form=form_of(first), pasted=block)
    assert (second.status_code, second.headers["Location"]) == (302, f"/savings/{world.ours.saving.pk}/#lines")
    lines = SavingLine.objects.filter(saving=world.ours.saving)
    assert [line.financial_year for line in lines] == sorted(years + years)
    assert {line.estimated for line in lines} == {Decimal(1000)}


def test_typed_figures_are_saved_with_one_reason(client, world, at, officer):
    typed = cells(
        (world.alder, YEAR, "forecast", "£950.50"),
        (world.birch, YEAR, "estimated", "(500)"),
        (world.birch, YEAR, "delivered", "0"),
        (world.birch, YEAR, "delivered_to_on", "30/09/2019"),
        (world.birch, YEAR, "cost_to_achieve", "1,000"),
        (world.birch, YEAR, "figures_are_about", "on"),
    )
    response = send(client, at, typed)
    assert response.status_code == 302
    assert figures(world.alder) == (900, Decimal("950.50"), None, None, None)
    assert figures(world.birch) == (-500, None, 0, date(2019, 9, 30), 1000)
    newest = [line.history.latest() for line in SavingLine.objects.all()]
    assert [(row.person, row.history_change_reason) for row in newest] == [("officer.alder of the tests", WHY)] * 2
    body = client.get(response.headers["Location"]).content.decode()
    assert "2 lines saved." in body
    assert "−£500" in body
    assert "The plan changed" not in body


def test_grid_sent_as_it_was_writes_nothing(client, world, at):
    before = everything()
    response = send(client, at, {})
    assert "nothing was saved" in client.get(response.headers["Location"]).content.decode()
    assert everything() == before


def test_same_form_sent_twice_is_saved_once(client, world, at):
    form = form_of(client.get(at))
    typed = cells((world.birch, YEAR, "estimated", "500"))
    send(client, at, typed, form=form)
    before = everything()
    assert send(client, at, typed, form=form).status_code == 302
    assert everything() == before


def test_changed_plan_is_named(client, world, at):
    response = send(client, at, cells((world.alder, YEAR, "estimated", "800")))
    assert (
        "1 line saved. The plan changed for ACC 2019/20." in client.get(response.headers["Location"]).content.decode()
    )


def test_emptied_cell_is_not_recorded(client, world, at):
    send(client, at, cells((world.alder, YEAR, "estimated", "")))
    assert figures(world.alder) == (None, None, None, None, None)


def test_row_says_what_one_should_know_before_changing_it(client, world, at, officer):
    given = {"forecast": Decimal(-5), "delivered": Decimal(5), "delivered_to_on": date(2019, 9, 30)}
    line = workflow.set_line(world.ours.saving, world.alder, YEAR, **given, **officer)
    workflow.verify_line(line, on=DAY, by=world.people["finance_verifier.alder"])
    body = client.get(at).content.decode()
    assert "costs more than it saves" in body
    assert "verified; a change of what is delivered clears it" in body


# --- Wrong values -----------------------------------------------------------------------------------------------------

MONEY = "is not an amount of money. Enter pounds like 1,234 or 1,234.50."
COMMAS = (
    "“1.234,50” is not an amount of money. Write a comma only between thousands, and a point before pence, like"
    " 1,234.50."
)


@pytest.mark.parametrize(
    ("column", "text", "sentence"),
    [
        ("estimated", "lots", f"“lots” {MONEY}"),
        ("cost_to_achieve", "1.234,50", COMMAS),
        ("delivered_to_on", "31/02/2020", "“31/02/2020” is not a date: February 2020 has 29 days."),
        ("delivered", "5", "Enter the last day that the delivered figure covers."),
        ("figures_are_about", "on", "Enter the figure that is about."),
    ],
)
def test_wrong_cell_is_named_and_nothing_is_half_saved(client, world, at, *, column, text, sentence):
    """Birch's row is wrong; Alder's, which is right, is not saved either, and both stay as they were typed."""
    before = everything()
    wrong = cells((world.birch, YEAR, column, text))
    response = send(client, at, wrong | cells((world.alder, YEAR, "forecast", "950")))
    assert response.status_code == 200
    where = "delivered_to_on" if column == "delivered" else column  # the workflow's rule is about the date
    label = {"delivered_to_on": "delivered up to", "cost_to_achieve": "cost to achieve", "figures_are_about": "about"}
    target = f'href="#id_{name_of(world.birch, YEAR, where)}"'
    assert f"{target}>BDC 2019/20, {label.get(where, where)}: {sentence}</a>" in summary(response)
    assert everything() == before
    form = form_of(response)
    assert form[name_of(world.birch, YEAR, column)] == [text]
    assert form[name_of(world.alder, YEAR, "forecast")] == ["950"]


def test_reason_is_asked_for(client, world, at):
    before = everything()
    response = send(client, at, cells((world.birch, YEAR, "estimated", "5")), reason=" ")
    assert '<a href="#id_reason">Say why you are changing this</a>' in summary(response)
    assert everything() == before


def test_post_counted_elsewhere_is_refused_with_a_way_there(client, world, at, officer):
    facts = {"category": "services", "basis": "Pay", "identified_on": DAY, "benefit_type": "cashable"}
    posts = [world.ours.posts["in post"]]
    second = workflow.record_saving(world.ours.partnership, title="Again", posts=posts, **facts, **officer)
    before = everything()
    years = {"years": [YEAR], name_of(world.birch, YEAR, "estimated"): "5"}
    typed = cells((world.alder, YEAR, "estimated", "5"))
    response = client.post(f"/savings/{second.pk}/grid/", years | typed | {"do": "save", "reason": WHY})
    assert "ACC 2019/20: Post in post already counts for Alder County in 2019/20" in summary(response)
    assert f'<a href="/savings/{world.ours.saving.pk}/">Open “Shared posts”</a>' in summary(response)
    assert everything() == before


# --- Somebody else was faster -----------------------------------------------------------------------------------------


@pytest.fixture
def colleague(world):
    return {"by": world.people["officer.birch"], "reason": "Their own"}


def test_stale_row_is_refused_with_both_versions_and_nothing_lost(client, world, at, colleague):
    form = form_of(client.get(at))
    their = {"estimated": Decimal(700), "forecast": Decimal(650)}
    workflow.set_line(world.ours.saving, world.alder, YEAR, **their, **colleague)
    before = everything()
    typed = cells((world.alder, YEAR, "estimated", "800"), (world.birch, YEAR, "estimated", "500"))
    response = send(client, at, typed, form=form)
    assert response.status_code == 409
    assert everything() == before
    body = response.content.decode()
    assert "officer.birch of the tests changed this while you were typing" in body
    assert "gave this reason: “Their own”" in body
    both = body.partition("What it says now")[2].partition("</section>")[0]
    assert [text in both for text in ("ACC 2019/20, estimated", ">800<", "£700", "You left it as it was", "£650")] == [
        True
    ] * 5
    again = form_of(response)
    shown = [again[name_of(world.alder, YEAR, column)] for column in ("estimated", "forecast", "version")]
    assert shown == [["800"], ["650"], ["2"]]
    assert again[name_of(world.birch, YEAR, "estimated")] == ["500"]
    assert again["reason"] == [WHY]
    assert send(client, at, {}, form=again).status_code == 302
    assert figures(world.alder)[:2] == (800, 650)
    assert figures(world.birch)[0] == 500


def test_line_entered_meanwhile_is_not_overwritten(client, world, at, colleague):
    form = form_of(client.get(at))
    workflow.set_line(world.ours.saving, world.birch, YEAR, estimated=Decimal(700), **colleague)
    response = send(client, at, cells((world.birch, YEAR, "estimated", "500")), form=form)
    assert response.status_code == 409
    assert figures(world.birch)[0] == 700


def test_line_withdrawn_meanwhile_is_not_brought_back_unseen(client, world, at, colleague):
    form = form_of(client.get(at))
    withdraw(SavingLine.objects.get(), on=DAY, **colleague)
    response = send(client, at, cells((world.alder, YEAR, "estimated", "500")), form=form)
    assert response.status_code == 409
    assert SavingLine.objects.active().count() == 0


def test_row_one_did_not_touch_keeps_what_a_colleague_saved(client, world, at, colleague):
    form = form_of(client.get(at))
    workflow.set_line(world.ours.saving, world.alder, YEAR, estimated=Decimal(700), **colleague)
    response = send(client, at, cells((world.birch, YEAR, "estimated", "500")), form=form)
    assert response.status_code == 302
    assert (figures(world.alder)[0], figures(world.birch)[0]) == (700, 500)


@pytest.mark.parametrize("version", ["", "0", "99", "abc", "9" * 30])
def test_version_made_up_is_stale(client, world, at, version):
    before = everything()
    typed = cells((world.alder, YEAR, "estimated", "1"), (world.alder, YEAR, "version", version))
    assert send(client, at, typed).status_code == 409
    assert everything() == before


# --- Filling it -------------------------------------------------------------------------------------------------------


def test_pasted_rows_fill_the_grid_and_are_not_saved(client, world, at):
    before = everything()
    block = f"acc\t{YEAR}\t\t£950\nBirch District\t2019-20\t500\t\t(5)\t30 September 2019\t12.50"
    response = send(client, at, cells((world.alder, YEAR, "cost_to_achieve", "7")), do="fill", pasted=block)
    assert everything() == before
    assert "5 cells filled. Nothing is saved until you press" in response.content.decode()
    form = form_of(response)
    columns = ("estimated", "forecast", "delivered", "delivered_to_on", "cost_to_achieve")
    rows = {}
    for council in (world.alder, world.birch):
        rows[council.short_name] = [form[name_of(council, YEAR, c)][0] for c in columns]
    assert rows == {"ACC": ["900", "£950", "", "", "7"], "BDC": ["500", "", "(5)", "30 September 2019", "12.50"]}
    assert form["pasted"] == [""]
    assert send(client, at, {}, form=form).status_code == 302
    assert figures(world.birch) == (500, None, -5, date(2019, 9, 30), Decimal("12.50"))


def test_header_row_says_the_order(client, world, at):
    block = f"Financial year\tForecast\tCouncil\n{YEAR}\t450\tBDC"
    form = form_of(send(client, at, {}, do="fill", pasted=block))
    assert form[name_of(world.birch, YEAR, "forecast")] == ["450"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (f"CDX\t{YEAR}\t5", "Pasted row 2, council “CDX”: Write a council of the partnership: ACC, BDC."),
        ("BDC\t2019\t5", "Pasted row 2, year: “2019” is not a financial year. Write 2018/19 or 2019/20."),
        (f"BDC\t{YEAR}\tmuch", f"Pasted row 2, estimated: “much” {MONEY}"),
        (
            f"BDC\t{YEAR}\t\t\t5\t31/02/2020",
            "Pasted row 2, delivered up to: “31/02/2020” is not a date: February 2020 has 29 days.",
        ),
        (f"BDC\t{YEAR}\t1\t2\t3\t4\t5\t6", "Pasted row 2, row: It has 8 cells; the grid takes 7."),
        ("BDC", "Pasted row 2, year: Write the financial year like 2019/20."),
    ],
)
@pytest.mark.parametrize("do", ["fill", "fill and save"])
def test_wrong_row_is_named_and_the_others_fill(client, world, at, *, row, sentence, do):
    before = everything()
    block = f"ACC\t{YEAR}\t\t950\n{row}"
    response = send(client, at, {}, do=do, pasted=block)
    assert f'<a href="#id_pasted">{sentence}</a>' in summary(response)
    form = form_of(response)
    assert form[name_of(world.alder, YEAR, "forecast")] == ["950"]
    assert form["pasted"] == [block]
    assert everything() == before


def test_pasted_rows_are_not_lost_by_pressing_save(client, world, at):
    """They fill the grid first, to be looked at."""
    before = everything()
    response = send(client, at, {}, pasted=f"BDC\t{YEAR}\t500")
    assert form_of(response)[name_of(world.birch, YEAR, "estimated")] == ["500"]
    assert everything() == before


@pytest.mark.parametrize("block", ["BDC\t{}/{:02d}\t5", "\n" * 300 + "x"])
def test_block_too_large_is_refused(client, world, at, block):
    rows = "\n".join(block.format(start, (start + 1) % 100) for start in range(1950, 2050))
    response = send(client, at, {}, do="fill", pasted=rows)
    assert "There is a problem" in response.content.decode()


def test_last_year_is_copied_forward_into_empty_cells(client, world, at, officer):
    """Alder's 900 goes on, and stays about; Birch's typed figure for the next year stays."""
    about = {"figures_are_about": True}
    workflow.set_line(world.ours.saving, world.alder, YEAR, **about, **officer)
    workflow.set_line(world.ours.saving, world.birch, YEAR, estimated=Decimal(500), **officer)
    first = form_of(send(client, at, {}, do="year", another_year="2020/21"))
    body = client.get(at).content.decode()
    assert "Copy 2019/20 forward" in body
    before = everything()
    response = send(client, at, {}, do="copy", form=first)
    assert everything() == before
    form = form_of(response)
    assert form[name_of(world.alder, "2020/21", "estimated")] == ["900"]
    assert form[name_of(world.alder, "2020/21", "figures_are_about")] == ["on"]
    assert form[name_of(world.birch, "2020/21", "estimated")] == ["500"]
    assert "2 cells filled." in response.content.decode()
    typed = cells((world.birch, "2020/21", "estimated", "450"), (world.birch, "2021/22", "forecast", "1"))
    assert "Copy 2020/21 forward" in response.content.decode()
    assert send(client, at, typed, form=form).status_code == 302
    assert figures(world.birch, "2020/21")[0] == 450


def test_another_year_is_shown_and_what_was_typed_stays(client, world, at):
    typed = cells((world.birch, YEAR, "estimated", "500"))
    response = send(client, at, typed, do="year", another_year="2022/23")
    form = form_of(response)
    assert "2022/23" in form["years"]
    assert form[name_of(world.birch, YEAR, "estimated")] == ["500"]
    assert "Say why" not in response.content.decode()
    wrong = send(client, at, {}, do="year", another_year="2022/24")
    assert '<a href="#id_another_year">“2022/24” is not a financial year. Write it like 2019/20.</a>' in summary(wrong)


@pytest.mark.parametrize("do", ["save", "fill", "fill and save", "copy"])
def test_grid_shows_a_year_that_was_typed_whichever_button_is_pressed(client, world, at, do):
    """Nothing is saved yet, and nothing that was typed is dropped; what is shown then is saved as it stands."""
    before = everything()
    typed = cells((world.birch, YEAR, "estimated", "500"))
    response = send(client, at, typed, do=do, another_year="2022-23")
    assert everything() == before
    assert "2 rows added" in response.context["note"]
    assert response.context["note"].endswith("Nothing is saved until you press “Save the figures”.")
    form = form_of(response)
    assert form["another_year"] == [""]
    assert [form[name_of(each, "2022/23", "estimated")] for each in (world.alder, world.birch)] == [[""], [""]]
    assert (form[name_of(world.birch, YEAR, "estimated")], form["reason"]) == (["500"], [WHY])
    again = send(client, at, cells((world.birch, "2022/23", "forecast", "40")), form=form)
    assert again.status_code == 302
    assert (figures(world.birch)[0], figures(world.birch, "2022/23")[1]) == (500, 40)


def test_grid_adds_a_typed_year_and_fills_pasted_rows_at_once(client, world, at):
    before = everything()
    response = send(client, at, {}, do="fill and save", another_year="2022/23", pasted=f"BDC\t{YEAR}\t500")
    assert everything() == before
    said = "2 rows added and 1 cell filled. Nothing is saved until you press “Save the figures”."
    assert response.context["note"] == said
    assert form_of(response)[name_of(world.birch, YEAR, "estimated")] == ["500"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("next year", "“next year” is not a financial year. Write it like 2019/20."),
        ("2019/20-2021/22", "“2019/20-2021/22” is more than one financial year. Enter one year, like 2019/20."),
    ],
)
def test_grid_refuses_to_save_beside_a_year_that_cannot_be_read(client, world, at, typed, sentence):
    before = everything()
    response = send(client, at, cells((world.birch, YEAR, "estimated", "500")), another_year=typed)
    assert everything() == before
    assert f'<a href="#id_another_year">{sentence}</a>' in summary(response)
    form = form_of(response)
    assert (form["another_year"], form[name_of(world.birch, YEAR, "estimated")]) == ([typed], ["500"])


def test_grid_saves_where_the_year_typed_is_shown_already(client, world, at):
    response = send(client, at, cells((world.birch, YEAR, "estimated", "500")), another_year=YEAR)
    assert response.status_code == 302
    assert figures(world.birch)[0] == 500


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_grid_is_for_those_who_keep_the_ledger(client, world, at):
    before = everything()
    found = {}
    typed = cells((world.alder, YEAR, "estimated", "1")) | {"years": [YEAR], "reason": WHY, "do": "save"}
    for person in ("officer.birch", "pwg_member.alder", "finance_verifier.alder", "administrator.alder", "stranger"):
        client.force_login(world.people[person])
        found[person] = client.get(at).status_code, client.post(at, typed).status_code
    assert found == {
        "officer.birch": (200, 409),  # the made-up form names no version
        "pwg_member.alder": (403, 403),
        "finance_verifier.alder": (403, 403),
        "administrator.alder": (403, 403),
        "stranger": (404, 404),
    }
    assert everything() == before
    client.logout()
    assert client.get(at).headers["Location"] == f"/sign-in/?next={at}"


def test_withdrawn_saving_takes_no_figures(client, world, at, officer):
    withdraw(world.ours.saving, on=DAY, **officer)
    assert client.get(at).status_code == 403
