"""Test the public pages: published papers, a partnership at a glance, open data, and the check of a file."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from reviews.models import Edition, EditionFile
from reviews.publishing.open_data import KINDS, PAPER
from reviews.publishing.published_facts import SavingCell, salary_band, suppress_small_numbers
from tests.factories import change, make_cost_share, make_line, make_saving
from tests.partnership.test_headers import check
from tests.published import make_published

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def published(module_data):
    """A review of two councils, published for the public and for members."""
    return make_published()


PAGES = (
    "/published/",
    "/published/a-review/",
    "/published/a-review/1/",
    "/published/partnerships/alder-and-birch/",
    "/open-data/",
    "/open-data/datapackage.json",
    "/open-data/posts.csv",
    "/verify/",
    "/accessibility/",
)


@pytest.mark.parametrize("at", PAGES)
def test_page_needs_no_sign_in(published, client, at):
    assert client.get(at).status_code == 200


def test_who_is_not_signed_in_is_led_to_what_is_published(published, client):
    assert client.get("/").headers["Location"] == "/published/"


def test_the_page_is_word_for_word_what_was_published(published, client):
    page = client.get("/published/a-review/").content.decode()
    kept = bytes(published.public.files.get(name="a-review.html").content).decode()
    inside = kept.partition('<main class="paper-page">')[2].rpartition("</main>")[0]
    assert inside in page
    assert "Open text." in inside
    assert "Partnership text" not in page
    assert published.public.facts_sha256 in page
    assert published.public.chain_seal in page


@pytest.mark.parametrize("ending", ["pdf", "docx", "csv", "html"])
def test_file_is_sent_as_it_is_kept_and_once(published, client, ending):
    file = published.public.files.get(name=f"a-review.{ending}")
    response = client.get(f"/published/a-review.{ending}")
    assert response.content == bytes(file.content)
    assert response.headers["ETag"] == f'"{file.sha256}"'
    assert response.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(f"/published/a-review.{ending}", headers={"If-None-Match": f'"{file.sha256}"'})
    assert (again.status_code, again.content) == (304, b"")
    for_good = client.get(f"/published/a-review/1/a-review.{ending}")
    assert for_good.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_frozen_facts_can_be_had(published, client):
    assert client.get("/published/a-review.json").content.decode() == published.public.facts


@pytest.mark.parametrize("at", ["/published/nothing/", "/published/a-review/2/", "/published/a-review/1/other.pdf"])
def test_what_was_not_published_is_not_there(published, client, at):
    assert client.get(at).status_code == 404


MEMBERS = "/published/a-review/members/1/"


@pytest.mark.parametrize("at", [MEMBERS, f"{MEMBERS}a-review-members.pdf"])
def test_members_edition_is_for_those_who_read_the_registers(published, client, at):
    assert client.get(at).status_code == 404
    client.force_login(published.stranger)
    assert client.get(at).status_code == 404
    client.force_login(published.councillor)
    response = client.get(at)
    assert response.status_code == 200
    assert "public" not in response.headers["Cache-Control"]


def test_members_files_have_no_public_address(published, client):
    assert client.get("/published/a-review/1/a-review-members.pdf").status_code == 404


def test_list_names_members_editions_to_members_only(published, client):
    assert MEMBERS not in client.get("/published/").content.decode()
    client.force_login(published.councillor)
    assert MEMBERS in client.get("/published/").content.decode()


def answer(client, **typed):
    """Return what the page says of a checksum or file: the files it names."""
    response = client.post("/verify/", typed)
    return [row["what"] for row in response.context["found"]]


def test_genuine_file_and_checksum_are_known(published, client):
    file = EditionFile.objects.get(name="a-review.pdf")
    assert answer(client, checksum=f" {file.sha256.upper()} ") == ["PDF"]
    assert answer(client, file=SimpleUploadedFile("x.pdf", bytes(file.content))) == ["PDF"]
    assert answer(client, checksum=published.public.facts_sha256) == ["The facts it prints"]


def test_one_changed_byte_is_noticed(published, client):
    content = bytearray(bytes(EditionFile.objects.get(name="a-review.pdf").content))
    for place in range(0, len(content), len(content) // 100):
        changed = bytearray(content)
        changed[place] ^= 1
        assert answer(client, file=SimpleUploadedFile("x.pdf", bytes(changed))) == []


def test_members_edition_is_confirmed_to_members_only(published, client):
    assert answer(client, checksum=published.members.facts_sha256) == []
    client.force_login(published.councillor)
    assert answer(client, checksum=published.members.facts_sha256) == ["The facts it prints"]


def test_nothing_to_check_is_said_at_the_field(published, client):
    form = client.post("/verify/", {}).context["form"]
    assert form.errors == {"checksum": ["Paste a checksum, or choose a file."]}


def table(client, kind):
    """A CSV file of open data as rows."""
    return list(csv.DictReader(io.StringIO(client.get(f"/open-data/{kind}.csv").content.decode("utf-8-sig"))))


def test_open_data_is_what_its_dictionary_says(published, client):
    dictionary = client.get("/open-data/datapackage.json").json()
    for resource, (kind, (_, fields)) in zip(dictionary["resources"], KINDS.items(), strict=True):
        assert resource["path"] == f"{kind}.csv"
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert names == [field.name for field in (*PAPER, *fields)]
        assert {field["type"] for field in resource["schema"]["fields"]} <= SCHEMA_TYPES
        for row in table(client, kind):
            assert list(row) == names


SCHEMA_TYPES = {"string", "integer", "number", "boolean", "date"}


def test_open_data_withholds_what_tells_of_a_single_post(published, client):
    rows = {(row["saving"], row["council"]): (row["estimated"], row["note"][:8]) for row in table(client, "savings")}
    assert rows == {
        ("Shared management", "Alder County Council"): ("", "withheld"),
        ("Shared management", "Birch District Council"): ("", "withheld"),
        ("One shared post", "Alder County Council"): ("", "withheld"),
        ("One shared post", "Birch District Council"): ("", "withheld"),
    }


def saving(name, council, amount, *posts, year="2019/20", kind="Cashable", delivered=None):
    return SavingCell(
        estimated=Decimal(amount),
        delivered=delivered,
        saving=name,
        council=council,
        financial_year=year,
        benefit_type=kind,
        about=False,
        posts=frozenset(posts),
    )


def test_nothing_can_be_subtracted_from_the_total():
    cells = [
        saving("One", "A", 10, 1),
        saving("Four", "A", 40, 2, 3, 4, 5),
        saving("Many", "A", 90, 6, 7, 8),
        saving("Services", "A", 5),
        saving("Many", "B", 90, 6, 7, 8),
    ]
    hidden = [(one.saving, one.council) for one in suppress_small_numbers(cells) if one.is_withheld]
    assert hidden == [("One", "A"), ("Four", "A"), ("Services", "A")]


def test_each_total_of_a_year_and_kind_is_safe_by_itself():
    cells = [
        saving("One", "A", 10, 1),
        saving("Many", "A", 90, 6, 7, 8),
        saving("Many", "A", 80, 6, 7, 8, year="2020/21"),
        saving("Kept off", "A", 70, 6, 7, 8, kind="Cost avoidance"),
    ]
    assert [one.is_withheld for one in suppress_small_numbers(cells)] == [True, True, False, False]


def test_what_was_delivered_cannot_be_subtracted_either():
    """Three posts stand behind what is withheld of the estimates, and one behind what of it was delivered."""
    cells = [
        saving("One", "A", 10, 1, delivered=Decimal(9)),
        saving("Two", "A", 20, 2, 3),
        saving("Many", "A", 90, 6, 7, 8, delivered=Decimal(80)),
    ]
    assert [one.is_withheld for one in suppress_small_numbers(cells)] == [True, True, True]
    undelivered = [replace(one, delivered=None) for one in cells]
    assert [one.is_withheld for one in suppress_small_numbers(undelivered)] == [True, True, False]


def test_open_data_has_the_delivered_figures_of_every_year_of_the_paper(published):
    from reviews.facts import review_facts
    from reviews.publishing import published_facts

    change(published.review.sections.get(key="open"), narrative="{savings.2018-19.joint.delivered} {table:savings}")
    change(published.review.sections.get(key="inside"), narrative="{savings.2017-18.joint.delivered}")
    rows = make_saving(partnership=published.partnership, title="Rents", posts=[])
    for year, sums in {"2017/18": (1, 1), "2018/19": (2_000, 1_500), "2019/20": (3_000, None)}.items():
        delivered_to = None if sums[1] is None else date(2019, 3, 1)
        make_line(
            saving=rows, council=published.alder, financial_year=year, estimated=sums[0], delivered=sums[1],
            delivered_to_on=delivered_to,
        )  # fmt: skip
    found = [row for row in published_facts.savings(review_facts(published.review)) if row["saving"] == "Rents"]
    assert [(row["financial_year"], row["estimated"], row["delivered"]) for row in found] == [
        ("2018/19", Decimal(2_000), Decimal(1_500)),
        ("2019/20", None, None),
    ]


def test_what_three_posts_stand_behind_is_given():
    assert not any(
        one.is_withheld for one in suppress_small_numbers([saving("Many", "A", 90, 1, 2, 3), saving("Site", "A", 5)])
    )


def test_salary_is_a_band_of_5000_pounds(published):
    post = published.partnership.joint_posts.first()
    share = make_cost_share(post=post, salary=Decimal(123_999))
    assert salary_band(share) == "£120,000 to £124,999"
    assert salary_band(None) == "not recorded"


def test_open_data_gives_only_what_the_edition_prints(published):
    from reviews.facts import review_facts
    from reviews.papers.document import compose
    from reviews.publishing.published_facts import published_facts

    facts = review_facts(published.review)
    bare = compose(type(facts)(**{**vars(facts), "sections": ()}), "public")
    assert published_facts(facts, bare) == {
        "posts": [],
        "services": [],
        "savings": [],
        "ratings": [],
        "business_cases": [],
    }


def test_partnership_page_is_made_of_published_facts(published, client):
    from tests.factories import change

    post = published.partnership.joint_posts.first()
    change(post, title="Renamed since")
    page = client.get("/published/partnerships/alder-and-birch/").content.decode()
    assert "Post A" in page
    assert "Renamed since" not in page
    assert json.loads(Edition.objects.get(audience="public").facts)["facts"]["posts"][0]["title"] == "Post A"


def test_published_files_carry_the_portals_headers_and_are_not_cached(published, client):
    for at in (*PAGES, "/published/a-review.pdf", "/published/a-review.docx", "/published/a-review.csv"):
        check(client.get(at), at)
    client.force_login(published.clerk)
    assert client.get("/published/a-review.pdf").headers["Cache-Control"] == "no-store"


def test_partnership_page_of_a_paper_with_services_alone_names_them(published, client):
    from reviews.facts import review_facts
    from reviews.papers.document import compose
    from reviews.publishing.published_facts import published_facts
    from tests.factories import make_arrangement

    make_arrangement(partnership=published.partnership, kind="collaboration", service="Emergency planning")
    facts = review_facts(published.review)
    kept = published_facts(facts, compose(facts, "public"))
    assert kept["services"] == [{"service": "Emergency planning", "kind": "collaboration and service alignment"}]
    page = render_to_string(
        "reviews/publishing/public/partnership.html",
        {"facts": {"posts": [], "services": kept["services"]}, "document": {"councils": []}},
    )
    assert "Emergency planning" in page
    assert "The paper names no shared post or service." not in page
