"""Open data: a package that is valid against the standard it names, its licence, and what it costs."""

import json
import subprocess
import sys
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from partnership.audit.triggers import triggers_disabled
from reviews.models import Edition, EditionData, EditionFile
from reviews.publishing import open_data
from reviews.publishing.open_data import KINDS
from tests.published import make_published, publish_copies

pytestmark = pytest.mark.django_db
NATIONAL_ARCHIVES = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


@pytest.fixture(scope="module")
def published(module_data):
    """A review of two councils, published for the public and for members."""
    return make_published()


def save_package(client, folder):
    """Save the package and the files that it names as a browser would, each by the address it gives."""
    package = client.get("/open-data/datapackage.json")
    (folder / "datapackage.json").write_bytes(package.content)
    for resource in package.json()["resources"]:
        (folder / resource["path"]).write_bytes(client.get(f"/open-data/{resource['path']}").content)


def problems_found(folder):
    """Return what frictionless finds wrong with a package: the type and the note of each problem."""
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    tasks = []
    for task in report["tasks"]:
        tasks += task["errors"]
    return [(one["type"], one["note"]) for one in (*report["errors"], *tasks)]


def test_open_data_of_a_published_paper_is_a_valid_data_package(published, client, tmp_path):
    save_package(client, tmp_path)
    assert problems_found(tmp_path) == []
    package = json.loads((tmp_path / "datapackage.json").read_text())
    assert [one["path"] for one in package["resources"]] == [f"{kind}.csv" for kind in KINDS]
    assert {one["profile"] for one in package["resources"]} == {"tabular-data-resource"}
    assert package["profile"] == "tabular-data-package"


def test_open_data_with_nothing_published_is_a_valid_data_package(client, tmp_path):
    save_package(client, tmp_path)
    assert problems_found(tmp_path) == []


def test_open_data_with_a_wrong_value_is_not_valid(published, client, tmp_path):
    save_package(client, tmp_path)
    posts = tmp_path / "posts.csv"
    posts.write_text(posts.read_text().replace("2019-03-16", "16 March"))
    assert {kind for kind, _ in problems_found(tmp_path)} == {"type-error"}


PUBLIC_PAGES = (
    "/published/",
    "/published/a-review/",
    "/published/partnerships/alder-and-birch/",
    "/open-data/",
)


@pytest.mark.parametrize("at", PUBLIC_PAGES)
def test_public_page_names_the_open_government_licence(published, client, at):
    page = " ".join(client.get(at).content.decode().split())
    assert f'<a class="govuk-link" href="{NATIONAL_ARCHIVES}" rel="license">Open Government Licence v3.0</a>' in page


def test_package_names_the_open_government_licence(client):
    licences = client.get("/open-data/datapackage.json").json()["licenses"]
    expected = {"name": "OGL-UK-3.0", "title": "Open Government Licence v3.0", "path": NATIONAL_ARCHIVES}
    assert licences == [expected]


@override_settings(DATA_LICENCE={"name": "CC-BY-4.0", "title": "Attribution 4.0", "path": "https://example.org/by"})
def test_licence_is_a_setting_of_the_portal(client):
    package = client.get("/open-data/datapackage.json").json()
    assert package["licenses"] == [{"name": "CC-BY-4.0", "title": "Attribution 4.0", "path": "https://example.org/by"}]
    page = " ".join(client.get("/published/").content.decode().split())
    assert '<a class="govuk-link" href="https://example.org/by" rel="license">Attribution 4.0</a>' in page


def test_open_data_counts_and_rows_are_those_of_the_frozen_facts(published, client):
    kept = json.loads(published.public.facts)["facts"]
    assert {kind: len(kept[kind]) for kind in KINDS} == open_data.row_counts()
    assert open_data.row_counts()["posts"] == 4
    lines = client.get("/open-data/posts.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 5
    assert lines[1].startswith("a-review,1,2019-03-16,Post A,")


COSTLY = ("/published/", "/published/?page=2", "/open-data/", *(f"/open-data/{kind}.csv" for kind in KINDS))


def queries_of(client, at):
    """Return the queries that a page makes."""
    with CaptureQueriesContext(connection) as found:
        response = client.get(at)
    assert response.status_code == 200
    return [query["sql"] for query in found.captured_queries]


@pytest.mark.parametrize("at", COSTLY)
@pytest.mark.parametrize("who", ["nobody", "councillor"])
def test_public_page_costs_the_same_queries_for_2_papers_and_60(published, client, at, who):
    if who == "councillor":
        client.force_login(published.councillor)
        client.get("/published/")
    publish_copies(published.public, 1)
    few = queries_of(client, at)
    publish_copies(published.public, 58)
    many = queries_of(client, at)
    assert Edition.objects.for_the_public().count() == 60
    assert len(many) == len(few)
    assert not [sql for sql in (*few, *many) if '"content"' in sql or '"facts"' in sql]


def test_published_paper_page_reads_the_web_page_alone_of_its_files(published, client):
    read = [sql for sql in queries_of(client, "/published/a-review/") if '"content"' in sql]
    assert len(read) == 1
    assert "text/html" in read[0]


def test_published_list_shows_25_papers_a_page_the_latest_first(published, client):
    publish_copies(published.public, 29)
    pages = [client.get("/published/", {"page": number}).context for number in (1, 2)]
    slugs = []
    for page in pages:
        slugs.append([row["edition"].slug for row in page["papers"]])
    assert slugs == [
        [f"paper-{number:03}" for number in range(29, 4, -1)],
        [f"paper-{number:03}" for number in range(4, 0, -1)] + ["a-review"],
    ]
    first = client.get("/published/").content.decode()
    assert 'href="?page=2"' in first
    assert client.get("/published/", {"page": "nonsense"}).context["page_obj"].number == 1


def test_list_states_the_size_of_each_file(published, client):
    file = EditionFile.objects.get(name="a-review.pdf")
    assert file.size == len(bytes(file.content))
    assert (
        f'<span class="portal-muted">{round(file.size / 1000)} KB</span>' in client.get("/published/").content.decode()
    )


def test_open_data_of_a_replaced_edition_is_not_served(published, client):
    before = client.get("/open-data/posts.csv").content
    publish_copies(published.public, 1, replaces=True)
    after = client.get("/open-data/posts.csv").content.decode("utf-8-sig")
    assert EditionData.objects.filter(kind="posts").count() == 2
    assert len(after.splitlines()) == len(before.decode("utf-8-sig").splitlines())


def test_migration_stores_the_open_data_of_editions_published_before_it(published):
    migration = import_module("reviews.migrations.0002_open_data_and_file_sizes")
    before = list(EditionData.objects.values_list("edition", "kind", "row_count", "lines"))
    with triggers_disabled():
        EditionData.objects.all().delete()
    migration.store_open_data(apps, None)
    assert len(before) == len(KINDS)
    assert list(EditionData.objects.values_list("edition", "kind", "row_count", "lines")) == before
