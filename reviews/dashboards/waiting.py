"""What waits for a person: the lines they may verify, what is to be rated, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from partnership.models import User
from partnership.roles import Permission
from reviews.dashboards.board import Board
from reviews.dashboards.drawing import unrated
from reviews.dashboards.figures import unverified
from reviews.facts.steering import SteeringFacts
from reviews.figures import Figure, count

TO_VERIFY, TO_RATE, OVERDUE = "waiting.to-verify", "waiting.to-rate", "dates.overdue"


def waiting_for(user: User, board: Board) -> list[dict[str, str]]:
    """What waits for the person, each a count that opens what it counts; nothing is left out because it is nought."""
    own = user.authority.councils(Permission.VERIFY_SAVINGS)
    to_verify = sum(
        number for (council, changed_by), number in board.to_verify.items() if council in own and changed_by != user.pk
    )
    found = [(OVERDUE, board.overdue, "date is overdue", "dates are overdue")]
    if own:
        found.insert(0, (TO_VERIFY, to_verify, "delivered figure to verify", "delivered figures to verify"))
    if board.has_working_papers and user.has_perm(Permission.WRITE_REVIEWS):
        found.append((TO_RATE, board.to_rate, "principle or objective to rate", "principles and objectives to rate"))
    return [
        {
            "count": str(number),
            "words": one if number == 1 else many,
            "url": f"{reverse('figure', args=[f'{name}.count'])}?partnership={board.slug}",
        }
        for name, number, one, many in found
    ]


def personal_figures(user: User, steering: SteeringFacts) -> Iterator[Figure]:
    """The same counts as figures that open their lines."""
    own = user.authority.councils(Permission.VERIFY_SAVINGS)
    lines = [row for row in unverified(steering) if row.council.id in own and row.changed_by_id != user.pk]
    yield from count(TO_VERIFY, lines, "line", "lines", "savingline")
    if user.has_perm(Permission.WRITE_REVIEWS):
        yield from count(
            TO_RATE, unrated(steering), "principle or objective", "principles and objectives", "commitment"
        )
