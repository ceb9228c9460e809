"""From a new post to a verified saving in a real browser, by keyboard alone; a refusal and a stale edit on the way."""

import re
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect

from joint_posts.models import CostShare, JointPost, SavingLine
from joint_posts.savings import workflow
from partnership.accounts.permissions import today
from partnership.financial_years import FinancialYear
from tests.two_partnerships import make_person, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME_OF_FOCUSED = """() => {
  const focused = document.activeElement;
  return (focused.labels?.[0] ?? focused).textContent.replace(/\\s+/g, " ").trim();
}"""


@pytest.fixture
def portal(new_context, base_url):
    """The two partnerships, and `enter(person)`: a page of their own, signed in, with a window as wide as a desk's."""
    world = make_world()
    clerk = make_person("keyboard", (world.alder, "officer"), (world.alder, "pay_officer"))
    world.people["keyboard"] = clerk

    def enter(person, width=1280):
        client = Client()
        client.force_login(world.people[person])
        context = new_context(viewport={"width": width, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base_url}])
        return context.new_page()

    return SimpleNamespace(world=world, enter=enter, year=str(FinancialYear.containing(today())))


def tab_to(page, name):
    """Press Tab until the control of that name has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(NAME_OF_FOCUSED)
        if focused == name or focused.removesuffix(" (optional)") == name:
            return
    pytest.fail(f"“{name}” cannot be reached with the Tab key.")


def fill_in(page, *answers):
    """Reach each control by keyboard, in the order of the page, and type; then press Enter on the button named last."""
    *fields, button = answers
    for name, text in fields:
        tab_to(page, name)
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
    tab_to(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def accessible(page):
    """No violation of WCAG that axe can find."""
    violations = {}
    for violation in Axe().run(page).response["violations"]:
        violations[violation["id"]] = [node["target"] for node in violation["nodes"]]
    assert violations == {}


def add_cost_share(page, post, *answers):
    page.goto(f"/joint-posts/{post.pk}/cost-shares/new/")
    fill_in(page, *answers, "Save")


def enter_post_and_saving(page, year):
    """A post shared half and half, then 60 to 40 from October; its saving; the saving's page at the end."""
    page.goto("/joint-posts/new/")
    fill_in(page, ("Title", "Head of libraries"), ("Since", "1 April 2019"), "Save")
    post = JointPost.objects.get(title="Head of libraries")
    halves = (("ACC’s share", "50"), ("ACC’s baseline", "40,000"), ("BDC’s share", "50"))
    add_cost_share(page, post, ("From", "1 April 2019"), ("Salary", "£60,000"), *halves)
    later = (("ACC’s share", "60"), ("ACC’s baseline", "40,000"), ("BDC’s share", "40"))
    add_cost_share(page, post, ("From", "1 October 2019"), ("Salary", "61000"), *later)
    page.goto("/savings/new/")
    saving = (("Title", "One head of libraries"), ("Category", "Other joint"), ("Benefit type", "Cash"))
    fill_in(page, *saving, ("Basis", "Salary"), ("Identified on", "1/4/2019"), "Save")
    tab_to(page, "Enter figures")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    figures = (("estimated", "12,000"), ("delivered", "5000"), ("delivered up to", "30 September 2026"))
    cells = [(f"ACC {year}, {column}", text) for column, text in figures]
    fill_in(page, *cells, ("Why are you changing this?", "First entered"), "Save the figures")


def test_from_a_new_post_to_a_verified_saving(portal):
    year = portal.year
    page = portal.enter("keyboard")
    enter_post_and_saving(page, year)
    expect(page.get_by_text("1 line saved.")).to_be_visible()
    assert CostShare.objects.count() == 2
    line = SavingLine.objects.get()
    assert (line.estimated, line.delivered, line.council) == (12000, 5000, portal.world.alder)
    accessible(page)

    stranger = portal.enter("finance_verifier.birch")
    stranger.goto("/verification/")
    expect(stranger.get_by_text("Nothing waits for you.")).to_be_visible()
    assert stranger.goto(f"/savings/lines/{line.pk}/verify/").status == 403

    verifier = portal.enter("finance_verifier.alder")
    verifier.goto("/verification/")
    accessible(verifier)
    tab_to(verifier, f"One head of libraries: ACC {year}")
    verifier.keyboard.press("Space")
    fill_in(verifier, ("What did you check?", "Budget code seen"), "Verify the chosen figures")
    expect(verifier.get_by_text("1 figure verified.")).to_be_visible()
    line.refresh_from_db()
    assert line.verified_by == portal.world.people["finance_verifier.alder"]

    slow = portal.enter("officer.birch")
    slow.goto(f"/savings/{line.saving_id}/grid/")
    delivered = f"ACC {year}, delivered"
    slow.get_by_label(delivered, exact=True).fill("4,000")
    slow.get_by_label("Why are you changing this?").fill("Seen otherwise")

    page.goto(f"/savings/{line.saving_id}/grid/")
    fill_in(page, (delivered, "5,500"), ("Why are you changing this?", "Corrected"), "Save the figures")
    cleared = re.compile(
        "Waits for verification. Verified by finance_verifier.alder of the tests on .* until the figure"
    )
    expect(page.get_by_text(cleared)).to_be_visible()
    line.refresh_from_db()
    assert (line.delivered, line.verified_by) == (5500, None)

    slow.get_by_role("button", name="Save the figures").click()
    expect(slow.get_by_text("keyboard of the tests changed this while you were typing")).to_be_visible()
    expect(slow.get_by_role("cell", name="£5,500")).to_be_visible()
    expect(slow.get_by_label(delivered, exact=True)).to_have_value("4,000")
    expect(slow.get_by_label("Why are you changing this?")).to_have_value("Seen otherwise")
    accessible(slow)
    line.refresh_from_db()
    assert line.delivered == 5500


PASTE = """(element, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def test_block_pasted_into_a_cell_spreads_over_the_grid(portal):
    page = portal.enter("officer.alder")
    year = portal.year
    page.goto(f"/savings/{portal.world.ours.saving.pk}/grid/")
    first = page.get_by_label(f"ACC {year}, forecast", exact=True)
    first.evaluate(PASTE, "1,000\t500\r\n2,000\t(250)\t30 September 2026\t9\ttoo far\r\n")
    shown = {}
    for council in ("ACC", "BDC"):
        shown |= {
            f"{council}, {column}": page.get_by_label(f"{council} {year}, {column}", exact=True).input_value()
            for column in ("estimated", "forecast", "delivered", "delivered up to", "cost to achieve")
        }
    assert list(shown.values()) == ["", "1,000", "500", "", "", "", "2,000", "(250)", "30 September 2026", "9"]
    expect(page.get_by_role("status")).to_have_text(
        "6 cells filled. 1 did not fit into the grid. Nothing is saved until you press “Save the figures”."
    )
    first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(NAME_OF_FOCUSED) == f"BDC {year}, forecast"
    rows = "Council\tYear\tEstimated\nACC\t2019/20\t500\n"
    first.evaluate(PASTE, rows)
    expect(page.get_by_label("Paste rows from a spreadsheet")).to_be_focused()
    expect(first).to_have_value("1,000")
    page.get_by_role("button", name="Fill the grid", exact=True).click()
    expect(page.get_by_label("ACC 2019/20, estimated", exact=True)).to_have_value("500")
    assert SavingLine.objects.count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_of_the_ledger_are_accessible_and_fit_the_window(portal, width):
    saving = portal.world.ours.saving
    by = {"by": portal.world.people["officer.alder"], "reason": "Set up"}
    for start, amount in ((2019, -5000), (2020, 700)):
        given = {"estimated": amount, "delivered": amount, "delivered_to_on": FinancialYear(start).last_day}
        workflow.set_line(saving, portal.world.alder, str(FinancialYear(start)), **given, **by)
    officer = portal.enter("officer.alder", width)
    verifier = portal.enter("finance_verifier.alder", width)
    pages = (
        (officer, f"/savings/{saving.pk}/"),
        (officer, f"/savings/{saving.pk}/grid/"),
        (verifier, "/verification/"),
    )
    for page, address in pages:
        page.goto(address)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page = officer
    page.goto(f"/savings/{saving.pk}/grid/")
    page.get_by_label("ACC 2019/20, estimated", exact=True).fill("lots")
    page.get_by_role("button", name="Save the figures").click()
    accessible(page)
    page.get_by_role("link", name="estimated: “lots”").click()
    expect(page.get_by_label("ACC 2019/20, estimated", exact=True)).to_be_focused()
