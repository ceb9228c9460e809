"""Two people write and a third reads, over and over: no total is stale, and none is half of one change."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Event

import pytest
from django.db import connection
from django.test import Client

from joint_posts.models import SavingLine, SavingsTarget
from partnership.records.record import recording
from tests.factories import keep, make_council, make_line, make_membership, make_partnership, make_saving

pytestmark = pytest.mark.both_engines

ROUNDS = 40


@pytest.mark.django_db(transaction=True)
def test_two_writers_and_a_reader():
    councils = [make_council(), make_council()]
    partnership = make_partnership(councils=councils)
    writers = [make_membership(council=council).user for council in councils]
    saving = make_saving(partnership=partnership)
    pairs = []
    for council in councils:
        line = make_line(saving=saving, council=council, estimated=Decimal(1_000))
        target = SavingsTarget(partnership=partnership, council=council, financial_year="2019/20", source="Budget")
        target.amount = Decimal(1_000)
        target.set_on = date(2019, 2, 1)
        pairs.append((line.pk, keep(target).pk))
    reader = Client()
    reader.force_login(writers[0])
    assert shown(reader) == ("£2,000",) * 2  # the first page of a session writes down when it was, and would queue
    over = Event()

    with ThreadPoolExecutor(3) as people:
        writing = [people.submit(write, pair, by) for pair, by in zip(pairs, writers, strict=True)]
        reading = people.submit(look, reader, over)
        written = [each.result() for each in writing]
        over.set()
        seen = reading.result()
    assert written == [ROUNDS, ROUNDS]
    assert len(seen) > 5
    halves = [(target, estimated) for target, estimated in seen if target != estimated]
    assert halves == [], "a half-changed board was shown"
    assert shown(reader) == (f"£{2 * (1_000 + ROUNDS):,}",) * 2, "a stale board was shown"


def write(pair, by):
    """Sets a council's line and its target to the same sum, both in one recording, again and again."""
    line_pk, target_pk = pair
    try:
        for number in range(1, ROUNDS + 1):
            with recording(by=by, reason="Both at once"):
                line = SavingLine.objects.get(pk=line_pk)
                line.estimated = Decimal(1_000 + number)
                line.full_clean_and_save()
                target = SavingsTarget.objects.get(pk=target_pk)
                target.amount = Decimal(1_000 + number)
                target.full_clean_and_save()
        return ROUNDS
    finally:
        connection.close()


def shown(reader):
    """The target and the estimate of all councils together, which are the same in every state there ever is."""
    joint = reader.get("/").context["board"].grids["savings"].rows[-1]["cells"]
    return joint[1]["text"], joint[2]["text"]


def look(reader, over):
    """Return what the board says, as often as it can be asked while the others write."""
    seen = []
    try:
        while not over.is_set() or not seen:
            seen.append(shown(reader))
    finally:
        connection.close()
    return seen
