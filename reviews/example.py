"""The example partnership: plays the files of fixtures/example through the verbs, dated as the story happened."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from business_cases import workflow as cases
from business_cases.models import ServiceArrangement
from joint_posts.costs import workflow as costs_workflow
from joint_posts.models import JointPost
from joint_posts.posts import workflow as posts_workflow
from joint_posts.savings import workflow as savings_workflow
from partnership.accounts.roles import RoleName
from partnership.governance import workflow as governance_workflow
from partnership.models import (
    Action,
    Agreement,
    AgreementTerm,
    AnnualReturn,
    Body,
    Commitment,
    Comparator,
    Council,
    Decision,
    Meeting,
    Membership,
    Partnership,
    Referral,
    Resolution,
    SignificantPartnership,
    User,
    WorkingModel,
)
from partnership.records import workflow as records_workflow
from partnership.records.record import recording
from partnership.significant import workflow as significant_workflow
from reviews.models import AgendaItem, Answer, CoverStyle, FollowUp, PublicationClass, Review, Section
from reviews.papers import workflow as reviewing
from reviews.papers.covers import covering
from reviews.papers.outcomes.workflow import take_to_meeting
from reviews.publishing import classing
from reviews.publishing import publish as publishing

FOLDER = settings.BASE_DIR / "fixtures" / "example"
SLUG = "oxfordshire-cherwell"
STORIES = ("story", "story-2009")  # the earlier one last, so that what the example is about comes first everywhere


def usernames() -> list[str]:
    """The accounts that people sign in with."""
    return [row["username"] for row in read(FOLDER / "accounts.toml")["account"]]


def read(path: Path) -> dict[str, Any]:
    """A file of the example as a dictionary."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def noon(on: date) -> datetime:
    """Midday in Europe/London, the moment at which the story's history is dated."""
    return timezone.make_aware(datetime.combine(on, time(12)))


@transaction.atomic
def play() -> None:
    """Load the whole example or nothing. The caller makes sure that it is not there yet."""
    recorder = set_the_stage(read(FOLDER / "councils.toml"))
    open_accounts(read(FOLDER / "accounts.toml"), recorder)
    story = Story(recorder)
    for folder in STORIES:
        for path in sorted((FOLDER / folder).glob("*.toml")):
            story.chapter(read(path))


def set_the_stage(data: dict[str, Any]) -> User:
    """The councils, and the account that records the story.

    They and its roles are written without a verb: nobody is there yet to ask. It administers every council.
    """
    facts = data["recorder"]
    recorder = User.objects.create_user(facts["username"], name=facts["name"])
    with recording(by=recorder, reason="The first councils and their administrator", at=noon(facts["from_on"])):
        for row in data["council"]:
            council = Council(**row).full_clean_and_save()
            roles = facts["roles"] if council.short_name in facts["councils"] else [RoleName.ADMINISTRATOR]
            for role in roles:
                Membership(user=recorder, council=council, role=role, from_on=facts["from_on"]).full_clean_and_save()
    return recorder


def open_accounts(data: dict[str, Any], recorder: User) -> None:
    """The accounts to sign in with, and their roles."""
    password = make_password(settings.EXAMPLE_PASSWORD)  # once for all: hashing is slow on purpose
    who = {"by": recorder, "reason": "Accounts of the example"}
    with recording(**who, at=noon(data["from_on"])):
        for row in data["account"]:
            facts = {"username": row["username"], "name": row["name"], "password": password}
            home = Council.objects.get(short_name=row["councils"][0])
            user = User.objects.create(**facts, is_example=True, council=home)
            for council in Council.objects.filter(short_name__in=row["councils"]):
                # Whoever loads the example runs the server, as with `create_administrator`: no second person confirms.
                Membership(user=user, council=council, role=row["role"], from_on=data["from_on"]).full_clean_and_save()


def publish() -> bool:
    """Publish the review as it was published at the time. Whether that was still to be done."""
    facts = read(FOLDER / "editions.toml")
    review = Review.objects.get(slug=facts["review"])
    if review.editions.exists():
        return False
    publishing.publish(review, by=User.objects.get(username=facts["published_by"]), at=noon(facts["on"]))
    return True


class Story:
    """Plays one file after another; each table of a file names what happens (`TABLES`)."""

    def __init__(self, recorder: User):
        self.by = recorder
        self.source = ""
        self.partnership: Partnership

    @property
    def why(self) -> dict[str, Any]:
        """Return the recorder, and the source as the reason."""
        return {"by": self.by, "reason": self.source}

    def chapter(self, data: dict[str, Any]) -> None:
        """Everything one source says, dated as the source is."""
        at = noon(data.pop("at"))
        self.source = data.pop("source")
        with recording(**self.why, at=at):
            for table, rows in data.items():
                for row in rows if isinstance(rows, list) else [rows]:
                    TABLES[table](self, self.facts(row))

    def facts(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row with its names looked up, and its open fields put down to the source."""
        found = dict(row)
        if "not_stated" in row:
            found["not_stated"] = dict.fromkeys(row["not_stated"], self.source)
        for name, look_up in NAMES.items():
            if name in row:
                value = row[name]
                found[name] = [look_up(self, one) for one in value] if isinstance(value, list) else look_up(self, value)
        return found

    def own(self, model: Any, **facts: Any) -> Any:
        """The partnership's own row of a register."""
        return model.objects.get(partnership=self.partnership, **facts)

    def commitment(self, name: str) -> Commitment:
        """A commitment called "principle 4"."""
        kind, number = name.split()
        return self.own(Commitment, kind=kind, number=number)

    def found(self, facts: dict[str, Any]) -> None:
        notice = settings.EXAMPLE_NOTICE
        self.partnership = governance_workflow.found_partnership(**facts, notice=notice, **self.why)
        self.by = User.objects.get(pk=self.by.pk)  # reads anew what the person may do: now in the partnership too

    def turn_to(self, facts: dict[str, Any]) -> None:
        self.partnership = Partnership.objects.get(slug=facts["slug"])

    def begin(self, facts: dict[str, Any]) -> None:
        records_workflow.change(self.partnership, **facts, **self.why)

    def enter(self, model: type, facts: dict[str, Any]) -> None:
        not_stated = facts.pop("not_stated", None)
        owner = {"partnership": self.partnership} if model.scope == "partnership" else {}
        records_workflow.enter(model(**facts, **owner), not_stated=not_stated, **self.why)

    def adopt(self, facts: dict[str, Any]) -> None:
        governance_workflow.adopt_commitments(self.partnership, **facts, **self.why)

    def save(self, facts: dict[str, Any]) -> None:
        lines = facts.pop("line")
        saving = savings_workflow.record_saving(self.partnership, **facts, **self.why)
        for line in lines:
            savings_workflow.set_line(saving, **self.facts(line), **self.why)

    def review(self, facts: dict[str, Any]) -> None:
        review = reviewing.start_review(self.partnership, **facts, **self.why)
        self.write_sections(review, FOLDER / review.slug)

    def write_sections(self, review: Review, folder: Path, prefix: str = "") -> None:
        """Write what a folder holds into the sections of those names, as far as they are there."""
        for path in sorted(folder.glob("*.md")):
            section = review.sections.filter(key=f"{prefix}{key_of(path)}").first()
            if section:
                reviewing.write_section(section, narrative=path.read_text(encoding="utf-8"), **self.why)

    def decide(self, facts: dict[str, Any]) -> None:
        published_on = facts.pop("published_on", None)
        resolutions = facts.pop("resolutions")
        not_stated = facts.pop("not_stated", None)
        decision = Decision(**facts)
        governance_workflow.record_decision(decision, resolutions=resolutions, not_stated=not_stated, **self.why)
        if published_on:
            governance_workflow.publish_decision(decision, on=published_on, **self.why)

    def report(self, facts: dict[str, Any]) -> None:
        """A partnership's return: submitted by the recorder, approved by the lead officer."""
        on = facts.pop("on")
        lead = User.objects.get(username=facts.pop("approved_by"))
        not_stated = facts.pop("not_stated", None)
        found = AnnualReturn(partnership=self.partnership, **facts)
        significant_workflow.begin_return(found, not_stated=not_stated, **self.why)
        significant_workflow.submit_return(found, on=on, **self.why)
        significant_workflow.approve_return(found, on=on, by=lead, reason=self.source)

    def decision(self, name: str) -> Decision:
        """A decision called "Executive 2019-04-01": by its body and day."""
        body, on = name.rsplit(" ", 1)
        return Decision.objects.get(body=self.own(Body, name=body), decided_on=on)

    def refer(self, facts: dict[str, Any]) -> None:
        not_stated = facts.pop("not_stated", None)
        governance_workflow.refer_decision(Referral(**facts), not_stated=not_stated, **self.why)

    def answer_all(self, facts: dict[str, Any]) -> None:
        """A resolution that endorses the recommendations of the latest review."""
        for recommendation in self.latest_review.recommendations.all():
            self.enter(Answer, facts | {"recommendation": recommendation})

    def resolution(self, name: str) -> Resolution:
        """A resolution called "Executive 2019-04-01 2": by its decision and number."""
        decision, number = name.rsplit(" ", 1)
        return self.decision(decision).resolutions.get(number=number)

    def exempt_appendix(self, facts: dict[str, Any]) -> None:
        review = facts.pop("review")
        key = facts.pop("key")
        heading = facts.pop("heading")
        why = facts.pop("why")
        reader = User.objects.get(username=facts.pop("reader"))
        narrative = next(path for path in (FOLDER / review.slug).glob("*.md") if key_of(path) == key)
        section = reviewing.add_section(
            review,
            key=key,
            level=Section.Level.APPENDIX,
            heading=heading,
            narrative=narrative.read_text(encoding="utf-8"),
            **self.why,
        )
        classing.restrict(section, publication_class=PublicationClass.EXEMPT, **facts, by=self.by, reason=why)
        classing.grant_access(section, reader=reader, by=self.by, reason="Handles the paper for the meeting")

    def cover(self, facts: dict[str, Any]) -> None:
        """A cover report; the first one brings the draft. What its source says of no implication is not stated."""
        review = facts.pop("review")
        said = facts.pop("implications")
        cover = covering.add_cover(review, **facts, **self.why)
        self.write_sections(review, FOLDER / f"{review.slug}-covers", "cover-")
        open_facts = dict.fromkeys(("text", "cleared_on"), self.source)
        for row in cover.implications.all():
            text = said.get(row.kind, "")
            left_open = {name: source for name, source in open_facts.items() if not (text and name == "text")}
            covering.write_implication(row, text=text, not_stated=left_open, **self.why)

    def publish(self, facts: dict[str, Any]) -> None:
        """Make every section but the exempt one public: proposed by the recorder, confirmed by a clerk."""
        confirmer = User.objects.get(username=facts["confirmed_by"])
        done = (PublicationClass.EXEMPT, PublicationClass.PUBLIC)
        for section in facts["review"].sections.exclude(publication_class__in=done):
            proposal = classing.propose_class(section, publication_class=PublicationClass.PUBLIC, **self.why)
            classing.confirm_class(proposal, by=confirmer, reason=self.source)

    def swot(self, facts: dict[str, Any]) -> None:
        for text in facts["items"]:
            reviewing.add_swot_item(self.latest_review, kind=facts["kind"], text=text, **self.why)

    @property
    def latest_review(self) -> Review:
        return self.partnership.reviews.latest("pk")


def key_of(path: Path) -> str:
    """The key of the section that a file "05-delivery.md" holds."""
    return path.stem.partition("-")[2]


def _council(story: Story, short_name: str) -> Council:
    return Council.objects.get(short_name=short_name)


# How a name in the files is looked up.
NAMES: dict[str, Callable[[Story, Any], Any]] = {
    "councils": _council,
    "council": _council,
    "provider": _council,
    "receiver": _council,
    "agreement": lambda story, title: story.own(Agreement, title=title),
    "body": lambda story, name: story.own(Body, name=name),
    "addressee": lambda story, name: story.own(Body, name=name),
    "posts": lambda story, title: story.own(JointPost, title=title),
    "post": lambda story, title: story.own(JointPost, title=title),
    "arrangements": lambda story, service: story.own(ServiceArrangement, service=service),
    "commitment": Story.commitment,
    "review": lambda story, slug: story.own(Review, slug=slug),
    "meeting": lambda story, on: Meeting.objects.get(body__partnership=story.partnership, held_on=on),
    "decision": Story.decision,
    "resolution": Story.resolution,
    "recommendation": lambda story, position: story.latest_review.recommendations.get(position=position),
    "action": lambda story, title: story.own(Action, title=title),
    "answered_by": Story.resolution,
    "to": lambda story, name: story.own(Body, name=name),
    "to_body": lambda story, name: story.own(Body, name=name),
    "lead_account": lambda story, name: User.objects.get(username=name),
}

# What a table of a chapter does.
TABLES: dict[str, Callable[[Story, dict[str, Any]], Any]] = {
    "partnership": Story.found,
    "within": Story.turn_to,
    "begun": Story.begin,
    "agreement": lambda story, facts: story.enter(Agreement, facts),
    "term": lambda story, facts: story.enter(AgreementTerm, facts),
    "body": lambda story, facts: story.enter(Body, facts),
    "meeting": lambda story, facts: story.enter(Meeting, facts),
    "decision": Story.decide,
    "referral": Story.refer,
    "significant": lambda story, facts: story.enter(SignificantPartnership, facts),
    "return": Story.report,
    "action": lambda story, facts: story.enter(Action, facts),
    "subject": lambda story, facts: governance_workflow.make_subject(**facts, **story.why),
    "working_model": lambda story, facts: story.enter(WorkingModel, facts),
    "comparator": lambda story, facts: story.enter(Comparator, facts),
    "commitments": Story.adopt,
    "case": lambda story, facts: cases.open_case(story.partnership, **facts, **story.why),
    "arrangement": lambda story, facts: cases.start_arrangement(story.partnership, **facts, **story.why),
    "post": lambda story, facts: posts_workflow.enter_post(story.partnership, **facts, **story.why),
    "share": lambda story, facts: costs_workflow.set_share(**facts, **story.why),
    "retitle": lambda story, facts: posts_workflow.retitle(**facts, **story.why),
    "saving": Story.save,
    "review": Story.review,
    "exempt_appendix": Story.exempt_appendix,
    "taken": lambda story, facts: take_to_meeting(AgendaItem(**facts), **story.why),
    "answers": Story.answer_all,
    "follow_up": lambda story, facts: story.enter(FollowUp, facts),
    "cover_style": lambda story, facts: story.enter(CoverStyle, facts),
    "cover": Story.cover,
    "published": Story.publish,
    "rating": lambda story, facts: reviewing.rate(story.latest_review, **facts, **story.why),
    "recommendation": lambda story, facts: reviewing.recommend(story.latest_review, **facts, **story.why),
    "option": lambda story, facts: reviewing.add_option(story.latest_review, **facts, **story.why),
    "swot": Story.swot,
}
