"""Static files of a server: an upgrade collects them while pages that were made before ask for theirs."""

import os
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template import Context, Template
from django.utils.functional import empty

from partnership.static_files import DAYS_KEPT, SECONDS_A_DAY

FIRST = "a { color: red } b { background: url(icon.svg) }"
SECOND = "a { color: blue } b { background: url(icon.svg) }"


@pytest.fixture
def release(tmp_path, settings):
    """Collects a release whose style sheet has some content; returns the name that pages then ask for."""
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "icon.svg").write_text("<svg/>")
    (sources / "plain.js").write_text("start();")
    settings.STATICFILES_DIRS = [sources]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = configured.STORAGES | {"staticfiles": {"BACKEND": configured.HASHED_NAMES}}

    def collect(sheet):
        (sources / "portal.css").write_text(sheet)
        # A file system may count whole seconds, and `collectstatic` copies what is newer.
        os.utime(sources / "portal.css", (time.time() + 5, time.time() + 5))
        staticfiles_storage._wrapped = empty  # as in a process of its own
        call_command("collectstatic", interactive=False, verbosity=0)
        return staticfiles_storage.stored_name("portal.css")

    yield collect
    staticfiles_storage._wrapped = empty


def test_collectstatic_keeps_the_style_sheet_of_the_release_before(release, tmp_path):
    first = release(FIRST)
    second = release(SECOND)
    assert first != second
    folder = tmp_path / "collected"
    assert "color: red" in (folder / first).read_text()
    assert "color: blue" in (folder / second).read_text()


def test_static_tag_names_the_collected_file_or_the_plain_one(release):
    name = release(FIRST)
    template = Template("{% load static %}{% static 'portal.css' %} {% static 'not-collected.css' %}")
    assert template.render(Context()) == f"/static/{name} /static/not-collected.css"


def test_collectstatic_never_leaves_a_file_missing_or_empty(release, tmp_path):
    """Somebody opens the files of the running release all the time that the next one is collected."""
    folder = tmp_path / "collected"
    names = [release(FIRST), "portal.css", "staticfiles.json"]
    expected = {"portal.css": 10, "staticfiles.json": 10}
    wrong = []
    reads = []
    ended = threading.Event()

    def read():
        while not ended.is_set():
            for name in names:
                try:
                    if len((folder / name).read_bytes()) < expected.get(name, len(FIRST)):
                        wrong.append(f"{name} was cut short")
                except FileNotFoundError:
                    wrong.append(f"{name} was missing")
                reads.append(name)

    reader = threading.Thread(target=read)
    reader.start()
    for sheet in (FIRST, SECOND, FIRST, SECOND):
        release(sheet)
    ended.set()
    reader.join()
    assert len(reads) > len(names)
    assert wrong == []


def test_collectstatic_removes_old_files_a_month_after_they_were_replaced(release, tmp_path):
    folder = tmp_path / "collected"
    long_ago = time.time() - 2 * DAYS_KEPT * SECONDS_A_DAY
    first = release(FIRST)
    for path in folder.rglob("*"):
        os.utime(path, (long_ago, long_ago))  # the first release served for two months
    second = release(SECOND)
    assert (folder / first).exists()
    os.utime(folder / first, (long_ago, long_ago))  # and was replaced two months ago
    for path in (folder / second, folder / staticfiles_storage.stored_name("plain.js")):
        os.utime(path, (long_ago, long_ago))
    assert release(SECOND) == second
    assert not (folder / first).exists()
    assert (folder / second).exists()
    assert (folder / staticfiles_storage.stored_name("plain.js")).exists()
    assert (folder / "plain.js").exists()


def test_collectstatic_takes_everything_that_set_up_builds(tmp_path, settings):
    """Every picture and font that a style sheet names is there, or collecting would fail."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = configured.STORAGES | {"staticfiles": {"BACKEND": configured.HASHED_NAMES}}
    staticfiles_storage._wrapped = empty
    call_command("collectstatic", interactive=False, verbosity=0)
    name = staticfiles_storage.stored_name("portal.css")
    assert Path(tmp_path, name).exists()
    assert name != "portal.css"
    staticfiles_storage._wrapped = empty
