"""F1–F3 and F5: workers, the whole portal and the database end without warning while people write and read."""

import random
import threading
import time

from quality.faults.portal import Portal
from quality.faults.visitors import NoAnswer, Visitor, visitors

NEW = "/comparators/new/"
READERS = ("officer.occ", "member.cdc", "clerk.occ", "auditor")
PUBLIC = "/published/"


class Writers:
    """People who enter examples elsewhere, one after another, and note which ones they were told were saved."""

    def __init__(self, portal: Portal, prefix: str, usernames=("officer.occ", "officer.cdc") * 2):
        self.portal = portal
        self.prefix = prefix
        self.going = True
        self.told = []
        self.sent = 0
        self.tracebacks = 0
        self.statuses = {}
        self.under_way = set()
        self.caught = 0
        people = visitors(portal, usernames)
        self.threads = [threading.Thread(target=self.work, args=each) for each in enumerate(people)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.going = False
        for thread in self.threads:
            thread.join()

    def work(self, thread: int, visitor: Visitor) -> None:
        """Enter one after another until told to stop."""
        number = 0
        while self.going:
            number += 1
            name = f"{self.prefix} {thread}-{number}"
            try:
                form = visitor.form(NEW)
                self.sent += 1
                self.under_way.add(thread)
                answer = visitor.post(NEW, form | self.portal.entry(name))
            except NoAnswer:
                time.sleep(0.05)
                continue
            finally:
                self.under_way.discard(thread)
            self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
            self.tracebacks += answer.has_traceback
            if answer.status == 302:
                self.told.append(name)

    def until_at_work(self, chance: random.Random, longest: float = 30) -> None:
        """Wait until somebody was told anew that something was saved, then until a write is under way, and a moment.

        Without it most kills would meet workers that only just start and have nothing to lose.
        """
        before = len(self.told)
        began = time.monotonic()
        while len(self.told) == before and time.monotonic() - began < longest:
            time.sleep(0.005)
        while not self.under_way and time.monotonic() - began < longest:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.06))
        self.caught += bool(self.under_way)


def outcome(portal: Portal, writers: Writers, **more) -> dict:
    """Return what became of what people were told was saved."""
    kept = {name: (version, history) for name, _, version, history in portal.ask("kept", writers.prefix)}
    return {
        "sent": writers.sent,
        "told_saved": len(writers.told),
        "killed_while_writing": writers.caught,
        "acknowledged_lost": sorted(set(writers.told) - set(kept)),
        "without_history": sorted(name for name, (version, history) in kept.items() if version != history),
        "integrity_errors": portal.ask("integrity_errors"),
        "tracebacks": writers.tracebacks,
        "statuses": writers.statuses,
        **more,
    }


def kill_workers(portal: Portal, rounds: int, chance: random.Random) -> dict:
    """F1: a worker ends in the middle of whatever it does, again and again."""
    with Writers(portal, "Worker killed") as writers:
        for _ in range(rounds):
            writers.until_at_work(chance)
            portal.kill_worker(chance)
        portal.wait_for_answer(time.monotonic())
    return outcome(portal, writers, rounds=rounds)


def kill_portal(portal: Portal, rounds: int, chance: random.Random) -> dict:
    """F2: the master and all workers end at once, and are started again."""
    starts = []
    with Writers(portal, "Portal killed") as writers:
        for _ in range(rounds):
            writers.until_at_work(chance)
            portal.kill_all()
            starts.append(round(portal.start(), 2))
    return outcome(portal, writers, rounds=rounds, longest_start=max(starts))


def kill_database(portal: Portal, rounds: int, chance: random.Random) -> dict:
    """F3: PostgreSQL and all its processes end, and start again; the portal goes on by itself."""
    if not portal.server:
        return {"rounds": 0, "left_out": "SQLite has no server; F1 and F2 end the processes that write its file."}
    back = []
    with Writers(portal, "Database killed") as writers:
        for _ in range(rounds):
            writers.until_at_work(chance)
            portal.kill_database()
            portal.start_database()
            back.append(round(portal.wait_for_answer(time.monotonic()), 2))
    return outcome(portal, writers, rounds=rounds, longest_until_back=max(back))


class Readers(Writers):
    """People who open pages, and note how long each took to come and what it said."""

    pages = ("/", "/joint-posts/", "/savings/", PUBLIC)

    def __init__(self, portal: Portal, usernames):
        super().__init__(portal, "Reads", usernames)
        self.longest = 0.0
        self.without_retry_after = 0
        self.broken = 0

    def work(self, thread: int, visitor: Visitor) -> None:
        """Open one page after another."""
        number = thread
        while self.going:
            number += 1
            began = time.monotonic()
            try:
                answer = visitor.get(self.pages[number % len(self.pages)])
            except NoAnswer:
                self.broken += 1
                continue
            self.longest = max(self.longest, time.monotonic() - began)
            self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
            self.tracebacks += answer.has_traceback
            self.without_retry_after += answer.status == 503 and "retry-after" not in answer.headers


def database_away(portal: Portal, seconds: int, people: int) -> dict:
    """F5: the database is away under load. Every page says so, in time; afterwards the portal goes on by itself."""
    if not portal.server:
        return {"seconds": 0, "left_out": "SQLite has no server that could be away."}
    readers = Readers(portal, [READERS[number % len(READERS)] for number in range(people)])
    with readers:
        time.sleep(2)
        before = dict(readers.statuses)
        portal.kill_database()
        readers.statuses.clear()
        time.sleep(seconds)
        during = dict(readers.statuses)
        portal.start_database()
        back = portal.wait_for_answer(time.monotonic())
        readers.statuses.clear()
        time.sleep(2)
        after = dict(readers.statuses)
    return {
        "seconds": seconds,
        "people": people,
        "before": before,
        "during": during,
        "after": after,
        "without_retry_after": readers.without_retry_after,
        "longest_answer": round(readers.longest, 2),
        "no_answer": readers.broken,
        "tracebacks": readers.tracebacks,
        "back_after": round(back, 2),
    }
