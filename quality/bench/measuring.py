"""Measure a figure: processor time, by turns within one run, the middle of several rounds.

Goals are ratios of two kinds of work done by turns, so that whatever else the machine does meets both. On PostgreSQL
the time that its session takes is counted in; otherwise work would seem free as soon as the database does it.
"""

from pathlib import Path
from statistics import median
from time import process_time

from django.db import connection
from django.test.utils import CaptureQueriesContext

NANOSECONDS = 1_000_000_000


def processor():
    """Seconds of processor time that this process has taken, and the database's session on its behalf."""
    return process_time() + _session_time()


def _session_time():
    if connection.vendor != "postgresql" or connection.connection is None:
        return 0
    number = connection.connection.info.backend_pid
    return int(Path(f"/proc/{number}/schedstat").read_text().split()[0]) / NANOSECONDS


def in_turn(works, rounds, before=None):
    """Seconds of each kind of work in each round, one kind after the other; the first round only warms up."""
    taken = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            if before is not None:
                before(name)
            start = processor()
            work()
            if number:
                taken[name].append(processor() - start)
    return taken


def ratio(times, one, other):
    """The middle of what one took beside the other in each round."""
    return median(mine / theirs for mine, theirs in zip(times[one], times[other], strict=True))


def said(times):
    """Return each kind's middle time in milliseconds, for people."""
    return "milliseconds: " + ", ".join(f"{name} {median(taken) * 1000:.2f}" for name, taken in times.items())


def queries_of(work):
    """Return the number of queries of a piece of work: the fewer of two runs, as a session is sometimes kept longer."""
    return min(_queries_of(work) for _ in range(2))


def _queries_of(work):
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)
