"""The pack for the committee system: stored files, a manifest, and exempt papers only for their named readers."""

import hashlib
import io
import zipfile
from datetime import date

import pytest
from django.utils.text import slugify

from partnership.models import AuditEntry, Decision, Meeting, Resolution
from partnership.records.record import recording
from reviews.models import AgendaItem, ExemptPaper, Section, SectionReader
from tests.factories import keep, make_body
from tests.published import make_published

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PACK = "/reviews/a-review/pack.zip"
OPEN = [
    "Manifest.txt",
    "a-review.html",
    "a-review.pdf",
    "a-review.docx",
    "a-review.csv",
    "Appendices/a-review-appendix-1.pdf",
]
EXEMPT = "Exempt - not for publication/a-review-exempt-appendix-2.pdf"


@pytest.fixture(scope="module")
def published(module_data):
    """A review of two councils, published; the clerk is a named reader of its exempt appendix."""
    made = make_published()
    with recording(by=made.clerk, reason="Needs it for the meeting"):
        section = Section.objects.get(key="held")
        SectionReader(section=section, reader=made.clerk).full_clean_and_save()
    return made


def names_in(response):
    with zipfile.ZipFile(io.BytesIO(response.content)) as pack:
        return pack.namelist()


def test_pack_holds_the_papers_with_their_checksums(published, client):
    client.force_login(published.officer)
    response = client.get(PACK)
    assert names_in(response) == OPEN
    with zipfile.ZipFile(io.BytesIO(response.content)) as pack:
        manifest = pack.read("Manifest.txt").decode()
        for name in OPEN[1:]:
            assert f"{hashlib.sha256(pack.read(name)).hexdigest()}  {name}" in manifest
    assert client.get(PACK).content == response.content
    # The head of the audit chain stands outside the database, so that nobody can cut off its end unseen.
    seal = AuditEntry.objects.get(partnership=published.review.partnership, number=published.public.chain_length).seal
    assert f"{published.public.chain_length} entries, sealed by: {seal}" in manifest


def test_pack_holds_exempt_papers_for_their_named_readers_only(published, client):
    client.force_login(published.clerk)
    assert names_in(client.get(PACK)) == [*OPEN, EXEMPT]
    client.force_login(published.officer)
    assert names_in(client.get(PACK)) == OPEN


def decide(published, access, title):
    """A meeting takes the review and decides on it."""
    kind = {"kind": "executive"} if access == "public" else {"kind": "working group", "meets_in_public": False}
    council = published.alder if access == "public" else None
    body = make_body(partnership=published.partnership, council=council, name=f"Body for {title}", **kind)
    meeting = keep(Meeting(body=body, held_on=date(2019, 4, 23), access=access))
    decision = keep(Decision(body=body, meeting=meeting, title=title, decided_on=date(2019, 4, 23)))
    keep(Resolution(decision=decision, number=1, text=f"To note {title}"))
    keep(AgendaItem(meeting=meeting, review=published.review, decision=decision))
    return f"Decision sheets/2019-04-23-{slugify(str(body))}-decision-{decision.pk}.txt"


def test_pack_holds_the_sheets_of_what_was_decided_on_it(published, client):
    name = decide(published, "public", "the review")
    hidden = decide(published, "private", "the canary")
    client.force_login(published.officer)
    response = client.get(PACK)
    assert names_in(response) == [*OPEN, name, hidden]
    with zipfile.ZipFile(io.BytesIO(response.content)) as pack:
        text = pack.read(name).decode()
        assert f"{hashlib.sha256(text.encode()).hexdigest()}  {name}" in pack.read("Manifest.txt").decode()
    assert text.startswith("Issue title\r\nthe review\r\n\r\nDecision maker\r\nALD Body for the review\r\n")
    assert "\r\nDecision\r\n(1) To note the review\r\n" in text


def test_exempt_paper_is_sent_to_its_named_readers_and_to_nobody_else(published, client):
    paper = ExemptPaper.objects.get()
    at = f"/reviews/exempt-papers/{paper.pk}/"
    assert client.get(at).headers["Location"] == f"/sign-in/?next={at}"
    for person in (published.officer, published.councillor, published.stranger):
        client.force_login(person)
        assert client.get(at).status_code == 404
    client.force_login(published.clerk)
    response = client.get(at)
    assert response.content == bytes(paper.content)
    assert response.headers["Cache-Control"] == "no-store"


def test_leave_that_was_ended_opens_nothing(published, client):
    grant = SectionReader.objects.get(reader=published.clerk)
    with recording(by=published.clerk, reason="The meeting is over"):
        grant.withdrawn_on = "2019-05-01"
        grant.withdrawn_reason = "The meeting is over"
        grant.save()
    client.force_login(published.clerk)
    assert client.get(f"/reviews/exempt-papers/{ExemptPaper.objects.get().pk}/").status_code == 404
    assert names_in(client.get(PACK)) == OPEN


def test_there_is_no_pack_before_publication(published, client):
    client.force_login(published.clerk)
    from tests.factories import make_review

    review = make_review(partnership=published.partnership, slug="not-yet")
    assert client.get(f"/reviews/{review.slug}/pack.zip").status_code == 404


def test_cover_reports_go_with_the_paper_once_their_draft_is_public(module_data, client):
    from partnership.models import Body
    from reviews.facts import review_facts
    from reviews.models import Section
    from reviews.models.covers import CoverReport
    from reviews.publishing.publish import covers_of
    from tests.factories import keep, make_council, make_partnership, make_review, make_section

    own = make_council(name="Elm Council", short_name="ELM")
    review = make_review(partnership=make_partnership(councils=[own]), title="With a cover")
    body = keep(Body(partnership=review.partnership, council=own, name="Cabinet", kind="executive"))
    keep(CoverReport(review=review, body=body, title="Cover", report_of="Chief officer"))
    draft = {"review": review, "level": Section.Level.COVER, "heading": "Purpose", "narrative": "Why."}
    make_section(key="cover-purpose", **draft)
    hidden = {"review": review, "level": Section.Level.APPENDIX, "publication_class": "partnership"}
    make_section(heading="Inside only", narrative="Inside.", **hidden)
    (cover,) = covers_of(review_facts(review))
    assert cover.councils == ("Elm Council",)
    assert "Inside only" not in repr(cover)
    make_section(key="cover-introduction", publication_class="partnership", **draft | {"narrative": "Not yet."})
    assert covers_of(review_facts(review)) == ()
