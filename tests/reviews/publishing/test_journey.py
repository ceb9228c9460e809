"""Two clerks let everybody read a section, publish, and a stranger finds it and knows it for genuine: in Chromium."""

import re

import pytest
from django.urls import reverse

from reviews.models import Edition
from tests.published import make_person, make_unpublished

pytestmark = [pytest.mark.browser]


@pytest.fixture
def world(live_server, jobs_here):
    """A review with one section that only members read, and a clerk of each council."""
    made = make_unpublished()
    made.section = made.review.sections.get(key="inside")
    made.second = make_person("second", made.birch, "clerk")
    return made


def test_two_clerks_open_and_publish_a_section_and_anybody_can_verify_it(page, as_person, browser, world):
    as_person("clerk")
    page.goto(reverse("section_detail", args=[world.section.pk]))
    page.get_by_role("button", name="Propose that more may read it").click()
    page.get_by_label("Public", exact=True).check()
    page.get_by_label("Why are you changing this?").fill("Ready for everybody")
    page.get_by_role("button", name="Propose that more may read it").click()
    page.get_by_text("done.").wait_for()
    assert page.get_by_role("button", name="Confirm what is proposed").count() == 0
    assert page.goto(reverse("section_confirm-class", args=[world.section.pk])).status == 403

    as_person("second")
    page.goto(reverse("review_classes", args=[world.review.slug]))
    assert "A second person: “Public”" in page.get_by_role("row", name="Working notes").inner_text()
    page.get_by_role("link", name="Working notes").click()
    page.get_by_role("button", name="Confirm what is proposed").click()
    page.get_by_label("Why are you changing this?").fill("Read it; nothing in it is private")
    page.get_by_role("button", name="Confirm what is proposed").click()
    page.get_by_text("done.").wait_for()

    page.goto(reverse("review_editions", args=[world.review.slug]))
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish now").click()
    page.get_by_role("heading", name="Published").wait_for(timeout=60_000)
    page.get_by_role("link", name="See the editions").click()
    facts = Edition.objects.for_the_public().get().facts_sha256
    assert facts in page.locator("main").inner_text()

    stranger = browser.new_context(base_url=page.url.partition("/reviews/")[0]).new_page()
    stranger.goto("/published/")
    stranger.get_by_role("link", name="A review").first.click()
    said = stranger.locator("main").inner_text()
    assert "Partnership text." in said
    assert not re.search("Exempt (?:text|heading)", said)
    content = stranger.request.get("/published/a-review.pdf").body()
    stranger.goto("/verify/")
    checked = {"name": "from-a-friend.pdf", "mimeType": "application/pdf", "buffer": content}
    for file, answer in ((checked, "Yes. It was published here."), (checked | {"buffer": content + b" "}, "No.")):
        stranger.get_by_label("Or the file itself").set_input_files(files=file)
        stranger.get_by_role("button", name="Check it").click()
        assert stranger.get_by_role("status").inner_text().startswith(answer)
    stranger.get_by_label("Checksum").fill(facts)
    stranger.get_by_role("button", name="Check it").click()
    assert "The facts it prints of A review, edition 1" in stranger.get_by_role("status").inner_text()
