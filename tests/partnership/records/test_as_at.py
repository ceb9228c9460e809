"""Registers, records, drafts and files on any date; what changed; and the calendar of what is to come."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from joint_posts.models import JointPost
from joint_posts.posts import workflow
from partnership.models import Agreement, CalendarFeed, Council, User
from partnership.records.as_at import AsAt, end_of, moment_asked_for
from partnership.records.record import recording
from tests.factories import change, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
LONDON = ZoneInfo("Europe/London")
MARCH = {
    "Assistant Chief Executive",
    "Assistant Director Regulatory Services and Community Safety",
    "Assistant Director Social Care, Commissioning and Housing",
    "Chief Executive",
    "Monitoring Officer",
    "Strategic Lead for HR",
}


@pytest.fixture
def officer(client, example):
    return sign_in(client, "officer.occ")


def sign_in(client, username):
    client.force_login(User.objects.get(username=username))
    return client


def titles(client, path="/joint-posts/", **query):
    return {row["cells"][0]["text"] for row in client.get(path, query).context["rows"]}


def test_day_ends_at_midnight_in_london():
    assert end_of(date(2019, 3, 31)) == datetime(2019, 3, 31, 23, 59, 59, 999999, tzinfo=LONDON)
    assert end_of(date(2019, 7, 1)).utcoffset().total_seconds() == 3600


@pytest.mark.parametrize("known", ["", "now"])
def test_moment_asks_for_itself_again(known):
    today = date(2020, 1, 1)
    moment = moment_asked_for({"as_at": "2019-03-16", "known": known}, today)
    assert moment_asked_for(moment.asked, today) == moment
    assert moment_asked_for(moment.other.asked, today) == moment.other
    assert moment_asked_for({"as_at": "2020-01-01"}, today) == AsAt(today)


def test_list_shows_the_posts_and_titles_of_the_day(officer):
    assert titles(officer, as_at="2019-03-16") == MARCH
    assert len(titles(officer, as_at="2019-11-12")) == 12
    assert "Deputy Director: HR" in titles(officer, as_at="2019-11-12")


def test_title_of_the_day_stands_with_what_is_known_today_too(officer):
    assert "Strategic Lead for HR" in titles(officer, as_at="2019-03-16", known="now")


def test_record_withdrawn_since_still_stands_on_the_day(officer):
    post = JointPost.objects.get(title="Deputy Director: HR")
    withdraw(post, date(2020, 1, 1), at=datetime(2020, 1, 1, 12, tzinfo=LONDON))
    assert "Strategic Lead for HR" in titles(officer, as_at="2019-03-16")
    assert "Strategic Lead for HR" not in titles(officer, as_at="2019-03-16", known="now")


def test_page_of_a_record_shows_it_and_what_it_names_as_they_were(officer):
    agreement = Agreement.objects.get()
    change(agreement, at=datetime(2020, 2, 1, 12, tzinfo=LONDON), title="Agreement renewed")
    post = JointPost.objects.get(title="Director of Law and Governance (Monitoring Officer)")
    html = officer.get(f"/joint-posts/{post.pk}/", {"as_at": "2019-03-16"}).content.decode()
    assert "Section 113 agreement" in html
    assert "Agreement renewed" not in html
    assert "Director of Law and Governance" not in html
    assert "16 March 2019, as known at the end of that day" in html


def test_record_nobody_had_recorded_yet_is_not_found(officer):
    post = JointPost.objects.get(title="Director for Customers and Digital")
    assert officer.get(f"/joint-posts/{post.pk}/", {"as_at": "2019-03-16"}).status_code == 404


def test_post_ended_later_is_in_post_on_the_day(officer):
    post = JointPost.objects.get(title="Corporate Director: Communities")
    by = User.objects.get(username="officer.occ")
    with recording(by=by, reason="Cover is over", at=datetime(2020, 4, 1, 12, tzinfo=LONDON)):
        workflow.end_post(post, ended_on=date(2020, 3, 31), by=by, reason="Cover is over")
    for known in ("", "now"):
        rows = officer.get("/joint-posts/", {"as_at": "2019-11-12", "known": known}).context["rows"]
        row = next(row for row in rows if row["cells"][0]["text"] == post.title)
        assert "In post" in [cell["text"] for cell in row["cells"]]


@pytest.mark.parametrize("path", ["/joint-posts/", "/savings/", "/agreements/", "/business-cases/", "/commitments/"])
@pytest.mark.parametrize("typed", ["31/02/2019", "2999-01-01", "soon"])
def test_wrong_date_on_a_register_gets_a_sentence_and_todays_rows(officer, path, typed):
    response = officer.get(path, {"as_at": typed})
    assert response.status_code == 200
    assert response.context["moment"].problem in response.content.decode()
    assert response.context["rows"] == officer.get(path).context["rows"]


def test_salary_of_the_past_is_not_for_who_may_not_see_todays(client, example):
    sign_in(client, "pay.occ")
    assert client.get("/joint-posts/", {"as_at": "2019-11-12"}).status_code == 200
    sign_in(client, "member.occ")
    post = JointPost.objects.get(title="Deputy Director: HR")
    labels = [part["label"] for part in client.get(f"/joint-posts/{post.pk}/?as_at=2019-11-12").context["parts"]]
    assert labels == ["Titles and status over time", "Employer over time"]


def test_draft_takes_the_facts_of_another_day(officer):
    paper = officer.get("/reviews/gateway-review-2019-03/", {"as_at": "2019-11-12"}).content.decode()
    assert "Deputy Director: HR" in paper
    early = officer.get("/reviews/gateway-review-2019-03/", {"as_at": "2018-12-01"})
    assert early.context["moment"].problem == "The review was not begun by then."


def test_what_changed_names_figures_and_records_with_who_and_why(officer):
    response = officer.get("/changes/", {"from": "2019-04-30", "to": "2019-11-12"})
    figures = {}
    for row in response.context["figures"]:
        figures[row["cells"][0]["text"]] = [cell["text"] for cell in row["cells"][1:]]
    assert figures["Pipeline: joint amount"] == ["nothing recorded", "about £630,000"]
    assert figures["Posts: in post"] == ["6", "9"]
    retitled = next(
        entry for entry in response.context["entries"] if "Deputy Director: HR" in entry["subject"] and entry["changes"]
    )
    assert (retitled["verb"], retitled["reason"]) == ("changed", "Partnership working update, 12 November 2019")
    assert retitled["who"]
    assert retitled["changes"] == [{"label": "Title", "old": "Strategic Lead for HR", "new": "Deputy Director: HR"}]


def test_two_days_the_wrong_way_round_are_refused(officer):
    response = officer.get("/changes/", {"from": "2019-11-12", "to": "2019-04-30"})
    assert "Enter a first day that is before the second." in response.content.decode()
    assert "entries" not in response.context


def test_calendar_address_shows_the_dates_until_it_is_ended(client, example):
    agreement = Agreement.objects.get()
    change(agreement, review_due_on=date(2027, 1, 31))
    sign_in(client, "member.occ")
    address = client.post("/calendar/", {"do": "make"}).context["address"]
    client.logout()
    response = client.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    events = {str(event["summary"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}
    assert events["Review of the agreement: Section 113 agreement"]["dtstart"].dt == date(2027, 1, 31)
    sign_in(client, "member.occ").post("/calendar/", {"do": "revoke"})
    client.logout()
    assert client.get(address).status_code == 404


def test_calendar_address_is_kept_as_a_digest_and_a_new_one_ends_the_old(client, example):
    sign_in(client, "member.occ")
    first = client.post("/calendar/", {"do": "make"}).context["address"]
    second = client.post("/calendar/", {"do": "make"}).context["address"]
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    secret = second.rpartition("/")[2].removesuffix(".ics")
    assert secret not in str(list(CalendarFeed.objects.values()))


def test_calendar_ends_with_the_role_and_the_account(client, example):
    sign_in(client, "member.occ")
    address = client.post("/calendar/", {"do": "make"}).context["address"]
    User.objects.filter(username="member.occ").update(is_active=False)
    assert client.get(address).status_code == 404


def test_calendar_of_a_stranger_is_empty(client, example):
    sign_in(client, "officer.other")
    address = client.post("/calendar/", {"do": "make"}).context["address"]
    own = {str(council.short_name) for council in Council.objects.all()} - {"OCC", "CDC"}
    assert own
    assert "VEVENT" not in client.get(address).content.decode()


# --- A register of a past day is a plain list -------------------------------------------------------------------------


def first_cells(client, path="/joint-posts/", **query):
    return [row["cells"][0]["text"] for row in client.get(path, query).context["rows"]]


def test_past_list_is_neither_filtered_nor_sorted_nor_downloaded(officer):
    asked = {"as_at": "2019-03-16", "words": "HR lead", "status": "no such status", "sort": "-title"}
    page = officer.get("/joint-posts/", asked)
    assert first_cells(officer, **asked) == first_cells(officer, as_at="2019-03-16")
    assert set(first_cells(officer, **asked)) == MARCH
    assert (page.context["filter"], page.context["exports"], page.context["is_filtered"]) == (None, [], False)
    assert {column["sort_url"] for column in page.context["columns"]} == {""}
    assert "A list of another day is not filtered, sorted or downloaded." in page.content.decode()
    assert "A list of another day" not in officer.get("/joint-posts/").content.decode()


@pytest.mark.parametrize("file", ["export.csv", "export.xlsx", "steps/export.csv"])
def test_export_of_a_past_day_is_not_found(officer, file):
    assert officer.get(f"/joint-posts/{file}").status_code == 200
    assert officer.get(f"/joint-posts/{file}", {"as_at": "2019-03-16"}).status_code == 404


def test_past_list_stands_in_the_order_of_todays(officer):
    then = officer.get("/joint-posts/", {"as_at": "2019-11-30"}).context["rows"]
    now = officer.get("/joint-posts/").context["rows"]
    assert [row["cells"][0]["text"] for row in then] == [row["cells"][0]["text"] for row in now]


def test_past_register_costs_as_many_queries_for_many_rows_as_for_few(officer):
    counts = []
    officer.get("/registers/")  # a session's first page notes when it began
    for day in ("2019-03-16", "2019-11-12"):
        with CaptureQueriesContext(connection) as queries:
            officer.get("/joint-posts/", {"as_at": day})
        counts.append(len(queries))
    assert counts[0] == counts[1]
