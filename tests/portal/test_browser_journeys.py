"""Duties of the people who use the portal, done in Chromium as they would do them."""

import pytest

from joint_posts.models import JointPost

pytestmark = [pytest.mark.browser]


def test_a_member_signs_in_by_keyboard_alone(page, example_served):
    page.goto("/joint-posts/")
    page.wait_for_url("**/sign-in/?next=/joint-posts/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Enter")
    for typed in ("member.occ", "example"):
        while page.evaluate("document.activeElement.tagName") != "INPUT" or page.evaluate(
            "document.activeElement.value"
        ):
            page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**/joint-posts/#main-content")
    assert page.get_by_role("heading", level=1).inner_text() == "Joint posts"
    assert page.get_by_role("link", name="Chief Executive", exact=True).is_visible()
    assert page.get_by_role("button", name="Add a joint post").count() == 0


def test_a_wrong_password_is_said_at_the_top_and_led_to(page, example_served):
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("member.occ")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_text("There is a problem").wait_for()
    assert "The user name or the password is not right" in page.get_by_role("alert").inner_text()
    assert page.title().startswith("Error: ")


def test_officer_adds_a_joint_post_mends_errors_and_sees_its_history(page, as_person, example_served):
    as_person("officer.occ")
    page.goto("/joint-posts/")
    page.get_by_role("button", name="Add a joint post").click()
    page.get_by_label("Title").fill("Head of Estates")
    page.get_by_label("Since").fill("31/02/2019")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="“31/02/2019” is not a date: February 2019 has 28 days.").click()
    assert page.evaluate("document.activeElement.id") == "id_from_on"
    assert page.get_by_label("Title").input_value() == "Head of Estates"
    page.get_by_label("Since").fill("1 April 2019")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Joint post “Head of Estates” saved.").wait_for()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("textbox", name="Purpose").fill("One estate, one head")
    page.get_by_role("button", name="Save the changes").click()
    page.get_by_role("link", name="Say why you are changing this").click()
    page.keyboard.type("Agreed at the working group on 12 April")
    page.get_by_role("button", name="Save the changes").click()
    page.get_by_role("link", name="History").click()
    said = page.locator("main").inner_text()
    assert "by Officer, Oxfordshire (example)" in said
    assert "Agreed at the working group on 12 April" in said
    assert "One estate, one head" in said
    post = JointPost.objects.get(title="Head of Estates")
    assert (post.status, post.version, post.purpose) == ("proposed", 2, "One estate, one head")


def test_a_clerk_opens_the_review_and_takes_its_files_away(page, as_person, example_served):
    as_person("clerk.cdc")
    page.goto("/reviews/")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    assert "£629,000" in page.locator("main").inner_text()
    link = page.get_by_role("button", name="Download the PDF").get_attribute("href")
    response = page.request.get(link)
    assert response.headers["content-disposition"].endswith('filename="gateway-review-2019-03.pdf"')
    assert response.body().startswith(b"%PDF-1.7")
    link = page.get_by_role("button", name="Download the Word file").get_attribute("href")
    response = page.request.get(link)
    assert response.headers["content-disposition"].endswith('filename="gateway-review-2019-03.docx"')
    assert response.body().startswith(b"PK")


def test_a_second_officers_stale_edit_loses_nothing(page, as_person, example_served):
    """Two tabs: the later save is refused, shows both versions, and goes through once both are known."""
    as_person("officer.occ")
    post = JointPost.objects.get(title="Chief Executive")
    page.goto(f"/joint-posts/{post.pk}/edit/")
    as_person("officer.cdc")
    other = page.context.new_page()
    other.goto(f"/joint-posts/{post.pk}/edit/")
    save(other, "Cherwell's purpose", "Cherwell's reason")
    save(page, "Oxfordshire's purpose", "Oxfordshire's reason")
    said = page.locator("main").inner_text()
    assert "Officer, Cherwell (example) changed this while you were typing" in said
    assert "Cherwell's purpose" in said
    assert page.get_by_role("textbox", name="Purpose").input_value() == "Oxfordshire's purpose"
    page.get_by_role("button", name="Save the changes").click()
    page.get_by_text("saved.").wait_for()
    post.refresh_from_db()
    assert post.purpose == "Oxfordshire's purpose"


def save(page, purpose, reason):
    page.get_by_role("textbox", name="Purpose").fill(purpose)
    page.get_by_label("Why are you changing this?").fill(reason)
    page.get_by_role("button", name="Save the changes").click()
