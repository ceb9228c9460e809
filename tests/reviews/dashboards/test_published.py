"""A board beside a published paper: what is frozen stays, and members outside the working group see what it rates."""

import copy
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from joint_posts.models import SavingLine
from reviews.models import Assessment
from tests.boards import read, rows_of
from tests.factories import change, make_assessment, make_commitment
from tests.published import AT, BEFORE, make_published

pytestmark = pytest.mark.django_db
AS_AT = {"as_at": "2019-04-30"}


@pytest.fixture(scope="module")
def as_published(module_data):
    return make_published()


@pytest.fixture
def published(as_published):
    """As it was published, whatever the test before did to it."""
    return copy.deepcopy(as_published)


def see(user, path="/", **query):
    client = Client()
    client.force_login(user)
    return client.get(path, query)


def headlines(user, **query):
    shown = []
    for row in see(user, **query).context["board"].headlines:
        shown.append("".join(piece.text for piece in row.pieces))
    return shown


def test_line_edited_on_1_may_shows_old_then_new_value_but_not_in_edition(published):
    """Published on 23 April with £165,000; £5,000 more on 25 April; another £10,000 on 1 May."""
    line = SavingLine.objects.get(estimated=90_000)
    before = published.public.facts
    change(line, at=datetime(2019, 4, 25, 12, tzinfo=UTC), estimated=Decimal(95_000))
    change(line, at=datetime(2019, 5, 1, 12, tzinfo=UTC), estimated=Decimal(105_000))
    first = [headlines(published.officer, **query)[0].split()[0] for query in (AS_AT, AS_AT | {"known": "now"}, {})]
    assert first == ["£170,000", "£180,000", "£180,000"]
    assert headlines(published.officer, as_at="2019-04-23")[0].startswith("£165,000")
    paper = Client().get("/published/a-review/").content.decode()
    assert [sum_ in paper for sum_ in ("£165,000", "£170,000", "£180,000")] == [True, False, False]
    published.public.refresh_from_db()
    assert published.public.facts == before


def test_other_councillor_sees_ratings_of_published_papers_and_no_draft(published):
    rating = Assessment.objects.get()
    words = rating.get_rating_display()
    change(rating, at=datetime(2019, 4, 25, 12, tzinfo=UTC), rating="not met", commentary="Secret doubt")
    response = see(published.councillor, **AS_AT)
    (row,) = response.context["board"].grids["principles"].rows
    assert [cell["text"] for cell in row["cells"]][1:3] == [words, "None"]
    assert response.context["board"].grids["principles"].notes == ("As published in A review.",)
    assert read(response.content.decode()).bare == []
    behind = see(published.councillor, "/figures/principles.count/", **AS_AT)
    assert "Secret doubt" not in behind.content.decode()
    client = Client()
    client.force_login(published.councillor)
    (listed,) = rows_of(client, "/figures/principles.count/?as_at=2019-04-30")
    assert (listed["Rating"], listed["Rated in"], "Commentary" in listed) == (words, "A review", False)
    assert see(published.councillor, "/figures/principles.not-met.count/", **AS_AT).context["rows"] == []
    (draft,) = see(published.officer, **AS_AT).context["board"].grids["principles"].rows
    assert draft["cells"][1]["text"] == "Not met"


def test_principle_without_a_rating_is_not_rated_until_publication(published):
    client = Client()
    client.force_login(published.councillor)
    before = client.get("/")["ETag"]
    late = make_commitment(partnership=published.partnership, adopted_on=date(2018, 10, 1), at=BEFORE)
    make_assessment(review=published.review, commitment=late, rating="at risk", at=BEFORE)
    board = client.get("/", headers={"if-none-match": before}).context["board"]
    assert [row["cells"][1]["text"] for row in board.grids["principles"].rows].count("Not rated") == 1
    assert "principles" not in see(published.councillor, as_at="2019-04-22").context["board"].grids
    assert AT.date() == date(2019, 4, 23)
