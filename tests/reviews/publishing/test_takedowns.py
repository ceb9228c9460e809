"""Published papers that are withdrawn, or taken down by two people."""

import copy
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from partnership.records.workflow import withdraw
from reviews.models import Takedown
from reviews.models.editions import checksum
from reviews.publishing import publish
from reviews.publishing.takedowns import confirm_takedowns, propose_takedown, refuse_takedowns
from tests.factories import make_council, make_review
from tests.html_forms import shown
from tests.published import AT, make_person, make_published

pytestmark = pytest.mark.django_db
STATEMENT = "This paper was taken down because it named a person by mistake."


@pytest.fixture(scope="module")
def world(module_data):
    """A published review, and a clerk of each council."""
    made = make_published()
    made.second = make_person("second", made.birch, "clerk")
    return made


@pytest.fixture
def published(world):
    """The same, as it was before the test before changed it."""
    return copy.deepcopy(world)


@pytest.fixture
def taken_down(published):
    proposals = propose_takedown(
        published.review, editions=[published.public], statement=STATEMENT, by=published.clerk, reason="A name"
    )
    confirm_takedowns(proposals, on=date(2019, 5, 2), by=published.second, reason="Seen")
    return published


# --- A withdrawn paper ---------------------------------------------------------------------------------------------


@pytest.fixture
def withdrawn(published):
    withdraw(published.review, on=date(2019, 6, 3), by=published.officer, reason="An internal reason")
    return published


def test_withdrawn_paper_is_marked_on_its_page_and_in_the_list(withdrawn, client):
    page = client.get("/published/a-review/").content.decode()
    assert "Withdrawn on 3 June 2019. It is kept here as it was published" in page
    assert "<strong>Withdrawn on 3 June 2019.</strong>" in client.get("/published/").content.decode()
    assert "An internal reason" not in page


def test_withdrawn_paper_is_marked_at_verification(withdrawn, client):
    answer = client.post("/verify/", {"checksum": withdrawn.public.facts_sha256})
    assert [row["mark"] for row in answer.context["found"]] == ["Withdrawn on 3 June 2019"]
    assert "<strong>Withdrawn on 3 June 2019.</strong>" in answer.content.decode()


def test_withdrawn_paper_speaks_neither_at_a_glance_nor_in_open_data(withdrawn, client):
    assert client.get(f"/published/partnerships/{withdrawn.partnership.slug}/").status_code == 404
    assert len(client.get("/open-data/posts.csv").content.decode().splitlines()) == 1


def test_pages_of_a_withdrawn_review_lead_to_its_own_page(withdrawn, client):
    client.force_login(withdrawn.officer)
    for name in ("review_paper", "review_pdf", "review_proof"):
        assert client.get(reverse(name, args=["a-review"])).status_code == 302
    section = withdrawn.review.sections.get(key="open")
    assert client.get(reverse("section_detail", args=[section.pk])).status_code == 200
    assert client.get(reverse("section_edit", args=[section.pk])).status_code == 403


# --- Taking down ---------------------------------------------------------------------------------------------------


def test_proposed_takedown_takes_nothing_down(published, client):
    propose_takedown(
        published.review, editions=[published.public], statement=STATEMENT, by=published.clerk, reason="A name"
    )
    assert client.get("/published/a-review/").status_code == 200
    assert client.get("/published/a-review.pdf").status_code == 200


@pytest.mark.parametrize("settle", [confirm_takedowns, refuse_takedowns])
def test_takedown_is_not_settled_by_whoever_proposed_it(published, settle):
    proposals = propose_takedown(
        published.review, editions=[published.public], statement=STATEMENT, by=published.clerk, reason="A name"
    )
    with pytest.raises(PermissionDenied, match="It takes a second person"):
        settle(proposals, on=date(2019, 5, 2), by=published.clerk, reason="Seen")
    assert Takedown.objects.get().outcome == ""


def test_takedown_by_two_clerks_through_the_pages(published, client):
    client.force_login(published.clerk)
    take_down = reverse("review_take-down", args=["a-review"])
    facts = {"statement": STATEMENT, "reason": "It names a person"}
    facts |= shown(client, take_down) | {"editions": [published.public.pk]}
    assert client.post(take_down, facts).status_code == 302
    confirm = reverse("review_confirm-takedown", args=["a-review"])
    assert client.get(confirm).status_code == 403
    client.force_login(published.second)
    assert STATEMENT in client.get(confirm).content.decode()
    proposal = Takedown.objects.get()
    settled = shown(client, confirm) | {"proposals": [proposal.pk], "reason": "Seen"}
    assert client.post(confirm, settled).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.proposed_by, proposal.settled_by) == (
        "confirmed",
        published.clerk,
        published.second,
    )
    assert client.get("/published/a-review/").status_code == 410


def test_taken_down_edition_gives_out_no_file_and_says_why(taken_down, client):
    files = [file.name for file in taken_down.public.files.all()]
    addresses = [
        "/published/a-review/",
        "/published/a-review/1/",
        "/published/a-review.pdf",
        "/published/a-review.json",
    ]
    addresses += [reverse("published_file", args=["a-review", 1, name]) for name in files]
    for address in addresses:
        answer = client.get(address)
        assert (address, answer.status_code, answer["Cache-Control"]) == (address, 410, "no-cache")
        text = answer.content.decode()
        assert STATEMENT in text
        assert "Taken down on 2 May 2019" in text
        assert "Open text" not in text


def test_members_edition_stays_when_the_public_one_is_taken_down(taken_down, client):
    client.force_login(taken_down.officer)
    assert client.get(reverse("members_edition", args=["a-review", 1])).status_code == 200


def test_taken_down_members_edition_is_known_to_members_alone(published, client):
    proposals = propose_takedown(
        published.review, editions=[published.members], statement=STATEMENT, by=published.clerk, reason="A name"
    )
    confirm_takedowns(proposals, on=date(2019, 5, 2), by=published.second, reason="Seen")
    address = reverse("members_edition", args=["a-review", 1])
    client.force_login(published.officer)
    assert client.get(address).status_code == 410
    client.force_login(published.stranger)
    assert client.get(address).status_code == 404


def test_taken_down_edition_is_in_no_open_data_glance_or_pack(taken_down, client):
    assert len(client.get("/open-data/savings.csv").content.decode().splitlines()) == 1
    assert client.get(f"/published/partnerships/{taken_down.partnership.slug}/").status_code == 404
    client.force_login(taken_down.clerk)
    assert client.get(reverse("review_pack", args=["a-review"])).status_code == 404
    page = client.get(reverse("review_editions", args=["a-review"]))
    assert page.context["pack_url"] == ""
    assert [row["mark"] for row in page.context["editions"]] == ["", "Taken down on 2 May 2019"]


def test_taken_down_file_is_still_verified_and_marked(taken_down, client):
    content = bytes(taken_down.public.files.get(name="a-review.pdf").content)
    answer = client.post("/verify/", {"checksum": checksum(content)})
    assert [row["mark"] for row in answer.context["found"]] == ["Taken down on 2 May 2019"]


def test_correction_replaces_what_was_taken_down(taken_down, client):
    publish.publish(taken_down.review, by=taken_down.clerk, at=AT, correction="Without the name")
    assert client.get("/published/a-review/").status_code == 200
    first = client.get("/published/a-review/1/")
    assert first.status_code == 410
    assert "Read the edition that replaces it" in first.content.decode()


def test_takedown_of_another_reviews_edition_is_refused(published):
    elsewhere = make_review(partnership=published.partnership, title="Other", slug="other")
    wrong = Takedown(review=elsewhere, edition=published.public, statement=STATEMENT, proposed_by=published.clerk)
    with pytest.raises(ValidationError) as caught:
        wrong.full_clean(validate_constraints=False)
    assert caught.value.message_dict == {"edition": ["Choose an edition of this review."]}


def test_edition_is_taken_down_once(taken_down):
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        propose_takedown(
            taken_down.review, editions=[taken_down.public], statement=STATEMENT, by=taken_down.clerk, reason="Again"
        )
    sentence = "This edition is taken down already, or a proposal to do so is waiting."
    assert caught.value.messages == [sentence]


def test_settled_takedown_cannot_be_withdrawn(taken_down):
    with pytest.raises(ValidationError) as caught:
        withdraw(Takedown.objects.get(), on=date(2019, 5, 3), by=taken_down.clerk, reason="Put it back")
    assert caught.value.messages == ["A takedown that was settled stays. Publish a correction instead."]


def test_clerk_of_another_partnership_settles_nothing(published):
    far = make_person("far", make_council(name="Outer Council", short_name="OUT"), "clerk")
    proposals = propose_takedown(
        published.review, editions=[published.public], statement=STATEMENT, by=published.clerk, reason="A name"
    )
    with pytest.raises(PermissionDenied):
        confirm_takedowns(proposals, on=date(2019, 5, 2), by=far, reason="Seen")
