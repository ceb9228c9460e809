"""Limits on attempts to sign in and on costly downloads, counted in the database for all web servers together.

Record each attempt before checking it, so that 100 concurrent requests cannot all pass as the fifth. Delete the record
when the attempt succeeds. Until the password is correct, count by account and IP address together, never by account
alone: otherwise anybody could lock a colleague out by typing their user name.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from partnership.accounts.sign_in.addresses import address_of, site_of
from partnership.models import Attempt

logger = logging.getLogger("partnership.accounts.sign_in")

KEY_SALT = "partnership.accounts.sign_in.rate_limits"


class Locked(Exception):
    """Raised for too many attempts. ``seconds`` is the time until the next one is checked."""

    def __init__(self, seconds: int):
        self.seconds = seconds
        super().__init__(f"Too many attempts; wait {seconds} seconds.")


@dataclass(frozen=True)
class Limit:
    """The number of failed attempts allowed within a time, counted by account, by IP address, or by both."""

    most: int
    within: timedelta
    account: bool
    address: bool
    site: bool = False  # count by the client's IPv6 network of 48 bits; skipped for other addresses

    def key(self, account: str, address: str, site: str = "") -> str:
        """Return the checksum under which attempts are counted for this limit."""
        source = site if self.site else address
        counted_account = account if self.account else ""
        counted_source = source if self.address else ""
        parts = [counted_account, counted_source, str(self.most)]
        return salted_hmac(KEY_SALT, "\0".join(parts), algorithm="sha256").hexdigest()


QUARTER_HOUR = timedelta(minutes=15)
HOUR = timedelta(hours=1)
LIMITS = (
    Limit(5, QUARTER_HOUR, account=True, address=True),
    Limit(50, QUARTER_HOUR, account=False, address=True),  # all staff of a council may share one address
    # An IPv6 customer with a network of 48 bits can use 65,536 networks of 64 bits.
    Limit(10, QUARTER_HOUR, account=True, address=True, site=True),
    Limit(100, QUARTER_HOUR, account=False, address=True, site=True),
)
# A code is asked for only after the correct password. Whoever guesses codes knows it, so the account may be locked.
CODE_LIMITS = (*LIMITS, Limit(20, HOUR, account=True, address=False))


@dataclass
class LoginAttempt:
    """An attempt under way. The caller sets ``succeeded``."""

    succeeded: bool = False


@contextmanager
def throttle_login(request: HttpRequest, account: str, limits: tuple[Limit, ...] = LIMITS) -> Iterator[LoginAttempt]:
    """Count one attempt to sign in to an account, named by its user name. Raises ``Locked``."""
    address = address_of(request)
    site = site_of(request)
    now = timezone.now()
    name = account.strip().casefold()
    limit_by_key = {limit.key(name, address, site): limit for limit in limits if site or not limit.site}
    _delete_old_attempts(now)
    rows = Attempt.objects.bulk_create([Attempt(key=key, at=now) for key in limit_by_key])
    attempt = LoginAttempt()
    try:
        for key, limit in limit_by_key.items():
            _check_limit(key, limit, now)
        yield attempt
    except Locked:
        attempt.succeeded = True  # an attempt that was not checked does not extend the wait
        raise
    finally:
        if attempt.succeeded:
            Attempt.objects.filter(pk__in=[row.pk for row in rows]).delete()
        else:
            logger.warning("A wrong password or code from %s", address)


def throttle_download(account: str, kind: str, most: int) -> None:
    """Count one costly answer of a kind, such as "papers", given to a signed-in user. Raises ``Locked``."""
    limit = Limit(most, QUARTER_HOUR, account=True, address=True)
    now = timezone.now()
    key = limit.key(account, kind)
    _delete_old_attempts(now)
    row = Attempt.objects.create(key=key, at=now)
    try:
        _check_limit(key, limit, now)
    except Locked:
        row.delete()  # a request that was refused does not extend the wait
        raise


def _delete_old_attempts(now: datetime) -> None:
    Attempt.objects.filter(at__lt=now - HOUR).delete()


def _check_limit(key: str, limit: Limit, now: datetime) -> None:
    """Raise ``Locked`` when the latest attempt is above the limit."""
    within = Attempt.objects.filter(key=key, at__gt=now - limit.within)
    times = list(within.order_by("at", "pk").values_list("at", flat=True))
    if len(times) > limit.most:
        logger.warning("Locked after %s attempts", limit.most)
        opens_at = times[len(times) - limit.most - 1] + limit.within
        raise Locked(max(1, ceil((opens_at - now).total_seconds())))
