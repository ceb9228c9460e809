"""Workbooks and CSV files as people really have them: read as they are meant, or refused and asked in a sentence."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl.styles import Font

from joint_posts.models import CostShare, JointPost, SavingLine
from partnership.imports.job import run
from partnership.imports.reader import Refused, Uncertain, decoded, read
from partnership.models import Agreement, Job
from tests.spreadsheets import as_csv, as_strict, as_workbook, confirm, hand_in, imported, with_results

pytestmark = pytest.mark.django_db

HEADINGS = ["Saving", "Council", "Financial year", "Estimated", "Forecast", "Delivered", "Delivered up to"]
LINE = ["Saving of Alder", "Alder County", "2021/22", 1000, None, None, None]


@pytest.fixture
def officer(client, filled):
    client.force_login(filled.people["officer"])
    return filled.people["officer"]


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(*rows, change=lambda sheet: None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    return saved(book)


def lines_of(filled):
    lines = filled.ours["saving"].lines.filter(financial_year__in=["2021/22", "2009/10"]).select_related("council")
    return [(line.council.name, line.estimated, line.forecast, line.delivered) for line in lines]


def sentences(job):
    assert job.state == Job.State.READY, job.result
    return [(found["row"], found["column"], found["sentence"]) for found in job.result["problems"]]


# --- Workbooks --------------------------------------------------------------------------------------------------------


def test_formula_that_comes_to_nothing_is_an_empty_cell(client, officer, filled):
    content = with_results(
        workbook(HEADINGS, ["Saving of Alder", "Alder County", "2021/22", 1, "x", 2, date(2022, 3, 31)]),
        {"D2": ("500+500", "1000"), "E2": ("IF(1=1,&quot;&quot;,5)", "")},
    )
    assert imported(client, "saving", "lines.xlsx", content).state == Job.State.DONE
    assert lines_of(filled) == [("Alder County", Decimal(1000), None, Decimal(2))]


def test_formatted_empty_cell_at_the_last_row_is_passed_over(client, officer, filled):
    def change(sheet):
        sheet.cell(1_048_576, 3).font = Font(bold=True)
        sheet.cell(60_000, 1).value = "  "

    job = imported(client, "saving", "lines.xlsx", workbook(HEADINGS, LINE, change=change))
    assert (job.state, job.result["counts"]["new"]) == (Job.State.DONE, 1)


def test_csv_with_a_hundred_thousand_blank_lines_is_read(client, officer, filled):
    content = as_csv([HEADINGS, LINE]) + b",,,,,,\r\n" * 100_000
    assert hand_in(client, "saving", "lines.csv", content).result["counts"]["new"] == 1


def test_unrounded_result_is_rounded_to_the_penny_and_that_is_said(client, officer, filled):
    row = ["Saving of Alder", "Alder County", "2021/22", 1, 1, None, None]
    results = {"D2": ("100000/3", 33333.333333333336), "E2": ("1/200", 0.005)}
    content = with_results(workbook(HEADINGS, row), results)
    job = hand_in(client, "saving", "lines.xlsx", content)
    (note,) = job.result["notes"]
    assert note.startswith("Rounded to the places that the register keeps: row 2, ")
    assert "row 2, Estimated: 33333.3333333333 → 33,333.33" in note
    assert "row 2, Forecast: 0.005 → 0.01" in note
    assert "Estimated: £33,333.33" in job.result["rows"][0]["changes"]
    confirm(client, job)
    assert lines_of(filled) == [("Alder County", Decimal("33333.33"), Decimal("0.01"), None)]


def test_unrounded_csv_result_is_rounded_and_three_places_are_refused(client, officer):
    row = [*LINE[:3], "33333.3333333333", "1.234", None, None]
    job = hand_in(client, "saving", "lines.csv", as_csv([HEADINGS, row]))
    assert [(column, words[:36]) for _, column, words in sentences(job)] == [
        ("Forecast", "“1.234” is not an amount of money. W")
    ]


def test_strict_workbook_is_read_like_any_other(client, officer, filled):
    content = as_strict(workbook(HEADINGS, [*LINE[:5], 5, date(2022, 3, 31)]))
    assert imported(client, "saving", "lines.xlsx", content).state == Job.State.DONE
    line = SavingLine.objects.get(financial_year="2021/22", saving=filled.ours["saving"])
    assert (line.estimated, line.delivered_to_on) == (Decimal(1000), date(2022, 3, 31))


def test_sheet_that_has_the_headings_is_read_wherever_it_stands(client, officer, filled):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["How to fill this in", "How to fill this in"])
    lists = book.create_sheet("Lists")
    lists.append(["Council", "Colour"])
    sheet = book.create_sheet("Lines")
    sheet.append([])
    sheet.append(HEADINGS)
    sheet.append(LINE)
    hidden = book.create_sheet("Old")
    hidden.append(HEADINGS)
    hidden.sheet_state = "hidden"
    job = hand_in(client, "saving", "lines.xlsx", saved(book))
    assert job.result["notes"] == ["Only the sheet “Lines” is read, not “Notes” and “Lists”."]
    assert job.result["counts"]["new"] == 1


def test_second_sheet_with_the_same_headings_is_pointed_out(client, officer):
    book = openpyxl.Workbook()
    for name in ("2021", "2022"):
        sheet = book.create_sheet(name)
        sheet.append(HEADINGS)
        sheet.append(LINE)
    assert hand_in(client, "saving", "lines.xlsx", saved(book)).result["notes"] == [
        "Only the sheet “2021” is read, not “2022”.",
        "“2022” would fit as well. To import them too, hand in each as a file of its own.",
    ]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_error_value_is_refused_with_its_cell(error, client, officer):
    sentence = f"Cell D2 holds the error {error}. Correct the formula, or type the value itself."
    content = with_results(workbook(HEADINGS, LINE), {"D2": ("A1", error)})
    assert sentences(hand_in(client, "saving", "lines.xlsx", content)) == [(2, "Estimated", sentence)]
    content = as_csv([HEADINGS, [*LINE[:3], error, None, None, None]])
    assert sentences(hand_in(client, "saving", "lines.csv", content)) == [(2, "Estimated", sentence)]


def test_error_value_in_a_title_is_refused_too(client, officer):
    content = as_csv([["Title", "Category"], ["#N/A", "Joint management"]])
    found = {column: sentence for _, column, sentence in sentences(hand_in(client, "saving", "s.csv", content))}
    assert found["Title"] == "Cell A2 holds the error #N/A. Correct the formula, or type the value itself."


@pytest.mark.parametrize(
    ("value", "pattern", "share"),
    [
        (0.2, "0%", "20"),
        (0.275, "0.0%", "27.5"),
        (20, '0"%"', "20"),
        (20, "0\\%", "20"),
        (0.5, '0.0"%"', "0.5"),
        (27.5, "General", "27.5"),
        (0.2, '[Red]0%;-0%;"none"', "20"),
    ],
)
def test_percent_format_is_read_as_it_is_shown(value, pattern, share):
    book = openpyxl.Workbook()
    book.active.append(["Share"])
    book.active.append([value])
    book.active["A2"].number_format = pattern
    assert read("a.xlsx", saved(book)).rows[0].cells == [Decimal(share)]


def shares_file(on_costs):
    headings = ["Joint post", "From", "Salary", "On-costs in percent", "ACC’s share", "BDC’s share"]
    return [headings, ["Post of Alder", "Apr-19", 100_000, on_costs, 50, 50]]


@pytest.mark.parametrize(
    ("on_costs", "sentence"),
    [
        (0.2, "“0.2” may mean 0.2% or 20%. Write which, with the sign."),
        (1, "“1” may mean 1% or 100%. Write which, with the sign."),
        ("27,5", "“27,5” is not a percentage. Write a point before the decimal, like 27.5."),
    ],
)
def test_share_that_can_be_read_in_two_ways_is_asked_about(on_costs, sentence, client, filled):
    client.force_login(filled.people["pay_officer"])
    for name, content in (("s.xlsx", as_workbook), ("s.csv", as_csv)):
        job = hand_in(client, "jointpost", name, content(shares_file(on_costs)))
        assert sentence in [words for _, _, words in sentences(job)], job.result


@pytest.mark.parametrize("on_costs", ["20%", "20", "0.2%"])
def test_share_with_its_sign_is_taken(on_costs, client, filled):
    client.force_login(filled.people["pay_officer"])
    job = hand_in(client, "jointpost", "s.csv", as_csv(shares_file(on_costs)))
    assert sentences(job) == []
    confirm(client, job)
    share = CostShare.objects.get(from_on=date(2019, 4, 1))
    assert (share.on_costs_percent, share.from_precision) == (Decimal(on_costs.rstrip("%")), "month")


def test_hidden_rows_and_columns_are_pointed_out(client, officer):
    def change(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["E"].hidden = True

    rows = [HEADINGS, LINE, ["Saving of Alder", "BDC", "2021/22", 5, None, None, None]]
    job = hand_in(client, "saving", "lines.xlsx", workbook(*rows, change=change))
    assert job.result["notes"] == [
        "Row 3 is hidden in the sheet, by a filter or by hand, and would be imported too.",
        "Column “Forecast” is hidden in the sheet, and would be imported too.",
    ]


@pytest.mark.parametrize("words", ["Total", "TOTALS", "Sum", "Grand total", "Sub-total:", "Total savings 2021/22"])
def test_total_row_is_left_out_and_that_is_said(words, client, officer, filled):
    rows = [HEADINGS, LINE, [words, None, None, 1000, None, None, None]]
    for name, content in (("lines.xlsx", as_workbook(rows)), ("lines.csv", as_csv(rows))):
        job = hand_in(client, "saving", name, content)
        assert job.result["notes"] == [f"Left out, because it is a total: row 3 (“{words}”)."]
        assert job.result["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "wrong": 0}


def test_saving_whose_title_begins_with_total_is_a_record():
    rows = [["Title", "Category"], ["Total facilities management", "Shared services"]]
    assert len(read("s.csv", as_csv(rows)).rows) == 1


def test_months_and_years_as_excel_keeps_them(client, officer, filled):
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.append(["Saving of Alder", "Alder County", date(2009, 10, 1), 7, None, None, None])
    book.active["C2"].number_format = "mmm-yy"
    assert imported(client, "saving", "l.xlsx", saved(book)).state == Job.State.DONE
    assert lines_of(filled) == [("Alder County", Decimal(7), None, None)]


@pytest.mark.parametrize("told", [{}, {"How exact is the signing date": ""}])
def test_month_in_a_file_is_kept_as_a_month(told, client, officer):
    for number, cell in enumerate(("April 2007", "Apr-07", date(2007, 4, 1))):
        book = openpyxl.Workbook()
        book.active.append(["Title", "Made on", "Covers", *told])
        book.active.append([f"Agreement {number}", cell, "Posts", *told.values()])
        book.active["B2"].number_format = "mmm-yy"
        job = imported(client, "agreement", "a.xlsx", saved(book))
        assert job.state == Job.State.DONE, job.result
        agreement = Agreement.objects.get(title=f"Agreement {number}")
        assert (agreement.made_on, agreement.made_precision) == (date(2007, 4, 1), "month")


# --- Names and choices ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saving", "council"),
    [
        ("Saving\u00a0of  Alder", "alder county"),
        ("Saving\u200b of Alder", "\ufeffAlder County"),
        ("SAVING OF ÁLDER", "Alder\u2009County"),
    ],
)
def test_names_are_found_however_they_are_spaced_and_accented(saving, council, client, officer, filled):
    job = imported(client, "saving", "l.csv", as_csv([HEADINGS, [saving, council, *LINE[2:]]]))
    assert (job.state, len(lines_of(filled))) == (Job.State.DONE, 1)


def test_headings_are_found_however_they_are_spaced(client, officer, filled):
    headings = [
        "saving",
        "COUNCIL",
        "Financial\u00a0year",
        " Estimated\u200b",
        "Forecast",
        "Delivered",
        "Delivered  up to",
    ]
    assert hand_in(client, "saving", "l.csv", as_csv([headings, LINE])).result["counts"]["new"] == 1


def test_what_is_no_choice_is_answered_with_the_choices(client, officer):
    content = as_csv([["Title", "Category"], ["A saving", "Magic"]])
    found = {column: sentence for _, column, sentence in sentences(hand_in(client, "saving", "s.csv", content))}
    assert found["Category"].startswith("“Magic” is not a choice here. Choose from: ")


def test_everything_wrong_with_a_file_is_said_at_once(client, officer, filled):
    line = filled.ours["savingline"]
    rows = [
        HEADINGS,
        ["Saving of Alder", "Mars", "2021/22", "lots", None, "5", None],
        ["Saving of Alder", line.council.name, line.financial_year, 1, None, None, None],
    ]
    found = [(row, column) for row, column, _ in sentences(hand_in(client, "saving", "l.csv", as_csv(rows)))]
    assert sorted(found) == [(2, "Council"), (2, "Delivered up to"), (2, "Estimated"), (3, "Financial year")]


# --- What is pointed out ----------------------------------------------------------------------------------------------


def test_preview_of_new_rows_shows_what_would_be_written(client, officer):
    content = as_csv([HEADINGS, ["saving of alder", "BDC", "FY2021/22", "(1,500.5)", "", "0", "31/3/22"]])
    job = hand_in(client, "saving", "l.csv", content)
    assert job.result["rows"] == [
        {
            "row": 2,
            "kind": "new",
            "name": job.result["rows"][0]["name"],
            "changes": [
                "Council: Birch District",
                "Financial year: 2021/22",
                "Estimated: −£1,500.50",
                "Delivered: £0",
                "Delivered up to: 31 March 2022",
                *job.result["rows"][0]["changes"][5:],
            ],
        }
    ]
    page = client.get(reverse("saving_job", args=[job.pk])).content.decode()
    assert "Estimated: −£1,500.50" in page


def test_same_file_again_is_pointed_out(client, officer, filled):
    content = as_csv([["Title", "Category"], ["A saving", "Magic"]])
    lines = as_csv([HEADINGS, LINE])
    assert imported(client, "saving", "l.csv", lines).state == Job.State.DONE
    assert hand_in(client, "saving", "other name.csv", content).result["notes"] == []
    client.force_login(filled.people["neighbour"])
    (note,) = [note for note in hand_in(client, "saving", "l2.csv", lines).result["notes"] if "same file" in note]
    assert note.endswith("Importing it again may enter its new rows twice.")


def posts(*titles, role=""):
    headings = ["Title", "Status", "Since", "Statutory role"]
    return as_csv([headings, *[[title, "Proposed", "1 April 2019", role] for title in titles]])


def test_post_of_the_same_name_is_pointed_out(client, officer, filled):
    job = hand_in(client, "jointpost", "p.csv", posts("POST OF  ALDER", "Other Post", "Other Post (interim)"))
    assert job.result["notes"] == [
        "Look whether these are recorded already: row 2, “POST OF ALDER”: the joint post “Post of Alder” is recorded;"
        " row 4, “Other Post (interim)”: row 3 of this file has it too."
    ]


def test_second_head_of_paid_service_is_pointed_out(client, officer, filled):
    role = "Head of paid service"
    assert imported(client, "jointpost", "p.csv", posts("Chief Executive", role=role)).state == Job.State.DONE
    job = hand_in(client, "jointpost", "q.csv", posts("Chief Executive, head of paid service", role=role))
    assert job.result["notes"] == [
        "Look whether these are recorded already: row 2, “Chief Executive, head of paid service”: the joint post"
        " “Chief Executive” is recorded; row 2, “Head of paid service”: the joint post “Chief Executive” is recorded."
    ]
    assert JointPost.objects.filter(title__startswith="Chief Executive").count() == 1


# --- Encodings --------------------------------------------------------------------------------------------------------

WORDS = "Director’s café costs £5k – see note"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        (WORDS, "cp1252"),
        ("Café Müller saves £5k", "cp850"),
        ("Saves £5,000 a year", "cp850"),
        ("Director’s “joint” post – £5k", "mac_roman"),
        ("½ post of Bexhill-on-Sea £1,000", "cp1252"),
        (WORDS, "utf-16"),
        (WORDS, "utf-32"),
    ],
)
def test_encoding_that_is_certain_is_read(words, encoding):
    assert decoded(words.encode(encoding)) == words


def test_bytes_that_make_words_in_two_encodings_are_asked_about():
    with pytest.raises(Uncertain) as asked:
        decoded("Saving,Council\r\nMöller,a\r\n".encode("cp850"))
    samples = {reading.encoding: reading.samples for reading in asked.value.readings}
    assert samples == {"cp850": ("Möller",), "mac_roman": ("Mîller",)}


def test_bytes_that_make_no_words_are_refused():
    for content in (b"a\r\nb,\x81\x8d\xff", "Director’s".encode() + b"\xff,\xe2\x80"):
        with pytest.raises(Refused, match="holds characters that cannot be read"):
            decoded(content)


def test_person_chooses_how_the_words_are_read(client, officer):
    rows = [["Title", "Category", "Basis", "Identified on"], ["Möller", "Management posts", "x", "1 April 2019"]]
    job = hand_in(client, "saving", "s.csv", as_csv(rows, "cp850"))
    at = reverse("saving_job", args=[job.pk])
    page = client.get(at).content.decode()
    assert "Which of these words are right?" in page
    assert "Möller (MS-DOS)" in " ".join(page.split())
    assert "Mîller (Macintosh)" in " ".join(page.split())
    client.post(at, {"encoding": "latin-1"})
    run(job.pk)
    job.refresh_from_db()
    assert job.result["readings"]
    client.post(at, {"encoding": "cp850"})
    run(job.pk)
    job.refresh_from_db()
    assert job.result["encoding"] == "cp850"
    assert {row["name"] for row in job.result["rows"]} <= {"Möller"}
    assert "readings" not in job.result


def test_file_of_one_council_is_not_named_to_another(client, officer, filled):
    lines = as_csv([["Title", "Category"], ["A saving", "Magic"]])
    response = client.post(reverse("saving_import"), {"file": SimpleUploadedFile("l.csv", lines)})
    job = Job.objects.latest("pk")
    assert response.status_code == 302
    client.force_login(filled.people["neighbour"])
    assert client.get(reverse("saving_job", args=[job.pk])).status_code == 404
