"""The dashboard with three councils, odd shares and many rows: nothing in it counts to two."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from business_cases.models import CaseCost
from partnership.models import TerminationNotice
from tests.boards import amount, made_of, read, rows_of
from tests.factories import (
    keep,
    make_agreement,
    make_assessment,
    make_case,
    make_commitment,
    make_council,
    make_line,
    make_membership,
    make_partnership,
    make_post,
    make_review,
    make_saving,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(client):
    """Three councils with a saving shared with another programme, so that no part of it is a whole pound."""
    councils = [make_council(name=name, short_name=name[:3].upper()) for name in ("Alder", "Birch", "Cedar")]
    partnership = make_partnership(councils=councils, name="Alder, Birch and Cedar")
    saving = make_saving(
        partnership=partnership, attributed_percent=Decimal("33.333"), shared_with_programme="Growth deal"
    )
    for council, sum_ in zip(councils, (100_000, 50_001, -7_003), strict=True):
        make_line(saving=saving, council=council, estimated=Decimal(sum_), cost_to_achieve=Decimal(1_000))
    reader = make_membership(council=councils[2], role="pwg_member").user
    client.force_login(reader)
    return partnership, councils, saving


def test_three_councils_have_their_row_view_and_share_of_the_total(client, three):
    html = client.get("/").content.decode()
    page = read(html)
    assert "all three councils" in html
    assert page.bare == []
    for href, words in page.figures:
        if "£" in words:
            assert abs(made_of(rows_of(client, href), words) - amount(words)) < 1, href
    shown = client.get("/", {"council": "ced"}).context["board"]
    assert [row["cells"][0]["text"] for row in shown.grids["savings"].rows] == [
        "2019/20, CED",
        "2019/20, ALD",
        "2019/20, BIR",
        "2019/20, all three councils",
    ]
    assert [row["is_flagged"] for row in shown.grids["better_off"].rows] == [True, False, False]


def test_case_pays_for_itself_or_is_flagged(client, three):
    partnership, councils, _ = three
    for title, saved in (("Team", 20_000), ("Move", 10_000)):
        case = make_case(partnership=partnership, title=title, kind="programme")
        cost = CaseCost(case=case, council=councils[0], financial_year="2019/20", amount=Decimal(15_000))
        cost.funding_source = "Transformation reserve"
        keep(cost)
        linked = make_saving(partnership=partnership, business_case=case)
        make_line(saving=linked, council=councils[0], estimated=Decimal(saved))
        make_line(saving=linked, council=councils[1], estimated=Decimal(0))
        make_line(saving=linked, council=councils[2], estimated=Decimal(0))
    rows = client.get("/", {"council": "ald"}).context["board"].grids["payback"].rows
    assert [(row["cells"][0]["text"], row["cells"][4]["text"], row["is_flagged"]) for row in rows] == [
        ("Team", "Pays for itself", False),
        ("Move", "Does not pay for itself", True),
    ]
    cost = rows[0]["cells"][2]
    assert (cost["text"], made_of(rows_of(client, cost["url"]), "£")) == ("£15,000", Decimal(15_000))


def test_ratings_have_a_trend_between_reviews(client, three):
    partnership, *_ = three
    commitments = [make_commitment(partnership=partnership, number=number) for number in (1, 2, 3, 4)]
    for as_at, ratings in (
        (date(2019, 3, 16), ("met", "at risk", "too soon to say")),
        (date(2020, 3, 16), ("at risk", "met", "met")),
    ):
        review = make_review(partnership=partnership, as_at=as_at)
        for commitment, rating in zip(commitments, ratings, strict=False):
            make_assessment(review=review, commitment=commitment, rating=rating)
    rows = client.get("/").context["board"].grids["principles"].rows
    shown = []
    for row in rows:
        shown.append([cell["text"] for cell in row["cells"][1:4]])
    assert shown == [
        ["At risk", "Met", "Worse"],
        ["Met", "At risk", "Better"],
        ["Met", "Too soon to say", "Judged for the first time"],
        ["Not rated", "None", "None"],
    ]


def test_ends_and_dates_that_come_or_passed(client, three):
    partnership, *_ = three
    make_agreement(
        partnership=partnership, review_due_on=date(2019, 6, 30), expires_on=date(2020, 3, 31), notice_months=6
    )
    before = client.get("/", {"as_at": "2019-07-01", "known": "now"}).context["board"]
    assert [row["cells"][1]["text"] for row in before.grids["overdue"].rows] == ["Review of the agreement"]
    assert [row["cells"][1]["text"] for row in before.grids["coming"].rows] == ["Last day for notice before it expires"]


def test_agreement_ends_by_the_first_notice_until_its_end_is_recorded(client, three):
    partnership, councils, _ = three
    agreement = make_agreement(
        partnership=partnership, title="Agreement", notice_months=6, expires_on=date(2020, 3, 31)
    )
    for council, given_on in zip(councils, (date(2019, 8, 30), date(2019, 8, 1)), strict=False):
        keep(TerminationNotice(agreement=agreement, given_by=council, given_on=given_on))

    def shown(on):
        board = client.get("/", {"as_at": on, "known": "now"}).context["board"]
        (row,) = board.grids["agreements"].rows
        said = []
        for each in board.grids["overdue"].rows:
            said.append([cell["text"] for cell in each["cells"]])
        return row["cells"][2]["text"], said

    second = councils[1].short_name
    assert shown("2019-07-31") == ("31 March 2020", [])
    assert shown("2019-08-01") == (f"1 February 2020, by notice from {second}", [])
    late = ["Agreement", f"Last day of the agreement, by notice from {second}", "1 February 2020"]
    assert shown("2020-02-02") == (f"1 February 2020, by notice from {second}", [late])
    agreement.notice_months = None
    keep(agreement)
    assert shown("2020-02-02") == ("31 March 2020", [])
    agreement.expires_on = None
    keep(agreement)
    assert shown("2020-02-02") == (f"On a day not known, by notice from {councils[0].short_name}", [])


def test_as_many_queries_for_fifty_of_everything_as_for_one(client, three):
    partnership, councils, _ = three

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get("/")
        return len(found)

    more(partnership, councils, 1)
    client.get("/")  # what is read once for each process
    more(partnership, councils, 1)
    few = queries()
    more(partnership, councils, 49)
    assert queries() == few


def more(partnership, councils, number):
    for _ in range(number):
        post = make_post(partnership=partnership)
        saving = make_saving(partnership=partnership, posts=[post])
        make_line(saving=saving, council=councils[0], estimated=Decimal(5), figures_changed_by=make_user())
        make_case(partnership=partnership)
