"""A small review of two councils, published: what tests of editions, public pages and packs look at."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from partnership.models import Membership
from reviews.models import Edition
from reviews.publishing import publish
from tests.factories import (
    keep,
    make_assessment,
    make_commitment,
    make_council,
    make_line,
    make_partnership,
    make_post,
    make_recommendation,
    make_review,
    make_saving,
    make_section,
    make_user,
)

BEFORE = datetime(2019, 3, 20, 9, tzinfo=UTC)
AT = datetime(2019, 4, 23, 11, tzinfo=UTC)


def make_person(username, council, role):
    """An account with one role."""
    user = make_user(username=username, name=username.title())
    keep(Membership(user=user, council=council, role=role, from_on=date(2018, 1, 1)), BEFORE)
    return user


def make_unpublished(**kwargs):
    """The review as it stands before it is published: an open text, a partnership text and an exempt one."""
    at = {"at": BEFORE}
    alder, birch = (make_council(name=name, short_name=short, **at) for name, short in COUNCILS)
    partnership = make_partnership(councils=[alder, birch], name="Alder and Birch", slug="alder-and-birch", **at)
    posts = [make_post(partnership=partnership, title=f"Post {letter}", **at) for letter in "ABCD"]
    many = make_saving(partnership=partnership, title="Shared management", posts=posts[:3], **at)
    few = make_saving(partnership=partnership, title="One shared post", posts=posts[3:], **at)
    for council, amount in ((alder, 90_000), (birch, 60_000)):
        make_line(saving=many, council=council, estimated=amount, **at)
        make_line(saving=few, council=council, estimated=amount // 10, **at)
    review = make_review(
        partnership=partnership,
        title="A review",
        slug="a-review",
        version_label="Version 1.0",
        review_due_on=date(2019, 9, 1),
        author_title="Policy officer",
        **at,
    )
    commitment = make_commitment(partnership=partnership, adopted_on=date(2018, 10, 1), **at)
    make_assessment(review=review, commitment=commitment, commentary="It is so.", **at)
    make_recommendation(review=review, **at)
    sections(review, at)
    people = {
        "clerk": make_person("clerk", alder, "clerk"),
        "officer": make_person("officer", birch, "officer"),
        "councillor": make_person("councillor", birch, "councillor"),
        "stranger": make_person("stranger", make_council(name="Far Council", short_name="FAR"), "clerk"),
    }
    return SimpleNamespace(alder=alder, birch=birch, partnership=partnership, review=review, **people, **kwargs)


COUNCILS = (("Alder County Council", "ALD"), ("Birch District Council", "BIR"))


def sections(review, at):
    """Return what the review says, to whom."""
    tables = "Open text.\n\n{table:deliverables}\n\n{table:savings}\n\n{chart:savings}\n\n{table:principles}"
    make_section(review=review, key="open", heading="Progress", narrative=tables, **at)
    make_section(review=review, key="asked", heading="Recommendations", narrative="{list:recommendations}", **at)
    make_section(
        review=review,
        key="inside",
        heading="Working notes",
        narrative="Partnership text.",
        publication_class="partnership",
        **at,
    )
    make_section(review=review, key="adopted", heading="Principles", level=9, narrative="{list:principles}", **at)
    make_section(
        review=review,
        key="held",
        heading="Exempt heading",
        level=9,
        narrative="Exempt text.",
        publication_class="exempt",
        public_title="A public title",
        exempt_paragraph=3,
        **at,
    )


def make_published():
    """The same, published on 23 April 2019."""
    made = make_unpublished()
    made.public, made.members = publish.publish(made.review, by=made.clerk, at=AT)
    return made


def publish_copies(edition, how_many, *, replaces=False):
    """Publish so many papers like an edition, a day apart, without drawing them; or editions that replace it."""
    files = list(edition.files.all())
    data = list(edition.data.all())
    last = edition
    done = Edition.objects.count()
    for place in range(1, how_many + 1):
        copy = Edition.objects.get(pk=edition.pk)
        copy.pk = None
        copy.published_at = edition.published_at + timedelta(days=done + place)
        if replaces:
            copy.number = last.number + 1
            copy.replaces = last
            copy.correction = "It was wrong."
        else:
            copy.slug = f"paper-{Edition.objects.for_the_public().count():03}"
            copy.review = make_review(partnership=edition.review.partnership, title=copy.slug)
        copy.save(force_insert=True)
        for row in (*files, *data):
            kept = type(row).objects.get(pk=row.pk)
            kept.pk = None
            kept.edition = copy
            kept.save(force_insert=True)
        last = copy
