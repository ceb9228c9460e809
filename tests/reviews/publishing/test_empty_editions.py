"""An empty public edition is not published by accident; a review can be published for members only."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from reviews.models import Audience, Edition, PublicationClass, Section
from reviews.publishing import publish
from tests.factories import change
from tests.html_forms import shown
from tests.published import AT, make_unpublished

pytestmark = pytest.mark.django_db
NOTHING_PUBLIC = (
    "No section with text is open to the public, so the public edition would be empty. Open a section to the public,"
    " or publish for members only."
)


def close_every_section(made):
    for section in made.review.sections.filter(publication_class="public"):
        change(section, publication_class=PublicationClass.PARTNERSHIP)


@pytest.fixture
def unpublished():
    return make_unpublished()


def test_publish_without_public_text_is_refused(unpublished):
    close_every_section(unpublished)
    with pytest.raises(ValidationError) as caught:
        publish.publish(unpublished.review, by=unpublished.clerk, at=AT)
    assert caught.value.message_dict == {"audience": [NOTHING_PUBLIC]}
    assert Edition.objects.count() == 0


def test_publish_with_public_sections_but_no_text_is_refused(unpublished):
    for section in unpublished.review.sections.filter(publication_class="public"):
        change(section, narrative=" \n ")
    with pytest.raises(ValidationError) as caught:
        publish.publish(unpublished.review, by=unpublished.clerk, at=AT)
    assert caught.value.message_dict == {"audience": [NOTHING_PUBLIC]}


def test_public_draft_of_the_covers_is_no_public_text(unpublished):
    close_every_section(unpublished)
    change(unpublished.review.sections.get(key="open"), publication_class="public", level=Section.Level.COVER)
    with pytest.raises(ValidationError):
        publish.check_publication(unpublished.review, by=unpublished.clerk, at=AT)


def test_publish_for_members_only_makes_their_edition_alone(unpublished, client):
    close_every_section(unpublished)
    made = publish.publish(unpublished.review, by=unpublished.clerk, at=AT, members_only=True)
    assert [(edition.audience, edition.number) for edition in made] == [(Audience.MEMBERS, 1)]
    assert client.get("/published/a-review/").status_code == 404
    client.force_login(unpublished.officer)
    assert client.get(reverse("members_edition", args=["a-review", 1])).status_code == 200


def test_first_public_edition_after_a_members_one_says_why_to_members(unpublished):
    publish.publish(unpublished.review, by=unpublished.clerk, at=AT, members_only=True)
    with pytest.raises(ValidationError) as caught:
        publish.publish(unpublished.review, by=unpublished.clerk, at=AT)
    assert list(caught.value.message_dict) == ["correction"]
    made = publish.publish(unpublished.review, by=unpublished.clerk, at=AT, correction="For everybody")
    assert [(edition.audience, edition.number, edition.correction) for edition in made] == [
        (Audience.PUBLIC, 1, ""),
        (Audience.MEMBERS, 2, "For everybody"),
    ]


def test_publish_page_says_that_nothing_is_public(unpublished, client):
    close_every_section(unpublished)
    client.force_login(unpublished.clerk)
    page = client.get("/reviews/a-review/publish/")
    assert page.context["counted"][0] == ("Public", 0)
    assert NOTHING_PUBLIC in page.content.decode()
    answer = client.post(
        "/reviews/a-review/publish/", shown(client, "/reviews/a-review/publish/") | {"audience": "all"}
    )
    assert answer.context["form"].errors == {"audience": [NOTHING_PUBLIC]}
