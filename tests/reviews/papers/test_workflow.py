"""A review starts from its outline; ratings, recommendations and classes are its own partnership's."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from reviews.models import Assessment, Section
from reviews.models.outlines import OUTLINES
from reviews.papers import workflow
from tests.factories import change, make_review, make_section
from tests.html_forms import shown
from tests.two_partnerships import DAY, refused

pytestmark = pytest.mark.django_db

WHY = "A good reason"


@pytest.fixture
def clerk(world):
    return {"by": world.people["clerk.alder"], "reason": WHY}


def start(world, clerk, **facts):
    given = {"kind": "gateway", "title": "Review", "slug": "new-review", "body": world.ours.body, "as_at": DAY}
    return workflow.start_review(world.ours.partnership, **(given | facts), **clerk)


def test_review_starts_from_its_outline_and_restricted(world, clerk):
    review = start(world, clerk)
    rows = review.sections.values_list("position", "key", "level", "heading", "narrative", "publication_class")
    assert list(rows) == [
        (position * 100, entry.key, entry.level, entry.heading, entry.narrative, "partnership")
        for position, entry in enumerate(OUTLINES["gateway"].sections, start=1)
    ]


def test_review_is_for_a_body_of_its_partnership(world, clerk):
    with refused("body", "Choose a body of the same partnership."):
        start(world, clerk, body=world.theirs.body)


def test_review_address_is_its_own(world, clerk):
    with refused("slug", "Review with this Slug already exists."):
        start(world, clerk, slug=world.ours.review.slug)


def test_section_is_added_at_the_end_and_written(world, clerk):
    section = workflow.add_section(world.ours.review, key="notes", level=9, heading="Notes", **clerk)
    workflow.write_section(section, narrative="Text.", **clerk)
    assert (section.position, section.heading, section.narrative) == (101, "Notes", "Text.")


def test_section_needs_a_heading(world, clerk):
    with refused("heading", "This field cannot be blank."):
        workflow.write_section(world.ours.section, heading="", **clerk)


def keys(review):
    return list(review.sections.order_by("position").values_list("key", flat=True))


@pytest.fixture
def ordered(world):
    """Sections a (with a1 and a2) and b, an appendix, and the draft of the covers."""
    kinds = (("a", 1), ("a1", 2), ("a2", 2), ("b", 1), ("z", 9), ("cover-purpose", 20))
    review = make_review(partnership=world.ours.partnership, body=world.ours.body)
    rows = {
        key: make_section(review=review, key=key, level=level, position=place * 100)
        for place, (key, level) in enumerate(kinds, start=1)
    }
    return SimpleNamespace(review=review, **{key.replace("-", "_"): row for key, row in rows.items()})


def test_section_moves_with_its_sub_sections_and_nothing_else_changes(ordered, clerk):
    workflow.move_section(ordered.a, after=ordered.b, **clerk)
    assert keys(ordered.review) == ["b", "a", "a1", "a2", "z", "cover-purpose"]
    assert dict(ordered.review.sections.values_list("key", "version")) == {
        "a": 2, "a1": 2, "a2": 2, "b": 1, "z": 1, "cover-purpose": 1
    }  # fmt: skip


def test_section_goes_behind_the_sub_sections_of_what_it_follows(ordered, clerk):
    workflow.move_section(ordered.b, after=None, **clerk)
    assert keys(ordered.review)[:2] == ["b", "a"]
    workflow.move_section(ordered.b, after=ordered.a, **clerk)
    assert keys(ordered.review)[:4] == ["a", "a1", "a2", "b"]


def test_sub_section_moves_below_another_section(ordered, clerk):
    workflow.move_section(ordered.a1, after=ordered.b, **clerk)
    assert keys(ordered.review) == ["a", "a2", "b", "a1", "z", "cover-purpose"]


def test_neighbours_without_room_are_spread_out(ordered, clerk):
    for place, row in enumerate(ordered.review.sections.all(), start=1):
        change(row, position=place)
    workflow.move_section(Section.objects.get(pk=ordered.a2.pk), after=ordered.a, **clerk)
    assert list(ordered.review.sections.values_list("key", "position")) == [
        ("a", 100), ("a2", 200), ("a1", 300), ("b", 400), ("z", 500), ("cover-purpose", 600)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("moved", "after", "sentence"),
    [
        ("a1", None, "A sub-section stands below a section. Choose where below one it goes."),
        ("a1", "z", "A sub-section stands below a section. Choose where below one it goes."),
        ("b", "z", "Appendices stand behind all sections. Choose another place."),
        ("z", "a", "Appendices stand behind all sections. Choose another place."),
        ("a", "a1", "It goes along itself. Choose a section that stays where it is."),
        ("z", "cover_purpose", "The draft of the cover reports keeps its place at the end."),
        ("cover_purpose", "a", "The draft of the cover reports keeps its place at the end."),
    ],
)
def test_section_stands_only_where_it_can(ordered, clerk, moved, after, sentence):
    with refused("after", sentence):
        workflow.move_section(getattr(ordered, moved), after=after and getattr(ordered, after), **clerk)
    assert keys(ordered.review) == ["a", "a1", "a2", "b", "z", "cover-purpose"]


@pytest.mark.parametrize(
    ("level", "after", "made"),
    [
        (1, None, ["a", "a1", "a2", "b", "what-is-next", "z", "cover-purpose"]),
        (1, "a", ["a", "a1", "a2", "what-is-next", "b", "z", "cover-purpose"]),
        (2, "a", ["a", "what-is-next", "a1", "a2", "b", "z", "cover-purpose"]),
        (9, None, ["a", "a1", "a2", "b", "z", "what-is-next", "cover-purpose"]),
    ],
)
def test_new_section_stands_where_it_is_wanted(ordered, clerk, level, after, made):
    after = after and getattr(ordered, after)
    workflow.add_section(ordered.review, level=level, heading="What is next?", after=after, **clerk)
    assert keys(ordered.review) == made


def test_second_section_of_a_name_has_a_name_of_its_own(ordered, clerk):
    for _ in range(2):
        workflow.add_section(ordered.review, level=1, heading="More", **clerk)
    assert keys(ordered.review)[4:6] == ["more", "more-2"]


@pytest.mark.parametrize(
    ("heading", "key"),
    [("Mehr – 100 %", "mehr-100"), ("?!", "section"), ("a" * 35 + " tail", "a" * 35), ("b" * 50, "b" * 36)],
)
def test_section_is_named_after_its_heading(ordered, clerk, heading, key):
    made = workflow.add_section(ordered.review, level=2, heading=heading, narrative="Text.", after=ordered.a, **clerk)
    assert (made.key, made.level, made.heading, made.narrative) == (key, 2, heading, "Text.")


def test_author_moves_and_adds_sections_on_the_pages(ordered, clerk, client):
    client.force_login(clerk["by"])
    page = client.get(reverse("section_move", args=[ordered.b.pk]))
    assert [row.key for row in page.context["form"].fields["after"].queryset] == ["a", "a1", "a2", "z"]
    at = reverse("section_move", args=[ordered.b.pk])
    client.post(at, shown(client, at) | {"after": "", "reason": "First things first"})
    typed = {"level": "2", "heading": "Money", "narrative": "1.1 It is cheap.", "after": ordered.b.pk}
    client.post(reverse("section_create", args=[ordered.review.slug]), typed)
    assert keys(ordered.review) == ["b", "money", "a", "a1", "a2", "z", "cover-purpose"]
    assert Section.objects.get(key="money").narrative == "1.1 It is cheap."


def test_rating_is_changed_not_doubled(world, clerk):
    for rating in ("too soon to say", "met"):
        workflow.rate(world.ours.review, world.ours.commitment, rating=rating, commentary="So it is.", **clerk)
    assert [(row.rating, row.version) for row in Assessment.objects.all()] == [("met", 2)]


def test_rating_is_of_the_same_partnership(world, clerk):
    with refused("commitment", "Choose a principle or objective of the same partnership."):
        workflow.rate(world.ours.review, world.theirs.commitment, rating="met", commentary="So.", **clerk)


def test_recommendations_follow_each_other(world, clerk):
    made = [
        workflow.recommend(world.ours.review, addressee=world.ours.body, verb="note", text=text, **clerk)
        for text in ("this.", "that.")
    ]
    assert [(row.position, str(row)) for row in made] == [(1, "Note this."), (2, "Note that.")]


def test_recommendation_is_to_a_body_of_the_partnership(world, clerk):
    with refused("addressee", "Choose a body of the same partnership."):
        workflow.recommend(world.ours.review, addressee=world.theirs.body, verb="note", text="this.", **clerk)


def test_what_is_added_says_what_was_given(world, clerk):
    review = world.ours.review
    given = {"title": "Go on", "description": "Carry on.", "reasons": "It works."}
    workflow.add_option(review, **given, **clerk)
    option = workflow.add_option(review, **given | {"title": "Stop"}, is_preferred=True, **clerk)
    told = (option.position, option.title, option.description, option.reasons, option.is_preferred)
    assert told == (2, "Stop", "Carry on.", "It works.", True)
    asked = {"addressee": world.ours.body, "verb": "agree", "text": "to go on.", "key": "go-on"}
    row = workflow.recommend(review, **asked, **clerk)
    assert {name: getattr(row, name) for name in asked} == asked
    item = workflow.add_swot_item(review, kind="threat", text=" Time ", **clerk)
    assert (item.review, item.kind, item.text) == (review, "threat", "Time")


def test_review_keeps_what_else_is_known_of_it(world, clerk):
    assert start(world, clerk, version_label="Draft 2").version_label == "Draft 2"


def test_only_one_option_is_preferred(world, clerk):
    workflow.add_option(world.ours.review, title="Go on", description="Carry on.", is_preferred=True, **clerk)
    with refused("__all__", "Another option is already the preferred one."):
        workflow.add_option(world.ours.review, title="Stop", description="End it.", is_preferred=True, **clerk)


def test_blank_threat_is_refused(world, clerk):
    with refused("text", "This field cannot be blank."):
        workflow.add_swot_item(world.ours.review, kind="threat", text="  ", **clerk)


def test_items_are_counted_by_kind(world, clerk):
    kinds = ("threat", "strength", "threat")
    made = [workflow.add_swot_item(world.ours.review, kind=kind, text="Something", **clerk) for kind in kinds]
    assert [row.position for row in made] == [1, 1, 2]
