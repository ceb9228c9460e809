"""What every test may use."""

import shutil

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items):
    """Without a Chromium the browser tests are left out, and the end of the run says so."""
    if not CHROMIUM:
        missing = pytest.mark.skip(reason="no Chromium here: apt-get install chromium")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(missing)


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
