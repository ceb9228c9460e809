"""Cover reports: one draft in each council's words, implications cleared, and what the proof says of them."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.urls import reverse

from partnership.accounts.permissions import today
from partnership.records.record import recording
from reviews.models import CoverReport, CoverStyle, Implication
from reviews.models.outlines import COVER, COVER_ORDER
from reviews.papers.checks import proof
from reviews.papers.covers import covering
from reviews.papers.covers.document import build_cover
from reviews.papers.narrative import ListBlock
from reviews.papers.output import html
from tests.factories import (
    change,
    keep,
    make_body,
    make_council,
    make_line,
    make_membership,
    make_option,
    make_partnership,
    make_recommendation,
    make_review,
    make_saving,
    make_section,
    make_user,
)
from tests.html_forms import shown

pytestmark = pytest.mark.django_db
WHY = {"reason": "For the meeting"}


@pytest.fixture
def world(client):
    """A review of Elm and Fir, with a cover for Elm's Board and one for Fir's Committee."""
    elm = make_council(
        name="Elm Borough Council", short_name="EBC", executive_name="Board", area_name="Division", numbering="letters"
    )
    fir = make_council(name="Fir Town Council", short_name="FTC", executive_name="Committee", area_name="Ward")
    partnership = make_partnership(councils=[elm, fir])
    saving = make_saving(partnership=partnership, title="One treasurer")
    lines = [
        make_line(saving=saving, council=council, estimated=sum_) for council, sum_ in ((elm, 47_100), (fir, 38_250))
    ]
    review = make_review(partnership=partnership, title="Elm and Fir", as_at=date(2019, 3, 16))
    make_section(review=review, key="money", narrative="{table:savings}")
    make_section(review=review, key="swot", level=9, heading="Analysis", narrative="Both.")
    make_recommendation(review=review, text="the section 113 agreement.", key="agreement")
    officer = make_user(name="Olive")
    make_membership(user=officer, council=elm)
    client.force_login(officer)
    by = {"by": officer, **WHY}
    board, committee = (
        covering.add_cover(
            review,
            body=make_body(partnership=partnership, council=council, name=name, short_name=name, kind="executive"),
            meeting_on=day,
            title=f"Update for {council.short_name}",
            report_of="Clerk",
            contact="The clerk",
            **by,
        )
        for council, name, day in ((elm, "Board", date(2019, 4, 23)), (fir, "Committee", date(2019, 4, 1)))
    )
    return SimpleNamespace(**locals())


def write(world, key, narrative):
    """Write a section of the shared draft."""
    return change(world.review.sections.get(key=f"cover-{key}"), narrative=narrative)


def section(cover, key):
    """A section of a cover as it prints."""
    return next(found for found in build_cover(cover, None).sections if found.anchor == f"section-{key}")


def texts(cover, key):
    """Its paragraphs with their numbers."""
    return [(block.number, block.text) for block in section(cover, key).blocks if block.kind == "paragraph"]


def test_one_draft_prints_in_each_councils_words(world):
    write(world, "details", "The {this-council.executive} of {this-council.name} meets on {this-council.meeting}.")
    assert [texts(cover, "details")[0][1] for cover in (world.board, world.committee)] == [
        "The Board of Elm Borough Council meets on 23 April 2019.",
        "The Committee of Fir Town Council meets on 1 April 2019.",
    ]


def test_header_is_the_councils_own(world):
    assert [build_cover(cover, None).control for cover in (world.board, world.committee)] == [
        (("Divisions affected", "All"), ("Body and date", "Board, 23 April 2019"), ("Report of", "Clerk")),
        (("Wards affected", "All"), ("Body and date", "Committee, 1 April 2019"), ("Report of", "Clerk")),
    ]


def test_recommendations_are_asked_and_numbered_as_the_council_does(world):
    keep(CoverStyle(council=world.elm, asks="is RECOMMENDED to"))
    write(world, "recommendations", "1. note {ref:annex}.\n2. agree {ref:recommendation:agreement}.")
    for cover, asks, style in (
        (world.board, "Board is RECOMMENDED to:", "bracketed-letters"),
        (world.committee, "Committee is recommended to:", "bracketed-numbers"),
    ):
        lead, asked = section(cover, "recommendations").blocks
        assert (lead.text, asked.style) == (asks, style)
        assert [item[0].text for item in asked.items] == ["note Annex A.", "agree Annex A, recommendation 1."]


def test_paragraphs_run_through_the_report_or_by_section(world):
    keep(CoverStyle(council=world.fir, paragraphs="by section"))
    write(world, "introduction", "One.\n\nTwo.")
    assert [number for number, _ in texts(world.board, "introduction")] == ["3", "4"]
    assert [number for number, _ in texts(world.committee, "introduction")] == ["3.1", "3.2"]


def test_sections_stand_in_the_order_of_the_council(world):
    usual = [found.heading for found in build_cover(world.board, None).sections if found.level == 1]
    assert usual == list(COVER.values())
    order = COVER_ORDER.replace("contact: Contact\n", "").replace("contact: Contact", "")
    keep(CoverStyle(council=world.fir, sections=f"contact: Whom to ask\n{order.strip()}"))
    assert build_cover(world.committee, None).sections[0].heading == "Whom to ask"


@pytest.mark.parametrize(
    ("change_of", "sentence"),
    [
        (lambda order: order.replace("purpose", "aims"), "“aims” is no section of a cover report."),
        (lambda order: f"{order}\npurpose: Again", "“purpose” stands twice."),
        (lambda order: order.replace("contact: Contact", ""), "“contact” is missing: every cover report has it."),
    ],
)
def test_no_section_of_a_cover_is_lost_or_invented(world, change_of, sentence):
    with pytest.raises(ValidationError) as refused:
        keep(CoverStyle(council=world.fir, sections=change_of(COVER_ORDER)))
    assert sentence in refused.value.message_dict["sections"]


def test_appendix_labels_cannot_collide(world):
    """X25: the annex has appendices of its own."""
    annex, listed = section(world.board, "appendices").blocks
    assert annex.text == "Annex A: Elm and Fir, report of the Working Group"
    assert isinstance(listed, ListBlock)
    assert [item[0].text for item in listed.items] == ["Annex A, Appendix 1: Analysis"]


def test_title_of_an_exempt_appendix_is_the_public_one(world):
    make_section(
        review=world.review, key="staff", level=9, heading="Pay of named people", narrative="Secret.",
        publication_class="exempt", exempt_paragraph=1, public_title="Note on staff", public_interest_reason="Privacy",
        class_decided_by="Monitoring officer", class_decided_on=date(2019, 3, 1),
    )  # fmt: skip
    page = html.render(build_cover(world.board, None))
    assert "Annex A, Appendix 2: Note on staff (not for publication)" in page
    assert "Pay of named people" not in page


def test_figures_of_covers_follow_the_ledger(world):
    write(world, "details", "Sharing saves {savings.2019-20.joint.estimated}, {savings.2019-20.ftc.estimated} of it.")
    change(world.lines[1], estimated=50_000)
    for cover in (world.board, world.committee):
        assert texts(cover, "details")[0][1] == "Sharing saves £97,100 (both councils), £50,000 (FTC’s share) of it."


def test_rejected_options_stand_with_their_reasons(world):
    make_option(review=world.review, title="Go on", is_preferred=True, reasons="Best.")
    make_option(review=world.review, title="Stop", description="End it.", reasons="It would cost more.")
    (listed,) = [block for block in section(world.board, "alternatives").blocks if isinstance(block, ListBlock)]
    (item,) = listed.items
    assert [part.text for part in item] == ["Stop", "End it.", "It would cost more."]


@pytest.mark.parametrize("text", ["None", "N/A", "nil.", "There are no legal implications arising from this report."])
def test_none_needs_a_reason(world, text):
    row = world.board.implications.get(kind="legal")
    with pytest.raises(ValidationError) as refused:
        covering.write_implication(row, text=text, **world.by)
    assert list(refused.value.message_dict) == ["text"]


LEGAL = "It stays lawful."
RECORDED = {
    "cleared_by": "Section 151 officer",
    "cleared_on": date(2019, 4, 2),
    "evidence": "E-mail of 2 April 2019, reference FIN/19/7",
    "on": date(2019, 4, 3),
}
OWN = {"post": "Monitoring officer", "on": date(2019, 4, 2)}


def written(world, kind="legal", text=LEGAL):
    """An implication of the Board's report with a text that nobody has cleared."""
    return covering.write_implication(world.board.implications.get(kind=kind), text=text, **world.by)


def test_clearance_with_own_account_prints_the_name_of_the_account(world):
    covering.clear_implication(written(world), **OWN, **world.by)
    printed = "Cleared by Olive (Monitoring officer) with their own account, 2 April 2019."
    assert section(world.board, "legal").blocks[-1].text == printed


def test_clearance_on_evidence_prints_the_evidence_and_who_recorded_it(world):
    covering.record_clearance(written(world), **RECORDED, **world.by)
    assert section(world.board, "legal").blocks[-1].text == (
        "Cleared by Section 151 officer, 2 April 2019. Evidence: E-mail of 2 April 2019, reference FIN/19/7;"
        " recorded by Olive, 3 April 2019."
    )


def test_clearance_of_an_earlier_version_prints_that_evidence_is_not_named(world):
    row = change(written(world), cleared_by="Section 151 officer", cleared_on=date(2019, 4, 2))
    printed = "Cleared by Section 151 officer, 2 April 2019. Evidence not named."
    assert section(world.board, "legal").blocks[-1].text == printed
    place = "EBC Board cover report, legal implications"
    assert found(world, "clearance-evidence") == [(place, "", False)]
    assert place not in [where for where, *_ in found(world, "clearance")]
    covering.record_clearance(row, **RECORDED, **world.by)
    assert found(world, "clearance-evidence") == []


@pytest.mark.parametrize("is_own", [True, False])
def test_clearance_ends_when_the_text_changes_and_only_then(world, is_own):
    row = written(world)
    if is_own:
        covering.clear_implication(row, **OWN, **world.by)
    else:
        covering.record_clearance(row, **RECORDED, **world.by)
    covering.write_implication(row, text=LEGAL, **world.by)
    assert row.is_cleared
    covering.write_implication(row, text="It may be lawful.", **world.by)
    row.refresh_from_db()
    entered = (row.clearance_recorded_by, row.clearance_recorded_on, row.clearance_evidence)
    assert (row.cleared_by, row.cleared_on, *entered) == ("", None, None, None, "")
    assert section(world.board, "legal").blocks[-1].text == "Not cleared yet."


def test_officer_cannot_clear_in_the_name_of_somebody_else(world):
    """Whatever the form is sent: the account that sends it is who cleared it."""
    other = make_user(name="Sam Section 151")
    row = written(world)
    clear = reverse("implication_clear", args=[row.pk])
    forged = {"cleared_by": other.name, "clearance_recorded_by": other.pk, "cleared_on": "1 April 2019", "by": other.pk}
    typed = {"post": "Clerk", "reason": "Read it", "submission": "x"}
    world.client.post(clear, shown(world.client, clear) | forged | typed)
    row.refresh_from_db()
    assert (row.clearance_recorded_by, row.cleared_by, row.cleared_on) == (world.officer, "Clerk", today())
    assert row.clearance_evidence == ""


def test_clearance_without_evidence_is_refused(world):
    row = written(world)
    with pytest.raises(ValidationError) as refused:
        covering.record_clearance(row, **RECORDED | {"evidence": " "}, **world.by)
    assert refused.value.message_dict == {"evidence": ["Say what shows that it was cleared."]}
    record = reverse("implication_record-clearance", args=[row.pk])
    typed = {"cleared_by": "Clerk", "cleared_on": "2 April 2019", "reason": "By e-mail", "submission": "x"}
    page = world.client.post(record, shown(world.client, record) | typed)
    assert "evidence" in page.context["form"].errors
    assert not Implication.objects.get(pk=row.pk).is_cleared


def test_clearance_of_a_day_to_come_is_refused(world):
    with pytest.raises(ValidationError) as refused:
        covering.record_clearance(written(world), **RECORDED | {"cleared_on": date(2019, 4, 4)}, **world.by)
    assert refused.value.message_dict == {"cleared_on": ["This is later than today, 3 April 2019."]}


@pytest.mark.parametrize(("clear", "how"), [(covering.clear_implication, OWN), (covering.record_clearance, RECORDED)])
def test_nothing_is_cleared_before_it_is_written_or_twice(world, clear, how):
    row = world.board.implications.get(kind="legal")
    with pytest.raises(ValidationError, match="Nothing is written yet"):
        clear(row, **how, **world.by)
    covering.write_implication(row, text=LEGAL, **world.by)
    clear(row, **how, **world.by)
    with pytest.raises(ValidationError, match="cleared already"):
        clear(row, **how, **world.by)


def test_database_keeps_no_clearance_without_who_entered_it(world):
    row = written(world)
    row.clearance_evidence = "An e-mail"
    with pytest.raises(IntegrityError), recording(**world.by):
        row.save()


def test_later_cover_begins_with_the_same_implications_uncleared(world):
    covering.clear_implication(written(world, "risk", "Little."), **OWN, **world.by)
    third = make_body(partnership=world.partnership, council=world.elm, name="Scrutiny", kind="scrutiny")
    cover = covering.add_cover(world.review, body=third, title="Third", report_of="Clerk", **world.by)
    copied = cover.implications.get(kind="risk")
    assert (copied.text, copied.is_cleared, cover.implications.count()) == ("Little.", False, len(Implication.Kind))
    assert world.review.sections.filter(level=20).count() == 8


def test_cover_goes_to_a_body_of_one_of_the_councils(world):
    joint = make_body(partnership=world.partnership, name="Joint committee", kind="joint committee")
    with pytest.raises(ValidationError) as refused:
        covering.add_cover(world.review, body=joint, title="Joint", report_of="Clerk", **world.by)
    assert refused.value.message_dict == {"body": ["Choose a body of one of the partnership’s councils."]}


def test_draft_of_covers_stands_in_no_paper_of_the_review(world):
    write(world, "details", "Only for the covers.")
    page = reverse("review_paper", args=[world.review.slug])
    assert "Only for the covers." not in world.client.get(page).content.decode()


def found(world, *kinds):
    """Return what the proof finds of these kinds: (place, words, blocks)."""
    return [(row.place, row.words, row.is_blocking) for row in proof.findings(world.review, None) if row.kind in kinds]


def test_proof_names_another_councils_word_and_a_typed_sum(world):
    write(world, "details", "The Committee is asked to agree; 38,250 was found. The {this-council.executive} too.")
    place = "Cover reports, report details, paragraph 1"
    assert found(world, "typed-money", "other-executive") == [(place, "38,250", True), (place, "Committee", False)]
    write(world, "details", "The {this-council.executive} is asked to agree, as is the Fir Town Council Committee.")
    assert found(world, "typed-money", "other-executive") == []


def test_proof_names_clearances_and_implications_missing(world):
    """X23: “none” that nobody cleared, and other headings that nobody wrote."""
    covering.write_implication(
        world.board.implications.get(kind="legal"), text="There are none, since nothing changes.", **world.by
    )
    assert len(found(world, "implication")) == 11
    assert found(world, "clearance", "none-doubtful") == [
        ("EBC Board cover report, legal implications", "none", True),
        ("EBC Board cover report, legal implications", "", False),
    ]


@pytest.mark.parametrize("text", ["", "N/A", "n/a."])
def test_proof_names_consultation_without_a_reason(world, text):
    write(world, "consultation", text)
    assert ("Cover reports, consultation", text, True) in found(world, "cover-section")
    write(world, "consultation", "Nobody was consulted, because nothing changes for residents.")
    assert "Cover reports, consultation" not in [place for place, *_ in found(world, "cover-section")]


def test_proof_names_what_a_cover_asks_beyond_its_annex(world):
    write(world, "recommendations", "1. note {ref:annex}.\n2. set up a project team.")
    assert found(world, "not-in-annex") == [("Cover reports, recommendations", "set up a project team.", False)]
    write(world, "recommendations", "1. note {ref:annex}.\n2. agree {ref:recommendation:agreement}.")
    assert found(world, "not-in-annex") == []


def test_proof_names_bodies_that_are_asked_nothing(world):
    """X26: recommendations to a working group, laid before an executive."""
    assert [place for place, *_ in found(world, "stage")] == ["EBC Board cover report", "FTC Committee cover report"]
    make_recommendation(review=world.review, addressee=world.board.body, verb="agree", text="the team.")
    assert [place for place, *_ in found(world, "stage")] == ["FTC Committee cover report"]
    write(world, "recommendations", "1. agree {ref:recommendation:agreement}.")
    assert found(world, "stage") == []


def test_proof_names_a_recommendation_to_a_body_that_gets_no_report(world):
    write(world, "recommendations", "1. agree {ref:recommendation:agreement}.")
    scrutiny = make_body(partnership=world.partnership, council=world.elm, name="Scrutiny", kind="scrutiny")
    make_recommendation(review=world.review, addressee=scrutiny, text="the report.")
    assert found(world, "stage") == [("Recommendation 2", "", False)]


def test_each_body_is_asked_what_is_addressed_to_it(world):
    for cover, text in ((world.board, "the team."), (world.committee, "the money.")):
        make_recommendation(review=world.review, addressee=cover.body, verb="agree", text=text)
    write(world, "recommendations", "{list:recommendations}")
    for cover, name, text, style in (
        (world.board, "Board", "agree the team.", "bracketed-letters"),
        (world.committee, "Committee", "agree the money.", "bracketed-numbers"),
    ):
        lead, asked = section(cover, "recommendations").blocks
        assert lead.text == f"{name} is recommended to:"
        assert (asked.style, [item[0].text for item in asked.items]) == (style, [text])


def test_review_without_covers_lacks_none(world):
    other = make_review(partnership=world.partnership, title="Other", body=world.review.body)
    kinds = {row.kind for row in proof.findings(other, None)}
    assert not {kind for kind in kinds if kind.startswith("cover")}


def test_pages_of_a_cover_open(world):
    page = world.client.get(reverse("cover_report", args=[world.board.pk]))
    assert "Update for EBC" in page.content.decode()
    drafting = world.client.get(reverse("section_edit", args=[world.review.sections.get(key="cover-details").pk]))
    assert [whose for whose, _ in drafting.context["looks"]] == ["EBC Board", "FTC Committee"]


def test_cover_is_entered_in_the_browser(world):
    body = make_body(partnership=world.partnership, council=world.elm, name="Scrutiny", kind="scrutiny")
    page = reverse("coverreport_create", args=[world.review.slug])
    assert world.client.get(page).context["form"]["title"].value() == "Elm and Fir"
    world.client.post(
        page, {"body": body.pk, "title": "For scrutiny", "areas": "All", "report_of": "Clerk", "submission": "x"}
    )
    cover = CoverReport.objects.get(body=body)
    clear = reverse("implication_record-clearance", args=[cover.implications.get(kind="risk").pk])
    assert world.client.get(clear).status_code == 403
    edit = reverse("implication_edit", args=[cover.implications.get(kind="risk").pk])
    world.client.post(edit, {"text": "Small.", "version": "1", "reason": "First text"})
    typed = {"cleared_by": "Clerk", "cleared_on": "2 April 2019", "reason": "By e-mail", "submission": "y"}
    typed["evidence"] = "E-mail of 2 April 2019"
    world.client.post(clear, shown(world.client, clear) | typed)
    assert cover.implications.get(kind="risk").cleared_on == date(2019, 4, 2)


def test_style_is_entered_in_the_browser_for_ones_own_council_alone(world):
    create = reverse("coverstyle_create")
    typed = {"asks": "is RECOMMENDED to", "paragraphs": "by section", "sections": COVER_ORDER}
    world.client.post(create, typed | {"council": world.elm.pk, "submission": "x"})
    assert world.client.post(create, typed | {"council": world.fir.pk, "submission": "y"}).status_code == 403
    assert [(style.council, style.asks) for style in CoverStyle.objects.all()] == [(world.elm, "is RECOMMENDED to")]


def test_who_only_reads_adds_no_cover_and_clears_nothing(world):
    reader = make_user()
    make_membership(user=reader, council=world.elm, role="pwg_member")
    row = covering.write_implication(world.board.implications.get(kind="risk"), text="Little.", **world.by)
    for verb in (
        lambda by: covering.add_cover(world.review, body=world.board.body, title="T", report_of="C", **by),
        lambda by: covering.write_implication(row, text="More.", **by),
        lambda by: covering.clear_implication(row, **OWN, **by),
        lambda by: covering.record_clearance(row, **RECORDED, **by),
    ):
        with pytest.raises(PermissionDenied):
            verb({"by": reader, **WHY})
