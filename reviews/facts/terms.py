"""The clauses of the agreements in force, which say who employs the people in joint posts."""

from __future__ import annotations

from dataclasses import dataclass

from partnership.models import AgreementTerm
from reviews.facts.reading import Reader
from reviews.facts.reviewed import ReviewFacts


@dataclass(frozen=True)
class TermFact:
    """One clause of an agreement, in a sentence."""

    id: int
    agreement_id: int
    heading: str
    summary: str
    clause: str = ""  # its number, where it is known


def term_facts(review: ReviewFacts) -> tuple[TermFact, ...]:
    """The clauses of the agreements that bind on the day of a paper, as known when its facts were."""
    read = Reader(review.facts.partnership.id, review.facts.known_at)
    by_agreement = read.under(AgreementTerm, review.facts.agreements, "agreement")
    facts = []
    for agreement in review.facts.agreements:
        rows = by_agreement[agreement.id]
        facts += [TermFact(row.id, row.agreement_id, row.heading, row.summary, row.clause) for row in rows]
    return tuple(facts)
