"""An author at work in Chromium: the preview follows the typing, names are inserted, and nothing typed is lost."""

import pytest
from django.urls import reverse

from reviews.models import Section, SectionDraft

pytestmark = [pytest.mark.browser]


def test_an_author_types_inserts_a_figure_leaves_and_comes_back(page, as_person, example_served):
    as_person("officer.occ")
    section = Section.objects.get(review__slug="gateway-review-2019-03", key="benefits")
    page.goto(reverse("section_edit", args=[section.pk]))
    text = page.get_by_label("Narrative")
    text.fill("In the year ")
    page.get_by_label("Find a figure, table or reference").fill("2019-20.joint.estimated")
    page.get_by_role("button", name="{savings.2019-20.joint.estimated}", exact=True).click()
    page.keyboard.type(" is saved, and £7.")
    preview = page.get_by_role("region", name="Preview")
    preview.get_by_text("In the year £629,000 (both councils) is saved, and £7.").wait_for()
    preview.get_by_text("A sum was typed by hand").first.wait_for()
    page.get_by_text("Draft kept at").wait_for()
    page.goto("/")
    page.goto(reverse("section_edit", args=[section.pk]))
    page.get_by_text("have not saved it yet").wait_for()
    page.get_by_label("Narrative").fill("In short: {principles.summary}.")
    page.get_by_label("Why are you changing this?").fill("Shorter")
    page.get_by_role("button", name="Save the changes").click()
    page.get_by_text("saved.").wait_for()
    section.refresh_from_db()
    assert section.narrative == "In short: {principles.summary}."
    assert SectionDraft.objects.count() == 0
