"""Two partnerships for the matrix: a person for every role in three councils, and a row of ours for every verb."""

import json
from collections import Counter
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import NamedTuple

from django.test import Client
from django.utils import timezone

from joint_posts.models import CostShare, CouncilShare, SavingLine, Status
from partnership.accounts import kept_forms
from partnership.accounts.encryption import keys
from partnership.accounts.permissions import today
from partnership.accounts.roles import ROLES
from partnership.generic.registry import registers
from partnership.models import (
    Action,
    AnnualReturn,
    Body,
    CalendarFeed,
    Council,
    Decision,
    Job,
    KeptForm,
    Meeting,
    Membership,
    Party,
    Resolution,
    User,
)
from partnership.records.record import recording
from reviews.models import (
    Audience,
    ClassProposal,
    Edition,
    ExemptPaper,
    Implication,
    Review,
    Section,
    SectionDraft,
    SectionReader,
    Takedown,
)
from reviews.publishing import publishing_job
from reviews.publishing.publish import publish
from tests.canaries import plant_for
from tests.factories import change, keep, make_section
from tests.filled_registers import DAY, fill, person
from tests.route_table import PAPERS, REGISTERS
from tests.two_partnerships import make_post

OWN = "own"
PARTNER = "partner"
UNRELATED = "unrelated"


class Person(NamedTuple):
    """Somebody who asks: one role in one council, an account whose role has ended, or the public."""

    role: str
    place: str

    def __str__(self):
        return f"{self.role}, {self.place}"


PUBLIC = Person("", "the public")
FORMER = Person("", "role ended")
PEOPLE = [PUBLIC, FORMER]
for place in (OWN, PARTNER, UNRELATED):
    PEOPLE += [Person(role, place) for role in ROLES]


def make_world():
    """Two partnerships that share no council, a person for every role in three of the councils, and rows for verbs."""
    setter = User.objects.create(username="setter", name="Setter of the tests")
    names = {"ACC": "Alder County", "BDC": "Birch District", "CDX": "Cedar District", "DDC": "Dogwood District"}
    with recording(by=setter, reason="Set up"):
        alder, birch, cedar, dogwood = (
            Council(name=name, short_name=short, tier="district").full_clean_and_save() for short, name in names.items()
        )
        users = {PUBLIC: None, FORMER: person("former", (alder, "officer"), until_on=today() - timedelta(days=1))}
        for place, council in ((OWN, alder), (PARTNER, birch), (UNRELATED, cedar)):
            users |= {Person(role, place): person(f"{role}.{place}", (council, role)) for role in ROLES}
        ours = fill("Alder", alder, birch, users[Person("officer", OWN)])
        theirs = fill("Cedar", cedar, dogwood, users[Person("officer", UNRELATED)])
        world = SimpleNamespace(alder=alder, birch=birch, ours=ours, theirs=theirs, users=users, setter=setter)
        world.ready = dict(ready_rows(world))
    plant_canaries(world)
    world.registers = every_register()
    world.clients = {who: signed_in(user) for who, user in users.items()}
    world.jobs = dict(handed_in(world))
    return world


def make_papers(world):
    """Publish our review, and note what fills in the addresses of the pages that are not a register's."""
    ours = world.ours
    change(ours["review"], review_due_on=today())
    change(ours["option"], reasons="It costs too much")
    cleared = {"cleared_by": "Head of legal services", "cleared_on": today()}
    change(ours["implication"], **cleared)
    make_section(review=ours["review"], narrative="Open text.", position=90)
    public, members = publish(ours["review"], by=world.users[Person("clerk", OWN)], at=timezone.now())
    uncleared = Implication(cover=ours["coverreport"], kind="risk", text="Small.")
    world.ready["implication_clear"] = world.ready["implication_record-clearance"] = keep(uncleared)
    slug = {"slug": ours["review"].slug}
    job = refused_job(world, "clerk", publishing_job.KIND, ours["review"].slug)
    exempt = ExemptPaper.objects.get(section=world.ready["section_let-read"])
    found = {name: {"pk": ours[name].pk} for name in ("decision", "saving", "section", "coverreport", "exitplan")}
    world.others = found | {
        "review": slug,
        "edition": slug,
        "edition number": slug | {"number": public.number},
        "edition file": slug | {"number": public.number, "name": f"{public.slug}.pdf"},
        "members edition": slug | {"number": members.number},
        "members file": slug | {"number": members.number, "name": f"{members.slug}-members.pdf"},
        "exempt paper": {"pk": exempt.pk},
        "figure": {"name": "posts.at.proposed.count"},
        "kind": {"kind": "posts"},
        "partnership": {"slug": ours["partnership"].slug},
        "publishing": slug | {"number": job.pk},
        "passkey": {"pk": 1},
        "provider": {"provider_id": "none"},
        "secret": {"secret": CalendarFeed.make(world.users[Person("officer", OWN)], on=today())},
    }
    return world


def every_register():
    """The registers and their parts by name, as the portal has them."""
    found = dict(registers())
    for register in list(found.values()):
        for part in register.part_registers:
            found |= {part.name: part} | {deeper.name: deeper for deeper in part.part_registers}
    return found


def handed_in(world):
    """For each register that takes files, one that somebody of Alder handed in and that was refused."""
    for name, line in REGISTERS.items():
        if " job " in line.pages:
            yield name, refused_job(world, asker(line), name, "rows.csv")


def asker(line):
    """The role of Alder's whose file it is."""
    return (line.importers or line.keepers).split()[0]


def refused_job(world, role, register, file_name):
    """Work that one of Alder's people asked for, and that was refused."""
    now = timezone.now()
    by = world.users[Person(role, OWN)]
    facts = {"file_name": file_name, "state": "refused", "created_at": now, "heard_at": now}
    return Job.objects.create(by=by, register=register, **facts)


def ready_rows(world):
    """For each verb that the plain row cannot take as it stands, a row of ours that can."""
    ours = world.ours
    partnership = world.ours["partnership"]
    posts = {status: make_post(partnership, ours["agreement"], status) for status in Status}
    yield "jointpost_appoint", posts[Status.AGREED]
    yield "jointpost_refill", posts[Status.VACANT]
    yield "jointpost_put-into-ledger", costed(world, posts[Status.IN_POST])
    for verb in ("make-permanent", "become-vacant", "end"):
        yield f"jointpost_{verb}", posts[Status.IN_POST]
    line = SavingLine(saving=ours["saving"], council=world.alder, financial_year="2018/19", delivered=1)
    line.delivered_to_on = DAY
    line.figures_changed_by = world.setter
    yield "savingline_verify", line.full_clean_and_save()
    yield from decided_rows(world)
    yield from held_sections(world)
    yield from published_reviews(world)
    yield "membership_reset-sign-in", world.users[Person("clerk", OWN)].memberships.get()
    hired = User.objects.create(username="new.clerk", name="New clerk")
    waiting = Membership(user=hired, council=world.alder, role="clerk", from_on=DAY, proposed_by=world.setter)
    yield "membership_confirm", waiting.full_clean_and_save()
    joining = Council(name="Joining", short_name="JOIN", tier="district").full_clean_and_save()
    yield (
        "party_confirm",
        Party(partnership=partnership, council=joining, proposed_by=world.setter).full_clean_and_save(),
    )
    change(ours["significantpartnership"], lead_account=world.users[Person("monitoring_officer", OWN)])
    submitted = {"status": "submitted", "submitted_by": world.setter, "submitted_on": DAY}
    year = AnnualReturn(partnership=partnership, financial_year="2018/19", **submitted).full_clean_and_save()
    yield "annualreturn_approve", year
    yield "annualreturn_send-back", year


def costed(world, post):
    """The post with a cost shared in halves."""
    cost = CostShare(post=post, from_on=DAY, salary=100).full_clean_and_save()
    for council in (world.alder, world.birch):
        CouncilShare(cost_share=cost, council=council, percent=50, baseline_cost=80).full_clean_and_save()
    return post


def decided_rows(world):
    """A meeting to come, decisions of Alder's cabinet at each step, and an action that is done."""
    partnership = world.ours["partnership"]
    later = Meeting(body=world.ours["body"], held_on=today() + timedelta(days=30), access="public")
    yield "meeting_call-off", later.full_clean_and_save()
    world.alder.call_in_days = 5
    world.alder.full_clean_and_save()
    body = Body(partnership=partnership, name="Cabinet", kind="executive", council=world.alder).full_clean_and_save()
    parts = dict.fromkeys(("reasons", "alternatives", "conflicts", "dispensations"), "None")
    published = parts | {"published_on": today(), "call_in_days": 5}
    called_in = published | {"called_in_on": today(), "call_in_reason": "Cost"}
    for verb, facts in (("call-in", published), ("resolve-call-in", called_in), ("", parts)):
        decision = Decision(body=body, title=f"To {verb}", decided_on=today(), **facts).full_clean_and_save()
        resolution = Resolution(decision=decision, number=1, text="That it be noted").full_clean_and_save()
        if verb:
            yield f"decision_{verb}", decision
    yield "resolution_refuse", resolution
    yield "resolution_lapse", resolution
    done = Action(partnership=partnership, title="Done", owner="Manager", done_on=DAY, evidence="Paper 7")
    yield "action_reopen", done.full_clean_and_save()


def held_sections(world):
    """A section for which a wider class is proposed, and an exempt one with the clerks as its named readers."""
    review = world.ours["review"]
    proposed = Section(review=review, key="proposed", position=8, heading="Proposed").full_clean_and_save()
    facts = {"publication_class": "public", "section_version": proposed.version, "proposed_by": world.setter}
    ClassProposal(section=proposed, **facts).full_clean_and_save()
    yield "section_confirm-class", proposed
    yield "section_refuse-class", proposed
    exempt = Section(review=review, key="exempt", position=9, level=9, heading="Exempt", publication_class="exempt")
    exempt.narrative = "What it is worth."
    exempt.public_title = "An appendix"
    exempt.exempt_paragraph = 3
    exempt.public_interest_reason = "Bargaining"
    exempt.class_decided_by = "Monitoring officer"
    exempt.class_decided_on = DAY
    exempt.full_clean_and_save()
    for place in (OWN, PARTNER):
        SectionReader(section=exempt, reader=world.users[Person("clerk", place)]).full_clean_and_save()
    for verb in ("let-read", "stop-reading", "add-file"):
        yield f"section_{verb}", exempt


def published_reviews(world):
    """A review with two editions that were published; somebody proposed to take the second one down."""
    review = Review(
        partnership=world.ours["partnership"],
        kind="update",
        title="Published update",
        slug="published-update",
        body=world.ours["body"],
        as_at=DAY,
    ).full_clean_and_save()
    for audience in Audience:
        edition = Edition(
            review=review,
            audience=audience,
            number=1,
            title=review.title,
            kind="Partnership update",
            slug=review.slug,
            partnership_name="Partnership of Alder",
            partnership_slug="alder",
            as_at=DAY,
            facts=json.dumps({"facts": {"ratings": [], "posts": [], "savings": [], "business_cases": []}}),
            published_at=timezone.now(),
            published_by=world.setter,
        )
        edition.save(force_insert=True)
    facts = {"review": review, "edition": edition, "statement": "Taken down.", "proposed_by": world.setter}
    Takedown(**facts).full_clean_and_save()
    for verb in ("take-down", "confirm-takedown", "refuse-takedown"):
        yield f"review_{verb}", review


class Asking(Client):
    """A browser; all of them together count what they ask, by method."""

    asked = Counter()

    def request(self, **request):
        self.asked[request["REQUEST_METHOD"]] += 1
        return super().request(**request)


def signed_in(user):
    """A browser with the account's session, or with none."""
    client = Asking()
    if user is not None:
        client.force_login(user)
    return client


# --- Canaries ---------------------------------------------------------------------------------------------------------


def plant_canaries(world):
    """Unique words in what one may read and another may not: for each, who may (`world.canaries`)."""
    world.canaries = {}
    world.planted_in = {}

    def token(*readers, where="a row of its own"):
        made = f"canary{len(world.canaries):04}q"
        world.planted_in[made.encode()] = where
        world.canaries[made.encode()] = frozenset(readers)
        return made

    with recording(by=world.setter, reason="Set up"):
        for rows, places in ((world.ours, (OWN, PARTNER)), (world.theirs, (UNRELATED,))):
            for row in rows.values():
                plant_for([row], partial(token, *readers_of(row._meta.model_name, places)))
        private_rows(world, token)
    closely_held(world, token)


def readers_of(name, places):
    """Return who reads a register's rows in these councils. What a members' edition prints, councillors read there."""
    line = REGISTERS[name]
    roles = {*line.readers.split(), *line.keepers.split()}
    if line.readers == PAPERS:
        roles.add("councillor")
    may = []
    for role in roles:
        may += [Person(role, place) for place in places]
    # Who administers councils sees all of them, to let them join.
    return may + [Person("administrator", place) for place in (OWN, PARTNER, UNRELATED) if name == "council"]


def private_rows(world, token):
    """Return what was decided, met and done in private: not for councillors outside the working group."""
    ours = world.ours
    insiders = []
    for role in PAPERS.split():
        insiders += [Person(role, place) for place in (OWN, PARTNER)]
    meeting = Meeting(
        body=ours["body"], held_on=DAY + timedelta(days=1), access="private", place_or_link=token(*insiders)
    ).full_clean_and_save()
    decision = Decision(
        body=ours["body"], meeting=meeting, decided_on=meeting.held_on, title=token(*insiders)
    ).full_clean_and_save()
    Resolution(decision=decision, number=1, text=token(*insiders)).full_clean_and_save()
    own = {"partnership": ours["partnership"], "owner": token(*insiders)}
    Action(**own, title=token(*insiders), decision=decision).full_clean_and_save()
    draft = Review(partnership=ours["partnership"], kind="gateway", title=token(*insiders), slug="draft-alder")
    draft.body = ours["body"]
    draft.as_at = DAY
    draft.full_clean_and_save()
    facts = {"review": draft, "key": "open", "position": 1, "heading": token(*insiders), "narrative": token(*insiders)}
    Section(**facts).full_clean_and_save()
    own_papers = [Person(role, OWN) for role in PAPERS.split()]
    facts |= {"key": "own", "position": 2, "publication_class": "council", "council": world.alder}
    Section(**facts | {"heading": token(*own_papers), "narrative": token(*own_papers)}).full_clean_and_save()


def closely_held(world, token):
    """An exempt text for its named readers; a draft, a kept form and a file for the one who made them."""
    clerks = [Person("clerk", place) for place in (OWN, PARTNER)]
    exempt = world.ready["section_let-read"]
    change(exempt, narrative=token(*clerks), heading=token(*clerks), public_interest_reason=token(*clerks))
    officer = Person("officer", OWN)
    now = timezone.now()
    typed = {"heading": token(officer), "narrative": token(officer), "base_version": 1, "kept_at": now}
    SectionDraft.objects.create(section=world.ours["section"], person=world.users[officer], **typed)
    kept = keys(kept_forms.PURPOSE).encrypt(json.dumps({"title": [token(officer)]}).encode()).decode()
    KeptForm.objects.create(person=world.users[officer], path="/joint-posts/new/", typed=kept, kept_at=now)
    facts = {"file_name": token(officer), "state": "ready", "created_at": now, "heard_at": now}
    row = {"row": 2, "kind": "new", "name": token(officer), "changes": [token(officer)]}
    facts["result"] = {"counts": {"new": 1}, "rows": [row]}
    Job.objects.create(by=world.users[officer], register="jointpost", **facts)
