"""Test who may read a section: one person restricts it at once, two open it, and nobody else finds the text."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from partnership.records.record import recording
from reviews.models import ClassProposal, Section, SectionReader
from reviews.publishing import classing
from tests.factories import make_section
from tests.html_forms import shown
from tests.two_partnerships import DAY, denied, make_person, refused

pytestmark = pytest.mark.django_db

WHY = "A good reason"
EXEMPTION = {
    "public_title": "A note",
    "exempt_paragraph": 3,
    "public_interest_reason": "It would weaken the councils in a negotiation.",
    "class_decided_by": "Monitoring officer",
    "class_decided_on": DAY,
    "class_review_on": date(2020, 3, 1),
}


@pytest.fixture
def clerk(world):
    return {"by": world.people["clerk.alder"], "reason": WHY}


@pytest.fixture
def second(world):
    return {"by": make_person("clerk.birch", (world.birch, "clerk")), "reason": "Seen"}


def exempt(section, clerk, **changes):
    return classing.restrict(section, publication_class="exempt", **EXEMPTION | changes, **clerk)


@pytest.mark.parametrize("missing", sorted(EXEMPTION))
def test_exempt_section_needs_every_answer(world, clerk, missing):
    with refused(missing, classing.NEEDED[missing]):
        exempt(world.ours.section, clerk, **{missing: None})


@pytest.mark.parametrize("paragraph", [0, 8])
def test_exemption_names_a_paragraph_of_part_1(world, clerk, paragraph):
    with refused("exempt_paragraph", "Enter the paragraph of Part 1 of Schedule 12A, 1 to 7."):
        exempt(world.ours.section, clerk, exempt_paragraph=paragraph)


def test_database_refuses_an_exempt_section_without_a_decision(world, clerk):
    section = exempt(world.ours.section, clerk)
    section.class_decided_on = None
    with pytest.raises(IntegrityError), recording(by=clerk["by"], reason=WHY), transaction.atomic():
        section.save()


def test_section_is_held_closer_at_once(world, clerk):
    section = exempt(world.ours.section, clerk)
    section.refresh_from_db()
    assert (section.publication_class, section.exempt_paragraph, section.public_title) == ("exempt", 3, "A note")
    assert [grant.reader for grant in section.readers.all()] == [clerk["by"]]


def test_one_person_cannot_let_more_people_read(world, clerk):
    with refused("publication_class", "More people would read it then. Propose that to a second person."):
        classing.restrict(world.ours.section, publication_class="public", **clerk)
    proposal = classing.propose_class(world.ours.section, publication_class="public", **clerk)
    with denied("It takes a second person to settle what you proposed."):
        classing.confirm_class(proposal, **clerk)
    assert Section.objects.get(pk=world.ours.section.pk).publication_class == "partnership"


def test_database_refuses_that_one_person_settles_their_own(world, clerk):
    proposal = classing.propose_class(world.ours.section, publication_class="public", **clerk)
    proposal.settled_by = proposal.proposed_by
    proposal.outcome = "confirmed"
    with pytest.raises(IntegrityError), recording(by=clerk["by"], reason=WHY), transaction.atomic():
        proposal.save()


def test_two_people_let_more_people_read(world, clerk, second):
    section = exempt(world.ours.section, clerk)
    proposal = classing.propose_class(section, publication_class="public", **clerk)
    with denied("You may not read this section yourself."):
        classing.confirm_class(proposal, **second)
    classing.grant_access(section, reader=second["by"], **clerk)
    classing.confirm_class(proposal, **second)
    section.refresh_from_db()
    assert (section.publication_class, section.public_title, section.exempt_paragraph) == ("public", "", None)
    settled = ClassProposal.objects.get()
    assert (settled.proposed_by, settled.settled_by, settled.outcome) == (clerk["by"], second["by"], "confirmed")


def test_text_changed_since_needs_a_new_proposal(world, clerk, second):
    section = world.ours.section
    proposal = classing.propose_class(section, publication_class="public", **clerk)
    with recording(by=clerk["by"], reason=WHY):
        section.narrative = "Something else."
        section.save()
    proposal = ClassProposal.objects.get(pk=proposal.pk)
    with refused("", "The section was changed after that was proposed. Refuse it and propose it again."):
        classing.confirm_class(proposal, **second)
    classing.refuse_class(proposal, **second)
    assert classing.propose_class(section, publication_class="public", **clerk).is_open


def test_a_second_proposal_waits_for_the_first(world, clerk):
    classing.propose_class(world.ours.section, publication_class="public", **clerk)
    with refused("", "A proposal for this section is waiting already."):
        classing.propose_class(world.ours.section, publication_class="public", **clerk)


def test_classes_are_for_clerks(world):
    officer = {"by": world.people["officer.alder"], "reason": WHY}
    with denied("Your roles do not let you publish reviews."):
        exempt(world.ours.section, officer)
    with denied("Your roles do not let you publish reviews."):
        classing.propose_class(world.ours.section, publication_class="public", **officer)


def readers_of(section, world):
    """Return who of the people sees the section."""
    return {
        name
        for name, person in world.people.items()
        if Section.objects.visible_to(person).filter(pk=section.pk).exists()
    }


def test_each_class_is_read_by_whom_it_is_for(world, clerk):
    section = world.ours.section
    both = readers_of(section, world)
    assert {"officer.alder", "officer.birch", "pwg_member.alder"} <= both
    assert {"stranger", "councillor.alder", "administrator.alder"} & both == set()
    classing.restrict(section, publication_class="council", council=world.alder, **clerk)
    assert readers_of(section, world) == {name for name in both if name.endswith(".alder")}
    classing.restrict(section, publication_class="confidential", **clerk)
    assert readers_of(section, world) == {"clerk.alder"}
    grant = classing.grant_access(section, reader=world.people["councillor.alder"], **clerk)
    # Reading working papers is a permission of its own; leave to read one section does not give it.
    assert readers_of(section, world) == {"clerk.alder"}
    classing.grant_access(section, reader=world.people["pwg_member.alder"], **clerk)
    assert readers_of(section, world) == {"clerk.alder", "pwg_member.alder"}
    classing.revoke_access(grant, on=DAY, **clerk)
    assert [row.reader for row in SectionReader.objects.active()] == [
        clerk["by"],
        world.people["pwg_member.alder"],
    ]


def test_a_stranger_cannot_be_let_in(world, clerk):
    section = exempt(world.ours.section, clerk)
    with refused("reader", "Choose somebody with a role in one of the partnership's councils."):
        classing.grant_access(section, reader=world.people["stranger"], **clerk)


def test_pages_of_a_held_section_are_not_found_and_name_nothing(world, clerk, client):
    section = make_section(review=world.ours.review, heading="canary-heading", narrative="canary-text")
    exempt(section, clerk, public_interest_reason="canary-reason")
    client.force_login(world.people["officer.alder"])
    for page in ("detail", "edit", "history", "hold-closer", "withdraw"):
        assert client.get(reverse(f"section_{page}", args=[section.pk])).status_code in {403, 404}
    review = world.ours.review
    open_pages = [reverse(f"review_{page}", args=[review.slug]) for page in ("paper", "detail", "history")]
    for address in [*open_pages, reverse("section_export"), "/find/?words=canary", reverse("review_list")]:
        response = client.get(address)
        assert response.status_code == 200
        assert b"canary" not in b"".join(response).replace(b'value="canary"', b"").replace("“canary”".encode(), b"")
    assert client.get("/find/?words=canary").context["found"] == []
    assert client.get(reverse("review_list"), {"words": "canary"}).context["rows"] == []
    client.force_login(clerk["by"])
    assert "canary-text" in client.get(reverse("section_detail", args=[section.pk])).content.decode()
    assert [group["label"] for group in client.get("/find/?words=canary").context["found"]] == ["Reviews"]


def test_clerk_proposes_and_a_second_one_confirms_on_the_pages(world, clerk, second, client):
    section = world.ours.section
    client.force_login(clerk["by"])
    at = reverse("section_propose-class", args=[section.pk])
    client.post(at, shown(client, at) | {"publication_class": "public", "reason": "Ready"})
    assert client.get(reverse("section_confirm-class", args=[section.pk])).status_code == 403
    client.force_login(second["by"])
    at = reverse("section_confirm-class", args=[section.pk])
    sentence = f"{clerk['by']} proposes that its class becomes “Public”; a second person confirms or refuses that."
    for page in (at, reverse("section_refuse-class", args=[section.pk]), section.get_absolute_url()):
        assert sentence in client.get(page).content.decode()
    client.post(at, shown(client, at) | {"reason": "Read it"})
    assert sentence not in client.get(section.get_absolute_url()).content.decode()
    section.refresh_from_db()
    assert section.is_public


def test_missing_answer_stands_at_its_field(world, clerk, client):
    client.force_login(clerk["by"])
    answers = {"publication_class": "exempt", "reason": "Personal"}
    at = reverse("section_hold-closer", args=[world.ours.section.pk])
    page = client.post(at, shown(client, at) | answers)
    assert page.context["form"].errors["public_title"] == [classing.NEEDED["public_title"]]
    assert Section.objects.get(pk=world.ours.section.pk).publication_class == "partnership"


def test_what_was_written_while_it_was_held_stays_out_of_the_open_history(world, clerk, second, client):
    section = world.ours.section
    exempt(section, clerk)
    classing.grant_access(section, reader=second["by"], **clerk)
    with recording(by=clerk["by"], reason=WHY):
        section.narrative = "canary-held"
        section.save()
    with recording(by=clerk["by"], reason=WHY):
        section.narrative = "Open now."
        section.save()
    officer = world.people["officer.alder"]
    addresses = [f"/reviews/{world.ours.review.slug}/history/", "/changes/?from=2018-01-01"]
    client.force_login(officer)
    for address in addresses:
        assert "canary" not in client.get(address).content.decode()
    proposal = classing.propose_class(section, publication_class="public", **clerk)
    classing.confirm_class(proposal, **second)
    client.force_login(officer)
    for address in [*addresses, f"/reviews/sections/{section.pk}/history/"]:
        page = client.get(address)
        assert page.status_code == 200
        assert "canary" not in page.content.decode()
    client.force_login(clerk["by"])
    assert "Open now." in client.get(f"/reviews/sections/{section.pk}/history/").content.decode()


LAST_READER = (
    "Without this reader nobody who may publish could read the section, or let anybody read it. Let another clerk read"
    " it first."
)


def test_last_reader_who_may_publish_keeps_the_leave_to_read(world, clerk):
    """An officer who may read it too is not enough: only who may publish lets anybody else read it."""
    section = exempt(world.ours.section, clerk)
    classing.grant_access(section, reader=world.people["officer.alder"], **clerk)
    own = section.readers.get(reader=clerk["by"])
    with refused("grant", LAST_READER):
        classing.revoke_access(own, on=DAY, **clerk)
    assert not SectionReader.objects.get(pk=own.pk).is_withdrawn


def test_of_two_clerks_who_end_each_others_leave_the_second_is_refused(world, clerk, second):
    """Both opened the page while two could read it."""
    section = exempt(world.ours.section, clerk)
    classing.grant_access(section, reader=second["by"], **clerk)
    grants = {grant.reader: grant for grant in section.readers.active()}
    first = grants[clerk["by"]]
    other = grants[second["by"]]
    classing.revoke_access(other, on=DAY, **clerk)
    with denied("You may not read this section yourself."):
        classing.revoke_access(first, on=DAY, **second)
    with refused("grant", LAST_READER):
        classing.revoke_access(first, on=DAY, **clerk)
    assert [grant.reader for grant in section.readers.active()] == [clerk["by"]]
