"""How often a password or a code may be tried, and what costs much may be asked for.

It is counted in the database, so over all web servers together.

A try is written down before it is looked at, so that a hundred at once are not all the fifth. One that succeeds is
struck out again. Nothing is counted by the account alone before the password was right: otherwise anybody could shut a
colleague out by typing their name and nonsense.
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
    """Too many tries. ``seconds`` says after how long the next one is looked at."""

    def __init__(self, seconds: int):
        self.seconds = seconds
        super().__init__(f"Too many tries; wait {seconds} seconds.")


@dataclass(frozen=True)
class Limit:
    """So many wrong tries within so long, counted by the account, by where they come from, or by both."""

    most: int
    within: timedelta
    account: bool
    address: bool
    site: bool = False  # the larger network that an IPv6 address is part of; other addresses are not counted by it

    def key(self, account: str, address: str, site: str = "") -> str:
        """Return what these tries are counted under."""
        place = site if self.site else address
        counted = (account if self.account else "", place if self.address else "", str(self.most))
        return salted_hmac(KEY_SALT, "\0".join(counted), algorithm="sha256").hexdigest()


QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
LIMITS = (
    Limit(5, QUARTER, account=True, address=True),
    Limit(50, QUARTER, account=False, address=True),  # a whole town hall may come from one address
    # Whoever is given an IPv6 network of 48 bits may come from 65,536 networks of 64 bits.
    Limit(10, QUARTER, account=True, address=True, site=True),
    Limit(100, QUARTER, account=False, address=True, site=True),
)
# Whoever is asked for a code has the password already: if that is not its owner, the account had better be shut.
CODE_LIMITS = (*LIMITS, Limit(20, HOUR, account=True, address=False))


@dataclass
class LoginAttempt:
    """One try under way; ``succeeded`` is set when it succeeded."""

    succeeded: bool = False


@contextmanager
def throttle_login(request: HttpRequest, account: str, limits: tuple[Limit, ...] = LIMITS) -> Iterator[LoginAttempt]:
    """Count one try at an account (its user name) from the request's address. Raises ``Locked``."""
    address = address_of(request)
    site = site_of(request)
    now = timezone.now()
    counted = [limit for limit in limits if site or not limit.site]
    keys = {limit.key(account.strip().casefold(), address, site): limit for limit in counted}
    Attempt.objects.filter(at__lt=now - HOUR).delete()
    written = Attempt.objects.bulk_create([Attempt(key=key, at=now) for key in keys])
    attempt = LoginAttempt()
    try:
        for key, limit in keys.items():
            _check(key, limit, now)
        yield attempt
    except Locked:
        attempt.succeeded = True  # a try that nobody looked at does not make the wait longer
        raise
    finally:
        if attempt.succeeded:
            Attempt.objects.filter(pk__in=[row.pk for row in written]).delete()
        else:
            logger.warning("A wrong password or code from %s", address)


def throttle_download(account: str, of: str, most: int) -> None:
    """Count one answer that costs much (`of` a kind), given to somebody signed in. Raises ``Locked``."""
    limit, now = Limit(most, QUARTER, account=True, address=True), timezone.now()
    key = limit.key(account, of)
    Attempt.objects.filter(at__lt=now - HOUR).delete()
    written = Attempt.objects.create(key=key, at=now)
    try:
        _check(key, limit, now)
    except Locked:
        written.delete()  # who asks too early does not wait longer for it
        raise


def _check(key: str, limit: Limit, now: datetime) -> None:
    """Whether the last try written is one too many."""
    within = Attempt.objects.filter(key=key, at__gt=now - limit.within)
    tries = list(within.order_by("at", "pk").values_list("at", flat=True))
    if len(tries) > limit.most:
        logger.warning("Locked after %s tries", limit.most)
        opens = tries[len(tries) - limit.most - 1] + limit.within
        raise Locked(max(1, ceil((opens - now).total_seconds())))
