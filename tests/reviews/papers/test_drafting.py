"""Writing a section: the preview, the draft kept meanwhile, what may be inserted, and text carried over."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse

from reviews.models import SectionDraft, SectionReader
from reviews.models.outlines import OUTLINES
from reviews.papers import workflow
from reviews.papers.drafting import tidy
from tests.factories import (
    change,
    keep,
    make_council,
    make_line,
    make_membership,
    make_partnership,
    make_review,
    make_saving,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    """An officer of Elm, signed in, and a review with one section."""
    elm = make_council(name="Elm Borough Council", short_name="EBC")
    fir = make_council(name="Fir Town Council", short_name="FTC")
    partnership = make_partnership(councils=[elm, fir])
    saving = make_saving(partnership=partnership, title="One treasurer")
    make_line(saving=saving, council=elm, estimated=47_100)
    make_line(saving=saving, council=fir, estimated=38_250)
    review = make_review(partnership=partnership, title="Elm and Fir")
    section = make_section(review=review, key="summary", heading="In brief", narrative="Old words.")
    officer = make_user(name="Olive")
    make_membership(user=officer, council=elm)
    client.force_login(officer)
    edit, preview = (reverse(f"section_{page}", args=[section.pk]) for page in ("edit", "preview"))
    return SimpleNamespace(**locals())


def typed(world, **changes):
    """Return what the form sends."""
    return {"heading": "In brief", "narrative": "New words.", "version": "1", "reason": "Clearer"} | changes


def test_saving_makes_one_version_however_often_a_draft_was_kept(world):
    for narrative in ("New", "New wor", "New words."):
        assert world.client.post(world.preview, typed(world, narrative=narrative)).status_code == 200
    world.client.post(world.edit, typed(world))
    world.section.refresh_from_db()
    assert (world.section.narrative, world.section.version, world.section.history.count()) == ("New words.", 2, 2)
    assert SectionDraft.objects.count() == 0


def test_preview_draws_the_section_with_its_figures_and_what_is_doubtful(world):
    text = "Both save {savings.2019-20.joint.estimated}, or £9.\n\n{table:savings}"
    response = world.client.post(world.preview, typed(world, narrative=text))
    drawn = response.context_data["looks"][0][1]
    assert [block.kind for block in drawn.blocks] == ["paragraph", "table"]
    assert drawn.blocks[0].text == "Both save £85,350 (both councils), or £9."
    assert [row["words"] for row in response.context_data["found"]] == ["£9"]


def test_preview_button_works_without_a_script_and_keeps_the_reason(world):
    page = world.client.post(world.edit, typed(world, do="preview"))
    assert page.context["looks"][0][1].blocks[0].text == "New words."
    assert [page.context["form"][name].value() for name in ("narrative", "reason", "version")] == [
        "New words.",
        "Clearer",
        "1",
    ]
    world.section.refresh_from_db()
    assert world.section.narrative == "Old words."


def test_draft_is_there_when_its_author_comes_back_and_can_be_discarded(world):
    world.client.post(world.preview, typed(world))
    page = world.client.get(world.edit)
    assert page.context["form"]["narrative"].value() == "New words."
    assert page.context["draft"].heading == "In brief"
    world.client.post(world.edit, {"do": "discard"})
    page = world.client.get(world.edit)
    assert (page.context["form"]["narrative"].value(), page.context["draft"]) == ("Old words.", None)


def test_draft_is_its_authors_alone(world):
    world.client.post(world.preview, typed(world))
    colleague = make_user()
    make_membership(user=colleague, council=world.elm)
    world.client.force_login(colleague)
    assert world.client.get(world.edit).context["form"]["narrative"].value() == "Old words."


def test_saving_removes_the_draft_of_who_saves_and_no_other(world):
    world.client.post(world.preview, typed(world))
    colleague = make_user()
    make_membership(user=colleague, council=world.elm)
    workflow.write_section(world.section, narrative="Theirs.", by=colleague, reason="Clearer")
    assert SectionDraft.objects.get().person == world.officer


def test_draft_that_breaks_a_rule_is_not_kept(world):
    response = world.client.post(world.preview, typed(world, heading=""))
    assert (response.context_data["kept"], SectionDraft.objects.count()) == (None, 0)


def test_stale_text_is_refused_with_both_versions_and_nothing_lost(world):
    change(world.section, narrative="A colleague’s words.")
    page = world.client.post(world.edit, typed(world))
    assert page.status_code == 409
    (row,) = page.context["conflict"]["rows"]
    assert (row["typed"], row["now"]) == ("New words.", "A colleague’s words.")
    assert page.context["form"]["narrative"].value() == "New words."
    assert page.context["form"]["version"].value() == "2"


def test_draft_begun_from_an_older_version_is_refused_when_saved(world):
    world.client.post(world.preview, typed(world))
    change(world.section, narrative="A colleague’s words.")
    page = world.client.get(world.edit)
    assert page.context["form"]["version"].value() == 1


def test_what_may_be_inserted_stands_beside_the_text_with_what_it_prints(world):
    page = world.client.get(world.edit)
    named = {}
    for _, group in page.context["figure_groups"]:
        named |= {one.name: one.prints for one in group}
    assert named["savings.2019-20.ebc.estimated"] == "£47,100 (EBC’s share)"
    assert "table:savings" in [one.name for one in page.context["blocks"]]
    assert [(one.name, one.prints) for one in page.context["references"]] == [("ref:section:summary", "section 1")]


def test_text_hidden_from_the_writer_lends_no_name_to_insert(world):
    """The name of a section is made of its heading, and the name of a table says what the section holds."""
    held = {"publication_class": "council", "council": world.fir, "level": 9}
    make_section(review=world.review, key="canary", narrative="{table:posts}\n\n{table:savings}", **held)
    make_section(review=world.review, key="open", level=9, narrative="{table:savings}")
    page = world.client.get(world.edit)
    assert [(one.name, one.prints) for one in page.context["references"]] == [
        ("ref:section:summary", "section 1"),
        ("ref:savings", "table 2"),
        ("ref:section:open", "appendix 2"),
    ]


@pytest.mark.parametrize("role", ["councillor", "pwg_member", "auditor"])
def test_only_who_writes_reviews_may_write(world, role):
    reader = make_user()
    make_membership(user=reader, council=world.elm, role=role)
    world.client.force_login(reader)
    assert [world.client.get(world.edit).status_code, world.client.post(world.preview, typed(world)).status_code] == [
        403,
        403,
    ]


def test_text_of_last_time_is_carried_over_and_marked_until_edited(world):
    exempt = {"exempt_paragraph": 1, "public_title": "Note", "public_interest_reason": "Staff"}
    decided = {"class_decided_by": "Monitoring officer", "class_decided_on": date(2019, 3, 1)}
    key = OUTLINES["gateway"].sections[1].key  # of the next review, too, and read by its author
    held = make_section(
        review=world.review, key=key, narrative="Held.", publication_class="exempt", **exempt, **decided
    )
    keep(SectionReader(section=held, reader=world.officer))
    review = workflow.start_review(
        world.partnership,
        kind="gateway",
        title="Next",
        slug="next",
        body=world.review.body,
        as_at=date(2020, 3, 16),
        last_time=world.review,
        by=world.officer,
        reason="A year on",
    )
    carried = review.sections.filter(is_from_last_time=True)
    assert [(row.key, row.narrative, row.publication_class) for row in carried] == [
        ("summary", "Old words.", "partnership")
    ]
    workflow.write_section(carried[0], narrative="Old words.", by=world.officer, reason="Read through")
    assert not review.sections.filter(is_from_last_time=True).exists()


PASTED = """1. To tell.

- 1.1 The panel met in May.

1.1.2 It saw two things:

• a first point
• a second point

12.5 per cent of the posts are shared.

7.2 is another section.

Nothing else was said about

the hall."""
TIDY = """1. To tell.

The panel met in May.

It saw two things:

- a first point
- a second point

12.5 per cent of the posts are shared.

7.2 is another section.

Nothing else was said about the hall."""
# Faults 2.1: what was deleted on saving.
TYPED_TEXTS = [
    "12.5 per cent of the posts",
    "The cost was\n2.75 times the cost of 2018.",
    "- 3.5 million\n- 10.30 am\n- 1.4 posts",
    "2019. That was the year.",
    "1.1 This is how a paper of another council is numbered.",
    "  Indented, and spaces at the end  \n\n\n\nfour line ends, \ttab",
    "A line\nwith\n\n  a list:\n1. one\n2. two",
]


@pytest.mark.parametrize("text", [*TYPED_TEXTS, PASTED])
def test_section_saved_keeps_what_was_typed(world, text):
    world.client.post(world.edit, typed(world, narrative=text.replace("\n", "\r\n")))
    world.section.refresh_from_db()
    assert world.section.narrative == text
    form = world.client.get(world.edit).context["form"]
    assert form["narrative"].value() == text


def test_tidy_button_offers_text_without_own_numbers_and_saves_nothing(world):
    response = world.client.post(world.edit, typed(world, narrative=PASTED, do="tidy"))
    assert response.context["form"]["narrative"].value() == TIDY
    assert response.context["tidied"].taken == ["1.1", "1.1.2"]
    assert response.context["pasted"] == PASTED
    world.section.refresh_from_db()
    assert world.section.narrative == "Old words."


TABLE = """It shows:
Table 3: What there is
\tFirst model\t2. Second model
Description\tOne hosts. It pays.\tBoth do.
--------\t---
Strengths\t<ul style="x"> • Trust • Speed •\t<p>Cost</p>
(a)\tto go on;
2.1\tIt goes on."""
POINTS = """It shows:

- Table 3: What there is
- First model – 2\\. Second model
- Description – One hosts. It pays. – Both do.
- Strengths
- Trust
- Speed
-
- Cost

1. to go on;

It goes on."""


def test_rows_of_a_pasted_table_become_points_in_their_order():
    assert tidy(TABLE, "2").text == POINTS


@pytest.mark.parametrize(
    "text",
    [
        "1. one\n2. two\n3. three",
        "- a\n- b",
        "1. one\n1. two",
        "In 2019. Then more.",
        "It costs 3.5 days.",
        "3.5 million pounds",
        "**Bold** text.",
    ],
)
def test_lists_and_numbers_of_ones_own_are_left_alone(text):
    assert (tidy(text, "4").text, tidy(text, "4").taken) == (text, [])


# --- A draft that arrives late -------------------------------------------------------------------------------------


def test_preview_that_arrives_after_its_authors_save_keeps_no_draft(world):
    """Faults 2.5: the preview was under way when the text was saved."""
    world.client.post(world.edit, typed(world, narrative="Saved."))
    answer = world.client.post(world.preview, typed(world, narrative="Typed just before"))
    assert (answer.status_code, answer.context_data["kept"]) == (200, None)
    assert SectionDraft.objects.count() == 0


def test_draft_of_a_colleague_is_kept_when_the_section_is_saved(world):
    other = make_user(name="Otto")
    make_membership(user=other, council=world.fir)
    world.client.post(world.edit, typed(world, narrative="Saved."))
    world.client.force_login(other)
    assert world.client.post(world.preview, typed(world, narrative="Mine")).context_data["kept"] is not None
    assert SectionDraft.objects.get().narrative == "Mine"
