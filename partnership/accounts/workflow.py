"""Make accounts, give, confirm and end roles, and reset a sign-in."""

from __future__ import annotations

from datetime import date

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError

from partnership.accounts.permissions import parties_on, require
from partnership.accounts.roles import Permission, is_over_content
from partnership.models import (
    CalendarFeed,
    Council,
    Membership,
    User,
)
from partnership.records.record import recording

ADMINISTRATOR = "administrator"


def add_person(
    *, username: str, name: str, email: str, password: str, council: Council, role: str, from_on: date, by: User
) -> User:
    """Make an account of the council and give it its first role, which may wait for confirmation (`give_role`).

    Raises ``PermissionDenied``, and ``ValidationError`` on ``username`` when somebody has it already.
    """
    require(by, Permission.KEEP_PEOPLE, council)
    user = User(username=username, name=name, email=email, must_choose_password=True)
    user.council = council
    user.created_by = by
    user.first_creator_id = by.origin_id
    user.set_password(password)
    user.full_clean()
    with recording(by=by, reason=f"Account made for {name}"):
        user.save()
        give_role(user, council=council, role=role, from_on=from_on, by=by, reason=f"Account made for {name}")
    return user


def give_role(user: User, *, council: Council, role: str, from_on: date, by: User, reason: str) -> Membership:
    """Give a person a role in a council from a day.

    A role over content, and a role in a council that the giver does not administer, allows nothing until a second
    person confirms it (`confirm_role`). Nobody gives themself a role over content.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``role`` when the person holds it on that day already or it
    waits for confirmation, or on ``user`` for oneself.
    """
    administered = by.authority.councils(Permission.KEEP_PEOPLE)
    is_lent = council.pk not in administered
    if is_lent and not (user.council_id in administered and _share_partnership(by, council, from_on)):
        require(by, Permission.KEEP_PEOPLE, council)
    if user.council_id and user.council_id not in administered:
        user.why_not_manage(by=by, on=from_on).check()
    if user == by and role != ADMINISTRATOR:
        raise ValidationError({"user": "You cannot give yourself a role. Ask another administrator."})
    if Membership.objects.held_on(user, from_on).filter(council=council, role=role).exists():
        raise ValidationError({"role": f"{user} already holds this role in {council}."})
    if Membership.objects.waiting().filter(user=user, council=council, role=role).exists():
        raise ValidationError({"role": f"This role of {user} in {council} already waits for confirmation."})
    membership = Membership(user=user, council=council, role=role, from_on=from_on)
    if is_lent or is_over_content(role):
        membership.proposed_by = by
    with recording(by=by, reason=reason):
        if user.council_id is None and not user.memberships.exists():
            user.council = council
            user.save(update_fields=["council"])
        return membership.full_clean_and_save()


def _share_partnership(by: User, council: Council, on: date) -> bool:
    """Return whether the council is party to a partnership of a council that the person administers."""
    partnerships = by.authority.partnerships(Permission.KEEP_PEOPLE)
    return parties_on(on).filter(partnership__in=partnerships, council=council).exists()


def confirm_role(membership: Membership, *, on: date, by: User, reason: str) -> Membership:
    """Confirm a role that somebody else gave; from then on it allows what it says.

    Raises ``PermissionDenied``, and ``ValidationError`` when it does not wait for confirmation.
    """
    membership.why_not_confirm(by=by, on=on).check()
    with recording(by=by, reason=reason):
        membership.confirmed_by = by
        membership.confirmed_on = on
        return membership.full_clean_and_save()


def end_role(membership: Membership, *, until_on: date, by: User, reason: str) -> Membership:
    """End a role after its last day. Raises ``PermissionDenied``, and ``ValidationError`` on ``until_on``."""
    membership.why_not_end(by=by, on=until_on).check()
    with recording(by=by, reason=reason):
        membership.until_on = until_on
        return membership.full_clean_and_save()


def reset_sign_in(membership: Membership, *, password: str, on: date, by: User, reason: str) -> User:
    """Give a person with a role in the own council a new password, and let them choose a second step anew.

    Their authenticator app, passkeys, recovery codes, link to the council's sign-in and calendar address go, and
    every sign-in under way ends. With the new password they have to choose one of their own. It stands in the history
    of each role the person holds, so that the other councils they work for see it too. Raises ``PermissionDenied``, and
    ``ValidationError`` for oneself and for a role that does not hold.
    """
    membership.why_not_reset_sign_in(by=by, on=on).check()
    user = membership.user
    with recording(by=by, reason=reason):
        for held in Membership.objects.held_on(user, on):
            held.sign_in_reset_on = on
            held.full_clean_and_save()
        Authenticator.objects.filter(user=user).delete()
        SocialAccount.objects.filter(user=user).delete()
        CalendarFeed.revoke(user, on=on)
        user.set_password(password)
        user.must_choose_password = True
        user.save(update_fields=["password", "must_choose_password"])
    return user


def move_account(membership: Membership, *, council: Council, on: date, by: User, reason: str) -> User:
    """Hand the holder's account over to another home council, whose administrators look after it from then on.

    It stands in the history of each role the person holds. Raises ``PermissionDenied``, and ``ValidationError`` on
    ``council`` when it is the account's home already.
    """
    membership.why_not_move_account(by=by, on=on).check()
    user = membership.user
    if user.council_id == council.pk:
        raise ValidationError({"council": f"The account belongs to {council} already."})
    with recording(by=by, reason=reason):
        for held in Membership.objects.held_on(user, on):
            held.account_moved_on = on
            held.full_clean_and_save()
        user.council = council
        user.save(update_fields=["council"])
    return user
