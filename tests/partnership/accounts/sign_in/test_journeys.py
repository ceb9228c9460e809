"""Signing in with Chromium: a passkey is added and used, and the sign-in pages are accessible."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.codes import code_of
from tests.factories import make_council, make_membership
from tests.sign_in import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def officer(live_server, settings, quick_hashing):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    user = make_membership(council=make_council(), role="officer").user
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(page, user):
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def look(page):
    """Return what axe says of the page now open, at a desk and on a phone, and whether it sticks out."""
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        found += [violation["id"] for violation in Axe().run(page).response["violations"]]
        found += ["wide"] if page.evaluate("document.documentElement.scrollWidth") > width else []
    return found


def test_passkey_added_in_browser_signs_in_again(page, officer):
    key = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": key | {"automaticPresenceSimulation": True}})
    sign_in(page, officer)
    page.wait_for_url("**/your-sign-in/")
    assert look(page) == []
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name").fill("Work laptop")
    assert look(page) == []
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/your-sign-in/recovery-codes/")
    assert look(page) == []
    page.goto("/your-sign-in/")
    assert "Work laptop, added on" in page.locator("main").inner_text()
    assert look(page) == []
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, officer)
    page.wait_for_url("**/sign-in/second-step/")
    assert look(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"/$"))
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=20_000)
    page.goto("/your-sign-in/")
    page.get_by_role("link", name="Make new ones").click()
    page.get_by_label("Your password").fill(PASSWORD)
    assert look(page) == []
    page.get_by_role("button", name="Go on").click()
    assert look(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Make new codes")).to_be_visible(timeout=20_000)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_app_works_without_scripts(page, officer):
    sign_in(page, officer)
    page.get_by_role("button", name="Set up an app").click()
    secret = page.locator(".portal-secret").inner_text()
    page.get_by_label("Code from the app").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Recovery codes"
    code = page.locator(".portal-codes code").first.inner_text()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, officer)
    page.get_by_label("Code", exact=True).fill(code)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=20_000)
