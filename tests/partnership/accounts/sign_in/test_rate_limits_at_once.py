"""Many attempts to sign in at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from tests.factories import make_user
from tests.sign_in import send, with_password

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_engines]


def test_sign_in_thirty_concurrent_attempts_check_at_most_five(quick_hashing):
    """A try is written down before it is looked at, so no more than five are, however they come together."""
    with_password(make_user(username="officer"))
    together = threading.Barrier(30)

    def attempt(_):
        together.wait()
        try:
            return send(Client(), password="wrong").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(30) as pool:
        found = list(pool.map(attempt, range(30)))
    assert set(found) <= {200, 429}
    assert found.count(200) <= 5
