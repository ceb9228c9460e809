"""Several reads as of one instant, without a lock: what is committed meanwhile is not seen by any of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

BEGIN = {"postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "sqlite": "BEGIN DEFERRED"}


@contextmanager
def repeatable_read() -> Iterator[None]:
    """Everything read inside is of one instant. For reading only; inside a transaction it is that transaction's.

    Not ``atomic()``: on SQLite that takes the write lock (settings, IMMEDIATE), and a page that reads would queue
    behind every writer.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
