"""Fixtures of every test."""

import copy
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items):
    """Without a Chromium the browser tests are left out, and the end of the run says so."""
    if not CHROMIUM:
        missing = pytest.mark.skip(reason="no Chromium here: apt-get install chromium")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(missing)


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The database of a test process is not made here but copied, and goes with the folder of its run."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Once its name is settled, lay the migrated file there; PostgreSQL copies its template itself."""
    from django.db import connection

    from tests import prepared

    if connection.vendor == "sqlite":
        prepared.copy_sqlite(connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's own Chromium; it cannot make its sandbox when it runs as root or in a container."""
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def base_url(live_server):
    """Pages are opened by their path: `page.goto("/joint-posts/")` is served by the portal under test."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A reader in Oxfordshire."""
    return browser_context_args | {"locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture(scope="session", autouse=True)
def emptied_tables():
    """A test with transactions of its own empties the tables behind it, those that are append-only too."""
    from django.test import TransactionTestCase

    from partnership.audit.triggers import triggers_disabled

    empty = TransactionTestCase._fixture_teardown

    def lift_and_empty(case):
        with triggers_disabled():
            empty(case)

    TransactionTestCase._fixture_teardown = lift_and_empty
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(scope="session", autouse=True)
def only_what_may_be_deleted():
    """Return what the portal itself deletes is what `limit_role` lets its role delete on PostgreSQL."""
    import sys
    from pathlib import Path

    from django.db.models.deletion import Collector

    from partnership.audit.triggers import deletable_models

    root = Path(__file__).resolve().parent.parent
    ours = [str(root / app) for app in ("partnership", "business_cases", "joint_posts", "reviews")]
    tests = [str(root / folder) for folder in ("tests", "quality")]
    plain = Collector.delete

    def delete(collector):
        frame = sys._getframe(1)
        while frame and not frame.f_code.co_filename.startswith((*tests, *ours)):
            frame = frame.f_back
        if frame and frame.f_code.co_filename.startswith(tuple(ours)):
            models = {*collector.data, *(rows.model for rows in collector.fast_deletes)}
            refused = sorted(model.__name__ for model in models - set(deletable_models()))
            assert not refused, f"Rows of {refused} are deleted: say `rows_are_deleted = True` on the model."
        return plain(collector)

    Collector.delete = delete
    yield
    Collector.delete = plain


@pytest.fixture(scope="session", autouse=True)
def signed_in_by_two_steps():
    """`force_login` is what a sign-in by password and code leaves behind, as nothing less opens a page."""
    from django.test import Client

    from tests.sign_in import by_two_steps

    plain = Client.force_login

    def force_login(client, user, backend=None):
        plain(client, user, backend)
        by_two_steps(client, user)

    Client.force_login = force_login
    yield
    Client.force_login = plain


@pytest.fixture(scope="module")
def module_data(django_db_setup, django_db_blocker):
    """A transaction around a whole module: data for all of its tests is made once, and each test's writes undone."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def filled(module_data):
    """Two partnerships with a row in every register (tests/filled_registers.py)."""
    from tests.filled_registers import make_filled

    return make_filled()


@pytest.fixture(scope="module")
def example(module_data):
    """The example partnership as `make run` loads it."""
    load_example()


def load_example():
    """Load it through the command, with the setting that allows it."""
    from django.core.management import call_command
    from django.test import override_settings

    with override_settings(EXAMPLE=True):
        call_command("load_example", stdout=io.StringIO())


@pytest.fixture(scope="module")
def founded(module_data):
    """Two partnerships with a person for every role (tests/two_partnerships.py)."""
    from tests.two_partnerships import make_world

    return make_world()


@pytest.fixture
def world(founded):
    """Return those two partnerships as they were founded, whatever the test before did to them."""
    return copy.deepcopy(founded)


@pytest.fixture
def commands_here(monkeypatch, transactional_db):
    """Commands that are started as processes work in the database of this test."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    address = os.environ["DATABASE_URL"].replace("/portal?", f"/{name}?")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{quote(name)}" if connection.vendor == "sqlite" else address)


@pytest.fixture
def jobs_here(commands_here):
    """A worker runs the jobs of this test."""
    worker = start_worker()
    yield
    worker.kill()  # on Linux its jobs end with it
    worker.wait()


def start_worker():
    """A worker in a process of its own, as on a server."""
    return subprocess.Popen([sys.executable, ROOT / "manage.py", "work"], cwd=ROOT)


@pytest.fixture
def example_served(live_server, transactional_db, settings):
    """The example behind the address that browser tests open, as it is tried out."""
    settings.TRYING_OUT = True
    load_example()


@pytest.fixture
def as_person(context, client, live_server):
    """Gives the browser the session of an account, past the sign-in page (password hashing is slow on purpose)."""

    def sign_in(username):
        from django.conf import settings

        from partnership.models import User

        client.force_login(User.objects.get(username=username))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return client

    return sign_in


@pytest.fixture
def quick_hashing(settings):
    """The real hasher takes a second and a half for each password, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def asked(record_property):
    """Notes beside a test how often its browsers asked the portal, by method (tests/matrix_world.py)."""
    from tests.matrix_world import Asking

    Asking.asked.clear()
    yield
    for method, times in Asking.asked.items():
        record_property(method, times)


@pytest.fixture(autouse=True)
def nothing_kept():
    """Boards are kept under a partnership's number and version, and every test begins with the same ones."""
    from django.core.cache import cache

    cache.clear()
