"""List the roles and places that wait for a second person's confirmation, and who can give it."""

from __future__ import annotations

from datetime import date

from partnership.accounts.permissions import parties_on, today
from partnership.accounts.roles import Permission
from partnership.models import Council, Membership, Party, User
from partnership.records.record import RecordQuerySet

NOBODY_CAN = (
    "Nobody can confirm it yet. Ask whoever runs the server to make another administrator of this council, or of one"
    " that it shares a partnership with (manage.py create_administrator)."
)


def may_open(user: User) -> bool:
    """Return whether the person gives or confirms roles anywhere."""
    return user.has_perm(Permission.CONFIRM_ROLES)


def how_many_wait(user: User) -> int:
    """Return how many roles wait for this person."""
    on = today()
    waiting = [*waiting_roles(user), *waiting_parties(user)]
    return sum(not one.why_not_confirm(by=user, on=on) for one in waiting)


def waiting_parties(user: User) -> RecordQuerySet:
    """Return the places in partnerships, visible to the person, that councils have to consent to."""
    rows = Party.objects.waiting().visible_to(user)
    return rows.select_related("partnership", "council", "proposed_by").order_by("partnership__name", "pk")


def waiting_roles(user: User) -> RecordQuerySet:
    """Return the roles the person may see that wait for confirmation."""
    rows = Membership.objects.waiting().visible_to(user)
    return rows.select_related("user", "council", "proposed_by").order_by("council__name", "user__name", "role", "pk")


def waits_for(membership: Membership, on: date) -> str:
    """Return who can confirm a role, as a sentence for its page."""
    without_own = Membership.objects.filter(pk=membership.pk).without_own_confirmer(on).exists()
    if not without_own:
        return f"Waiting for confirmation by an administrator or the monitoring officer of {membership.council}."
    partners = partners_who_can_confirm(membership, on)
    if not partners and (places := places_that_would_bring_one(membership, on)):
        return f"Nobody can confirm it yet. Somebody can once {' or '.join(places)}."
    if not partners:
        return NOBODY_CAN
    return f"Waiting for confirmation by {' or '.join(partners)}."


def partners_who_can_confirm(membership: Membership, on: date) -> list[str]:
    """Return the names of the partner councils with somebody who can confirm the role."""
    shared = parties_on(on).filter(council=membership.council_id).values("partnership")
    partners = parties_on(on).filter(partnership__in=shared).exclude(council=membership.council_id).values("council")
    able = Membership.objects.able_to_confirm(membership, on).filter(council__in=partners).values("council")
    return [council.name for council in Council.objects.filter(pk__in=able)]


def places_that_would_bring_one(membership: Membership, on: date) -> list[str]:
    """Return what still has to happen for a partner council to share a partnership and confirm the role."""
    able = Membership.objects.able_to_confirm(membership, on).values("council")
    shared = Party.objects.filter(council=membership.council_id, withdrawn_on__isnull=True).values("partnership")
    waiting = Party.objects.waiting().filter(partnership__in=shared, council__in=able)
    places = waiting.exclude(council=membership.council_id).select_related("council", "partnership").order_by("pk")
    return [f"{place.council} is confirmed as party to {place.partnership}" for place in places]
