"""Row 10: what stood on a past day, as the history of everybody's registers grows.

The history grows between two measurements, so each is taken beside a page that no register has a part in.
"""

import pytest
from django.db import connection
from django.test import Client

from joint_posts.models import JointPost, PostStep
from quality.bench.measuring import in_turn, ratio, said
from quality.bench.posts import Remembered, settle

OURS = 50  # posts in the list being viewed
OTHERS = 450  # posts of other partnerships
TIMES = 2  # saves of each post
STEP = 1_000_000  # between the numbers of a row and of its copies
ROUNDS = 15
FEW_ROUNDS = 3
DAY = "2020-06-30"
PLAIN = "/accessibility/"


@pytest.mark.django_db(transaction=True)
def test_a_page_as_at(request, reached, tell):
    posts = Remembered(OURS)
    others = Remembered(OTHERS)
    found = {1_000: measured(posts, tell)}
    sizes = [100_000]
    if request.config.getoption("million"):
        sizes.append(1_000_000)
    for size in sizes:
        grow(others, (size - (OURS + OTHERS) * TIMES) // (OTHERS * TIMES))
        found[size] = measured(posts, tell)
    ratios = {}
    for size in sizes:
        for page in ("a record", "a list of fifty"):
            ratio = found[size][page] / found[1_000][page]
            ratios[f"as at: {page}, {size:,} rows of history to 1,000"] = ratio
    reached(ratios)


def measured(posts, tell):
    """Return what each page takes beside a plain one."""
    stranger = Client()
    number = posts.rows()[0].pk
    works = {
        "a record": lambda: posts.get(f"/joint-posts/{number}/?as_at={DAY}"),
        "a list of fifty": lambda: posts.get(f"/joint-posts/?as_at={DAY}"),
        "plain": lambda: stranger.get(PLAIN),
    }
    times = in_turn(works, ROUNDS)
    tell(f"{JointPost.history.count():,} rows of history, {said(times)}")
    return {page: ratio(times, page, "plain") for page in works}


def grow(others, copies):
    """So many copies of the others' posts and steps, and of their history."""
    copy(JointPost, copies, "id", where="partnership_id = %s", of=others.partnership.pk)
    copy(JointPost.history.model, copies, "id", where="partnership_id = %s", of=others.partnership.pk)
    theirs = "post_id IN (SELECT id FROM joint_posts_jointpost WHERE partnership_id = %s AND id < 1000000)"
    copy(PostStep, copies, "id", "post_id", where=theirs, of=others.partnership.pk)
    copy(PostStep.history.model, copies, "id", "post_id", where=theirs, of=others.partnership.pk)
    settle()


def copy(model, copies, *numbers, where, of):
    """Copies of rows of a table by the database itself, their numbers further on."""
    columns = [field.column for field in model._meta.concrete_fields if field.name != "history_id"]
    taken = ", ".join(f"{column} + n * {STEP}" if column in numbers else column for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {table}")
        first = 1 + cursor.fetchone()[0] // STEP
        cursor.execute(
            f"WITH RECURSIVE copies(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM copies WHERE n < {copies})"
            f" INSERT INTO {table} ({', '.join(columns)}) SELECT {taken} FROM {table}, copies"
            f" WHERE {where} AND id < {STEP}",
            [of],
        )


@pytest.mark.django_db(transaction=True)
def test_a_whole_register_as_at(reached, tell):
    small = Remembered(1_000)
    large = Remembered(10_000)
    address = f"/joint-posts/?as_at={DAY}"
    times = in_turn({"1,000": lambda: small.get(address), "10,000": lambda: large.get(address)}, FEW_ROUNDS)
    tell(said(times))
    reached({"as at: first page of a register of 10,000 to that of one of 1,000": ratio(times, "10,000", "1,000")})
