"""A third council joins: its own column and its part of every total, on the page, on paper and in the file."""

import csv
import io

import pytest
from django.urls import reverse

from joint_posts.models import Saving
from partnership.models import Council, Partnership, Party, User
from tests.factories import keep
from tests.html_forms import untouched
from tests.partnership.generic.test_register import body_of
from tests.portal.test_nothing_typed import Tables, paper, sign_in

pytestmark = pytest.mark.django_db
JOINT = 314_000 + 315_000 + 100_001


@pytest.fixture
def third(client, example):
    """The council of officer.other joins, and its officer enters what it saves."""
    council = Council.objects.get(memberships__user=User.objects.get(username="officer.other"))
    partnership = Partnership.objects.get(slug="oxfordshire-cherwell")
    saving = Saving.objects.get(lines__council__short_name="OCC", benefit_type="cashable")
    keep(Party(partnership=partnership, council=council, position=3))
    line = {"council": council.pk, "financial_year": "2019/20", "estimated": "£100,001"}
    enter(client, "officer.other", reverse("savingline_create", args=[saving.pk]), **line)
    return council


def enter(client, username, at, **typed):
    sign_in(client, username)
    response = client.post(at, untouched(client.get(at).content.decode()) | typed)
    assert response.status_code == 302, response.context["form"].errors


def test_third_council_has_its_column_on_the_page_and_on_paper(client, third):
    page, pdf = paper(client)
    tables = Tables(page)
    rows = tables.table("Savings 2019/20 by council")
    assert rows[0] == ["Saving", "OCC", "CDC", third.short_name, "All three councils"]
    table = {row[0]: row[1:] for row in rows}
    assert table["Total estimated saving (gross)"] == ["£314,000", "£315,000", "£100,001", f"£{JOINT:,}"]
    chart = {row[0]: row[1] for row in tables.table("The figures of the chart")[1:]}
    own = {"OCC": "£314,000", "CDC": "£315,000", third.short_name: "£100,001"}
    assert chart == own | {"All three councils": f"£{JOINT:,}"}
    for words in (tables.words, pdf):
        assert "£100,001" in words
        assert f"£{JOINT:,} (all three councils)" in words
        assert "both councils" not in words.lower()
        assert "629,000" not in words
    assert third.name in pdf.partition("Executive summary")[0]


def test_third_council_has_its_column_in_the_ledger_and_its_file(client, third):
    sign_in(client, "officer.other")
    rows = Tables(client.get("/savings/").content.decode()).table("Savings")
    assert f"{third.short_name}, estimated 2019/20" in rows[0]
    content = body_of(client.get("/savings/export.csv")).removeprefix("\ufeff")
    headings, *lines = csv.reader(io.StringIO(content))
    (line,) = [dict(zip(headings, line, strict=True)) for line in lines if "314000.00" in line]
    assert {heading: figure for heading, figure in line.items() if "estimated 2019/20" in heading} == {
        "OCC, estimated 2019/20": "314000.00",
        "CDC, estimated 2019/20": "315000.00",
        f"{third.short_name}, estimated 2019/20": "100001.00",
        "All councils, estimated 2019/20": f"{JOINT}.00",
    }


def test_third_council_may_be_given_a_share(client, third):
    """The form of a cost share asks each of the three for its part."""
    from joint_posts.models import JointPost

    post = JointPost.objects.get(title="Chief Executive")
    sign_in(client, "pay.occ")
    page = client.get(reverse("costshare_create", args=[post.pk])).content.decode()
    assert [f'name="percent_{key}"' in page for key in ("occ", "cdc", third.key)] == [True] * 3
