"""A form that many browsers send at the same moment enters its record once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from partnership.models import Comparator
from tests.factories import make_council, make_membership, make_partnership

AT_ONCE = 12


@pytest.mark.django_db(transaction=True)
def test_sent_at_the_same_moment_by_many_it_enters_one_record():
    council = make_council()
    partnership = make_partnership(councils=[council, make_council()])
    person = make_membership(council=council, role="officer").user
    facts = {"name": "Elsewhere", "currency": "GBP", "source": "A paper", "partnership": partnership.pk}

    def signed_in():
        client = Client()
        client.force_login(person)
        return client

    def send(client):
        try:
            return client.post("/comparators/new/", facts | {"submission": "t" * 43})["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        places = set(crowd.map(send, [signed_in() for _ in range(AT_ONCE)]))
    assert places == {f"/comparators/{Comparator.objects.get().pk}/"}
