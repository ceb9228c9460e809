"""Two partnerships with a person for every role: what the tests of the verbs play with."""

from contextlib import contextmanager, suppress
from datetime import date
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from joint_posts.models import JointPost, PostStep, Saving, SavingPost, Status
from partnership.accounts.roles import ROLES
from partnership.models import Agreement, Body, Commitment, Council, Membership, Partnership, Party, User
from partnership.records.record import Record, recording
from reviews.models import Review, Section
from tests.filled_registers import everything

DAY = date(2019, 3, 16)


class TakenBack(Exception):
    """Ends `taken_back`."""


@contextmanager
def taken_back():
    """Whatever is written inside is gone afterwards."""
    with suppress(TakenBack), transaction.atomic():
        yield
        raise TakenBack


def records():
    """Return every model of the domain."""
    return [model for model in apps.get_models() if issubclass(model, Record)]


@contextmanager
def refused(field, *sentences):
    """The verb raises these sentences on this one field ("" for the whole form), and nothing is half saved."""
    before = everything()
    with pytest.raises(ValidationError) as caught:
        yield
    error = caught.value
    said = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    assert said == {field: list(sentences)}
    assert everything() == before


@contextmanager
def denied(sentence):
    """The verb refuses the person with this sentence, and nothing is half saved."""
    before = everything()
    with pytest.raises(PermissionDenied) as caught:
        yield
    assert str(caught.value) == sentence
    assert everything() == before


def make_person(username, *memberships):
    """An account with roles: pairs of council and role."""
    user = User.objects.create(username=username, name=f"{username} of the tests")
    with recording(by=user, reason="Set up"):
        for council, role in memberships:
            Membership(user=user, council=council, role=role, from_on=date(2018, 1, 1)).full_clean_and_save()
    return user


def make_world():
    """Alder (county) and Birch (district) share; Cedar and Dogwood share with each other and are strangers to them."""
    setter = User.objects.create(username="setter", name="Setter of the tests")
    with recording(by=setter, reason="Set up"):
        names = {"ACC": "Alder County", "BDC": "Birch District", "CDX": "Cedar District", "DDC": "Dogwood District"}
        councils = [
            Council(name=name, short_name=s, tier="district").full_clean_and_save() for s, name in names.items()
        ]
        ours = make_partnership("Alder and Birch", councils[:2])
        theirs = make_partnership("Cedar and Dogwood", councils[2:])
    alder, birch, cedar, _ = councils
    people = {f"{role}.alder": make_person(f"{role}.alder", (alder, role)) for role in ROLES}
    people |= {f"{role}.birch": make_person(f"{role}.birch", (birch, role)) for role in ("officer", "finance_verifier")}
    people["stranger"] = make_person("stranger", *((cedar, role) for role in ROLES))
    return SimpleNamespace(alder=alder, birch=birch, cedar=cedar, ours=ours, theirs=theirs, people=people)


def make_partnership(name, councils):
    """A partnership with one of everything a verb works on."""
    partnership = Partnership(name=name, slug=name.split()[0].lower()).full_clean_and_save()
    for position, council in enumerate(councils, start=1):
        Party(partnership=partnership, council=council, position=position).full_clean_and_save()
    agreement = Agreement(partnership=partnership, title="Section 113", covers="Any post").full_clean_and_save()
    body = Body(partnership=partnership, name="Working group", kind="working group").full_clean_and_save()
    commitment = Commitment(partnership=partnership, kind="principle", number=1, short_title="Own governance")
    commitment.statement = "Each keeps its own."
    commitment.adopted_on = DAY
    commitment.full_clean_and_save()
    posts = {status: make_post(partnership, agreement, status) for status in Status}
    saving = Saving(partnership=partnership, title="Shared posts", category="shared management", identified_on=DAY)
    saving.benefit_type = "cashable"
    saving.basis = "Salary and on-costs"
    saving.full_clean_and_save()
    SavingPost(saving=saving, post=posts[Status.IN_POST]).full_clean_and_save()
    review = Review(partnership=partnership, kind="gateway", title="Review", slug=f"review-{partnership.slug}")
    review.body = body
    review.as_at = DAY
    review.full_clean_and_save()
    section = Section(review=review, key="summary", position=1, heading="Summary").full_clean_and_save()
    return SimpleNamespace(
        partnership=partnership,
        agreement=agreement,
        body=body,
        commitment=commitment,
        posts=posts,
        saving=saving,
        review=review,
        section=section,
    )


def make_post(partnership, agreement, status):
    """A joint post as it stands on 1 March 2019."""
    on = date(2019, 3, 1)
    post = JointPost(partnership=partnership, title=f"Post {status}", status=status, agreement=agreement)
    if status == Status.IN_POST:
        post.appointment = "interim"
        post.started_on = on
    if status == Status.ENDED:
        post.ended_on = date(2019, 2, 28)
        post.end_reason = "Over"
    post.full_clean_and_save()
    facts = {"title": post.title, "status": status, "appointment": post.appointment}
    PostStep(post=post, from_on=on, **facts).full_clean_and_save()
    return post
