"""Limits on attempts to sign in: they stop guessing and lock nobody else out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from partnership.accounts.sign_in.rate_limits import CODE_LIMITS, LIMITS, Limit
from partnership.models import Attempt
from tests.codes import code_of
from tests.sign_in import enrolled, send, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashing"), pytest.mark.both_engines]


@pytest.fixture
def officer(filled):
    return with_password(filled.people["officer"])


def test_sign_in_after_five_wrong_passwords_is_locked_15_minutes(officer):
    client = Client()
    found = [send(client, password="wrong").status_code for _ in range(7)]
    assert found == [200] * 5 + [429] * 2
    shut = send(client)  # even with the right one
    assert shut.status_code == 429
    assert 14 * 60 < int(shut.headers["Retry-After"]) <= 15 * 60
    assert "nothing you enter will be looked at for 15 minutes" in shut.content.decode()
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert send(client).status_code == 302


def test_sign_in_from_another_address_is_not_locked(officer):
    for _ in range(8):
        send(Client(), password="wrong", address="198.51.100.7")
    assert send(Client(), address="192.0.2.1").status_code == 302


def test_sign_in_many_accounts_from_one_address_are_locked(officer):
    found = [send(Client(), username=f"name{n}", password="x", address="198.51.100.7").status_code for n in range(52)]
    assert found == [200] * 50 + [429] * 2
    assert send(Client(), address="198.51.100.7").status_code == 429
    assert send(Client(), address="198.51.100.8").status_code == 302


def test_sign_in_from_many_networks_of_an_ipv6_site_is_locked(officer):
    """One customer has 65,536 networks of 64 bits; tries at one account from all of them are counted together."""
    found = [send(Client(), password="wrong", address=f"2001:db8:1:{n:x}::1").status_code for n in range(16)]
    assert found == [200] * 10 + [429] * 6
    assert send(Client(), address="2001:db8:1:ff::1").status_code == 429
    assert send(Client(), address="2001:db8:2::1").status_code == 302


def test_sign_in_many_accounts_from_one_ipv6_site_are_locked(officer):
    found = [
        send(Client(), username=f"name{n}", password="x", address=f"2001:db8:1:{n:x}::1").status_code
        for n in range(102)
    ]
    assert found == [200] * 100 + [429] * 2


def test_sign_in_from_one_ipv6_network_is_locked_after_five_attempts(officer):
    found = [send(Client(), password="wrong", address=f"2001:db8:1:2::{n:x}").status_code for n in range(7)]
    assert found == [200] * 5 + [429] * 2
    assert send(Client(), address="2001:db8:1:3::1").status_code == 302


def test_sign_in_with_a_forged_address_header_is_locked(officer, settings):
    client = Client()
    forged = [send(client, password="wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}").status_code for n in range(1, 101)]
    assert forged == [200] * 5 + [429] * 95
    settings.TRUSTED_PROXIES = 1  # the last one is written by our own proxy
    Attempt.objects.all().delete()
    behind = [
        send(client, password="wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 192.0.2.9").status_code
        for n in range(1, 21)
    ]
    assert behind == [200] * 5 + [429] * 15
    assert send(client, HTTP_X_FORWARDED_FOR="192.0.2.10").status_code == 302


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "nonsense", True),
    ],
)
def test_address_of_groups_addresses_of_one_client(rf, one, other, same):
    from partnership.accounts.sign_in.addresses import address_of

    found = {address_of(rf.get("/", REMOTE_ADDR=address)) for address in (one, other)}
    assert (len(found) == 1) is same


def test_codes_from_many_addresses_are_locked_by_account(officer):
    """Whoever is asked for a code has the password, so the account itself may be shut."""
    secret = enrolled(Client(), officer)
    tried = []
    for n in range(22):
        client = Client()
        send(client, address=f"198.51.100.{n}")
        at = {"REMOTE_ADDR": f"198.51.100.{n}"}
        tried.append(client.post("/sign-in/second-step/", {"code": "000000"}, **at).status_code)
    assert tried == [200] * 20 + [429] * 2
    client = Client()
    send(client)
    assert client.post("/sign-in/second-step/", {"code": code_of(secret, ahead=1)}).status_code == 429


def test_sign_in_with_the_right_password_is_not_counted(officer):
    for _ in range(8):
        assert send(Client()).status_code == 302
    assert Attempt.objects.count() == 0


def test_limits_before_the_password_never_count_by_account_alone():
    assert [limit for limit in LIMITS if not limit.address] == []
    assert [limit for limit in CODE_LIMITS if not limit.address] == [
        Limit(20, timedelta(hours=1), account=True, address=False)
    ]


def test_attempts_hold_neither_name_nor_address(officer):
    send(Client(), password="wrong")
    assert {len(attempt.key) for attempt in Attempt.objects.all()} == {64}
    assert "officer" not in "".join(attempt.key for attempt in Attempt.objects.all())
