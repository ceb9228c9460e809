"""Two people write and a third reads, over and over: no total is stale, and none is half of one change."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event

import pytest
from django.db import connection
from django.test import Client

from joint_posts.models import SavingLine
from partnership.records import recording
from tests.factories import make_council, make_line, make_membership, make_partnership, make_saving

TOGETHER = Decimal(1_000_000)  # what each pair of lines comes to, before and after every change
ROUNDS = 25


@pytest.mark.django_db(transaction=True)
def test_two_writers_and_a_reader():
    councils = [make_council(), make_council()]
    partnership = make_partnership(councils=councils)
    writers = [make_membership(council=council).user for council in councils]
    pairs = []
    for _ in writers:
        saving = make_saving(partnership=partnership)
        halves = [make_line(saving=saving, council=council, estimated=TOGETHER / 2) for council in councils]
        pairs.append([line.pk for line in halves])
    reader = Client()
    reader.force_login(writers[0])
    over = Event()

    with ThreadPoolExecutor(3) as people:
        writing = [people.submit(move, pair, by) for pair, by in zip(pairs, writers, strict=True)]
        reading = people.submit(totals, reader, over)
        written = [each.result() for each in writing]
        over.set()
        seen = reading.result()
    assert written == [ROUNDS, ROUNDS]
    assert len(seen) > 3
    assert set(seen) == {"£2,000,000 estimated for 2019/20, both councils"}, "a half-changed total was shown"
    last = {line.pk: line.estimated for line in SavingLine.objects.all()}
    shown = reader.get("/").context["board"].grids["savings"].rows
    for row, council in zip(shown, councils, strict=False):
        own = sum(last[line.pk] for line in SavingLine.objects.filter(council=council))
        assert row["cells"][2]["text"] == f"£{own:,.0f}", "a stale figure was shown"


def move(pair, by):
    """Moves money from one line to the other, both in one recording, again and again."""
    try:
        for number in range(ROUNDS):
            with recording(by=by, reason="Moved"):
                # The second half follows the first with other work in between, as in a real form.
                for pk, sign in zip(pair, (1, -1), strict=True):
                    line = SavingLine.objects.select_for_update().get(pk=pk)
                    line.estimated = TOGETHER / 2 + sign * (number + 1) * 1_000
                    line.put_on_record()
    finally:
        connection.close()
    return number + 1


def totals(reader, over):
    """What the board says of all councils together, as often as it can be asked while the others write."""
    seen = []
    try:
        while not over.is_set() or not seen:
            headline = reader.get("/").context["board"].headlines[0]
            seen.append("".join(piece.text for piece in headline.pieces))
    finally:
        connection.close()
    return seen
