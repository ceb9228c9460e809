"""F13: instants at which clocks go wrong. Kept in UTC, shown in London, in the right day and financial year."""

import os
import time
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.utils import timezone

from partnership.accounts.permissions import today
from partnership.financial_years import FinancialYear
from partnership.generic.exports import cell
from partnership.records.as_at import end_of
from partnership.records.record import known
from tests.factories import change, make_body, make_council, make_membership, make_partnership

pytestmark = pytest.mark.both_engines

# An instant in UTC; what a page of the portal says of it; the financial year in London.
INSTANTS = [
    ("2027-03-28 00:59:59", "28 March 2027, 00:59", "2026/27"),  # the last second before the clocks go forward
    ("2027-03-28 01:00:00", "28 March 2027, 02:00", "2026/27"),
    ("2027-03-28 22:59:59", "28 March 2027, 23:59", "2026/27"),
    ("2027-03-28 23:00:00", "29 March 2027, 00:00", "2026/27"),
    ("2027-10-30 22:59:59", "30 October 2027, 23:59", "2027/28"),
    ("2027-10-30 23:00:00", "31 October 2027, 00:00", "2027/28"),
    ("2027-10-31 00:30:00", "31 October 2027, 01:30", "2027/28"),  # half past one comes twice
    ("2027-10-31 01:30:00", "31 October 2027, 01:30", "2027/28"),
    ("2027-10-31 23:59:59", "31 October 2027, 23:59", "2027/28"),
    ("2027-12-31 23:59:59", "31 December 2027, 23:59", "2027/28"),
    ("2028-01-01 00:00:00", "1 January 2028, 00:00", "2027/28"),
    ("2028-02-28 23:59:59", "28 February 2028, 23:59", "2027/28"),
    ("2028-02-29 00:00:00", "29 February 2028, 00:00", "2027/28"),
    ("2028-02-29 23:59:59", "29 February 2028, 23:59", "2027/28"),
    ("2028-03-01 00:00:00", "1 March 2028, 00:00", "2027/28"),
    ("2027-03-31 22:59:59", "31 March 2027, 23:59", "2026/27"),  # the year ends in summer time
    ("2027-03-31 23:00:00", "1 April 2027, 00:00", "2027/28"),
    ("2024-03-30 23:59:59", "30 March 2024, 23:59", "2023/24"),
    ("2024-03-31 22:59:59", "31 March 2024, 23:59", "2023/24"),  # and here the clocks went forward that morning
    ("2024-03-31 23:00:00", "1 April 2024, 00:00", "2024/25"),
]
# Where the server thinks it is.
ZONES = ["Europe/London", "America/New_York"]


@pytest.fixture(params=ZONES)
def server(request):
    """The process runs where that is the time of day."""
    kept = os.environ["TZ"]
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ["TZ"] = kept
    time.tzset()


@pytest.mark.django_db
@pytest.mark.parametrize("case", INSTANTS)
@pytest.mark.usefixtures("server")
def test_instant_is_kept_in_utc_and_shown_in_london(client, monkeypatch, case):
    instant, shown, year = case
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    day = datetime.strptime(shown.partition(",")[0], "%d %B %Y").date()  # noqa: DTZ007 -- a day has no zone
    person, partnership = officer_and_partnership()
    body = make_body(at, partnership=partnership, name="Early")
    change(body, datetime(2029, 1, 1, tzinfo=UTC), name="Late")
    with connection.cursor() as cursor:
        kept = "history_date" if connection.vendor == "sqlite" else "history_date AT TIME ZONE 'UTC'"
        cursor.execute(f"SELECT {kept} FROM partnership_historicalbody ORDER BY history_id")
        assert str(cursor.fetchone()[0])[:19] == instant
    client.force_login(person)
    assert shown in client.get(f"/bodies/{body.pk}/history/").content.decode()
    # What a board of that day and of the day before knows.
    names = []
    for on in (day, before(day)):
        names.append([row.name for row in known(type(body), end_of(on), id=body.pk)])
    assert names == [["Early"], []]
    # What the portal takes for today at that instant: its clock is read at the door, and here it stands still.
    monkeypatch.setattr(timezone, "now", lambda: at)
    assert (today(), str(FinancialYear.containing(today()))) == (day, year)


def officer_and_partnership():
    """Somebody who keeps a partnership's registers."""
    council = make_council()
    return make_membership(council=council).user, make_partnership(councils=[council])


def before(day):
    return date.fromordinal(day.toordinal() - 1)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["28 March 2027", "31/10/2027", "29/02/2028", "2028-03-31", "1 April 2028"])
@pytest.mark.usefixtures("server")
def test_day_is_a_day_wherever_the_server_is(client, typed):
    """Typed, kept, shown, put in a file and typed again: never the day beside it."""
    person, partnership = officer_and_partnership()
    client.force_login(person)
    facts = {"partnership": partnership.pk, "title": "An agreement", "kind": "s113", "covers": "Any post"}
    made = client.post(
        "/agreements/new/", facts | {"review_due_on": typed, "made_precision": "day", "commenced_precision": "day"}
    )
    assert made.status_code == 302, made.context["form"].errors
    row = partnership.agreements.get()
    days = {"28 March 2027": date(2027, 3, 28), "31/10/2027": date(2027, 10, 31), "29/02/2028": date(2028, 2, 29)}
    day = days.get(typed, date(2028, 3, 31) if typed == "2028-03-31" else date(2028, 4, 1))
    assert (row.review_due_on, cell(row.review_due_on)) == (day, day)
    page = client.get(f"/agreements/{row.pk}/edit/").content.decode()
    assert f'value="{day.day} {day:%B %Y}"' in page
