"""The verbs of signing in that one person does for another."""

from __future__ import annotations

from datetime import date

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError

from partnership.models import CalendarFeed, Council, Membership, User
from partnership.records import recording


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
            held.put_on_record()
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
            held.put_on_record()
        user.council = council
        user.save(update_fields=["council"])
    return user
