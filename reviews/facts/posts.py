"""Joint posts as at a date: what each was called, where it stood, and on what basis it was filled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from joint_posts.costs.apportionment import PostRows
from joint_posts.models import CostShare, EmployerChange, JointPost, PostStep
from joint_posts.models.posts import Appointment, Status, employer_id_on, employers_of
from partnership.dates import NOT_STATED, in_words
from partnership.models import Council
from partnership.records.as_at import step_on
from reviews.facts.reading import Reader


@dataclass(frozen=True)
class PostStepFact:
    """The state of a post from a day on."""

    from_on: date
    precision: str
    title: str
    status: str
    appointment: str


@dataclass(frozen=True)
class PostFact:
    """A joint post on the day. ``standing`` is "provisional" or "agreed" when a cost share is recorded, else empty."""

    id: int
    title: str
    earlier_titles: tuple[str, ...]
    status: str
    appointment: str
    appointment_words: str
    since: str
    started: str
    home_council: str
    home_council_id: int | None
    tier: str
    statutory_role: str
    standing: str
    agreement_id: int | None
    steps: tuple[PostStepFact, ...] = ()

    @property
    def ends_from(self) -> date | None:
        """The first day on which nobody works in it any more, as far as an end is recorded."""
        return next((step.from_on for step in self.steps if step.status == Status.ENDED), None)

    @property
    def last_day(self) -> date | None:
        """The last day on which somebody works in it, as far as an end is recorded."""
        return self.ends_from - timedelta(days=1) if self.ends_from else None

    @property
    def is_in_post(self) -> bool:
        return self.status == Status.IN_POST

    @property
    def is_ended(self) -> bool:
        return self.status == Status.ENDED

    @property
    def is_provisional(self) -> bool:
        return self.standing == CostShare.Standing.PROVISIONAL

    @property
    def status_words(self) -> str:
        return Status(self.status).label


def post_facts(read: Reader, as_at: date) -> tuple[PostFact, ...]:
    """Return the posts that exist on the day, in the order in which they were recorded."""
    rows = read.own(JointPost)
    steps = read.under(PostStep, rows, "post")
    shares = read.under(CostShare, rows, "post")
    changes = read.under(EmployerChange, rows, "post")
    homes = read.numbered(Council, employer_ids(rows, changes))
    found = (post_fact(row, PostRows(steps[row.id], shares[row.id], (), changes[row.id]), homes, as_at) for row in rows)
    return tuple(fact for fact in found if fact)


def employer_ids(rows: list[JointPost], changes: dict[int, list[EmployerChange]]) -> set[int]:
    """Return every council that employs the officer of one of the posts at any time."""
    ids = set()
    for row in rows:
        ids |= {employer.council_id for employer in employers_of(row, changes[row.id])}
    return ids - {None}


def post_fact(row: JointPost, over_time: PostRows, homes: dict[int, Council], as_at: date) -> PostFact | None:
    """One post on the day; ``None`` when it had not been proposed yet."""
    steps = list(over_time.steps)
    step = step_on(steps, as_at)
    if step is None:
        return None
    share = step_on(over_time.cost_shares, as_at)
    employer = employer_id_on(employers_of(row, over_time.employer_changes), as_at)
    return PostFact(
        row.id,
        step.title,
        earlier_titles(steps, step, as_at),
        step.status,
        step.appointment,
        Appointment(step.appointment).label.lower(),
        since=in_words(step.from_on, step.from_precision),
        started=first_in_post(steps, as_at),
        home_council=home_council(row, employer, homes),
        home_council_id=employer,
        tier=row.tier,
        statutory_role=row.get_statutory_role_display() if row.statutory_role else "",
        standing=share.standing if share else "",
        agreement_id=row.agreement_id,
        steps=step_facts(steps),
    )


def step_facts(steps: list[PostStep]) -> tuple[PostStepFact, ...]:
    """The steps of a post from the first; those still to come are among them."""
    return tuple(
        PostStepFact(step.from_on, step.from_precision, step.title, step.status, step.appointment)
        for step in sorted(steps, key=lambda step: (step.from_on, step.id))
    )


def earlier_titles(steps: list[PostStep], present: PostStep, as_at: date) -> tuple[str, ...]:
    """Return the post's earlier titles, oldest first, without repetition."""
    past = sorted((step for step in steps if step.from_on <= as_at), key=lambda step: (step.from_on, step.id))
    return tuple(dict.fromkeys(step.title for step in past if step.title != present.title))


def first_in_post(steps: list[PostStep], as_at: date) -> str:
    """Since when somebody has been in the post, in words."""
    begun = [step for step in steps if step.status == Status.IN_POST and step.from_on <= as_at]
    first = min(begun, key=lambda step: (step.from_on, step.id), default=None)
    return in_words(first.from_on, first.from_precision) if first else NOT_STATED


def home_council(row: JointPost, employer: int | None, homes: dict[int, Council]) -> str:
    """Return the initials of the employer of the day, or which of the two kinds of silence it is."""
    if employer in homes:
        return homes[employer].short_name
    return row.unknown_words("home_council")
