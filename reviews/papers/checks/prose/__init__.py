"""Check the sentences of a narrative: each finding names the words and says what to do.

A check takes one `Said` sentence and the `Basis` it is held against, and yields `Doubt`s. What blocks publishing is
only what is wrong whatever was meant (a typed sum, a name that nothing answers to); the rest is pointed out.
"""

from collections.abc import Callable, Iterator

from reviews.papers.checks.prose import (
    agreements,
    bound,
    claims,
    councils,
    counts,
    events,
    meetings,
    money,
    ratings,
    shares,
    standing,
    titles,
    typed,
    words,
)
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said, sentences

# What holds for every text, be it a title, a caption or a field of a register.
FACTS: tuple[Callable[[Said, Basis], Iterator[Doubt]], ...] = (
    *money.CHECKS,
    *bound.CHECKS,
    *counts.CHECKS,
    *ratings.CHECKS,
    *shares.CHECKS,
    *titles.CHECKS,
    *councils.CHECKS,
    *events.CHECKS,
    *standing.CHECKS,
    *agreements.CHECKS,
    *meetings.CHECKS,
)

CHECKS: tuple[Callable[[Said, Basis], Iterator[Doubt]], ...] = (
    *typed.CHECKS,
    *FACTS,
    *claims.CHECKS,
    *words.CHECKS,
)

__all__ = ["CHECKS", "FACTS", "Basis", "Doubt", "Said", "doubts", "sentences"]


def doubts(paragraph: str, basis: Basis) -> list[Doubt]:
    """Return the doubts about a paragraph, in the order of its sentences."""
    found: list[Doubt] = []
    for sentence in sentences(paragraph, basis):
        for check in CHECKS:
            found += check(sentence, basis)
    return found
