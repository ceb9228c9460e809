"""Everything the portal can say of a partnership as at a date, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from partnership.models import Partnership
from reviews.facts.councils import (
    AgreementFact,
    BodyFact,
    CommitmentFact,
    CouncilFact,
    PartnershipFact,
    agreement_facts,
    body_facts,
    commitment_facts,
    member_facts,
    parties_among,
    partnership_fact,
)
from reviews.facts.posts import PostFact, post_facts
from reviews.facts.reading import Reader
from reviews.facts.savings import SavingFacts, SavingSums, saving_facts, saving_sums
from reviews.facts.services import (
    CaseFact,
    ComparatorFact,
    ServiceFact,
    WorkingModelFact,
    case_facts,
    comparator_facts,
    service_facts,
    working_model_facts,
)


@dataclass(frozen=True)
class Facts:
    """A partnership as at a date (``as_at``: what was true) as known at a moment (``known_at``; ``None``: all)."""

    as_at: date
    known_at: datetime | None
    partnership: PartnershipFact
    councils: tuple[CouncilFact, ...]
    bodies: tuple[BodyFact, ...]
    agreements: tuple[AgreementFact, ...]
    commitments: tuple[CommitmentFact, ...]
    posts: tuple[PostFact, ...]
    savings: SavingFacts | SavingSums  # line by line, unless only its sums were asked for
    cases: tuple[CaseFact, ...]
    services: tuple[ServiceFact, ...]
    working_models: tuple[WorkingModelFact, ...]
    comparators: tuple[ComparatorFact, ...]

    @property
    def all_councils(self) -> tuple[CouncilFact, ...]:
        """Return all councils that a sum may belong to: of the day, of other years, and others in the ledger."""
        return self.savings.all_councils

    def posts_in(self, status: str) -> tuple[PostFact, ...]:
        """The posts that stand at a status on the day."""
        return tuple(post for post in self.posts if post.status == status)

    def cases_at(self, *stages: str) -> tuple[CaseFact, ...]:
        """The business cases at these stages on the day."""
        return tuple(case for case in self.cases if case.stage in stages)

    def services_of(self, kind: str) -> tuple[ServiceFact, ...]:
        """The service arrangements of a kind running on the day."""
        return tuple(service for service in self.services if service.kind == kind)

    @property
    def pipeline(self) -> tuple[CaseFact, ...]:
        """The open business cases with an estimate, which no savings total ever contains."""
        return tuple(case for case in self.cases if case.is_pipeline)


def facts(partnership: Partnership, as_at: date, known_at: datetime | None = None, *, has_lines: bool = True) -> Facts:
    """The facts of a partnership, read in a number of queries that does not grow with the rows.

    Without lines, the ledger is its sums alone, which is what a screen needs that shows no line.
    """
    read = Reader(partnership.pk, known_at)
    members = member_facts(read)
    councils = parties_among(members, as_at)
    return Facts(
        as_at,
        known_at,
        partnership_fact(read.itself(), as_at),
        councils,
        body_facts(read, read.councils(council.id for council in councils)),
        agreement_facts(read, as_at),
        commitment_facts(read, as_at),
        post_facts(read, as_at),
        (saving_facts if has_lines else saving_sums)(read, members, as_at),
        case_facts(read, as_at),
        service_facts(read, as_at),
        working_model_facts(read),
        comparator_facts(read),
    )
