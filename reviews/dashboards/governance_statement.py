"""The paragraph on the partnership in a council's annual governance statement, every part of it from the records.

A council reviews its system of internal control each year and publishes a statement with its accounts (Accounts and
Audit Regulations 2015, regulation 6). What the records do not hold, the paragraph says they do not hold.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from partnership.accounts.roles import Permission
from partnership.dates import in_words
from partnership.models import User
from partnership.wording import capitalised, counted, listed
from reviews.facts.assurance import GovernanceFacts


def may_open(user: User) -> bool:
    """Return whether the person may read what the paragraph is drawn from."""
    return user.has_perm(Permission.READ_WORKING_PAPERS)


def how_many_wait(user: User) -> int:
    """Nothing waits here: the page is for asking."""
    return 0


def paragraph(facts: GovernanceFacts) -> str:
    """Return the paragraph."""
    parts = (_sharing, _oversight, _agreements, _audit, _actions, _savings)
    return " ".join(itertools.chain.from_iterable(part(facts) for part in parts))


def _sharing(facts: GovernanceFacts) -> Iterator[str]:
    others = listed(council.name for council in facts.others)
    in_post = [post for post in facts.facts.posts if post.is_in_post]
    posts = counted(len(in_post), "joint post was", "joint posts were")
    services = counted(len(facts.facts.services), "shared service arrangement", "shared service arrangements")
    on = in_words(facts.as_at)
    recorded = f"{posts} recorded as filled, with {services}"
    yield f"On {on} {facts.council.name} was in partnership with {others}: {recorded}."


def _oversight(facts: GovernanceFacts) -> Iterator[str]:
    held = [f"{counted(count, 'meeting', 'meetings')} of the {name}" for name, count in facts.meetings]
    if not held:
        yield f"No meeting of the bodies that oversee the partnership is recorded in {facts.year}."
        return
    yield f"For {facts.year} the records hold {listed(held)}."


def _agreements(facts: GovernanceFacts) -> Iterator[str]:
    for row in facts.reviews:
        late = ", after the day on which it was due" if row.was_late else ""
        yield f"The {row.agreement} was reviewed on {in_words(row.held_on)}{late}; outcome: {row.outcome.lower()}."
    for row in facts.notices:
        yield f"{row.given_by} gave notice on {in_words(row.given_on)} to end the {row.agreement}."
    for row in facts.overdue:
        yield f"A review of the {row.agreement} was due on {in_words(row.due_on)} and is not recorded."
    if not facts.reviews and not facts.overdue:
        yield f"The records hold no review of an agreement, held or due, in {facts.year}."


def _audit(facts: GovernanceFacts) -> Iterator[str]:
    if not facts.audits:
        yield f"The records hold no internal audit of the shared arrangements in the council’s plan for {facts.year}."
        return
    reported = [row for row in facts.audits if row.opinion and row.reported_on and row.reported_on <= facts.as_at]
    waiting = [row for row in facts.audits if row not in reported]
    if reported:
        opinions = listed(f"{row.title} ({row.opinion.lower()}, {in_words(row.reported_on)})" for row in reported)
        yield f"Internal audit reported on {opinions}."
    if waiting:
        yield f"Still to report on that day: {listed(row.title for row in waiting)}."


def _actions(facts: GovernanceFacts) -> Iterator[str]:
    actions = list(itertools.chain.from_iterable(audit.actions for audit in facts.audits))
    if not actions:
        return
    done = sum(action.is_done for action in actions)
    overdue = [action.title for action in actions if action.is_overdue]
    follow = capitalised(counted(len(actions), "action follows", "actions follow"))
    yield f"{follow} from it; {counted(done, 'is', 'are') if done else 'none is'} done."
    if overdue:
        yield f"Overdue: {listed(overdue)}."


def _savings(facts: GovernanceFacts) -> Iterator[str]:
    verified = facts.verified
    if verified.pounds is None:
        yield f"No saving of the council from joint working is recorded as delivered in {facts.year}."
        return
    yield f"Its finance has verified {verified} of delivered savings from joint working in {facts.year}."
