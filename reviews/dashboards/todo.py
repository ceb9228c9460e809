"""List what waits for a person: lines to verify, reminders, principles and objectives to rate, overdue actions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from joint_posts.savings.verification import how_many_wait, may_open
from partnership.accounts import confirmations
from partnership.accounts.roles import Permission
from partnership.models import Action, User
from partnership.records.record import RecordQuerySet
from reviews.dashboards.board import Board
from reviews.dashboards.build import unrated
from reviews.facts.dashboard import SteeringFacts
from reviews.facts.figures import Figure, count
from reviews.models import ClassProposal, Takedown

TO_RATE = "waiting.to-rate"
ACTIONS = "waiting.actions"
OVERDUE = "dates.overdue"


def waiting_for(user: User, board: Board, on: date) -> list[dict[str, str]]:
    """Return what waits for the person, each a count that opens its rows, also where the count is zero."""
    actions = overdue_actions(user, board.partnership_id, on).count()
    own = _counted(board, ACTIONS, actions, "action of yours is overdue", "actions of yours are overdue")
    found = [own] if actions or user.has_perm(Permission.KEEP_ACTIONS) else []
    found.append(_counted(board, OVERDUE, board.overdue, "date is overdue in all", "dates are overdue in all"))
    if may_open(user):
        number = how_many_wait(user, saving__partnership=board.partnership_id)
        words = f"delivered figure{'' if number == 1 else 's'} to verify"
        found.insert(0, {"count": str(number), "words": words, "url": reverse("verification")})
    if board.has_working_papers and user.has_perm(Permission.WRITE_REVIEWS):
        one = "principle or objective to rate"
        many = "principles and objectives to rate"
        found.append(_counted(board, TO_RATE, board.to_rate, one, many))
    return [*found, *to_settle(user, board.partnership_id, on), *to_confirm(user)]


def to_settle(user: User, partnership_id: int, on: date) -> list[dict[str, str]]:
    """Return a link for each section, and each review, with a proposal that this person may settle."""
    proposals = ClassProposal.objects.visible_to(user).active().filter(outcome="")
    proposals = proposals.filter(section__review__partnership=partnership_id).select_related("section__review")
    takedowns = Takedown.objects.visible_to(user).open().filter(review__partnership=partnership_id)
    links = []
    for proposal in proposals:
        if not proposal.why_not_settle(by=user, on=on):
            words = f"proposal to let more people read “{proposal.section}”"
            links.append({"count": "1", "words": words, "url": proposal.section.get_absolute_url()})
    for takedown in takedowns.select_related("review"):
        if not takedown.why_not_settle(by=user, on=on):
            words = f"proposal to take an edition of “{takedown.review}” down"
            url = reverse("review_editions", args=[takedown.review.slug])
            links.append({"count": "1", "words": words, "url": url})
    return links


def to_confirm(user: User) -> list[dict[str, str]]:
    """Return a link to the roles and places in partnerships that wait for this person's confirmation."""
    number = confirmations.how_many_wait(user) if confirmations.may_open(user) else 0
    if not number:
        return []
    words = (
        "role or place in a partnership to confirm" if number == 1 else "roles and places in partnerships to confirm"
    )
    return [{"count": str(number), "words": words, "url": reverse("confirmations")}]


def overdue_actions(user: User, partnership_id: int, on: date) -> RecordQuerySet:
    """The actions that the person is reminded of and that should have been done before a day."""
    return Action.objects.visible_to(user).open().filter(partnership=partnership_id, reminded=user, due_on__lt=on)


def _counted(board: Board, name: str, number: int, one: str, many: str) -> dict[str, str]:
    url = f"{reverse('figure', args=[f'{name}.count'])}?partnership={board.slug}"
    return {"count": str(number), "words": one if number == 1 else many, "url": url}


def personal_figures(user: User, steering: SteeringFacts) -> Iterator[Figure]:
    """The same counts as figures that open their lines."""
    found = overdue_actions(user, steering.facts.partnership.id, steering.as_at).values_list("pk", flat=True)
    own = {("action", number) for number in found}
    rows = [row for row in steering.overdue if (row.of, row.record_id) in own]
    yield from count(ACTIONS, rows, "action", "actions", "date")
    if user.has_perm(Permission.WRITE_REVIEWS):
        yield from count(
            TO_RATE, unrated(steering), "principle or objective", "principles and objectives", "commitment"
        )
